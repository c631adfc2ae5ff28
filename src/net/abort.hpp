// Abort: lets an owner end an operation that is under way, e.g. a connection attempt when nobody wants the connection any more.
#pragma once

#include <functional>
#include <utility>

namespace dmss::net {

/// Of one thread; shared by the owner and the operation.
class Abort {
 public:
  void abort() {
    aborted_ = true;
    if (auto hook = std::exchange(hook_, nullptr)) hook();
  }
  bool aborted() const noexcept { return aborted_; }
  /// What ends the present operation; nullptr when it is over.
  void set(std::function<void()> hook) { hook_ = std::move(hook); }

 private:
  bool aborted_ = false;
  std::function<void()> hook_;
};

}  // namespace dmss::net

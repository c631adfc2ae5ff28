// Wait<T>: one answer that a coroutine waits for and a reader delivers, with a deadline.
#pragma once

#include <memory>
#include <optional>

#include "session/context.hpp"

namespace dmss::session {

template <class T>
class Wait {
 public:
  explicit Wait(const Context& context) : timer_(context.executor, context.clock) {}

  /// The first result counts.
  void finish(Result<T> result) {
    if (result_) return;
    result_.emplace(std::move(result));
    timer_.cancel();
  }
  bool finished() const { return result_.has_value(); }

  static awaitable<Result<T>> get(std::shared_ptr<Wait> wait, Duration timeout) {
    wait->timer_.expires_after(timeout);
    if (!wait->result_) co_await wait->timer_.wait();
    if (!wait->result_) wait->result_.emplace(Errc::timeout);
    co_return std::move(*wait->result_);
  }

 private:
  net::Timer timer_;
  std::optional<Result<T>> result_;
};

}  // namespace dmss::session

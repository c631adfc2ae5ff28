// Operation: a handle on something asynchronous that was started.
#pragma once

#include <memory>

namespace dmss {

/// Copyable; dropping it does not cancel. The operation's handler is called exactly once: with the result, with the error, or
/// with Errc::cancelled.
class Operation {
 public:
  struct Impl;
  Operation() = default;
  explicit Operation(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

  /// Any thread, any number of times, also inside a callback; nothing happens when it has completed.
  void cancel();

 private:
  std::shared_ptr<Impl> impl_;
};

}  // namespace dmss

// Turns: a counted right to go on, first come first served, each with its own deadline.
#pragma once

#include <deque>
#include <memory>

#include "session/control/wait.hpp"

namespace dmss::session {

class Turns {
 public:
  Turns(const Context& context, int limit) : context_(context), limit_(limit) {}

  /// Errors: timeout, overflow (too many wait), close()'s. `above`: may go on although that many more than the limit
  /// are at it, and before those who wait without it. What holds this object must live until the end.
  awaitable<Result<void>> take(net::TimePoint deadline, int above = 0) {
    if (closed_) co_return *closed_;
    if (taken_ < limit_ + above && (above > 0 || waiting_.empty())) {
      ++taken_;
      co_return Result<void>();
    }
    if (above == 0 && waiting_.size() >= kMaxWaiting) co_return Errc::overflow;
    auto place = std::make_shared<Place>(context_, above);
    if (above > 0)
      waiting_.push_front(place);
    else
      waiting_.push_back(place);
    std::shared_ptr<Wait<bool>> called(place, &place->called);
    Result<bool> turn = co_await Wait<bool>::get(called, deadline - context_.clock.now());
    if (turn) co_return Result<void>();
    std::erase(waiting_, place);
    co_return turn.error();
  }

  void give_back() {
    --taken_;
    call();
  }
  void limit(int n) {
    limit_ = n;
    call();
  }
  int limit() const { return limit_; }
  int taken() const { return taken_; }
  /// Those who wait and those who come get `why`.
  void close(Error why = Errc::cancelled) {
    closed_ = std::move(why);
    for (const auto& place : waiting_) place->called.finish(*closed_);
    waiting_.clear();
  }

 private:
  static constexpr std::size_t kMaxWaiting = 256;
  struct Place {
    Place(const Context& context, int more) : above(more), called(context) {}
    const int above;
    Wait<bool> called;
  };

  void call() {
    while (!waiting_.empty() && taken_ < limit_ + waiting_.front()->above) {
      // One whose time ran out at this very moment takes no turn.
      if (!waiting_.front()->called.finished()) {
        ++taken_;
        waiting_.front()->called.finish(true);
      }
      waiting_.pop_front();
    }
  }

  const Context context_;
  int limit_;
  int taken_ = 0;
  std::optional<Error> closed_;
  std::deque<std::shared_ptr<Place>> waiting_;
};

}  // namespace dmss::session

#include "net/clock.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace dmss::net {

void Clock::arm(Timer& timer) {
  timer.timer_.expires_at(timer.at_);
}

Timer::Timer(Executor executor, Clock& clock) : clock_(clock), timer_(std::move(executor)) {}

Timer::~Timer() {
  clock_.disarm(*this);
}

void Timer::expires_at(TimePoint at) {
  clock_.disarm(*this);
  at_ = at;
  fired_.reset();
  clock_.arm(*this);
}

awaitable<bool> Timer::wait() {
  // The timer may be gone when the wait ends; what it knew is not.
  const std::shared_ptr<bool> fired = fired_;
  auto [error] = co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
  co_return !error || (fired && *fired);
}

void Timer::async_wait(std::function<void(bool)> handler) {
  timer_.async_wait(
      [fired = fired_, h = std::move(handler)](boost::system::error_code e) { h(!e || (fired && *fired)); });
}

void Timer::cancel() {
  clock_.disarm(*this);
  timer_.cancel();
}

awaitable<bool> sleep_for(Clock& clock, Duration d) {
  auto executor = co_await asio::this_coro::executor;
  Timer timer(executor, clock);
  timer.expires_after(d);
  co_return co_await timer.wait();
}

}  // namespace dmss::net

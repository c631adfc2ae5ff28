// Signal: wakes coroutines of one thread that wait for a change of state. A wait that starts after notify() waits for the next one,
// so waiters loop on their condition.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "net/asio.hpp"

namespace dmss::session {

class Signal {
 public:
  explicit Signal(net::Executor executor)
      : timer_(std::move(executor), net::asio::steady_timer::time_point::max()) {}

  net::awaitable<void> wait() { co_await timer_.async_wait(net::asio::as_tuple(net::asio::use_awaitable)); }
  void notify() { timer_.cancel(); }
  net::Executor executor() { return timer_.get_executor(); }

 private:
  net::asio::steady_timer timer_;
};

}  // namespace dmss::session

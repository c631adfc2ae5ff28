// Starts a coroutine whose end nobody waits for.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <exception>

#include "base/log.hpp"
#include "net/asio.hpp"

namespace dmss::session {

inline void spawn(const net::Executor& executor, net::awaitable<void> coroutine, Logger log) {
  net::asio::co_spawn(executor, std::move(coroutine), [log = std::move(log)](std::exception_ptr failure) {
    if (!failure) return;
    try {
      std::rethrow_exception(failure);
    } catch (const std::exception& e) {
      log.error("a conversation ended with an exception: {}", e.what());
    }
  });
}

}  // namespace dmss::session

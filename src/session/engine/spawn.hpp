// Starts a coroutine whose end nobody waits for. It never runs inside spawn() itself: the caller can finish what it is doing first.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <exception>

#include "base/log.hpp"
#include "net/asio.hpp"

namespace dmss::session {

inline void spawn(const net::Executor& executor, net::awaitable<void> coroutine, Logger log) {
  auto ended = [log = std::move(log)](std::exception_ptr failure) {
    if (!failure) return;
    try {
      std::rethrow_exception(failure);
    } catch (const std::exception& e) {
      log.error("a conversation ended with an exception: {}", e.what());
    }
  };
  net::asio::post(executor, [executor, coroutine = std::move(coroutine), ended = std::move(ended)]() mutable {
    net::asio::co_spawn(executor, std::move(coroutine), std::move(ended));
  });
}

}  // namespace dmss::session

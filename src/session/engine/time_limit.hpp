// Ends a request that takes too long, whatever it waits for.
#pragma once

#include <memory>

#include "session/context.hpp"
#include "session/engine/completion.hpp"

namespace dmss::session {

/// Completes `done` with Errc::timeout unless the timer is cancelled before. Network thread.
template <class T>
std::shared_ptr<net::Timer> time_limit(const Context& context, Completion<T> done, Duration limit) {
  auto timer = std::make_shared<net::Timer>(context.executor, context.clock);
  timer->expires_after(limit);
  timer->async_wait([timer, done = std::move(done)](bool expired) {
    if (expired) done(Errc::timeout);
  });
  return timer;
}

}  // namespace dmss::session

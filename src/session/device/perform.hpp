// perform(): runs a conversation on a logged-in device for a public call, with a deadline and exactly one completion.
#pragma once

#include "session/device/commands.hpp"
#include "session/device/device_handle.hpp"
#include "session/engine/spawn.hpp"
#include "session/engine/time_limit.hpp"

namespace dmss::session {

/// A conversation: a coroutine over Commands. It holds its own state by value.
template <class T>
using Conversation = std::function<awaitable<Result<T>>(std::shared_ptr<Commands>)>;

template <class T>
awaitable<void> converse(std::shared_ptr<DeviceSession> session, Completion<T> done, Duration limit,
                         Conversation<T> conversation) {
  const net::TimePoint deadline = session->context().clock.now() + limit;
  auto timer = time_limit(session->context(), done, limit);
  Result<T> answer(Errc::cancelled);
  auto ended = [done] { return done.finished(); };
  Result<std::shared_ptr<Commands>> commands = co_await session->commands(deadline, std::move(ended));
  if (commands) {
    answer = co_await conversation(std::move(*commands));
  } else {
    answer = commands.error();
  }
  timer->cancel();
  done(std::move(answer));
}

/// `timeout` zero = three times the device's call timeout.
template <class T>
Operation perform(const DeviceHandle& device, std::function<void(Result<T>)> done,
                  std::chrono::milliseconds timeout, Conversation<T> conversation) {
  Completion<T> completion(device.session->core()->make_actor(), std::move(done));
  device.post([completion, timeout, c = std::move(conversation)](DeviceSession& s) mutable {
    const Duration limit = s.operation_limit(timeout);
    spawn(s.context().executor, converse<T>(s.shared_from_this(), completion, limit, std::move(c)),
          s.context().log);
  });
  return completion.operation();
}

}  // namespace dmss::session

// with_timeout: a deadline around one asynchronous operation.
#pragma once

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <memory>
#include <optional>

#include "dmss/result.hpp"
#include "net/abort.hpp"
#include "net/clock.hpp"

namespace dmss::net {
namespace detail {

template <class T>
struct Deadline {
  Deadline(Executor executor, Clock& clock) : timer(std::move(executor), clock) {}
  Timer timer;
  asio::cancellation_signal cancel;
  std::optional<Result<T>> result;
};

template <class T>
awaitable<void> finish(std::shared_ptr<Deadline<T>> deadline, awaitable<Result<T>> operation) {
  deadline->result.emplace(co_await std::move(operation));
  deadline->timer.cancel();
}

}  // namespace detail

/// The operation's result, or Errc::timeout when `limit` passes first (Errc::cancelled when this coroutine is cancelled or `abort`
/// strikes). The operation is then cancelled through Asio and ends by itself, so what it touches must outlive it.
template <class T>
awaitable<Result<T>> with_timeout(Clock& clock, Duration limit, awaitable<Result<T>> operation,
                                  std::shared_ptr<Abort> abort = nullptr) {
  if (abort && abort->aborted()) co_return Errc::cancelled;
  auto executor = co_await asio::this_coro::executor;
  auto deadline = std::make_shared<detail::Deadline<T>>(executor, clock);
  deadline->timer.expires_after(limit);
  auto finished = detail::finish<T>(deadline, std::move(operation));
  asio::co_spawn(executor, std::move(finished),
                 asio::bind_cancellation_slot(deadline->cancel.slot(), [deadline](std::exception_ptr) {}));
  bool expired = false;
  if (!deadline->result) {
    if (abort) abort->set([deadline] { deadline->timer.cancel(); });
    expired = co_await deadline->timer.wait();
    if (abort) abort->set(nullptr);
  }
  if (deadline->result) co_return std::move(*deadline->result);
  deadline->cancel.emit(asio::cancellation_type::all);
  if (expired) co_return Errc::timeout;
  co_return Errc::cancelled;
}

}  // namespace dmss::net

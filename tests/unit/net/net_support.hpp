// What the tests of the net floor share: running coroutines, and a Stream that plays a script.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <catch2/catch.hpp>
#include <deque>

#include "net/clock.hpp"
#include "net/stream.hpp"

namespace dmss::net::test {

inline constexpr auto kToken = asio::as_tuple(asio::use_awaitable);

/// A coroutine that was started and what became of it.
template <class T>
class Task {
 public:
  Task(asio::io_context& io, awaitable<T> operation) : io_(io), state_(std::make_shared<State>()) {
    asio::co_spawn(io, finish(state_, std::move(operation)),
                   asio::bind_cancellation_slot(state_->cancel.slot(),
                                                [s = state_](std::exception_ptr e) { s->failure = e; }));
  }
  bool done() const { return state_->value || state_->failure; }
  void cancel() { state_->cancel.emit(asio::cancellation_type::terminal); }
  /// Runs the io_context until the coroutine has ended.
  T take() {
    io_.restart();
    while (!done()) REQUIRE(io_.run_one_for(std::chrono::seconds(20)) == 1);
    if (state_->failure) std::rethrow_exception(state_->failure);
    return std::move(*state_->value);
  }

 private:
  struct State {
    asio::cancellation_signal cancel;
    std::exception_ptr failure;
    std::optional<T> value;
  };
  static awaitable<void> finish(std::shared_ptr<State> state, awaitable<T> operation) {
    state->value.emplace(co_await std::move(operation));
  }
  asio::io_context& io_;
  std::shared_ptr<State> state_;
};

template <class T>
T run(asio::io_context& io, awaitable<T> operation) {
  return Task<T>(io, std::move(operation)).take();
}

/// Runs what is ready.
inline void settle(asio::io_context& io) {
  io.restart();
  io.poll();
}
inline void advance(VirtualClock& clock, asio::io_context& io, Duration d) {
  clock.advance(d, [&] { settle(io); });
}

/// Gives the pieces one a read; then ends, or says nothing until it is closed.
class ScriptedStream final : public Stream {
 public:
  enum class End { lost, silent };
  ScriptedStream(asio::io_context& io, std::deque<std::string> pieces, End end = End::lost)
      : pieces_(std::move(pieces)), end_(end), silence_(io) {
    silence_.expires_at(TimePoint::max());
  }

  Executor executor() override { return silence_.get_executor(); }
  awaitable<Result<std::size_t>> read_some(std::span<std::uint8_t> into) override {
    if (!closed && pieces_.empty() && end_ == End::silent) co_await silence_.async_wait(kToken);
    if (closed) co_return Errc::cancelled;
    if (pieces_.empty()) co_return Errc::connection_lost;
    std::string& piece = pieces_.front();
    const std::size_t n = std::min(into.size(), piece.size());
    std::copy_n(piece.begin(), n, into.begin());
    piece.erase(0, n);
    if (piece.empty()) pieces_.pop_front();
    co_return n;
  }
  awaitable<Result<void>> write(ByteView data) override {
    if (closed) co_return Errc::cancelled;
    written += as_text(data);
    co_return Result<void>();
  }
  void close() override {
    closed = true;
    silence_.cancel();
  }
  const StreamInfo& info() const override { return info_; }
  /// Nothing of the script is left.
  bool played() const { return pieces_.empty(); }

  std::string written;
  bool closed = false;

 private:
  std::deque<std::string> pieces_;
  End end_;
  asio::steady_timer silence_;
  StreamInfo info_{"memory", "script", {}, {}, {}};
};

}  // namespace dmss::net::test

#include "net/timeout.hpp"

#include "net_support.hpp"

using namespace dmss;
using namespace dmss::net;
using namespace dmss::net::test;
using namespace std::chrono_literals;

namespace {

awaitable<Result<int>> immediately() {
  co_return 7;
}

/// Tells when it ends; `slept` says whether it was to the end.
awaitable<Result<int>> after(Clock& clock, Duration d, std::optional<bool>& slept) {
  slept = co_await sleep_for(clock, d);
  if (!*slept) co_return Errc::cancelled;
  co_return 8;
}

awaitable<Result<int>> failing() {
  co_return Error(Errc::connection_lost, "gone");
}

}  // namespace

TEST_CASE("an operation that ends in time gives its result, and no timer is left") {
  asio::io_context io;
  VirtualClock clock;
  CHECK(*run(io, with_timeout(clock, 1s, immediately())) == 7);
  CHECK(run(io, with_timeout(clock, 1s, failing())).error() == Errc::connection_lost);
  CHECK_FALSE(clock.next());
  std::optional<bool> slept;
  Task<Result<int>> task(io, with_timeout(clock, 1s, after(clock, 999ms, slept)));
  advance(clock, io, 999ms);
  REQUIRE(task.done());
  CHECK(*task.take() == 8);
  CHECK_FALSE(clock.next());
}

TEST_CASE("an operation that takes too long is cancelled and reported as timeout") {
  asio::io_context io;
  VirtualClock clock;
  std::optional<bool> slept;
  Task<Result<int>> task(io, with_timeout(clock, 1s, after(clock, 1h, slept)));
  advance(clock, io, 999ms);
  CHECK_FALSE(task.done());
  advance(clock, io, 1ms);
  REQUIRE(task.done());
  CHECK(task.take().error() == Errc::timeout);
  settle(io);
  CHECK(slept == false);
  CHECK_FALSE(clock.next());
}

TEST_CASE("cancelling from outside ends the operation and is no timeout") {
  asio::io_context io;
  VirtualClock clock;
  std::optional<bool> slept;
  Task<Result<int>> task(io, with_timeout(clock, 1s, after(clock, 1h, slept)));
  settle(io);
  task.cancel();
  CHECK(task.take().error() == Errc::cancelled);
  settle(io);
  CHECK(slept == false);
  CHECK_FALSE(clock.next());
}

#include "session/control/keep_alive.hpp"

#include <catch2/catch.hpp>

using namespace dmss;
using namespace std::chrono_literals;
using net::TimePoint;
using session::next_keep_alive;

TEST_CASE("keep-alives of sessions that began at any time fall together, a period apart at most") {
  const auto period = 10s;
  for (auto begun = 1000s; begun < 1020s; begun += 1s) {
    const TimePoint now(begun);
    const TimePoint first = next_keep_alive(now, period);
    CHECK(first > now + period / 2);
    CHECK(first <= now + period);
    CHECK(first.time_since_epoch() % 5s == 0s);
    CHECK(next_keep_alive(first, period) == first + period);
    CHECK(next_keep_alive(first + 3ms, period) == first + period);  // the timer was late
  }
}

TEST_CASE("keep-alives: the shortest period there is makes no busy loop") {
  const TimePoint now(1000s);
  CHECK(next_keep_alive(now, net::Duration(1)) > now);
  CHECK(next_keep_alive(now, 1ms) == now + 1ms);
}

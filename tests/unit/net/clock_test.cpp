#include "net/clock.hpp"

#include "net_support.hpp"

using namespace dmss;
using namespace dmss::net;
using namespace dmss::net::test;
using namespace std::chrono_literals;

namespace {

struct Scene {
  asio::io_context io;
  VirtualClock clock;
  std::vector<std::string> seen;
  TimePoint start = clock.now();

  void note(Timer& timer, std::string name) {
    timer.async_wait([this, name](bool fired) {
      const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(clock.now() - start).count();
      seen.push_back(name + (fired ? " fired " : " cancelled ") + std::to_string(ms));
    });
  }
};

using Seen = std::vector<std::string>;

}  // namespace

TEST_CASE("virtual timers fire in order, each at its own time, none before") {
  Scene s;
  Timer late(s.io.get_executor(), s.clock), early(s.io.get_executor(), s.clock),
      never(s.io.get_executor(), s.clock);
  late.expires_after(30ms);
  early.expires_after(10ms);
  never.expires_after(31ms);
  s.note(late, "late");
  s.note(early, "early");
  s.note(never, "never");
  advance(s.clock, s.io, 9ms);
  CHECK(s.seen.empty());
  advance(s.clock, s.io, 21ms);
  CHECK(s.seen == Seen{"early fired 10", "late fired 30"});
  CHECK(s.clock.now() == s.start + 30ms);
  CHECK(s.clock.next() == s.start + 31ms);
}

TEST_CASE("virtual timers of the same time fire in the order they were set") {
  Scene s;
  std::vector<std::unique_ptr<Timer>> timers;
  for (int i = 0; i < 5; ++i) {
    timers.push_back(std::make_unique<Timer>(s.io.get_executor(), s.clock));
    timers.back()->expires_after(5ms);
  }
  for (int i = 4; i >= 0; --i) s.note(*timers[static_cast<std::size_t>(i)], std::to_string(i));
  advance(s.clock, s.io, 5ms);
  CHECK(s.seen == Seen{"0 fired 5", "1 fired 5", "2 fired 5", "3 fired 5", "4 fired 5"});
  CHECK_FALSE(s.clock.next());
}

TEST_CASE("a timer set by a handler fires in the same advance when it is due") {
  Scene s;
  Timer first(s.io.get_executor(), s.clock), second(s.io.get_executor(), s.clock);
  first.expires_after(10ms);
  first.async_wait([&](bool) {
    second.expires_after(10ms);
    s.note(second, "second");
  });
  advance(s.clock, s.io, 19ms);
  CHECK(s.seen.empty());
  advance(s.clock, s.io, 1ms);
  CHECK(s.seen == Seen{"second fired 20"});
}

TEST_CASE("cancelling, setting anew and destroying a virtual timer end its wait") {
  Scene s;
  Timer cancelled(s.io.get_executor(), s.clock), anew(s.io.get_executor(), s.clock);
  auto destroyed = std::make_unique<Timer>(s.io.get_executor(), s.clock);
  for (Timer* t : {&cancelled, &anew, destroyed.get()}) t->expires_after(10ms);
  s.note(cancelled, "c");
  s.note(anew, "a");
  s.note(*destroyed, "d");
  cancelled.cancel();
  anew.expires_after(20ms);
  destroyed.reset();
  s.note(anew, "b");
  advance(s.clock, s.io, 20ms);
  std::sort(s.seen.begin(), s.seen.begin() + 3);
  CHECK(s.seen == Seen{"a cancelled 0", "c cancelled 0", "d cancelled 0", "b fired 20"});
}

TEST_CASE("a timer can be used again after it fired and after it was cancelled") {
  Scene s;
  Timer t(s.io.get_executor(), s.clock);
  for (int round = 0; round < 3; ++round) {
    t.expires_after(5ms);
    s.note(t, "t");
    if (round == 1) t.cancel();
    advance(s.clock, s.io, 5ms);
  }
  CHECK(s.seen == Seen{"t fired 5", "t cancelled 5", "t fired 15"});
}

TEST_CASE("a coroutine sleeps in virtual time and is woken by cancellation") {
  Scene s;
  Task<bool> sleeping(s.io, sleep_for(s.clock, 1h));
  advance(s.clock, s.io, 1h - 1ms);
  CHECK_FALSE(sleeping.done());
  advance(s.clock, s.io, 1ms);
  CHECK(sleeping.done());
  CHECK(sleeping.take());
  Task<bool> woken(s.io, sleep_for(s.clock, 1h));
  settle(s.io);
  woken.cancel();
  CHECK_FALSE(woken.take());
  CHECK_FALSE(s.clock.next());
}

TEST_CASE("the wall clock can be moved alone") {
  VirtualClock clock;
  const auto wall = clock.wall_now();
  const auto now = clock.now();
  clock.shift_wall(-2h);
  CHECK(clock.wall_now() == wall - 2h);
  CHECK(clock.now() == now);
  clock.advance(1s, [] {});
  CHECK(clock.wall_now() == wall - 2h + 1s);
}

TEST_CASE("a real timer fires, and is cancelled") {
  asio::io_context io;
  Clock clock;
  CHECK(run(io, sleep_for(clock, 0ms)));
  Timer t(io.get_executor(), clock);
  t.expires_after(1h);
  std::optional<bool> fired;
  t.async_wait([&](bool f) { fired = f; });
  t.cancel();
  settle(io);
  CHECK(fired == false);
}

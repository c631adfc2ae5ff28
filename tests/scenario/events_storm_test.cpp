// Ten thousand hours with everything that happens to recorders: what the caller believes in the end is what is so.
#include <catch2/catch.hpp>

#include <random>

#include "scenario/event_scene.hpp"

using namespace dmss;
using namespace dmss::scenario;

namespace {

constexpr auto kStart = EventAction::start;
constexpr auto kStop = EventAction::stop;
constexpr auto kPulse = EventAction::pulse;

/// A recorder's life, from a seed.
class Life {
 public:
  Life(EventScene& scene, std::uint32_t seed, std::uint16_t port) : s_(scene), random_(seed), port_(port) {}

  void live(Duration d) {
    const net::TimePoint end = s_.world.now() + d;
    while (s_.world.now() < end) {
      s_.world.advance(std::chrono::seconds(1 + number(2 * 1800)));
      s_.device.rpc.heard.clear();
      if (number(100) < 88) {
        something_happens();
      } else {
        trouble();
      }
    }
  }

  /// When the device went away and something was really missed.
  std::vector<net::TimePoint> away;
  int troubles = 0;

 private:
  int number(int below) { return static_cast<int>(random_() % static_cast<std::uint32_t>(below)); }

  void something_happens() {
    static constexpr const char* kCodes[] = {"VideoMotion", "AlarmLocal", "VideoLoss", "VideoBlind"};
    const std::string code = kCodes[number(4)];
    const int index = number(4);
    const proto::rpc::Json data = {{"EventID", ++event_id_}, {"UTC", clock_ += number(100)}};
    if (number(5) == 0) {
      s_.device.copies = 1 + number(2);
      s_.device.raise("CrossLineDetection", kPulse, index, data);
    } else {
      s_.device.copies = 1 + number(2);
      s_.device.raise(code, s_.device.is_on(code, index) ? kStop : kStart, index, data);
    }
    s_.device.copies = 1;
  }

  void happen_unheard(int times) {
    for (int i = 0; i < times; ++i) {
      const int index = number(4);
      s_.device.happen("VideoMotion", s_.device.is_on("VideoMotion", index) ? kStop : kStart, index);
      s_.device.happen("AlarmLocal", s_.device.is_on("AlarmLocal", index) ? kStop : kStart, index);
    }
  }

  void trouble() {
    ++troubles;
    switch (number(6)) {
      case 0: return go_away(false);
      case 1: return go_away(true);
      case 2: s_.device.deaf += 1 + number(3); return;  // events that are lost without a trace
      case 3: clock_ += number(200'000) - 100'000; return;
      case 4: s_.world.clock().shift_wall(std::chrono::seconds(number(7200) - 3600)); return;
      default:
        // A connection that breaks alone.
        if (auto peers = s_.world.connector().peers(port_); !peers.empty()) peers.back()->reset();
    }
  }

  void go_away(bool half_open) {
    const bool reachable = number(3) == 0;
    if (!reachable) s_.world.connector().refuse(port_);
    const net::TimePoint begin = s_.world.now();
    s_.device.reboot(half_open);
    happen_unheard(1 + number(4));
    const Duration gone = std::chrono::seconds(10 + number(1800));
    s_.world.advance(gone);
    away.push_back(begin);
    s_.world.connector().serve(port_, port_ == 80 ? s_.device.http() : s_.device.dhip());
  }

  EventScene& s_;
  std::minstd_rand random_;
  const std::uint16_t port_;
  std::int64_t event_id_ = 0;
  std::int64_t clock_ = 1'795'694'401;
};

void check_life(ControlRoute control, Duration hours, std::uint32_t seed) {
  CAPTURE(seed, name(control));
  EventScene s(control);
  s.options.keep_alive = 20min;
  s.device.rpc.keep_alive_interval = 7200;
  s.sdk = s.world.device(s.options);
  EventOptions o;
  o.heartbeat = std::chrono::seconds(60);
  // The wall clock is set now and then: gaps are kept by the clock that is not.
  struct Span {
    net::TimePoint begin, end;
  };
  std::vector<Span> gaps;
  EventHandlers handlers = s.watch.handlers();
  handlers.on_gap = [&](const EventGap& gap) {
    const auto wall = s.world.clock().wall_now();
    gaps.push_back({s.world.now() - (wall - gap.begin), s.world.now() - (wall - gap.end)});
  };
  s.subscription = s.sdk.events(o, handlers);
  s.world.advance(2s);
  const std::uint16_t port = control == ControlRoute::http ? 80 : 5000;
  Life life(s, seed, port);
  life.live(hours);
  s.device.deaf = 0;
  s.world.advance(4h);  // an hour of silence, then a new attachment and a new reading
  CHECK(s.watch.state() == EventState::attached);
  CHECK(s.watch.on() == s.device.on);
  CHECK(s.device.listeners() == 1);
  CHECK(life.troubles > 100);
  const EventStats stats = s.subscription.stats();
  CHECK(stats.dropped == 0);
  CHECK(stats.duplicates > 100);
  CHECK(stats.recovered > 10);
  const double per_hour =
      static_cast<double>(stats.attaches) / std::chrono::duration<double, std::ratio<3600>>(hours).count();
  CHECK(per_hour < 6);
  CHECK(gaps.size() == stats.gaps);
  CHECK(std::all_of(gaps.begin(), gaps.end(), [](const Span& g) { return g.begin <= g.end; }));
  // Each real absence lies within a gap that was told.
  std::size_t uncovered = 0;
  for (const net::TimePoint at : life.away) {
    const bool covered =
        std::any_of(gaps.begin(), gaps.end(), [&](const Span& g) { return g.begin <= at && g.end >= at; });
    if (!covered) ++uncovered;
  }
  CHECK(uncovered == 0);
  s.check_nothing_left();
}

}  // namespace

TEST_CASE("ten thousand hours of trouble end in the truth") {
  check_life(ControlRoute::dhip, 10'000h, 20261126);
}

TEST_CASE("a thousand hours of trouble with the stream of events end in the truth, whatever the seed") {
  check_life(ControlRoute::http, 1'000h, GENERATE(1u, 2u, 3u, 51u, 53u));
}

TEST_CASE("a thousand hours of trouble with pushed events end in the truth, whatever the seed") {
  check_life(ControlRoute::dhip, 1'000h, GENERATE(4u, 5u, 6u, 7u, 8u));
}

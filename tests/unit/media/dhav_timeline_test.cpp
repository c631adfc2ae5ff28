#include "media/dhav/timeline.hpp"

#include <catch2/catch.hpp>

using namespace dmss;
using namespace dmss::media;
using namespace dmss::media::dhav;

namespace {

constexpr std::int64_t kStart = 1782599930;  // 2026-06-27 22:38:50

std::uint32_t packed(std::int64_t seconds) {
  const std::chrono::sys_seconds at{std::chrono::seconds(seconds)};
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(at - day);
  const auto number = [](auto n) { return static_cast<int>(n); };
  return pack_date({number(date.year()), number(static_cast<unsigned>(date.month())),
                    number(static_cast<unsigned>(date.day())), number(time.hours().count()),
                    number(time.minutes().count()), number(time.seconds().count())});
}

/// A device whose running milliseconds and date are two views of one clock, `phase` apart.
struct Device {
  Moment at(std::int64_t ms, FrameType type = FrameType::predicted) {
    Header h;
    h.type = type;
    h.number = number++;
    h.date = packed(date_base + ms / 1000);
    h.milliseconds = static_cast<std::uint16_t>(ms + phase);
    return timeline.next(h, frame_rate);
  }
  std::int64_t ms(std::int64_t at_ms) { return at(at_ms).time / std::chrono::milliseconds(1); }

  Timeline timeline;
  std::int64_t date_base = kStart;
  std::int64_t phase = 0;
  int frame_rate = 25;
  std::uint32_t number = 0;
};

}  // namespace

TEST_CASE("timeline: steps stay even over second borders and wraps, whatever the phase of the counter") {
  for (const std::int64_t phase : {0, 1, 370, 999, 32767, 65000, 65535}) {
    Device d;
    d.phase = phase;
    for (std::int64_t n = 0; n < 5000; ++n) {
      const Moment m = d.at(n * 40);
      REQUIRE(m.time == std::chrono::milliseconds(n * 40));
      REQUIRE_FALSE(m.discontinuity);
    }
  }
}

TEST_CASE("timeline: the date bridges silences longer than the counter") {
  for (const std::int64_t gap : {30'000, 65'536, 100'000, 3'600'000, 86'400'000}) {
    INFO(gap);
    Device d;
    d.at(0);
    const Moment m = d.at(gap);
    CHECK(m.time == std::chrono::milliseconds(gap));
    CHECK_FALSE(m.discontinuity);
  }
}

TEST_CASE("timeline: the local date has the milliseconds of the running clock") {
  Device d;
  const Moment first = d.at(0);
  CHECK(first.local_us == kStart * 1'000'000);
  CHECK(d.at(40).local_us == kStart * 1'000'000 + 40'000);
  CHECK(d.at(70'040).local_us == kStart * 1'000'000 + 70'040'000);
}

TEST_CASE("timeline: a clock set back or forward begins a segment and time goes on") {
  for (const std::int64_t jump : {-3600, -5, 40, 3600, 31'536'000}) {
    INFO(jump);
    Device d;
    for (std::int64_t n = 0; n < 10; ++n) d.at(n * 40);
    d.date_base += jump;
    const Moment m = d.at(400);
    CHECK(m.discontinuity);
    CHECK(m.time == std::chrono::milliseconds(400));
    REQUIRE(m.local_us);
    CHECK(*m.local_us / 1'000'000 == kStart + jump);
    for (std::int64_t n = 11; n < 100; ++n) {
      const Moment next = d.at(n * 40);
      REQUIRE(next.time == std::chrono::milliseconds(n * 40));
      REQUIRE_FALSE(next.discontinuity);
    }
  }
}

TEST_CASE("timeline: a device whose date is a second behind or ahead for a moment is forgiven") {
  Device d;
  d.at(5000);
  d.date_base -= 1;
  CHECK(d.ms(5040) == 40);
  d.date_base += 2;
  const Moment m = d.at(5080);
  CHECK(m.time == std::chrono::milliseconds(80));
  CHECK_FALSE(m.discontinuity);
}

TEST_CASE("timeline: where the milliseconds stand still, frame numbers and rate step in") {
  Device d;
  CHECK(d.ms(0) == 0);
  CHECK(d.ms(0) == 40);
  d.number += 2;
  d.frame_rate = 0;
  CHECK(d.ms(0) == 0);
}

TEST_CASE("timeline: sound and pictures share the clock and may overtake each other a little") {
  Device d;
  d.at(1000, FrameType::key);
  CHECK(d.at(1010, FrameType::audio).time == std::chrono::milliseconds(10));
  CHECK(d.at(1000, FrameType::audio).time == std::chrono::milliseconds(0));
  CHECK(d.at(990, FrameType::audio).time == std::chrono::milliseconds(-10));
  const Moment m = d.at(1040);
  CHECK(m.time == std::chrono::milliseconds(40));
  CHECK_FALSE(m.discontinuity);
}

TEST_CASE("timeline: a date that does not exist leaves the running milliseconds") {
  Device d;
  d.at(0);
  Header h;
  h.type = FrameType::predicted;
  h.number = 1;
  h.date = 0;
  h.milliseconds = 40;
  const Moment m = d.timeline.next(h, 25);
  CHECK(m.time == std::chrono::milliseconds(40));
  CHECK_FALSE(m.discontinuity);
  CHECK_FALSE(m.local_us);
  d.number = 2;
  CHECK(d.ms(80) == 80);
}

TEST_CASE("timeline: without any date the counter alone goes on, over its wraps") {
  Timeline t;
  for (std::int64_t n = 0; n < 5000; ++n) {
    Header h;
    h.type = FrameType::predicted;
    h.number = static_cast<std::uint32_t>(n);
    h.milliseconds = static_cast<std::uint16_t>(n * 40 + 12'345);
    const Moment m = t.next(h, 25);
    REQUIRE(m.time == std::chrono::milliseconds(n * 40));
    REQUIRE_FALSE(m.discontinuity);
    REQUIRE_FALSE(m.local_us);
  }
}

TEST_CASE("timeline: a stream whose first dates do not exist starts its dates when they do") {
  // Every phase of the counter against the date, in steps below the tolerance.
  for (std::int64_t base = kStart; base < kStart + 70; ++base) {
    INFO(base);
    Device d;
    d.date_base = base;
    Header h;
    h.type = FrameType::predicted;
    h.date = 0;
    d.timeline.next(h, 25);
    d.number = 1;
    const Moment m = d.at(40);
    CHECK(m.time == std::chrono::milliseconds(40));
    CHECK(m.local_us);
    CHECK(d.ms(80) == 80);
  }
}

TEST_CASE("timeline: nonsense never makes time run away or backwards without saying so") {
  Timeline t;
  std::uint32_t seed = 1;
  std::int64_t before = 0;
  for (int i = 0; i < 20'000; ++i) {
    const auto random = [&] { return seed = seed * 1664525u + 1013904223u; };
    Header h;
    h.type = FrameType::predicted;
    h.number = random();
    h.date = random();
    h.milliseconds = static_cast<std::uint16_t>(random() >> 16);
    const Moment m = t.next(h, static_cast<int>(random() >> 24));
    const std::int64_t now = m.time / std::chrono::milliseconds(1);
    if (m.discontinuity) REQUIRE(now >= before);
    REQUIRE(now >= 0);
    before = now;
  }
}

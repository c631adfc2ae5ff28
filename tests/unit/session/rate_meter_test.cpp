#include "session/live/rate_meter.hpp"

#include <catch2/catch.hpp>

using namespace dmss;
using namespace std::chrono_literals;
using session::RateMeter;

namespace {

const net::TimePoint kStart{1000s};

/// 25 pictures of 1000 bytes a second, each with a block of sound of 100 bytes.
net::TimePoint feed(RateMeter& meter, net::TimePoint from, int pictures) {
  net::TimePoint at = from;
  for (int n = 0; n < pictures; ++n) {
    at = from + n * 40ms;
    meter.add(at, 1000, true);
    meter.add(at, 100, false);
  }
  return at;
}

}  // namespace

TEST_CASE("rates: none before a second has passed, exact after it") {
  RateMeter meter;
  CHECK(meter.bit_rate(kStart) == 0);
  CHECK(meter.picture_rate(kStart) == 0);
  net::TimePoint now = feed(meter, kStart, 20);
  CHECK(meter.picture_rate(now) == 0);
  now = feed(meter, now + 40ms, 60);
  CHECK(meter.picture_rate(now) == Approx(25));
  CHECK(meter.bit_rate(now) == Approx(25 * 1100 * 8));
}

TEST_CASE("rates: fall to nothing when the stream is silent, and begin anew after it") {
  RateMeter meter;
  net::TimePoint now = feed(meter, kStart, 60);
  CHECK(meter.picture_rate(now + 3s) == Approx(25));
  CHECK(meter.picture_rate(now + 5s) == 0);
  CHECK(meter.bit_rate(now + 5s) == 0);
  now = feed(meter, now + 1h, 5);
  CHECK(meter.picture_rate(now) == 0);
  now = feed(meter, now + 40ms, 60);
  CHECK(meter.picture_rate(now) == Approx(25));
}

TEST_CASE("rates: a picture every two seconds is half a picture a second") {
  RateMeter meter;
  for (int n = 0; n < 10; ++n) meter.add(kStart + n * 2s, 500, true);
  CHECK(meter.picture_rate(kStart + 18s) == Approx(0.5));
  CHECK(meter.bit_rate(kStart + 18s) == Approx(2000));
}

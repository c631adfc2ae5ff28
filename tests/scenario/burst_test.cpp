// Bursts of snapshots: how they end when pictures do not come. That pictures come is tested where there are some to decode.
#include <catch2/catch.hpp>

#include "scenario/dvrip_device.hpp"
#include "scenario/virtual_world.hpp"

using namespace dmss;
using namespace dmss::scenario;

namespace {

struct Scene {
  explicit Scene(bool decodes = true) {
    world.connector().serve(37777, recorder.script());
    DeviceOptions options = world.options();
    options.media = MediaRoute::dvrip;
    device = world.device(options);
    LiveHandlers h;
    if (decodes) h.on_frame = [](const Frame&) {};
    live = device.open_live({}, std::move(h));
    world.advance(1s);
  }
  Answer<void> take(int count, std::chrono::milliseconds timeout = 10s, int quality = 3) {
    Answer<void> answer;
    BurstOptions o;
    o.count = count;
    o.timeout = timeout;
    o.quality = quality;
    operation = live.snapshot_burst(
        o, [this](int, const std::vector<std::uint8_t>&) { ++pictures; }, answer.handler());
    world.settle();
    return answer;
  }

  DvripDevice recorder;
  VirtualWorld world;
  Device device;
  Live live;
  Operation operation;
  int pictures = 0;
};

}  // namespace

TEST_CASE("a burst that gets no pictures ends at its own time limit, also in a paused window") {
  Scene s;
  if (GENERATE(false, true)) s.live.pause();
  auto burst = s.take(3, 5s);
  s.world.advance(4999ms);
  CHECK(burst.count() == 0);
  s.world.advance(1ms);
  CHECK(burst.error() == Errc::timeout);
  auto endless = s.take(3, std::chrono::milliseconds::max());
  s.world.advance(1h);
  CHECK(endless.count() == 0);
  s.live = {};
  s.device = {};
  s.world.check_nothing_left();
  CHECK(endless.error() == Errc::cancelled);
  CHECK(burst.count() == 1);
  CHECK(s.pictures == 0);
}

TEST_CASE("a burst ends with its window, or when it is cancelled, once") {
  Scene s;
  auto burst = s.take(3);
  SECTION("stopped") {
    s.live.stop();
    s.world.settle();
    CHECK(burst.error() == Errc::cancelled);
    CHECK(s.take(3).error() == Errc::invalid_state);
  }
  SECTION("logged out") {
    s.device.logout();
  }
  SECTION("let go") {
    s.live = {};
  }
  SECTION("cancelled") {
    s.operation.cancel();
  }
  SECTION("the device let go, the window not") {
    s.device = {};
    s.world.settle();
    CHECK(burst.count() == 0);
    s.live = {};
  }
  SECTION("the engine ends") {
    s.world.shut_down();
  }
  s.world.advance(20s);
  CHECK(burst.count() == 1);
  CHECK(burst.error() == Errc::cancelled);
  s.live = {};
  s.device = {};
  s.world.check_nothing_left();
}

TEST_CASE("a burst asks for what there is") {
  Scene s;
  for (const int count : {-1, 0, 21}) CHECK(s.take(count).error() == Errc::invalid_argument);
  for (const int quality : {1, 32}) CHECK(s.take(1, 10s, quality).error() == Errc::invalid_argument);
  Scene packets(false);
  CHECK(packets.take(1).error() == Errc::no_picture);
}

TEST_CASE("no more than four bursts wait in a window at a time, and cancelled ones do not count") {
  Scene s;
  std::vector<Answer<void>> waiting;
  for (int i = 0; i < 4; ++i) waiting.push_back(s.take(20, 1min));
  CHECK(s.take(1).error() == Errc::overflow);
  s.operation.cancel();  // the one that was refused
  s.world.settle();
  for (const auto& b : waiting) CHECK(b.count() == 0);
  for (int i = 0; i < 100; ++i) {
    auto refused = s.take(1);
    CHECK(refused.error() == Errc::overflow);
  }
  s.world.advance(1min);
  for (const auto& b : waiting) CHECK(b.error() == Errc::timeout);
  for (int i = 0; i < 20; ++i) {
    auto cancelled = s.take(1, 1min);
    CHECK(cancelled.count() == 0);
    s.operation.cancel();
  }
  CHECK(s.take(1, 1s).count() == 0);
}

// Quality::automatic: from main to extra under lasting load, and back after lasting calm.
#include <catch2/catch.hpp>
#include <deque>

#include "scenario/dvrip_device.hpp"
#include "scenario/rtsp_device.hpp"
#include "scenario/virtual_world.hpp"
#include "session/live/load_policy.hpp"

using namespace dmss;
using namespace dmss::scenario;
using session::LoadPolicy;

namespace {

/// Workers that are busy with something else when the test says so.
struct BusyWorkers final : session::Workers {
  bool submit(session::Task task) override {
    held.push_back(std::move(task));
    return true;
  }
  int threads() const override { return 0; }
  void run() {
    while (!held.empty()) {
      session::Task task = std::move(held.front());
      held.pop_front();
      task();
    }
  }
  std::deque<session::Task> held;
};

struct Scene {
  Scene() {
    world.connector().serve(37777, dvrip.script());
    world.connector().serve(554, rtsp.script());
    DeviceOptions o = world.options();
    o.media = MediaRoute::rtsp;
    device = world.device(o);
  }
  ~Scene() {
    live = {};
    other = {};
    device = {};
    world.shut_down();
    workers->run();
  }
  Live open(Quality quality, StreamKind stream) {
    LiveOptions o;
    o.quality = quality;
    o.stream = stream;
    LiveHandlers h;
    h.on_packet = [this](const Packet&) { ++packets; };
    return device.open_live(o, std::move(h));
  }
  void start(Quality quality = Quality::automatic, StreamKind stream = StreamKind::main) {
    live = open(quality, stream);
    calm(2s);
    REQUIRE(live.stats().state == LiveState::playing);
    REQUIRE(live.stats().stream == stream);
  }
  /// A key frame each 200 ms, taken at once.
  void calm(Duration time) {
    for (Duration t{}; t < time; t += 200ms) {
      workers->run();
      rtsp.send_frames();
      world.advance(200ms);
    }
    workers->run();
  }
  /// Pictures come, and nobody takes them for most of a second.
  void stumble() {
    for (int i = 0; i < 4; ++i) {
      rtsp.send_frames();
      world.advance(200ms);
    }
    workers->run();
  }
  /// What takes a window down to extra.
  void load() {
    for (int i = 0; i < 3; ++i) stumble();
    calm(1s);
  }
  StreamKind now() const { return live.stats().stream; }
  /// Seconds of calm until main plays again; -1 when it does not within `limit`.
  int seconds_to_main(int limit) {
    for (int s = 0; s <= limit; ++s) {
      if (now() == StreamKind::main) return s;
      calm(1s);
    }
    return -1;
  }

  DvripDevice dvrip;
  RtspDevice rtsp;
  std::shared_ptr<BusyWorkers> workers = std::make_shared<BusyWorkers>();
  VirtualWorld world{workers};
  Device device;
  Live live, other;
  int packets = 0;
};

}  // namespace

TEST_CASE("automatic: lasting load takes a window to extra, lasting calm back to main") {
  Scene s;
  s.start();
  s.load();
  REQUIRE(s.now() == StreamKind::extra);
  const int calm = s.seconds_to_main(60);
  CHECK(calm >= 28);
  CHECK(calm <= 32);
  const int before = s.packets;
  s.calm(10s);
  CHECK(s.now() == StreamKind::main);
  CHECK(s.packets - before == 50);
  CHECK(s.live.stats().state == LiveState::playing);
  CHECK(s.live.stats().restarts == 0);
}

TEST_CASE("automatic: a window that joins an extra stream that plays already goes over to it at once") {
  Scene s;
  s.other = s.open(Quality::fluent, StreamKind::extra);
  s.start();
  s.load();
  CHECK(s.now() == StreamKind::extra);
  CHECK(s.world.core()->stats().upstreams == 1);
}

TEST_CASE("automatic: calm is counted from the last time the window fell behind") {
  Scene s;
  s.start();
  s.load();
  for (int i = 0; i < 5; ++i) {
    s.calm(20s);
    s.stumble();
    REQUIRE(s.now() == StreamKind::extra);
  }
  const int calm = s.seconds_to_main(60);
  CHECK(calm >= 28);
  CHECK(calm <= 32);
}

TEST_CASE(
    "automatic: each return that fails makes the next one wait twice as long, up to a quarter of an hour") {
  Scene s;
  s.start();
  std::vector<int> waits;
  for (int i = 0; i < 7; ++i) {
    s.load();
    REQUIRE(s.now() == StreamKind::extra);
    waits.push_back(s.seconds_to_main(1000));
  }
  const int expected[] = {30, 60, 120, 240, 480, 900, 900};
  for (std::size_t i = 0; i < waits.size(); ++i) {
    CAPTURE(i);
    CHECK(waits[i] >= expected[i] - 2);
    CHECK(waits[i] <= expected[i] + 2);
  }
  // Main that lasts begins anew.
  s.calm(LoadPolicy::kSteady + 10s);
  s.load();
  REQUIRE(s.now() == StreamKind::extra);
  CHECK(s.seconds_to_main(60) <= 32);
}

TEST_CASE(
    "automatic: a main stream that does not open any more is tried less and less often, and extra plays on") {
  Scene s;
  s.start();
  s.load();
  const std::size_t opened = s.rtsp.methods().size();
  s.rtsp.refusals["DESCRIBE"] = 404;
  s.calm(10min);
  CHECK(s.now() == StreamKind::extra);
  CHECK(s.live.stats().state == LiveState::playing);
  const auto methods = s.rtsp.methods();
  // 30 s, 90 s, 210 s, 450 s
  CHECK(std::count(methods.begin() + static_cast<std::ptrdiff_t>(opened), methods.end(), "DESCRIBE") == 4);
  s.rtsp.refusals.clear();
  CHECK(s.seconds_to_main(500) >= 0);
}

TEST_CASE("automatic: only a window that asked for main returns, and what the caller chooses stays") {
  SECTION("opened with extra") {
    Scene s;
    s.start(Quality::automatic, StreamKind::extra);
    s.load();
    s.calm(3min);
    CHECK(s.now() == StreamKind::extra);
  }
  SECTION("another policy stays at main") {
    Scene s;
    s.start(GENERATE(Quality::real_time, Quality::fluent));
    s.load();
    s.calm(3min);
    CHECK(s.now() == StreamKind::main);
  }
  SECTION("the caller chose extra while extra played for load") {
    Scene s;
    s.start();
    s.load();
    Answer<void> switched;
    s.live.switch_stream(StreamKind::extra, switched.handler());
    s.calm(20min);
    CHECK(switched.ok());
    CHECK(s.now() == StreamKind::extra);
  }
  SECTION("the caller went back to main") {
    Scene s;
    s.start();
    s.load();
    s.live.switch_stream(StreamKind::main);
    s.calm(2s);
    CHECK(s.now() == StreamKind::main);
    s.load();
    CHECK(s.now() == StreamKind::extra);
    CHECK(s.seconds_to_main(60) <= 32);
  }
}

TEST_CASE("automatic: a paused window does not try, and counts its calm from where it goes on") {
  Scene s;
  s.start();
  s.load();
  s.calm(20s);
  s.live.pause();
  const long before = s.world.wake_ups();
  s.world.settle();
  for (int i = 0; i < 60; ++i) s.world.advance(10s);
  CHECK(s.world.wake_ups() - before < 1000);
  s.live.resume();
  s.calm(2s);
  REQUIRE(s.now() == StreamKind::extra);
  const int calm = s.seconds_to_main(60);
  CHECK(calm >= 26);
  CHECK(calm <= 32);
}

TEST_CASE("automatic: a window that stops while it waits to return leaves nothing behind") {
  Scene s;
  s.start();
  s.load();
  REQUIRE(s.now() == StreamKind::extra);
  s.live = {};
  s.device = {};
  s.world.settle();
  s.workers->run();
  s.world.check_nothing_left();
}

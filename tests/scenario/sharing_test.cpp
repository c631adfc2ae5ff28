// Windows that watch one stream, some with sound and some without, and what each of them counts.
#include <catch2/catch.hpp>

#include "scenario/dvrip_device.hpp"
#include "scenario/rtsp_device.hpp"
#include "scenario/virtual_world.hpp"

using namespace dmss;
using namespace dmss::scenario;

namespace {

struct Watcher {
  LiveHandlers handlers() {
    LiveHandlers h;
    h.on_packet = [this](const Packet& p) { seen += p.kind == MediaKind::audio ? 'a' : p.key ? 'K' : 'p'; };
    return h;
  }
  std::string seen;
};

struct Scene {
  Scene() {
    world.connector().serve(37777, dvrip.script());
    world.connector().serve(554, rtsp.script());
    DeviceOptions o = world.options();
    o.media = MediaRoute::rtsp;
    device = world.device(o);
    Answer<DeviceInfo> login;
    device.login(login.handler());
    world.advance(5s);
    REQUIRE(login.ok());
  }
  Live open(Watcher& watcher, bool audio, StreamKind stream = StreamKind::extra) {
    LiveOptions o;
    o.audio = audio;
    o.stream = stream;
    Live live = device.open_live(o, watcher.handlers());
    world.advance(1s);
    return live;
  }
  void send(std::string_view units) {
    for (const char c : units) {
      c == 'K' ? rtsp.send_frames() : c == 'a' ? rtsp.send_sound() : rtsp.send_predicted();
      world.advance(40ms);
    }
  }
  std::uint64_t upstreams() const { return world.core()->stats().upstreams; }

  DvripDevice dvrip;
  RtspDevice rtsp;
  Watcher silent_watcher, sound_watcher;
  VirtualWorld world;
  Device device;
};

}  // namespace

TEST_CASE(
    "windows with and without sound share one stream, whichever comes first; sound goes where it is wanted") {
  const bool sound_goes_first = GENERATE(false, true);
  Scene s;
  Live silent, sound;
  SECTION("sound first") {
    sound = s.open(s.sound_watcher, true);
    s.send("Kap");
    silent = s.open(s.silent_watcher, false);
    CHECK(s.upstreams() == 1);
    CHECK(s.silent_watcher.seen == "Kp");
    CHECK(s.sound_watcher.seen == "Kap");
  }
  SECTION("silence first") {
    silent = s.open(s.silent_watcher, false);
    s.send("Kap");
    CHECK(s.silent_watcher.seen == "Kp");
    sound = s.open(s.sound_watcher, true);
    s.send("p");
    CHECK(s.silent_watcher.seen == "Kpp");  // goes on until the other stream has a key frame
    s.send("Ka");
    // The device sends each picture to both connections.
    CHECK(s.silent_watcher.seen == "KppKK");
    CHECK(s.sound_watcher.seen == "Ka");
  }
  SECTION("both at once") {
    LiveOptions o;
    o.audio = false;
    silent = s.device.open_live(o, s.silent_watcher.handlers());
    sound = s.device.open_live({}, s.sound_watcher.handlers());
    s.world.advance(1s);
    s.send("Ka");
  }
  CHECK(s.upstreams() == 1);
  s.silent_watcher.seen.clear();
  s.sound_watcher.seen.clear();
  s.send("papKa");
  CHECK(s.silent_watcher.seen == "ppK");
  CHECK(s.sound_watcher.seen == "papKa");
  CHECK(silent.stats().state == LiveState::playing);
  CHECK(silent.stats().restarts == 0);
  // What is left of the two goes on alone.
  (sound_goes_first ? sound : silent) = {};
  s.world.settle();
  s.send("Kp");
  CHECK(s.upstreams() == 1);
  CHECK((silent ? s.silent_watcher : s.sound_watcher).seen.ends_with("Kp"));
}

TEST_CASE("a window without sound stays on its stream while the one with sound does not open") {
  Scene s;
  Live silent = s.open(s.silent_watcher, false);
  s.send("Kp");
  s.rtsp.refusals["DESCRIBE"] = 503;
  Live sound = s.open(s.sound_watcher, true);
  s.send("pKp");
  CHECK(s.silent_watcher.seen == "KppKp");
  Watcher late_watcher;
  Live late = s.open(late_watcher, false);
  CHECK(late_watcher.seen == "Kp");  // not with the one that waits
  s.rtsp.refusals.clear();
  s.world.advance(1min);
  s.send("Kp");
  CHECK(s.upstreams() == 1);
  CHECK(s.sound_watcher.seen == "Kp");
  CHECK(s.silent_watcher.seen.ends_with("Kp"));
  CHECK(late_watcher.seen.ends_with("Kp"));
}

TEST_CASE("a window without sound that changes its mind about another stream still comes over") {
  Scene s;
  Live silent = s.open(s.silent_watcher, false);
  s.send("Kp");
  Live sound = s.open(s.sound_watcher, true);
  silent.switch_stream(StreamKind::main, {});
  s.world.settle();
  silent.switch_stream(StreamKind::extra, {});
  s.world.advance(1s);
  s.send("Kp");
  CHECK(s.upstreams() == 1);
  CHECK(s.silent_watcher.seen.ends_with("Kp"));
}

TEST_CASE("a paused window without sound comes over, too") {
  Scene s;
  Live silent = s.open(s.silent_watcher, false);
  s.send("Kp");
  silent.pause();
  s.world.settle();
  Live sound = s.open(s.sound_watcher, true);
  s.send("Kp");
  CHECK(s.upstreams() == 1);
  CHECK(s.silent_watcher.seen == "Kp");
  silent.resume();
  s.world.settle();
  CHECK(s.silent_watcher.seen == "KpKp");
}

TEST_CASE("each window counts what came while it was there, up to the latest unit") {
  Scene s;
  Live first = s.open(s.sound_watcher, true);
  s.send("Kpp");
  const std::uint64_t before = first.stats().bytes;
  CHECK(before > 0);
  Live second = s.open(s.silent_watcher, true);
  CHECK(second.stats().bytes == 0);
  s.send("p");
  const std::uint64_t one = second.stats().bytes;
  CHECK(one > 4);
  CHECK(one < 100);
  s.send("p");
  CHECK(second.stats().bytes == 2 * one);
  CHECK(first.stats().bytes == before + 2 * one);
}

TEST_CASE("what a window has counted goes on over streams, pauses and connections") {
  Scene s;
  Live live = s.open(s.sound_watcher, true);
  s.rtsp.predicted_size = 10'000;
  s.send("Kppppp");
  std::uint64_t counted = live.stats().bytes;
  CHECK(counted > 50'000);
  const auto grows_by_a_picture = [&] {
    CHECK(live.stats().bytes >= counted);
    s.send("K");
    counted = live.stats().bytes;
    s.send("p");
    CHECK(live.stats().bytes > counted + 10'000);
    CHECK(live.stats().bytes < counted + 10'100);
    counted = live.stats().bytes;
  };
  SECTION("another stream") {
    live.switch_stream(StreamKind::main, {});
    s.world.advance(1s);
    s.send("K");
    REQUIRE(live.stats().stream == StreamKind::main);
    grows_by_a_picture();
    // What another window's stay had brought there does not count.
    Watcher other;
    Live second = s.open(other, true, StreamKind::extra);
    s.send("Kppppp");
    counted = live.stats().bytes;
    live.switch_stream(StreamKind::extra, {});
    s.world.settle();
    REQUIRE(live.stats().stream == StreamKind::extra);
    CHECK(live.stats().bytes < counted + 100);
    grows_by_a_picture();
    CHECK(live.stats().restarts == 0);
  }
  SECTION("another connection") {
    s.world.connector().peers(554).back()->close();
    s.world.advance(3s);
    grows_by_a_picture();
    CHECK(live.stats().restarts == 1);
  }
  SECTION("a long pause") {
    live.pause();
    s.world.advance(1min);
    REQUIRE(s.upstreams() == 0);
    CHECK(live.stats().bytes >= counted);
    live.resume();
    s.world.advance(1s);
    grows_by_a_picture();
  }
  live.stop();
  s.world.advance(1s);
  CHECK(live.stats().bytes >= counted);
}

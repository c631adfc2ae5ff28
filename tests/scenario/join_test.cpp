// Windows that join a stream other windows watch already.
#include <catch2/catch.hpp>

#include "scenario/dvrip_device.hpp"
#include "scenario/rtsp_device.hpp"
#include "scenario/virtual_world.hpp"

using namespace dmss;
using namespace dmss::scenario;

namespace {

/// The packets of one window, 'K' for a key frame and 'p' for the others.
struct Watcher {
  LiveHandlers handlers() {
    LiveHandlers h;
    h.on_packet = [this](const Packet& p) {
      if (p.kind == MediaKind::video) seen += p.key ? 'K' : 'p';
    };
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
    first = device.open_live({}, first_watcher.handlers());
    world.advance(1s);
  }
  void send(std::string_view pictures) {
    for (const char c : pictures) {
      c == 'K' ? rtsp.send_frames() : rtsp.send_predicted();
      world.advance(40ms);
    }
  }

  DvripDevice dvrip;
  RtspDevice rtsp;
  Watcher first_watcher, watcher;
  VirtualWorld world;
  Device device;
  Live first;
};

}  // namespace

TEST_CASE("a window that joins a stream starts at once, with its latest key frame") {
  Scene s;
  s.send("KppKppp");
  REQUIRE(s.first_watcher.seen == "KppKppp");
  Live second = s.device.open_live({}, s.watcher.handlers());
  s.world.settle();
  CHECK(s.watcher.seen == "Kppp");
  CHECK(second.stats().state == LiveState::playing);
  CHECK(second.stats().packets == 4);
  s.send("ppKp");
  CHECK(s.watcher.seen == "KpppppKp");
  CHECK(s.first_watcher.seen == "KppKpppppKp");
  CHECK(s.world.core()->stats().upstreams == 1);
}

TEST_CASE("a large group of pictures is kept for those who come once a stream has several windows") {
  Scene s;
  s.rtsp.predicted_size = 60'000;
  const std::string large = "K" + std::string(25, 'p');  // 1.5 MB
  Live second = s.device.open_live({}, {});
  s.send(large);
  Live third = s.device.open_live({}, s.watcher.handlers());
  s.world.settle();
  CHECK(s.watcher.seen == large);
}

TEST_CASE("a large group of pictures is kept for a window that is paused") {
  Scene s;
  s.rtsp.predicted_size = 60'000;
  s.send("Kp");
  s.first.pause();
  s.world.settle();
  s.send("pK" + std::string(25, 'p'));
  CHECK(s.first_watcher.seen == "Kp");
  s.first.resume();
  s.world.settle();
  CHECK(s.first_watcher.seen == "KpK" + std::string(25, 'p'));
  // It plays again, alone.
  s.send("K" + std::string(25, 'p'));
  Live second = s.device.open_live({}, s.watcher.handlers());
  s.world.settle();
  CHECK(s.watcher.seen.empty());
}

TEST_CASE(
    "a window that joins a stream with a large group of pictures and one window waits for the next group") {
  Scene s;
  s.rtsp.predicted_size = 60'000;
  s.send("K" + std::string(25, 'p'));
  Live second = s.device.open_live({}, s.watcher.handlers());
  s.send("pp");
  CHECK(s.watcher.seen.empty());
  s.send("Kp");
  CHECK(s.watcher.seen == "Kp");
}

TEST_CASE("a window that joins before the first key frame waits for it") {
  Scene s;
  s.send("ppp");
  Live second = s.device.open_live({}, s.watcher.handlers());
  s.send("pp");
  CHECK(s.watcher.seen.empty());
  s.send("Kp");
  CHECK(s.watcher.seen == "Kp");
}

TEST_CASE("a window that goes over to a stream that plays already does so at once") {
  Scene s;
  LiveOptions main;
  main.stream = StreamKind::main;
  Live second = s.device.open_live(main, s.watcher.handlers());
  s.world.advance(1s);
  s.send("Kpp");
  REQUIRE(s.watcher.seen == "Kpp");
  int switched = 0;
  second.switch_stream(StreamKind::extra, [&](const Result<void>& r) { switched += r ? 1 : 100; });
  s.world.settle();
  CHECK(switched == 1);
  CHECK(s.watcher.seen == "KppKpp");
  CHECK(second.stats().stream == StreamKind::extra);
  s.send("p");
  CHECK(s.watcher.seen == "KppKppp");
}

TEST_CASE("a window resumed while its stream is still open goes on with what it has missed") {
  Scene s;
  s.send("Kpp");
  s.first.pause();
  s.world.settle();
  SECTION("in the same group of pictures no packet is missing or comes twice") {
    s.send("pp");
    CHECK(s.first_watcher.seen == "Kpp");
    s.first.resume();
    s.world.settle();
    CHECK(s.first_watcher.seen == "Kpppp");
  }
  SECTION("in another one it begins with the key frame") {
    s.send("pKp");
    s.first.resume();
    s.world.settle();
    CHECK(s.first_watcher.seen == "KppKp");
  }
  CHECK(s.first.stats().state == LiveState::playing);
}

TEST_CASE("nothing of a stream that has ended is given to a window that comes later") {
  Scene s;
  s.send("Kpp");
  s.rtsp.refusals["DESCRIBE"] = 503;
  s.world.connector().peers(554).back()->close();
  s.world.advance(1s);
  Live second = s.device.open_live({}, s.watcher.handlers());
  s.world.settle();
  CHECK(s.watcher.seen.empty());
  CHECK(second.stats().state != LiveState::playing);
}

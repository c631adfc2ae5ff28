// Windows over RTSP and 37777: which route they take, and what one password may cost.
#include <catch2/catch.hpp>

#include "scenario/dvrip_device.hpp"
#include "scenario/rtsp_device.hpp"
#include "scenario/virtual_world.hpp"

using namespace dmss;
using namespace dmss::scenario;

namespace {

struct Scene {
  explicit Scene(MediaRoute media) {
    world.connector().serve(37777, dvrip.script());
    world.connector().serve(554, rtsp.script());
    rtsp.digest = true;
    options = world.options();
    options.media = media;
  }
  void open(int windows) {
    if (!device) device = world.device(options);
    for (int i = 1; i <= windows; ++i) {
      LiveOptions o;
      o.channel = i;
      lives.push_back(device.open_live(o, {}));
    }
  }
  void play(int seconds) {
    for (int i = 0; i < seconds; ++i) {
      dvrip.send_frames();
      rtsp.send_frames();
      world.advance(1s);
    }
  }
  std::size_t playing() const {
    return static_cast<std::size_t>(std::count_if(
        lives.begin(), lives.end(), [](const Live& l) { return l.stats().state == LiveState::playing; }));
  }
  void end() {
    lives.clear();
    device = {};
    world.check_nothing_left();
  }
  std::size_t attempts(std::uint16_t port) {
    const auto& all = world.connector().attempts();
    return static_cast<std::size_t>(
        std::count_if(all.begin(), all.end(), [&](const auto& a) { return a.port == port; }));
  }

  DvripDevice dvrip;
  RtspDevice rtsp;
  DeviceOptions options;
  VirtualWorld world;
  Device device;
  std::vector<Live> lives;
};

}  // namespace

TEST_CASE("sixteen windows play over RTSP on one login each way") {
  Scene scene(MediaRoute::automatic);
  scene.open(16);
  scene.play(3);
  CHECK(scene.playing() == 16);
  CHECK(scene.lives[0].stats().route == MediaRoute::rtsp);
  CHECK(scene.dvrip.digest_logins == 1);
  CHECK(scene.attempts(37777) == 1);
  CHECK(scene.attempts(554) == 16);
  scene.end();
}

TEST_CASE("an RTSP service that refuses the password hears it once, however many windows ask") {
  Scene scene(MediaRoute::rtsp);
  scene.rtsp.takes_password = false;
  scene.open(8);
  scene.world.advance(1h);
  for (const Live& l : scene.lives) CHECK(l.stats().state == LiveState::failed);
  CHECK(scene.rtsp.with_credentials == 1);
  CHECK(scene.device.stats().state == DeviceState::online);
  scene.end();
}

TEST_CASE("windows go over to 37777 when RTSP refuses the password or is not there") {
  const int way = GENERATE(0, 1, 2);
  CAPTURE(way);
  Scene scene(MediaRoute::automatic);
  if (way == 0) scene.rtsp.takes_password = false;
  if (way == 1) scene.world.connector().refuse(554);
  if (way == 2) scene.world.connector().hang(554);
  scene.open(4);
  scene.world.advance(way == 2 ? 10s : 0s);
  scene.play(3);
  CHECK(scene.playing() == 4);
  for (const Live& l : scene.lives) CHECK(l.stats().route == MediaRoute::dvrip);
  CHECK(scene.rtsp.with_credentials == (way == 0 ? 1 : 0));
  CHECK(scene.attempts(554) <= 4);
  scene.end();
}

TEST_CASE("windows on a device whose control ports are closed play over RTSP alone") {
  Scene scene(MediaRoute::automatic);
  scene.world.connector().refuse(37777);
  scene.open(2);
  scene.play(5);
  CHECK(scene.playing() == 2);
  scene.end();
}

TEST_CASE("RTSP streams are opened again after the device went away, with their channel") {
  Scene scene(MediaRoute::rtsp);
  scene.open(3);
  scene.play(3);
  REQUIRE(scene.playing() == 3);
  scene.world.connector().refuse(554);
  for (const auto& peer : scene.world.connector().peers(554)) peer->reset();
  scene.world.advance(2min);
  for (const Live& l : scene.lives) CHECK(l.stats().state == LiveState::reconnecting);
  scene.world.connector().serve(554, scene.rtsp.script());
  scene.play(40);
  CHECK(scene.playing() == 3);
  for (const Live& l : scene.lives) CHECK(l.stats().restarts == 1);
  CHECK(scene.dvrip.digest_logins == 1);
  scene.end();
}

TEST_CASE(
    "a recorder that has no room for one more viewer is asked again after five seconds, then more slowly") {
  Scene scene(MediaRoute::rtsp);
  scene.rtsp.refusals["SETUP"] = 453;
  scene.open(1);
  scene.world.advance(10min);
  CHECK(scene.lives[0].stats().state == LiveState::reconnecting);
  std::vector<net::TimePoint> at;
  for (const auto& a : scene.world.connector().attempts()) {
    if (a.port == 554) at.push_back(a.at);
  }
  REQUIRE(at.size() >= 10);
  for (std::size_t i = 2; i < at.size(); ++i) CHECK(at[i] - at[i - 1] >= 5s);
  CHECK(at.size() <= 30);
  scene.rtsp.refusals.clear();
  scene.play(35);
  CHECK(scene.playing() == 1);
  scene.end();
}

TEST_CASE("a channel that the device does not have fails and is not asked for again") {
  Scene scene(MediaRoute::rtsp);
  scene.rtsp.refusals["DESCRIBE"] = 404;
  scene.open(1);
  scene.world.advance(1h);
  CHECK(scene.lives[0].stats().state == LiveState::failed);
  CHECK(scene.attempts(554) == 1);
  scene.end();
}

TEST_CASE("two windows on one stream share its connection, and the last one closes it") {
  Scene scene(MediaRoute::rtsp);
  scene.open(1);
  scene.lives.push_back(scene.device.open_live({}, {}));
  scene.play(3);
  CHECK(scene.playing() == 2);
  CHECK(scene.attempts(554) == 1);
  scene.lives.pop_back();
  scene.play(3);
  CHECK(scene.playing() == 1);
  scene.lives.clear();
  scene.world.advance(1s);
  CHECK(scene.rtsp.methods().back() == "TEARDOWN");
  CHECK(scene.world.core()->stats().upstreams == 0);
  scene.end();
}

TEST_CASE("closing while streams are being opened ends the attempts at once") {
  struct Row {
    std::uint16_t port;
    MediaRoute media;
    int silent_step;  // -1: the port does not even answer the connection
  };
  const auto row =
      GENERATE(Row{554, MediaRoute::rtsp, -1}, Row{554, MediaRoute::rtsp, 0}, Row{554, MediaRoute::rtsp, 1},
               Row{554, MediaRoute::rtsp, 2}, Row{554, MediaRoute::rtsp, 4},
               Row{37777, MediaRoute::dvrip, -1}, Row{37777, MediaRoute::dvrip, 0});
  const bool whole_device = GENERATE(true, false);
  CAPTURE(row.port, row.silent_step, whole_device);
  Scene scene(row.media);
  scene.device = scene.world.device(scene.options);
  Answer<DeviceInfo> login;
  scene.device.login(login.handler());
  scene.world.settle();
  REQUIRE(login.ok());
  if (row.silent_step < 0) {
    scene.world.connector().hang(row.port);
  } else if (row.port == 554) {
    scene.world.connector().serve(554, scene.rtsp.script(row.silent_step, Fault::silence));
  } else {
    scene.world.connector().serve(37777, [](Peer& peer) { return peer.stay_silent(); });
  }
  scene.open(6);
  scene.world.advance(1s);
  CHECK(scene.world.core()->stats().upstreams == 6);
  if (whole_device) scene.world.shut_down();
  scene.lives.clear();
  scene.world.advance(2s);
  CHECK(scene.world.core()->stats().upstreams == 0);
  scene.end();
}

// What the SDK does when nothing happens: keep-alives, and nothing besides.
#include <catch2/catch.hpp>

#include "scenario/dvrip_device.hpp"
#include "scenario/rpc_device.hpp"
#include "scenario/rtsp_device.hpp"
#include "scenario/virtual_world.hpp"

using namespace dmss;
using namespace dmss::scenario;

namespace {

constexpr double kHour = 3600;
constexpr double kIdleLimit = 0.2;  // wake-ups a second

struct Scene {
  explicit Scene(ControlRoute route) {
    world.connector().serve(37777, dvrip.script());
    world.connector().serve(80, rpc.http());
    world.connector().serve(5000, rpc.dhip());
    world.connector().serve(554, rtsp.script());
    options = world.options(route);
    if (route != ControlRoute::dvrip) options.password = Secret(std::string(kRpcPassword));
  }
  void log_in() {
    device = world.device(options);
    Answer<DeviceInfo> login;
    device.login(login.handler());
    world.advance(5s);
    REQUIRE(login.ok());
  }
  double wake_ups_a_second() {
    const long before = world.wake_ups();
    world.advance(1h);
    return static_cast<double>(world.wake_ups() - before) / kHour;
  }
  DvripDevice dvrip;
  RpcDevice rpc;
  RtspDevice rtsp;
  DeviceOptions options;
  VirtualWorld world;
  Device device;
};

}  // namespace

TEST_CASE("an engine with nothing to do never wakes up") {
  Scene scene(ControlRoute::dvrip);
  scene.device = scene.world.device(scene.options);
  scene.world.settle();
  CHECK(scene.wake_ups_a_second() == 0);
  scene.log_in();
  scene.device.logout();
  scene.world.advance(1s);
  CHECK(scene.wake_ups_a_second() == 0);
  CHECK_FALSE(scene.world.clock().next().has_value());
}

TEST_CASE("an idle session wakes up for its keep-alives only") {
  const auto route = GENERATE(ControlRoute::dvrip, ControlRoute::http, ControlRoute::dhip);
  CAPTURE(name(route));
  Scene scene(route);
  scene.log_in();
  const double rate = scene.wake_ups_a_second();
  CHECK(rate > 0.09);
  CHECK(rate <= kIdleLimit);
  CHECK(scene.device.stats().state == DeviceState::online);
}

TEST_CASE("a paused window that has given its stream back costs nothing more than the session") {
  Scene scene(ControlRoute::dvrip);
  scene.options.media = GENERATE(MediaRoute::dvrip, MediaRoute::rtsp);
  scene.log_in();
  Live window = scene.device.open_live({}, {});
  for (int i = 0; i < 5; ++i) {
    scene.dvrip.send_frames();
    scene.rtsp.send_frames();
    scene.world.advance(1s);
  }
  REQUIRE(window.stats().packets > 0);
  window.pause();
  for (int i = 0; i < 20; ++i) {
    scene.dvrip.send_frames();
    scene.rtsp.send_frames();
    scene.world.advance(1s);
  }
  CHECK(window.stats().state == LiveState::paused);
  CHECK(scene.wake_ups_a_second() <= kIdleLimit);
  CHECK(scene.world.core()->stats().upstreams == 0);
}

TEST_CASE("a refused device with a window on it sleeps") {
  Scene scene(ControlRoute::dvrip);
  scene.dvrip.verdict = kWrongPassword;
  scene.device = scene.world.device(scene.options);
  Live one = scene.device.open_live({}, {});
  LiveOptions second;
  second.channel = 2;
  Live two = scene.device.open_live(second, {});
  scene.world.advance(1min);
  CHECK(one.stats().state == LiveState::failed);
  CHECK(two.stats().state == LiveState::failed);
  CHECK(scene.wake_ups_a_second() == 0);
  CHECK(scene.dvrip.digest_logins == 1);
}

TEST_CASE("a device that is not there, with a window on it, costs an attempt a minute") {
  Scene scene(ControlRoute::dvrip);
  scene.world.connector().refuse(37777);
  scene.world.connector().refuse(554);
  scene.device = scene.world.device(scene.options);
  Live window = scene.device.open_live({}, {});
  scene.world.advance(10min);
  CHECK(scene.wake_ups_a_second() <= kIdleLimit);
}

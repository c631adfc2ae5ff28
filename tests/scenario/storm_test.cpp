// Devices that come back only to go again: nobody may be asked more often than the pauses allow.
#include <catch2/catch.hpp>

#include "scenario/dvrip_device.hpp"
#include "scenario/virtual_world.hpp"

using namespace dmss;
using namespace dmss::scenario;

namespace {

constexpr std::uint16_t kPort = 37777;
constexpr int kAfterLogin = 2;  // messages of the login

}  // namespace

TEST_CASE("a device that takes the login and then drops the connection is asked less and less often") {
  DvripDevice recorder;
  VirtualWorld world;
  world.connector().serve(kPort, conversation(
                                     dvrip_protocol(), [&](const Bytes& f) { return recorder.answer(f); },
                                     kAfterLogin, Fault::close));
  Device device = world.device(world.options());
  Answer<DeviceInfo> login;
  device.login(login.handler());
  world.advance(10min);
  CHECK(login.count() == 1);
  CHECK(recorder.digest_logins >= 10);
  CHECK(recorder.digest_logins <= 30);  // 0, 1, 2, 4 … 60 s, each halved at most
  device = {};
  world.check_nothing_left();
}

TEST_CASE("a stream that ends after each first picture is opened less and less often") {
  DvripDevice recorder;
  VirtualWorld world;
  world.connector().serve(kPort, recorder.script());
  DeviceOptions options = world.options();
  options.media = MediaRoute::dvrip;
  Device device = world.device(options);
  Live live = device.open_live({}, {});
  for (int i = 0; i < 600; ++i) {
    recorder.send_frames();
    world.settle();
    for (const auto& s : recorder.streams()) s.media->reset();
    world.advance(100ms);
  }
  CHECK(live.stats().packets >= 5);
  CHECK(live.stats().restarts >= 4);
  CHECK(live.stats().restarts <= 10);
  CHECK(recorder.digest_logins == 1);
  live = {};
  device = {};
  world.check_nothing_left();
}

TEST_CASE("a stream that had played for a while is opened again at once, however often that happens") {
  DvripDevice recorder;
  VirtualWorld world;
  world.connector().serve(kPort, recorder.script());
  DeviceOptions options = world.options();
  options.media = MediaRoute::dvrip;
  Device device = world.device(options);
  Live live = device.open_live({}, {});
  for (std::uint64_t round = 0; round < 5; ++round) {
    for (int i = 0; i < 15; ++i) {
      world.advance(1s);
      recorder.send_frames();
    }
    world.settle();
    REQUIRE(live.stats().state == LiveState::playing);
    CHECK(live.stats().restarts == round);
    for (const auto& s : recorder.streams()) s.media->reset();
    world.advance(100ms);
  }
}

TEST_CASE("an engine that ends while its device waits for another engine's login does not wait with it") {
  DvripDevice recorder;
  VirtualWorld slow;
  slow.connector().serve(
      kPort,
      conversation(dvrip_protocol(), [&](const Bytes& f) { return recorder.answer(f); }, 1, Fault::silence));
  DeviceOptions options = slow.options();
  Device first = slow.device(options);
  Answer<DeviceInfo> a;
  first.login(a.handler());
  slow.advance(1s);
  REQUIRE(a.count() == 0);
  {
    VirtualWorld ending;
    Device second = ending.device(options);
    Answer<DeviceInfo> b;
    second.login(b.handler());
    ending.advance(1s);
    REQUIRE(b.count() == 0);
    second = {};
    ending.check_nothing_left();
    CHECK(b.count() == 1);
    CHECK(b.error() == Errc::cancelled);
  }
  // The turn goes to whoever still waits.
  Device third = slow.device(options);
  Answer<DeviceInfo> c;
  third.login(c.handler());
  slow.advance(10s);
  CHECK(a.error() == Errc::timeout);
  slow.connector().serve(kPort, recorder.script());
  slow.advance(20s);
  CHECK(c.count() == 1);
  first = {};
  third = {};
  slow.check_nothing_left();
}

TEST_CASE("a device that logs out while it waits for its turn to log in is idle at once") {
  DvripDevice recorder;
  VirtualWorld world;
  world.connector().serve(
      kPort,
      conversation(dvrip_protocol(), [&](const Bytes& f) { return recorder.answer(f); }, 1, Fault::silence));
  Device first = world.device(world.options());
  Device second = world.device(world.options());
  first.login({});
  second.login({});
  world.advance(1s);
  REQUIRE(second.stats().state == DeviceState::connecting);
  second.logout();
  world.settle();
  CHECK(second.stats().state == DeviceState::idle);
}

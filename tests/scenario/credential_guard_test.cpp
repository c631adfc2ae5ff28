// The lock-out guard at work: what a device has refused is not sent to it again, what the network has lost is.
#include <catch2/catch.hpp>

#include "proto/dvrip/login.hpp"
#include "scenario/conversation.hpp"
#include "scenario/dvrip_device.hpp"
#include "scenario/virtual_world.hpp"

using namespace dmss;
using namespace dmss::scenario;

namespace {

constexpr std::uint16_t kPort = 37777;

struct Scene {
  explicit Scene(Bytes verdict = kAccepted) {
    recorder.verdict = std::move(verdict);
    world.connector().serve(
        kPort, conversation(dvrip_protocol(), [this](const Bytes& f) { return recorder.answer(f); }));
  }
  Device device() { return world.device(world.options()); }
  Error log_in(Device& device, LoginOptions options = {}) {
    Answer<DeviceInfo> login;
    device.login(login.handler(), options);
    world.settle();
    REQUIRE(login.count() == 1);
    return login.error();
  }
  DvripDevice recorder;
  VirtualWorld world;
};

Bytes locked_for(int seconds) {
  auto verdict = proto::dvrip::make_refused(proto::dvrip::Reason::locked);
  verdict.lock_seconds = seconds;
  return proto::dvrip::write_verdict(verdict);
}

}  // namespace

TEST_CASE("a refused password never reaches the device again, by whatever way it is asked for") {
  Scene scene(kWrongPassword);
  Device device = scene.device();
  CHECK(scene.log_in(device) == Errc::wrong_password);
  REQUIRE(scene.recorder.digest_logins == 1);

  const Error again = scene.log_in(device);
  CHECK(again == Errc::credentials_held_back);
  REQUIRE(again.cause() != nullptr);
  CHECK(*again.cause() == Errc::wrong_password);
  CHECK(again.cause()->tries_left() == 4);

  Answer<std::string> call;
  device.call("magicBox.getSerialNo", "", call.handler());
  Answer<std::vector<std::uint8_t>> picture;
  device.snapshot(1, picture.handler());
  Live window = device.open_live({}, {});
  Device other = scene.device();
  CHECK(scene.log_in(other) == Errc::credentials_held_back);
  scene.world.advance(24h);
  CHECK(call.count() == 1);
  CHECK(call.error() == Errc::credentials_held_back);
  CHECK(picture.count() == 1);
  CHECK(picture.error() == Errc::credentials_held_back);
  CHECK(window.stats().state == LiveState::failed);
  CHECK(scene.recorder.digest_logins == 1);
  CHECK(scene.world.connector().attempts().size() == 1);
  CHECK(device.stats().login_attempts == 1);
  CHECK(other.stats().login_attempts == 0);

  window = {};
  device = other = {};
  scene.world.check_nothing_left();
}

TEST_CASE("a refused password goes out again when the caller insists, once") {
  Scene scene(kWrongPassword);
  Device device = scene.device();
  CHECK(scene.log_in(device) == Errc::wrong_password);
  CHECK(scene.log_in(device, LoginOptions{.retry_refused = true}) == Errc::wrong_password);
  CHECK(scene.recorder.digest_logins == 2);
  CHECK(scene.log_in(device) == Errc::credentials_held_back);
  CHECK(scene.recorder.digest_logins == 2);
}

TEST_CASE("other credentials are tried at once, and the old ones stay held back") {
  Scene scene(kWrongPassword);
  Device device = scene.device();
  CHECK(scene.log_in(device) == Errc::wrong_password);
  device.set_credentials("admin", Secret("better"));
  scene.recorder.verdict = kAccepted;
  CHECK(scene.log_in(device) == Errc::ok);
  CHECK(scene.recorder.digest_logins == 2);
  Device other = scene.device();
  CHECK(scene.log_in(other) == Errc::credentials_held_back);
  CHECK(scene.recorder.digest_logins == 2);
}

TEST_CASE("a second window on a stream that failed hears why, too") {
  Scene scene(kWrongPassword);
  Device device = scene.device();
  Live first = device.open_live({}, {});
  scene.world.advance(1s);
  CHECK(first.stats().state == LiveState::failed);
  std::vector<std::pair<LiveState, Errc>> told;
  LiveHandlers handlers;
  handlers.on_state = [&](LiveState state, const Error& why) { told.emplace_back(state, why.code()); };
  Live second = device.open_live({}, handlers);
  scene.world.advance(1h);
  REQUIRE(told.size() == 2);
  CHECK(told[0].first == LiveState::opening);
  CHECK(told[1] == std::pair(LiveState::failed, Errc::wrong_password));
  CHECK(scene.recorder.digest_logins == 1);
}

TEST_CASE("a window that comes while a stream waits to be opened again is told so") {
  Scene scene;
  scene.world.connector().refuse(kPort);
  scene.world.connector().refuse(554);
  Device device = scene.device();
  Live first = device.open_live({}, {});
  scene.world.advance(1min);
  CHECK(first.stats().state == LiveState::reconnecting);
  Live second = device.open_live({}, {});
  scene.world.settle();
  CHECK(second.stats().state == LiveState::reconnecting);
}

TEST_CASE("a window that was refused opens by itself when better credentials come") {
  Scene scene(kWrongPassword);
  Device device = scene.device();
  Live window = device.open_live({}, {});
  scene.world.advance(1h);
  CHECK(window.stats().state == LiveState::failed);
  CHECK(scene.recorder.digest_logins == 1);
  scene.recorder.verdict = kAccepted;
  device.set_credentials("admin", Secret("better"));
  scene.world.advance(1s);
  CHECK(scene.recorder.digest_logins == 2);
  CHECK(device.stats().state == DeviceState::online);
}

TEST_CASE("a locked account waits its seconds and is tried then, when somebody asks") {
  Scene scene(locked_for(300));
  Device device = scene.device();
  const Error locked = scene.log_in(device);
  CHECK(locked == Errc::locked);
  CHECK(locked.seconds_left() == 300);
  scene.world.advance(100s);
  const Error waiting = scene.log_in(device);
  CHECK(waiting == Errc::locked);
  CHECK(waiting.seconds_left() == 200);
  scene.world.advance(200s - 1ms);
  CHECK(scene.log_in(device).seconds_left() == 1);
  CHECK(scene.recorder.digest_logins == 1);
  scene.recorder.verdict = kAccepted;
  scene.world.advance(1ms);
  CHECK(scene.recorder.digest_logins == 1);
  CHECK(scene.log_in(device) == Errc::ok);
  CHECK(scene.recorder.digest_logins == 2);
}

TEST_CASE("a lock without a time is a refusal like any other") {
  Scene scene(proto::dvrip::write_verdict(proto::dvrip::make_refused(proto::dvrip::Reason::locked)));
  Device device = scene.device();
  CHECK(scene.log_in(device) == Errc::locked);
  scene.world.advance(24h);
  CHECK(scene.log_in(device) == Errc::credentials_held_back);
  CHECK(scene.recorder.digest_logins == 1);
}

TEST_CASE("a lock told in place of the challenge keeps the password at home") {
  Scene scene;
  scene.recorder.challenge = locked_for(60);
  Device device = scene.device();
  CHECK(scene.log_in(device) == Errc::locked);
  scene.world.advance(30s);
  CHECK(scene.log_in(device).seconds_left() == 30);
  CHECK(scene.recorder.digest_logins == 0);
  CHECK(scene.world.connector().attempts().size() == 1);
}

TEST_CASE("network failures are not held against the credentials") {
  Scene scene;
  scene.world.connector().refuse(kPort);
  Device device = scene.device();
  for (int i = 0; i < 20; ++i) CHECK(scene.log_in(device) == Errc::connect_failed);
  CHECK(scene.world.connector().attempts().size() == 20);
  scene.world.connector().serve(
      kPort, conversation(dvrip_protocol(), [&](const Bytes& f) { return scene.recorder.answer(f); }));
  CHECK(scene.log_in(device) == Errc::ok);
}

TEST_CASE("many devices on one recorder with a wrong password send it once") {
  Scene scene(kWrongPassword);
  std::vector<Device> devices;
  std::vector<Answer<DeviceInfo>> logins(8);
  for (auto& login : logins) {
    devices.push_back(scene.device());
    devices.back().login(login.handler());
  }
  scene.world.advance(1h);
  int refused = 0;
  for (const auto& login : logins) {
    CHECK(login.count() == 1);
    refused += login.error() == Errc::wrong_password ? 1 : 0;
    CHECK((login.error() == Errc::wrong_password || login.error() == Errc::credentials_held_back));
  }
  CHECK(refused == 1);
  CHECK(scene.recorder.digest_logins == 1);
  devices.clear();
  scene.world.check_nothing_left();
}

TEST_CASE(
    "no other route is tried with credentials that one route has refused, or has taken without a verdict") {
  const Fault fault = GENERATE(Fault::none, Fault::close, Fault::reset, Fault::silence, Fault::oversize);
  CAPTURE(name(fault));
  Scene scene(kWrongPassword);
  scene.world.connector().serve(
      kPort,
      conversation(dvrip_protocol(), [&](const Bytes& f) { return scene.recorder.answer(f); }, 1, fault));
  DeviceOptions options = scene.world.options(ControlRoute::automatic);
  Device device = scene.world.device(options);
  Answer<DeviceInfo> login;
  device.login(login.handler());
  scene.world.advance(1min);
  CHECK(login.count() == 1);
  CHECK_FALSE(login.ok());
  CHECK(scene.recorder.digest_logins == 1);
  CHECK(scene.world.connector().attempts().size() == 1);
}

TEST_CASE("a service that fails before the credentials went out leads to the next route") {
  Scene scene;
  scene.world.connector().serve(
      kPort,
      conversation(
          dvrip_protocol(), [&](const Bytes& f) { return scene.recorder.answer(f); }, 0, Fault::close));
  Device device = scene.world.device(scene.world.options(ControlRoute::automatic));
  Answer<DeviceInfo> login;
  device.login(login.handler());
  scene.world.settle();
  CHECK(login.error() == Errc::connection_lost);
  std::vector<std::uint16_t> ports;
  for (const auto& a : scene.world.connector().attempts()) ports.push_back(a.port);
  CHECK(ports == std::vector<std::uint16_t>{37777, 443, 80, 5000});
  CHECK(scene.world.connector().attempts()[1].tls);
}

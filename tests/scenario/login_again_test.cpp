// Logins that were refused for no known reason, or not answered at all: when the same credentials go out again.
#include <catch2/catch.hpp>

#include "proto/dvrip/login.hpp"
#include "scenario/dvrip_device.hpp"
#include "scenario/rtsp_device.hpp"
#include "scenario/virtual_world.hpp"

using namespace dmss;
using namespace dmss::scenario;

namespace {

constexpr std::uint16_t kPort = 37777;
constexpr int kDigest = 1;  // message of the login that carries the credentials

/// A pair that the notes do not know.
Bytes refused(std::uint8_t b8, std::uint8_t b9) {
  proto::dvrip::Verdict verdict = proto::dvrip::make_refused(proto::dvrip::Reason::wrong_password);
  verdict.b8 = b8;
  verdict.b9 = b9;
  verdict.tries_left.reset();
  return proto::dvrip::write_verdict(verdict);
}

struct Scene {
  Scene() {
    serve();
    options = world.options();
    options.media = MediaRoute::dvrip;
  }
  void serve() { world.connector().serve(kPort, recorder.script()); }
  void refuse_in_silence(Fault fault) {
    world.connector().serve(
        kPort, conversation(
                   dvrip_protocol(), [this](const Bytes& f) { return recorder.answer(f); }, kDigest, fault));
  }
  Error log_in() {
    if (!device) device = world.device(options);
    Answer<DeviceInfo> login;
    device.login(login.handler());
    world.settle();
    REQUIRE(login.count() == 1);
    return login.error();
  }
  Live open() {
    if (!device) device = world.device(options);
    LiveHandlers h;
    h.on_state = [this](LiveState state, const Error&) { states.push_back(state); };
    return device.open_live({}, h);
  }
  void play(int seconds) {
    for (int i = 0; i < seconds; ++i) {
      recorder.send_frames();
      world.advance(1s);
    }
  }
  bool failed() const { return std::count(states.begin(), states.end(), LiveState::failed) > 0; }

  DvripDevice recorder;
  DeviceOptions options;
  std::vector<LiveState> states;
  VirtualWorld world;
  Device device;
};

}  // namespace

TEST_CASE("a refusal that nobody knows holds back new credentials for half a minute, not for ever") {
  Scene s;
  s.recorder.verdict = refused(1, 7);
  const Error first = s.log_in();
  CHECK(first == Errc::login_refused);
  CHECK(first.device_code() == 263);
  const Error held = s.log_in();
  CHECK(held == Errc::credentials_held_back);
  REQUIRE(held.cause() != nullptr);
  CHECK(*held.cause() == Errc::login_refused);
  CHECK(held.seconds_left() == 30);
  s.world.advance(30s - 1ms);
  CHECK(s.log_in() == Errc::credentials_held_back);
  CHECK(s.recorder.digest_logins == 1);
  s.recorder.verdict = kAccepted;
  s.world.advance(1ms);
  CHECK(s.log_in() == Errc::ok);
  CHECK(s.recorder.digest_logins == 2);
}

TEST_CASE("a window outlives refusals of a device that is busy or has too many users") {
  const Bytes verdict = GENERATE(refused(1, 7), refused(3, 3), refused(9, 77));
  Scene s;
  Live window = s.open();
  s.play(5);
  REQUIRE(s.states.back() == LiveState::playing);
  s.recorder.verdict = verdict;
  s.recorder.reset_all();
  s.world.advance(29s);
  CHECK(s.recorder.digest_logins == 2);
  CHECK(s.device.stats().state == DeviceState::waiting);
  s.world.advance(17s);
  CHECK(s.recorder.digest_logins == 3);
  s.recorder.verdict = kAccepted;
  s.world.advance(46s);
  CHECK(s.recorder.digest_logins == 4);
  s.play(35);
  CHECK(s.states.back() == LiveState::playing);
  CHECK_FALSE(s.failed());

  SECTION("a caller who asks meanwhile is not held back either") {
    s.recorder.verdict = verdict;
    s.recorder.reset_all();
    s.world.advance(1s);
    CHECK(s.log_in() != Errc::credentials_held_back);
    s.recorder.verdict = kAccepted;
    CHECK(s.log_in() == Errc::ok);
  }
  window = {};
  s.device = {};
  s.world.check_nothing_left();
}

TEST_CASE("credentials that a device takes without a word go out less and less often") {
  const Fault fault = GENERATE(Fault::close, Fault::reset, Fault::half_then_close);
  const bool with_window = GENERATE(false, true);
  CAPTURE(name(fault), with_window);
  Scene s;
  s.refuse_in_silence(fault);
  Live window;
  if (with_window) window = s.open();
  const Error first = s.log_in();
  CHECK(first != Errc::credentials_held_back);
  REQUIRE(s.recorder.digest_logins == 1);
  const Error held = s.log_in();
  CHECK(held == Errc::credentials_held_back);
  REQUIRE(held.cause() != nullptr);
  CHECK(held.cause()->code() == first.code());
  for (int i = 0; i < 29; ++i) {
    s.world.advance(1s);
    s.log_in();
  }
  CHECK(s.recorder.digest_logins == 1);
  for (int i = 0; i < 3600; ++i) {
    s.world.advance(1s);
    s.log_in();
  }
  CHECK(s.recorder.digest_logins >= 6);  // after 30, 60, 120 … s
  CHECK(s.recorder.digest_logins <= 8);
  CHECK_FALSE(s.failed());

  s.serve();
  s.world.advance(1h);
  if (with_window) CHECK(s.device.stats().state == DeviceState::online);
  CHECK(s.log_in() == Errc::ok);
  window = {};
  s.device = {};
  s.world.check_nothing_left();
}

TEST_CASE("a login that the device never answers is not sent again at once") {
  Scene s;
  s.refuse_in_silence(Fault::silence);
  s.device = s.world.device(s.options);
  for (int i = 0; i < 10; ++i) {
    s.device.login({}, LoginOptions{.timeout = 1s});
    s.world.advance(3s);
  }
  CHECK(s.recorder.digest_logins == 1);
}

TEST_CASE("credentials that the device has accepted before go out at once after an answer that got lost") {
  Scene s;
  REQUIRE(s.log_in() == Errc::ok);
  s.refuse_in_silence(Fault::close);
  s.recorder.reset_all();
  s.world.advance(10s);
  CHECK(s.recorder.digest_logins >= 4);
  s.serve();
  CHECK(s.log_in() == Errc::ok);

  SECTION("until it finds them wrong") {
    s.recorder.verdict = kWrongPassword;
    s.recorder.reset_all();
    s.world.advance(1min);
    CHECK(s.device.stats().state == DeviceState::refused);
    const int sent = s.recorder.digest_logins;
    CHECK(s.log_in() == Errc::credentials_held_back);
    CHECK(s.recorder.digest_logins == sent);
  }
}

TEST_CASE("the caller may insist on credentials that got no answer") {
  Scene s;
  s.refuse_in_silence(Fault::close);
  CHECK(s.log_in() == Errc::connection_lost);
  s.serve();
  CHECK(s.log_in() == Errc::credentials_held_back);
  Answer<DeviceInfo> login;
  s.device.login(login.handler(), LoginOptions{.retry_refused = true});
  s.world.settle();
  CHECK(login.ok());
}

TEST_CASE("credentials given while the old ones are on their way are tried, too") {
  const bool accepted = GENERATE(true, false);
  Scene s;
  s.refuse_in_silence(Fault::silence);
  s.device = s.world.device(s.options);
  Answer<DeviceInfo> old, fresh;
  s.device.login(old.handler());
  s.world.advance(1s);
  REQUIRE(s.recorder.digest_logins == 1);
  s.device.set_credentials("admin", Secret("better"));
  s.device.login(fresh.handler());
  s.serve();
  s.recorder.verdict = accepted ? kAccepted : refused(1, 1);
  s.world.connector().peers(kPort).at(0)->send(kWrongPassword);
  s.world.settle();
  CHECK(old.count() == 1);
  CHECK(old.error() == Errc::wrong_password);
  CHECK(fresh.count() == 1);
  CHECK(fresh.error() == (accepted ? Errc::ok : Errc::wrong_user));
  CHECK(s.recorder.digest_logins == 2);
  CHECK(s.device.stats().state == (accepted ? DeviceState::online : DeviceState::refused));
}

TEST_CASE("a window that waits gets the credentials that came while the old ones were on their way") {
  Scene s;
  s.refuse_in_silence(Fault::silence);
  Live window = s.open();
  s.world.advance(1s);
  REQUIRE(s.recorder.digest_logins == 1);
  s.device.set_credentials("admin", Secret("better"));
  s.serve();
  s.world.connector().peers(kPort).at(0)->send(kWrongPassword);
  s.play(3);
  CHECK(s.recorder.digest_logins == 2);
  CHECK(s.states.back() == LiveState::playing);
  CHECK_FALSE(s.failed());
}

TEST_CASE("credentials that nobody waits for are not tried") {
  Scene s;
  s.refuse_in_silence(Fault::silence);
  s.device = s.world.device(s.options);
  Answer<DeviceInfo> old;
  s.device.login(old.handler());
  s.world.advance(1s);
  s.device.set_credentials("admin", Secret("better"));
  s.serve();
  s.world.connector().peers(kPort).at(0)->send(kWrongPassword);
  s.world.advance(1h);
  CHECK(old.error() == Errc::wrong_password);
  CHECK(s.recorder.digest_logins == 1);
}

// Logging in on 37777, and every way in which it can go wrong.
#include <catch2/catch.hpp>

#include "proto/dvrip/login.hpp"
#include "scenario/conversation.hpp"
#include "scenario/dvrip_device.hpp"
#include "scenario/virtual_world.hpp"

using namespace dmss;
using namespace dmss::scenario;

namespace {

constexpr std::uint16_t kPort = 37777;
constexpr LoginOptions kPatient{.timeout = 120s};

Words words_of(DvripDevice& device) {
  return [&device](const Bytes& frame) { return device.answer(frame); };
}

std::size_t frames_with(const std::vector<std::shared_ptr<Peer>>& peers, const Bytes& frame) {
  std::size_t n = 0;
  for (const auto& peer : peers) {
    for (const auto& heard : peer->heard()) n += heard.bytes == frame ? 1 : 0;
  }
  return n;
}

// In the order in which the link speaks.
constexpr const char* kSteps[] = {"realm request",    "digest login",        "serial query",  "model query",
                                  "capability query", "channel names query", "software query"};
constexpr int kDigestStep = 1;
constexpr int kIdentitySteps = 2;
constexpr int kNamesStep = 5;
constexpr int kLastStep = 6;

Errc expected(int step, Fault fault) {
  switch (fault) {
    case Fault::close:
    case Fault::reset:
    case Fault::half_then_close: return Errc::connection_lost;
    case Fault::silence:
    case Fault::half_then_silence:
      if (step >= kNamesStep) return Errc::ok;  // a device that merely has no names for its channels
      return step < kIdentitySteps ? Errc::timeout : Errc::device_offline;
    case Fault::nonsense:
    case Fault::oversize: return Errc::too_large;
    case Fault::none: break;
  }
  return Errc::ok;
}

}  // namespace

TEST_CASE("a DVRIP login is the notes' conversation and ends with the device's identity") {
  DvripDevice recorder;
  VirtualWorld world;
  world.connector().serve(kPort, conversation(dvrip_protocol(), words_of(recorder)));
  Device device = world.device(world.options());
  Answer<DeviceInfo> login;
  device.login(login.handler());
  world.settle();
  REQUIRE(login.count() == 1);
  CHECK(login.value().serial == "3G0TEST0001");
  CHECK(login.value().model == "NVR5216");
  CHECK(login.value().channel_names == std::vector<std::string>{"Gate", "Yard"});
  CHECK(login.value().login == LoginKind::dvrip_digest);
  CHECK(login.value().route == ControlRoute::dvrip);
  CHECK(login.value().connection == "tcp " + world.options().address + ":37777");
  {
    const auto& heard = world.connector().peers(kPort).at(0)->heard();
    REQUIRE(heard.size() == std::size(kSteps) + 1);  // the channel names are asked for in both dialects
    CHECK(to_hex(heard[0].bytes) == to_hex(kRealmRequest));
    CHECK(to_hex(heard[1].bytes, 128) == to_hex(golden_digest_login(), 128));
  }
  const DeviceStats stats = device.stats();
  CHECK(stats.state == DeviceState::online);
  CHECK(stats.logins == 1);
  CHECK(stats.login_attempts == 1);
  CHECK(stats.reconnects == 0);

  device = {};
  world.check_nothing_left();
  CHECK(login.count() == 1);
  CHECK(recorder.logouts == 1);
}

TEST_CASE("a device that knows only one dialect of the channel names keeps nobody waiting") {
  DvripDevice recorder;
  recorder.names_dialect = GENERATE(0, 1);
  VirtualWorld world;
  world.connector().serve(kPort, conversation(dvrip_protocol(), words_of(recorder)));
  Device device = world.device(world.options());
  Answer<DeviceInfo> login;
  device.login(login.handler());
  world.settle();
  REQUIRE(login.count() == 1);
  REQUIRE(login.ok());
  CHECK(login.value().channel_names == std::vector<std::string>{"Gate", "Yard"});
}

TEST_CASE("who the device is, is asked in one flight: a question that stays unanswered costs three seconds") {
  DvripDevice recorder;
  const bool knows = GENERATE(true, false);
  if (!knows) recorder.drops[0x0b] = 99;
  VirtualWorld world;
  world.connector().serve(kPort, recorder.script());
  Device device = world.device(world.options());
  Answer<DeviceInfo> login;
  const net::TimePoint began = world.now();
  device.login(login.handler(), kPatient);
  world.advance(knows ? 0s : 3s);
  REQUIRE(login.ok());
  CHECK(login.value().serial == "3G0TEST0001");
  CHECK(login.value().model.empty() == !knows);
  CHECK(login.value().software == "4.001");
  CHECK(login.value().channel_names.size() == 2);
  const auto& heard = world.connector().peers(kPort).at(0)->heard();
  REQUIRE(heard.size() >= 7);
  for (std::size_t i = 2; i < 7; ++i) CHECK(heard[i].at == began);
}

TEST_CASE("a device that takes one question at a time is asked once more, one by one") {
  DvripDevice recorder;
  recorder.drops = {{0x0b, 1}, {0x1a, 1}};
  VirtualWorld world;
  world.connector().serve(kPort, recorder.script());
  Device device = world.device(world.options());
  Answer<DeviceInfo> login;
  device.login(login.handler(), kPatient);
  world.advance(3s);
  REQUIRE(login.ok());
  CHECK(login.value().serial == "3G0TEST0001");
  CHECK(login.value().model == "NVR5216");
  CHECK(login.value().software == "4.001");
}

TEST_CASE("a DVRIP login succeeds whatever the pieces in which the device's bytes arrive") {
  for (std::size_t piece = 1; piece <= golden_challenge().size(); ++piece) {
    CAPTURE(piece);
    DvripDevice recorder;
    VirtualWorld world;
    world.connector().serve(kPort, [&](Peer& peer) {
      peer.split(piece);
      return converse(peer, dvrip_protocol(), words_of(recorder), -1, Fault::none);
    });
    Device device = world.device(world.options());
    Answer<DeviceInfo> login;
    device.login(login.handler());
    world.settle();
    REQUIRE(login.count() == 1);
    REQUIRE(login.ok());
    CHECK(login.value().channel_names.size() == 2);
  }
}

TEST_CASE(
    "a fault at any step of a DVRIP login ends it once, with its own error, and the password went out at "
    "most once") {
  for (int step = 0; step < static_cast<int>(std::size(kSteps)); ++step) {
    for (const Fault fault : kFaults) {
      DYNAMIC_SECTION(kSteps[step] << ": " << name(fault)) {
        DvripDevice recorder;
        DvripDevice back_again;
        int connections = 0;
        VirtualWorld world;
        world.connector().serve(kPort, [&](Peer& peer) {
          const bool first = ++connections == 1;
          return converse(peer, dvrip_protocol(), words_of(first ? recorder : back_again), first ? step : -1,
                          fault);
        });
        DeviceOptions options = world.options();
        options.reconnect = false;
        Device device = world.device(options);
        Answer<DeviceInfo> login;
        device.login(login.handler(), kPatient);
        world.advance(200s);
        REQUIRE(login.count() == 1);
        CHECK(name(login.error().code()) == name(expected(step, fault)));
        if (login.error()) CHECK(login.error().connection().find("37777") != std::string_view::npos);
        const std::size_t sent = frames_with(world.connector().peers(kPort), golden_digest_login());
        CHECK(sent == (step < kDigestStep ? 0 : 1));
        CHECK(device.stats().login_attempts == sent);
        CHECK(world.connector().attempts().size() == 1);
        CHECK(device.stats().state == DeviceState::idle);

        Answer<DeviceInfo> second;
        device.login(second.handler());
        world.settle();
        CHECK(second.ok());
        device = {};
        world.check_nothing_left();
        CHECK(login.count() == 1);
      }
    }
  }
}

TEST_CASE("a DVRIP port that refuses, is not there or cannot be resolved is told as such") {
  struct Row {
    Errc code;
    Duration after;
  };
  const auto row =
      GENERATE(Row{Errc::connect_failed, 0s}, Row{Errc::resolve_failed, 0s}, Row{Errc::timeout, 10s});
  VirtualWorld world;
  world.connector().refuse(kPort, row.code);
  Device device = world.device(world.options());
  Answer<DeviceInfo> login;
  device.login(login.handler());
  if (row.after > 0s) {
    world.advance(row.after - 1ms);
    CHECK(login.count() == 0);
    world.advance(1ms);
  }
  world.settle();
  REQUIRE(login.count() == 1);
  CHECK(login.error() == row.code);
  CHECK(device.stats().login_attempts == 0);
  world.advance(1h);
  CHECK(login.count() == 1);
  CHECK(world.connector().attempts().size() == 1);
  device = {};
  world.check_nothing_left();
}

TEST_CASE("a refused DVRIP login says why and how many tries are left") {
  struct Row {
    Bytes verdict;
    Errc code;
    std::optional<int> tries;
  };
  using proto::dvrip::Reason;
  const auto refused = [](Reason r) { return proto::dvrip::write_verdict(proto::dvrip::make_refused(r)); };
  const std::vector<Row> rows = {{kWrongPassword, Errc::wrong_password, 4},
                                 {refused(Reason::unknown_user), Errc::wrong_user, std::nullopt},
                                 {refused(Reason::blocked), Errc::blocked, std::nullopt},
                                 {refused(Reason::not_initialised), Errc::not_initialised, std::nullopt},
                                 {refused(Reason::already_logged_in), Errc::already_logged_in, std::nullopt}};
  for (const Row& row : rows) {
    CAPTURE(name(row.code));
    DvripDevice recorder;
    recorder.verdict = row.verdict;
    VirtualWorld world;
    world.connector().serve(kPort, conversation(dvrip_protocol(), words_of(recorder)));
    Device device = world.device(world.options());
    Answer<DeviceInfo> login;
    device.login(login.handler());
    world.advance(1h);
    REQUIRE(login.count() == 1);
    CHECK(login.error() == row.code);
    if (row.tries) CHECK(login.error().tries_left() == row.tries);
    CHECK(recorder.digest_logins == 1);
    CHECK(device.stats().state == DeviceState::refused);
    device = {};
    world.check_nothing_left();
  }
}

TEST_CASE("frames that are no answer to the login are passed over, but not without end") {
  const int noise = GENERATE(5, 31, 32, 1000);
  DvripDevice recorder;
  VirtualWorld world;
  world.connector().serve(kPort, conversation(dvrip_protocol(), [&](const Bytes& frame) {
                            Bytes all;
                            if (frame == kRealmRequest) {
                              for (int i = 0; i < noise; ++i)
                                proto::dvrip::append_frame(
                                    all, proto::dvrip::Header(proto::dvrip::Command::alarm_report));
                            }
                            Writer(all).bytes(recorder.answer(frame));
                            return all;
                          }));
  Device device = world.device(world.options());
  Answer<DeviceInfo> login;
  device.login(login.handler());
  world.settle();
  REQUIRE(login.count() == 1);
  if (noise < 32) {
    CHECK(login.ok());
  } else {
    CHECK(login.error() == Errc::malformed);
    CHECK(recorder.digest_logins == 0);
  }
}

TEST_CASE("a second challenge in place of the verdict does not draw the password out again") {
  DvripDevice recorder;
  VirtualWorld world;
  recorder.verdict = golden_challenge();
  world.connector().serve(kPort, conversation(dvrip_protocol(), words_of(recorder)));
  Device device = world.device(world.options());
  Answer<DeviceInfo> login;
  device.login(login.handler());
  world.advance(1h);
  REQUIRE(login.count() == 1);
  CHECK(login.error() == Errc::malformed);
  CHECK(recorder.digest_logins == 1);
}

TEST_CASE("a verdict in place of the challenge does not draw out a readable password that was not allowed") {
  DvripDevice recorder;
  VirtualWorld world;
  recorder.challenge = kWrongPassword;
  world.connector().serve(kPort, conversation(dvrip_protocol(), words_of(recorder)));
  Device device = world.device(world.options());
  Answer<DeviceInfo> login;
  device.login(login.handler());
  world.advance(1h);
  REQUIRE(login.count() == 1);
  CHECK(login.error() == Errc::legacy_login_needed);
  CHECK(world.connector().peers(kPort).at(0)->heard().size() == 1);
  CHECK(device.stats().login_attempts == 0);
}

TEST_CASE("to a device that knows no challenge exactly the login goes that the caller named, once") {
  struct Row {
    LegacyLogin legacy;
    const char* password;
    Bytes frame;
    LoginKind kind;
  };
  const std::vector<Row> rows = {
      {LegacyLogin::gen0, "donotuse",
       from_hex(
           "a0 00 00 00 00 00 00 00 c4 a3 af 48 99 56 b6 b4 54 ab ae b6 01 21 d6 71 05 02 00 01 00 00 a1 aa"),
       LoginKind::dvrip_gen0},
      {LegacyLogin::plain, "donotuse",
       from_hex(
           "a0 00 00 60 00 00 00 00 61 64 6d 69 6e 00 00 00 64 6f 6e 6f 74 75 73 65 04 01 00 00 00 00 a1 aa"),
       LoginKind::dvrip_plain},
      // gen0 knows the first eight bytes alone; plain then goes the long way.
      {LegacyLogin::gen0, "donotuse it",
       from_hex(
           "a0 00 00 00 00 00 00 00 c4 a3 af 48 99 56 b6 b4 54 ab ae b6 01 21 d6 71 05 02 00 01 00 00 a1 aa"),
       LoginKind::dvrip_gen0},
      {LegacyLogin::plain, "donotuse it",
       from_hex(
           "a0 00 00 60 12 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 04 01 00 00 00 00 a1 aa"
           "61 64 6d 69 6e 26 26 64 6f 6e 6f 74 75 73 65 20 69 74"),
       LoginKind::dvrip_plain}};
  for (const Row& row : rows) {
    for (const bool accepted : {true, false}) {
      CAPTURE(name(row.kind), row.password, accepted);
      DvripDevice recorder;
      VirtualWorld world;
      world.connector().serve(kPort, conversation(dvrip_protocol(), [&](const Bytes& frame) {
                                if (frame == kRealmRequest) return kWrongPassword;
                                if (frame == row.frame) return accepted ? kAccepted : kWrongPassword;
                                return recorder.answer(frame);
                              }));
      DeviceOptions options = world.options();
      options.legacy_login = row.legacy;
      options.password = Secret(std::string(row.password));
      Device device = world.device(options);
      Answer<DeviceInfo> login;
      device.login(login.handler());
      world.advance(1min);
      REQUIRE(login.count() == 1);
      if (accepted) {
        REQUIRE(login.ok());
        CHECK(login.value().login == row.kind);
      } else {
        CHECK(login.error() == Errc::wrong_password);
        CHECK(login.error().tries_left() == 4);
      }
      CHECK(frames_with(world.connector().peers(kPort), row.frame) == 1);
      CHECK(device.stats().login_attempts == 1);
      CHECK(recorder.digest_logins == 0);
      device = {};
      world.check_nothing_left();
    }
  }
}

TEST_CASE("a device that knows challenges is never sent a legacy login, whatever the caller named") {
  DvripDevice recorder;
  recorder.verdict = GENERATE(kAccepted, kWrongPassword);
  VirtualWorld world;
  world.connector().serve(kPort, conversation(dvrip_protocol(), words_of(recorder)));
  DeviceOptions options = world.options();
  options.legacy_login = GENERATE(LegacyLogin::plain, LegacyLogin::gen0);
  Device device = world.device(options);
  Answer<DeviceInfo> login;
  device.login(login.handler());
  world.advance(1min);
  REQUIRE(login.count() == 1);
  CHECK(recorder.digest_logins == 1);
  CHECK(device.stats().login_attempts == 1);
}

TEST_CASE(
    "cancelling, logging out and letting go in the middle of a DVRIP login complete it once, as cancelled") {
  const int way = GENERATE(0, 1, 2, 3);
  const int step = GENERATE(0, 1);
  CAPTURE(way, step);
  DvripDevice recorder;
  VirtualWorld world;
  world.connector().serve(kPort, conversation(dvrip_protocol(), words_of(recorder), step, Fault::silence));
  Device device = world.device(world.options());
  Answer<DeviceInfo> login;
  Operation operation = device.login(login.handler());
  world.advance(1s);
  CHECK(login.count() == 0);
  if (way == 0) operation.cancel();
  if (way == 1) device.logout();
  if (way == 2) device = {};
  if (way == 3) world.shut_down();
  world.advance(100s);
  CHECK(login.count() == 1);
  CHECK(login.error() == Errc::cancelled);
  device = {};
  world.check_nothing_left();
}

TEST_CASE("closing while the device is asked who it is leaves no question waiting") {
  const int step = GENERATE(2, 3, 4, 5, 6);
  const Duration into = GENERATE(Duration(1s), Duration(4s));
  if (step == kLastStep && into > 3s) return;  // the last question has timed out by then
  CAPTURE(step);
  DvripDevice recorder;
  VirtualWorld world;
  world.connector().serve(kPort, conversation(dvrip_protocol(), words_of(recorder), step, Fault::silence));
  Device device = world.device(world.options());
  Answer<DeviceInfo> login;
  device.login(login.handler());
  world.advance(into);
  REQUIRE(login.count() == 0);
  device = {};
  world.check_nothing_left();
  CHECK(login.count() == 1);
  CHECK(login.error() == Errc::cancelled);
}

TEST_CASE("closing while a port does not answer the connection ends the attempt at once") {
  const auto route = GENERATE(ControlRoute::dvrip, ControlRoute::https, ControlRoute::http,
                              ControlRoute::dhip, ControlRoute::automatic);
  CAPTURE(name(route));
  VirtualWorld world;
  for (const std::uint16_t port : {37777, 443, 80, 5000}) world.connector().hang(port);
  Device device = world.device(world.options(route));
  Answer<DeviceInfo> login;
  device.login(login.handler());
  world.advance(1s);
  REQUIRE(login.count() == 0);
  device = {};
  world.check_nothing_left();
  CHECK(login.count() == 1);
  CHECK(login.error() == Errc::cancelled);
  // The automatic route has begun to try the next port by then.
  CHECK(world.connector().attempts().size() == (route == ControlRoute::automatic ? 2 : 1));
}

TEST_CASE("a login that takes longer than the caller waits completes once, with timeout") {
  DvripDevice recorder;
  VirtualWorld world;
  world.connector().serve(kPort, conversation(dvrip_protocol(), words_of(recorder), 0, Fault::silence));
  Device device = world.device(world.options());
  Answer<DeviceInfo> login;
  device.login(login.handler(), LoginOptions{.timeout = 3s});
  world.advance(3s);
  CHECK(login.count() == 1);
  CHECK(login.error() == Errc::timeout);
  world.advance(1h);
  CHECK(login.count() == 1);
}

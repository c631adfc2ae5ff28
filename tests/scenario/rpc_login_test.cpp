// Logging in by JSON-RPC, over HTTP and over DHIP, and every way in which it can go wrong.
#include <catch2/catch.hpp>

#include "scenario/rpc_device.hpp"
#include "scenario/virtual_world.hpp"

using namespace dmss;
using namespace dmss::scenario;
using Json = RpcDevice::Json;

namespace {

constexpr LoginOptions kPatient{.timeout = 120s};

struct Scene {
  explicit Scene(ControlRoute r) : route(r), port(r == ControlRoute::http ? 80 : 5000) {}

  void serve(int step = -1, Fault fault = Fault::none) {
    world.connector().serve(port, [this, step, fault](Peer& peer) {
      const int at = ++connections == 1 ? step : -1;
      return (route == ControlRoute::http ? recorder.http(at, fault) : recorder.dhip(at, fault))(peer);
    });
  }
  DeviceOptions options() {
    DeviceOptions o = world.options(route);
    o.password = Secret(std::string(kRpcPassword));
    o.call_timeout = 9s;
    return o;
  }
  Error log_in() {
    if (!device) device = world.device(options());
    Answer<DeviceInfo> login;
    device.login(login.handler(), kPatient);
    world.advance(100s);
    REQUIRE(login.count() == 1);
    if (login.ok()) info = login.value();
    return login.error();
  }
  const ControlRoute route;
  const std::uint16_t port;
  int connections = 0;
  RpcDevice recorder;
  DeviceInfo info;
  VirtualWorld world;
  Device device;
};

constexpr const char* kSteps[] = {"first login", "second login",  "serial query", "type query",
                                  "class query", "version query", "names query"};

Errc expected(ControlRoute route, int step, Fault fault) {
  const bool identity = step >= 2;
  // An HTTP request that failed is the end of nothing: the next one makes a connection of its own.
  if (identity && route == ControlRoute::http) return Errc::ok;
  switch (fault) {
    case Fault::close:
    case Fault::reset:
    case Fault::half_then_close: return Errc::connection_lost;
    case Fault::silence:
    case Fault::half_then_silence:
      if (!identity) return Errc::timeout;
      return step >= 5 ? Errc::ok
                       : Errc::device_offline;  // the last two queries may go unanswered before that
    case Fault::nonsense: return Errc::malformed;
    case Fault::oversize: return Errc::too_large;
    case Fault::none: break;
  }
  return Errc::ok;
}

}  // namespace

TEST_CASE("a JSON-RPC login is the notes' conversation, with a session of either type") {
  Scene scene(GENERATE(ControlRoute::http, ControlRoute::dhip));
  const bool number = GENERATE(true, false);
  CAPTURE(name(scene.route), number);
  if (!number) {
    scene.recorder.first_session = "5c1e08f3a5d24b6f91e20f4e3f0c7a11";
    scene.recorder.session = "8acf34e5b1d24b6f91e20f4e3f0c7a22";
  }
  scene.serve();
  REQUIRE(scene.log_in() == Errc::ok);
  CHECK(scene.info.serial == "3G0TEST0001");
  CHECK(scene.info.model == "NVR5216");
  CHECK(scene.info.software == "4.001");
  CHECK(scene.info.build == "2024-10-30");
  CHECK(scene.info.hardware == "1.00");
  CHECK(scene.info.channel_names == std::vector<std::string>{"Gate", "Yard"});
  CHECK(scene.info.route == scene.route);
  CHECK(scene.info.login == LoginKind::rpc_digest);
  CHECK(scene.recorder.heard[0]["params"]["password"] == "");
  CHECK(scene.recorder.heard[1]["params"]["password"] == std::string(kRpcHash));
  CHECK(scene.recorder.heard[1]["params"]["authorityType"] == "Default");
  CHECK(scene.recorder.hashes == 1);
  CHECK(scene.recorder.wrong_sessions == 0);
  CHECK(scene.device.stats().login_attempts == 1);
  scene.device = {};
  scene.world.check_nothing_left();
  CHECK(scene.recorder.logouts == 1);
}

TEST_CASE(
    "a fault at any step of a JSON-RPC login ends it once, with its own error, and the hash went out at most "
    "once") {
  for (const ControlRoute route : {ControlRoute::http, ControlRoute::dhip}) {
    for (int step = 0; step < static_cast<int>(std::size(kSteps)); ++step) {
      for (const Fault fault : kFaults) {
        DYNAMIC_SECTION(name(route) << " " << kSteps[step] << ": " << name(fault)) {
          Scene scene(route);
          scene.serve(step, fault);
          DeviceOptions options = scene.options();
          options.reconnect = false;
          scene.device = scene.world.device(options);
          const Error error = scene.log_in();
          CHECK(name(error.code()) == name(expected(route, step, fault)));
          CHECK(scene.recorder.hashes == (step < 1 ? 0 : 1));
          CHECK(scene.device.stats().login_attempts == static_cast<std::uint64_t>(scene.recorder.hashes));
          scene.device = {};
          scene.world.check_nothing_left();
        }
      }
    }
  }
}

TEST_CASE("both shapes of a JSON-RPC refusal are understood, and end it") {
  struct Row {
    const char* verdict;
    Errc code;
    std::int64_t device_code;
    std::optional<int> tries;
  };
  const std::vector<Row> rows = {
      {R"({"error":{"code":268632085,"message":"Component error: User or password not valid!"},)"
       R"("params":{"remainLockSecond":0,"remainLoginTimes":2},"result":false,"session":2147483643})",
       Errc::wrong_password, 268632085, 2},
      {R"({"result":false,"errCode":268632085,"message":"User or password not valid!"})",
       Errc::wrong_password, 268632085, std::nullopt},
      {R"({"error":{"code":268632070,"message":"Component error: User not valid!"},"result":false})",
       Errc::wrong_user, 268632070, std::nullopt},
      {R"({"result":false,"errCode":268632073,"message":"In black list!"})", Errc::blocked, 268632073,
       std::nullopt},
  };
  const auto route = GENERATE(ControlRoute::http, ControlRoute::dhip);
  for (const Row& row : rows) {
    CAPTURE(name(route), row.verdict);
    Scene scene(route);
    scene.recorder.verdict = row.verdict;
    scene.serve();
    const Error error = scene.log_in();
    CHECK(error == row.code);
    CHECK(error.device_code() == row.device_code);
    CHECK(error.tries_left() == row.tries);
    CHECK(scene.log_in() == Errc::credentials_held_back);
    CHECK(scene.recorder.hashes == 1);
  }
}

TEST_CASE("a lock told by JSON-RPC waits its seconds") {
  Scene scene(GENERATE(ControlRoute::http, ControlRoute::dhip));
  scene.recorder.verdict =
      R"({"error":{"code":268632081,"message":"User locked"},"params":{"remainLockSecond":300,"remainLoginTimes":0},"result":false})";
  scene.serve();
  const Error locked = scene.log_in();  // a hundred seconds pass in it
  CHECK(locked == Errc::locked);
  CHECK(locked.seconds_left() == 300);
  CHECK(scene.log_in().seconds_left() == 200);
  CHECK(scene.log_in().seconds_left() == 100);
  CHECK(scene.recorder.hashes == 1);
  scene.recorder.verdict.clear();
  CHECK(scene.log_in() == Errc::ok);
  CHECK(scene.recorder.hashes == 2);
}

TEST_CASE("a challenge that asks for a readable password is not answered") {
  Scene scene(GENERATE(ControlRoute::http, ControlRoute::dhip));
  const auto encryption = GENERATE(std::string("Basic"), std::string("Plain"), std::string("WatchNet"),
                                   std::string("OldDigest"), std::string("SomethingNew"));
  CAPTURE(encryption);
  const Errc code = encryption == "OldDigest"      ? Errc::legacy_login_needed
                    : encryption == "SomethingNew" ? Errc::unsupported
                                                   : Errc::plaintext_refused;
  scene.recorder.encryption = encryption;
  scene.serve();
  CHECK(name(scene.log_in().code()) == name(code));
  CHECK(scene.recorder.hashes == 0);
}

TEST_CASE("an HTTP device may close its connection after each answer") {
  Scene scene(ControlRoute::http);
  scene.recorder.closes_after_each = true;
  scene.serve();
  CHECK(scene.log_in() == Errc::ok);
  CHECK(scene.recorder.hashes == 1);
  CHECK(scene.connections >= 7);
  scene.world.advance(1h);
  CHECK(scene.device.stats().state == DeviceState::online);
  CHECK(scene.recorder.hashes == 1);
}

TEST_CASE("a JSON-RPC session is kept alive within the time that the device gave it") {
  Scene scene(GENERATE(ControlRoute::http, ControlRoute::dhip));
  const int interval = GENERATE(8, 20, 60, 3600);
  CAPTURE(name(scene.route), interval);
  scene.recorder.keep_alive_interval = interval;
  scene.serve();
  REQUIRE(scene.log_in() == Errc::ok);
  const int before = scene.recorder.keep_alives;
  scene.world.advance(1h);
  const int period = std::min(10, std::max(interval - 5, 1));
  CHECK(scene.recorder.keep_alives - before == 3600 / period);
  CHECK(scene.connections == 1);
}

TEST_CASE("a session that the device has forgotten is logged in anew") {
  Scene scene(GENERATE(ControlRoute::http, ControlRoute::dhip));
  CAPTURE(name(scene.route));
  scene.serve();
  REQUIRE(scene.log_in() == Errc::ok);
  scene.recorder.keep_alive_answer =
      R"({"error":{"code":287637505,"message":"Invalid session in request data!"},"result":false})";
  scene.world.advance(10s);
  scene.recorder.keep_alive_answer.clear();
  scene.world.advance(10s);
  CHECK(scene.recorder.hashes == 2);
  CHECK(scene.device.stats().state == DeviceState::online);
  CHECK(scene.device.stats().reconnects == 1);
}

TEST_CASE("a device that is busy when it is asked again is left alone for half a minute") {
  Scene scene(GENERATE(ControlRoute::http, ControlRoute::dhip));
  scene.serve();
  REQUIRE(scene.log_in() == Errc::ok);
  scene.recorder.verdict =
      R"({"error":{"code":268632075,"message":"Component error: busy!"},"result":false})";
  scene.recorder.keep_alive_answer =
      R"({"error":{"code":287637505,"message":"Invalid session in request data!"},"result":false})";
  scene.world.advance(11s);
  REQUIRE(scene.recorder.hashes == 2);
  scene.world.advance(28s);
  CHECK(scene.recorder.hashes == 2);
  scene.world.advance(18s);
  CHECK(scene.recorder.hashes == 3);
}

TEST_CASE("a JSON-RPC device that falls silent is found out after two periods") {
  Scene scene(GENERATE(ControlRoute::http, ControlRoute::dhip));
  CAPTURE(name(scene.route));
  scene.serve();
  REQUIRE(scene.log_in() == Errc::ok);
  scene.recorder.silent = true;
  scene.world.advance(20s - 1ms);
  CHECK(scene.device.stats().state == DeviceState::online);
  scene.world.advance(1ms);
  CHECK(scene.device.stats().state != DeviceState::online);
  CHECK(scene.device.stats().reconnects == 1);
}

TEST_CASE("closing while a JSON-RPC device is asked who it is leaves no question waiting") {
  Scene scene(GENERATE(ControlRoute::http, ControlRoute::dhip));
  const int step = GENERATE(0, 1, 2, 3, 4, 5, 6);
  const Duration into = GENERATE(Duration(1s), Duration(8s));
  scene.serve(step, Fault::silence);
  scene.device = scene.world.device(scene.options());
  Answer<DeviceInfo> login;
  scene.device.login(login.handler());
  scene.world.advance(into);
  REQUIRE(login.count() == 0);
  scene.device = {};
  scene.world.check_nothing_left();
  CHECK(login.count() == 1);
  CHECK(login.error() == Errc::cancelled);
}

TEST_CASE("a device with CGI alone names its channels by their index, in whatever letters it writes") {
  struct Row {
    const char* title;
    const char* name;
  };
  const auto row = GENERATE(Row{"Einfahrt", "Einfahrt"}, Row{"Einfahrt \xc3\xbc", "Einfahrt ü"},
                            Row{"\xb4\xf3\xc3\xc5", "大门"}, Row{"Caf\xe9 ", "Café "});
  VirtualWorld world;
  world.connector().serve(
      80, conversation(http_protocol(), [&](const Bytes& request) {
        const std::string_view asked = as_text(request);
        const auto is = [&](std::string_view what) { return asked.find(what) != std::string_view::npos; };
        std::string body, status = "200 OK";
        if (is("RPC2")) status = "404 Not Found";
        if (is("getSoftwareVersion")) body = "version=2.800.0.R,build:2020-06-05\r\n";
        if (is("getHardwareVersion")) body = "version=1.00\r\n";
        if (is("ChannelTitle")) body = std::string("table.ChannelTitle[2].Name=") + row.title + "\r\n";
        if (body.empty()) body = "type=IPC\r\n";
        const std::string answer =
            "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
        return Bytes(answer.begin(), answer.end());
      }));
  Device device = world.device(world.options(ControlRoute::http));
  Answer<DeviceInfo> login;
  device.login(login.handler());
  world.settle();
  REQUIRE(login.ok());
  CHECK(login.value().channels == 3);
  REQUIRE(login.value().channel_names.size() == 3);
  CHECK(login.value().channel_names[0].empty());
  CHECK(login.value().channel_names[2] == row.name);
  CHECK(login.value().software == "2.800.0.R");
  CHECK(login.value().build == "2020-06-05");
  CHECK(login.value().hardware == "1.00");
}

// What a careless caller may ask of a device.
#include <catch2/catch.hpp>

#include "scenario/dvrip_device.hpp"
#include "scenario/rpc_device.hpp"
#include "scenario/virtual_world.hpp"

using namespace dmss;
using namespace dmss::scenario;

namespace {

constexpr std::uint16_t kPort = 37777;
using Change = void (*)(DeviceOptions&);

}  // namespace

TEST_CASE("options outside their range are refused before anything is sent") {
  const std::pair<const char*, Change> wrong[] = {
      {"no address", [](DeviceOptions& o) { o.address.clear(); }},
      {"a space", [](DeviceOptions& o) { o.address = "192.0.2.1 "; }},
      {"a line break", [](DeviceOptions& o) { o.address = "192.0.2.1\r\nX: y"; }},
      {"a zero byte", [](DeviceOptions& o) { o.address = std::string("192.0.2.1\0x", 11); }},
      {"a URL", [](DeviceOptions& o) { o.address = "http://192.0.2.1"; }},
      {"credentials", [](DeviceOptions& o) { o.address = "admin:topsecret@192.0.2.1"; }},
      {"a huge address", [](DeviceOptions& o) { o.address = std::string(256, 'a'); }},
      {"keep-alive 0", [](DeviceOptions& o) { o.keep_alive = 0ms; }},
      {"negative keep-alive", [](DeviceOptions& o) { o.keep_alive = -1ms; }},
      {"endless keep-alive", [](DeviceOptions& o) { o.keep_alive = std::chrono::milliseconds::max(); }},
      {"connect timeout 0", [](DeviceOptions& o) { o.connect_timeout = 0ms; }},
      {"endless connect timeout",
       [](DeviceOptions& o) { o.connect_timeout = std::chrono::milliseconds::max(); }},
      {"call timeout 0", [](DeviceOptions& o) { o.call_timeout = 0ms; }},
      {"endless call timeout", [](DeviceOptions& o) { o.call_timeout = std::chrono::milliseconds::max(); }},
      {"pause 0", [](DeviceOptions& o) { o.reconnect_min = 0ms; }},
      {"endless pause", [](DeviceOptions& o) { o.reconnect_max = std::chrono::milliseconds::max(); }},
      {"least pause beyond the longest", [](DeviceOptions& o) { o.reconnect_min = o.reconnect_max + 1ms; }},
  };
  for (const auto& [what, change] : wrong) {
    INFO(what);
    DvripDevice recorder;
    VirtualWorld world;
    world.connector().serve(kPort, recorder.script());
    DeviceOptions options = world.options();
    change(options);
    Device device = world.device(options);
    Answer<DeviceInfo> login;
    Answer<std::string> call;
    std::vector<std::pair<LiveState, Errc>> states;
    LiveHandlers handlers;
    handlers.on_state = [&](LiveState s, const Error& why) { states.emplace_back(s, why.code()); };
    device.login(login.handler());
    device.call("magicBox.getDeviceType", "", call.handler());
    Live live = device.open_live({}, handlers);
    world.advance(1h);
    CHECK(login.count() == 1);
    CHECK(login.error() == Errc::invalid_argument);
    CHECK(login.error().to_string().find("topsecret") == std::string::npos);
    CHECK(call.count() == 1);
    CHECK(call.error() == Errc::invalid_argument);
    REQUIRE_FALSE(states.empty());
    CHECK(states.back() == std::pair(LiveState::failed, Errc::invalid_argument));
    CHECK(world.connector().attempts().empty());
    live = {};
    device = {};
    world.check_nothing_left();
  }
}

TEST_CASE("a route whose port is 0 is never tried") {
  for (ControlRoute route :
       {ControlRoute::dvrip, ControlRoute::https, ControlRoute::http, ControlRoute::dhip}) {
    VirtualWorld world;
    DeviceOptions options = world.options(route);
    options.port = options.http_port = options.https_port = options.dhip_port = 0;
    Device device = world.device(options);
    Answer<DeviceInfo> login;
    device.login(login.handler());
    world.advance(1h);
    CHECK(login.error() == Errc::unsupported);
    CHECK(world.connector().attempts().empty());
  }
}

TEST_CASE("the longest and the shortest time-outs a caller can name do what they say") {
  RpcDevice recorder;
  VirtualWorld world;
  world.connector().serve(80, recorder.http());
  DeviceOptions options = world.options(ControlRoute::http);
  options.password = Secret(kRpcPassword);
  Device device = world.device(options);
  LoginOptions login;
  login.timeout = std::chrono::milliseconds::max();
  Answer<DeviceInfo> patient;
  device.login(patient.handler(), login);
  world.settle();
  CHECK(patient.ok());
  recorder.ignores = "nobody.answers";
  CallOptions call;
  call.timeout = std::chrono::milliseconds::max();
  Answer<std::string> answer;
  device.call("nobody.answers", "", answer.handler(), call);
  world.advance(5min);
  CHECK(answer.count() == 0);

  world.connector().hang(81);
  options.http_port = 81;
  Device away = world.device(options);
  login.timeout = std::chrono::milliseconds::min();
  Answer<DeviceInfo> hasty;
  away.login(hasty.handler(), login);
  world.advance(1ms);
  CHECK(hasty.error() == Errc::timeout);
  world.advance(options.connect_timeout);
  device = {};
  away = {};
  world.check_nothing_left();
  CHECK(answer.count() == 1);
}

TEST_CASE("a call ends at its own deadline, also behind others on all connections") {
  RpcDevice recorder;
  VirtualWorld world;
  world.connector().serve(80, recorder.http());
  DeviceOptions options = world.options(ControlRoute::http);
  options.password = Secret(kRpcPassword);
  Device device = world.device(options);
  device.login({});
  world.settle();
  REQUIRE(device.stats().state == DeviceState::online);
  recorder.silent = true;
  const std::size_t heard = recorder.heard.size();
  CallOptions call;
  call.timeout = 1s;
  std::vector<Answer<std::string>> calls(5);
  for (auto& c : calls) device.call("magicBox.getDeviceType", "", c.handler(), call);
  world.advance(1s);
  for (auto& c : calls) {
    CHECK(c.count() == 1);
    CHECK(c.error() == Errc::timeout);
  }
  world.advance(5s);
  CHECK(recorder.heard.size() == heard + 3);  // as many connections; nobody waits for the others' answers any more
}

TEST_CASE("requests that wait for a silent device are bounded in number") {
  RpcDevice recorder;
  VirtualWorld world;
  world.connector().serve(80, recorder.http());
  DeviceOptions options = world.options(ControlRoute::http);
  options.password = Secret(kRpcPassword);
  Device device = world.device(options);
  device.login({});
  world.settle();
  recorder.silent = true;
  std::vector<Answer<std::string>> calls(1000);
  for (auto& c : calls) device.call("magicBox.getDeviceType", "", c.handler());
  world.advance(1s);
  CHECK(calls[200].count() == 0);
  CHECK(calls[999].error() == Errc::overflow);
  world.advance(10s);
  for (auto& c : calls) CHECK(c.count() == 1);
}

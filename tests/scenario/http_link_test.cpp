// The HTTP control session while a call takes long: the session lives on beside it.
#include <catch2/catch.hpp>

#include "scenario/rpc_device.hpp"
#include "scenario/virtual_world.hpp"

using namespace dmss;
using namespace dmss::scenario;

namespace {

struct Scene {
  Scene() {
    world.connector().serve(80, recorder.http());
    DeviceOptions options = world.options(ControlRoute::http);
    options.password = Secret(kRpcPassword);
    options.call_timeout = 9s;
    device = world.device(options);
    device.login({});
    world.settle();
    REQUIRE(device.stats().state == DeviceState::online);
  }
  Answer<std::string> call(const char* method, std::chrono::milliseconds timeout) {
    Answer<std::string> answer;
    CallOptions options;
    options.timeout = timeout;
    device.call(method, "", answer.handler(), options);
    return answer;
  }
  int connections() { return static_cast<int>(world.connector().peers(80).size()); }

  RpcDevice recorder;
  VirtualWorld world;
  Device device;
};

}  // namespace

TEST_CASE("the keep-alive does not wait behind calls that take long, however many there are") {
  Scene s;
  s.recorder.ignores = "upgrader.wait";
  std::vector<Answer<std::string>> slow;
  for (int i = 0; i < 5; ++i) slow.push_back(s.call("upgrader.wait", 10min));
  const int before = s.recorder.keep_alives;
  s.world.advance(5min);
  CHECK(s.recorder.keep_alives - before == 30);
  CHECK(s.device.stats().state == DeviceState::online);
  for (const auto& a : slow) CHECK(a.count() == 0);
  s.world.advance(10min);
  for (const auto& a : slow) CHECK(a.error() == Errc::timeout);
  CHECK(s.device.stats().reconnects == 0);
  s.device = {};
  s.world.check_nothing_left();
}

TEST_CASE("a call is answered beside one that takes long") {
  Scene s;
  s.recorder.ignores = "upgrader.wait";
  auto slow = s.call("upgrader.wait", 60s);
  auto quick = s.call("magicBox.getSerialNo", 60s);
  s.world.settle();
  CHECK(quick.ok());
  CHECK(slow.count() == 0);
  CHECK(s.connections() == 2);
}

TEST_CASE("a device with room for one HTTP connection keeps its session while it answers others") {
  Scene s;
  s.world.connector().refuse(80);
  // Answers keep coming, so the keep-alives that get no turn in time are no sign of death.
  s.recorder.ignores = "upgrader.wait";
  std::vector<Answer<std::string>> calls;
  auto slow = s.call("upgrader.wait", 8s);
  for (int i = 0; i < 3; ++i) calls.push_back(s.call("magicBox.getSerialNo", 60s));
  s.world.advance(7999ms);
  s.world.connector().serve(80, s.recorder.http());
  s.world.advance(1min);
  CHECK(slow.error() == Errc::timeout);
  for (const auto& a : calls) CHECK(a.ok());
  CHECK(s.device.stats().state == DeviceState::online);
  CHECK(s.device.stats().reconnects == 0);
}

TEST_CASE(
    "a device that answers nothing any more is found out although a call has hours to go, and the call hears "
    "of it") {
  Scene s;
  s.recorder.silent = true;
  auto patient = s.call("upgrader.wait", 10h);
  s.world.advance(20s - 1ms);
  CHECK(s.device.stats().state == DeviceState::online);
  s.world.advance(1ms);
  CHECK(s.device.stats().state != DeviceState::online);
  CHECK(patient.error() == Errc::device_offline);
}

TEST_CASE("a silent device is lost two periods after its last word, however long a call may take") {
  const std::chrono::milliseconds period = GENERATE(2s, 7s, 30s);
  const std::chrono::milliseconds call = GENERATE(1s, 9s, 60s);
  CAPTURE(period.count(), call.count());
  VirtualWorld world;
  RpcDevice recorder;
  recorder.keep_alive_interval = 3600;
  world.connector().serve(80, recorder.http());
  DeviceOptions options = world.options(ControlRoute::http);
  options.password = Secret(kRpcPassword);
  options.keep_alive = period;
  options.call_timeout = call;
  Device device = world.device(options);
  device.login({});
  world.advance(period * 3 / 4);
  Answer<std::string> last;
  device.call("magicBox.getSerialNo", "", last.handler());
  world.settle();
  REQUIRE(last.ok());
  const net::TimePoint heard = world.now();
  recorder.silent = true;
  while (device.stats().state == DeviceState::online && world.now() - heard < 3 * period)
    world.advance(100ms);
  CHECK(world.now() - heard > period);
  CHECK(world.now() - heard <= 2 * period);
  device = {};
  world.check_nothing_left();
}

TEST_CASE("a keep-alive that meets a dropped connection is asked again before the device counts as lost") {
  Scene s;
  bool drop = true;
  s.recorder.on_request = [&](const std::string& method) {
    if (method != "global.keepAlive" || !std::exchange(drop, false)) return;
    const auto peer = s.world.connector().peers(80).back();
    peer->send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{");
    peer->close();
  };
  s.world.advance(1min);
  CHECK_FALSE(drop);
  CHECK(s.device.stats().state == DeviceState::online);
  CHECK(s.device.stats().reconnects == 0);
}

TEST_CASE("a refusal of the keep-alive is a sign of life") {
  Scene s;
  s.recorder.keep_alive_answer =
      R"({"error":{"code":268894212,"message":"Server internal error!"},"result":false})";
  const int before = s.recorder.keep_alives;
  s.world.advance(5min);
  CHECK(s.recorder.keep_alives - before == 30);
  CHECK(s.device.stats().state == DeviceState::online);
  CHECK(s.device.stats().reconnects == 0);
  CHECK(s.recorder.hashes == 1);

  SECTION("one that says that the session is gone is not") {
    s.recorder.keep_alive_answer =
        R"({"error":{"code":287637505,"message":"Invalid session in request data!"},"result":false})";
    s.world.advance(1min);
    CHECK(s.device.stats().reconnects >= 1);
    CHECK(s.recorder.hashes >= 2);
  }
}

TEST_CASE("a device that answers the keep-alive with an HTTP error does not lose its session for good") {
  VirtualWorld world;
  RpcDevice recorder;
  bool ill = false;
  int refused = 0;
  const Words words = [&](const Bytes& m) {
    if (!ill || as_text(m).find("keepAlive") == std::string_view::npos) return recorder.http_answer(m);
    ++refused;
    const std::string text = "HTTP/1.1 500 Error\r\nContent-Length: 7\r\n\r\nError\r\n";
    return Bytes(text.begin(), text.end());
  };
  world.connector().serve(80, conversation(http_protocol(), words));
  DeviceOptions options = world.options(ControlRoute::http);
  options.password = Secret(kRpcPassword);
  Device device = world.device(options);
  device.login({});
  world.settle();
  ill = true;
  world.advance(5min);
  CHECK(refused >= 10);
  ill = false;
  world.advance(2min);
  CHECK(device.stats().state == DeviceState::online);
  device = {};
  world.check_nothing_left();
}

namespace {

int times_heard(const RpcDevice& recorder, const std::string& method) {
  return static_cast<int>(std::count_if(recorder.heard.begin(), recorder.heard.end(),
                                        [&](const auto& r) { return r.value("method", "") == method; }));
}

}  // namespace

TEST_CASE("what reads is asked again when its connection drops, what acts is not: it may have been done") {
  Scene s;
  s.recorder.answers["ptz.moveRelatively"] = R"({"result":true})";
  bool drop = true;
  s.recorder.on_request = [&](const std::string&) {
    if (std::exchange(drop, false)) s.world.connector().peers(80).back()->close();
  };
  auto read = s.call("magicBox.getSerialNo", 5s);
  s.world.settle();
  CHECK(read.ok());
  const int reads = times_heard(s.recorder, "magicBox.getSerialNo");
  CHECK(reads == 3);  // of the login, and these two
  drop = true;
  auto act = s.call("ptz.moveRelatively", 5s);
  s.world.settle();
  CHECK(act.error() == Errc::connection_lost);
  CHECK(times_heard(s.recorder, "ptz.moveRelatively") == 1);
  act = s.call("ptz.moveRelatively", 5s);
  s.world.settle();
  CHECK(act.ok());
}

TEST_CASE("once an answer has begun nothing is asked again") {
  Scene s;
  s.recorder.on_request = [&](const std::string&) {
    const auto peer = s.world.connector().peers(80).back();
    peer->send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{");
    peer->close();
  };
  const int before = times_heard(s.recorder, "magicBox.getSerialNo");
  auto read = s.call("magicBox.getSerialNo", 5s);
  s.world.settle();
  CHECK(read.error() == Errc::connection_lost);
  CHECK(times_heard(s.recorder, "magicBox.getSerialNo") == before + 1);
}

TEST_CASE("a connection that was closed while at rest costs no command") {
  Scene s;
  s.recorder.answers["ptz.moveRelatively"] = R"({"result":true})";
  s.world.connector().peers(80).back()->close();
  s.world.settle();
  auto act = s.call("ptz.moveRelatively", 5s);
  s.world.settle();
  CHECK(act.ok());
  CHECK(times_heard(s.recorder, "ptz.moveRelatively") == 1);
}

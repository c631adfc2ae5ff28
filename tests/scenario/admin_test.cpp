// The Admin facet on a session: what it does to the session, and what the session's end does to it.
#include <algorithm>
#include <catch2/catch.hpp>

#include "dmss/admin.hpp"
#include "proto/auth/hash.hpp"
#include "scenario/rpc_device.hpp"
#include "scenario/virtual_world.hpp"

using namespace dmss;
using namespace dmss::scenario;
using Json = RpcDevice::Json;

namespace {

constexpr const char* kDone = R"({"result":true})";

struct Scene {
  explicit Scene(ControlRoute r) : route(r), port(r == ControlRoute::http ? 80 : 5000) {
    serve();
    DeviceOptions options = world.options(route);
    options.password = Secret(std::string(kRpcPassword));
    DeviceHandlers handlers;
    handlers.on_state = [this](DeviceState state, const Error&) { states.push_back(state); };
    device = world.device(options, handlers);
  }
  void serve() {
    world.connector().serve(port, route == ControlRoute::http ? recorder.http() : recorder.dhip());
  }
  int heard(const std::string& method) const {
    int n = 0;
    for (const Json& request : recorder.heard) n += request.value("method", "") == method ? 1 : 0;
    return n;
  }
  const Json& last(const std::string& method) const {
    const Json* found = nullptr;
    for (const Json& request : recorder.heard) {
      if (request.value("method", "") == method) found = &request;
    }
    REQUIRE(found != nullptr);
    return *found;
  }
  /// The device goes away and is back after that time.
  void restart(Duration away) {
    world.connector().refuse(port);
    for (const auto& peer : world.connector().peers(port)) peer->close();
    world.advance(away);
    serve();
    world.advance(60s);
  }
  const ControlRoute route;
  const std::uint16_t port;
  RpcDevice recorder;
  std::vector<DeviceState> states;
  VirtualWorld world;
  Device device;
};

struct Log {
  explicit Log(RpcDevice& recorder) {
    recorder.answers["log.startFind"] = R"({"params":{"token":5},"result":true})";
    recorder.answers["log.getCount"] = R"({"params":{"count":1000},"result":true})";
    recorder.answers["log.doSeekFind"] = R"({"params":{"found":1,"items":[{"Time":"t"}]},"result":true})";
    recorder.answers["log.stopFind"] = kDone;
    query.end = {2030, 1, 1, 0, 0, 0};
  }
  LogQuery query;
  Answer<void> done;
};

}  // namespace

TEST_CASE("a device that reboots is seen to go and comes back as any lost one, and is told once") {
  Scene scene(GENERATE(ControlRoute::http, ControlRoute::dhip));
  CAPTURE(name(scene.route));
  scene.recorder.answers["magicBox.reboot"] = kDone;
  Answer<void> reboot;
  scene.device.admin().reboot(reboot.handler());
  scene.world.settle();
  REQUIRE(reboot.count() == 1);
  CHECK(reboot.error() == Errc::ok);
  scene.restart(40s);
  CHECK(std::count(scene.states.begin(), scene.states.end(), DeviceState::online) == 2);
  CHECK(std::count(scene.states.begin(), scene.states.end(), DeviceState::waiting) >= 1);
  CHECK(scene.states.back() == DeviceState::online);
  CHECK(scene.heard("magicBox.reboot") == 1);
  CHECK(scene.device.stats().logins == 2);
}

TEST_CASE("a reboot that is cut off before its answer is a lost connection, and is not sent again") {
  Scene scene(ControlRoute::dhip);
  Answer<DeviceInfo> login;
  scene.device.login(login.handler());
  scene.world.settle();
  REQUIRE(login.ok());
  scene.recorder.silent = true;
  Answer<void> reboot;
  scene.device.admin().reboot(reboot.handler());
  scene.world.settle();
  REQUIRE(scene.heard("magicBox.reboot") == 1);
  scene.recorder.silent = false;
  scene.restart(5s);
  CHECK(reboot.count() == 1);
  CHECK(reboot.error() == Errc::connection_lost);
  CHECK(scene.heard("magicBox.reboot") == 1);
  CHECK(scene.states.back() == DeviceState::online);
}

TEST_CASE("a session whose password was changed logs in with the new one from then on") {
  Scene scene(GENERATE(ControlRoute::http, ControlRoute::dhip));
  CAPTURE(name(scene.route));
  constexpr std::string_view kRealm = "Login to a0c50bcd05b2f03d067e530d9bf069af";
  scene.recorder.answers["userManager.modifyPassword"] = kDone;
  Answer<void> changed;
  SECTION("and the caller waits for it") {
    scene.device.admin().change_password(Secret("123"), Secret("Other-1234"), changed.handler());
    scene.world.settle();
    REQUIRE(changed.error() == Errc::ok);
  }
  SECTION("although the caller gave up while the device was at it") {
    Operation op;
    scene.recorder.on_request = [&op](const std::string& method) {
      if (method == "userManager.modifyPassword") op.cancel();
    };
    op = scene.device.admin().change_password(Secret("123"), Secret("Other-1234"), changed.handler());
    scene.world.settle();
    CHECK(changed.error() == Errc::cancelled);
  }
  CHECK(changed.count() == 1);
  const Json& params = scene.last("userManager.modifyPassword")["params"];
  CHECK(params["pwd"] == proto::auth::gen2("admin", kRealm, "Other-1234"));
  CHECK(params["pwdOld"] == proto::auth::gen2("admin", kRealm, "123"));

  scene.restart(40s);  // over HTTP it takes two keep-alives until that is noticed
  CHECK(scene.last("global.login")["params"]["password"] ==
        proto::auth::h2("admin", kRealm, "1172275829", "Other-1234"));
  CHECK(scene.device.stats().logins == 2);
}

TEST_CASE("a password that the device refused leaves the session its own") {
  Scene scene(ControlRoute::dhip);
  scene.recorder.answers["userManager.modifyPassword"] =
      R"({"error":{"code":268632085,"message":"Component error: User or password not valid!"},"result":false})";
  Answer<void> changed;
  scene.device.admin().change_password(Secret("123"), Secret("Other-1234"), changed.handler());
  scene.world.settle();
  CHECK(changed.error() == Errc::wrong_password);
  CHECK(scene.heard("userManager.modifyPassword") == 1);
  scene.restart(5s);
  CHECK(scene.last("global.login")["params"]["password"] == std::string(kRpcHash));
}

TEST_CASE("a log search that is cancelled in its handler ends there and is closed at the device") {
  Scene scene(GENERATE(ControlRoute::http, ControlRoute::dhip));
  CAPTURE(name(scene.route));
  Log log(scene.recorder);
  int pages = 0;
  Operation op;
  const auto on_page = [&](const std::vector<LogEntry>& entries) {
    CHECK(entries.size() == 1);
    CHECK(log.done.count() == 0);
    if (++pages == 3) op.cancel();
    return true;
  };
  op = scene.device.admin().search_log(log.query, on_page, log.done.handler());
  scene.world.settle();
  CHECK(pages == 3);
  CHECK(log.done.count() == 1);
  CHECK(log.done.error() == Errc::cancelled);
  CHECK(scene.heard("log.doSeekFind") == 3);
  CHECK(scene.heard("log.stopFind") == 1);
  CHECK(scene.last("log.stopFind")["params"]["token"] == 5);
}

TEST_CASE("a log search ends when its handler has seen enough, or when its device is closed") {
  Scene scene(ControlRoute::dhip);
  Log log(scene.recorder);
  int pages = 0;
  const bool closes = GENERATE(true, false);
  CAPTURE(closes);
  const auto on_page = [&](const std::vector<LogEntry>&) {
    if (++pages == 2 && closes) scene.device = {};
    return pages < 4;
  };
  scene.device.admin().search_log(log.query, on_page, log.done.handler());
  scene.world.settle();
  CHECK(log.done.count() == 1);
  if (closes) {
    CHECK(log.done.error() == Errc::cancelled);
    CHECK(pages == 2);
  } else {
    CHECK(log.done.error() == Errc::ok);
    CHECK(pages == 4);
    CHECK(scene.heard("log.stopFind") == 1);
  }
  scene.device = {};
  scene.world.check_nothing_left();
}

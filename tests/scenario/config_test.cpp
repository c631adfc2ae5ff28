// Configuration through the public facet: over a whole device session, with its deadlines, cancellation, and watches in virtual time.
#include <catch2/catch.hpp>

#include "scenario/rpc_device.hpp"
#include "scenario/virtual_world.hpp"

using namespace dmss;
using namespace dmss::scenario;
using Json = RpcDevice::Json;

namespace {

struct Scene {
  Scene() {
    tables["General"] = {{"LocalNo", 8}, {"MachineName", "NVR"}};
    tables["ChannelTitle"] = Json::array({{{"Name", "Gate"}}, {{"Name", "Yard"}}});
    recorder.more = RpcDevice::in_words([this](const Json& request) { return answer(request); });
    world.connector().serve(5000, [this](Peer& peer) {
      last_peer = &peer;
      return recorder.dhip()(peer);
    });
    DeviceOptions o = world.options(ControlRoute::dhip);
    o.password = Secret(std::string(kRpcPassword));
    device = world.device(o);
  }
  std::string answer(const Json& request) {
    const std::string method = request.value("method", "");
    if (method != "configManager.getConfig" && method != "configManager.setConfig") return {};
    if (method == "configManager.setConfig" && !takes_writes)
      return R"({"error":{"code":268894212,"message":"server error"},"result":false})";
    const std::string name = request["params"].value("name", "");
    const auto channel = request["params"].find("channel");
    Json& table = tables[name];
    Json& place = channel == request["params"].end() ? table : table[channel->get<std::size_t>()];
    if (method == "configManager.setConfig") {
      place = request["params"]["table"];
      return R"({"params":{"options":[]},"result":true})";
    }
    ++reads[name];
    return Json{{"params", {{"table", place}}}, {"result", true}}.dump();
  }

  bool takes_writes = true;
  Json tables = Json::object();
  std::map<std::string, int> reads;
  RpcDevice recorder;
  Peer* last_peer = nullptr;
  VirtualWorld world;
  Device device;
};

struct Seen {
  std::vector<ConfigChange> changes;
  std::function<void(const ConfigChange&)> handler() {
    return [this](const ConfigChange& c) { changes.push_back(c); };
  }
};

}  // namespace

TEST_CASE("config: a call logs in by itself; what was changed is on the device") {
  Scene s;
  Answer<ChannelName> got;
  s.device.config().get<ChannelName>(2, got.handler());
  s.world.advance(1s);
  REQUIRE(got.count() == 1);
  CHECK(got.value().name == "Yard");
  ChannelName value = got.value();
  value.name = "Garden";
  Answer<ConfigWritten> written;
  s.device.config().set(value, written.handler());
  s.world.advance(1s);
  REQUIRE(written.count() == 1);
  CHECK(written.ok());
  CHECK(s.tables["ChannelTitle"][1]["Name"] == "Garden");
  CHECK(s.tables["ChannelTitle"][0]["Name"] == "Gate");
  s.device = {};
  s.world.check_nothing_left();
}

TEST_CASE("config: raw tables and the device's refusals come through the facet") {
  Scene s;
  Answer<std::string> got;
  s.device.config().read({"General", 0}, got.handler());
  s.world.advance(1s);
  CHECK(Json::parse(got.value()) == s.tables["General"]);
  Answer<ConfigWritten> written, refused;
  s.device.config().write({"General", 0}, R"({"LocalNo":9,"MachineName":"NVR"})", got.value(),
                          written.handler());
  s.world.advance(1s);
  CHECK(written.ok());
  CHECK(s.tables["General"]["LocalNo"] == 9);
  s.takes_writes = false;
  s.device.config().write({"General", 0}, R"({"LocalNo":7,"MachineName":"NVR"})", "", refused.handler());
  s.world.advance(1s);
  CHECK(refused.error() == Errc::device_error);
  CHECK(refused.error().device_code() == 268894212);
  CHECK(s.tables["General"]["LocalNo"] == 9);
}

TEST_CASE(
    "config: sets on one table run in the order of the calls, also when one is cancelled in the queue") {
  Scene s;
  std::vector<std::string> done;
  std::vector<Operation> operations;
  const auto set = [&](const std::string& text) {
    ChannelName value;
    value.index = 1;
    value.name = text;
    operations.push_back(s.device.config().set<ChannelName>(value, [&done, text](Result<ConfigWritten> r) {
      done.push_back(text + (r ? "" : " " + std::string(name(r.error().code()))));
    }));
  };
  for (const char* text : {"one", "two", "three", "four"}) set(text);
  operations[1].cancel();
  s.world.advance(10s);
  CHECK(done == std::vector<std::string>{"two cancelled", "one", "three", "four"});
  CHECK(s.tables["ChannelTitle"][0]["Name"] == "four");
  for (const Json& request : s.recorder.heard) {
    if (request.value("method", "") == "configManager.setConfig")
      CHECK(request["params"]["table"]["Name"] != "two");
  }
}

TEST_CASE("config: the deadline is that of the whole operation") {
  Scene s;
  Answer<DeviceInfo> login;
  s.device.login(login.handler());
  s.world.advance(1s);
  REQUIRE(login.ok());
  s.recorder.silent = true;
  Answer<GeneralSettings> got;
  s.device.config().get<GeneralSettings>(0, got.handler(), ConfigOptions{.timeout = 3s});
  s.world.advance(2999ms);
  CHECK(got.count() == 0);
  s.world.advance(1ms);
  CHECK(got.count() == 1);
  CHECK(got.error() == Errc::timeout);
}

TEST_CASE("watch: the first reading tells nothing, a change is told once, with before and after") {
  Scene s;
  Seen seen;
  ConfigWatch watch = s.device.config().watch({"General", "ChannelTitle"}, seen.handler(), 30s);
  s.world.advance(29s);
  CHECK(s.reads["General"] == 1);
  const std::string before = s.tables["General"].dump();
  s.tables["General"]["MachineName"] = "Attic";
  CHECK(seen.changes.empty());
  s.world.advance(2s);
  REQUIRE(seen.changes.size() == 1);
  CHECK(seen.changes[0].name == "General");
  CHECK(seen.changes[0].before == before);
  CHECK(seen.changes[0].after == s.tables["General"].dump());
  s.world.advance(90s);
  CHECK(seen.changes.size() == 1);
  CHECK(s.reads["ChannelTitle"] >= 4);
  watch = {};
  s.world.settle();
  const int reads = s.reads["General"];
  s.tables["General"]["MachineName"] = "Cellar";
  s.world.advance(120s);
  CHECK(s.reads["General"] == reads);
  CHECK(seen.changes.size() == 1);
  s.device = {};
  s.world.check_nothing_left();
}

TEST_CASE("watch: a row of a table by itself") {
  Scene s;
  Seen seen;
  ConfigWatch watch = s.device.config().watch({"ChannelTitle[1]"}, seen.handler(), 30s);
  s.world.advance(1s);
  s.tables["ChannelTitle"][0]["Name"] = "Attic";
  s.world.advance(30s);
  CHECK(seen.changes.empty());
  s.tables["ChannelTitle"][1]["Name"] = "Cellar";
  s.world.advance(30s);
  REQUIRE(seen.changes.size() == 1);
  CHECK(seen.changes[0].name == "ChannelTitle[1]");
  CHECK(Json::parse(seen.changes[0].after) == s.tables["ChannelTitle"][1]);
}

TEST_CASE("watch: after a reconnect the tables are read at once") {
  Scene s;
  Seen seen;
  ConfigWatch watch = s.device.config().watch({"General"}, seen.handler(), 1h);
  s.world.advance(5s);
  REQUIRE(s.reads["General"] == 1);
  s.tables["General"]["MachineName"] = "Attic";
  REQUIRE(s.last_peer != nullptr);
  s.last_peer->reset();
  s.world.advance(20s);
  CHECK(s.reads["General"] == 2);
  CHECK(seen.changes.size() == 1);
}

TEST_CASE("watch: it keeps the device logged in, and dies with the device or its logout") {
  Scene s;
  Seen seen;
  ConfigWatch watch = s.device.config().watch({"General"}, seen.handler(), 30s);
  s.device = {};
  s.world.advance(100s);
  CHECK(s.reads["General"] >= 3);  // the watch outlives the handle
  watch = {};
  s.world.check_nothing_left();

  Scene other;
  watch = other.device.config().watch({"General"}, seen.handler(), 30s);
  other.world.advance(10s);
  other.device.logout();
  other.world.advance(1s);
  const int reads = other.reads["General"];
  other.world.advance(200s);
  CHECK(other.reads["General"] == reads);
  watch = {};
  other.device = {};
  other.world.check_nothing_left();
}

TEST_CASE("watch: a handler that destroys its own watch is not called again") {
  Scene s;
  ConfigWatch watch;
  int calls = 0;
  watch = s.device.config().watch(
      {"General", "ChannelTitle"},
      [&](const ConfigChange&) {
        ++calls;
        watch = {};
      },
      30s);
  s.world.advance(1s);
  s.tables["General"]["MachineName"] = "Attic";
  s.tables["ChannelTitle"][0]["Name"] = "Attic";
  s.world.advance(100s);
  CHECK(calls == 1);
}

TEST_CASE("watch: a table that cannot be read does not keep the others from being told") {
  Scene s;
  Seen seen;
  s.recorder.more = RpcDevice::in_words([&](const Json& request) {
    if (request["params"].is_object() && request["params"].value("name", "") == "Nothing")
      return std::string(R"({"error":{"code":268959743,"message":"Unknown error!"},"result":false})");
    return s.answer(request);
  });
  ConfigWatch watch =
      s.device.config().watch({"Nothing", "General"}, seen.handler(), 0ms);  // as often as may be
  s.world.advance(5s);
  s.tables["General"]["LocalNo"] = 1;
  s.world.advance(1s);
  s.tables["General"]["LocalNo"] = 2;
  s.world.advance(1s);
  CHECK(seen.changes.size() == 2);
  CHECK(s.reads["General"] <= 9);
}

TEST_CASE("watch: an error that no attempt can end is met once, until somebody else gets in") {
  Scene s;
  Seen seen;
  ConfigWatch watch = s.device.config().watch({"General"}, seen.handler(), 1s);
  s.world.advance(5s);
  const int reads = s.reads["General"];
  s.world.connector().refuse(5000, Errc::tls_untrusted);
  s.last_peer->reset();
  s.world.settle();
  s.world.advance(1s);
  const std::size_t attempts = s.world.connector().attempts().size();
  CHECK(attempts <= 3);
  s.world.advance(30min);
  CHECK(s.world.connector().attempts().size() == attempts);
  CHECK(s.reads["General"] == reads);
  s.tables["General"]["MachineName"] = "Attic";
  s.world.connector().serve(5000, [&](Peer& peer) { return s.recorder.dhip()(peer); });
  LoginOptions again;
  again.retry_refused = true;
  s.device.login({}, again);
  s.world.advance(1s);
  CHECK(seen.changes.size() == 1);
  watch = {};
  s.device = {};
  s.world.check_nothing_left();
}

TEST_CASE("watch: a device that is away is not asked for more often than its session does") {
  Scene s;
  Seen seen;
  ConfigWatch watch = s.device.config().watch({"General"}, seen.handler(), 1s);
  s.world.advance(5s);
  s.world.connector().refuse(5000);
  s.last_peer->reset();
  s.world.advance(20min);
  CHECK(s.world.connector().attempts().size() < 60);
  const int reads = s.reads["General"];
  SECTION("it comes back") {
    s.world.connector().serve(5000, [&](Peer& peer) { return s.recorder.dhip()(peer); });
    s.world.advance(70s);
    CHECK(s.reads["General"] > reads);
  }
  SECTION("the watch ends meanwhile") {
    watch = {};
    s.world.settle();
  }
  watch = {};
  s.device = {};
  s.world.check_nothing_left();
}

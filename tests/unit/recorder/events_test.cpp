#include <catch2/catch.hpp>

#include "bench.hpp"

using namespace dmss::recorder;
namespace code = dmss::proto::rpc::code;

namespace {

Json event(const Json& note) {
  return note["params"]["eventList"][0];
}

}  // namespace

TEST_CASE("events: an attachment hears its codes, in the envelope of the notes") {
  Bench b;
  const Reply attached = b.call("eventManager.attach", {{"codes", {"VideoMotion", "AlarmLocal"}}});
  REQUIRE(attached.ok());
  const std::int64_t sid = attached.params["SID"].get<std::int64_t>();
  CHECK(b.event(R"({"code":"VideoMotion","action":"Start","index":2,"data":{"Id":[0]}})") == 1);
  CHECK(b.event(R"({"code":"VideoLoss","action":"Start","index":2})") == 0);
  REQUIRE(b.notes.size() == 1);
  CHECK(b.notes[0] ==
        Json{{"id", 1},
             {"method", "client.notifyEventStream"},
             {"session", b.caller.session->key},
             {"params",
              {{"SID", sid},
               {"eventList",
                {{{"Action", "Start"}, {"Code", "VideoMotion"}, {"Index", 2}, {"Data", {{"Id", {0}}}}}}}}}});
}

TEST_CASE("events: several attachments, All, and detaching one of them") {
  Bench b;
  const Reply all = b.call("eventManager.attach", {{"codes", {"All"}}});
  const Reply one = b.call("eventManager.attach", {{"codes", {"AlarmLocal"}}});
  CHECK(all.params["SID"] != one.params["SID"]);
  CHECK(b.event(R"({"code":"AlarmLocal","action":"Pulse","index":1})") == 2);
  CHECK(b.call("eventManager.detach", {{"SID", one.params["SID"]}}).ok());
  CHECK(b.event(R"({"code":"AlarmLocal","action":"Pulse","index":1})") == 1);
  CHECK_FALSE(b.call("eventManager.detach", {{"SID", 999999}}).ok());
  CHECK(b.call("eventManager.detach").ok());
  CHECK(b.event(R"({"code":"AlarmLocal","action":"Pulse","index":1})") == 0);
  CHECK(b.notes.size() == 3);
}

TEST_CASE("events: what goes on is told on both transports") {
  Bench b;
  CHECK(b.get("eventManager.cgi?action=getEventIndexes&code=VideoMotion").body == "Error: No Events\r\n");
  CHECK(b.call("eventManager.getEventIndexes", {{"code", "VideoMotion"}}).code == code::no_data);
  for (const char* index : {"3", "0"})
    b.event(std::string(R"({"code":"VideoMotion","action":"Start","index":)") + index + "}");
  b.event(R"({"code":"VideoMotion","action":"Pulse","index":7})");
  CHECK(b.get("eventManager.cgi?action=getEventIndexes&code=VideoMotion").body ==
        "channels[0]=0\r\nchannels[1]=3\r\n");
  CHECK(b.call("eventManager.getEventIndexes", {{"code", "VideoMotion"}}).params ==
        Json{{"channels", {0, 3}}});
  b.event(R"({"code":"VideoMotion","action":"Stop","index":0})");
  CHECK(b.get("eventManager.cgi?action=getEventIndexes&code=VideoMotion").body == "channels[0]=3\r\n");
  CHECK(b.get("eventManager.cgi?action=getEventIndexes&code=VideoLoss").body == "Error: No Events\r\n");
  CHECK(b.get("eventManager.cgi?action=getExposureEvents").body.rfind("events[0]=VideoMotion\r\n", 0) == 0);
}

TEST_CASE("events: a channel that is switched off has lost its video") {
  Bench b;
  b.call("eventManager.attach", {{"codes", {"VideoLoss"}}});
  CHECK(b.happen("/channel", R"({"channel":5,"on":false})"));
  CHECK(b.happen("/channel", R"({"channel":5,"on":false})"));
  REQUIRE(b.notes.size() == 1);
  CHECK(event(b.notes[0])["Action"] == "Start");
  CHECK(event(b.notes[0])["Index"] == 4);
  CHECK_FALSE(b.core.player.channel_on(5));
  CHECK(b.happen("/channel", R"({"channel":5,"on":true})"));
  REQUIRE(b.notes.size() == 2);
  CHECK(event(b.notes[1])["Action"] == "Stop");
  CHECK(b.core.player.channel_on(5));
  CHECK_FALSE(b.happen("/channel", R"({"channel":17,"on":false})"));
}

TEST_CASE("events: troubles begin and end once") {
  Bench b;
  b.call("eventManager.attach", {{"codes", {"All"}}});
  for (const char* name : {"StorageNotExist", "StorageFailure", "NetAbort", "IPConflict"}) {
    b.notes.clear();
    const std::string on = std::string(R"({"code":")") + name + R"(","on":true})";
    const std::string off = std::string(R"({"code":")") + name + R"(","on":false})";
    CHECK(b.happen("/trouble", on.c_str()));
    CHECK(b.happen("/trouble", on.c_str()));
    CHECK(b.core.events.active(name, 0));
    CHECK(b.happen("/trouble", off.c_str()));
    CHECK(b.happen("/trouble", off.c_str()));
    CHECK(b.notes.size() == 2);
    CHECK_FALSE(b.core.events.active(name, 0));
  }
  CHECK_FALSE(b.happen("/trouble", R"({"on":true})"));
}

TEST_CASE("events: bursts, channels instead of indexes, and what is no event") {
  Bench b;
  b.call("eventManager.attach", {{"codes", {"All"}}});
  CHECK(b.event(R"({"code":"CrossLineDetection","action":"Pulse","channel":4,"burst":25})") == 25);
  CHECK(b.notes.size() == 25);
  CHECK(event(b.notes[24])["Index"] == 3);
  for (const char* wrong :
       {"", "[]", "{}", R"({"code":5,"script":{}})", R"({"script":[{"at_ms":1}]})", "nonsense"})
    CHECK(b.event(wrong) == -1);
}

TEST_CASE("events: faults of attaching") {
  Bench b;
  const auto attach = [&](Json codes) {
    return b.call("eventManager.attach", {{"codes", std::move(codes)}});
  };
  b.fault(R"({"name":"one_listener","code":268632075,"message":"busy","times":1})");
  REQUIRE(attach({"All"}).ok());
  const Reply second = attach({"All"});
  CHECK(second.code == 268632075);
  CHECK(second.message == "busy");
  CHECK(attach({"All"}).ok());
  b.fault(R"({"name":"long_codes","max":2})");
  CHECK(attach({"A", "B"}).ok());
  CHECK_FALSE(attach({"A", "B", "C"}).ok());
  CHECK(attach({"All"}).ok());
  b.core.faults.clear("");
  b.fault(R"({"name":"only_all"})");
  CHECK_FALSE(attach({"A"}).ok());
  CHECK(attach({"All"}).ok());
  b.core.faults.clear("");
  b.call("eventManager.detach");
  b.fault(R"({"name":"attach_silent","times":1})");
  CHECK(attach({"All"}).ok());
  CHECK(b.event(R"({"code":"VideoMotion"})") == 0);
  CHECK(attach({"All"}).ok());
  CHECK(b.event(R"({"code":"VideoMotion","action":"Stop"})") == 1);
}

TEST_CASE("events: faults of telling") {
  Bench b;
  b.call("eventManager.attach", {{"codes", {"All"}}});
  b.fault(R"({"name":"no_stop_event","what":"VideoMotion","times":1})");
  b.event(R"({"code":"VideoMotion","action":"Start"})");
  b.event(R"({"code":"VideoMotion","action":"Stop"})");
  CHECK(b.notes.size() == 1);
  CHECK_FALSE(b.core.events.active("VideoMotion", 0));
  b.fault(R"({"name":"events_lost","times":2})");
  for (int i = 0; i < 3; ++i) b.event(R"({"code":"AlarmLocal","action":"Start","index":1})");
  CHECK(b.notes.size() == 2);
  CHECK(b.core.events.active("AlarmLocal", 1));
  b.fault(R"({"name":"two_notifications","times":1})");
  b.event(R"({"code":"AlarmLocal","action":"Stop","index":1})");
  CHECK(b.notes.size() == 4);
}

TEST_CASE("events: nothing is pushed to an HTTP session") {
  Bench b("nvr16", "http");
  b.caller.session->notify = nullptr;
  CHECK(b.call("eventManager.attach", {{"codes", {"All"}}}).ok());
  CHECK(b.event(R"({"code":"VideoMotion"})") == 0);
}

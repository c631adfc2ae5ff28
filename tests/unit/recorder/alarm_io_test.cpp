// Inputs, outputs and what the tables link (protocol http-rpc.md §5.2, §5.5, §5.10).
#include <catch2/catch.hpp>

#include "bench.hpp"

using namespace dmss::recorder;
using namespace std::chrono_literals;

namespace {

std::string ask(Bench& b, const std::string& action) {
  return b.get("alarm.cgi?action=" + action).body;
}

void enable(Bench& b, const std::string& row, bool output, int latch) {
  REQUIRE(b.core.tables.set(row + ".Enable", true));
  REQUIRE(b.core.tables.set(row + ".EventHandler.AlarmOutEnable", output));
  REQUIRE(b.core.tables.set(row + ".EventHandler.AlarmOutLatch", latch));
}

}  // namespace

TEST_CASE("alarm: slots are those of the tables") {
  Bench nvr, camera("bullet");
  CHECK(ask(nvr, "getInSlots") == "result=4\r\n");
  CHECK(ask(nvr, "getOutSlots") == "result=2\r\n");
  CHECK(nvr.call("alarm.getInSlots").params == Json{{"inputs", 4}});
  CHECK(nvr.call("alarm.getOutSlots").params == Json{{"outputs", 2}});
  CHECK(ask(camera, "getInSlots") == "result=1\r\n");
  CHECK(camera.call("alarm.getAlarmCaps").params["caps"]["AlarmPir"] == true);
  CHECK(nvr.call("alarm.getAlarmCaps").params["caps"]["AlarmPir"] == false);
  CHECK(nvr.get("alarm.cgi?action=sing").status == 501);
}

TEST_CASE("alarm: an input that is enabled raises AlarmLocal and drives its output") {
  Bench b;
  b.call("eventManager.attach", {{"codes", {"AlarmLocal"}}});
  enable(b, "Alarm[2]", true, 0);
  REQUIRE(b.core.tables.set("Alarm[2].EventHandler.AlarmOutChannels", Json({1, 7})));
  CHECK(b.happen("/input", R"({"index":2,"on":true})"));
  CHECK(b.happen("/input", R"({"index":2,"on":true})"));
  REQUIRE(b.notes.size() == 1);
  CHECK(b.notes[0]["params"]["eventList"][0]["Action"] == "Start");
  CHECK(ask(b, "getInState") == "result=4\r\n");
  CHECK(ask(b, "getOutState") == "result=2\r\n");
  CHECK(b.call("alarm.getOutState").params == Json{{"state", 2}});
  CHECK(b.get("eventManager.cgi?action=getEventIndexes&code=AlarmLocal").body == "channels[0]=2\r\n");
  CHECK(b.happen("/input", R"({"index":2,"on":false})"));
  CHECK(b.notes.size() == 2);
  CHECK(ask(b, "getInState") == "result=0\r\n");
  CHECK(ask(b, "getOutState") == "result=0\r\n");
  CHECK_FALSE(b.happen("/input", R"({"index":4,"on":true})"));
  CHECK_FALSE(b.happen("/input", R"({"index":-1,"on":true})"));
}

TEST_CASE("alarm: an input that is not enabled has a state and raises nothing, unless forced") {
  Bench b;
  b.call("eventManager.attach", {{"codes", {"All"}}});
  CHECK(b.happen("/input", R"({"index":0,"on":true})"));
  CHECK(ask(b, "getInState") == "result=1\r\n");
  CHECK(b.notes.empty());
  CHECK(b.happen("/input", R"({"index":0,"on":true,"force":true})"));
  CHECK(b.notes.size() == 1);
  CHECK(b.happen("/input", R"({"index":0,"on":false})"));
  CHECK(b.notes.size() == 2);
}

TEST_CASE("alarm: an output stays on for its latch") {
  dmss::net::VirtualClock clock;
  const Profile profile = *load_profile("nvr16");
  Faults faults;
  Sessions sessions(profile, clock, 1);
  Tables tables(profile);
  EventHub hub(sessions, faults);
  AlarmIo io(tables, hub, clock);
  for (const char* path :
       {"MotionDetect[1].EventHandler.AlarmOutEnable", "Alarm[0].EventHandler.AlarmOutEnable"})
    REQUIRE(tables.set(path, true));
  REQUIRE(tables.set("Alarm[0].Enable", true));
  hub.raise({"VideoMotion", "Start", 1, nullptr});
  io.set_input(0, true);
  CHECK(io.output_state() == 1);
  hub.raise({"VideoMotion", "Stop", 1, nullptr});
  clock.advance(60s, [] {});
  CHECK(io.output_state() == 1);
  io.set_input(0, false);
  clock.advance(9s, [] {});
  CHECK(io.output_state() == 1);
  clock.advance(2s, [] {});
  CHECK(io.output_state() == 0);
  hub.raise({"VideoMotion", "Start", 13, nullptr});
  hub.raise({"VideoMotion", "Start", 99, nullptr});
  hub.raise({"VideoMotion", "Start", -1, nullptr});
  CHECK(io.output_state() == 0);
}

TEST_CASE("alarm: the mode of an output is stronger than what is linked to it") {
  Bench b;
  enable(b, "Alarm[0]", true, 0);
  CHECK(b.get("configManager.cgi?action=setConfig&AlarmOut[1].Mode=1").body == "OK\r\n");
  CHECK(ask(b, "getOutState") == "result=2\r\n");
  b.happen("/input", R"({"index":0,"on":true})");
  CHECK(ask(b, "getOutState") == "result=3\r\n");
  CHECK(b.get("configManager.cgi?action=setConfig&AlarmOut[0].Mode=2").body == "OK\r\n");
  CHECK(ask(b, "getOutState") == "result=2\r\n");
  CHECK(b.get("configManager.cgi?action=setConfig&AlarmOut[0].Mode=0&AlarmOut[1].Mode=0").body == "OK\r\n");
  CHECK(ask(b, "getOutState") == "result=1\r\n");
}

TEST_CASE("alarm: network alarms") {
  Bench b;
  b.call("eventManager.attach", {{"codes", {"NetAlarm"}}});
  CHECK(b.get("netAlarm.cgi?action=setState&channel=2&alarm=true").body == "OK\r\n");
  CHECK(b.notes.empty());
  enable(b, "NetAlarm[1]", false, 0);
  CHECK(b.get("netAlarm.cgi?action=setState&channel=2&alarm=true").body == "OK\r\n");
  CHECK(b.get("netAlarm.cgi?action=setState&channel=2&alarm=false").body == "OK\r\n");
  REQUIRE(b.notes.size() == 2);
  CHECK(b.notes[0]["params"]["eventList"][0]["Index"] == 1);
  for (const char* wrong :
       {"channel=0&alarm=true", "channel=5&alarm=true", "channel=1", "channel=1&alarm=yes", "alarm=true"})
    CHECK(b.get(std::string("netAlarm.cgi?action=setState&") + wrong).status == 400);
}

TEST_CASE("alarm: motion is seen where detection is on, and takes pictures where they are linked") {
  Bench b;
  b.call("eventManager.attach", {{"codes", {"All"}}});
  CHECK(b.happen("/motion", R"({"channel":3,"on":true})"));
  CHECK(b.notes.empty());
  REQUIRE(b.core.tables.set("MotionDetect[2].Enable", true));
  REQUIRE(b.core.tables.set("MotionDetect[2].EventHandler.SnapshotEnable", true));
  REQUIRE(b.core.tables.set("MotionDetect[2].EventHandler.SnapshotChannels", Json({2, 0, 99})));
  CHECK(b.happen("/motion", R"({"channel":3,"on":true,"data":{"Id":[0]}})"));
  REQUIRE(b.notes.size() == 3);
  const Json motion = b.notes[0]["params"]["eventList"][0], file = b.notes[1]["params"]["eventList"][0];
  CHECK(motion["Code"] == "VideoMotion");
  CHECK(motion["Data"] == Json{{"Id", {0}}});
  CHECK(file["Code"] == "NewFile");
  CHECK(file["Action"] == "Pulse");
  CHECK(file["Index"] == 2);
  CHECK(file["Data"]["Event"] == "VideoMotion");
  const std::string path = file["Data"]["File"];
  CHECK(path.substr(path.size() - 18) == "[M][0@0][0][1].jpg");
  CHECK(b.notes[2]["params"]["eventList"][0]["Index"] == 0);
  CHECK(b.happen("/motion", R"({"channel":3,"on":false})"));
  CHECK(b.notes.size() == 4);
  CHECK_FALSE(b.happen("/motion", R"({"channel":0,"on":true})"));
}

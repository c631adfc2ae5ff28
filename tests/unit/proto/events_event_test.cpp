// One event, as JSON and as a text block (protocol http-rpc.md §8, §11).
#include <catch2/catch.hpp>

#include "proto/events/event.hpp"
#include "proto/events/groups.hpp"
#include "proto/events/picture.hpp"

using namespace dmss;
using namespace dmss::proto::events;
using proto::rpc::Json;

namespace {

constexpr std::string_view kMotion =
    "Code=VideoMotion;action=Start;index=0;data={\n   \"Id\" : [ 0 ],\n   \"RegionName\" : [ \"Region1\" "
    "],\n   "
    "\"SmartMotionEnable\" : true\n}";

constexpr std::string_view kCrossRegion =
    R"({"id":8,"method":"client.notifyEventStream","params":{"SID":513,"eventList":[{"Action":"Start",)"
    R"("Code":"CrossRegionDetection","Data":{"Class":"Normal","Direction":"Enter","EventID":10048,"LocaleTime":)"
    R"("2026-11-26 12:00:01","Name":"Yard","Object":{"BoundingBox":[0,8191,4096,2048],"Confidence":0.5,)"
    R"("ObjectType":"Human"},"PTS":42949485818.0,"RuleID":2,"UTC":1795694401},"Index":3}]},"session":1722306858})";

std::int64_t seconds(const Event& e) {
  return std::chrono::duration_cast<std::chrono::seconds>(e.device_time.value().time_since_epoch()).count();
}

}  // namespace

TEST_CASE("a text block without data is a code, an action and an index from 0") {
  const auto e = parse_block("Code=VideoMotion;action=Start;index=0\r\n");
  REQUIRE(e);
  CHECK(e->event.code == "VideoMotion");
  CHECK(e->event.group == EventGroup::motion);
  CHECK(e->event.action == EventAction::start);
  CHECK(e->event.index == 1);
  CHECK(e->event.data.empty());
  CHECK_FALSE(e->event.device_time);
  CHECK_FALSE(e->damaged);
}

TEST_CASE("data run to the end of the block, over lines, semicolons and equals signs") {
  const auto e = parse_block(kMotion);
  REQUIRE(e);
  CHECK(e->event.name == "Region1");
  CHECK(Json::parse(e->event.data) ==
        Json{{"Id", {0}}, {"RegionName", {"Region1"}}, {"SmartMotionEnable", true}});
  CHECK(write_block(e->event) == kMotion);

  const auto odd =
      parse_block(R"(Code=AlarmLocal;action=Pulse;index=1;data={"Name":"a;index=9;b=c","UTC":1})");
  REQUIRE(odd);
  CHECK(odd->event.name == "a;index=9;b=c");
  CHECK(odd->event.index == 2);
}

TEST_CASE("unknown pairs are skipped, the index may be missing or -1, keys may be spelt anyhow") {
  const auto e = parse_block("Code=VideoLoss;channel=7;action=Stop;xdata={;foo=bar");
  REQUIRE(e);
  CHECK(e->event.action == EventAction::stop);
  CHECK(e->event.index == 0);
  CHECK(e->event.data.empty());
  CHECK_FALSE(e->damaged);
  CHECK(parse_block("code=NTPAdjustTime;Action=Pulse;Index=-1;Data={\"result\":true}")->event.index == 0);
  CHECK(parse_block("Code=X;action=Pulse;index=junk")->event.index == 0);
  CHECK(parse_block("Code=X;action=Pulse;index=99999999")->event.index == 0);
  CHECK(parse_block("Code=DoorStatus")->event.action == EventAction::unknown);
  CHECK(parse_block("Code=_DoTalkAction_;action=Invite;index=0")->event.action_text == "Invite");
}

TEST_CASE("a block whose data are cut keeps its event and says so") {
  const auto e = parse_block(kMotion.substr(0, kMotion.size() - 2));
  REQUIRE(e);
  CHECK(e->event.code == "VideoMotion");
  CHECK(e->event.action == EventAction::start);
  CHECK(e->event.data.empty());
  CHECK(e->damaged);
}

TEST_CASE("what has no code is no event") {
  for (const char* text : {"", "Heartbeat", "action=Start;index=0", "Code=;action=Start",
                           "Code=a b;action=Start", "Code=\xff;action=Start", "Co"})
    CHECK(parse_block(text).error() == Errc::malformed);
  CHECK_FALSE(parse_block("Code=" + std::string(kMaxCodeBytes + 1, 'a')));
  CHECK(parse_block(std::string(kMaxEventBytes + 5000, 'a')).error() == Errc::too_large);
  CHECK_FALSE(parse_event(Json::array()));
  CHECK_FALSE(parse_event(Json{{"Action", "Start"}}));
  CHECK_FALSE(parse_event(Json{{"Code", Json::object()}}));
}

TEST_CASE("a pushed event tells its object, its rule and its time") {
  const auto n = parse_notification(kCrossRegion);
  REQUIRE(n);
  CHECK(n->sid == 513);
  CHECK(n->id == 8);
  CHECK_FALSE(n->callback);
  REQUIRE(n->events.size() == 1);
  const WireEvent& e = n->events[0];
  CHECK(e.event_id == 10048);
  CHECK(e.event.group == EventGroup::ai_analysis);
  CHECK(e.event.index == 4);
  CHECK(e.event.name == "Yard");
  CHECK(e.event.device_local_time == "2026-11-26 12:00:01");
  CHECK(seconds(e.event) == 1795694401);
  REQUIRE(e.event.objects.size() == 1);
  CHECK(e.event.objects[0].type == "Human");
  CHECK(e.event.objects[0].confidence == 0.5);
  CHECK(e.event.objects[0].box.left == 0);
  CHECK(e.event.objects[0].box.top == 1);
  CHECK(e.event.objects[0].box.right == Approx(4096.0 / 8191));
  CHECK(e.event.objects[0].box.bottom == Approx(2048.0 / 8191));
}

TEST_CASE("odd numbers in an event's data are left out, not guessed") {
  const auto with = [](const Json& data) {
    return parse_event(Json{{"Code", "FaceDetection"}, {"Data", data}});
  };
  for (const Json& utc :
       {Json("yesterday"), Json(-1), Json(0), Json(1e15), Json(1e10), Json(17952694401), Json(Json::array())})
    CHECK_FALSE(with({{"UTC", utc}})->event.device_time);
  CHECK(seconds(with({{"UTC", 1594225900.25}})->event) == 1594225900);
  const auto object = [&](const Json& o) { return with({{"Object", o}})->event.objects; };
  CHECK(object({{"BoundingBox", {1, 2, 3}}}).empty());
  CHECK(object({{"BoundingBox", {1, 2, 3, "4"}}}).empty());
  CHECK(object("Human").empty());
  CHECK(object({{"ObjectType", "Human"}, {"BoundingBox", {1}}}).size() == 1);
  const auto wild = object({{"BoundingBox", {-5, 1e9, 8191, 0}}, {"Confidence", 77}});
  REQUIRE(wild.size() == 1);
  CHECK(wild[0].box.left == 0);
  CHECK(wild[0].box.top == 1);
  CHECK_FALSE(wild[0].confidence);
  Json many = Json::array();
  for (int i = 0; i < 200; ++i) many.push_back({{"ObjectType", "Vehicle"}});
  CHECK(with({{"Objects", many}})->event.objects.size() == kMaxObjects);
}

TEST_CASE("events survive being written and read again, both ways") {
  for (const auto& parsed :
       {parse_block(kMotion), parse_block("Code=AlarmLocal;action=Stop;index=2"),
        parse_block("Code=Reboot;action=Pulse;index=-1;data={ \"a\" : [ {\"b\":[]}, {} ] }")}) {
    REQUIRE(parsed);
    for (const auto& again : {parse_event(to_json(parsed->event)), parse_block(write_block(parsed->event))}) {
      REQUIRE(again);
      CHECK(again->event.code == parsed->event.code);
      CHECK(again->event.action == parsed->event.action);
      CHECK(again->event.index == parsed->event.index);
      CHECK(again->event.data == parsed->event.data);
      CHECK_FALSE(again->damaged);
    }
  }
}

TEST_CASE("only notifications of events are taken for such") {
  CHECK_FALSE(parse_notification(R"({"method":"client.notifyConsoleResult","params":{"SID":5}})"));
  CHECK_FALSE(parse_notification(R"({"params":{"text":"client.notifyEventStream"}})"));
  CHECK_FALSE(parse_notification("client.notifyEventStream"));
  const auto empty = parse_notification(R"({"method":"client.notifyEventStream"})");
  REQUIRE(empty);
  CHECK(empty->events.empty());
  const auto mixed = parse_notification(
      R"({"method":"client.notifyEventStream","callback":7,"params":{"eventList":[1,{"Code":"A","Action":"Pulse"},{}]}})");
  REQUIRE(mixed);
  CHECK(mixed->callback == 7);
  CHECK_FALSE(mixed->sid);
  CHECK(mixed->events.size() == 1);
  CHECK(mixed->malformed == 2);
}

TEST_CASE("codes belong to the groups of the manual's table 9-1") {
  using enum EventGroup;
  const std::pair<const char*, EventGroup> expected[] = {{"CrossLineDetection", ai_analysis},
                                                         {"TakenAwayDetection", ai_analysis},
                                                         {"FireWarning", thermal},
                                                         {"VideoMotion", motion},
                                                         {"VideoBlind", masking},
                                                         {"VideoUnFocus", defocus},
                                                         {"FaceRecognition", face},
                                                         {"AudioMutation", audio},
                                                         {"StorageNotExist", disk},
                                                         {"PowerFault", voltage},
                                                         {"IPConflict", network},
                                                         {"AlarmLocal", sensor},
                                                         {"BatteryLowPower", battery},
                                                         {"CallNoAnswered", intercom},
                                                         {"NTPAdjustTime", housekeeping},
                                                         {"SomethingNew", other},
                                                         {"", other}};
  for (const auto& [code, group] : expected) {
    CAPTURE(code);
    CHECK(event_group(code) == group);
  }
  for (int i = 0; i <= static_cast<int>(housekeeping); ++i) {
    const auto group = static_cast<EventGroup>(i);
    const auto back = parse_event_group(name(group));
    REQUIRE(back);
    CHECK(*back == group);
  }
  CHECK(parse_event_group("nothing").error() == Errc::invalid_argument);
  CHECK(name(static_cast<EventGroup>(99)) == "other");
}

TEST_CASE("what an event's index counts shows in its code") {
  CHECK(event_index("VideoMotion") == EventIndex::channel);
  CHECK(event_index("SomethingNew") == EventIndex::channel);
  CHECK(event_index("AlarmIPC") == EventIndex::channel);
  CHECK(event_index("AlarmLocal") == EventIndex::input);
  CHECK(event_index("NetAlarm") == EventIndex::input);
  CHECK(event_index("AlarmOutput") == EventIndex::output);
  CHECK(event_index("DoorStatus") == EventIndex::other);
  CHECK(event_index("StorageFailure") == EventIndex::other);
  CHECK(name(EventIndex::output) == "output");
}

TEST_CASE("the text before a picture names its event, in any of its forms") {
  const auto lines = parse_picture_text(
      "Events[0].EventBaseInfo.Code=VideoMotion\r\nEvents[0].EventBaseInfo.Action=Pulse\r\n"
      "Events[0].EventBaseInfo.Index=4\r\nEvents[0].UTC=1795694401\r\nEvents[1].EventBaseInfo.Code="
      "VideoLoss\r\n");
  REQUIRE(lines);
  CHECK(lines->event.code == "VideoMotion");
  CHECK(lines->event.index == 5);
  CHECK(seconds(lines->event) == 1795694401);
  const auto block =
      parse_picture_text("Code=CrossLineDetection;action=Start;index=0;data={\"Name\":\"Gate\"}");
  REQUIRE(block);
  CHECK(block->event.name == "Gate");
  CHECK_FALSE(parse_picture_text("Events[0].EventBaseInfo.Index=4"));
  const auto again = parse_picture_text(write_picture_text(lines->event));
  REQUIRE(again);
  CHECK(again->event.index == 5);
  CHECK(again->event.device_time == lines->event.device_time);
}

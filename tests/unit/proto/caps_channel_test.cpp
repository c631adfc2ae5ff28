// Light and speaker, video input, lens; and what a device tells of itself.
#include "proto/caps/channel.hpp"

#include <catch2/catch.hpp>

#include "proto/caps/device.hpp"
#include "proto/cgi/tree.hpp"

using namespace dmss;
using namespace dmss::proto;
using namespace dmss::proto::caps;

namespace {

Json tree(std::string_view body) {
  const auto lines = cgi::parse_kv(body);
  REQUIRE(lines);
  return cgi::to_text_tree(*lines);
}

}  // namespace

TEST_CASE("what coaxial control can do is told by numbers") {
  auto caps = parse_coaxial_caps(Json::parse(
      R"({"caps":{"SupportControlFullcolorLight":1,"SupportControlLight":0,"SupportControlSpeaker":0}})"));
  REQUIRE(caps);
  CHECK(caps->light == true);
  CHECK(caps->speaker == false);
  caps = parse_coaxial_caps(Json::parse(R"({"caps":{"SupportControlLight":0}})"));
  REQUIRE(caps);
  CHECK(caps->light == false);
  CHECK_FALSE(caps->speaker);
  CHECK_FALSE(parse_coaxial_caps(Json::parse(R"({"result":true})")));
}

TEST_CASE("light and speaker are found in every form of the status") {
  for (const Json& answer : {tree("status.status.WhiteLight=On\r\nstatus.status.Speaker=Off\r\n"),
                             tree("status.WhiteLight=On\r\nstatus.Speaker=Off\r\n"),
                             tree("status.whitelight=on\nstatus.speaker=off\n"),
                             Json::parse(R"({"status":{"WhiteLight":"On","Speaker":"Off"}})")}) {
    const DeterrenceStatus status = parse_coaxial_status(answer);
    CHECK(status.light == true);
    CHECK(status.siren == false);
  }
  const DeterrenceStatus none =
      parse_coaxial_status(Json::parse(R"({"status":{"WhiteLight":"Blink","Other":"On"}})"));
  CHECK_FALSE(none.light);
  CHECK_FALSE(none.siren);
}

TEST_CASE("a video input tells of flip, mirror, rotation and the lens, or does not") {
  auto caps = parse_video_input_caps(tree("caps.DayNightColor=3\r\ncaps.Flip=true\r\ncaps.Rotate90=0\r\n"));
  REQUIRE(caps);
  CHECK(caps->flip == true);
  CHECK_FALSE(caps->mirror);
  CHECK(caps->rotate == false);
  CHECK_FALSE(caps->electric_focus);
  CHECK_FALSE(parse_video_input_caps(Json()));
}

TEST_CASE("a lens tells its zoom and focus") {
  const auto lens =
      parse_lens_status(tree("status.Focus=0.511\r\nstatus.Zoom=0.25\r\nstatus.Status=Normal\r\n"));
  REQUIRE(lens);
  CHECK(lens->focus == Approx(0.511));
  CHECK(lens->zoom == Approx(0.25));
  CHECK_FALSE(lens->focusing);
  CHECK(parse_lens_status(Json::parse(R"({"status":{"Focus":1,"Status":"Autofocus"}})"))->focusing);
  CHECK_FALSE(parse_lens_status(Json::parse(R"({"status":{"Status":"Normal"}})")));
}

TEST_CASE("the rules of a channel are searched for a switch") {
  CHECK(any_rule_has(Json::parse(R"([null,{"Name":"a"},{"TrackEnable":false}])"), "TrackEnable"));
  CHECK_FALSE(any_rule_has(Json::parse(R"([{"Name":"TrackEnable"}])"), "TrackEnable"));
  CHECK_FALSE(any_rule_has(Json::parse(R"({"TrackEnable":true})"), "TrackEnable"));
}

TEST_CASE("alarm slots, collections and product definitions come by either route") {
  CHECK(parse_slots(Json::parse(R"({"inputs":4})"), "inputs") == 4);
  CHECK(parse_slots(tree("result=2\r\n"), "outputs") == 2);
  CHECK_FALSE(parse_slots(Json::parse(R"({"inputs":-4})"), "inputs"));
  CHECK_FALSE(parse_slots(Json::parse(R"({"inputs":4000000})"), "inputs"));
  CHECK(parse_collect(tree("result=1\r\n")) == 1);
  CHECK(definition_number(Json::parse(R"({"definition":2})"), "MaxExtraStream") == 2);
  CHECK(definition_number(tree("table.MaxExtraStream=2\r\n"), "MaxExtraStream") == 2);
  CHECK(definition_flag(Json::parse(R"({"definition":true})"), "HasTalk") == true);
  CHECK(definition_flag(tree("table.HasTalk=false\r\n"), "HasTalk") == false);
  CHECK_FALSE(definition_flag(tree("table.HasAlarm=true\r\n"), "HasTalk"));
  CHECK_FALSE(definition_flag(Json::parse(R"({"definition":{"a":1}})"), "HasTalk"));
  CHECK(parse_pir(Json::parse(R"({"caps":{"AlarmPir":true,"Flash":false}})")) == true);
  CHECK_FALSE(parse_pir(Json::parse(R"({"caps":{"Flash":false}})")));
}

TEST_CASE("event codes are found where the device lists them") {
  const std::vector<std::string> expected{"VideoMotion", "AlarmLocal"};
  CHECK(parse_event_codes(tree("events[0]=VideoMotion\r\nevents[1]=AlarmLocal\r\n")) == expected);
  CHECK(parse_event_codes(Json::parse(R"({"caps":{"Codes":["VideoMotion","AlarmLocal"]}})")) == expected);
  CHECK(parse_event_codes(Json::parse(R"({"caps":["VideoMotion","AlarmLocal"]})")) == expected);
  CHECK(parse_event_codes(Json::parse(R"({"caps":{"Other":["VideoMotion"]}})")).empty());
}

TEST_CASE("recorders are told by their class; one channel's siren by RemoteSpeak") {
  for (const char* c : {"NVR", "HCVR", "XVR", "DVR", "EVS", "nvr"}) CHECK(is_recorder_class(c));
  for (const char* c : {"IPC", "SD", "VTO", "", "NVR-IPC"}) CHECK_FALSE(is_recorder_class(c));
  CHECK(parse_remote_siren(Json::parse(R"({"Caps":[{"SupportAudioPlay":true,"SupportSiren":true}]})")) ==
        true);
  CHECK_FALSE(parse_remote_siren(Json::parse(R"({"Caps":[{"SupportSiren":true},{"SupportSiren":false}]})")));
  CHECK(parse_camera_count(Json::parse(R"({"camera":[{"Channel":0},{"Channel":1}]})")) == 2);
}

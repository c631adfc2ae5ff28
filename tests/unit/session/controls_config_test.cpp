// Controls that are settings: they write as the configuration does, beside whoever else writes.
#include "config_device.hpp"
#include "session/admin/alarm_io.hpp"
#include "session/config/typed.hpp"
#include "session/controls/control_conversations.hpp"

using namespace dmss;
using namespace dmss::config_test;
using namespace dmss::session;

namespace {

struct Scene : World {
  Scene() {
    device->channel_count = 2;
    device->tables["AlarmOut"] = Json::parse(R"([{"Mode":0,"Name":"Gate"},{"Mode":2,"Name":"Siren"}])");
    device->tables["RecordMode"] = Json::parse(R"([{"Mode":0,"ModeExtra1":2},{"Mode":0,"ModeExtra1":2}])");
    device->tables["VideoColor"] = Json::parse(
        R"([{"Brightness":10,"Contrast":20,"TimeSection":"1 00:00:00-24:00:00"},
            {"Brightness":11,"Contrast":21,"TimeSection":"1 00:00:00-24:00:00"}])");
    device->tables["VideoAnalyseRule"] = Json::parse(R"([[{"Name":"Line","TrackEnable":false}],[]])");
    device->tables["MotionDetect"] = Json::array({{{"Enable", true}}, {{"Enable", true}}});
    device->tables["SmartMotionDetect"] = Json::array({{{"Enable", true}}, {{"Enable", true}}});
    before = device->tables;
  }
  void by_cgi() {
    device->rpc_there = false;
    device->cgi_there = true;
  }
  Result<void> reset(int channel) { return run(reset_image(device, locks, channel)); }
  Result<void> record(int channel) {
    return run(set_recording(device, locks, channel, RecordMode::Mode::manual));
  }
  Result<void> switch_output(int output, AlarmOutput::Mode mode) {
    return run(set_alarm_output(device, locks, output, mode));
  }

  std::shared_ptr<ConfigDevice> device = make_device(*this);
  Json before;
};

}  // namespace

TEST_CASE("smart tracking: motion detection that the rules reset is put back") {
  Scene s;
  s.device->before_request = [&](int) {
    if (s.device->heard.back() != "getConfig VideoAnalyseRule[0]" ||
        s.device->count("setConfig VideoAnalyseRule") != 1)
      return;
    s.device->tables["MotionDetect"][0]["Enable"] = false;
    s.device->tables["SmartMotionDetect"][0]["Enable"] = false;
  };
  REQUIRE(s.run(set_smart_tracking(s.device, s.locks, 1, true)));
  Json expected = s.before;
  expected["VideoAnalyseRule"][0][0]["TrackEnable"] = true;
  CHECK(s.device->tables == expected);
  CHECK(s.device->heard.back() == "setConfig MotionDetect[0]");
}

TEST_CASE("smart tracking: rules with damaged text are not written back") {
  Scene s;
  s.device->tables["VideoAnalyseRule"][0][0]["Name"] = "T\xef\xbf\xbdr";
  CHECK(s.run(set_smart_tracking(s.device, s.locks, 1, true)).error() == Errc::unsupported);
  CHECK(s.device->count("setConfig") == 0);
}

TEST_CASE("an image is reset on its channel only, also where the device does not scope") {
  Scene s;
  SECTION("it gives the whole table") {
    s.device->ignores_scope = true;
  }
  SECTION("it refuses a channel") {
    s.device->refuses_scope = true;
  }
  SECTION("by CGI") {
    s.by_cgi();
  }
  SECTION("by CGI, with the prefix") {
    s.by_cgi();
    s.device->wants_table_prefix = true;
  }
  REQUIRE(s.reset(2));
  Json expected = s.before;
  expected["VideoColor"][1]["Brightness"] = 50;
  expected["VideoColor"][1]["Contrast"] = 50;
  CHECK(s.device->tables == expected);
}

TEST_CASE("an image is reset in each row in force, whatever the first has") {
  Scene s;
  s.device->tables["VideoColor"] = Json::parse(
      R"([[{"Brightness":50,"TimeSection":"1 00:00:00-12:00:00"},{"Brightness":9,"TimeSection":"1 12:00:00-24:00:00"}]])");
  REQUIRE(s.reset(1));
  CHECK(s.device->tables["VideoColor"][0][0]["Brightness"] == 50);
  CHECK(s.device->tables["VideoColor"][0][1]["Brightness"] == 50);
}

TEST_CASE("an image is reset where the device writes 50 in another way, and not where there are no colours") {
  Scene s;
  s.device->before_request = [&](int) {
    if (s.device->count("setConfig") == 1) s.device->tables["VideoColor"][0]["Brightness"] = 50.0;
  };
  CHECK(s.reset(1));
  s.device->before_request = nullptr;
  for (const char* none : {R"([{"Gamma":1}])", R"([[]])", R"([[{"Gamma":1}]])"}) {
    s.device->tables["VideoColor"] = Json::parse(none);
    CHECK(s.reset(1).error() == Errc::unsupported);
  }
}

TEST_CASE("recording by hand: a table without an index, and a mode that nobody knows") {
  Scene s;
  SECTION("without an index") {
    s.by_cgi();
    s.device->channel_count = 1;
    s.device->without_index = {"RecordMode"};
    REQUIRE(s.record(1));
    CHECK(s.device->tables["RecordMode"][0] == Json::parse(R"({"Mode":1,"ModeExtra1":2})"));
  }
  SECTION("unknown mode") {
    s.device->tables["RecordMode"][0]["Mode"] = 7;
    REQUIRE(s.run(set_recording(s.device, s.locks, 1, RecordMode::Mode::automatic)));
    CHECK(s.device->tables["RecordMode"][0]["Mode"] == 0);
  }
  SECTION("no mode") {
    s.device->tables["RecordMode"][0].erase("Mode");
    CHECK(s.run(set_recording(s.device, s.locks, 1, RecordMode::Mode::automatic)).error() ==
          Errc::unsupported);
  }
}

TEST_CASE("a control and a set of the same table do not overtake each other") {
  Scene s;
  s.device->slow = true;
  s.device->ignores_scope = true;  // each writes all rows
  auto output = s.run(get_value<AlarmOutput>(s.device, 1));
  REQUIRE(output);
  output->name = "Door";
  output->origin = {};
  auto set = s.start(set_value<AlarmOutput>(s.device, s.locks, *output));
  auto switched = s.start(set_alarm_output(s.device, s.locks, 2, AlarmOutput::Mode::manual));
  s.io.restart();
  s.io.run();
  REQUIRE(set->has_value());
  CHECK(**set);
  REQUIRE(switched->has_value());
  CHECK(**switched);
  CHECK(s.device->tables["AlarmOut"] ==
        Json::parse(R"([{"Mode":0,"Name":"Door"},{"Mode":1,"Name":"Siren"}])"));
}

TEST_CASE("an alarm output whose table would be damaged is not switched; one without a mode cannot") {
  Scene s;
  SECTION("damaged") {
    s.device->tables["AlarmOut"][1]["Name"] = "T\xef\xbf\xbdr";
  }
  SECTION("no mode") {
    s.device->tables["AlarmOut"][1].erase("Mode");
  }
  CHECK(s.switch_output(2, AlarmOutput::Mode::automatic).error() == Errc::unsupported);
  CHECK(s.device->count("setConfig") == 0);
}

// Any table as JSON text.
#include "config_device.hpp"
#include "session/config/raw.hpp"
#include "unit/proto/config_samples.hpp"

using namespace dmss;
using namespace dmss::config_test;
using namespace dmss::session;

namespace {

struct Scene : World {
  Scene() {
    device->channel_count = 2;
    device->tables["Lighting_V2"] = Json::parse(
        R"([[[{"Mode":"Auto","PercentOfMaxBrightness":100}]],[[{"Mode":"Off","PercentOfMaxBrightness":50}]]])");
    device->tables["VideoStandard"] = "PAL";
    device->tables["VideoAnalyseRule"] = Json::parse(R"([[{"Enable":true,"Name":"Line"}],[]])");
    device->tables["MotionDetect"] = Json::array({{{"Enable", true}}, {{"Enable", true}}});
    device->tables["SmartMotionDetect"] = Json::array({{{"Enable", true}}, {{"Enable", true}}});
    before = device->tables;
  }
  Result<std::string> read(ConfigTable table) { return run(read_raw(device, std::move(table))); }
  Result<ConfigWritten> write(ConfigTable table, std::string json, std::string expected = {}) {
    return run(write_raw(device, locks, std::move(table), std::move(json), std::move(expected)));
  }

  std::shared_ptr<ConfigDevice> device = make_device(*this);
  Json before;
};

}  // namespace

TEST_CASE("raw tables: whole, by channel, and of a single text") {
  Scene s;
  CHECK(Json::parse(*s.read({"Lighting_V2", 0})) == s.before["Lighting_V2"]);
  CHECK(Json::parse(*s.read({"Lighting_V2", 2})) == s.before["Lighting_V2"][1]);
  CHECK(*s.read({"VideoStandard", 0}) == "\"PAL\"");
  CHECK(s.read({"Nothing", 0}).error() == Errc::unsupported);
  CHECK(s.read({"Lighting_V2", 3}).error() == Errc::no_such_channel);
}

TEST_CASE("raw tables: names and texts that are none are refused before anything is sent") {
  Scene s;
  for (const char* name : {"", "a b", "General.MachineName", "Encode[0]", "a&b", "a\nb", "\xc3\xbc"})
    CHECK(s.read({name, 0}).error() == Errc::invalid_argument);
  CHECK(s.read({std::string(129, 'a'), 0}).error() == Errc::invalid_argument);
  CHECK(s.read({"Encode", -1}).error() == Errc::invalid_argument);
  for (const char* json : {"", "{", "1,2", "]", "\"a"})
    CHECK(s.write({"VideoStandard", 0}, json).error() == Errc::invalid_argument);
  CHECK(s.write({"VideoStandard", 0}, "1", "{").error() == Errc::invalid_argument);
  CHECK(s.device->heard.empty());
}

TEST_CASE("raw tables: written as a scope, compared and verified") {
  Scene s;
  const std::string seen = *s.read({"Lighting_V2", 2});
  Json wanted = Json::parse(seen);
  wanted[0][0]["Mode"] = "Manual";
  REQUIRE(s.write({"Lighting_V2", 2}, wanted.dump(), seen));
  Json expected = s.before;
  expected["Lighting_V2"][1] = wanted;
  CHECK(s.device->tables == expected);
  CHECK(s.write({"Lighting_V2", 2}, seen, seen).error() == Errc::conflict);
  CHECK(s.device->tables == expected);
  REQUIRE(s.write({"Lighting_V2", 2}, seen));
  CHECK(s.device->tables == s.before);
  REQUIRE(s.write({"VideoStandard", 0}, "\"NTSC\"", "\"PAL\""));
  CHECK(s.device->tables["VideoStandard"] == "NTSC");
  s.device->deaf = {"Mode"};
  s.device->before_request = [&](int) { s.device->tables["Lighting_V2"][1][0][0]["Mode"] = "Off"; };
  const Error error = s.write({"Lighting_V2", 2}, wanted.dump()).error();
  CHECK(error == Errc::not_applied);
  CHECK(error.message().find("Lighting_V2[1][0][0].Mode: wrote \"Manual\", the device has \"Off\"") == 0);
}

TEST_CASE("raw tables: of a whole list only the rows that differ are written, each by itself") {
  Scene s;
  s.device->tables["MotionDetect"].push_back({{"Enable", true}});
  s.device->options = {"NeedReboot"};
  Json wanted = s.device->tables["MotionDetect"];
  wanted[0]["Enable"] = false;
  wanted[2]["Enable"] = false;
  s.device->longest_body = 100;
  const auto written = s.write({"MotionDetect", 0}, wanted.dump());
  INFO(written.error().to_string());
  REQUIRE(written);
  CHECK(written->needs_reboot);
  CHECK(s.device->tables["MotionDetect"] == wanted);
  CHECK(s.device->heard == std::vector<std::string>{"getConfig MotionDetect", "getConfig MotionDetect[0]",
                                                    "setConfig MotionDetect[0]", "setConfig MotionDetect[2]",
                                                    "getConfig MotionDetect"});
}

TEST_CASE("raw tables: a row that fails behind others says how many were written") {
  Scene s;
  Json wanted = s.before["MotionDetect"];
  for (Json& row : wanted) row["Enable"] = false;
  s.device->faults[4] = Errc::timeout;
  const Error error = s.write({"MotionDetect", 0}, wanted.dump()).error();
  CHECK(error == Errc::timeout);
  CHECK(error.message() == "after 1 of 2 rows had been written");
  CHECK(s.device->tables["MotionDetect"][0]["Enable"] == false);
  CHECK(s.device->tables["MotionDetect"][1]["Enable"] == true);
}

TEST_CASE("raw tables: a whole list is written whole where rows cannot be, and never a row in its place") {
  Scene s;
  Json wanted = s.before["MotionDetect"];
  wanted[1]["Enable"] = false;
  SECTION("the firmware does not hear the channel") {
    s.device->ignores_scope = true;
  }
  SECTION("it refuses it") {
    s.device->refuses_scope = true;
  }
  SECTION("another length") {
    wanted.push_back({{"Enable", true}});
  }
  REQUIRE(s.write({"MotionDetect", 0}, wanted.dump()));
  CHECK(s.device->tables["MotionDetect"] == wanted);
  CHECK(s.device->count("setConfig") == 1);
  CHECK(s.device->count("setConfig MotionDetect[") == 0);
}

TEST_CASE("raw tables: a row that somebody changes meanwhile is a conflict") {
  Scene s;
  Json wanted = s.before["MotionDetect"];
  wanted[1]["Enable"] = false;
  s.device->before_request = [&](int n) {
    if (n == 2) s.device->tables["MotionDetect"][1]["Level"] = 4;
  };
  CHECK(s.write({"MotionDetect", 0}, wanted.dump()).error() == Errc::conflict);
  CHECK(s.device->count("setConfig") == 0);
}

TEST_CASE("raw tables: text is written in the encoding it came in") {
  Scene s;
  s.device->tables["Alarm"] = Json::parse(R"([{"Name":"T\u00fcr"},{"Name":"Gate"}])");
  s.device->json_charset = Charset::latin1;
  REQUIRE(s.write({"Alarm", 1}, R"({"Name":"Tor"})"));
  // A row that is ASCII is of the same device.
  s.device->json_charset = Charset::utf8;
  REQUIRE(s.write({"Alarm", 2}, R"({"Name":"B\u00fcro"})"));
  // One whose text is UTF-8 is not.
  REQUIRE(s.write({"Alarm", 2}, R"({"Name":"K\u00fcche"})"));
  CHECK(s.device->written_in == std::vector<Charset>{Charset::latin1, Charset::latin1, Charset::utf8});
}

TEST_CASE("raw tables: over CGI types are told by spelling and only known keys are written") {
  Scene s;
  s.device->rpc_there = false;
  s.device->cgi_there = true;
  CHECK(Json::parse(*s.read({"Lighting_V2", 2})) == s.before["Lighting_V2"][1]);
  Json wanted = s.before["Lighting_V2"][1];
  wanted[0][0]["PercentOfMaxBrightness"] = 70;
  REQUIRE(s.write({"Lighting_V2", 2}, wanted.dump()));
  CHECK(s.device->queries.at(2).text() == "Lighting_V2[1][0][0].PercentOfMaxBrightness=70");
  wanted[0][0]["Invented"] = 1;
  CHECK(s.write({"Lighting_V2", 2}, wanted.dump()).error() == Errc::unsupported);
  CHECK(s.run(remove_raw(s.device, s.locks, {"Lighting_V2", 0})).error() == Errc::unsupported);
  CHECK(s.run(read_raw_default(s.device, {"Lighting_V2", 0})).error() == Errc::unsupported);
  CHECK(s.run(list_tables(s.device)).error() == Errc::unsupported);
}

TEST_CASE("raw tables: rules that reset motion detection get it put back") {
  for (bool resets : {false, true}) {
    Scene s;
    s.device->before_request = [&](int) {
      if (resets && s.device->heard.back() == "getConfig VideoAnalyseRule[0]" &&
          s.device->count("setConfig VideoAnalyseRule") == 1) {
        s.device->tables["MotionDetect"][0]["Enable"] = false;
        s.device->tables["SmartMotionDetect"][0]["Enable"] = false;
      }
    };
    REQUIRE(s.write({"VideoAnalyseRule", 1}, R"([{"Enable":false,"Name":"Line"}])"));
    Json expected = s.before;
    expected["VideoAnalyseRule"][0][0]["Enable"] = false;
    CHECK(s.device->tables == expected);
    CHECK(s.device->count("setConfig") == (resets ? 3 : 1));
    if (resets) CHECK(s.device->heard.back() == "setConfig MotionDetect[0]");  // last of all
  }
}

TEST_CASE("raw tables: motion detection is put back also when the rules were not kept") {
  Scene s;
  s.device->deaf = {"Name"};
  s.device->before_request = [&](int) {
    if (s.device->heard.back() == "getConfig VideoAnalyseRule[0]" &&
        s.device->count("setConfig VideoAnalyseRule") == 1) {
      s.device->tables["VideoAnalyseRule"][0][0]["Name"] = "Line";
      s.device->tables["MotionDetect"][0]["Enable"] = false;
      s.device->tables["SmartMotionDetect"][0]["Enable"] = false;
    }
  };
  SECTION("another value is read") {
    CHECK(s.write({"VideoAnalyseRule", 1}, R"([{"Enable":true,"Name":"Door"}])").error() ==
          Errc::not_applied);
  }
  SECTION("nothing is read") {
    s.device->faults[6] = Errc::malformed;  // two guarded, a row and the whole read, written, read back
    CHECK(s.write({"VideoAnalyseRule", 1}, R"([{"Enable":true,"Name":"Door"}])").error() == Errc::malformed);
  }
  CHECK(s.device->tables == s.before);
  CHECK(s.device->heard.back() == "setConfig MotionDetect[0]");
}

TEST_CASE("raw tables: a change that is none, or that comes too late, writes nothing and puts nothing back") {
  Scene s;
  CHECK(s.write({"VideoAnalyseRule", 1}, "[]", R"([{"Enable":false}])").error() == Errc::conflict);
  CHECK(s.device->count("getConfig MotionDetect") == 1);
  CHECK(s.device->count("setConfig") == 0);
}

TEST_CASE("raw tables: removed, default, list") {
  Scene s;
  CHECK(Json::parse(*s.run(read_raw_default(s.device, {"MotionDetect", 1}))) == s.before["MotionDetect"][0]);
  CHECK(s.device->heard.back() == "getDefault MotionDetect[0]");
  const auto names = s.run(list_tables(s.device));
  REQUIRE(names);
  CHECK(*names == std::vector<std::string>{"Lighting_V2", "MotionDetect", "SmartMotionDetect",
                                           "VideoAnalyseRule", "VideoStandard"});
  REQUIRE(s.run(remove_raw(s.device, s.locks, {"VideoStandard", 0})));
  CHECK_FALSE(s.device->tables.contains("VideoStandard"));
  CHECK(s.run(remove_raw(s.device, s.locks, {"VideoStandard", 0})).error() == Errc::device_error);
}

TEST_CASE("raw tables: firmware that does not hear the channel is found out and written whole") {
  Scene s;
  s.device->ignores_scope = true;
  const std::string seen = *s.read({"Lighting_V2", 2});
  CHECK(Json::parse(seen) == s.before["Lighting_V2"][1]);
  Json wanted = Json::parse(seen);
  wanted[0][0]["Mode"] = "Manual";
  REQUIRE(s.write({"Lighting_V2", 2}, wanted.dump(), seen));
  Json expected = s.before;
  expected["Lighting_V2"][1] = wanted;
  CHECK(s.device->tables == expected);
}

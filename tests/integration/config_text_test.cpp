// Text of firmware that knows no UTF-8, on every route.
#include "integration/config_property.hpp"

using namespace dmss;
using namespace dmss::test;

namespace {

// In GBK the last character is DF 5C: its second half is a backslash.
constexpr const char* kGate = "大门運";

Json titles(const RecorderProcess& recorder) {
  return Json::parse(recorder.get("/tables?name=ChannelTitle")).at("value");
}

void name_channel(const RecorderProcess& recorder, int index, const std::string& name) {
  recorder.post("/table",
                Json{{"name", "ChannelTitle[" + std::to_string(index) + "].Name"}, {"value", name}}.dump());
}

/// Names of one channel and of all are written, and nothing else changes.
void check_names(const RecorderProcess& recorder, Device& device, const std::string& fresh) {
  Result<ChannelName> second = get_config<ChannelName>(device, 2);
  INFO(second.error().to_string());
  REQUIRE(second);
  CHECK(second->name == titles(recorder)[1]["Name"]);
  Json expected = titles(recorder);
  second->name = fresh;
  expected[1]["Name"] = fresh;
  const Result<ConfigWritten> written = set_config(device, *second);
  INFO(written.error().to_string());
  REQUIRE(written);
  CHECK(titles(recorder) == expected);

  const auto all = wait_for<std::string>([&](auto d) { device.config().read({"ChannelTitle", 0}, d); });
  REQUIRE(all);
  CHECK(Json::parse(*all) == expected);
  expected[2]["Name"] = fresh + "3";
  const auto whole = wait_for<ConfigWritten>(
      [&](auto d) { device.config().write({"ChannelTitle", 0}, expected.dump(), *all, d); });
  INFO(whole.error().to_string());
  REQUIRE(whole);
  CHECK(titles(recorder) == expected);
}

}  // namespace

TEST_CASE("names in GBK are read and written over each route, half a character that is a backslash too") {
  RecorderProcess recorder;
  name_channel(recorder, 0, kGate);
  name_channel(recorder, 1, kGate);
  recorder.fault(R"({"name":"charset","value":"gbk"})");
  const ControlRoute routes[] = {ControlRoute::dvrip, ControlRoute::dhip, ControlRoute::http};
  for (const ControlRoute route : routes) {
    CAPTURE(static_cast<int>(route));
    Session s(recorder, route);
    check_names(recorder, s.device, std::string(kGate) + std::to_string(static_cast<int>(route)));
    // What was ASCII so far is written in the encoding of the rest.
    Result<ChannelName> plain = get_config<ChannelName>(s.device, 5);
    REQUIRE(plain);
    plain->name = "门" + std::to_string(static_cast<int>(route));
    REQUIRE(set_config(s.device, *plain));
    CHECK(titles(recorder)[4]["Name"] == plain->name);
    name_channel(recorder, 4, "Gate");
    plain->name = "\xf0\x9f\x98\x80";  // has no place in GBK
    plain->origin = {};
    CHECK(set_config(s.device, *plain).error() == Errc::invalid_argument);
  }
  recorder.fault(R"({"name":"http_status","what":"/RPC2_Login","status":404})");
  Session cgi(recorder, ControlRoute::http);
  check_names(recorder, cgi.device, std::string(kGate) + "cgi");
}

TEST_CASE("names in Latin-1 are read and written") {
  RecorderProcess recorder;
  name_channel(recorder, 1, "Tür 2");
  recorder.fault(R"({"name":"charset","value":"latin1"})");
  Session s(recorder, ControlRoute::dvrip);
  check_names(recorder, s.device, "Küche");
  recorder.fault(R"({"name":"http_status","what":"/RPC2_Login","status":404})");
  Session cgi(recorder, ControlRoute::http);
  check_names(recorder, cgi.device, "Büro");
}

TEST_CASE("names of presets are told in UTF-8 over CGI, too") {
  RecorderProcess recorder({"--profile", "ptz"});
  recorder.post("/ptz", Json{{"channel", 1}, {"preset", {{"index", 7}, {"name", "大门"}}}}.dump());
  recorder.fault(R"({"name":"charset","value":"gbk"})");
  recorder.fault(R"({"name":"http_status","what":"/RPC2_Login","status":404})");
  for (const ControlRoute route : {ControlRoute::dvrip, ControlRoute::http}) {
    Session s(recorder, route);
    Ptz ptz = s.device.ptz(1);
    const auto presets = wait_for<std::vector<PtzPreset>>([&](auto d) { ptz.presets(d); });
    REQUIRE(presets);
    CHECK(std::any_of(presets->begin(), presets->end(),
                      [](const PtzPreset& p) { return p.number == 7 && p.name == "大门"; }));
  }
}

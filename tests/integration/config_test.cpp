// Configuration against the virtual recorder: both ways read alike, conflicts, refusals, long tables.
#include "integration/config_property.hpp"

using namespace dmss;
using namespace dmss::test;

namespace {

Json tables(const RecorderProcess& recorder, const std::string& name) {
  return Json::parse(recorder.get("/tables?name=" + name)).at("value");
}

/// The same device twice: once with JSON-RPC, once as one that has nothing but CGI.
struct TwoWays {
  explicit TwoWays(std::vector<std::string> arguments = {})
      : recorder(std::move(arguments)), rpc(recorder, ControlRoute::dvrip), cgi(make_cgi(recorder)) {}

  static DeviceOptions make_cgi(const RecorderProcess& recorder) {
    recorder.fault(R"({"name":"http_status","what":"/RPC2_Login","status":404})");
    DeviceOptions o = device_options(recorder);
    o.control = ControlRoute::http;
    return o;
  }

  RecorderProcess recorder;
  Session rpc, cgi;
};

/// What CGI reads is written over JSON-RPC, over whatever is there, and the other way round: where the two ways read the same, the device's table stays as
/// it is to the last member.
template <class T>
void same_both_ways(TwoWays& two, const std::string& table, int index) {
  CAPTURE(table);
  const Json before = tables(two.recorder, table);
  Result<T> by_rpc = get_config<T>(two.rpc.device, index);
  Result<T> by_cgi = get_config<T>(two.cgi.device, index);
  INFO(by_rpc.error().to_string() << " / " << by_cgi.error().to_string());
  REQUIRE(by_rpc);
  REQUIRE(by_cgi);
  by_rpc->origin = {};
  by_cgi->origin = {};
  const Result<ConfigWritten> over_rpc = set_config<T>(two.rpc.device, *by_cgi);
  INFO(over_rpc.error().to_string());
  CHECK(over_rpc);
  CHECK(tables(two.recorder, table) == before);
  const Result<ConfigWritten> over_cgi = set_config<T>(two.cgi.device, *by_rpc);
  INFO(over_cgi.error().to_string());
  CHECK(over_cgi);
  CHECK(tables(two.recorder, table) == before);
}

/// Changes one thing over each way and finds exactly that in the device's table.
template <class T>
void one_change_is_one_change(TwoWays& two, const std::string& table, int index,
                              const std::function<void(T&, bool)>& change, std::size_t leaves) {
  CAPTURE(table);
  for (Session* session : {&two.rpc, &two.cgi}) {
    const Json before = tables(two.recorder, table);
    Result<T> value = get_config<T>(session->device, index);
    REQUIRE(value);
    change(*value, session == &two.cgi);
    const Result<ConfigWritten> written = set_config<T>(session->device, *value);
    INFO(written.error().to_string());
    REQUIRE(written);
    CHECK(Json::diff(before, tables(two.recorder, table)).size() == leaves);
  }
}

}  // namespace

TEST_CASE(
    "every typed table of a recorder reads the same over JSON-RPC and over CGI, and writing it back changes "
    "nothing") {
  TwoWays two;
  same_both_ways<MotionDetection>(two, "MotionDetect", 2);
  same_both_ways<SmartMotion>(two, "SmartMotionDetect", 2);
  same_both_ways<VideoMask>(two, "BlindDetect", 3);
  same_both_ways<LocalAlarm>(two, "Alarm", 1);
  same_both_ways<NetworkAlarm>(two, "NetAlarm", 1);
  same_both_ways<AlarmOutput>(two, "AlarmOut", 1);
  same_both_ways<EncodeSettings>(two, "Encode", 4);
  same_both_ways<RecordSchedule>(two, "Record", 2);
  same_both_ways<RecordMode>(two, "RecordMode", 2);
  same_both_ways<ChannelName>(two, "ChannelTitle", 5);
  same_both_ways<ImageColor>(two, "VideoColor", 1);
  same_both_ways<ImageOrientation>(two, "VideoImageControl", 1);
  same_both_ways<GeneralSettings>(two, "General", 0);
  same_both_ways<NetworkSettings>(two, "Network", 0);
  same_both_ways<TimeSettings>(two, "NTP", 0);
  same_both_ways<DaylightSaving>(two, "Locales", 0);
}

TEST_CASE("the field that is set changes, and nothing else of the device's table") {
  TwoWays two;
  one_change_is_one_change<MotionDetection>(
      two, "MotionDetect", 2, [](MotionDetection& m, bool) { m.enable = !m.enable; }, 1);
  one_change_is_one_change<MotionDetection>(
      two, "MotionDetect", 3,
      [](MotionDetection& m, bool) { m.windows.at(0).region.set(0, 17, !m.windows.at(0).region.get(0, 17)); },
      1);
  one_change_is_one_change<ChannelName>(
      two, "ChannelTitle", 1, [](ChannelName& n, bool cgi) { n.name = cgi ? "Gate & yard" : "Gate"; }, 1);
  one_change_is_one_change<RecordSchedule>(
      two, "Record", 1, [](RecordSchedule& r, bool cgi) { r.period.days[1][0].end = cgi ? 72000 : 36000; },
      1);
  one_change_is_one_change<ImageColor>(
      two, "VideoColor", 1, [](ImageColor& c, bool cgi) { c.hue = cgi ? 40 : 60; }, 1);
  one_change_is_one_change<AlarmOutput>(
      two, "AlarmOut", 1,
      [](AlarmOutput& o, bool cgi) {
        o.mode = cgi ? AlarmOutput::Mode::automatic : AlarmOutput::Mode::manual;
      },
      1);
}

TEST_CASE("a change behind the caller's back is a conflict, a value the device ignores is told by name") {
  RecorderProcess recorder;
  Session s(recorder, ControlRoute::dvrip);
  Result<ChannelName> mine = get_config<ChannelName>(s.device, 2);
  REQUIRE(mine);
  Json titles = tables(recorder, "ChannelTitle");
  titles[1]["Name"] = "Theirs";
  recorder.post("/table", Json{{"name", "ChannelTitle"}, {"value", titles}}.dump());
  mine->name = "Mine";
  CHECK(set_config<ChannelName>(s.device, *mine).error() == Errc::conflict);
  CHECK(tables(recorder, "ChannelTitle")[1]["Name"] == "Theirs");

  recorder.fault(R"({"name":"config_not_applied","times":1})");
  mine = get_config<ChannelName>(s.device, 2);
  REQUIRE(mine);
  mine->name = "Mine";
  const Error ignored = set_config<ChannelName>(s.device, *mine).error();
  CHECK(ignored == Errc::not_applied);
  CHECK(ignored.message().find("Name") != std::string::npos);
  CHECK(set_config<ChannelName>(s.device, *mine));
  CHECK(tables(recorder, "ChannelTitle")[1]["Name"] == "Mine");
}

TEST_CASE("a bullet camera's infrared detector is read and switched, by CGI beside JSON-RPC") {
  RecorderProcess recorder({"--profile", "bullet"});
  Session s(recorder, ControlRoute::dvrip);
  Result<PirAlarm> pir = get_config<PirAlarm>(s.device, 1);
  INFO(pir.error().to_string());
  REQUIRE(pir);
  pir->enable = !pir->enable;
  REQUIRE(set_config<PirAlarm>(s.device, *pir));
  const Result<PirAlarm> after = get_config<PirAlarm>(s.device, 1);
  REQUIRE(after);
  CHECK(after->enable == pir->enable);
}

TEST_CASE(
    "an old DVR without JSON is configured by CGI beside its 37777 session, with the grid of its time") {
  RecorderProcess recorder({"--profile", "olddvr"});
  DeviceOptions o = device_options(recorder);
  o.control = ControlRoute::dvrip;
  o.legacy_login = LegacyLogin::plain;
  o.allow_plaintext_password = true;
  Session s(o);
  Result<MotionDetection> motion = get_config<MotionDetection>(s.device, 1);
  INFO(motion.error().to_string());
  REQUIRE(motion);
  CHECK_FALSE(motion->has_windows);
  REQUIRE(motion->windows.size() == 1);
  motion->windows[0].region = {};
  motion->windows[0].region.set(0, 0);
  motion->windows[0].region.set(1, 0);
  const Result<ConfigWritten> written = set_config<MotionDetection>(s.device, *motion);
  INFO(written.error().to_string());
  REQUIRE(written);
  // The notes: in this grid the row value 3 means the two blocks on the left.
  CHECK(tables(recorder, "MotionDetect")[0]["Region"][0] == 3);
  CHECK(get_config<IpcOfflineAlarm>(s.device, 1).error() == Errc::unsupported);
}

TEST_CASE("a whole table that is too long for the recorder is written row by row") {
  RecorderProcess recorder;
  Session s(recorder, ControlRoute::dvrip);
  const auto read = wait_for<std::string>([&](auto d) { s.device.config().read({"MotionDetect", 0}, d); });
  REQUIRE(read);
  Json wanted = Json::parse(*read);
  for (const std::size_t row : {0U, 4U}) wanted[row]["Enable"] = !wanted[row]["Enable"].get<bool>();
  const auto written = wait_for<ConfigWritten>(
      [&](auto d) { s.device.config().write({"MotionDetect", 0}, wanted.dump(), *read, d); });
  INFO(written.error().to_string());
  REQUIRE(written);
  CHECK(tables(recorder, "MotionDetect") == wanted);
}

TEST_CASE("streams are set within the device's choices, and a detector that is not there is not asked for") {
  RecorderProcess recorder;
  Session s(recorder, ControlRoute::dvrip);
  const Json before = tables(recorder, "Encode");
  Result<EncodeSettings> encode = get_config<EncodeSettings>(s.device, 1);
  REQUIRE(encode);
  encode->main.codec = "H.999";
  const Error refused = set_config<EncodeSettings>(s.device, *encode).error();
  CHECK(refused == Errc::invalid_argument);
  CHECK(refused.message().find("H.264") != std::string::npos);
  CHECK(tables(recorder, "Encode") == before);
  const Error none = get_config<PirAlarm>(s.device, 1).error();
  CHECK(none == Errc::unsupported);
  CHECK(none.message().find("alarm.getAlarmCaps") != std::string::npos);
}

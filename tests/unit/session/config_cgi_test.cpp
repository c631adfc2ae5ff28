// Typed configuration over CGI, and that it is the same as over JSON-RPC.
#include "config_device.hpp"
#include "session/config/raw.hpp"
#include "session/config/typed.hpp"
#include "unit/proto/config_samples.hpp"

using namespace dmss;
using namespace dmss::config_test;
using namespace dmss::session;

namespace {

using Heard = std::vector<std::string>;

struct Scene : World {
  Scene() {
    device->rpc_there = false;
    device->cgi_there = true;
    device->channel_count = 2;
    device->tables["Encode"] =
        Json::array({samples::row(ConfigKind::encode), samples::row(ConfigKind::encode)});
    device->tables["RecordMode"] = Json::array({samples::row(ConfigKind::record_mode)});
    device->tables["BlindDetect"] = Json::array({samples::row(ConfigKind::video_mask)});
    device->tables["ChannelTitle"] = Json::array({{{"Name", "Gate"}}, {{"Name", "007"}}});
    device->pir = samples::row(ConfigKind::pir_alarm);
    before = device->tables;
  }
  template <class T>
  Result<T> get(int index) {
    return run(get_value<T>(device, index));
  }
  template <class T>
  T ready(int index) {
    auto value = get<T>(index);
    REQUIRE(value);
    device->heard.clear();
    device->queries.clear();
    return *value;
  }
  template <class T>
  Result<ConfigWritten> set(T value) {
    return run(set_value<T>(device, locks, std::move(value)));
  }
  std::string query(std::size_t n) const { return device->queries.at(n).text(); }

  std::shared_ptr<ConfigDevice> device = make_device(*this);
  Json before;
};

/// The same value over both ways: written with the other's origin it changes nothing.
template <class T>
void same_over_both(ConfigKind kind) {
  for (std::size_t n = 0; n < std::size(samples::kSamples); ++n) {
    if (samples::kSamples[n].kind != kind) continue;
    INFO(name(kind) << ", " << samples::kSamples[n].variant);
    Scene s;
    const Json row = samples::row(samples::kSamples[n]);
    const int index = Kind<T>::rows == Rows::device ? 0 : 2;
    const std::string table = Kind<T>::tables().front();
    s.device->tables[table] = index == 0 ? row : Json::array({row, row});
    auto by_cgi = s.get<T>(index);
    s.device->rpc_there = true;
    s.device->cgi_there = false;
    auto by_rpc = s.get<T>(index);
    REQUIRE(by_cgi);
    REQUIRE(by_rpc);
    T crossed = *by_cgi;
    crossed.origin = by_rpc->origin;
    s.device->heard.clear();
    CHECK(s.set(crossed));
    CHECK(s.set(*by_cgi));  // the origin of the other way is the same state
    CHECK(s.device->count("setConfig") == 0);
    s.device->rpc_there = false;
    s.device->cgi_there = true;
    crossed = *by_rpc;
    crossed.origin = by_cgi->origin;
    CHECK(s.set(crossed));
    CHECK(s.set(*by_rpc));
    CHECK(s.device->count("setConfig") == 0);
  }
}

}  // namespace

TEST_CASE("config over CGI: every kind is the same value as over JSON-RPC") {
  same_over_both<MotionDetection>(ConfigKind::motion_detection);
  same_over_both<SmartMotion>(ConfigKind::smart_motion);
  same_over_both<VideoMask>(ConfigKind::video_mask);
  same_over_both<LocalAlarm>(ConfigKind::local_alarm);
  same_over_both<NetworkAlarm>(ConfigKind::network_alarm);
  same_over_both<IpcExternalAlarm>(ConfigKind::ipc_external_alarm);
  same_over_both<IpcOfflineAlarm>(ConfigKind::ipc_offline_alarm);
  same_over_both<AlarmOutput>(ConfigKind::alarm_output);
  same_over_both<EncodeSettings>(ConfigKind::encode);
  same_over_both<RecordSchedule>(ConfigKind::record_schedule);
  same_over_both<RecordMode>(ConfigKind::record_mode);
  same_over_both<ChannelName>(ConfigKind::channel_name);
  same_over_both<ImageColor>(ConfigKind::image_color);
  same_over_both<ImageOrientation>(ConfigKind::image_orientation);
  same_over_both<GeneralSettings>(ConfigKind::general);
  same_over_both<NetworkSettings>(ConfigKind::network);
  same_over_both<TimeSettings>(ConfigKind::time);
  same_over_both<DaylightSaving>(ConfigKind::daylight_saving);
}

TEST_CASE("config over CGI: the row is asked for, the changed keys are written, in the spelling they had") {
  Scene s;
  EncodeSettings value = s.ready<EncodeSettings>(2);
  CHECK(value.main.frame_rate == 25);
  value.main.frame_rate = 12;
  REQUIRE(s.set(value));
  CHECK(s.device->heard == Heard{"getConfig Encode[1]", "setConfig ", "getConfig Encode[1]"});
  CHECK(s.query(1) ==
        "Encode[1].MainFormat[0].Video.FPS=12.000000&Encode[1].MainFormat[1].Video.FPS=12.000000&"
        "Encode[1].MainFormat[2].Video.FPS=12.000000");
  CHECK(s.device->tables["Encode"][1]["MainFormat"][2]["Video"]["FPS"] == 12.0);
  CHECK(s.device->tables["Encode"][1]["MainFormat"][3]["Video"]["FPS"] == 25);
  CHECK(s.device->tables["Encode"][0] == s.before["Encode"][0]);
}

TEST_CASE("config over CGI: motion detection is switched with its version beside it") {
  Scene s;
  Json row = samples::row(ConfigKind::motion_detection);
  row["DetectVersion"] = "V3.0";
  Json old = row;
  old.erase("DetectVersion");
  s.device->tables["MotionDetect"] = Json::array({row, old});
  MotionDetection value = s.ready<MotionDetection>(1);
  value.enable = !value.enable;
  REQUIRE(s.set(value));
  const std::string on = value.enable ? "true" : "false";
  CHECK(s.query(1) == "MotionDetect[0].Enable=" + on + "&MotionDetect[0].DetectVersion=V3.0");
  // Another member needs no version, an older unit has none.
  value = s.ready<MotionDetection>(1);
  value.linkage.anti_dither = 31;
  REQUIRE(s.set(value));
  CHECK(s.query(1) == "MotionDetect[0].EventHandler.Dejitter=31");
  value = s.ready<MotionDetection>(2);
  value.enable = !value.enable;
  REQUIRE(s.set(value));
  CHECK(s.query(1) == "MotionDetect[1].Enable=" + on);
  // A raw write of the whole table, too.
  s.device->queries.clear();
  Json wanted = s.device->tables["MotionDetect"];
  wanted[0]["Enable"] = !wanted[0]["Enable"].get<bool>();
  REQUIRE(s.run(write_raw(s.device, s.locks, {"MotionDetect", 0}, wanted.dump(), "")));
  CHECK(s.query(1).find("&MotionDetect[0].DetectVersion=V3.0") != std::string::npos);
}

TEST_CASE("config over CGI: at most twelve keys a request, and short ones") {
  Scene s;
  EncodeSettings value = s.ready<EncodeSettings>(1);
  value.main.frame_rate = 12;
  value.main.bit_rate = 1024;
  value.main.key_frame_interval = 24;
  value.main.quality = 5;
  value.main.profile = "High";
  REQUIRE(s.set(value));
  REQUIRE(s.device->count("setConfig") == 2);
  CHECK(s.device->queries[1].pairs().size() == 12);
  CHECK(s.device->queries[2].pairs().size() == 3);
  VideoMask mask = s.ready<VideoMask>(1);
  mask.linkage.period = Schedule();
  for (auto& day : mask.linkage.period.days) {
    for (int i = 0; i < 6; ++i) day[static_cast<std::size_t>(i)] = {i * 60, i * 60 + 30, 1};
  }
  REQUIRE(s.set(mask));
  for (const auto& query : s.device->queries) {
    CHECK(query.pairs().size() <= 12);
    CHECK(query.text().size() <= 1500);
  }
  CHECK(read_value<VideoMask>(s.device->tables["BlindDetect"][0], nullptr)->linkage.period ==
        mask.linkage.period);
}

TEST_CASE("config over CGI: the prefix is tried only after a refusal, and then kept") {
  Scene s;
  s.device->wants_table_prefix = true;
  EncodeSettings value = s.ready<EncodeSettings>(1);
  value.main.frame_rate = 12;
  value.main.bit_rate = 1024;
  value.main.key_frame_interval = 24;
  value.main.quality = 5;
  value.main.profile = "High";
  REQUIRE(s.set(value));
  REQUIRE(s.device->count("setConfig") == 3);
  CHECK(s.query(1).starts_with("Encode[0]."));
  CHECK(s.query(2).starts_with("table.Encode[0]."));
  CHECK(s.query(3).starts_with("table.Encode[0]."));
}

TEST_CASE("config over CGI: firmware without channels is told without the index") {
  Scene s;
  s.device->channel_count = 1;
  s.device->without_index = {"BlindDetect"};
  VideoMask value = s.ready<VideoMask>(1);
  value.level = 5;
  REQUIRE(s.set(value));
  REQUIRE(s.device->count("setConfig") == 3);
  CHECK(s.query(1) == "BlindDetect[0].Level=5");
  CHECK(s.query(2) == "table.BlindDetect[0].Level=5");
  CHECK(s.query(3) == "BlindDetect.Level=5");
  // And a table that has no rows to begin with.
  s.device->tables["SmartMotionDetect"] = samples::row(ConfigKind::smart_motion, 1);
  SmartMotion smart = s.ready<SmartMotion>(1);
  smart.human = true;
  REQUIRE(s.set(smart));
  CHECK(s.device->heard.front() == "getConfig SmartMotionDetect[0]");
  CHECK(s.device->heard[1] == "getConfig SmartMotionDetect");
  CHECK(s.query(2) == "SmartMotionDetect.ObjectType.Human=true");
}

TEST_CASE("config over CGI: an empty answer is a yes, \"Error\" with status 200 is a no") {
  Scene s;
  s.device->answers_empty = true;
  ChannelName value = s.ready<ChannelName>(1);
  value.name = "Yard";
  CHECK(s.set(value));
  VideoMask mask = s.ready<VideoMask>(1);
  mask.level = 5;
  s.device->before_request = [&](int n) {
    if (n == 2) s.device->tables["BlindDetect"][0].erase("Level");  // a row that lacks it now
  };
  const Error error = s.set(mask).error();
  CHECK(error == Errc::device_error);
  CHECK(error.device_code() == 200);
}

TEST_CASE("config over CGI: what the device did not take is named") {
  Scene s;
  s.device->deaf = {"Level"};
  VideoMask value = s.ready<VideoMask>(1);
  value.level = 5;
  const Error error = s.set(value).error();
  CHECK(error == Errc::not_applied);
  CHECK(error.message() == "BlindDetect[0].Level: wrote 5, the device has 3");
}

TEST_CASE("config over CGI: a change by somebody else is a conflict") {
  Scene s;
  VideoMask value = s.ready<VideoMask>(1);
  value.level = 5;
  s.device->tables["BlindDetect"][0]["Duration"] = 9;
  CHECK(s.set(value).error() == Errc::conflict);
  CHECK(s.device->count("setConfig") == 0);
}

TEST_CASE("config over CGI: lists keep their length, and nothing is written in part") {
  Scene s;
  VideoMask value = s.ready<VideoMask>(1);
  value.level = 5;
  value.linkage.record_channels = {1, 2, 3, 4};
  const Error error = s.set(value).error();
  CHECK(error == Errc::unsupported);
  CHECK(error.message().find("BlindDetect[0].EventHandler.RecordChannels") == 0);
  CHECK(s.device->count("setConfig") == 0);
  value.linkage.record_channels = {1, 2, 4};
  REQUIRE(s.set(value));
  CHECK(s.device->tables["BlindDetect"][0]["EventHandler"]["RecordChannels"] == Json({0, 1, 3}));
}

TEST_CASE("config over CGI: an error at each step, and how far it came") {
  for (int step = 1; step <= 4; ++step) {
    INFO(step);
    Scene s;
    EncodeSettings value = s.ready<EncodeSettings>(1);
    value.main.frame_rate = 12;
    value.main.bit_rate = 1024;
    value.main.key_frame_interval = 24;
    value.main.quality = 5;
    value.main.profile = "High";
    s.device->faults[step] = Errc::timeout;
    const Error error = s.set(value).error();
    CHECK(error == Errc::timeout);
    CHECK(static_cast<int>(s.device->heard.size()) == step);
    CHECK((error.message() == "after 12 of 15 keys had been written") == (step == 3));
  }
}

TEST_CASE("config over CGI: the record modes are written together") {
  Scene s;
  RecordMode value = s.ready<RecordMode>(1);
  value.main = RecordMode::Mode::manual;
  REQUIRE(s.set(value));
  CHECK(s.query(1) == "RecordMode[0].Mode=1&RecordMode[0].ModeExtra1=2&RecordMode[0].ModeExtra2=2");
}

TEST_CASE("config over CGI: names stay texts, whatever they look like") {
  Scene s;
  ChannelName value = s.ready<ChannelName>(2);
  CHECK(value.name == "007");
  for (const char* name : {"12", "true", "1.50", "a=b&c", "Gate"}) {
    value.name = name;
    auto written = s.set(value);
    REQUIRE(written);
    value.origin = written->origin;
    CHECK(s.device->tables["ChannelTitle"][1]["Name"] == name);
    CHECK(s.ready<ChannelName>(2).name == name);
  }
}

TEST_CASE("config over CGI: text of old firmware is read and written in its own encoding") {
  Scene s;
  const std::string gate = "\xe5\xa4\xa7\xe9\x97\xa8", yard = "\xe9\x99\xa2\xe5\xad\x90";
  s.device->charset = Charset::gbk;
  s.device->tables["ChannelTitle"][0]["Name"] = gate;
  ChannelName value = s.ready<ChannelName>(1);
  CHECK(value.name == gate);
  value.name = yard;
  REQUIRE(s.set(value));
  CHECK(s.device->queries[1].pairs()[0].second == "\xd4\xba\xd7\xd3");
  CHECK(s.device->tables["ChannelTitle"][0]["Name"] == yard);
  value = s.ready<ChannelName>(1);
  value.name = "\xf0\x9f\x98\x80";
  CHECK(s.set(value).error() == Errc::invalid_argument);
  CHECK(s.device->count("setConfig") == 0);
}

TEST_CASE("config: text that JSON-RPC damages is read and written over CGI where there is one") {
  Scene s;
  s.device->rpc_there = true;
  s.device->charset = Charset::latin1;
  s.device->tables["ChannelTitle"][0]["Name"] = "T\xc3\xbcr";
  // What the links make of Latin-1 in JSON.
  s.device->before_request = [&](int) {
    const bool rpc = s.device->rpc_params.size() + s.device->queries.size() == s.device->heard.size() &&
                     s.device->heard.back() == "getConfig ChannelTitle[0]" &&
                     s.device->rpc_params.size() > s.device->queries.size();
    s.device->tables["ChannelTitle"][0]["Name"] = rpc ? "T\xef\xbf\xbdr" : "T\xc3\xbcr";
  };
  auto value = s.get<ChannelName>(1);
  REQUIRE(value);
  CHECK(value->name == "T\xc3\xbcr");
}

TEST_CASE("config over CGI: what is not there is told apart") {
  Scene s;
  const Error none = s.get<LocalAlarm>(1).error();
  CHECK(none == Errc::unsupported);
  CHECK(none.message().find("Alarm") != std::string::npos);
  s.device->channel_count = 0;
  CHECK(s.get<RecordMode>(5).error() == Errc::no_such_channel);
  CHECK(s.get<ImageOrientation>(1).error() == Errc::unsupported);
  s.device->heard.clear();
  CHECK(s.get<ImageOrientation>(1).error() == Errc::unsupported);
  CHECK(s.device->heard.empty());  // known since the first time
  s.device->tables["VideoColor"] = Json::array({nullptr, samples::row(ConfigKind::image_color)});
  CHECK(s.get<ImageColor>(1).error() == Errc::no_such_channel);
  CHECK(s.get<ImageColor>(2));
}

TEST_CASE("config over CGI: PIR has a service of its own, also on devices with JSON-RPC") {
  for (bool rpc : {false, true}) {
    Scene s;
    s.device->rpc_there = rpc;
    PirAlarm value = s.ready<PirAlarm>(1);
    CHECK(value.light == PirAlarm::Light::flash);
    value.linkage.record_channels = {1, 3};
    value.flash_interval = 2;
    REQUIRE(s.set(value));
    CHECK(s.device->heard == Heard{"getPirParam 1", "setPirParam 1", "getPirParam 1"});
    CHECK(s.query(1) ==
          "channel=1&configEx[0].PirLink.LightingLink.FilckerIntevalTime=2&"
          "configEx[0].PirLink.RecordChannels[0]=1&configEx[0].PirLink.RecordChannels[1]=0&"
          "configEx[0].PirLink.RecordChannels[2]=1");
    CHECK(s.device->pir["PirLink"]["RecordChannels"] == Json({1, 0, 1}));
    CHECK(s.get<PirAlarm>(2).error() == Errc::unsupported);
  }
}

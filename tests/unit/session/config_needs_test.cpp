// What a device is known not to have is not tried, and streams are set within its choices.
#include "config_device.hpp"
#include "session/admin/alarm_io.hpp"
#include "session/capabilities/probe.hpp"
#include "session/config/typed.hpp"
#include "session/controls/control_conversations.hpp"
#include "unit/proto/config_samples.hpp"

using namespace dmss;
using namespace dmss::config_test;
using namespace dmss::session;

namespace {

constexpr const char* kChoices =
    R"({"caps":{"MainFormat":[{"Video":{"CompressionTypes":"H.264,H.265","ResolutionTypes":"1080P,D1","FPSMax":25,
        "BitRateOptions":"256,3584"}}],
        "ExtraFormat":[{"Video":{"CompressionTypes":"H.264","ResolutionTypes":"D1,CIF","FPSMax":15}}]}})";

struct Scene : World {
  Scene() {
    device->channel_count = 2;
    device->tables["MotionDetect"] =
        Json::array({samples::row(ConfigKind::motion_detection), samples::row(ConfigKind::motion_detection)});
    device->tables["AlarmOut"] = Json::parse(R"([{"Mode":0,"Name":"Gate"}])");
    device->tables["Encode"] =
        Json::array({samples::row(ConfigKind::encode), samples::row(ConfigKind::encode)});
    device->pir = samples::row(ConfigKind::pir_alarm);
    device->abilities["encode.getConfigCaps"] = Json::parse(kChoices);
    device->ask_anew();
  }
  template <class T>
  Result<T> get(int index) {
    return run(get_value<T>(device, index));
  }
  template <class T>
  Result<ConfigWritten> set(T value) {
    return run(set_value<T>(device, locks, std::move(value)));
  }
  EncodeSettings encode() {
    auto value = get<EncodeSettings>(1);
    REQUIRE(value);
    return *value;
  }
  Error refusal(const EncodeSettings& value) {
    const Json before = device->tables;
    const Error error = set(value).error();
    CHECK(device->tables == before);
    return error;
  }

  std::shared_ptr<ConfigDevice> device = make_device(*this);
};

Findings lacks(Feature feature, const char* probe) {
  Findings out;
  out.features[feature] = Capability{Support::no, probe, "the device says that it has none"};
  return out;
}

}  // namespace

TEST_CASE("needs: what is known not to be there is answered without asking") {
  Scene s;
  s.device->capabilities().merge(1, ProbeGroup::detection, lacks(Feature::motion_detection, "the probe"));
  const Error error = s.get<MotionDetection>(1).error();
  CHECK(error == Errc::unsupported);
  CHECK(error.message() == "motion_detection: the device says that it has none (the probe)");
  MotionDetection value;
  value.index = 1;
  CHECK(s.set(value).error() == Errc::unsupported);
  CHECK(s.device->heard.empty());
  CHECK(s.get<MotionDetection>(2));
}

TEST_CASE("needs: a plain read asks nothing but its table") {
  Scene s;
  CHECK(s.get<MotionDetection>(1));
  CHECK(s.get<AlarmOutput>(1));
  CHECK(s.get<EncodeSettings>(1));
  CHECK(s.device->heard.size() == 3);
}

TEST_CASE("needs: a PIR detector is asked for once, and not by CGI where there is none") {
  Scene s;
  s.device->cgi_there = true;
  SECTION("none") {
    s.device->abilities["alarm.getAlarmCaps"] = {{"caps", {{"AlarmPir", false}}}};
    for (int i = 0; i < 2; ++i) {
      const Error error = s.get<PirAlarm>(1).error();
      CHECK(error == Errc::unsupported);
      CHECK(error.message().find("alarm.getAlarmCaps AlarmPir") != std::string::npos);
    }
    CHECK(s.device->heard.size() == 1);
    CHECK(s.device->queries.empty());
  }
  SECTION("one") {
    s.device->abilities["alarm.getAlarmCaps"] = {{"caps", {{"AlarmPir", true}}}};
    CHECK(s.get<PirAlarm>(1));
    CHECK(s.get<PirAlarm>(1));
    CHECK(s.device->heard.size() == 3);
  }
  SECTION("nobody knows") {
    CHECK(s.get<PirAlarm>(1));
  }
}

TEST_CASE("needs: alarm outputs are not switched where there are none, and are where nobody knows") {
  Scene s;
  SECTION("none") {
    s.device->abilities["alarm.getOutSlots"] = {{"outputs", 0}};
    const Error error = s.run(set_alarm_output(s.device, s.locks, 1, AlarmOutput::Mode::manual)).error();
    CHECK(error == Errc::unsupported);
    CHECK(error.message().find("alarm.getOutSlots") != std::string::npos);
    AlarmOutput value;
    value.index = 1;
    value.mode = AlarmOutput::Mode::manual;
    CHECK(s.set(value).error() == Errc::unsupported);
    CHECK(s.device->count("setConfig") == 0);
  }
  SECTION("not told") {
    CHECK(s.run(set_alarm_output(s.device, s.locks, 1, AlarmOutput::Mode::manual)));
  }
  SECTION("some") {
    s.device->abilities["alarm.getOutSlots"] = {{"outputs", 1}};
    CHECK(s.run(set_alarm_output(s.device, s.locks, 1, AlarmOutput::Mode::manual)));
  }
}

TEST_CASE("needs: a device that records nothing is not told to") {
  Scene s;
  const Error error = s.run(set_recording(s.device, s.locks, 1, RecordMode::Mode::manual)).error();
  CHECK(error == Errc::unsupported);
  CHECK(error.message().starts_with("recording: "));
  CHECK(s.device->count("setConfig") == 0);
}

TEST_CASE("choices: a stream takes what the device offers, and errors name it") {
  Scene s;
  EncodeSettings value = s.encode();
  const EncodeSettings before = value;
  value.main.codec = "H.999";
  Error error = s.refusal(value);
  CHECK(error == Errc::invalid_argument);
  CHECK(error.message() == "main.codec: H.999 is none of the device's choices: H.264, H.265");

  value = before;
  value.main.width = 1234;
  CHECK(s.refusal(value).message().find("1920x1080, 704x576") != std::string::npos);
  value = before;
  value.main.frame_rate = 26;
  CHECK(s.refusal(value).message() == "main.frame_rate: 26 is none of the device's choices: up to 25");
  value = before;
  value.main.bit_rate = 3585;
  CHECK(s.refusal(value).message().find("256 to 3584 kbit/s") != std::string::npos);
  value = before;
  value.extra.at(0).codec = "MJPG";
  CHECK(s.refusal(value).message().starts_with("extra[0].codec: "));
  CHECK(s.device->count("getConfigCaps") == 1);

  value = before;
  value.main.frame_rate = before.main.frame_rate == 20 ? 21 : 20;
  CHECK(s.set(value));
}

TEST_CASE("choices: what stays is not judged, and rates are not where codec or size change") {
  Scene s;
  for (Json& row : s.device->tables["Encode"]) {
    for (Json& format : row["MainFormat"]) format["Video"]["BitRate"] = 9000;
  }
  EncodeSettings value = s.encode();
  REQUIRE(value.main.bit_rate == 9000);
  value.main.frame_rate = value.main.frame_rate == 20 ? 21 : 20;
  CHECK(s.set(value));
  value = s.encode();
  value.main.codec = value.main.codec == "H.264" ? "H.265" : "H.264";
  value.main.bit_rate = 5000;
  CHECK(s.set(value));
  // The choices may be others now.
  value = s.encode();
  value.main.bit_rate = 2000;
  CHECK(s.set(value));
  CHECK(s.device->count("getConfigCaps") == 3);
}

TEST_CASE("choices: other changes and devices that do not tell are not held up") {
  Scene s;
  EncodeSettings value = s.encode();
  value.main.quality = value.main.quality == 3 ? 4 : 3;
  s.device->heard.clear();
  CHECK(s.set(value));
  CHECK(s.device->heard.size() == 3);
  s.device->abilities.erase("encode.getConfigCaps");
  value = s.encode();
  value.main.codec = "H.999";
  CHECK(s.set(value));
}

TEST_CASE("choices: a device with one stream has no extra one to set") {
  Scene s;
  s.device->abilities["encode.getConfigCaps"] =
      Json::parse(R"({"caps":{"MainFormat":[{"Video":{"CompressionTypes":"H.264,H.265"}}]}})");
  EncodeSettings value = s.encode();
  value.extra.at(0).frame_rate = value.extra[0].frame_rate == 5 ? 6 : 5;
  const Error error = s.refusal(value);
  CHECK(error == Errc::unsupported);
  CHECK(error.message().starts_with("extra_stream: "));
}

// What is outside its range is refused by name; what stays as the device had it is not judged.
#include <catch2/catch.hpp>

#include "config_samples.hpp"
#include "proto/config/codecs.hpp"
#include "proto/config/diff.hpp"

using namespace dmss;
using namespace dmss::proto::config;

namespace {

template <class T>
Error refused(ConfigKind kind, void (*change)(T&), std::size_t n = 0) {
  Json row = samples::row(kind, n);
  const Json untouched = row;
  const auto before = Codec<T>::read(row);
  REQUIRE(before);
  T value = *before;
  change(value);
  const Error error = Codec<T>::apply(value, *before, row);
  if (error) CHECK(row == untouched);
  return error;
}

template <class T>
void names(ConfigKind kind, void (*change)(T&), const std::string& field, std::size_t n = 0) {
  const Error error = refused<T>(kind, change, n);
  INFO(field << " -> " << error.to_string());
  CHECK(error == Errc::invalid_argument);
  CHECK(error.message().find(field) == 0);
}

}  // namespace

TEST_CASE("ranges: motion detection") {
  constexpr auto kind = ConfigKind::motion_detection;
  using M = MotionDetection;
  names<M>(kind, [](M& v) { v.level = 0; }, "level");
  names<M>(kind, [](M& v) { v.level = 7; }, "level");
  names<M>(kind, [](M& v) { v.windows[1].sensitivity = 101; }, "windows[1].sensitivity");
  names<M>(kind, [](M& v) { v.windows[0].threshold = -1; }, "windows[0].threshold");
  names<M>(kind, [](M& v) { v.windows[0].id = 7; }, "windows[0].id");
  names<M>(kind, [](M& v) { v.windows[0].name = ""; }, "windows[0].name");
  names<M>(kind, [](M& v) { v.windows.pop_back(); }, "windows");
  names<M>(kind, [](M& v) { v.windows.resize(3); }, "windows");
  names<M>(kind, [](M& v) { v.windows.resize(2); }, "windows", 1);
  names<M>(kind, [](M& v) { v.linkage.anti_dither = 601; }, "linkage.anti_dither");
}

TEST_CASE("ranges: alarms, outputs, PIR, record, names") {
  names<VideoMask>(ConfigKind::video_mask, [](VideoMask& v) { v.level = 7; }, "level");
  names<LocalAlarm>(ConfigKind::local_alarm, [](LocalAlarm& v) { v.name.clear(); }, "name");
  names<LocalAlarm>(
      ConfigKind::local_alarm, [](LocalAlarm& v) { v.linkage.record_delay = 1; }, "linkage.record_delay");
  names<NetworkAlarm>(ConfigKind::network_alarm, [](NetworkAlarm& v) { v.name = "\xff"; }, "name");
  names<AlarmOutput>(ConfigKind::alarm_output, [](AlarmOutput& v) { v.mode = AlarmOutput::Mode{3}; }, "mode");
  names<PirAlarm>(ConfigKind::pir_alarm, [](PirAlarm& v) { v.light_duration = -1; }, "light_duration");
  names<PirAlarm>(ConfigKind::pir_alarm, [](PirAlarm& v) { v.flash_interval = 100000; }, "flash_interval");
  names<SmartMotion>(
      ConfigKind::smart_motion, [](SmartMotion& v) { v.sensitivity = SmartMotion::Sensitivity{9}; },
      "sensitivity");
  names<RecordSchedule>(
      ConfigKind::record_schedule, [](RecordSchedule& v) { v.pre_record = 301; }, "pre_record");
  names<RecordSchedule>(
      ConfigKind::record_schedule, [](RecordSchedule& v) { v.period.days[0][0].mask = 1u << 7; },
      "period.days[0][0]");
  names<RecordMode>(ConfigKind::record_mode, [](RecordMode& v) { v.main = RecordMode::Mode{3}; }, "main");
  names<ChannelName>(ConfigKind::channel_name, [](ChannelName& v) { v.name.clear(); }, "name");
  names<ChannelName>(ConfigKind::channel_name, [](ChannelName& v) { v.name = std::string(64, 'a'); }, "name");
  names<ChannelName>(ConfigKind::channel_name, [](ChannelName& v) { v.name = "a\nb"; }, "name");
}

TEST_CASE("ranges: encode, picture, system") {
  using E = EncodeSettings;
  constexpr auto encode = ConfigKind::encode;
  names<E>(encode, [](E& v) { v.main.frame_rate = 0; }, "main.frame_rate");
  names<E>(
      encode, [](E& v) { v.main.frame_rate = std::numeric_limits<double>::quiet_NaN(); }, "main.frame_rate");
  names<E>(encode, [](E& v) { v.main.width = 0; }, "main.width");
  names<E>(encode, [](E& v) { v.main.bit_rate = 0; }, "main.bit_rate");
  names<E>(encode, [](E& v) { v.main.quality = 7; }, "main.quality");
  names<E>(encode, [](E& v) { v.main.codec.clear(); }, "main.codec");
  names<E>(encode, [](E& v) { v.main.video = false; }, "main.video");
  names<E>(encode, [](E& v) { v.extra[1].key_frame_interval = 0; }, "extra[1].key_frame_interval");
  names<E>(encode, [](E& v) { v.extra.pop_back(); }, "extra");
  names<ImageColor>(ConfigKind::image_color, [](ImageColor& v) { v.hue = 101; }, "hue");
  names<ImageOrientation>(
      ConfigKind::image_orientation, [](ImageOrientation& v) { v.rotation = ImageOrientation::Rotation{3}; },
      "rotation");
  names<GeneralSettings>(
      ConfigKind::general, [](GeneralSettings& v) { v.machine_name.clear(); }, "machine_name");
  names<GeneralSettings>(ConfigKind::general, [](GeneralSettings& v) { v.lock_tries = 9; }, "lock_tries");
  using N = NetworkSettings;
  for (const char* address : {"", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.x", "1..2.3", "0001.2.3.4"}) {
    Json row = samples::row(ConfigKind::network);
    const auto before = Codec<N>::read(row);
    REQUIRE(before);
    N value = *before;
    value.gateway = address;
    CHECK(Codec<N>::apply(value, *before, row) == Errc::invalid_argument);
  }
  names<N>(ConfigKind::network, [](N& v) { v.mac = "x"; }, "mac");
  names<N>(ConfigKind::network, [](N& v) { v.mtu = 20; }, "mtu");
  names<N>(ConfigKind::network, [](N& v) { v.dns_servers[0] = "x"; }, "dns_servers");
  names<N>(ConfigKind::network, [](N& v) { v.interface_name = "eth1"; }, "interface_name");
  using T = TimeSettings;
  names<T>(ConfigKind::time, [](T& v) { v.ntp_port = 0; }, "ntp_port");
  names<T>(ConfigKind::time, [](T& v) { v.ntp_period = 0; }, "ntp_period");
  names<T>(ConfigKind::time, [](T& v) { v.ntp_server.clear(); }, "ntp_server");
  using D = DaylightSaving;
  names<D>(ConfigKind::daylight_saving, [](D& v) { v.begin.month = 13; }, "begin.month");
  names<D>(ConfigKind::daylight_saving, [](D& v) { v.end.week = 5; }, "end.week");
  names<D>(ConfigKind::daylight_saving, [](D& v) { v.begin.day = 7; }, "begin.day");
  names<D>(ConfigKind::daylight_saving, [](D& v) { v.begin.week = 0; }, "begin.day");  // day 0 of a month
}

TEST_CASE("ranges: what the device has is not judged while it stays") {
  Json row = samples::row(ConfigKind::video_mask);
  row["Level"] = 99;
  row["EventHandler"]["RecordLatch"] = 5;
  row["EventHandler"]["Dejitter"] = -3;
  const auto before = Codec<VideoMask>::read(row);
  REQUIRE(before);
  VideoMask value = *before;
  value.enable = !value.enable;
  CHECK_FALSE(Codec<VideoMask>::apply(value, *before, row));
}

TEST_CASE("differences: leaves by their path, lists of another length as one") {
  const Json a = Json::parse(R"({"x":[{"y":1,"z":[1,2]},2],"gone":1})");
  const Json b = Json::parse(R"({"x":[{"y":2,"z":[1]},2],"new":[]})");
  std::vector<std::string> found;
  for (const Change& c : differences(a, b)) {
    found.push_back(to_text(c.path));
    CHECK(find(a, c.path) == (c.before.is_null() ? nullptr : find(a, c.path)));
    if (!c.after.is_null()) CHECK(*find(b, c.path) == c.after);
  }
  CHECK(found == std::vector<std::string>{"gone", "new", "x[0].y", "x[0].z"});
  CHECK(differences(a, a).empty());
  CHECK(to_text({{"", 1}, {"Brightness", 0}}) == "[1].Brightness");
  CHECK(find(a, {{"x", 0}, {"", 9}}) == nullptr);
  CHECK(find(a, {{"gone", 0}, {"deeper", 0}}) == nullptr);
}

TEST_CASE("differences: what means the same") {
  const auto same = [](const char* a, const char* b) { return means_same(Json::parse(a), Json::parse(b)); };
  CHECK(same("25", "25.0"));
  CHECK(same("25", "\"25\""));
  CHECK(same("true", "1"));
  CHECK(same("\"false\"", "false"));
  CHECK(same("null", "[]"));
  CHECK(same("\"1 00:00:00-23:59:59\"", "\"1 00:00:00-24:00:00\""));
  CHECK(same(R"({"a":[1,{"b":null}]})", R"({"a":[1.0,{}]})"));
  CHECK_FALSE(same("25", "24"));
  CHECK_FALSE(same("\"a\"", "\"b\""));
  CHECK_FALSE(same("[1]", "[1,2]"));
  CHECK_FALSE(same("null", "0"));
  CHECK_FALSE(same(R"({"a":1})", R"({"b":1})"));
  CHECK_FALSE(same("true", "\"x\""));
}

TEST_CASE("kinds have names") {
  for (int n = 1; n <= 19; ++n) {
    const auto kind = static_cast<ConfigKind>(n);
    const auto back = parse_config_kind(name(kind));
    REQUIRE(back);
    CHECK(*back == kind);
  }
  CHECK(name(ConfigKind{99}) == "unknown");
  CHECK(parse_config_kind("x").error() == Errc::invalid_argument);
}

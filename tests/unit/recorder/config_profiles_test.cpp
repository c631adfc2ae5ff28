// Whatever tables a profile of the virtual recorder has: the SDK's codecs read every row, and leave it as it is when nothing changes.
#include <catch2/catch.hpp>

#include "proto/cgi/tree.hpp"
#include "proto/config/codecs.hpp"
#include "proto/config/diff.hpp"
#include "recorder/builtin_profiles.hpp"
#include "recorder/tables.hpp"

using namespace dmss;
using namespace dmss::proto::config;
namespace config = dmss::proto::config;

namespace {

Json through_cgi(const Json& row) {
  proto::cgi::KeyValues lines;
  recorder::flatten("table.T", row, lines);
  const auto text = proto::cgi::parse_kv(lines.body());
  REQUIRE(text);
  const auto tree = proto::cgi::to_tree(*text);
  REQUIRE(tree);
  return (*tree)["table"]["T"];
}

/// `change` alters one thing whose leaf has this name, in as many rows as record types have it.
template <class T>
void check_row(const Json& raw, void (*change)(T&), const char* leaf) {
  // A profile may hold bytes that are no UTF-8; the links make U+FFFD of them.
  const auto clean = dmss::proto::rpc::parse_json(dmss::proto::rpc::dump(raw));
  REQUIRE(clean);
  const Json& row = *clean;
  const auto value = config::Codec<T>::read(row);
  INFO(row.dump().substr(0, 300));
  REQUIRE(value);
  Json copy = row;
  CHECK_FALSE(config::Codec<T>::apply(*value, *value, copy));
  CHECK(copy == row);
  const auto over_cgi = config::Codec<T>::read(through_cgi(row));
  REQUIRE(over_cgi);
  CHECK_FALSE(config::Codec<T>::apply(*over_cgi, *value, copy));
  CHECK(copy == row);

  T changed = *value;
  change(changed);
  const Error error = config::Codec<T>::apply(changed, *value, copy);
  INFO(error.to_string());
  if (error == Errc::unsupported) return;  // the row lacks the member, and says so
  REQUIRE_FALSE(error);
  const auto changes = differences(row, copy);
  CHECK_FALSE(changes.empty());
  for (const Change& c : changes) {
    REQUIRE_FALSE(c.path.empty());
    std::size_t at = c.path.size() - 1;
    while (at > 0 && c.path[at].name.empty()) --at;
    CHECK(c.path[at].name == leaf);
  }
}

template <class T>
int check_table(const recorder::Tables& tables, const char* name, void (*change)(T&), const char* leaf,
                bool rows = true) {
  const Json* table = tables.find(name);
  if (table == nullptr) return 0;
  INFO(name);
  if (!rows || table->is_object()) {
    check_row<T>(*table, change, leaf);
    return 1;
  }
  int n = 0;
  for (const Json& row : *table) {
    if (row.is_null()) continue;
    check_row<T>(row, change, leaf);
    ++n;
  }
  return n;
}

template <class T>
void toggle(T& value) {
  value.enable = !value.enable;
}

}  // namespace

TEST_CASE("profiles: every row of every typed table is read, kept, and changed in one place") {
  int rows = 0;
  for (const auto& [name, text] : recorder::builtin_profiles()) {
    const auto profile = recorder::load_profile(name);
    if (!profile) continue;  // a part of others
    INFO(name);
    const recorder::Tables t(*profile);
    rows += check_table<MotionDetection>(t, "MotionDetect", toggle, "Enable");
    rows += check_table<SmartMotion>(t, "SmartMotionDetect", toggle, "Enable");
    rows += check_table<VideoMask>(t, "BlindDetect", toggle, "Enable");
    rows += check_table<LocalAlarm>(t, "Alarm", toggle, "Enable");
    rows += check_table<NetworkAlarm>(t, "NetAlarm", toggle, "Enable");
    rows += check_table<PirAlarm>(t, "$Pir", [](PirAlarm& v) { v.light_duration += 5; }, "LightDuration");
    rows += check_table<AlarmOutput>(
        t, "AlarmOut",
        [](AlarmOutput& v) {
          v.mode = v.mode == AlarmOutput::Mode::manual ? AlarmOutput::Mode::close : AlarmOutput::Mode::manual;
        },
        "Mode");
    rows += check_table<EncodeSettings>(
        t, "Encode", [](EncodeSettings& v) { v.main.frame_rate = v.main.frame_rate == 7 ? 8 : 7; }, "FPS");
    rows += check_table<RecordSchedule>(
        t, "Record", [](RecordSchedule& v) { v.period.days[3][0] = {60, 120, 39}; }, "TimeSection");
    rows += check_table<RecordMode>(
        t, "RecordMode",
        [](RecordMode& v) {
          v.main = v.main == RecordMode::Mode::off ? RecordMode::Mode::manual : RecordMode::Mode::off;
        },
        "Mode");
    rows += check_table<ChannelName>(t, "ChannelTitle", [](ChannelName& v) { v.name += "+"; }, "Name");
    rows +=
        check_table<ImageColor>(t, "VideoColor", [](ImageColor& v) { v.hue = v.hue == 7 ? 8 : 7; }, "Hue");
    for (const char* table : {"VideoImageControl", "VideoInOptions"})
      rows += check_table<ImageOrientation>(t, table, [](ImageOrientation& v) { v.flip = !v.flip; }, "Flip");
    rows += check_table<GeneralSettings>(
        t, "General", [](GeneralSettings& v) { v.machine_name += "+"; }, "MachineName", false);
    rows += check_table<NetworkSettings>(
        t, "Network", [](NetworkSettings& v) { v.mtu = v.mtu == 1400 ? 1401 : 1400; }, "MTU", false);
    rows += check_table<TimeSettings>(
        t, "NTP", [](TimeSettings& v) { v.ntp_port = v.ntp_port == 7 ? 8 : 7; }, "Port", false);
    rows += check_table<DaylightSaving>(
        t, "Locales", [](DaylightSaving& v) { v.enable = !v.enable; }, "DSTEnable", false);
  }
  CHECK(rows >= 60);
}

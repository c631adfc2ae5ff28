// Typed tables of motion detection and alarms, from the notes' samples.
#include "config_codec_check.hpp"

using namespace dmss;
using namespace dmss::proto;
using namespace dmss::proto::config;

namespace {

template <class T>
std::vector<Mutation<T>> linkage_mutations(const std::string& at, std::vector<Mutation<T>> more) {
  const auto path = [&](const char* key) { return std::vector<std::string>{at + key}; };
  std::vector<Mutation<T>> all = {
      {"anti-dither", [](T& v) { v.linkage.anti_dither = 30; }, path("Dejitter")},
      {"record", [](T& v) { v.linkage.record = !v.linkage.record; }, path("RecordEnable")},
      {"record channels", [](T& v) { v.linkage.record_channels = {1}; }, path("RecordChannels")},
      {"record delay", [](T& v) { v.linkage.record_delay = 60; }, path("RecordLatch")},
      {"alarm output", [](T& v) { v.linkage.alarm_output = !v.linkage.alarm_output; },
       path("AlarmOutEnable")},
      {"alarm outputs", [](T& v) { v.linkage.alarm_outputs = {1, 2}; }, path("AlarmOutChannels")},
      {"alarm output delay", [](T& v) { v.linkage.alarm_output_delay = 0; }, path("AlarmOutLatch")},
      {"snapshot", [](T& v) { v.linkage.snapshot = !v.linkage.snapshot; }, path("SnapshotEnable")},
      {"snapshot channels", [](T& v) { v.linkage.snapshot_channels = {5, 9}; }, path("SnapshotChannels")},
      {"period", [](T& v) { v.linkage.period.days[6][0].end = 3600; }, path("TimeSection[6][0]")},
  };
  all.insert(all.begin(), more.begin(), more.end());
  return all;
}

template <class T>
std::vector<Mutation<T>> alarm_mutations(std::vector<Mutation<T>> more = {}) {
  more.push_back({"enable", [](T& v) { v.enable = !v.enable; }, {"Enable"}});
  return linkage_mutations<T>("EventHandler.", std::move(more));
}

}  // namespace

TEST_CASE("codec: motion detection by windows") {
  const auto m = read<MotionDetection>(samples::row(ConfigKind::motion_detection));
  CHECK(m.enable);
  CHECK(m.has_windows);
  CHECK(m.level == 3);
  REQUIRE(m.windows.size() == 2);
  CHECK(m.windows[0].name == "Region1");
  CHECK(m.windows[0].sensitivity == 60);
  CHECK(m.windows[0].threshold == 5);
  CHECK(m.windows[0].region.get(0, 0));
  CHECK(m.windows[0].region.get(1, 0));
  CHECK_FALSE(m.windows[0].region.get(21, 0));
  CHECK(m.windows[0].region.cells() == 24);
  CHECK(m.windows[1].id == 1);
  CHECK(m.linkage.anti_dither == 5);
  CHECK(m.linkage.record_channels == std::vector{1, 3, 4});
  CHECK(m.linkage.alarm_outputs == std::vector{1});
  CHECK(m.linkage.snapshot_channels == std::vector{2});
  CHECK(m.linkage.period == Schedule::always());
  check_sample<MotionDetection>(
      sample(ConfigKind::motion_detection, 0),
      alarm_mutations<MotionDetection>({
          {"level", [](auto& v) { v.level = 6; }, {"Level"}},
          {"name", [](auto& v) { v.windows[1].name = "Yard"; }, {"MotionDetectWindow[1].Name"}},
          {"sensitivity",
           [](auto& v) { v.windows[0].sensitivity = 90; },
           {"MotionDetectWindow[0].Sensitive"}},
          {"threshold", [](auto& v) { v.windows[1].threshold = 0; }, {"MotionDetectWindow[1].Threshold"}},
          {"region", [](auto& v) { v.windows[1].region.set(21, 4); }, {"MotionDetectWindow[1].Region[4]"}},
      }));
}

TEST_CASE("codec: motion detection on the old grid, whose sensitivity is the level") {
  const auto m = read<MotionDetection>(samples::row(ConfigKind::motion_detection, 1));
  CHECK_FALSE(m.has_windows);
  REQUIRE(m.windows.size() == 1);
  CHECK(m.level == 4);
  CHECK(m.windows[0].sensitivity == 67);
  CHECK(m.windows[0].region.get(0, 0));
  CHECK(m.windows[0].region.get(0, 17));
  CHECK(m.windows[0].region.cells() == 25);
  const auto both = [](auto& v) {
    v.level = 5;
    v.windows[0].sensitivity = 83;
  };
  check_sample<MotionDetection>(
      sample(ConfigKind::motion_detection, 1),
      alarm_mutations<MotionDetection>({
          {"level", both, {"Level"}},
          {"region", [](auto& v) { v.windows[0].region.set(21, 2); }, {"Region[2]"}},
          {"threshold", [](auto& v) { v.windows[0].threshold = 9; }, {"*"}},
          {"name", [](auto& v) { v.windows[0].name = "Yard"; }, {"*"}},
      }));
  for (int level = 1; level <= 6; ++level) {
    Json row = samples::row(ConfigKind::motion_detection, 1);
    MotionDetection changed = m;
    row["Level"] = level;
    changed.windows[0].sensitivity = read<MotionDetection>(row).windows[0].sensitivity;
    row = samples::row(ConfigKind::motion_detection, 1);
    REQUIRE_FALSE(Codec<MotionDetection>::apply(changed, m, row));
    CHECK(row["Level"] == level);
  }
}

TEST_CASE("codec: windows that stand where the old grid was") {
  const Json row = Json::parse(R"({"Enable":true,"Level":3,"Region":[{"Threshold":5},{"Threshold":7}]})");
  const auto m = read<MotionDetection>(row);
  REQUIRE(m.windows.size() == 2);
  CHECK(m.windows[1].threshold == 7);
  auto changed = m;
  changed.windows[1].threshold = 8;
  Json copy = row;
  REQUIRE_FALSE(Codec<MotionDetection>::apply(changed, m, copy));
  CHECK(paths(differences(row, copy)) == std::vector<std::string>{"Region[1].Threshold"});
  changed.windows[1].sensitivity = 1;
  copy = row;
  CHECK(Codec<MotionDetection>::apply(changed, m, copy) == Errc::unsupported);
}

TEST_CASE("codec: smart motion in both spellings") {
  const auto m = read<SmartMotion>(samples::row(ConfigKind::smart_motion));
  CHECK(m.human);
  CHECK_FALSE(m.vehicle);
  CHECK(m.sensitivity == SmartMotion::Sensitivity::middle);
  const auto mutations = [](const std::string& types) {
    return std::vector<Mutation<SmartMotion>>{
        {"enable", [](auto& v) { v.enable = !v.enable; }, {"Enable"}},
        {"human", [](auto& v) { v.human = !v.human; }, {types + ".Human"}},
        {"vehicle", [](auto& v) { v.vehicle = !v.vehicle; }, {types + ".Vehicle"}},
        {"sensitivity", [](auto& v) { v.sensitivity = SmartMotion::Sensitivity::low; }, {"Sensitivity"}},
    };
  };
  check_sample<SmartMotion>(sample(ConfigKind::smart_motion, 0), mutations("ObjectTypes"));
  check_sample<SmartMotion>(sample(ConfigKind::smart_motion, 1), mutations("ObjectType"));
}

TEST_CASE("codec: alarms") {
  check_sample<VideoMask>(sample(ConfigKind::video_mask, 0),
                          alarm_mutations<VideoMask>({{"level", [](auto& v) { v.level = 1; }, {"Level"}}}));
  const auto local = alarm_mutations<LocalAlarm>({
      {"name", [](auto& v) { v.name = "Gate"; }, {"Name"}},
      {"sensor",
       [](auto& v) {
         v.sensor =
             v.sensor == SensorType::normally_open ? SensorType::normally_closed : SensorType::normally_open;
       },
       {"SensorType"}},
  });
  CHECK(read<LocalAlarm>(samples::row(ConfigKind::local_alarm)).sensor == SensorType::normally_closed);
  CHECK(read<LocalAlarm>(samples::row(ConfigKind::local_alarm, 1)).sensor == SensorType::normally_open);
  check_sample<LocalAlarm>(sample(ConfigKind::local_alarm, 0), local);
  check_sample<LocalAlarm>(sample(ConfigKind::local_alarm, 1), local);
  check_sample<NetworkAlarm>(
      sample(ConfigKind::network_alarm, 0),
      alarm_mutations<NetworkAlarm>({{"name", [](auto& v) { v.name = "123"; }, {"Name"}}}));
  check_sample<IpcExternalAlarm>(sample(ConfigKind::ipc_external_alarm, 0),
                                 alarm_mutations<IpcExternalAlarm>());
  check_sample<IpcOfflineAlarm>(sample(ConfigKind::ipc_offline_alarm, 0), alarm_mutations<IpcOfflineAlarm>());
  check_sample<AlarmOutput>(sample(ConfigKind::alarm_output, 0),
                            {{"mode", [](auto& v) { v.mode = AlarmOutput::Mode::close; }, {"Mode"}},
                             {"name", [](auto& v) { v.name = "Bell"; }, {"Name"}}});
}

TEST_CASE("codec: PIR with its linkage under PirLink, flags for channels and the wrong spelling") {
  const auto p = read<PirAlarm>(samples::row(ConfigKind::pir_alarm));
  CHECK(p.enable);
  CHECK(p.light == PirAlarm::Light::flash);
  CHECK(p.flash_interval == 5);
  CHECK(p.light_duration == 10);
  CHECK(p.linkage.record_channels == std::vector{2});
  CHECK(p.linkage.alarm_outputs == std::vector{1});
  CHECK(p.linkage.snapshot_channels == std::vector{1, 2, 3});
  REQUIRE(p.windows.size() == 1);
  for (int column = 0; column < 22; ++column) CHECK(p.windows[0].region.get(column, 0) == (column < 4));
  using P = PirAlarm;
  check_sample<P>(
      sample(ConfigKind::pir_alarm, 0),
      {{"enable", [](P& v) { v.enable = false; }, {"Enable"}},
       {"light", [](P& v) { v.light_enable = false; }, {"PirLink.LightingLink.Enable"}},
       {"steady", [](P& v) { v.light = P::Light::keep_on; }, {"*"}},
       {"duration", [](P& v) { v.light_duration = 20; }, {"PirLink.LightingLink.LightDuration"}},
       {"interval", [](P& v) { v.flash_interval = 2; }, {"PirLink.LightingLink.FilckerIntevalTime"}},
       {"sensitivity", [](P& v) { v.windows[0].sensitivity = 1; }, {"DetectWindow[0].Sensitive"}},
       {"region", [](P& v) { v.windows[0].region.set(21, 1); }, {"DetectWindow[0].Region[1]"}},
       {"record", [](P& v) { v.linkage.record = false; }, {"PirLink.RecordEnable"}},
       {"record channels",
        [](P& v) { v.linkage.record_channels = {3}; },
        {"PirLink.RecordChannels[1]", "PirLink.RecordChannels[2]"}},
       {"snapshot channels", [](P& v) { v.linkage.snapshot_channels = {1}; }, {"PirLink.SnapshotChannels"}},
       {"period", [](P& v) { v.linkage.period.days[0][5] = {0, 60, 0}; }, {"PirLink.TimeSection[0][5]"}}});
}

TEST_CASE("codec: PIR with its linkage beside PirLink and the right spelling") {
  const Json row = samples::row(ConfigKind::pir_alarm, 1);
  const auto p = read<PirAlarm>(row);
  CHECK(p.light == PirAlarm::Light::keep_on);
  CHECK(p.flash_interval == 5);
  CHECK(p.linkage.record_channels == std::vector{1, 2, 3});
  CHECK(p.linkage.period == Schedule::always());
  using P = PirAlarm;
  check_sample<P>(
      sample(ConfigKind::pir_alarm, 1),
      {{"interval", [](P& v) { v.flash_interval = 2; }, {"PirLink.LightingLink.FlickerIntervalTime"}},
       {"record", [](P& v) { v.linkage.record = false; }, {"RecordEnable"}},
       {"channels", [](P& v) { v.linkage.record_channels = {1}; }, {"RecordChannels"}},
       {"period", [](P& v) { v.linkage.period.days[1][0].end = 60; }, {"PirLink.TimeSection[1][0]"}}});
  auto flash = p;
  flash.light = P::Light::flash;
  Json copy = row;
  REQUIRE_FALSE(Codec<P>::apply(flash, p, copy));
  CHECK(copy["PirLink"]["LightingLink"]["LightLinkType"] == "Flicker");
}

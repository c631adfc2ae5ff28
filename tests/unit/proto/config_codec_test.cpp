// Every typed table: read from the notes' samples; unchanged it stays the same; one change is one change; over CGI it is the same value.
#include <catch2/catch.hpp>

#include "config_samples.hpp"
#include "proto/cgi/tree.hpp"
#include "proto/config/codecs.hpp"
#include "proto/config/diff.hpp"

using namespace dmss;
using namespace dmss::proto;
using namespace dmss::proto::config;

namespace {

template <class T>
struct Mutation {
  const char* what;
  void (*change)(T&);
  std::vector<std::string> paths;  ///< that differ then; "*" = not in this sample
};

template <class T>
T read(const Json& row) {
  const auto value = Codec<T>::read(row);
  INFO(row.dump());
  REQUIRE(value);
  return *value;
}

/// As lines of text and back.
Json through_cgi(const Json& row) {
  cgi::KeyValues lines;
  cgi::flatten(row, "table.T", lines);
  const auto back = cgi::parse_kv(lines.body());
  REQUIRE(back);
  const auto tree = cgi::to_tree(*back);
  REQUIRE(tree);
  return (*tree)["table"]["T"];
}

std::vector<std::string> paths(const std::vector<Change>& changes) {
  std::vector<std::string> out;
  for (const Change& c : changes) out.push_back(to_text(c.path));
  return out;
}

/// What holds of every table.
template <class T>
void check_sample(const samples::Sample& sample, const std::vector<Mutation<T>>& mutations) {
  INFO(name(sample.kind) << ", " << sample.variant);
  const Json rpc_row = samples::row(sample), cgi_row = through_cgi(rpc_row);
  const T value = read<T>(rpc_row), cgi_value = read<T>(cgi_row);

  for (const Json& row : {rpc_row, cgi_row}) {
    Json copy = row;
    CHECK_FALSE(Codec<T>::apply(value, value, copy));
    CHECK(copy.dump() == row.dump());
    // Writing one's value over the other's changes nothing: they are equal.
    CHECK_FALSE(Codec<T>::apply(cgi_value, value, copy));
    CHECK_FALSE(Codec<T>::apply(value, cgi_value, copy));
    CHECK(copy.dump() == row.dump());
  }
  for (const auto& m : mutations) {
    INFO(m.what);
    T changed = value;
    m.change(changed);
    for (const Json& row : {rpc_row, cgi_row}) {
      Json copy = row;
      const Error error = Codec<T>::apply(changed, value, copy);
      if (m.paths == std::vector<std::string>{"*"}) {
        CHECK(error == Errc::unsupported);
        continue;
      }
      INFO(error.to_string());
      REQUIRE_FALSE(error);
      const auto changes = differences(row, copy);
      CHECK(paths(changes) == m.paths);
      for (const Change& c : changes) {
        CHECK(std::string(c.before.type_name()) == c.after.type_name());
        CHECK(c.before.is_number_float() == c.after.is_number_float());
      }
      // Read back it is the changed value, and back again the table is what it was.
      const T again = read<T>(copy);
      Json same = copy;
      CHECK_FALSE(Codec<T>::apply(again, changed, same));
      CHECK(same == copy);
      CHECK_FALSE(Codec<T>::apply(value, again, copy));
      CHECK(copy == row);
    }
  }
}

const samples::Sample& sample(ConfigKind kind, std::size_t n) {
  for (const auto& s : samples::kSamples) {
    if (s.kind == kind && n-- == 0) return s;
  }
  throw std::logic_error("no such sample");
}

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

TEST_CASE("codec: encode, the main stream for all three record types, never for the fourth") {
  const auto e = read<EncodeSettings>(samples::row(ConfigKind::encode));
  CHECK(e.main.codec == "H.265");
  CHECK(e.main.width == 1920);
  CHECK(e.main.height == 1080);
  CHECK(e.main.frame_rate == 25);
  CHECK(e.main.audio_codec == "G.711A");
  REQUIRE(e.extra.size() == 2);
  CHECK(e.extra[0].width == 704);
  using E = EncodeSettings;
  const auto all = [](const std::string& tail) {
    return std::vector<std::string>{"MainFormat[0]." + tail, "MainFormat[1]." + tail,
                                    "MainFormat[2]." + tail};
  };
  std::vector<std::string> sizes;
  for (const char* row : {"MainFormat[0].", "MainFormat[1].", "MainFormat[2]."}) {
    for (const char* key : {"CustomResolutionName", "Height", "Width", "resolution"})
      sizes.push_back(std::string(row) + "Video." + key);
  }
  const auto size = [](E& v) {
    v.main.width = 1280;
    v.main.height = 720;
  };
  check_sample<E>(sample(ConfigKind::encode, 0),
                  {{"codec", [](E& v) { v.main.codec = "H.264"; }, all("Video.Compression")},
                   {"rate", [](E& v) { v.main.frame_rate = 12; }, all("Video.FPS")},
                   {"bit rate", [](E& v) { v.main.bit_rate = 2048; }, all("Video.BitRate")},
                   {"control", [](E& v) { v.main.bit_rate_control = StreamFormat::BitRateControl::variable; },
                    all("Video.BitRateControl")},
                   {"GOP", [](E& v) { v.main.key_frame_interval = 24; }, all("Video.GOP")},
                   {"quality", [](E& v) { v.main.quality = 6; }, all("Video.Quality")},
                   {"profile", [](E& v) { v.main.profile = "High"; }, all("Video.Profile")},
                   {"audio", [](E& v) { v.main.audio = false; }, all("AudioEnable")},
                   {"audio codec", [](E& v) { v.main.audio_codec = "AAC"; }, all("Audio.Compression")},
                   {"size", size, sizes},
                   {"extra", [](E& v) { v.extra[1].video = false; }, {"ExtraFormat[1].VideoEnable"}},
                   {"extra rate", [](E& v) { v.extra[0].frame_rate = 7; }, {"ExtraFormat[0].Video.FPS"}}});
  Json row = samples::row(ConfigKind::encode);
  auto changed = e;
  size(changed);
  REQUIRE_FALSE(Codec<E>::apply(changed, e, row));
  CHECK(row["MainFormat"][1]["Video"]["resolution"] == "1280x720");
  CHECK(row["MainFormat"][1]["Video"]["CustomResolutionName"] == "720P");
  CHECK(row["MainFormat"][2]["Video"]["Width"] == 1280);
}

TEST_CASE("codec: encode with sizes as text, and a record type that differs from the others") {
  const Json row = samples::row(ConfigKind::encode, 1);
  const auto e = read<EncodeSettings>(row);
  CHECK(e.main.width == 2688);
  CHECK(e.main.frame_rate == 12.5);
  CHECK(e.main.bit_rate_control == StreamFormat::BitRateControl::variable);
  CHECK(e.extra.empty());
  auto changed = e;
  changed.main.width = 1920;
  changed.main.height = 1080;
  changed.main.bit_rate = 2048;
  Json copy = row;
  REQUIRE_FALSE(Codec<EncodeSettings>::apply(changed, e, copy));
  CHECK(paths(differences(row, copy)) ==
        std::vector<std::string>{"MainFormat[0].Video.BitRate", "MainFormat[0].Video.resolution",
                                 "MainFormat[1].Video.BitRate", "MainFormat[1].Video.resolution",
                                 "MainFormat[2].Video.resolution"});
  CHECK(copy["MainFormat"][2]["Video"]["resolution"] == "1920x1080");
  changed = e;
  changed.main.profile = "High";
  CHECK(Codec<EncodeSettings>::apply(changed, e, copy) == Errc::unsupported);
  check_sample<EncodeSettings>(sample(ConfigKind::encode, 1), {});
}

TEST_CASE("codec: resolutions by size and by name") {
  CHECK(parse_resolution("2688x1520") == Size{2688, 1520});
  CHECK(parse_resolution("1280*720") == Size{1280, 720});
  CHECK(parse_resolution("D1") == Size{704, 576});
  CHECK(parse_resolution("1.3M") == Size{1280, 960});
  for (const char* text : {"", "x", "12x", "x12", "12x12x", "0x5", "5x-1", "8K"})
    CHECK(parse_resolution(text) == Size{});
}

TEST_CASE("codec: record schedule and record mode") {
  const auto r = read<RecordSchedule>(samples::row(ConfigKind::record_schedule));
  CHECK(r.period.holiday.has_value());
  CHECK(r.pre_record == 4);
  using R = RecordSchedule;
  check_sample<R>(sample(ConfigKind::record_schedule, 0),
                  {{"period", [](R& v) { v.period.days[2][0].mask = 39; }, {"TimeSection[2][0]"}},
                   {"holiday", [](R& v) { (*v.period.holiday)[0].mask = 4; }, {"TimeSection[7][0]"}},
                   {"holidays", [](R& v) { v.holiday_enable = true; }, {"HolidayEnable"}},
                   {"pre-record", [](R& v) { v.pre_record = 0; }, {"PreRecord"}},
                   {"redundancy", [](R& v) { v.redundancy = true; }, {"Redundancy"}}});
  using M = RecordMode;
  check_sample<M>(sample(ConfigKind::record_mode, 0),
                  {{"main", [](M& v) { v.main = M::Mode::off; }, {"Mode"}},
                   {"extra1", [](M& v) { v.extra1 = M::Mode::manual; }, {"ModeExtra1"}},
                   {"extra2", [](M& v) { v.extra2 = M::Mode::automatic; }, {"ModeExtra2"}}});
  check_sample<M>(sample(ConfigKind::record_mode, 1),
                  {{"main", [](M& v) { v.main = M::Mode::off; }, {"Mode"}},
                   {"extra1", [](M& v) { v.extra1 = M::Mode::manual; }, {"*"}}});
}

TEST_CASE("codec: picture") {
  using C = ImageColor;
  const auto mutations = [](const std::string& at) {
    return std::vector<Mutation<C>>{{"brightness", [](C& v) { v.brightness = 0; }, {at + "Brightness"}},
                                    {"contrast", [](C& v) { v.contrast = 100; }, {at + "Contrast"}},
                                    {"hue", [](C& v) { v.hue = 1; }, {at + "Hue"}},
                                    {"saturation", [](C& v) { v.saturation = 2; }, {at + "Saturation"}}};
  };
  for (std::size_t n = 0; n < 3; ++n) {
    const auto c = read<C>(samples::row(ConfigKind::image_color, n));
    CHECK(c.brightness == 50);
    CHECK(c.saturation == 53);
    check_sample<C>(sample(ConfigKind::image_color, n), mutations(n == 0 ? "" : n == 1 ? "[0]." : "[1]."));
  }
  using O = ImageOrientation;
  CHECK(read<O>(samples::row(ConfigKind::image_orientation)).rotation == O::Rotation::none);
  CHECK_FALSE(read<O>(samples::row(ConfigKind::image_orientation, 1)).rotation);
  check_sample<O>(sample(ConfigKind::image_orientation, 0),
                  {{"flip", [](O& v) { v.flip = true; }, {"Flip"}},
                   {"mirror", [](O& v) { v.mirror = false; }, {"Mirror"}},
                   {"rotate", [](O& v) { v.rotation = O::Rotation::counter_clockwise; }, {"Rotate90"}}});
  check_sample<O>(sample(ConfigKind::image_orientation, 1),
                  {{"flip", [](O& v) { v.flip = false; }, {"Flip"}},
                   {"rotate", [](O& v) { v.rotation = O::Rotation::none; }, {"*"}}});
}

TEST_CASE("codec: colours of all rows in force are written") {
  const Json row = Json::parse(R"([{"Brightness":1,"TimeSection":"1 00:00:00-12:00:00"},
                                   {"Brightness":2,"TimeSection":"0 00:00:00-24:00:00"},
                                   {"Brightness":3,"TimeSection":"1 12:00:00-24:00:00"}])");
  const auto before = read<ImageColor>(row);
  CHECK(before.brightness == 1);
  auto value = before;
  value.brightness = 9;
  Json copy = row;
  REQUIRE_FALSE(Codec<ImageColor>::apply(value, before, copy));
  CHECK(copy[0]["Brightness"] == 9);
  CHECK(copy[1]["Brightness"] == 2);
  CHECK(copy[2]["Brightness"] == 9);
}

TEST_CASE("codec: system tables") {
  const auto g = read<GeneralSettings>(samples::row(ConfigKind::general));
  CHECK(g.machine_name == "NVR");
  CHECK(g.lock_tries == 5);
  CHECK(g.lock_seconds == 1800);
  CHECK(read<GeneralSettings>(samples::row(ConfigKind::general, 1)).lock_tries == 3);
  for (std::size_t n = 0; n < 2; ++n)
    check_sample<GeneralSettings>(sample(ConfigKind::general, n),
                                  {{"name", [](auto& v) { v.machine_name = "Gate"; }, {"MachineName"}}});
  check_sample<ChannelName>(sample(ConfigKind::channel_name, 0),
                            {{"name", [](auto& v) { v.name = "\xe5\xa4\xa7\xe9\x97\xa8"; }, {"Name"}}});
  using T = TimeSettings;
  CHECK(read<T>(samples::row(ConfigKind::time)).time_zone == 25);
  check_sample<T>(sample(ConfigKind::time, 0),
                  {{"enable", [](T& v) { v.ntp_enable = true; }, {"Enable"}},
                   {"server", [](T& v) { v.ntp_server = "192.0.2.7"; }, {"Address"}},
                   {"port", [](T& v) { v.ntp_port = 124; }, {"Port"}},
                   {"period", [](T& v) { v.ntp_period = 10; }, {"UpdatePeriod"}},
                   {"zone", [](T& v) { v.time_zone = 0; }, {"TimeZone"}},
                   {"text", [](T& v) { v.time_zone_text = "GMT"; }, {"TimeZoneDesc"}}});
  using D = DaylightSaving;
  CHECK(read<D>(samples::row(ConfigKind::daylight_saving)).begin == D::Turn{2026, 3, -1, 0, 2, 0});
  check_sample<D>(
      sample(ConfigKind::daylight_saving, 0),
      {{"enable", [](D& v) { v.enable = false; }, {"DSTEnable"}},
       {"begin", [](D& v) { v.begin.month = 4; }, {"DSTStart.Month"}},
       {"end",
        [](D& v) { v.end = {2027, 11, 0, 7, 4, 30}; },
        {"DSTEnd.Day", "DSTEnd.Hour", "DSTEnd.Minute", "DSTEnd.Month", "DSTEnd.Week", "DSTEnd.Year"}},
       {"format", [](D& v) { v.time_format = "dd-MM-yyyy"; }, {"TimeFormat"}}});
}

TEST_CASE("codec: network, one interface of several") {
  const Json row = samples::row(ConfigKind::network);
  const auto n = read<NetworkSettings>(row);
  CHECK(n.interface_name == "eth0");
  CHECK(n.address == "192.0.2.10");
  CHECK(n.mac == "02:00:00:00:00:10");
  CHECK(n.dns_servers == std::vector<std::string>{"192.0.2.1", "8.8.8.8"});
  using N = NetworkSettings;
  check_sample<N>(sample(ConfigKind::network, 0),
                  {{"host", [](N& v) { v.host_name = "gate"; }, {"Hostname"}},
                   {"dhcp", [](N& v) { v.dhcp = true; }, {"eth0.DhcpEnable"}},
                   {"address", [](N& v) { v.address = "192.0.2.11"; }, {"eth0.IPAddress"}},
                   {"mask", [](N& v) { v.subnet_mask = "255.255.0.0"; }, {"eth0.SubnetMask"}},
                   {"gateway", [](N& v) { v.gateway = "192.0.2.2"; }, {"eth0.DefaultGateway"}},
                   {"mtu", [](N& v) { v.mtu = 1400; }, {"eth0.MTU"}},
                   {"dns", [](N& v) { v.dns_servers[1] = "1.1.1.1"; }, {"eth0.DnsServers[1]"}}});
  const auto other = Codec<N>::read(row, "eth1");
  REQUIRE(other);
  CHECK(other->mtu == 1492);
  auto value = *other;
  value.mtu = 1400;
  Json copy = row;
  REQUIRE_FALSE(Codec<N>::apply(value, *other, copy));
  CHECK(paths(differences(row, copy)) == std::vector<std::string>{"eth1.MTU"});
  CHECK(Codec<N>::read(row, "eth7").error() == Errc::invalid_argument);
  Json no_default = row;
  no_default["DefaultInterface"] = "bond0";
  CHECK(read<N>(no_default).interface_name == "eth0");
}

TEST_CASE("codec: numbers, texts and booleans keep the type they had") {
  const Json row =
      Json::parse(R"({"Enable":"true","Level":"3","EventHandler":{"Dejitter":5.0,"RecordEnable":1}})");
  const auto before = read<VideoMask>(row);
  CHECK(before.enable);
  CHECK(before.level == 3);
  auto value = before;
  value.enable = false;
  value.level = 5;
  value.linkage.anti_dither = 7;
  value.linkage.record = false;
  Json copy = row;
  REQUIRE_FALSE(Codec<VideoMask>::apply(value, before, copy));
  CHECK(copy.dump() == R"({"Enable":"false","EventHandler":{"Dejitter":7.0,"RecordEnable":0},"Level":"5"})");
}

TEST_CASE("codec: a member that the device does not have is not invented") {
  const Json row = Json::parse(R"({"Enable":true})");
  const auto before = read<VideoMask>(row);
  auto value = before;
  value.linkage.record = true;
  Json copy = row;
  const Error error = Codec<VideoMask>::apply(value, before, copy);
  CHECK(error == Errc::unsupported);
  CHECK(error.message().find("EventHandler.RecordEnable") != std::string::npos);
}

TEST_CASE("codec: rows that are no rows are malformed") {
  for (const char* text : {"null", "[]", "5", "\"x\"", "true"}) {
    const Json row = Json::parse(text);
    CHECK(Codec<MotionDetection>::read(row).error() == Errc::malformed);
    CHECK(Codec<SmartMotion>::read(row).error() == Errc::malformed);
    CHECK(Codec<VideoMask>::read(row).error() == Errc::malformed);
    CHECK(Codec<LocalAlarm>::read(row).error() == Errc::malformed);
    CHECK(Codec<NetworkAlarm>::read(row).error() == Errc::malformed);
    CHECK(Codec<IpcExternalAlarm>::read(row).error() == Errc::malformed);
    CHECK(Codec<IpcOfflineAlarm>::read(row).error() == Errc::malformed);
    CHECK(Codec<PirAlarm>::read(row).error() == Errc::malformed);
    CHECK(Codec<AlarmOutput>::read(row).error() == Errc::malformed);
    CHECK(Codec<EncodeSettings>::read(row).error() == Errc::malformed);
    CHECK(Codec<RecordSchedule>::read(row).error() == Errc::malformed);
    CHECK(Codec<RecordMode>::read(row).error() == Errc::malformed);
    CHECK(Codec<ChannelName>::read(row).error() == Errc::malformed);
    CHECK(Codec<ImageColor>::read(row).error() == Errc::malformed);
    CHECK(Codec<ImageOrientation>::read(row).error() == Errc::malformed);
    CHECK(Codec<GeneralSettings>::read(row).error() == Errc::malformed);
    CHECK(Codec<NetworkSettings>::read(row).error() == Errc::malformed);
    CHECK(Codec<TimeSettings>::read(row).error() == Errc::malformed);
    CHECK(Codec<DaylightSaving>::read(row).error() == Errc::malformed);
  }
}

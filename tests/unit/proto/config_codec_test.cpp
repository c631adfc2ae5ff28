// Typed tables of streams, recording, picture, system and network, from the notes' samples.
#include "config_codec_check.hpp"

using namespace dmss;
using namespace dmss::proto;
using namespace dmss::proto::config;

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
  CHECK(parse_resolution("2688x1520") == PictureSize{2688, 1520});
  CHECK(parse_resolution("1280*720") == PictureSize{1280, 720});
  CHECK(parse_resolution("D1") == PictureSize{704, 576});
  CHECK(parse_resolution("1.3M") == PictureSize{1280, 960});
  for (const char* text : {"", "x", "12x", "x12", "12x12x", "0x5", "5x-1", "8K"})
    CHECK(parse_resolution(text) == PictureSize{});
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

TEST_CASE("codec: a mode that is not known keeps its number, and the rest can be written") {
  Json row = {{"Mode", 7}, {"ModeExtra1", 0}};
  auto mode = read<RecordMode>(row);
  CHECK(static_cast<int>(mode.main) == 7);
  RecordMode wanted = mode;
  wanted.extra1 = RecordMode::Mode::off;
  REQUIRE_FALSE(Codec<RecordMode>::apply(wanted, mode, row));
  CHECK(row == Json{{"Mode", 7}, {"ModeExtra1", 2}});
  Json output = {{"Mode", 3}, {"Name", "Siren"}};
  const auto before = read<AlarmOutput>(output);
  AlarmOutput after = before;
  after.name = "Gate";
  REQUIRE_FALSE(Codec<AlarmOutput>::apply(after, before, output));
  CHECK(output == Json{{"Mode", 3}, {"Name", "Gate"}});
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

// Capabilities of a channel and of a device, from scripted answers.
#include "session/capabilities/probe.hpp"

#include "unit/session/fake_commands.hpp"

using namespace dmss;
using namespace dmss::session;
using namespace dmss::session::test;

namespace {

constexpr const char* kDome =
    R"({"caps":{"Pan":true,"Tile":true,"Zoom":true,"Focus":true,"Iris":false,"Preset":true,"Tour":true,"PanSpeedMin":1,
        "PanSpeedMax":8,"TileSpeedMin":1,"TileSpeedMax":8,"PresetMin":1,"PresetMax":300,"MoveRelatively":true,
        "Auxs":["Light","Wiper"],"PtzMotionRange":{"HorizontalAngle":[0,360],"VerticalAngle":[-15,90]}}})";
constexpr const char* kFixed =
    R"({"caps":{"Pan":false,"Tile":false,"Zoom":false,"Focus":false,"Iris":false,"Preset":false,"Tour":false}})";
constexpr const char* kEncode =
    R"({"caps":{"MainFormat":[{"Audio":{"CompressionTypes":"AAC"},"Video":{"CompressionTypes":"H.264,H.265",
        "ResolutionTypes":"1080P,D1","FPSMax":25,"BitRateOptions":"256,3584"}}],
        "ExtraFormat":[{"Video":{"CompressionTypes":"H.264","ResolutionTypes":"D1,CIF","FPSMax":25}}]}})";

/// A table for each name it is given; "unknown error" for others.
void tables(FakeCommands& device, std::map<std::string, std::string> rows) {
  device.on_rpc("configManager.getConfig", [rows](const FakeCommands::Asked& a) -> Result<Json> {
    const auto found = rows.find(a.params.value("name", ""));
    if (found == rows.end())
      return Error(Errc::device_error)
          .with_device(268959743, "Unknown error! error code was not set in service!");
    return Json{{"table", Json::parse(found->second)}};
  });
}

/// A dome camera with everything, over JSON-RPC.
std::shared_ptr<FakeCommands> dome(FakeWorld& world) {
  auto d = std::make_shared<FakeCommands>(world);
  d->on_rpc("magicBox.getDeviceClass", R"({"type":"SD"})");
  d->on_rpc("magicBox.getProductDefinition", [](const FakeCommands::Asked& a) -> Result<Json> {
    const std::string name = a.params.value("name", "");
    if (name == "MaxExtraStream") return Json{{"definition", 1}};
    return Json{{"definition", true}};
  });
  d->on_rpc("alarm.getAlarmCaps", R"({"caps":{"AlarmPir":false}})");
  d->on_rpc("alarm.getInSlots", R"({"inputs":2})");
  d->on_rpc("alarm.getOutSlots", R"({"outputs":0})");
  d->on_rpc("eventManager.getCaps", R"({"caps":{"Codes":["VideoMotion","AlarmLocal"]}})");
  d->on_rpc("recordManager.getCaps", "{}");
  d->on_rpc("storage.getCaps", "{}");
  d->on_instance("ptz");
  d->on_instance("devVideoInput");
  d->on_instance("devIntelliTracker");
  d->on_rpc("ptz.getCurrentProtocolCaps", kDome);
  d->on_rpc("devVideoInput.getCaps", R"({"caps":{"Flip":true,"ElectricFocus":true}})");
  d->on_rpc("encode.getConfigCaps", kEncode);
  d->on_rpc("CoaxialControlIO.getStatus", R"({"status":{"WhiteLight":"Off"}})");
  tables(*d, {{"VideoStandard", R"("NTSC")"},
              {"Encode", R"({"MainFormat":[{"VideoEnable":true}]})"},
              {"VideoColor", R"([{"Brightness":50}])"},
              {"VideoImageControl", R"({"Flip":false,"Mirror":false})"},
              {"MotionDetect", R"({"Enable":true})"},
              {"BlindDetect", R"({"Enable":false})"},
              {"VideoAnalyseRule", R"([{"Enable":true}])"}});
  return d;
}

Capabilities all_of(FakeWorld& world, std::shared_ptr<FakeCommands> device, int channel,
                    bool refresh = false) {
  Result<Capabilities> r = run(world, probe_all(device, channel, refresh));
  REQUIRE(r);
  return *r;
}

}  // namespace

TEST_CASE("a dome tells everything of its channel, each with the probe that told") {
  FakeWorld world;
  auto device = dome(world);
  const Capabilities c = all_of(world, device, 1);
  CHECK(c.channel == 1);
  struct Row {
    Feature feature;
    Support support;
    const char* probe;
  };
  const Row rows[] = {
      {Feature::ptz, Support::yes, "ptz.getCurrentProtocolCaps"},
      {Feature::ptz_zoom, Support::yes, "ptz.getCurrentProtocolCaps"},
      {Feature::ptz_focus, Support::yes, "ptz.getCurrentProtocolCaps"},
      {Feature::ptz_tours, Support::yes, "ptz.getCurrentProtocolCaps"},
      {Feature::ptz_iris, Support::no, "ptz.getCurrentProtocolCaps"},
      {Feature::ptz_presets, Support::yes, "ptz.getCurrentProtocolCaps"},
      {Feature::ptz_position, Support::unknown, "ptz.getCurrentProtocolCaps"},
      {Feature::ptz_absolute, Support::yes, "ptz.getCurrentProtocolCaps"},
      {Feature::ptz_relative, Support::yes, "ptz.getCurrentProtocolCaps"},
      {Feature::motorised_lens, Support::yes, "devVideoInput.getCaps"},
      {Feature::wiper, Support::yes, "ptz getCurrentProtocolCaps Auxs"},
      {Feature::light, Support::yes, "ptz getCurrentProtocolCaps Auxs"},
      {Feature::siren, Support::no, "CoaxialControlIO.getStatus"},
      {Feature::smart_tracking, Support::yes, "devIntelliTracker.factory.instance"},
      {Feature::talk, Support::yes, "getProductDefinition HasTalk"},
      {Feature::audio, Support::yes, "encode getConfigCaps Audio"},
      {Feature::image_color, Support::yes, "configManager.getConfig"},
      {Feature::image_flip, Support::yes, "configManager VideoImageControl"},
      {Feature::image_mirror, Support::yes, "configManager VideoImageControl"},
      {Feature::image_rotate, Support::no, "configManager VideoImageControl"},
      {Feature::fisheye, Support::no, "devVideoInput.getCapsEx"},
      {Feature::motion_detection, Support::yes, "configManager.getConfig MotionDetect"},
      {Feature::smart_motion, Support::no, "configManager.getConfig SmartMotionDetect"},
      {Feature::video_mask, Support::yes, "configManager.getConfig BlindDetect"},
      {Feature::smart_rules, Support::yes, "configManager.getConfig VideoAnalyseRule"},
      {Feature::pir, Support::no, "alarm.getAlarmCaps AlarmPir"},
      {Feature::extra_stream, Support::yes, "encode.getConfigCaps"},
  };
  for (const Row& row : rows) {
    CAPTURE(name(row.feature));
    CHECK(c.support(row.feature) == row.support);
    CHECK(c.of(row.feature).probe == row.probe);
    if (row.support != Support::yes) CHECK_FALSE(c.of(row.feature).reason.empty());
  }
  CHECK(c.features.size() == std::size(rows));
  CHECK(c.ptz.presets.maximum == 300);
  REQUIRE(c.streams.size() == 2);
  CHECK(c.streams[0].resolutions.at(1) == Resolution{704, 480, "D1"});  // NTSC
  CHECK(c.support(Feature::storage) == Support::unknown);               // of the device, not asked here
  CHECK(device->open_instances() == 0);
  CHECK(device->asked.size() <= 35);
  // What may be set depends on what is set.
  CHECK(device->last("encode.getConfigCaps").params ==
        Json::parse(R"({"channel":0,"config":{"MainFormat":[{"VideoEnable":true}]},"stream":"All"})"));
}

TEST_CASE("the device itself: interfaces, alarm slots, events, services") {
  FakeWorld world;
  auto device = dome(world);
  const Capabilities c = all_of(world, device, 0);
  CHECK(c.support(Feature::json_rpc) == Support::yes);
  CHECK(c.support(Feature::cgi) == Support::no);
  CHECK(c.support(Feature::alarm_inputs) == Support::yes);
  CHECK(c.alarm_inputs == 2);
  CHECK(c.support(Feature::alarm_outputs) == Support::no);
  CHECK(c.alarm_outputs == 0);
  CHECK(c.support(Feature::events) == Support::yes);
  CHECK(c.event_codes == std::vector<std::string>{"VideoMotion", "AlarmLocal"});
  CHECK(c.support(Feature::recording) == Support::yes);
  CHECK(c.support(Feature::storage) == Support::yes);
  CHECK(c.support(Feature::event_pictures) == Support::no);
  CHECK(c.support(Feature::log_search) == Support::unknown);
  CHECK(c.support(Feature::encrypted_password_change) == Support::no);
  CHECK(device->asked.size() <= 20);
}

TEST_CASE("what is known is not asked again, until it is asked for") {
  FakeWorld world;
  auto device = dome(world);
  all_of(world, device, 1);
  const auto asked = device->asked.size();
  all_of(world, device, 1);
  CHECK(device->asked.size() == asked);
  CHECK_FALSE(run(world, require(device, 1, Feature::wiper)));
  CHECK(device->asked.size() == asked);

  device->on_rpc("ptz.getCurrentProtocolCaps", kFixed);
  const Capabilities again = all_of(world, device, 1, true);
  CHECK(again.support(Feature::ptz) == Support::no);
  CHECK(device->count("ptz.getCurrentProtocolCaps") == 2);

  // Another channel shares what is the device's.
  const auto classes = device->count("magicBox.getDeviceClass");
  all_of(world, device, 2);
  CHECK(device->count("magicBox.getDeviceClass") == classes);
}

TEST_CASE("one feature asks for its own group alone") {
  FakeWorld world;
  auto device = dome(world);
  CHECK_FALSE(run(world, require(device, 1, Feature::ptz)));
  CHECK(device->words() ==
        std::vector<std::string>{"ptz.factory.instance", "ptz.getCurrentProtocolCaps", "ptz.destroy"});
  const Error no = run(world, require(device, 1, Feature::ptz_iris));
  CHECK(no == Errc::unsupported);
  CHECK(no.message().find("ptz_iris") != std::string::npos);
  CHECK(no.message().find("ptz.getCurrentProtocolCaps") != std::string::npos);
  CHECK(device->asked.size() == 3);
  CHECK(run(world, require(device, 9, Feature::ptz)) == Errc::no_such_channel);
  CHECK(run(world, require(device, 0, Feature::ptz)) == Errc::invalid_argument);
  CHECK(device->asked.size() == 3);
}

TEST_CASE(
    "askers at the same time share one probe; the next takes over when the first one's operation ends") {
  FakeWorld world;
  auto cache = std::make_shared<CapabilityCache>();
  std::vector<std::shared_ptr<FakeCommands>> askers;
  for (int i = 0; i < 3; ++i) {
    askers.push_back(dome(world));
    askers.back()->cache = cache;
    askers.back()->hold();
  }
  auto first = start(world, require(askers[0], 1, Feature::ptz));
  auto second = start(world, require(askers[1], 1, Feature::ptz));
  auto third = start(world, require(askers[2], 1, Feature::ptz));
  CHECK(askers[0]->asked.size() == 1);
  CHECK(askers[1]->asked.empty());
  CHECK(askers[2]->asked.empty());

  SECTION("all are answered by the first") {
    askers[0]->release();
    for (const auto& r : {first, second, third}) {
      REQUIRE(r->has_value());
      CHECK_FALSE(**r);
    }
    CHECK(askers[1]->asked.empty());
    CHECK(askers[2]->asked.empty());
  }
  SECTION("the first is cancelled") {
    askers[0]->over = Error(Errc::cancelled);
    askers[0]->release();
    CHECK(first->value() == Errc::cancelled);
    CHECK_FALSE(second->has_value());
    CHECK(askers[1]->asked.size() + askers[2]->asked.size() == 1);
    askers[1]->release();
    askers[2]->release();
    askers[1]->release();
    REQUIRE(second->has_value());
    REQUIRE(third->has_value());
    CHECK_FALSE(**second);
    CHECK_FALSE(**third);
    CHECK(cache->find(1)->support(Feature::ptz) == Support::yes);
  }
}

TEST_CASE("a recorder's light and siren count by its own word or by PTZ auxiliaries, never by its status") {
  FakeWorld world;
  auto device = dome(world);
  device->on_rpc("magicBox.getDeviceClass", R"({"type":"NVR"})");
  device->on_rpc("ptz.getCurrentProtocolCaps", kFixed);
  device->on_rpc("CoaxialControlIO.getStatus", R"({"status":{"WhiteLight":"Off","Speaker":"Off"}})");

  SECTION("nothing but a status") {
    const Capabilities c = all_of(world, device, 1);
    CHECK(c.support(Feature::light) == Support::unknown);
    CHECK(c.support(Feature::siren) == Support::unknown);
    CHECK(device->count("CoaxialControlIO.getStatus") == 0);
  }
  SECTION("the same on a camera means that they are there") {
    device->on_rpc("magicBox.getDeviceClass", R"({"type":"IPC"})");
    const Capabilities c = all_of(world, device, 1);
    CHECK(c.support(Feature::light) == Support::yes);
    CHECK(c.support(Feature::siren) == Support::yes);
  }
  SECTION("what getCaps says counts") {
    device->on_rpc(
        "CoaxialControlIO.getCaps",
        R"({"caps":{"SupportControlFullcolorLight":1,"SupportControlLight":1,"SupportControlSpeaker":0}})");
    const Capabilities c = all_of(world, device, 1);
    CHECK(c.support(Feature::light) == Support::yes);
    CHECK(c.support(Feature::siren) == Support::no);
  }
  SECTION("auxiliaries of a channel that does not move") {
    device->on_rpc("ptz.getCurrentProtocolCaps",
                   R"({"caps":{"Pan":false,"Tile":false,"Auxs":["Light","Aux"]}})");
    const Capabilities c = all_of(world, device, 1);
    CHECK(c.support(Feature::ptz) == Support::no);
    CHECK(c.support(Feature::light) == Support::yes);
    CHECK(c.support(Feature::siren) == Support::yes);
  }
  SECTION("a recorder without a class is told by its list of cameras") {
    device->on_rpc("magicBox.getDeviceClass", FakeCommands::no_method());
    device->on_rpc("LogicDeviceManager.getCameraAll", R"({"camera":[{"Channel":0},{"Channel":1}]})");
    CHECK(all_of(world, device, 1).support(Feature::light) == Support::unknown);
  }
  SECTION("a channel's siren by RemoteSpeak") {
    device->on_rpc("RemoteSpeak.getCaps", R"({"Caps":[{"SupportSiren":false}]})");
    CHECK(all_of(world, device, 3).support(Feature::siren) == Support::no);
    CHECK(device->last("RemoteSpeak.getCaps").params == Json::parse(R"({"Channels":[2]})"));
  }
}

TEST_CASE("a device with CGI alone is probed by it") {
  FakeWorld world;
  auto device = std::make_shared<FakeCommands>(world);
  device->rpc_there = false;
  device->cgi_there = true;
  device->on_cgi("magicBox getDeviceClass", "type=IPC\r\n");
  device->on_cgi("magicBox getProductDefinition", [](const FakeCommands::Asked& a) -> Result<std::string> {
    return "table." + a.params.value("name", "") + "=" +
           (a.params["name"] == "MaxExtraStream" ? "2" : "false") + "\r\n";
  });
  device->on_cgi("ptz getCurrentProtocolCaps", "caps.Pan=false\r\ncaps.Tile=false\r\ncaps.Zoom=true\r\n");
  device->on_cgi(
      "encode getConfigCaps",
      "caps[0].MainFormat[0].Video.ResolutionTypes=1080P,D1\r\ncaps[0].MainFormat[0].Video.FPSMax=25\r\n");
  device->on_cgi("devVideoInput getCaps", "caps.Flip=true\r\n");
  device->on_cgi("devVideoInput getFocusStatus", "status.Focus=0.5\r\nstatus.Zoom=0\r\n");
  device->on_cgi("coaxialControlIO getStatus", "status.status.WhiteLight=Off\r\n");
  device->on_cgi("devAudioOutput getCollect", "result=1\r\n");
  device->on_cgi("alarm getInSlots", "result=1\r\n");
  device->on_cgi("alarm getOutSlots", "result=2\r\n");
  device->on_cgi("eventManager getExposureEvents", "events[0]=VideoMotion\r\n");
  device->on_cgi("configManager getConfig", [](const FakeCommands::Asked& a) -> Result<std::string> {
    const std::string name = a.params.value("name", "");
    if (name == "VideoColor[1]") return std::string("table.VideoColor[1][0].Brightness=50\r\n");
    if (name == "VideoInOptions[1]") return std::string("table.VideoInOptions[1].Flip=false\r\n");
    if (name == "VideoStandard") return std::string("table.VideoStandard=PAL\r\n");
    if (name == "MotionDetect[1]")
      return Error(Errc::no_permission).with_device(403, "Authority:check failure.");
    return Error(Errc::device_error).with_device(0, "Error -1 getting param in name=" + name);
  });
  const Capabilities c = all_of(world, device, 2);
  CHECK(c.support(Feature::ptz) == Support::no);
  CHECK(c.support(Feature::ptz_zoom) == Support::yes);
  CHECK(c.of(Feature::ptz_zoom).probe == "ptz.cgi getCurrentProtocolCaps");
  CHECK(c.support(Feature::motorised_lens) == Support::yes);
  CHECK(c.support(Feature::light) == Support::yes);
  CHECK(c.support(Feature::talk) == Support::yes);
  CHECK(c.support(Feature::extra_stream) == Support::yes);  // by MaxExtraStream
  CHECK(c.support(Feature::image_color) == Support::yes);
  CHECK(c.support(Feature::image_flip) == Support::yes);
  CHECK(c.support(Feature::image_mirror) == Support::no);
  CHECK(c.support(Feature::motion_detection) == Support::no);
  CHECK(c.support(Feature::video_mask) == Support::no);
  CHECK(device->last("ptz.cgi getCurrentProtocolCaps").params == Json::parse(R"({"channel":"2"})"));
  CHECK(device->last("devVideoInput.cgi getCaps").params == Json::parse(R"({"channel":"2"})"));
  REQUIRE(c.streams.size() == 1);
  CHECK(c.streams[0].resolutions.at(1).height == 576);

  const Capabilities whole = all_of(world, device, 0);
  CHECK(whole.support(Feature::json_rpc) == Support::no);
  CHECK(whole.support(Feature::cgi) == Support::yes);
  CHECK(whole.alarm_inputs == 1);
  CHECK(whole.alarm_outputs == 2);
  CHECK(whole.event_codes == std::vector<std::string>{"VideoMotion"});
}

TEST_CASE("a device with a PTZ service that does not tell what it can is tried; one without is not") {
  FakeWorld world;
  auto device = dome(world);
  device->on_rpc("ptz.getCurrentProtocolCaps", FakeCommands::no_method());

  SECTION("tried") {
    CHECK_FALSE(run(world, require(device, 1, Feature::ptz)));
    CHECK(device->cache->find(1)->support(Feature::ptz) == Support::unknown);
  }
  SECTION("unless its definition says that it has none") {
    device->on_rpc("magicBox.getProductDefinition", R"({"definition":false})");
    CHECK(run(world, require(device, 1, Feature::ptz)) == Errc::unsupported);
  }
  SECTION("no service") {
    auto fixed = std::make_shared<FakeCommands>(world);
    fixed->on_rpc("ptz.factory.instance", FakeCommands::no_service());
    CHECK(run(world, require(fixed, 1, Feature::ptz)) == Errc::unsupported);
  }
}

TEST_CASE("a lost connection ends the probe without a finding; a device that says nothing useful does not") {
  FakeWorld world;
  SECTION("lost") {
    auto device = dome(world);
    device->on_rpc("ptz.getCurrentProtocolCaps", Error(Errc::connection_lost));
    CHECK(run(world, require(device, 1, Feature::ptz)) == Errc::connection_lost);
    CHECK_FALSE(device->cache->probed(1, ProbeGroup::ptz));
    device->on_rpc("ptz.getCurrentProtocolCaps", kDome);
    CHECK_FALSE(run(world, require(device, 1, Feature::ptz)));
  }
  SECTION("a question that is not answered in time is unknown, and tried") {
    auto device = dome(world);
    device->on_rpc("ptz.getCurrentProtocolCaps", Error(Errc::timeout));
    CHECK_FALSE(run(world, require(device, 1, Feature::ptz)));
    CHECK(device->cache->find(1)->support(Feature::ptz) == Support::unknown);
  }
  SECTION("the operation's own time is up") {
    auto device = dome(world);
    device->on_rpc("ptz.getCurrentProtocolCaps", Error(Errc::timeout));
    device->left = {};
    CHECK(run(world, require(device, 1, Feature::ptz)) == Errc::timeout);
  }
  SECTION("nothing but refusals") {
    auto device = std::make_shared<FakeCommands>(world);
    const Capabilities c = all_of(world, device, 1);
    for (const auto& [feature, capability] : c.features) {
      CAPTURE(name(feature));
      CHECK(capability.support != Support::yes);
      CHECK_FALSE(capability.reason.empty());
    }
    CHECK(c.features.size() == 27);
  }
  SECTION("answers of every wrong shape") {
    for (const char* shape :
         {"null", "[]", "7", R"("x")", R"({"caps":null})", R"({"caps":[[]],"table":[],"status":7})",
          R"({"caps":{"Auxs":{"a":1},"Codes":7},"table":{"a":[]},"definition":{}})"}) {
      CAPTURE(shape);
      auto device = dome(world);
      for (const char* method :
           {"magicBox.getDeviceClass", "magicBox.getProductDefinition", "alarm.getAlarmCaps",
            "alarm.getInSlots", "alarm.getOutSlots", "eventManager.getCaps", "ptz.getCurrentProtocolCaps",
            "devVideoInput.getCaps", "devVideoInput.getCapsEx", "devVideoInput.getFocusStatus",
            "encode.getConfigCaps", "CoaxialControlIO.getStatus", "CoaxialControlIO.getCaps",
            "configManager.getConfig", "RemoteSpeak.getCaps", "LogicDeviceManager.getCameraAll"})
        device->on_rpc(method, std::string(shape));
      all_of(world, device, 1);
      all_of(world, device, 0);
    }
  }
}

TEST_CASE("refusals for good are remembered by channel and control, others are not") {
  CapabilityCache cache;
  cache.remember(1, "x", FakeCommands::no_right());
  cache.remember(1, "y", FakeCommands::refusal());
  cache.remember(2, "z", FakeCommands::no_method());
  REQUIRE(cache.refused(1, "x"));
  CHECK(*cache.refused(1, "x") == Errc::no_permission);
  CHECK_FALSE(cache.refused(1, "y"));
  CHECK_FALSE(cache.refused(2, "x"));
  cache.forget_refusals(1);
  CHECK_FALSE(cache.refused(1, "x"));
  CHECK(cache.refused(2, "z"));
}

TEST_CASE("a lock passes, although it is told with 403 as a refusal for good is") {
  CapabilityCache cache;
  cache.remember(1, "x",
                 Error(Errc::locked).with_device(403, "User Locked! Please try again after 30 minutes."));
  CHECK_FALSE(cache.refused(1, "x"));
  cache.remember(1, "x", Error(Errc::no_permission).with_device(403, "Error Forbidden"));
  CHECK(cache.refused(1, "x"));
}

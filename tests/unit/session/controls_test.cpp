// Wiper, light, siren, tracking, lens, image, recording: what is said to the device, and by which way.
#include "session/controls/control_conversations.hpp"

#include "session/capabilities/probe.hpp"
#include "unit/session/fake_commands.hpp"

using namespace dmss;
using namespace dmss::session;
using namespace dmss::session::test;
using namespace std::chrono_literals;

namespace {

constexpr const char* kAuxiliaries = R"({"caps":{"Pan":false,"Tile":false,"Auxs":["Light","Wiper","Aux"]}})";

std::shared_ptr<FakeCommands> camera(FakeWorld& world, const char* device_class = "IPC") {
  auto d = std::make_shared<FakeCommands>(world);
  d->on_rpc("magicBox.getDeviceClass", std::string(R"({"type":")") + device_class + "\"}");
  d->on_instance("ptz");
  d->on_rpc("ptz.getCurrentProtocolCaps", R"({"caps":{"Pan":false,"Tile":false}})");
  d->on_rpc("ptz.start", "null");
  d->on_rpc("ptz.stop", "null");
  return d;
}

std::shared_ptr<TableLocks> locks() {
  return std::make_shared<TableLocks>();
}

/// A configuration table that is kept, the same row for each of four channels.
struct Table {
  explicit Table(std::string n, const char* text) : name(std::move(n)), row(Json::parse(text)) {}
  void serve(FakeCommands& device) {
    device.on_rpc("configManager.getConfig", [this](const FakeCommands::Asked& a) -> Result<Json> {
      if (a.params.value("name", "") != name)
        return Error(Errc::device_error).with_device(268959743, "Unknown error!");
      if (!a.params.contains("channel")) return Json{{"table", Json(4, row)}};
      return Json{{"table", row}};
    });
    device.on_rpc("configManager.setConfig", [this](const FakeCommands::Asked& a) -> Result<Json> {
      written.push_back(a.params);
      if (takes) row = a.params["table"];
      return Json::object();
    });
  }
  std::string name;
  Json row;
  bool takes = true;
  std::vector<Json> written;
};

}  // namespace

TEST_CASE("a camera's own wiper is told by rainBrush, channels from 0") {
  FakeWorld world;
  auto device = camera(world);
  for (const char* m : {"rainBrush.moveOnce", "rainBrush.moveContinuously", "rainBrush.stopMove"})
    device->on_rpc(m, "null");
  CHECK(run(world, wipe_once(device, 2)));
  CHECK(device->last("rainBrush.moveOnce").params == Json::parse(R"({"channel":1})"));
  CHECK(run(world, wipe_continuously(device, 2, 30s)));
  CHECK(device->last("rainBrush.moveContinuously").params == Json::parse(R"({"channel":1,"interval":30})"));
  CHECK(run(world, stop_wiper(device, 2)));
  CHECK(device->last("rainBrush.stopMove").params == Json::parse(R"({"channel":1})"));
  CHECK(run(world, wipe_continuously(device, 2, 0s)).error() == Errc::invalid_argument);
  CHECK(run(world, wipe_continuously(device, 2, 3601s)).error() == Errc::invalid_argument);
  CHECK(device->count("rainBrush.moveContinuously") == 1);
}

TEST_CASE("over CGI the wiper's channel counts from 1") {
  FakeWorld world;
  auto device = std::make_shared<FakeCommands>(world);
  device->rpc_there = false;
  device->cgi_there = true;
  device->on_cgi("rainBrush moveContinuously", "OK\r\n");
  CHECK(run(world, wipe_continuously(device, 2, 30s)));
  CHECK(device->last("rainBrush.cgi moveContinuously").params ==
        Json::parse(R"({"channel":"2","interval":"30"})"));
}

TEST_CASE("a recorder's channel wipes by the auxiliary code; a refusal for good is not asked for again") {
  FakeWorld world;
  auto device = camera(world, "NVR");
  SECTION("with the auxiliary") {
    device->on_rpc("ptz.getCurrentProtocolCaps", kAuxiliaries);
    CHECK(run(world, wipe_once(device, 1)));
    CHECK(device->count("rainBrush.moveOnce") == 0);
    CHECK(device->last("ptz.start").params["code"] == "Wiper");
    CHECK(device->last("ptz.start").params["arg2"] == 1);
    CHECK(device->words().back() == "ptz.stop");
    CHECK(run(world, wipe_continuously(device, 1, 30s)).error() == Errc::unsupported);
  }
  SECTION("without") {
    CHECK(run(world, wipe_once(device, 1)).error() == Errc::unsupported);
    CHECK(run(world, wipe_once(device, 1)).error() == Errc::unsupported);
    CHECK(device->count("rainBrush.moveOnce") == 1);
  }
}

TEST_CASE("a wiper that may have been started by the auxiliary code is stopped, however the start ended") {
  FakeWorld world;
  auto device = camera(world, "NVR");
  device->on_rpc("ptz.getCurrentProtocolCaps", kAuxiliaries);
  long stops = 1;
  SECTION("the operation ended while the device was at it") {
    device->ends_with = "ptz.start";
    CHECK(run(world, wipe_once(device, 1)).error() == Errc::cancelled);
    CHECK(device->words().back() == "ptz.stop");
    CHECK(device->last("ptz.stop").params["code"] == "Wiper");
  }
  SECTION("the operation ended while the stop was on its way") {
    device->ends_with = "ptz.stop";
    [[maybe_unused]] const auto done = run(world, wipe_once(device, 1));
  }
  SECTION("no answer came") {
    const Errc code = GENERATE(Errc::timeout, Errc::connection_lost, Errc::malformed);
    device->on_rpc("ptz.start", Error(code));
    CHECK(run(world, wipe_once(device, 1)).error() == code);
    CHECK(device->words().back() == "ptz.stop");
  }
  SECTION("but not when the device said no") {
    device->on_rpc("ptz.start", FakeCommands::refusal());
    CHECK(run(world, wipe_once(device, 1)).error() == Errc::device_error);
    stops = 0;
  }
  CHECK(device->count("ptz.start") == 1);
  CHECK(device->count("ptz.stop") == stops);
}

TEST_CASE("light and siren go by coaxial control, by hand") {
  FakeWorld world;
  auto device = camera(world);
  device->on_rpc("CoaxialControlIO.getCaps",
                 R"({"caps":{"SupportControlLight":1,"SupportControlSpeaker":1}})");
  device->on_rpc("CoaxialControlIO.control", "null");
  CHECK(run(world, set_deterrent(device, 3, Deterrent::light, true)));
  CHECK(device->last("CoaxialControlIO.control").params ==
        Json::parse(R"({"channel":2,"info":[{"Type":1,"IO":1,"TriggerMode":2}]})"));
  CHECK(run(world, set_deterrent(device, 3, Deterrent::siren, false)));
  CHECK(device->last("CoaxialControlIO.control").params ==
        Json::parse(R"({"channel":2,"info":[{"Type":2,"IO":2,"TriggerMode":2}]})"));
  device->on_rpc("CoaxialControlIO.getStatus", R"({"status":{"WhiteLight":"On","Speaker":"Off"}})");
  const auto status = run(world, deterrence_status(device, 3));
  REQUIRE(status);
  CHECK(status->light == true);
  CHECK(status->siren == false);
}

TEST_CASE("a channel that says it has no siren is not asked to sound it") {
  FakeWorld world;
  auto device = camera(world);
  device->on_rpc("CoaxialControlIO.getCaps",
                 R"({"caps":{"SupportControlLight":1,"SupportControlSpeaker":0}})");
  device->on_rpc("CoaxialControlIO.control", "null");
  const auto r = run(world, set_deterrent(device, 1, Deterrent::siren, true));
  CHECK(r.error() == Errc::unsupported);
  CHECK(r.error().message().find("CoaxialControlIO.getCaps") != std::string::npos);
  CHECK(device->count("CoaxialControlIO.control") == 0);
}

TEST_CASE("a recorder lights by the auxiliary code, and its word of every channel is no status") {
  FakeWorld world;
  auto device = camera(world, "NVR");
  device->on_rpc("ptz.getCurrentProtocolCaps", kAuxiliaries);
  device->on_rpc("CoaxialControlIO.control", "null");
  device->on_rpc("CoaxialControlIO.getStatus", R"({"status":{"WhiteLight":"Off","Speaker":"Off"}})");
  CHECK(run(world, set_deterrent(device, 1, Deterrent::light, true)));
  CHECK(device->last("ptz.start").params["code"] == "Light");
  CHECK(run(world, set_deterrent(device, 1, Deterrent::siren, true)));
  CHECK(device->last("ptz.start").params["code"] == "Aux");
  CHECK(run(world, set_deterrent(device, 1, Deterrent::siren, false)));
  CHECK(device->last("ptz.stop").params["code"] == "Aux");
  CHECK(device->count("CoaxialControlIO.control") == 0);
  const auto status = run(world, deterrence_status(device, 1));
  REQUIRE(status);
  CHECK_FALSE(status->light);
  CHECK_FALSE(status->siren);
}

TEST_CASE("the CGI form finds out what it counts its channels from, and keeps to it") {
  FakeWorld world;
  auto device = std::make_shared<FakeCommands>(world);
  device->rpc_there = false;
  device->cgi_there = true;
  const std::string right = GENERATE("0", "1");
  device->on_cgi("coaxialControlIO getStatus", Error(Errc::device_error).with_device(400, "Bad Request!"));
  device->on_cgi("coaxialControlIO control", [right](const FakeCommands::Asked& a) -> Result<std::string> {
    if (a.params["channel"] != right) return Error(Errc::device_error).with_device(400, "Bad Request!");
    return std::string("OK\r\n");
  });
  CHECK(run(world, set_deterrent(device, 1, Deterrent::light, true)));
  const auto tried = device->count("coaxialControlIO.cgi control");
  CHECK(tried == (right == "0" ? 1 : 2));
  CHECK(device->last("coaxialControlIO.cgi control").params ==
        Json{{"channel", right}, {"info[0].Type", "1"}, {"info[0].IO", "1"}, {"info[0].TriggerMode", "2"}});
  CHECK(run(world, set_deterrent(device, 1, Deterrent::light, false)));
  CHECK(device->count("coaxialControlIO.cgi control") == tried + 1);
  device->on_cgi("coaxialControlIO getStatus", [right](const FakeCommands::Asked& a) -> Result<std::string> {
    return "status.status.WhiteLight=" + std::string(a.params["channel"] == right ? "On" : "Off") + "\r\n";
  });
  const auto status = run(world, deterrence_status(device, 1));
  REQUIRE(status);
  CHECK(status->light == true);
}

TEST_CASE("the CGI status counts channels from 1 while nobody has told the base") {
  FakeWorld world;
  auto device = std::make_shared<FakeCommands>(world);
  device->rpc_there = false;
  device->cgi_there = true;
  device->on_cgi("coaxialControlIO getStatus", "status.status.WhiteLight=Off\r\n");
  CHECK(run(world, deterrence_status(device, 2)));
  CHECK(device->last("coaxialControlIO.cgi getStatus").params == Json::parse(R"({"channel":"2"})"));
}

TEST_CASE("smart tracking: the dome's tracker first, with an instance that is kept") {
  FakeWorld world;
  auto device = camera(world, "SD");
  device->on_instance("devIntelliTracker");
  device->on_rpc("devIntelliTracker.start", "null");
  device->on_rpc("devIntelliTracker.stop", "null");
  CHECK(run(world, set_smart_tracking(device, locks(), 1, true)));
  const auto handle = device->last("devIntelliTracker.start").object;
  CHECK(handle > 0);
  CHECK(run(world, set_smart_tracking(device, locks(), 1, false)));
  CHECK(device->last("devIntelliTracker.stop").object == handle);
  CHECK(device->count("devIntelliTracker.factory.instance") == 2);  // the probe's, and this one
}

TEST_CASE("smart tracking: else the switch in the rules that have it") {
  FakeWorld world;
  auto device = camera(world);
  Table rules("VideoAnalyseRule", R"([{"Name":"a","TrackEnable":false},{"Name":"b"},null])");
  rules.serve(*device);
  CHECK(run(world, set_smart_tracking(device, locks(), 2, true)));
  REQUIRE(rules.written.size() == 1);
  CHECK(rules.written[0] == Json::parse(R"({"name":"VideoAnalyseRule","channel":1,"options":[],
      "table":[{"Name":"a","TrackEnable":true},{"Name":"b"},null]})"));

  SECTION("a channel with neither cannot") {
    rules.row = Json::parse(R"([{"Name":"b"}])");
    CHECK(run(world, set_smart_tracking(device, locks(), 3, true)).error() == Errc::unsupported);
    CHECK(rules.written.size() == 1);
  }
}

TEST_CASE("the lens is set, focused and read by an instance that is let go of") {
  FakeWorld world;
  auto device = camera(world);
  device->on_instance("devVideoInput");
  device->on_rpc("devVideoInput.getCaps", R"({"caps":{"ElectricFocus":true}})");
  device->on_rpc("devVideoInput.adjustFocus", "null");
  device->on_rpc("devVideoInput.autoFocus", "null");
  device->on_rpc("devVideoInput.getFocusStatus", R"({"status":{"Focus":0.5,"Zoom":0.25,"Status":"Normal"}})");
  CHECK(run(world, set_lens(device, 1, 0.25, 0.5)));
  CHECK(device->last("devVideoInput.adjustFocus").params == Json::parse(R"({"focus":0.5,"zoom":0.25})"));
  CHECK(run(world, auto_focus(device, 1)));
  const auto status = run(world, lens_status(device, 1));
  REQUIRE(status);
  CHECK(status->zoom == Approx(0.25));
  CHECK(device->open_instances() == 0);
  const auto asked = device->asked.size();
  for (double bad : {-0.1, 1.1, 0.0 / 0.0}) {
    CHECK(run(world, set_lens(device, 1, bad, 0)).error() == Errc::invalid_argument);
    CHECK(run(world, set_lens(device, 1, 0, bad)).error() == Errc::invalid_argument);
  }
  CHECK(device->asked.size() == asked);
}

TEST_CASE("an image is reset in the rows in force, and nothing else of them changes") {
  FakeWorld world;
  auto device = camera(world);
  SECTION("the row whose mask says so") {
    Table table("VideoColor", R"([{"Brightness":10,"Contrast":20,"Hue":30,"Saturation":40,"Gamma":5,
                                   "TimeSection":"0 00:00:00-24:00:00"},
                                  {"Brightness":11,"Contrast":21,"Hue":31,"Saturation":41,"Gamma":6,
                                   "TimeSection":"1 00:00:00-24:00:00"}])");
    table.serve(*device);
    const Json before = table.row;
    CHECK(run(world, reset_image(device, locks(), 1)));
    CHECK(table.row[0] == before[0]);
    CHECK(table.row[1] == Json::parse(R"({"Brightness":50,"Contrast":50,"Hue":50,"Saturation":50,"Gamma":6,
                                          "TimeSection":"1 00:00:00-24:00:00"})"));
  }
  SECTION("the first where none says so") {
    Table table("VideoColor", R"([{"Brightness":10,"Style":"Gentle"},{"Brightness":11}])");
    table.serve(*device);
    CHECK(run(world, reset_image(device, locks(), 1)));
    CHECK(table.row == Json::parse(R"([{"Brightness":50,"Style":"Gentle"},{"Brightness":11}])"));
  }
  SECTION("one row without an array") {
    Table table("VideoColor", R"({"Brightness":10,"Hue":50})");
    table.serve(*device);
    CHECK(run(world, reset_image(device, locks(), 1)));
    CHECK(table.row == Json::parse(R"({"Brightness":50,"Hue":50})"));
  }
  SECTION("as it is already: nothing is written") {
    Table table("VideoColor", R"([{"Brightness":50}])");
    table.serve(*device);
    CHECK(run(world, reset_image(device, locks(), 1)));
    CHECK(table.written.empty());
  }
  SECTION("a device that does not take it is told") {
    Table table("VideoColor", R"([{"Brightness":10}])");
    table.takes = false;
    table.serve(*device);
    const auto r = run(world, reset_image(device, locks(), 1));
    CHECK(r.error() == Errc::not_applied);
    CHECK(r.error().message().find("VideoColor[0][0].Brightness") != std::string::npos);
  }
}

TEST_CASE("a right that is missing is asked for once, until the capabilities are asked for anew") {
  FakeWorld world;
  auto device = camera(world);
  Table table("VideoColor", R"([{"Brightness":10}])");
  table.serve(*device);
  device->on_rpc("configManager.setConfig", FakeCommands::no_right());
  CHECK(run(world, reset_image(device, locks(), 1)).error() == Errc::no_permission);
  CHECK(run(world, reset_image(device, locks(), 1)).error() == Errc::no_permission);
  CHECK(device->count("configManager.setConfig") == 1);
  device->cache->forget_refusals(1);
  CHECK(run(world, reset_image(device, locks(), 1)).error() == Errc::no_permission);
  CHECK(device->count("configManager.setConfig") == 2);
}

TEST_CASE("over CGI only what changes is written, and read back") {
  FakeWorld world;
  auto device = std::make_shared<FakeCommands>(world);
  device->rpc_there = false;
  device->cgi_there = true;
  std::string brightness = "10";
  device->on_cgi("configManager getConfig", [&](const FakeCommands::Asked& a) -> Result<std::string> {
    if (a.params["name"] != "VideoColor[1]") return FakeCommands::refusal();
    return "table.VideoColor[1][0].Brightness=" + brightness + "\r\ntable.VideoColor[1][0].Contrast=50\r\n" +
           "table.VideoColor[1][0].TimeSection=1 00:00:00-24:00:00\r\n";
  });
  device->on_cgi("configManager setConfig", [&](const FakeCommands::Asked& a) -> Result<std::string> {
    brightness = a.params.value("VideoColor[1][0].Brightness", "");
    return std::string("OK\r\n");
  });
  CHECK(run(world, reset_image(device, locks(), 2)));
  CHECK(device->last("configManager.cgi setConfig").params ==
        Json::parse(R"({"VideoColor[1][0].Brightness":"50"})"));
}

TEST_CASE("recording by hand sets the mode and leaves the other streams' as they are") {
  FakeWorld world;
  auto device = camera(world);
  Table mode("RecordMode", R"({"Mode":0,"ModeExtra1":2,"ModeExtra2":2})");
  mode.serve(*device);
  CHECK(run(world, set_recording(device, locks(), 2, RecordMode::Mode::manual)));
  CHECK(mode.row == Json::parse(R"({"Mode":1,"ModeExtra1":2,"ModeExtra2":2})"));
  CHECK(run(world, set_recording(device, locks(), 2, RecordMode::Mode::automatic)));
  CHECK(mode.row["Mode"] == 0);
  CHECK(run(world, is_recording(device, 2)).error() == Errc::unsupported);  // by schedule, and nobody tells
  mode.row["Mode"] = 2;
  const auto off = run(world, is_recording(device, 2));
  REQUIRE(off);
  CHECK_FALSE(*off);
  device->on_rpc("recordManager.getState", R"({"state":true})");
  const auto state = run(world, is_recording(device, 2));
  REQUIRE(state);
  CHECK(*state);
  CHECK(device->last("recordManager.getState").params == Json::parse(R"({"channel":1})"));
  CHECK(run(world, set_recording(device, locks(), 9, RecordMode::Mode::manual)).error() ==
        Errc::no_such_channel);
}

TEST_CASE("over CGI a record mode goes back whole") {
  FakeWorld world;
  auto device = std::make_shared<FakeCommands>(world);
  device->rpc_there = false;
  device->cgi_there = true;
  std::string mode = "0";
  device->on_cgi("configManager getConfig", [&](const FakeCommands::Asked&) -> Result<std::string> {
    return "table.RecordMode[0].Mode=" + mode + "\r\ntable.RecordMode[0].ModeExtra1=2\r\n" +
           "table.RecordMode[0].ModeExtra2=2\r\n";
  });
  device->on_cgi("configManager setConfig", [&](const FakeCommands::Asked& a) -> Result<std::string> {
    mode = a.params.value("RecordMode[0].Mode", "");
    return std::string("OK\r\n");
  });
  CHECK(run(world, set_recording(device, locks(), 1, RecordMode::Mode::manual)));
  CHECK(device->last("configManager.cgi setConfig").params ==
        Json::parse(
            R"({"RecordMode[0].Mode":"1","RecordMode[0].ModeExtra1":"2","RecordMode[0].ModeExtra2":"2"})"));
}

TEST_CASE("an operation that ends while an instance is made or used leaves none at the device") {
  FakeWorld world;
  auto device = camera(world);
  device->on_instance("devVideoInput");
  device->on_instance("devIntelliTracker");
  device->on_rpc("devVideoInput.getCaps", R"({"caps":{"ElectricFocus":true}})");
  device->on_rpc("devVideoInput.getFocusStatus", R"({"status":{"Focus":0.5,"Zoom":0.25,"Status":"Normal"}})");
  SECTION("by a call") {
    REQUIRE(run(world, lens_status(device, 1)));
    device->ends_with = GENERATE("devVideoInput.factory.instance", "devVideoInput.getFocusStatus");
    CHECK(run(world, lens_status(device, 1)).error() == Errc::cancelled);
  }
  SECTION("by the probe of a lens") {
    device->ends_with = GENERATE("devVideoInput.factory.instance", "devVideoInput.getCaps");
    CHECK_FALSE(run(world, probe_lens(device, 1)));
  }
  SECTION("by the probe of PTZ") {
    device->ends_with = GENERATE("ptz.factory.instance", "ptz.getCurrentProtocolCaps");
    CHECK_FALSE(run(world, probe_ptz(device, 1)));
  }
  SECTION("by the probe of a tracker") {
    device->ends_with = "devIntelliTracker.factory.instance";
    CHECK(run(world, probe_tracking(device, 1)));
  }
  CHECK(device->over);
  CHECK(device->words().back().ends_with(".destroy"));
  CHECK(device->open_instances() == 0);
}

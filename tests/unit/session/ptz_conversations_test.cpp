// What is said to a PTZ camera, to the argument.
#include "session/ptz/ptz_conversations.hpp"

#include "session/capabilities/probe.hpp"
#include "unit/session/fake_commands.hpp"

using namespace dmss;
using namespace dmss::session;
using namespace dmss::session::test;

namespace {

constexpr const char* kDome =
    R"({"caps":{"Pan":true,"Tile":true,"Zoom":true,"Focus":false,"Iris":false,"Preset":true,"Tour":true,"PresetMin":1,
        "PresetMax":80,"TourMin":1,"TourMax":8,"MoveRelatively":true,
        "PtzMotionRange":{"HorizontalAngle":[0,360],"VerticalAngle":[-15,90]}}})";

std::shared_ptr<FakeCommands> rpc_dome(FakeWorld& world, const char* caps = kDome) {
  auto d = std::make_shared<FakeCommands>(world);
  d->on_instance("ptz");
  d->on_rpc("ptz.getCurrentProtocolCaps", caps);
  for (const char* method : {"ptz.start", "ptz.stop", "ptz.setPreset", "ptz.removePreset",
                             "ptz.moveRelatively", "ptz.stopMove", "ptz.moveDirectly"})
    d->on_rpc(method, "null");
  return d;
}

std::shared_ptr<FakeCommands> cgi_dome(FakeWorld& world) {
  auto d = std::make_shared<FakeCommands>(world);
  d->rpc_there = false;
  d->cgi_there = true;
  d->on_cgi("ptz getCurrentProtocolCaps",
            "caps.Pan=true\r\ncaps.Tile=true\r\ncaps.Preset=true\r\ncaps.PresetMin=1\r\ncaps.PresetMax=80\r\n"
            "caps.Tour=true\r\ncaps.MoveRelatively=true\r\n");
  for (const char* what :
       {"ptz start", "ptz stop", "ptz setPreset", "ptz moveRelatively", "ptzBase moveDirectly"})
    d->on_cgi(what, "OK\r\n");
  return d;
}

Json code(const char* name, int arg1, int arg2, int arg3) {
  return {{"code", name}, {"arg1", arg1}, {"arg2", arg2}, {"arg3", arg3}, {"arg4", 0}};
}

}  // namespace

TEST_CASE("codes go over JSON-RPC with an instance that is kept, over CGI with the channel from 1") {
  FakeWorld world;
  auto device = rpc_dome(world);
  const PtzCode left{"Left", {0, 3, 0}};
  CHECK(run(world, send_ptz(device, 2, PtzVerb::start, left)));
  CHECK(run(world, send_ptz(device, 2, PtzVerb::stop, left)));
  CHECK(device->words() == std::vector<std::string>{"ptz.factory.instance", "ptz.start", "ptz.stop"});
  CHECK(device->asked[0].params == Json::parse(R"({"channel":1})"));
  CHECK(device->asked[1].params == code("Left", 0, 3, 0));
  CHECK(device->asked[1].object == 77);
  CHECK(device->asked[2].object == 77);

  auto old = cgi_dome(world);
  CHECK(run(world, send_ptz(old, 2, PtzVerb::start, left)));
  CHECK(old->last("ptz.cgi start").params ==
        Json::parse(R"({"channel":"2","code":"Left","arg1":"0","arg2":"3","arg3":"0"})"));
}

TEST_CASE("a device without the JSON method is told by CGI; one that refuses is not told twice") {
  FakeWorld world;
  auto device = cgi_dome(world);
  device->rpc_there = true;  // but no ptz service
  const PtzCode left{"Left", {0, 3, 0}};
  CHECK(run(world, send_ptz(device, 1, PtzVerb::start, left)));
  CHECK(device->count("ptz.cgi start") == 1);

  auto refusing = rpc_dome(world);
  refusing->cgi_there = true;
  refusing->on_cgi("ptz start", "OK");
  refusing->on_rpc("ptz.start", FakeCommands::no_right());
  CHECK(run(world, send_ptz(refusing, 1, PtzVerb::start, left)).error() == Errc::no_permission);
  CHECK(refusing->count("ptz.cgi start") == 0);
}

TEST_CASE("presets are gone to, stored, cleared and listed") {
  FakeWorld world;
  auto device = rpc_dome(world);
  CHECK(run(world, goto_preset(device, 1, 5)));
  CHECK(device->last("ptz.start").params == code("GotoPreset", 0, 5, 0));
  CHECK(run(world, set_preset(device, 1, 6, "Gate")));
  CHECK(device->last("ptz.setPreset").params == Json::parse(R"({"index":6,"name":"Gate"})"));
  CHECK(run(world, set_preset(device, 1, 7, "")));
  CHECK(device->last("ptz.start").params == code("SetPreset", 0, 7, 0));
  CHECK(run(world, clear_preset(device, 1, 7)));
  CHECK(device->last("ptz.removePreset").params == Json::parse(R"({"index":7})"));
  device->on_rpc("ptz.getPresets", R"({"presets":[{"Index":2,"Name":"Yard"},{"Index":1,"Name":"Gate"}]})");
  const auto presets = run(world, list_presets(device, 1));
  REQUIRE(presets);
  REQUIRE(presets->size() == 2);
  CHECK((*presets)[0].name == "Gate");
  CHECK(device->count("ptz.stop") == 0);

  const auto asked = device->asked.size();
  for (int number : {0, -1, 81, 1 << 30}) {
    CHECK(run(world, goto_preset(device, 1, number)).error() == Errc::invalid_argument);
    CHECK(run(world, set_preset(device, 1, number, "x")).error() == Errc::invalid_argument);
    CHECK(run(world, clear_preset(device, 1, number)).error() == Errc::invalid_argument);
  }
  CHECK(run(world, set_preset(device, 1, 1, std::string(257, 'n'))).error() == Errc::invalid_argument);
  CHECK(run(world, set_preset(device, 1, 1, "T\xfcr")).error() == Errc::invalid_argument);  // Latin-1
  CHECK(run(world, goto_preset(device, 99, 1)).error() == Errc::no_such_channel);
  CHECK(device->asked.size() == asked);
}

TEST_CASE("over CGI a preset is stored, then named") {
  FakeWorld world;
  auto device = cgi_dome(world);
  CHECK(run(world, set_preset(device, 3, 6, "Front gate")));
  CHECK(device->last("ptz.cgi start").params ==
        Json::parse(R"({"channel":"3","code":"SetPreset","arg1":"0","arg2":"6","arg3":"0"})"));
  CHECK(device->last("ptz.cgi setPreset").params ==
        Json::parse(R"({"channel":"3","arg1":"6","arg2":"Front gate"})"));
  CHECK(run(world, clear_preset(device, 3, 6)));
  CHECK(device->last("ptz.cgi start").params["code"] == "ClearPreset");
}

TEST_CASE("tours take their number first, and a preset where they have one") {
  FakeWorld world;
  auto device = rpc_dome(world);
  CHECK(run(world, send_tour(device, 1, "StartTour", 2, 0)));
  CHECK(device->last("ptz.start").params == code("StartTour", 2, 0, 0));
  CHECK(run(world, send_tour(device, 1, "AddTour", 2, 9)));
  CHECK(device->last("ptz.start").params == code("AddTour", 2, 9, 0));
  CHECK(run(world, send_tour(device, 1, "ClearTour", 2, 9)));
  CHECK(device->last("ptz.start").params == code("ClearTour", 2, 0, 0));
  CHECK(run(world, send_tour(device, 1, "StartTour", 9, 0)).error() == Errc::invalid_argument);
  CHECK(run(world, send_tour(device, 1, "AddTour", 1, 81)).error() == Errc::invalid_argument);
}

TEST_CASE("a position is gone to in the units of the status where JSON-RPC has that") {
  FakeWorld world;
  auto device = rpc_dome(world);
  device->on_rpc("ptz.moveAbsolutely", "null");
  CHECK(run(world, move_to_position(device, 1, {91.6, -10.5, 4.25})));
  CHECK(device->last("ptz.moveAbsolutely").params == Json::parse(R"({"position":[91.6,-10.5,4.25]})"));
  CHECK(device->count("ptz.start") == 0);
  device->on_rpc("ptz.moveAbsolutely", Error(Errc::device_error).with_device(268894211, "Bad parameter!"));
  CHECK(run(world, move_to_position(device, 1, {90, -10, 4})));
  CHECK(device->last("ptz.start").params == code("PositionABS", 90, -10, 4));
}

TEST_CASE("a position is gone to in the device's own units") {
  FakeWorld world;
  auto device = rpc_dome(world);
  CHECK(run(world, move_to_position(device, 1, {91.6, -10.4, 4})));
  CHECK(device->last("ptz.start").params == code("PositionABS", 92, -10, 4));
  for (const PtzPosition& p : {PtzPosition{-1, 0, 1}, PtzPosition{361, 0, 1}, PtzPosition{0, 91, 1},
                               PtzPosition{0, -16, 1}, PtzPosition{0, 0, -1}, PtzPosition{0.0 / 0.0, 0, 1}})
    CHECK(run(world, move_to_position(device, 1, p)).error() == Errc::invalid_argument);

  auto tenths = rpc_dome(world, R"({"caps":{"Pan":true,"PtzMotionRange":{"HorizontalAngle":[0,3600],
                                    "VerticalAngle":[-150,900]}}})");
  CHECK(run(world, move_to_position(tenths, 1, {91.6, -10.4, 4})));
  CHECK(tenths->last("ptz.start").params == code("PositionABS", 916, -104, 4));
}

TEST_CASE("relative moves and rectangles") {
  FakeWorld world;
  auto device = rpc_dome(world);
  CHECK(run(world, move_relatively(device, 1, 0.5, -0.25, 0)));
  CHECK(device->last("ptz.moveRelatively").params == Json::parse(R"({"translation":[0.5,-0.25,0.0]})"));
  CHECK(run(world, move_relatively(device, 1, 1.5, 0, 0)).error() == Errc::invalid_argument);
  CHECK(run(world, zoom_to_rectangle(device, 1, 0.25, 0, 0.75, 0.5)));
  CHECK(device->last("ptz.moveDirectly").params == Json::parse(R"({"screen":[2048,0,6144,4096]})"));
  CHECK(run(world, zoom_to_rectangle(device, 1, 0.75, 0, 0.25, 0.5)).error() == Errc::invalid_argument);

  auto old = cgi_dome(world);
  CHECK(run(world, zoom_to_rectangle(old, 2, 0.25, 0, 0.75, 0.5)));
  CHECK(old->last("ptzBase.cgi moveDirectly").params ==
        Json::parse(R"({"channel":"2","startPoint[0]":"2048","startPoint[1]":"0","endPoint[0]":"6144",
                        "endPoint[1]":"4096"})"));
  CHECK(run(world, move_relatively(old, 2, 0.5, 0, 0)));
  CHECK(old->last("ptz.cgi moveRelatively").params ==
        Json::parse(R"({"channel":"2","arg1":"0.5","arg2":"0.0","arg3":"0.0"})"));
}

TEST_CASE("status comes by either route; one without a status is malformed") {
  FakeWorld world;
  auto device = rpc_dome(world);
  device->on_rpc("ptz.getStatus", R"({"status":{"MoveStatus":"Moving","Postion":[91.6,3,2]}})");
  const auto status = run(world, ptz_status(device, 1));
  REQUIRE(status);
  CHECK(status->moving);
  CHECK(status->position->pan == Approx(91.6));
  device->on_rpc("ptz.getStatus", "{}");
  CHECK(run(world, ptz_status(device, 1)).error() == Errc::malformed);
}

TEST_CASE("stopping all sends the stop of every move that the channel can make") {
  FakeWorld world;
  auto device = rpc_dome(world);
  CHECK(run(world, stop_all_ptz(device, 1)));
  CHECK(device->count("ptz.stopMove") == 1);
  CHECK(device->count("ptz.stop") == 10);  // no focus, no iris
  CHECK(device->count("ptz.start") == 0);
  std::set<std::string> codes;
  for (const auto& a : device->asked) {
    if (a.what == "ptz.stop") codes.insert(a.params.value("code", ""));
  }
  CHECK(codes.size() == 10);
  CHECK(codes.contains("ZoomTele"));

  device->on_rpc("ptz.stop", FakeCommands::refusal());
  CHECK(run(world, stop_all_ptz(device, 1)).error() == Errc::device_error);
  device->on_rpc("ptz.stop", Error(Errc::connection_lost));
  CHECK(run(world, stop_all_ptz(device, 1)).error() == Errc::connection_lost);
}

TEST_CASE("stopping all of a camera that only zooms, and of one that does nothing") {
  FakeWorld world;
  auto zooms =
      rpc_dome(world, R"({"caps":{"Pan":false,"Tile":false,"Zoom":true,"Focus":false,"Iris":false}})");
  CHECK(run(world, stop_all_ptz(zooms, 1)));
  CHECK(zooms->count("ptz.stop") == 2);
  auto fixed =
      rpc_dome(world, R"({"caps":{"Pan":false,"Tile":false,"Zoom":false,"Focus":false,"Iris":false}})");
  CHECK(run(world, stop_all_ptz(fixed, 1)).error() == Errc::unsupported);
  CHECK(fixed->count("ptz.stop") == 0);
}

TEST_CASE("a code that is refused for good is not sent again; others still are") {
  FakeWorld world;
  auto device = rpc_dome(world);
  device->on_rpc("ptz.start", [](const FakeCommands::Asked& a) -> Result<Json> {
    if (a.params["code"] == "SetPreset") return FakeCommands::no_right();
    return Json();
  });
  CHECK(run(world, set_preset(device, 1, 1, "")).error() == Errc::no_permission);
  CHECK(run(world, set_preset(device, 1, 1, "")).error() == Errc::no_permission);
  CHECK(device->count("ptz.start") == 1);
  CHECK(run(world, goto_preset(device, 1, 1)));
}

TEST_CASE("an instance that is gone is made anew, once") {
  FakeWorld world;
  auto device = rpc_dome(world);
  const PtzCode up{"Up", {0, 1, 0}};
  CHECK(run(world, send_ptz(device, 1, PtzVerb::start, up)));
  int refusals = 1;
  device->on_rpc("ptz.stop", [&refusals](const FakeCommands::Asked&) -> Result<Json> {
    if (refusals-- > 0) return Error(Errc::device_error).with_device(-267976703, "Object not found!");
    return Json();
  });
  CHECK(run(world, send_ptz(device, 1, PtzVerb::stop, up)));
  CHECK(device->count("ptz.factory.instance") == 2);
  CHECK(device->last("ptz.stop").object == 78);
  refusals = 100;
  CHECK_FALSE(run(world, send_ptz(device, 1, PtzVerb::stop, up)));
  CHECK(device->count("ptz.stop") == 4);
}

TEST_CASE("actions have names, and back") {
  for (int i = 0; i <= static_cast<int>(PtzAction::iris_close); ++i) {
    const auto action = static_cast<PtzAction>(i);
    const auto back = parse_ptz_action(name(action));
    REQUIRE(back);
    CHECK(*back == action);
  }
  CHECK(parse_ptz_action("sideways").error() == Errc::invalid_argument);
}

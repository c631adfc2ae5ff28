// One state behind JSON-RPC and CGI (protocol http-rpc.md §7.1, §7.2).
#include <catch2/catch.hpp>

#include "bench.hpp"

using namespace dmss::recorder;
namespace code = dmss::proto::rpc::code;

namespace {

constexpr const char* kOk = "OK\r\n";

Json head(Bench& b, int channel) {
  const Json state = b.core.ptz.to_json();
  for (const Json& one : state["channels"]) {
    if (one["channel"] == channel) return one;
  }
  return nullptr;
}

bool holds(const std::string& body, const std::string& line) {
  return ("\r\n" + body).find("\r\n" + line + "\r\n") != std::string::npos;
}

}  // namespace

TEST_CASE("ptz: objects") {
  Bench b;
  CHECK(b.call("ptz.getStatus").code == code::invalid_request);
  CHECK(b.call("ptz.start", {{"code", "Left"}}).code == code::invalid_request);
  CHECK(b.call("ptz.getCurrentProtocolCaps").code == -267976703);
  CHECK(b.call("ptz.getStatus", nullptr, 77).code == -267976703);
  CHECK(b.call("ptz.factory.instance", {{"channel", 16}}).code == code::invalid_param);
  const std::int64_t object = b.instance("ptz", 1);
  REQUIRE(object > 0);
  CHECK(b.call("ptz.getStatus", nullptr, object).ok());
  CHECK(b.call("devVideoInput.getFocusStatus", nullptr, object).code == -267976703);
  CHECK(b.call("ptz.destroy", nullptr, object).ok());
  CHECK(b.call("ptz.getStatus", nullptr, object).code == -267976703);
}

TEST_CASE("ptz: RPC counts channels from 0 and CGI from 1, on one head") {
  Bench b;
  const std::int64_t object = b.instance("ptz", 1);
  CHECK(b.call("ptz.start", {{"code", "Left"}, {"arg1", 0}, {"arg2", 5}, {"arg3", 0}}, object).ok());
  CHECK(head(b, 2)["running"].size() == 1);
  CHECK(head(b, 2)["running"][0]["code"] == "Left");
  CHECK(head(b, 2)["running"][0]["age_ms"].is_number());
  CHECK(head(b, 1)["running"].empty());
  CHECK(b.get("ptz.cgi?action=stop&channel=2&code=Right&arg1=0&arg2=5&arg3=0").body == kOk);
  CHECK(head(b, 2)["running"].size() == 1);
  CHECK(b.get("ptz.cgi?action=stop&channel=2&code=Left&arg1=0&arg2=5&arg3=0").body == kOk);
  CHECK(head(b, 2)["running"].empty());
  const Json commands = b.core.ptz.to_json()["commands"];
  REQUIRE(commands.size() == 3);
  CHECK(commands[0]["via"] == "dvrip");
  CHECK(commands[0]["channel"] == 2);
  CHECK(commands[0]["params"]["code"] == "Left");
  CHECK(commands[2]["via"] == "cgi");
  CHECK(commands[2]["params"]["arg2"] == "5");
}

TEST_CASE("ptz: which channels CGI takes") {
  Bench nvr;
  CHECK(nvr.get("ptz.cgi?action=start&code=Up&arg1=0&arg2=1&arg3=0").body == kOk);
  CHECK(nvr.get("ptz.cgi?action=start&channel=0&code=Up&arg1=0&arg2=1&arg3=0").status == 400);
  CHECK(nvr.get("ptz.cgi?action=start&channel=4&code=Up&arg1=0&arg2=1&arg3=0").status == 400);
  CHECK(nvr.get("ptz.cgi?action=start&channel=17&code=Up").status == 400);
  CHECK(nvr.get("ptz.cgi?action=start&channel=x&code=Up").status == 400);
  CHECK(nvr.get("ptz.cgi?action=start&channel=1&code=Menu").status == 400);
  CHECK(nvr.get("ptz.cgi?action=start&channel=1&code=Up&arg2=fast").status == 400);
  CHECK(nvr.get("ptz.cgi?action=dance&channel=1").status == 501);
  Bench dome("ptz");
  CHECK(dome.get("ptz.cgi?action=start&channel=0&code=Up&arg1=0&arg2=1&arg3=0").body == kOk);
}

TEST_CASE("ptz: presets on both sides") {
  Bench b;
  const std::int64_t object = b.instance("ptz", 0);
  b.happen("/ptz", R"({"channel":1,"place":{"pan":91.6,"tilt":-2.6,"zoom":1}})");
  CHECK(b.get("ptz.cgi?action=start&channel=1&code=SetPreset&arg1=0&arg2=2&arg3=0").body == kOk);
  CHECK(b.get("ptz.cgi?action=setPreset&channel=1&arg1=3&arg2=Front%20gate").body == kOk);
  CHECK(b.call("ptz.setPreset", {{"index", 4}, {"name", "Yard"}}, object).ok());
  CHECK(b.call("ptz.getPresets", nullptr, object).params["presets"] ==
        Json({{{"Index", 2}, {"Name", "Preset2"}, {"Type", 0}},
              {{"Index", 3}, {"Name", "Front gate"}, {"Type", 0}},
              {{"Index", 4}, {"Name", "Yard"}, {"Type", 0}},
              {{"Index", 250}, {"Name", "AutoScan"}, {"Type", 2}}}));
  CHECK(b.get("ptz.cgi?action=getPresets&channel=1")
            .body.rfind("presets[0].Index=2\r\npresets[0].Name=Preset2\r\npresets[0].Type=0\r\n", 0) == 0);
  CHECK(b.call("ptz.removePreset", {{"index", 4}}, object).ok());
  CHECK(b.call("ptz.getPresets", nullptr, object).params["presets"].size() == 3);
  CHECK_FALSE(b.call("ptz.gotoPreset", {{"index", 0}}, object).ok());
  CHECK(b.call("ptz.gotoPreset", {{"index", 2}}, object).ok());
  CHECK(b.call("ptz.getStatus", nullptr, object).params["status"]["PresetID"] == 2);
}

TEST_CASE("ptz: status in the spelling of the firmware") {
  Bench dome("ptz");
  dome.happen("/ptz", R"({"channel":1,"place":{"pan":91.6,"tilt":-2.6,"zoom":1}})");
  dome.get("ptz.cgi?action=start&channel=1&code=SetPreset&arg1=0&arg2=2&arg3=0");
  const std::string body = dome.get("ptz.cgi?action=getStatus&channel=1").body;
  for (const char* line :
       {"status.Action=Preset", "status.MoveStatus=Idle", "status.ZoomStatus=Idle", "status.PresetID=2",
        "status.Postion[0]=91.600000", "status.Postion[1]=-2.600000", "status.Postion[2]=1.000000"}) {
    INFO(line);
    CHECK(holds(body, line));
  }
  Bench nvr;
  CHECK(holds(nvr.get("ptz.cgi?action=getStatus&channel=1").body, "status.Position[0]=0.000000"));
  nvr.get("ptz.cgi?action=start&channel=1&code=Right&arg1=0&arg2=1&arg3=0");
  nvr.get("ptz.cgi?action=start&channel=1&code=ZoomTele&arg1=0&arg2=0&arg3=0");
  CHECK(holds(nvr.get("ptz.cgi?action=getStatus&channel=1").body, "status.MoveStatus=Moving"));
  CHECK(holds(nvr.get("ptz.cgi?action=getStatus&channel=1").body, "status.ZoomStatus=Zooming"));
  nvr.fault(R"({"name":"ptz_postion"})");
  CHECK(nvr.get("ptz.cgi?action=getStatus&channel=1").body.find("status.Postion[0]=") != std::string::npos);
}

TEST_CASE("ptz: capabilities, also of channels that do not turn") {
  Bench b;
  const std::string turns = b.get("ptz.cgi?action=getCurrentProtocolCaps&channel=1").body;
  for (const char* line : {"caps.Pan=true", "caps.Tile=true", "caps.PanSpeedMax=8", "caps.PresetMax=255",
                           "caps.Auxs[0]=Light", "caps.PtzMotionRange.HorizontalAngle[1]=355"}) {
    INFO(line);
    CHECK(holds(turns, line));
  }
  const Json none = b.call("ptz.getCurrentProtocolCaps", nullptr, b.instance("ptz", 4)).params["caps"];
  for (const char* key : {"Pan", "Tile", "Zoom", "Focus", "Iris", "Preset", "Tour", "Aux"})
    CHECK(none[key] == false);
  const Json aux = b.call("ptz.getCurrentProtocolCaps", nullptr, b.instance("ptz", 2)).params["caps"];
  CHECK(aux["Pan"] == false);
  CHECK(aux["Aux"] == true);
  CHECK(aux["Auxs"] == Json({"Light", "Wiper", "Aux"}));
}

TEST_CASE("ptz: auxiliary switches") {
  Bench b;
  CHECK(b.get("ptz.cgi?action=start&channel=3&code=Light&arg1=0&arg2=1&arg3=0").body == kOk);
  CHECK(head(b, 3)["aux"]["Light"] == true);
  CHECK(head(b, 3)["aux"]["Wiper"] == false);
  CHECK(b.get("ptz.cgi?action=stop&channel=3&code=Light&arg1=0&arg2=1&arg3=0").body == kOk);
  CHECK(head(b, 3)["aux"]["Light"] == false);
  CHECK(b.get("ptz.cgi?action=start&channel=3&code=Left&arg1=0&arg2=1&arg3=0").status == 400);
  CHECK(b.get("ptz.cgi?action=start&channel=5&code=Light&arg1=0&arg2=1&arg3=0").status == 400);
}

TEST_CASE("ptz: moves by RPC, and what is wrong with their parameters") {
  Bench b;
  const std::int64_t object = b.instance("ptz", 0);
  CHECK(b.call("ptz.moveContinuously", {{"speed", {4, -2, 0}}, {"timeout", 10}}, object).ok());
  CHECK(head(b, 1)["moving"] == true);
  CHECK(b.call("ptz.stopMove", nullptr, object).ok());
  CHECK(head(b, 1)["running"].empty());
  CHECK(b.call("ptz.moveAbsolutely", {{"position", {90.5, 10, 3}}, {"speed", 8}}, object).ok());
  CHECK(head(b, 1)["moving"] == true);
  CHECK(head(b, 1)["running"].empty());
  CHECK(b.call("ptz.moveRelatively", {{"translation", {0.1, 0, 0}}}, object).ok());
  CHECK(b.call("ptz.focusContinuously", {{"speed", 1}, {"timeout", 2}}, object).ok());
  CHECK(head(b, 1)["running"][0]["code"] == "FocusFar");
  CHECK(b.call("ptz.stopFocus", nullptr, object).ok());
  CHECK(b.call("ptz.adjustIris", {{"change", 0.1}}, object).ok());
  for (const char* method : {"moveContinuously", "moveAbsolutely", "moveRelatively", "moveDirectly"}) {
    for (const Json& params : {Json(nullptr), Json::object(), Json{{"speed", {1}}}, Json{{"speed", "fast"}}})
      CHECK(b.call(std::string("ptz.") + method, params, object).code == code::invalid_param);
  }
  CHECK(b.call("ptz.moveContinuously", {{"speed", {1, 1, 1}}}, b.instance("ptz", 5)).code ==
        code::invalid_param);
  CHECK(b.get("ptzBase.cgi?action=moveDirectly&channel=1&startPoint[0]=0&startPoint[1]=0&endPoint[0]=4096"
              "&endPoint[1]=4096")
            .body == kOk);
}

TEST_CASE("ptz: the picture shows the position from the first command on") {
  Bench b;
  CHECK_FALSE(b.core.ptz.shown(1));
  b.get("ptz.cgi?action=getStatus&channel=1");
  CHECK_FALSE(b.core.ptz.shown(1));
  b.happen("/ptz", R"({"channel":1,"place":{"pan":91.6,"tilt":-2.6,"zoom":2.5,"focus":1}})");
  CHECK_FALSE(b.core.ptz.shown(1));
  b.get("ptz.cgi?action=start&channel=1&code=SetPreset&arg1=0&arg2=2&arg3=0");
  CHECK(b.core.ptz.shown(1) == dmss::media::PositionStamp{916, -26, 250, 255});
  CHECK_FALSE(b.core.ptz.shown(2));
  b.get("ptz.cgi?action=start&channel=3&code=Light&arg1=0&arg2=1&arg3=0");
  CHECK_FALSE(b.core.ptz.shown(3));
}

TEST_CASE("ptz: the lens on both sides") {
  Bench b;
  const std::int64_t object = b.instance("devVideoInput", 0);
  CHECK(b.get("devVideoInput.cgi?action=adjustFocus&focus=0.5&zoom=0.2&channel=1").body == kOk);
  CHECK(b.call("devVideoInput.getFocusStatus", nullptr, object).params["status"]["Status"] == "Normal");
  CHECK(b.call("devVideoInput.autoFocus", nullptr, object).ok());
  CHECK(holds(b.get("devVideoInput.cgi?action=getFocusStatus&channel=1").body, "status.Status=Autofocus"));
  CHECK(b.call("devVideoInput.adjustFocusContinuously", {{"focus", -0.5}, {"zoom", 0.5}}, object).ok());
  CHECK(head(b, 1)["running"].size() == 2);
  CHECK(b.call("devVideoInput.adjustFocusContinuously", {{"focus", 0}, {"zoom", 0}}, object).ok());
  CHECK(head(b, 1)["running"].empty());
  CHECK(b.get("devVideoInput.cgi?action=adjustFocus&focus=1.5&channel=1").status == 400);
  CHECK(b.get("devVideoInput.cgi?action=getFocusStatus&channel=4").status == 400);
  CHECK(b.call("devVideoInput.getCaps", nullptr, object).params["caps"]["ElectricFocus"] == true);
  CHECK(b.call("devVideoInput.getCaps", nullptr, b.instance("devVideoInput", 4))
            .params["caps"]["ElectricFocus"] == false);
  CHECK(holds(b.get("devVideoInput.cgi?action=getCaps&channel=1").body, "caps.ElectricFocus=true"));
  CHECK(holds(b.get("devVideoInput.cgi?action=getCaps&channel=5").body, "caps.ElectricFocus=false"));
}

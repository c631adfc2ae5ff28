#include <catch2/catch.hpp>

#include "bench.hpp"

using namespace dmss::recorder;
namespace code = dmss::proto::rpc::code;

TEST_CASE("controls: light and buzzer of a camera, on both sides") {
  Bench b("ptz");
  CHECK(b.get("coaxialControlIO.cgi?action=getStatus&channel=1").body ==
        "status.status.Speaker=Off\r\nstatus.status.WhiteLight=Off\r\n");
  CHECK(b.get("coaxialControlIO.cgi?action=control&channel=0&info[0].Type=1&info[0].IO=1").body == "OK\r\n");
  CHECK(b.call("CoaxialControlIO.getStatus", {{"channel", 0}}).params ==
        Json{{"status", {{"WhiteLight", "On"}, {"Speaker", "Off"}}}});
  CHECK(b.call("CoaxialControlIO.control",
               {{"channel", 0},
                {"info", {{{"Type", 1}, {"IO", 2}}, {{"Type", 2}, {"IO", 1}, {"TriggerMode", 2}}}}})
            .ok());
  CHECK(b.get("coaxialControlIO.cgi?action=getStatus&channel=1").body ==
        "status.status.Speaker=On\r\nstatus.status.WhiteLight=Off\r\n");
  b.fault(R"({"name":"coaxial_status","shape":"flat","times":1})");
  b.fault(R"({"name":"coaxial_status","shape":"lower","times":1})");
  CHECK(b.get("coaxialControlIO.cgi?action=getStatus&channel=1").body ==
        "status.Speaker=On\r\nstatus.WhiteLight=Off\r\n");
  CHECK(b.get("coaxialControlIO.cgi?action=getStatus&channel=1").body ==
        "status.whitelight=off\r\nstatus.speaker=on\r\n");
  for (const char* wrong :
       {"", "&info[0].Type=3&info[0].IO=1", "&info[0].Type=1&info[0].IO=0", "&info[0].Type=1"})
    CHECK(b.get(std::string("coaxialControlIO.cgi?action=control&channel=1") + wrong).status == 400);
  CHECK(b.call("CoaxialControlIO.control", {{"channel", 0}, {"info", {{{"Type", 9}, {"IO", 1}}}}}).code ==
        code::invalid_param);
  CHECK(b.call("CoaxialControlIO.getCaps", {{"channel", 0}}).params["caps"]["SupportControlLight"] == 1);
}

TEST_CASE("controls: a recorder answers Off and nothing works") {
  Bench b;
  CHECK(b.get("coaxialControlIO.cgi?action=control&channel=2&info[0].Type=1&info[0].IO=1").body == "OK\r\n");
  CHECK(b.get("coaxialControlIO.cgi?action=getStatus&channel=2").body ==
        "status.Speaker=Off\r\nstatus.WhiteLight=Off\r\n");
  CHECK(b.call("CoaxialControlIO.getCaps", {{"channel", 1}}).params["caps"]["SupportControlSpeaker"] == 0);
  CHECK(b.get("rainBrush.cgi?action=moveOnce&channel=1").status == 400);
  CHECK(b.call("rainBrush.moveOnce", {{"channel", 0}}).code == code::interface_not_found);
  CHECK(b.call("devIntelliTracker.factory.instance", {{"channel", 0}}).code == code::interface_not_found);
  const Json caps = b.call("RemoteSpeak.getCaps", {{"Channels", {2, 6}}}).params["Caps"];
  REQUIRE(caps.size() == 2);
  CHECK(caps[0]["SupportSiren"] == true);
  CHECK(caps[1]["SupportSiren"] == false);
  CHECK(b.call("RemoteSpeak.getCaps", {{"Channels", {16}}}).code == code::invalid_param);
}

TEST_CASE("controls: a camera without a head has light and buzzer too") {
  Bench b("bullet");
  CHECK(b.get("coaxialControlIO.cgi?action=control&channel=1&info[0].Type=2&info[0].IO=1").body == "OK\r\n");
  CHECK(b.call("CoaxialControlIO.getStatus", {{"channel", 0}}).params["status"]["Speaker"] == "On");
  CHECK(b.get("rainBrush.cgi?action=moveOnce&channel=1").status == 400);
  CHECK(b.get("ptz.cgi?action=start&channel=1&code=Left&arg1=0&arg2=1&arg3=0").status == 400);
}

TEST_CASE("controls: an old recorder knows neither") {
  Bench b("olddvr");
  CHECK(b.get("coaxialControlIO.cgi?action=getStatus&channel=1").status == 400);
  CHECK(b.call("CoaxialControlIO.getStatus", {{"channel", 0}}).code == code::interface_not_found);
}

TEST_CASE("controls: wiper and tracking of a dome") {
  Bench b("ptz");
  const auto now = [&] { return b.core.controls.to_json()[0]; };
  CHECK(b.get("rainBrush.cgi?action=moveContinuously&interval=12&channel=1").body == "OK\r\n");
  CHECK(now()["wiper"] == "Interval");
  CHECK(now()["interval"] == 12);
  CHECK(b.get("rainBrush.cgi?action=moveContinuously&channel=1").status == 400);
  CHECK(b.call("rainBrush.stopMove", {{"channel", 0}}).ok());
  CHECK(now()["wiper"] == "Stop");
  CHECK(b.call("rainBrush.moveOnce", {{"channel", 0}}).ok());
  CHECK(now()["wiper"] == "Once");
  CHECK(b.call("rainBrush.moveOnce", {{"channel", 1}}).code == code::invalid_param);
  const std::int64_t object = b.instance("devIntelliTracker", 0);
  CHECK(b.call("devIntelliTracker.start").code == code::invalid_request);
  CHECK(b.call("devIntelliTracker.start", nullptr, object).ok());
  CHECK(now()["tracking"] == true);
  CHECK(b.call("devIntelliTracker.stop", nullptr, object).ok());
  CHECK(now()["tracking"] == false);
}

// PTZ, live controls and the device's own affairs against the virtual recorder: what it is told is what its state shows, over JSON-RPC and over CGI.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "integration/wait_for.hpp"

using namespace dmss;
using namespace dmss::test;

namespace {

using Json = nlohmann::json;

Json state(const RecorderProcess& recorder) {
  return Json::parse(recorder.get("/state"));
}
Json table(const RecorderProcess& recorder, const std::string& name) {
  return Json::parse(recorder.get("/tables?name=" + name)).at("value");
}
Json control(const RecorderProcess& recorder, int channel) {
  const Json all = state(recorder);
  for (const Json& c : all.at("controls")) {
    if (c.at("channel") == channel) return c;
  }
  return {};
}

Error done(const std::function<void(std::function<void(Result<void>)>)>& ask) {
  return wait_for<void>(ask).error();
}

/// A device with JSON-RPC, or the same as one that has nothing but CGI.
DeviceOptions by(const RecorderProcess& recorder, bool cgi) {
  DeviceOptions o = device_options(recorder);
  o.control = cgi ? ControlRoute::http : ControlRoute::dvrip;
  if (cgi) recorder.fault(R"({"name":"http_status","what":"/RPC2_Login","status":404})");
  return o;
}

}  // namespace

TEST_CASE("presets, tours and positions of a dome are those of its state, over both ways") {
  const bool cgi = GENERATE(false, true);
  CAPTURE(cgi);
  RecorderProcess recorder({"--profile", "ptz"});
  Session s(by(recorder, cgi));
  Ptz ptz = s.device.ptz(1);
  CHECK_FALSE(done([&](auto d) { ptz.move_to({20, 5, 1}, d); }));
  const auto at_rest = [&] {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (std::chrono::steady_clock::now() < end) {
      const Result<PtzStatus> status = wait_for<PtzStatus>([&](auto d) { ptz.status(d); });
      REQUIRE(status);
      REQUIRE(status->position);
      if (!status->moving && !status->zooming && std::abs(status->position->pan - 20) < 0.2)
        return *status->position;
    }
    return PtzPosition{};
  };
  const PtzPosition there = at_rest();
  CHECK(there.pan == Approx(20).margin(0.2));
  CHECK(there.tilt == Approx(5).margin(0.2));

  CHECK_FALSE(done([&](auto d) { ptz.set_preset(5, "Gate", d); }));
  const Result<std::vector<PtzPreset>> presets =
      wait_for<std::vector<PtzPreset>>([&](auto d) { ptz.presets(d); });
  REQUIRE(presets);
  const auto gate =
      std::find_if(presets->begin(), presets->end(), [](const PtzPreset& p) { return p.number == 5; });
  REQUIRE(gate != presets->end());
  CHECK(gate->name == "Gate");

  CHECK_FALSE(done([&](auto d) { ptz.move_to({15, 0, 1}, d); }));
  CHECK_FALSE(done([&](auto d) { ptz.goto_preset(5, d); }));
  CHECK(at_rest().pan == Approx(20).margin(0.2));
  CHECK_FALSE(done([&](auto d) { ptz.add_to_tour(1, 5, d); }));
  CHECK_FALSE(done([&](auto d) { ptz.start_tour(1, d); }));
  CHECK_FALSE(done([&](auto d) { ptz.stop_tour(1, d); }));
  CHECK_FALSE(done([&](auto d) { ptz.clear_preset(5, d); }));
  const Result<std::vector<PtzPreset>> after =
      wait_for<std::vector<PtzPreset>>([&](auto d) { ptz.presets(d); });
  REQUIRE(after);
  CHECK(std::none_of(after->begin(), after->end(), [](const PtzPreset& p) { return p.number == 5; }));
  CHECK(done([&](auto d) { ptz.goto_preset(0, d); }) == Errc::invalid_argument);
}

TEST_CASE(
    "a bullet camera's light and siren go on and off, over both ways; what a camera lacks is unsupported") {
  const bool cgi = GENERATE(false, true);
  CAPTURE(cgi);
  RecorderProcess recorder({"--profile", "bullet"});
  Session s(by(recorder, cgi));
  Controls controls = s.device.controls(1);
  for (const bool on : {true, false}) {
    const Error why = done([&](auto d) { controls.set_light(on, d); });
    INFO(why.to_string());
    CHECK_FALSE(why);
    CHECK(control(recorder, 1).at("light") == on);
  }
  const Result<DeterrenceStatus> status =
      wait_for<DeterrenceStatus>([&](auto d) { controls.deterrence_status(d); });
  REQUIRE(status);
  CHECK(status->light == false);
  CHECK(done([&](auto d) { s.device.ptz(1).goto_preset(1, d); }) == Errc::unsupported);
  CHECK(done([&](auto d) { s.device.controls(9).set_light(true, d); }) == Errc::no_such_channel);
}

TEST_CASE("a dome's wiper and tracking do as they are told") {
  RecorderProcess recorder({"--profile", "ptz"});
  Session s(by(recorder, false));
  Controls controls = s.device.controls(1);
  CHECK_FALSE(done([&](auto d) { controls.wipe_continuously(std::chrono::seconds(7), d); }));
  CHECK(control(recorder, 1).at("interval") == 7);
  CHECK_FALSE(done([&](auto d) { controls.stop_wiper(d); }));
  CHECK(control(recorder, 1).at("wiper") == "Stop");
  CHECK_FALSE(done([&](auto d) { controls.set_smart_tracking(true, d); }));
  CHECK(control(recorder, 1).at("tracking") == true);
  CHECK_FALSE(done([&](auto d) { controls.set_smart_tracking(false, d); }));
  CHECK(control(recorder, 1).at("tracking") == false);
}

TEST_CASE("recording, picture and alarm outputs of a recorder follow, over both ways") {
  const bool cgi = GENERATE(false, true);
  CAPTURE(cgi);
  RecorderProcess recorder;
  Session s(by(recorder, cgi));
  Controls controls = s.device.controls(2);
  CHECK_FALSE(done([&](auto d) { controls.start_recording(d); }));
  CHECK(table(recorder, "RecordMode")[1]["Mode"] == 1);
  CHECK(table(recorder, "RecordMode")[0]["Mode"] != 1);
  CHECK_FALSE(done([&](auto d) { controls.stop_recording(d); }));
  CHECK(table(recorder, "RecordMode")[1]["Mode"] == 0);

  Result<ImageColor> color = wait_for<ImageColor>([&](auto d) { s.device.config().get<ImageColor>(2, d); });
  REQUIRE(color);
  color->hue = 13;
  CHECK(wait_for<ConfigWritten>([&](auto d) { s.device.config().set<ImageColor>(*color, d); }));
  CHECK_FALSE(done([&](auto d) { controls.reset_image(d); }));
  color = wait_for<ImageColor>([&](auto d) { s.device.config().get<ImageColor>(2, d); });
  REQUIRE(color);
  CHECK(color->hue == 50);

  Admin admin = s.device.admin();
  CHECK_FALSE(done([&](auto d) { admin.set_alarm_output(2, AlarmOutput::Mode::manual, d); }));
  CHECK(table(recorder, "AlarmOut")[1]["Mode"] == 1);
  recorder.post("/input", R"({"index":1,"on":true,"force":true})");
  const Result<AlarmStates> states = wait_for<AlarmStates>([&](auto d) { admin.alarm_states(d); });
  REQUIRE(states);
  REQUIRE(states->outputs.size() == 2);
  CHECK(states->outputs[1]);
  REQUIRE(states->inputs.size() == 4);
  CHECK(states->inputs[1]);
  CHECK_FALSE(states->inputs[0]);
  CHECK_FALSE(done([&](auto d) { admin.set_alarm_output(2, AlarmOutput::Mode::automatic, d); }));
  CHECK(table(recorder, "AlarmOut")[1]["Mode"] == 0);
}

TEST_CASE("clock, users, log and disks of a recorder; a new password is used from then on") {
  RecorderProcess recorder;
  Session s(by(recorder, false));
  Admin admin = s.device.admin();
  const DeviceTime set{2031, 5, 6, 7, 8, 9};
  CHECK_FALSE(done([&](auto d) { admin.set_time(set, d); }));
  const Result<DeviceTime> time = wait_for<DeviceTime>([&](auto d) { admin.time(d); });
  REQUIRE(time);
  CHECK(time->to_string().substr(0, 16) == "2031-05-06 07:08");
  CHECK(state(recorder).at("time").get<std::string>().substr(0, 16) == "2031-05-06 07:08");

  const auto users = wait_for<std::vector<OnlineUser>>([&](auto d) { admin.online_users(d); });
  REQUIRE(users);
  REQUIRE_FALSE(users->empty());
  CHECK(users->front().name == RecorderProcess::kUser);
  const auto disks = wait_for<std::vector<Disk>>([&](auto d) { admin.disks(d); });
  REQUIRE(disks);
  REQUIRE_FALSE(disks->empty());
  CHECK(disks->front().total > 0);

  const Secret old(RecorderProcess::kPassword), fresh("Another-pass-2");
  CHECK_FALSE(done([&](auto d) { admin.change_password(old, fresh, d); }));
  DeviceOptions o = by(recorder, false);
  o.password = fresh;
  Session again(o);
  CHECK(wait_for<std::vector<Disk>>([&](auto d) { again.device.admin().disks(d); }));
}

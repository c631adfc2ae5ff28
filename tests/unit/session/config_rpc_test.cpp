// Typed configuration over JSON-RPC.
#include "config_device.hpp"
#include "session/config/typed.hpp"
#include "unit/proto/config_samples.hpp"

using namespace dmss;
using namespace dmss::config_test;
using namespace dmss::session;

namespace {

struct Scene : World {
  Scene() {
    device->channel_count = 2;
    device->tables["MotionDetect"] =
        Json::array({samples::row(ConfigKind::motion_detection), samples::row(ConfigKind::motion_detection)});
    device->tables["RecordMode"] = Json::array({samples::row(ConfigKind::record_mode)});
    device->tables["Alarm"] = Json::array({nullptr, samples::row(ConfigKind::local_alarm)});
    device->tables["General"] = samples::row(ConfigKind::general);
    before = device->tables;
  }
  template <class T>
  Result<T> get(int index) {
    return run(get_value<T>(device, index));
  }
  template <class T>
  Result<ConfigWritten> set(T value) {
    return run(set_value<T>(device, locks, std::move(value)));
  }
  MotionDetection motion(int channel = 1) {
    auto value = get<MotionDetection>(channel);
    REQUIRE(value);
    device->heard.clear();
    device->rpc_params.clear();
    return *value;
  }

  std::shared_ptr<ConfigDevice> device = make_device(*this);
  Json before;
};

using Heard = std::vector<std::string>;

}  // namespace

TEST_CASE("config over JSON-RPC: a value is read in its channel's scope, numbered from 0") {
  Scene s;
  const auto value = s.get<MotionDetection>(2);
  REQUIRE(value);
  CHECK(value->index == 2);
  CHECK(value->enable);
  CHECK(value->origin);
  CHECK(s.device->heard == Heard{"getConfig MotionDetect[1]"});
  const auto general = s.get<GeneralSettings>(0);
  REQUIRE(general);
  CHECK(general->machine_name == "NVR");
  CHECK(s.device->heard.back() == "getConfig General");
}

TEST_CASE("config over JSON-RPC: what is not there is told apart") {
  Scene s;
  CHECK(s.get<MotionDetection>(0).error() == Errc::invalid_argument);
  CHECK(s.get<MotionDetection>(3).error() == Errc::no_such_channel);
  CHECK(s.get<GeneralSettings>(1).error() == Errc::invalid_argument);
  CHECK(s.get<LocalAlarm>(0).error() == Errc::invalid_argument);
  CHECK(s.device->heard.empty());
  CHECK(s.get<LocalAlarm>(1).error() == Errc::no_such_channel);  // a row that is null
  CHECK(s.get<LocalAlarm>(9).error() == Errc::no_such_channel);
  CHECK(s.get<LocalAlarm>(9).error().message() == "no alarm input 9 in table Alarm");
  REQUIRE(s.get<LocalAlarm>(2));
  const Error none = s.get<VideoMask>(1).error();
  CHECK(none == Errc::unsupported);
  CHECK(none.message().find("BlindDetect") != std::string::npos);
  s.device->forbids_unknown = true;
  CHECK(s.get<VideoMask>(1).error() == Errc::no_permission);
}

TEST_CASE("config over JSON-RPC: read, write, read back, and only the change goes out") {
  Scene s;
  MotionDetection value = s.motion(2);
  value.linkage.anti_dither = 30;
  const auto written = s.set(value);
  REQUIRE(written);
  CHECK(s.device->heard ==
        Heard{"getConfig MotionDetect[1]", "setConfig MotionDetect[1]", "getConfig MotionDetect[1]"});
  Json expected = s.before;
  expected["MotionDetect"][1]["EventHandler"]["Dejitter"] = 30;
  CHECK(s.device->tables == expected);
  const Json& sent = s.device->rpc_params[1];
  CHECK(sent["table"] == expected["MotionDetect"][1]);
  CHECK(sent["options"] == Json::array());
  CHECK_FALSE(written->needs_reboot);
}

TEST_CASE("config over JSON-RPC: nothing changed, nothing written") {
  Scene s;
  REQUIRE(s.set(s.motion()));
  CHECK(s.device->count("setConfig") == 0);
}

TEST_CASE("config over JSON-RPC: reboot and restart are told") {
  Scene s;
  s.device->options = {"NeedReboot"};
  MotionDetection value = s.motion();
  value.enable = false;
  auto written = s.set(value);
  REQUIRE(written);
  CHECK(written->needs_reboot);
  CHECK_FALSE(written->needs_restart);
  s.device->options = {"NeedRestart"};
  value = s.motion();
  value.enable = true;
  written = s.set(value);
  REQUIRE(written);
  CHECK(written->needs_restart);
}

TEST_CASE("config over JSON-RPC: a change by somebody else is a conflict and nothing is written") {
  Scene s;
  MotionDetection value = s.motion();
  value.enable = false;
  s.device->tables["MotionDetect"][0]["EventHandler"]["Record"] =
      7;  // a member that the SDK does not even read
  const Json now = s.device->tables;
  CHECK(s.set(value).error() == Errc::conflict);
  CHECK(s.device->count("setConfig") == 0);
  CHECK(s.device->tables == now);
  s.device->tables = s.before;
  s.device->tables["MotionDetect"][1]["Level"] = 5;  // another channel is another scope
  CHECK(s.set(value));
}

TEST_CASE("config over JSON-RPC: writing again needs the new origin, the old one is a conflict") {
  Scene s;
  MotionDetection value = s.motion();
  value.level = 5;
  const auto written = s.set(value);
  REQUIRE(written);
  value.level = 6;
  CHECK(s.set(value).error() == Errc::conflict);
  value.origin = written->origin;
  // Against the new origin only what differs from it is written.
  REQUIRE(s.set(value));
  CHECK(s.device->tables["MotionDetect"][0]["Level"] == 6);
}

TEST_CASE("config over JSON-RPC: a value that the device did not take is named") {
  Scene s;
  s.device->deaf = {"Dejitter"};
  MotionDetection value = s.motion();
  value.linkage.anti_dither = 30;
  value.enable = false;
  const Error error = s.set(value).error();
  CHECK(error == Errc::not_applied);
  CHECK(error.message() == "MotionDetect[0].EventHandler.Dejitter: wrote 30, the device has 5");
  CHECK(s.device->tables["MotionDetect"][0]["Enable"] == false);
}

TEST_CASE("config over JSON-RPC: what a device writes otherwise but means the same is applied") {
  Scene s;
  MotionDetection value = s.motion();
  value.linkage.period.days[0][0] = {3600, 86400, 1};
  s.device->before_request = [&](int n) {
    if (n == 3)
      s.device->tables["MotionDetect"][0]["EventHandler"]["TimeSection"][0][0] = "1 01:00:00-24:00:00";
  };
  CHECK(s.set(value));
}

TEST_CASE("config over JSON-RPC: an error at each step is told, and before the write nothing has changed") {
  for (int step = 1; step <= 3; ++step) {
    INFO(step);
    Scene s;
    MotionDetection value = s.motion();
    value.enable = false;
    s.device->faults[step] = Errc::timeout;
    CHECK(s.set(value).error() == Errc::timeout);
    CHECK(static_cast<int>(s.device->heard.size()) == step);
    CHECK((s.device->tables == s.before) == (step <= 2));
    CHECK(s.device->count("setConfig") == (step >= 2 ? 1 : 0));
  }
}

TEST_CASE("config over JSON-RPC: ranges are judged before anything is sent") {
  Scene s;
  MotionDetection value = s.motion();
  value.linkage.record_delay = 301;
  const Error error = s.set(value).error();
  CHECK(error == Errc::invalid_argument);
  CHECK(error.message().find("linkage.record_delay") == 0);
  MotionDetection fresh;
  fresh.index = 1;
  fresh.level = 9;
  CHECK(s.set(fresh).error() == Errc::invalid_argument);
  fresh.index = 7;
  CHECK(s.set(fresh).error() == Errc::no_such_channel);
  CHECK(s.device->heard.empty());
}

TEST_CASE(
    "config over JSON-RPC: a value without an origin, or of another channel, goes over what the device has") {
  Scene s;
  MotionDetection value = s.motion(1);
  value.level = 6;
  value.index = 2;
  REQUIRE(s.set(value));
  Json expected = s.before;
  expected["MotionDetect"][1]["Level"] = 6;
  CHECK(s.device->tables == expected);
  RecordMode mode;
  mode.index = 1;
  mode.main = RecordMode::Mode::manual;
  mode.extra1 = RecordMode::Mode::off;
  mode.extra2 = RecordMode::Mode::off;
  REQUIRE(s.set(mode));
  CHECK(s.device->tables["RecordMode"][0] == Json{{"Mode", 1}, {"ModeExtra1", 2}, {"ModeExtra2", 2}});
}

TEST_CASE("config over JSON-RPC: firmware that does not scope is read and written whole") {
  for (bool refuses : {false, true}) {
    Scene s;
    s.device->refuses_scope = refuses;
    s.device->ignores_scope = !refuses;
    MotionDetection value = s.motion(2);
    value.enable = false;
    REQUIRE(s.set(value));
    Json expected = s.before;
    expected["MotionDetect"][1]["Enable"] = false;
    CHECK(s.device->tables == expected);
    CHECK(s.device->count("setConfig MotionDetect[") == 0);
    CHECK(s.device->count("setConfig MotionDetect") == 1);
    CHECK(s.get<LocalAlarm>(3).error() == Errc::no_such_channel);
  }
}

TEST_CASE("config over JSON-RPC: a table without rows is the only channel's") {
  Scene s;
  s.device->channel_count = 1;
  s.device->refuses_scope = true;
  s.device->tables["SmartMotionDetect"] = samples::row(ConfigKind::smart_motion, 1);
  auto value = s.get<SmartMotion>(1);
  REQUIRE(value);
  value->human = !value->human;
  REQUIRE(s.set(*value));
  CHECK(s.device->tables["SmartMotionDetect"]["ObjectType"]["Human"] == value->human);
}

TEST_CASE("config over JSON-RPC: colours nest by scope, whether the device scopes or not") {
  for (bool ignores : {false, true}) {
    Scene s;
    s.device->ignores_scope = ignores;
    const Json rows = samples::row(ConfigKind::image_color, 2);
    s.device->tables["VideoColor"] = Json::array({samples::row(ConfigKind::image_color, 1), rows});
    auto value = s.get<ImageColor>(2);
    REQUIRE(value);
    CHECK(value->brightness == 50);
    value->brightness = 70;
    REQUIRE(s.set(*value));
    Json expected = rows;
    expected[1]["Brightness"] = 70;
    CHECK(s.device->tables["VideoColor"][1] == expected);
    CHECK(s.device->tables["VideoColor"][0] == samples::row(ConfigKind::image_color, 1));
  }
}

TEST_CASE("config over JSON-RPC: the length that a recorder takes is its own to say") {
  Scene s;
  s.device->longest_body = 500;
  MotionDetection value = s.motion();
  value.enable = false;
  const Error error = s.set(value).error();
  CHECK(error == Errc::too_large);
  CHECK(error.device_code() == 287638033);
  CHECK(error.message().find("table MotionDetect") != std::string::npos);
  CHECK(s.device->tables == s.before);
}

TEST_CASE("config over JSON-RPC: sets on one table do not overtake each other, on two they do") {
  Scene s;
  s.device->slow = true;
  MotionDetection one = s.motion(1), two = s.motion(2);
  auto mode = s.get<RecordMode>(1);
  REQUIRE(mode);
  one.enable = two.enable = false;
  mode->main = RecordMode::Mode::off;
  s.device->heard.clear();
  auto first = s.start(set_value<MotionDetection>(s.device, s.locks, one));
  auto second = s.start(set_value<MotionDetection>(s.device, s.locks, two));
  auto third = s.start(set_value<RecordMode>(s.device, s.locks, *mode));
  s.io.restart();
  s.io.run();
  REQUIRE((first->has_value() && second->has_value() && third->has_value()));
  CHECK(**first);
  CHECK(**second);
  CHECK(**third);
  Heard motion;
  std::size_t record_at = 0, last_motion_at = 0;
  for (std::size_t i = 0; i < s.device->heard.size(); ++i) {
    if (s.device->heard[i].ends_with("MotionDetect[0]") || s.device->heard[i].ends_with("MotionDetect[1]")) {
      motion.push_back(s.device->heard[i]);
      last_motion_at = i;
    } else {
      record_at = i;
    }
  }
  CHECK(motion == Heard{"getConfig MotionDetect[0]", "setConfig MotionDetect[0]", "getConfig MotionDetect[0]",
                        "getConfig MotionDetect[1]", "setConfig MotionDetect[1]",
                        "getConfig MotionDetect[1]"});
  CHECK(record_at < last_motion_at);
}

TEST_CASE("config over JSON-RPC: of two callers with the same origin the second hears of the conflict") {
  Scene s;
  s.device->slow = true;
  MotionDetection one = s.motion(1), other = one;
  one.level = 5;
  other.level = 6;
  auto first = s.start(set_value<MotionDetection>(s.device, s.locks, one));
  auto second = s.start(set_value<MotionDetection>(s.device, s.locks, other));
  s.io.restart();
  s.io.run();
  CHECK(**first);
  CHECK((**second).error() == Errc::conflict);
  CHECK(s.device->tables["MotionDetect"][0]["Level"] == 5);
}

TEST_CASE("config over JSON-RPC: a write that fails lets the next one in") {
  Scene s;
  s.device->slow = true;
  MotionDetection one = s.motion(1), other = s.motion(2);
  one.enable = other.enable = false;
  s.device->faults[2] = Errc::connection_lost;
  auto first = s.start(set_value<MotionDetection>(s.device, s.locks, one));
  auto second = s.start(set_value<MotionDetection>(s.device, s.locks, other));
  s.io.restart();
  s.io.run();
  CHECK((**first).error() == Errc::connection_lost);
  CHECK(**second);
}

TEST_CASE(
    "config over JSON-RPC: tables of several names are probed once for each row and named when none is "
    "there") {
  Scene s;
  const Error none = s.get<IpcOfflineAlarm>(1).error();
  CHECK(none == Errc::unsupported);
  for (const char* name : {"VideoOffline", "NetCameraOffline", "IPCOffline", "OfflineDetect"})
    CHECK(none.message().find(name) != std::string::npos);
  const std::size_t asked = s.device->heard.size();
  CHECK(asked >= 4);
  CHECK(s.get<IpcOfflineAlarm>(1).error() == Errc::unsupported);
  CHECK(s.device->heard.size() == asked);

  s.device->tables["AlarmIPC"] = Json::array(
      {samples::row(ConfigKind::ipc_external_alarm), samples::row(ConfigKind::ipc_external_alarm)});
  auto value = s.get<IpcExternalAlarm>(2);
  REQUIRE(value);
  s.device->heard.clear();
  value->linkage.record = !value->linkage.record;
  REQUIRE(s.set(*value));
  CHECK(s.device->heard == Heard{"getConfig AlarmIPC[1]", "setConfig AlarmIPC[1]", "getConfig AlarmIPC[1]"});

  Scene other;
  other.device->faults[1] = Errc::connection_lost;
  CHECK(other.get<IpcOfflineAlarm>(1).error() == Errc::connection_lost);  // says nothing about the table
  other.device->tables["VideoOffline"] = Json::array({samples::row(ConfigKind::ipc_offline_alarm)});
  CHECK(other.get<IpcOfflineAlarm>(1));
}

TEST_CASE("config over JSON-RPC: orientation falls back to the older table") {
  Scene s;
  s.device->tables["VideoInOptions"] = Json::array({samples::row(ConfigKind::image_orientation, 1)});
  auto value = s.get<ImageOrientation>(1);
  REQUIRE(value);
  CHECK(value->flip);
  value->flip = false;
  REQUIRE(s.set(*value));
  CHECK(s.device->tables["VideoInOptions"][0]["Flip"] == false);
}

TEST_CASE("config over JSON-RPC: what one channel lacks, or forbids for now, is not held against others") {
  Scene s;
  s.device->tables["VideoImageControl"] =
      Json::array({samples::row(ConfigKind::image_orientation), samples::row(ConfigKind::image_orientation)});
  const Error answer = GENERATE(Error(Errc::no_permission).with_device(403, "Forbidden"),
                                Error(Errc::unsupported).with_device(268959743, "Unknown error!"));
  for (int request : {1, 2, 3, 4}) s.device->faults[request] = answer;  // both names, scoped and whole
  CHECK(s.get<ImageOrientation>(1).error() == Errc::unsupported);
  CHECK(s.device->heard.size() == 4);
  CHECK(s.get<ImageOrientation>(2));
  // A right may have been given; a table that was not there is not asked for again.
  CHECK(s.get<ImageOrientation>(1).has_value() == (answer == Errc::no_permission));
}

TEST_CASE("config over JSON-RPC: text that came damaged is not written back") {
  Scene s;
  s.device->tables["Alarm"][1]["Name"] = "T\xef\xbf\xbdr";
  auto value = s.get<LocalAlarm>(2);
  REQUIRE(value);
  LocalAlarm changed = *value;
  changed.enable = !changed.enable;
  CHECK(s.set(changed).error() == Errc::unsupported);
  CHECK(s.device->count("setConfig") == 0);
  changed = *value;
  changed.name = "Door";  // what was damaged is replaced
  CHECK(s.set(changed));
  CHECK(s.device->tables["Alarm"][1]["Name"] == "Door");
}

TEST_CASE(
    "config over JSON-RPC: another network address may take the device away before it can be read back") {
  Scene s;
  s.device->tables["Network"] = samples::row(ConfigKind::network);
  auto value = s.get<NetworkSettings>(0);
  REQUIRE(value);
  value->address = "192.0.2.99";
  s.device->faults[4] = Errc::connection_lost;
  CHECK(s.set(*value));
  CHECK(s.device->tables["Network"]["eth0"]["IPAddress"] == "192.0.2.99");
}

TEST_CASE("config: a device without any way") {
  Scene s;
  s.device->rpc_there = false;
  CHECK(s.get<MotionDetection>(1).error() == Errc::unsupported);
  CHECK(s.get<PirAlarm>(1).error() == Errc::unsupported);
}

// A device's clock: read, set, set to the host's.
#include "session/admin/time.hpp"

#include "unit/session/scripted_commands.hpp"

using namespace dmss;
using namespace dmss::session;
using namespace std::chrono_literals;

namespace {

constexpr const char* kTimeReply = R"({"params":{"time":"2026-07-02 19:09:25"},"result":true})";
const DeviceTime kTime{2026, 7, 2, 19, 9, 25};

void script_write(ScriptedDevice& device, const std::string& shown) {
  device.rpc("global.setCurrentTime", R"({"time":"2026-07-02 19:09:25","tolerance":0})", kDone)
      .rpc("global.getCurrentTime", "", R"({"params":{"time":")" + shown + R"("},"result":true})");
}

}  // namespace

TEST_CASE("a device's time is read in both forms of JSON-RPC and by CGI") {
  ScriptedDevice device;
  SECTION("in params") {
    device.rpc("global.getCurrentTime", "", kTimeReply);
  }
  SECTION("as the result") {
    device.rpc("global.getCurrentTime", "", R"({"result":"2026-07-02 07:09:25 PM"})");
  }
  SECTION("by CGI where the method is missing") {
    device.rpc("global.getCurrentTime", "", kNoMethod)
        .cgi("global", "getCurrentTime", "", "result=2026-07-02 19:09:25\r\n");
  }
  SECTION("by CGI where there is nothing else") {
    device.has_rpc = false;
    device.cgi("global", "getCurrentTime", "", "result=2026-7-2 19:09:25\r\n");
  }
  const auto time = device.run(read_time(device.commands()));
  REQUIRE(time);
  CHECK(*time == kTime);
  CHECK(device.finished());
}

TEST_CASE("a device that refused a method for good is not asked again in this session") {
  ScriptedDevice device;
  device.has_cgi = false;
  device.rpc("global.getCurrentTime", "", kNoAuthority);
  for (int i = 0; i < 3; ++i) CHECK(device.run(read_time(device.commands())).error() == Errc::no_permission);
  CHECK(device.heard.size() == 1);
}

TEST_CASE("an answer that is no time is malformed") {
  ScriptedDevice device;
  device.rpc("global.getCurrentTime", "", R"({"params":{"time":12},"result":true})");
  CHECK(device.run(read_time(device.commands())).error() == Errc::malformed);
  ScriptedDevice web;
  web.has_rpc = false;
  web.cgi("global", "getCurrentTime", "", "time=2026-07-02 19:09:25\r\n");
  CHECK(web.run(read_time(web.commands())).error() == Errc::malformed);
}

TEST_CASE("a time that was set is read back") {
  ScriptedDevice device;
  device.round_trip = 1s;
  SECTION("taken") {
    script_write(device, "2026-07-02 19:09:27");
    CHECK(device.run(write_time(device.commands(), kTime)));
  }
  SECTION("kept its own") {
    script_write(device, "2026-07-02 19:09:31");
    const Error error = device.run(write_time(device.commands(), kTime)).error();
    CHECK(error == Errc::not_applied);
    CHECK(error.message() == "time: wrote 2026-07-02 19:09:25, reads 2026-07-02 19:09:31");
  }
  SECTION("behind") {
    script_write(device, "2026-07-02 19:09:21");
    CHECK(device.run(write_time(device.commands(), kTime)).error() == Errc::not_applied);
  }
  CHECK(device.finished());
}

TEST_CASE("a time is set by CGI where that is all a device has") {
  ScriptedDevice device;
  device.has_rpc = false;
  device.cgi("global", "setCurrentTime", "time=2026-07-02 19:09:25", "OK\r\n")
      .cgi("global", "getCurrentTime", "", "result=2026-07-02 19:09:25\r\n");
  CHECK(device.run(write_time(device.commands(), kTime)));
  CHECK(device.finished());
}

TEST_CASE("no time that does not exist is sent") {
  ScriptedDevice device;
  CHECK(device.run(write_time(device.commands(), {2026, 2, 30, 0, 0, 0})).error() == Errc::invalid_argument);
  CHECK(device.heard.empty());
}

TEST_CASE("a device is set to the host's time as it will be when the device hears it") {
  ScriptedDevice device;
  device.round_trip = 3s;
  std::vector<std::chrono::system_clock::time_point> asked;
  const auto local = [&asked](std::chrono::system_clock::time_point t) {
    asked.push_back(t);
    return kTime;
  };
  device.rpc("global.getCurrentTime", "", R"({"params":{"time":"2000-01-01 00:00:00"},"result":true})");
  script_write(device, "2026-07-02 19:09:28");
  const auto begin = device.clock.wall_now();
  CHECK(device.run(sync_time(device.commands(), local)));
  REQUIRE(asked.size() == 1);
  // The reading took three seconds, half of three more until the device hears it, to the whole second.
  CHECK(asked[0] == std::chrono::round<std::chrono::seconds>(begin + 4500ms));
  CHECK(device.finished());
}

TEST_CASE("setting a time fails as its step fails, and nothing follows") {
  for (int step = 0; step < 3; ++step) {
    CAPTURE(step);
    ScriptedDevice device;
    device.rpc("global.getCurrentTime", "", kTimeReply);
    script_write(device, "2026-07-02 19:09:25");
    device.fail_at(step, Errc::connection_lost);
    const auto local = [](std::chrono::system_clock::time_point) { return kTime; };
    CHECK(device.run(sync_time(device.commands(), local)).error() == Errc::connection_lost);
    CHECK(device.heard.size() == static_cast<std::size_t>(step + 1));
  }
}

// Live view while the recorder misbehaves: what it must survive, and what it must report.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "integration/windows.hpp"

using namespace dmss;
using namespace dmss::test;

namespace {

struct Scene {
  explicit Scene(MediaRoute route) : engine(quiet_engine()) {
    DeviceOptions o = device_options(recorder);
    o.media = route;
    o.reconnect_min = std::chrono::milliseconds(100);
    device = engine.device(o);
  }
  RecorderProcess recorder;
  Engine engine;
  Device device;
};

}  // namespace

TEST_CASE("faults that leave the stream whole are not noticed") {
  for (MediaRoute route : {MediaRoute::rtsp, MediaRoute::dvrip}) {
    for (const char* fault :
         {R"({"name":"chunks","size":7,"pause_ms":0,"times":400})", R"({"name":"merge","ms":200})",
          R"({"name":"unsolicited"})", R"({"name":"wrong_channel"})", R"({"name":"wrap"})",
          R"({"name":"padded_ssrc"})", R"({"name":"no_fmtp"})", R"({"name":"broken_sdp"})",
          R"({"name":"changed_session"})", R"({"name":"no_monitor_reply"})", R"({"name":"tie_without_ack"})",
          R"({"name":"fragments","size":50})", R"({"name":"challenge_on","on":"describe"})",
          R"({"name":"no_audio"})"}) {
      CAPTURE(static_cast<int>(route), fault);
      Scene scene(route);
      scene.recorder.fault(fault);
      TestWindow window(2);
      Live live = scene.device.open_live(patient(2), window.handlers());
      REQUIRE(window.wait_frames(20));
      const auto seen = window.seen();
      CHECK(seen.missing == 0);
      CHECK(seen.wrong == 0);
      CHECK(seen.unreadable == 0);
      CHECK_FALSE(seen.time_went_back);
    }
  }
}

TEST_CASE("the codec may change in mid-stream: the window goes on") {
  for (MediaRoute route : {MediaRoute::rtsp, MediaRoute::dvrip}) {
    CAPTURE(static_cast<int>(route));
    Scene scene(route);
    TestWindow window(2);
    Live live = scene.device.open_live(patient(2), window.handlers());
    REQUIRE(window.wait_frames(5));
    const Codec before = window.seen().codec;
    scene.recorder.fault(R"({"name":"codec_change","times":1})");
    if (route == MediaRoute::dvrip) {
      CHECK(window.wait([&](const TestWindow::Seen& s) { return s.codec != before; }));
    } else {
      // There the codec is a matter of the description: another one is asked for.
      REQUIRE(window.wait([](const TestWindow::Seen& s) {
        return std::any_of(s.states.begin(), s.states.end(),
                           [](const auto& e) { return e.second == Errc::decode_failed; });
      }));
    }
    window.forget_stamps();
    REQUIRE(window.wait_frames(20));
    CHECK(window.seen().states.back().first == LiveState::playing);
    CHECK(window.seen().wrong == 0);
    CHECK(window.seen().unreadable == 0);
    CHECK(live.stats().restarts == (route == MediaRoute::rtsp ? 1 : 0));
  }
}

TEST_CASE("a stream without key frames is named, and plays when there are some") {
  for (MediaRoute route : {MediaRoute::rtsp, MediaRoute::dvrip}) {
    CAPTURE(static_cast<int>(route));
    Scene scene(route);
    scene.recorder.fault(R"({"name":"no_key_frame"})");
    TestWindow window(2);
    Live live = scene.device.open_live(patient(2), window.handlers());
    REQUIRE(window.wait([](const TestWindow::Seen& s) {
      return !s.states.empty() && s.states.back().second == Errc::no_key_frame;
    }));
    for (const auto& [state, why] : window.seen().states) CHECK(state != LiveState::playing);
    scene.recorder.post("/clear");
    REQUIRE(window.wait_frames(10));
    CHECK(window.seen().states.back().first == LiveState::playing);
  }
}

TEST_CASE("the picture size may change in mid-stream") {
  for (MediaRoute route : {MediaRoute::rtsp, MediaRoute::dvrip}) {
    CAPTURE(static_cast<int>(route));
    Scene scene(route);
    TestWindow window(2);
    Live live = scene.device.open_live(patient(2), window.handlers());
    REQUIRE(window.wait_frames(5));
    scene.recorder.fault(R"({"name":"resolution_change"})");
    CHECK(window.wait([](const TestWindow::Seen& s) { return s.width != 704; }));
    CHECK(live.stats().decode_errors == 0);
  }
}

TEST_CASE("a connection that breaks is opened again") {
  for (MediaRoute route : {MediaRoute::rtsp, MediaRoute::dvrip}) {
    for (const char* fault : {R"({"name":"reset_at","bytes":150000,"times":1})",
                              R"({"name":"close_at","bytes":150000,"times":1})"}) {
      CAPTURE(static_cast<int>(route), fault);
      Scene scene(route);
      scene.recorder.fault(fault);
      TestWindow window(1);
      Live live = scene.device.open_live(patient(1), window.handlers());
      REQUIRE(window.wait([](const TestWindow::Seen& s) {
        return std::any_of(s.states.begin(), s.states.end(),
                           [](const auto& e) { return e.first == LiveState::reconnecting; });
      }));
      window.forget_stamps();
      REQUIRE(window.wait_frames(10));
      CHECK(window.seen().wrong == 0);
      CHECK(window.seen().unreadable == 0);
    }
  }
}

TEST_CASE("garbage between packets costs at most the pictures it hits") {
  for (MediaRoute route : {MediaRoute::rtsp, MediaRoute::dvrip}) {
    CAPTURE(static_cast<int>(route));
    Scene scene(route);
    TestWindow window(1);
    Live live = scene.device.open_live(patient(1), window.handlers());
    REQUIRE(window.wait_frames(5));
    scene.recorder.fault(R"({"name":"garbage","bytes":333,"times":3})");
    window.forget_stamps();
    REQUIRE(window.wait_frames(30, 60s));
    CHECK(window.seen().wrong == 0);
  }
}

TEST_CASE("too many viewers, a bare 401 and a refused stream are named") {
  struct Row {
    const char* fault;
    Errc code;
  };
  for (const Row& row :
       {Row{R"({"name":"rtsp_status","what":"SETUP","status":453,"reason":"Not Enough Bandwidth"})",
            Errc::stream_limit},
        Row{R"({"name":"rtsp_status","what":"DESCRIBE","status":503,"reason":"Service Unavailable"})",
            Errc::device_busy},
        Row{R"({"name":"bare_401"})", Errc::login_refused}}) {
    CAPTURE(row.fault);
    Scene scene(MediaRoute::rtsp);
    scene.recorder.fault(row.fault);
    TestWindow window(1);
    Live live = scene.device.open_live(patient(1), window.handlers());
    REQUIRE(window.wait([&](const TestWindow::Seen& s) {
      return std::any_of(s.states.begin(), s.states.end(),
                         [&](const auto& e) { return e.second == row.code; });
    }));
  }
}

TEST_CASE("the automatic route goes over to 37777 when RTSP does not answer") {
  RecorderProcess recorder;
  Engine engine(quiet_engine());
  DeviceOptions o = device_options(recorder);
  o.rtsp_port = 1;
  Device device = engine.device(o);
  TestWindow window(6);
  Live live = device.open_live(patient(6), window.handlers());
  REQUIRE(window.wait_frames(10));
  CHECK(live.stats().route == MediaRoute::dvrip);
  CHECK(window.seen().missing == 0);
}

TEST_CASE("an expired session is renewed and the windows stay") {
  Scene scene(MediaRoute::rtsp);
  TestWindow window(1);
  Live live = scene.device.open_live(patient(1), window.handlers());
  REQUIRE(window.wait_frames(5));
  scene.recorder.fault(R"({"name":"expire_session","times":1})");
  std::promise<Errc> first;
  scene.device.call("magicBox.getSerialNo", "",
                    [&](Result<std::string> r) { first.set_value(r.error().code()); });
  CHECK(first.get_future().get() == Errc::session_expired);
  const auto info = log_in(scene.device);
  CHECK(info);
  const auto frames = window.seen().frames;
  CHECK(window.wait_frames(frames + 5));
}

// How an RTSP session is kept alive while it plays.
#include "scenario/rtsp_scene.hpp"

using namespace dmss;
using namespace dmss::scenario;
using Scene = RtspScene;

TEST_CASE(
    "keep-alives go out well inside the time that the server announced, and reports every five seconds") {
  const auto timeout = GENERATE(std::string("10"), std::string("15"), std::string("20"), std::string("30"),
                                std::string("60"), std::string("3600"));
  CAPTURE(timeout);
  Scene scene;
  scene.device.session_timeout = timeout;
  scene.open();
  const net::TimePoint played = scene.world.now();
  scene.run();
  scene.play(300);
  std::vector<net::TimePoint> at = scene.times_of("GET_PARAMETER");
  const auto limit = std::min<Duration>(std::chrono::seconds(std::stoi(timeout)) / 2, 30s);
  REQUIRE(at.size() >= 9);
  CHECK(at.size() <= 60);
  net::TimePoint last = played;
  for (const net::TimePoint t : at) {
    CHECK(t - last <= limit);
    last = t;
  }
  CHECK(scene.device.heard.back().get("Session") == "634214675641");
  CHECK(scene.device.reports >= 58);
  CHECK_FALSE(scene.ended);
}

TEST_CASE("a keep-alive that is refused, even as an unknown session, ends nothing while pictures come") {
  Scene scene;
  scene.device.refusals["GET_PARAMETER"] = 454;
  scene.open();
  scene.run();
  scene.play(300);
  CHECK_FALSE(scene.ended);
  CHECK(scene.sink.units.size() >= 299);
  CHECK(scene.device.methods().back() == "GET_PARAMETER");
}

TEST_CASE("a device that does not know GET_PARAMETER is asked once and kept alive by OPTIONS, at once") {
  Scene scene;
  scene.device.refusals["GET_PARAMETER"] = GENERATE(405, 501, 551);
  scene.open();
  scene.run();
  scene.play(300);
  CHECK_FALSE(scene.ended);
  REQUIRE(scene.times_of("GET_PARAMETER").size() == 1);
  const auto options = scene.times_of("OPTIONS");
  REQUIRE(options.size() >= 9);
  CHECK(options[0] == scene.times_of("GET_PARAMETER")[0]);
  CHECK(scene.device.heard.back().get("Session") == "634214675641");
}

TEST_CASE("a device whose Public leaves GET_PARAMETER out is kept alive by OPTIONS") {
  const bool there = GENERATE(false, true);
  Scene scene;
  scene.device.extra_headers["PLAY"] = {
      "Public", there ? "OPTIONS, PLAY, SET_PARAMETER, GET_PARAMETER" : "OPTIONS, PLAY, SET_PARAMETER"};
  scene.open();
  scene.run();
  scene.play(100);
  CHECK(scene.times_of("GET_PARAMETER").empty() == !there);
  CHECK(scene.times_of("OPTIONS").empty() == there);
}

TEST_CASE("a nonce that goes stale while a stream plays is replaced by the keep-alive, once") {
  Scene scene;
  scene.device.digest = true;
  scene.open();
  scene.run();
  const std::string first = scene.device.nonce;
  SECTION("a new answer is taken") {
    scene.device.stale_once = true;
    scene.play(300);
    CHECK_FALSE(scene.ended);
    CHECK(scene.device.nonce != first);
    const auto times = scene.times_of("GET_PARAMETER");
    REQUIRE(times.size() >= 9);
    CHECK(times[1] == times[0]);
    CHECK(times[2] > times[1]);
  }
  SECTION("a password that is refused is not sent on and on") {
    scene.device.takes_password = false;
    scene.play(600);
    CHECK_FALSE(scene.ended);
    CHECK(scene.times_of("GET_PARAMETER").size() <= 2);
  }
}

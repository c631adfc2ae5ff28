#include "recorder/ptz_model.hpp"

#include <catch2/catch.hpp>

using namespace dmss;
using namespace dmss::recorder;
using namespace std::chrono_literals;

namespace {

struct Head {
  net::VirtualClock clock;
  PtzModel model{clock};

  void wait(net::Duration d) {
    clock.advance(d, [] {});
  }
  const PtzPosition& at() { return model.position(); }
  std::vector<std::string> running() {
    std::vector<std::string> codes;
    for (const PtzModel::Running& r : model.running()) codes.push_back(r.code);
    return codes;
  }
};

using Codes = std::vector<std::string>;

}  // namespace

TEST_CASE("ptz model: a step moves at its speed until the stop of the same code") {
  Head h;
  h.model.place({180, 10, 5, 0.5, 0.5});
  REQUIRE(h.model.start("Left", {0, 2, 0, 0}));
  h.wait(2s);
  CHECK(h.at().pan == Approx(180 - 2 * 2 * 6));
  CHECK(h.at().tilt == 10);
  CHECK(h.model.moving());
  CHECK(h.running() == Codes{"Left"});
  CHECK(h.model.stop("Right"));
  h.wait(1s);
  CHECK(h.at().pan == Approx(180 - 3 * 2 * 6));
  CHECK(h.model.stop("Left"));
  const double there = h.at().pan;
  h.wait(10s);
  CHECK(h.at().pan == there);
  CHECK_FALSE(h.model.moving());
  CHECK(h.running().empty());
}

TEST_CASE("ptz model: faster steps go further, two directions have two speeds") {
  Head h;
  double before = 0;
  for (int speed = 1; speed <= 8; ++speed) {
    h.model.place({0, 0, 1, 0, 0});
    h.model.start("Right", {0, static_cast<double>(speed), 0, 0});
    h.wait(1s);
    CHECK(h.at().pan > before);
    before = h.at().pan;
    h.model.stop("Right");
  }
  h.model.place({180, 40, 1, 0, 0});
  REQUIRE(h.model.start("LeftUp", {1, 8, 0, 0}));
  h.wait(1s);
  CHECK(h.at().pan == Approx(180 - 48));
  CHECK(h.at().tilt == Approx(46));
}

TEST_CASE("ptz model: a move that nobody stops reaches the limit and still runs, with its age") {
  Head h;
  const net::TimePoint began = h.clock.now();
  REQUIRE(h.model.start("Right", {0, 8, 0, 0}));
  h.wait(60s);
  CHECK(h.at().pan == PtzModel::kPan.high);
  CHECK_FALSE(h.model.moving());
  REQUIRE(h.running() == Codes{"Right"});
  CHECK(h.model.running()[0].since == began);
  REQUIRE(h.model.start("Down", {0, 8, 0, 0}));
  h.wait(60s);
  CHECK(h.at().tilt == PtzModel::kTilt.low);
  CHECK(h.running() == Codes{"Down"});
}

TEST_CASE("ptz model: zoom, focus and iris have motors of their own") {
  Head h;
  h.model.place({180, 0, 5, 0.5, 0.5});
  h.model.start("Left", {0, 1, 0, 0});
  h.model.start("ZoomTele", {0, 0, 0, 0});
  h.model.start("FocusNear", {0, 0, 0, 0});
  h.model.start("IrisLarge", {0, 0, 0, 0});
  h.wait(1s);
  CHECK(h.at().pan == Approx(174));
  CHECK(h.at().zoom == Approx(8));
  CHECK(h.at().focus == Approx(0.3));
  CHECK(h.at().iris == Approx(0.7));
  CHECK(h.running().size() == 4);
  h.model.stop("Left");
  h.wait(1s);
  CHECK(h.at().pan == Approx(174));
  CHECK(h.at().zoom == Approx(11));
  h.model.start("ZoomWide", {0, 0, 0, 0});
  h.wait(60s);
  CHECK(h.at().zoom == 1);
  CHECK(h.at().focus == 0);
  CHECK(h.at().iris == 1);
  CHECK_FALSE(h.model.zooming());
}

TEST_CASE("ptz model: a continuous move ends at its timeout") {
  Head h;
  h.model.place({100, 0, 5, 0, 0});
  h.model.move_continuously(4, -1, 50, 3);
  h.wait(1s);
  CHECK(h.model.zooming());
  h.wait(9s);
  CHECK(h.at().pan == Approx(100 + 3 * 4 * 6).margin(1e-3));
  CHECK(h.at().tilt == -15);
  CHECK(h.at().zoom == Approx(5 + 3 * 3).margin(1e-3));
  CHECK(h.running().empty());
  h.model.move_continuously(-8, 0, 0, 0);
  h.wait(2s);
  h.model.stop_move();
  const double there = h.at().pan;
  CHECK(there == Approx(172 - 96).margin(1e-3));
  h.wait(5s);
  CHECK(h.at().pan == there);
}

TEST_CASE("ptz model: moves to a place take time and arrive exactly") {
  Head h;
  h.model.move_absolutely(90, 30, 4, 0);
  h.wait(1s);
  CHECK(h.at().pan == Approx(48));
  CHECK(h.at().tilt == Approx(30));
  CHECK(h.model.moving());
  h.wait(5s);
  CHECK(h.at().pan == 90);
  CHECK(h.at().zoom == 4);
  CHECK_FALSE(h.model.moving());
  CHECK(h.running().empty());
  h.model.move_relatively(0.1, -0.1, 0, 0);
  h.wait(20s);
  CHECK(h.at().pan == Approx(90 + 35.5));
  CHECK(h.at().tilt == Approx(30 - 10.5));
  h.model.move_absolutely(9999, -9999, 9999, 0);
  h.wait(60s);
  CHECK(h.at().pan == PtzModel::kPan.high);
  CHECK(h.at().tilt == PtzModel::kTilt.low);
  CHECK(h.at().zoom == PtzModel::kZoom.high);
  REQUIRE(h.model.start("PositionABS", {10, 20, 128, 0}));
  h.wait(60s);
  CHECK(h.at().pan == 10);
  CHECK(h.at().tilt == 20);
  CHECK(h.at().zoom == Approx(25));
}

TEST_CASE("ptz model: 3D positioning turns to the middle of the box and fills the picture with it") {
  Head h;
  h.model.place({100, 10, 2, 0, 0});
  h.model.move_directly(4096, 0, 8192, 4096);
  h.wait(20s);
  CHECK(h.at().pan == Approx(100 + 60 / 2.0 / 4));
  CHECK(h.at().tilt == Approx(10 + 34 / 2.0 / 4));
  CHECK(h.at().zoom == Approx(4));
  h.model.move_directly(8192, 4096, 4096, 8192);
  h.wait(20s);
  CHECK(h.at().zoom == Approx(2));
}

TEST_CASE("ptz model: presets") {
  Head h;
  h.model.place({50, 5, 3, 0.25, 0.5});
  CHECK(h.model.set_preset(3, "Gate"));
  CHECK(h.model.preset() == 3);
  h.model.start("Right", {0, 8, 0, 0});
  h.wait(2s);
  CHECK(h.model.preset() == 0);
  REQUIRE(h.model.start("GotoPreset", {0, 3, 0, 0}));
  CHECK(h.running().empty());
  CHECK(h.model.preset() == 0);
  h.wait(1s);
  CHECK(h.model.preset() == 0);
  h.wait(10s);
  CHECK(h.model.preset() == 3);
  CHECK(h.at().pan == 50);
  CHECK(h.at().zoom == 3);
  CHECK(h.at().focus == 0.25);
  CHECK(h.model.set_preset(3, ""));
  CHECK(h.model.presets().at(3).name == "Gate");
  CHECK_FALSE(h.model.set_preset(0, "x"));
  CHECK_FALSE(h.model.set_preset(256, "x"));
  CHECK_FALSE(h.model.goto_preset(-1, 0));
  CHECK(h.model.goto_preset(200, 0));
  h.wait(1s);
  CHECK(h.at().pan == 50);
  CHECK(h.model.start("ClearPreset", {0, 3, 0, 0}));
  CHECK(h.model.presets().empty());
  CHECK(h.model.preset() == 0);
}

TEST_CASE("ptz model: a tour goes from stop to stop until it is stopped, by a command or by a move") {
  Head h;
  for (int i = 1; i <= 3; ++i) {
    h.model.place({i * 48.0, 0, 1, 0, 0});
    h.model.set_preset(i, "");
    CHECK(h.model.start("AddTour", {1, static_cast<double>(i), 0, 0}));
  }
  CHECK_FALSE(h.model.start("AddTour", {1, 77, 0, 0}));
  CHECK_FALSE(h.model.start("StartTour", {2, 0, 0, 0}));
  REQUIRE(h.model.start("StartTour", {1, 0, 0, 0}));
  CHECK(h.model.tour() == 1);
  std::vector<int> seen;
  for (int second = 0; second < 40; ++second) {
    h.wait(1s);
    if (h.model.preset() != 0 && (seen.empty() || seen.back() != h.model.preset()))
      seen.push_back(h.model.preset());
  }
  REQUIRE(seen.size() >= 6);
  seen.resize(6);
  CHECK(seen == std::vector<int>{1, 2, 3, 1, 2, 3});
  CHECK(h.running() == Codes{"StartTour"});
  CHECK(h.model.start("DelTour", {1, 2, 0, 0}));
  seen.clear();
  for (int second = 0; second < 30; ++second) {
    h.wait(1s);
    if (h.model.preset() != 0 && (seen.empty() || seen.back() != h.model.preset()))
      seen.push_back(h.model.preset());
  }
  CHECK(std::count(seen.begin(), seen.end(), 2) == 0);
  CHECK(seen.size() >= 3);
  h.model.start("Up", {0, 1, 0, 0});
  CHECK(h.model.tour() == 0);
  CHECK(h.running() == Codes{"Up"});
  h.model.start("StartTour", {1, 0, 0, 0});
  CHECK(h.model.start("StopTour", {1, 0, 0, 0}));
  CHECK(h.running().empty());
  h.wait(60s);
  CHECK_FALSE(h.model.moving());
}

TEST_CASE("ptz model: a scan goes to and fro between its limits") {
  Head h;
  h.model.place({100, 0, 1, 0, 0});
  h.model.start("SetLeftLimit", {});
  h.model.place({148, 0, 1, 0, 0});
  h.model.start("SetRightLimit", {});
  h.model.place({124, 0, 1, 0, 0});
  REQUIRE(h.model.start("AutoScanOn", {}));
  for (const double expected : {148.0, 124.0, 100.0, 124.0, 148.0, 124.0}) {
    h.wait(1s);
    CHECK(h.at().pan == Approx(expected).margin(1e-3));
  }
  CHECK(h.model.start("AutoScanOff", {}));
  CHECK_FALSE(h.model.moving());
}

TEST_CASE("ptz model: the lens") {
  Head h;
  h.model.adjust_focus(0.9, 0.5);
  h.wait(30s);
  CHECK(h.at().focus == Approx(0.9));
  CHECK(h.at().zoom == Approx(13));
  h.model.auto_focus();
  CHECK(h.model.focusing());
  h.wait(2s);
  CHECK_FALSE(h.model.focusing());
  CHECK(h.at().focus == Approx(0.55));
  h.model.focus_continuously(-0.5, 0);
  h.wait(1s);
  CHECK(h.at().focus == Approx(0.35));
  h.model.focus_continuously(0, 0);
  h.wait(1s);
  CHECK(h.at().focus == Approx(0.35));
  h.model.zoom_continuously(1);
  h.wait(1s);
  CHECK(h.at().zoom == Approx(19));
  h.model.zoom_continuously(0);
  CHECK(h.running().empty());
}

TEST_CASE("ptz model: what it does not know") {
  Head h;
  for (const char* code : {"", "left", "Menu", "Wiper", "NoSuchTour", "Tour", "StartPattern"}) {
    INFO(code);
    CHECK_FALSE(h.model.start(code, {}));
    CHECK_FALSE(h.model.stop(code));
  }
  CHECK_FALSE(h.model.start("AddTour", {99, 1, 0, 0}));
  CHECK_FALSE(h.model.start("SetPreset", {0, 1e300, 0, 0}));
  CHECK_FALSE(h.model.moving());
}

TEST_CASE("ptz model: a tour over a year of silence ends in time") {
  Head h;
  h.model.set_preset(1, "");
  h.model.start("AddTour", {1, 1, 0, 0});
  h.model.start("StartTour", {1, 0, 0, 0});
  h.wait(24h * 365);
  CHECK(h.model.tour() == 1);
  h.wait(1s);
  CHECK(h.at().pan == 0);
}

#include "proto/caps/ptz.hpp"

#include <catch2/catch.hpp>

#include "proto/cgi/tree.hpp"

using namespace dmss;
using namespace dmss::proto;
using namespace dmss::proto::caps;

namespace {

Json tree(std::string_view body) {
  const auto lines = cgi::parse_kv(body);
  REQUIRE(lines);
  return cgi::to_text_tree(*lines);
}

constexpr std::string_view kLines =
    "caps.Pan=true\r\ncaps.Tile=true\r\ncaps.Zoom=true\r\ncaps.Focus=true\r\ncaps.Iris=false\r\n"
    "caps.PanSpeedMin=1\r\ncaps.PanSpeedMax=8\r\ncaps.TileSpeedMin=1\r\ncaps.TileSpeedMax=5\r\n"
    "caps.Preset=true\r\ncaps.PresetMin=1\r\ncaps.PresetMax=300\r\ncaps.Tour=true\r\ncaps.TourMin=1\r\ncaps."
    "TourMax=8\r\n"
    "caps.Aux=true\r\ncaps.Auxs[0]=Light\r\ncaps.Auxs[1]=Wiper\r\ncaps.MoveRelatively=true\r\n"
    "caps.PtzMotionRange.HorizontalAngle[0]=0\r\ncaps.PtzMotionRange.HorizontalAngle[1]=360\r\n"
    "caps.PtzMotionRange.VerticalAngle[0]=-15\r\ncaps.PtzMotionRange.VerticalAngle[1]=90\r\n";

constexpr const char* kJson =
    R"({"caps":{"Pan":true,"Tile":true,"Zoom":true,"Focus":true,"Iris":false,"PanSpeedMin":1,"PanSpeedMax":8,
        "TileSpeedMin":1,"TileSpeedMax":5,"Preset":true,"PresetMin":1,"PresetMax":300,"Tour":true,"TourMin":1,"TourMax":8,
        "Aux":true,"Auxs":["Light","Wiper"],"MoveRelatively":true,
        "PtzMotionRange":{"HorizontalAngle":[0,360],"VerticalAngle":[-15,90]}}})";

}  // namespace

TEST_CASE("PTZ capabilities are the same from lines and from JSON, misspelt or not") {
  std::string corrected(kLines);
  for (std::size_t at; (at = corrected.find("Tile")) != std::string::npos;) corrected.replace(at, 4, "Tilt");
  for (const Json& answer : {tree(kLines), tree(corrected), Json::parse(kJson)}) {
    const auto caps = parse_ptz_caps(answer);
    REQUIRE(caps);
    CHECK(caps->pan == true);
    CHECK(caps->tilt == true);
    CHECK(caps->zoom == true);
    CHECK(caps->iris == false);
    CHECK(caps->relative == true);
    CHECK(caps->details.pan_speed.minimum == 1);
    CHECK(caps->details.pan_speed.maximum == 8);
    CHECK(caps->details.tilt_speed.maximum == 5);
    CHECK(caps->details.presets.maximum == 300);
    CHECK(caps->details.tours.maximum == 8);
    CHECK(caps->details.horizontal_angle.maximum == 360);
    CHECK(caps->details.vertical_angle.minimum == -15);
    CHECK(caps->details.auxiliary == std::vector<std::string>{"Light", "Wiper"});
    CHECK(caps->has_auxiliary("wiper"));
    CHECK_FALSE(caps->has_auxiliary("Aux"));
  }
}

TEST_CASE("what a device does not say of PTZ is not told, and ranges that are none are no ranges") {
  const auto caps =
      parse_ptz_caps(Json::parse(R"({"caps":{"Pan":false,"PanSpeedMin":8,"PanSpeedMax":1,"PresetMin":1,
        "TourMin":"x","TourMax":1e99,"PtzMotionRange":{"HorizontalAngle":[5],"VerticalAngle":[0,0]},"Auxs":{}}})"));
  REQUIRE(caps);
  CHECK(caps->pan == false);
  CHECK_FALSE(caps->tilt);
  CHECK_FALSE(caps->details.pan_speed.known());
  CHECK_FALSE(caps->details.presets.known());
  CHECK_FALSE(caps->details.tours.known());
  CHECK_FALSE(caps->details.horizontal_angle.known());
  CHECK_FALSE(caps->details.vertical_angle.known());
  CHECK(caps->details.auxiliary.empty());
  CHECK_FALSE(parse_ptz_caps(Json::parse(R"({"caps":[1]})")));
  CHECK_FALSE(parse_ptz_caps(Json()));
}

TEST_CASE("a PTZ status tells where it looks, under either name") {
  const Json lines = tree(
      "status.MoveStatus=Idle\r\nstatus.ZoomStatus=Moving\r\nstatus.PresetID=2\r\nstatus.Postion[0]=91."
      "600000\r\n"
      "status.Postion[1]=-10.500000\r\nstatus.Postion[2]=4.000000\r\nstatus.UTC=0\r\n");
  auto status = parse_ptz_status(lines);
  REQUIRE(status);
  REQUIRE(status->position);
  CHECK(status->position->pan == Approx(91.6));
  CHECK(status->position->tilt == Approx(-10.5));
  CHECK(status->position->zoom == Approx(4));
  CHECK_FALSE(status->moving);
  CHECK(status->zooming);
  CHECK(status->preset == 2);

  status =
      parse_ptz_status(Json::parse(R"({"status":{"MoveStatus":"Moving","Position":[1,2],"PresetID":0}})"));
  REQUIRE(status);
  CHECK(status->position->tilt == 2);
  CHECK(status->position->zoom == 1);
  CHECK(status->moving);
  CHECK_FALSE(status->preset);

  status = parse_ptz_status(Json::parse(R"({"status":{"Postion":["a",2]}})"));
  REQUIRE(status);
  CHECK_FALSE(status->position);
  CHECK_FALSE(parse_ptz_status(Json::parse("[]")));
}

TEST_CASE("presets come by number, without those the device keeps for itself") {
  const auto presets = parse_ptz_presets(
      tree("presets[0].Index=3\r\npresets[0].Name=Gate\r\npresets[0].Type=0\r\npresets[1].Index=1\r\n"
           "presets[1].Name=Yard\r\npresets[2].Index=90\r\npresets[2].Type=2\r\npresets[3].Name=none\r\n"));
  REQUIRE(presets.size() == 2);
  CHECK(presets[0].number == 1);
  CHECK(presets[0].name == "Yard");
  CHECK(presets[1].number == 3);
  CHECK(presets[1].name == "Gate");

  Json many = {{"presets", Json::array()}};
  for (int i = 1; i <= 5000; ++i) many["presets"].push_back({{"Index", i}, {"Name", std::string(5000, 'n')}});
  const auto bounded = parse_ptz_presets(many);
  CHECK(bounded.size() == kMaxPresets);
  CHECK(bounded[0].name.size() == kMaxPresetName);
}

TEST_CASE("speeds of 1 to 8 spread over the device's own range") {
  const auto all = [](int low, int high) {
    std::vector<int> out;
    for (int s = 1; s <= 8; ++s) out.push_back(scale_ptz_speed(s, {low, high}));
    return out;
  };
  CHECK(all(1, 8) == std::vector<int>{1, 2, 3, 4, 5, 6, 7, 8});
  CHECK(all(1, 5) == std::vector<int>{1, 2, 2, 3, 3, 4, 4, 5});
  CHECK(all(1, 0) == std::vector<int>{1, 2, 3, 4, 5, 6, 7, 8});
  CHECK(all(0, 64).front() == 1);
  CHECK(all(0, 64).back() == 64);
  CHECK(all(1, 1) == std::vector<int>(8, 1));
  CHECK(all(0, 0).front() == 1);
  CHECK(scale_ptz_speed(99, {1, 8}) == 8);
  CHECK(scale_ptz_speed(-3, {1, 8}) == 1);
}

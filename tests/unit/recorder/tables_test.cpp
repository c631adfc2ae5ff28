#include <catch2/catch.hpp>

#include "recorder/stream_setting.hpp"
#include "recorder/streams.hpp"
#include "recorder/tables.hpp"

using namespace dmss;
using namespace dmss::recorder;

namespace {

Json json(const char* text) {
  const auto parsed = proto::rpc::parse_json(text);
  REQUIRE(parsed);
  return *parsed;
}

std::string lines(const Json& value, bool floats = false) {
  proto::cgi::KeyValues kv;
  flatten("table.T", value, kv, floats);
  return kv.body();
}

}  // namespace

TEST_CASE("paths into a table") {
  Json t = json(R"({"T": [{"A": {"B": [5, null]}}, null]})");
  CHECK(*locate(t, "T[0].A.B[0]") == 5);
  CHECK(locate(t, "T[0].A.B[1]")->is_null());
  CHECK(locate(t, "T[1]")->is_null());
  for (const char* path : {"T[2]", "T[-1]", "T[]", "T[0", "T[x]", "T[0].A.", "T[0]..A", "T.A", "T[0][0]",
                           "T[1].A", "U", ".", "[0]", "T[99999999999999999999]", "T[0].A.B[0].C"}) {
    CAPTURE(path);
    CHECK(locate(t, path) == nullptr);
  }
  CHECK(table_name("Encode[0].MainFormat[0]") == "Encode");
  CHECK(table_name("General.MachineName") == "General");
  CHECK(table_name("") == "");
}

TEST_CASE("tables as lines of text") {
  CHECK(lines(json(
            R"([{"On": true, "N": -3, "F": 1.5, "S": "a=b c", "Null": null}, null, {"L": [[1], []]}])")) ==
        "table.T[0].F=1.500000\r\ntable.T[0].N=-3\r\ntable.T[0].On=true\r\ntable.T[0].S=a=b "
        "c\r\ntable.T[2].L[0][0]=1\r\n");
  CHECK(lines(json(R"({"FPS": 25, "Other": 25})"), true) == "table.T.FPS=25.000000\r\ntable.T.Other=25\r\n");
}

TEST_CASE("text is written by the type of what is there") {
  const char* before = R"({"T": [{"On": false, "N": 5, "F": 1.5, "S": "x", "Null": null, "L": [1]}]})";
  struct Row {
    const char* path;
    const char* text;
    TextWrite result;
    const char* value;
  };
  const Row rows[] = {
      {"T[0].On", "true", TextWrite::done, "true"},
      {"T[0].On", "1", TextWrite::done, "true"},
      {"T[0].On", "yes", TextWrite::unknown, nullptr},
      {"T[0].N", "-7", TextWrite::done, "-7"},
      {"T[0].N", "30.000000", TextWrite::done, "30"},
      {"T[0].N", "30.5", TextWrite::unknown, nullptr},
      {"T[0].N", "1e400", TextWrite::unknown, nullptr},
      {"T[0].N", "", TextWrite::unknown, nullptr},
      {"T[0].F", "2", TextWrite::done, "2.0"},
      {"T[0].S", "5", TextWrite::done, "\"5\""},
      {"T[0].Null", "abc", TextWrite::done, "\"abc\""},
      {"T[0].L", "5", TextWrite::unknown, nullptr},
      {"T[0].L[0]", "5", TextWrite::done, "5"},
      {"T[0].L[1]", "5", TextWrite::unknown, nullptr},
      {"T[0].Bank[0].X", "5", TextWrite::declined, nullptr},
      {"T[0].Leaf", "5", TextWrite::unknown, nullptr},
      {"T[1].N", "5", TextWrite::unknown, nullptr},
      {"U[0].N", "5", TextWrite::unknown, nullptr},
      {"T[0", "5", TextWrite::unknown, nullptr},
  };
  for (const Row& r : rows) {
    CAPTURE(r.path, r.text);
    Json t = json(before);
    CHECK(write_text(t, r.path, r.text) == r.result);
    if (r.value == nullptr) {
      CHECK(t == json(before));
    } else {
      CHECK(locate(t, r.path)->dump() == r.value);
    }
  }
}

TEST_CASE("changes are told, and the factory's values stay") {
  Tables tables(*load_profile("nvr16", 2));
  std::vector<std::string> heard;
  tables.on_change([&](const std::string& name) { heard.push_back(name); });
  CHECK(tables.set("General.LocalNo", 3));
  CHECK(tables.set_text("MotionDetect[1].Level", "2"));
  CHECK_FALSE(tables.set("General.NoSuch", 3));
  CHECK_FALSE(tables.set_text("MotionDetect[1].Level", "high"));
  tables.put("RecordMode", nullptr);
  CHECK(heard == std::vector<std::string>{"General", "MotionDetect", "RecordMode"});
  CHECK(tables.find("RecordMode") == nullptr);
  CHECK(tables.find_default("RecordMode")->size() == 2);
  CHECK(*tables.find_default("General.LocalNo") == 8);
  tables.seed("RTSP.Port", 8554);
  CHECK(*tables.find_default("RTSP.Port") == 8554);
  for (int i = 0; i < 1000; ++i) tables.note({"General.LocalNo", i, "http", "admin"});
  CHECK(tables.writes().size() == Tables::kMaxWrites);
  CHECK(tables.writes().back()["value"] == 999);
}

TEST_CASE("names of picture sizes") {
  CHECK(resolution_size("1920x1080", false) == std::pair{1920, 1080});
  CHECK(resolution_size("2592x1944(1944P)", false) == std::pair{2592, 1944});
  CHECK(resolution_size("D1", false) == std::pair{704, 576});
  CHECK(resolution_size("D1", true) == std::pair{704, 480});
  for (const char* text :
       {"", "x", "1920", "1920x", "x1080", "1920x1080x", "0x0", "-1x5", "4CIF?", "99999999999x1"}) {
    CAPTURE(text);
    CHECK_FALSE(resolution_size(text, false));
  }
  CHECK(resolution_name(704, 480) == "D1");
  CHECK(resolution_name(640, 360) == "NHD");
  CHECK(resolution_name(2592, 1944) == "2592x1944");
}

TEST_CASE("what the Encode table says of a stream") {
  const Json encode = json(R"([{"MainFormat": [{"AudioEnable": false, "Audio": {"Compression": "AAC"},
      "Video": {"Compression": "H.265", "Width": 1280, "Height": 720, "FPS": 12.0, "BitRate": 1000, "GOP": 24}}],
      "ExtraFormat": [{"VideoEnable": false, "Video": {"Compression": "H.264B", "resolution": "CIF"}}]}, null, {"MainFormat": []}, 5])");
  const auto main = stream_setting(&encode, 1, 0, false);
  REQUIRE(main);
  CHECK(main->codec == Codec::h265);
  CHECK(main->width == 1280);
  CHECK(main->fps == 12);
  CHECK(main->gop == 24);
  CHECK(main->video_on);
  CHECK_FALSE(main->sound_on);
  CHECK(main->sound == Codec::aac);
  const auto extra = stream_setting(&encode, 1, 1, true);
  REQUIRE(extra);
  CHECK(extra->codec == Codec::h264);
  CHECK(extra->height == 240);
  CHECK_FALSE(extra->video_on);
  for (const int channel : {0, 2, 3, 4, 5, 1000}) CHECK_FALSE(stream_setting(&encode, channel, 0, false));
  CHECK_FALSE(stream_setting(nullptr, 1, 0, false));
  CHECK(stream_setting(&encode[0], 1, 0, false)->width == 1280);
}

TEST_CASE("the nearest clip, and the profile's own where it fits") {
  const auto profile = *load_profile("nvr16");
  const Tables tables(profile);
  for (const int subtype : {0, 1}) {
    const auto own = stream_setting(tables.find("Encode"), 3, subtype, false);
    REQUIRE(own);
    CHECK(Streams::nearest(profile, 3, subtype, *own).file_name() ==
          Clips::spec_of(profile, 3, subtype).file_name());
  }
  StreamSetting s;
  s.codec = Codec::h265;
  s.width = 2560;
  s.height = 1440;
  s.fps = 500;
  s.kbps = 3000;
  s.gop = 1000000;
  const ClipSpec large = Streams::nearest(profile, 1, 0, s);
  CHECK(large.width == 1920);
  CHECK(large.codec == Codec::h265);
  CHECK(large.fps == 60);
  CHECK(large.kbps == 4096);
  CHECK(large.gop == 150);
  CHECK(large.pictures == 150);
  s.width = 176;
  s.height = 144;
  CHECK(Streams::nearest(profile, 1, 0, s).width == 352);
}

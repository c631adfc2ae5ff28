#include "proto/caps/encode.hpp"

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

std::string video(const std::string& prefix, const std::string& resolutions) {
  return prefix + ".Video.CompressionTypes=H.264,H.265,MJPG\r\n" + prefix +
         ".Video.ResolutionTypes=" + resolutions + "\r\n" + prefix + ".Video.FPSMax=25\r\n" + prefix +
         ".Video.BitRateOptions=256,3584\r\n";
}

void check_main(const StreamCapabilities& main) {
  CHECK(main.video_codecs == std::vector<std::string>{"H.264", "H.265", "MJPG"});
  REQUIRE(main.resolutions.size() == 3);
  CHECK(main.resolutions[0] == Resolution{1920, 1080, "1080P"});
  CHECK(main.resolutions[0].name == "1080P");
  CHECK(main.resolutions[2] == Resolution{704, 576, "D1"});
  CHECK(main.max_frame_rate == 25);
  CHECK(main.bit_rate.minimum == 256);
  CHECK(main.bit_rate.maximum == 3584);
}

}  // namespace

TEST_CASE("encode capabilities are read in every form of their keys") {
  struct Row {
    const char* main;
    const char* extra;
  };
  for (const Row& row : {Row{"caps[0].MainFormat[0]", "caps[0].ExtraFormat[0]"},
                         Row{"caps.MainFormat[0]", "caps.ExtraFormat[0]"}, Row{"headMain", "headExtra"},
                         Row{"headMain[0]", "headExtra[0]"}}) {
    CAPTURE(row.main);
    const auto streams = parse_encode_caps(
        tree(video(row.main, "1080P,720P,D1") + video(row.extra, "D1,CIF")), 0, VideoStandard::pal);
    REQUIRE(streams.size() == 2);
    check_main(streams[0]);
    CHECK(streams[1].resolutions.at(1) == Resolution{352, 288, "CIF"});
  }
  const auto streams = parse_encode_caps(
      Json::parse(R"({"caps":{"MainFormat":[{"Audio":{"CompressionTypes":["G.711A","AAC"]},"Video":{
        "CompressionTypes":["H.264","H.265","MJPG"],"ResolutionTypes":"1080P,720P,D1","FPSMax":25,
        "BitRateOptions":[256,3584]}}],"ExtraFormat":[]}})"),
      0, VideoStandard::pal);
  REQUIRE(streams.size() == 1);
  check_main(streams[0]);
  CHECK(streams[0].audio_codecs == std::vector<std::string>{"G.711A", "AAC"});
}

TEST_CASE("a recorder that tells all channels is read for the one that was asked") {
  const Json all =
      tree(video("caps[0].MainFormat[0]", "720P") + video("caps[2].MainFormat[0]", "1080P,720P,D1"));
  const auto third = parse_encode_caps(all, 2, VideoStandard::pal);
  REQUIRE(third.size() == 1);
  check_main(third[0]);
  CHECK(parse_encode_caps(all, 1, VideoStandard::pal).empty());  // not bound: null
  CHECK(parse_encode_caps(all, 7, VideoStandard::pal).empty());
  // Asked for its channel, a device may tell that one alone.
  const auto alone =
      parse_encode_caps(tree(video("caps[0].MainFormat[0]", "1080P,720P,D1")), 4, VideoStandard::pal);
  REQUIRE(alone.size() == 1);
  check_main(alone[0]);
}

TEST_CASE("names of resolutions become sizes by the video standard; sizes stand for themselves") {
  const auto size = [](const char* text, VideoStandard standard) {
    const auto r = parse_resolution(text, standard);
    return r ? std::pair(r->width, r->height) : std::pair(0, 0);
  };
  using enum VideoStandard;
  CHECK(size("D1", pal) == std::pair(704, 576));
  CHECK(size("D1", ntsc) == std::pair(704, 480));
  CHECK(size("HD1", ntsc) == std::pair(352, 480));
  CHECK(size("BCIF", pal) == std::pair(528, 288));
  CHECK(size("2CIF", ntsc) == std::pair(704, 240));
  CHECK(size("CIF", ntsc) == std::pair(352, 240));
  CHECK(size("QCIF", pal) == std::pair(176, 144));
  CHECK(size("1.3M", pal) == std::pair(1280, 960));
  CHECK(size("SXGA", ntsc) == std::pair(1280, 1024));
  CHECK(size("nHD", pal) == std::pair(640, 360));
  CHECK(size("QVGA", pal) == std::pair(320, 240));
  CHECK(size("2592x1944(1944P)", pal) == std::pair(2592, 1944));
  CHECK(parse_resolution("2592x1944(1944P)", pal)->name == "1944P");
  CHECK(parse_resolution("2592x1944", pal)->name.empty());
  CHECK(size("2592*1944", pal) == std::pair(2592, 1944));
  CHECK(size("6M(3072x2048)", pal) == std::pair(3072, 2048));
  CHECK(parse_resolution("6M(3072x2048)", pal)->name == "6M");
  for (const char* text : {"", "4K", "x", "0x0", "1x", "99999x1", "-1x5", "(", "()", "D1x", "1x2x3"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_resolution(text, pal));
  }
}

TEST_CASE("mixed lists keep what can be understood, once") {
  const auto streams =
      parse_encode_caps(tree(video("caps[0].MainFormat[0]", "1080P,1920x1080,720P,what,2592x1944(1944P)")), 0,
                        VideoStandard::pal);
  REQUIRE(streams.size() == 1);
  REQUIRE(streams[0].resolutions.size() == 3);
  CHECK(streams[0].resolutions[2] == Resolution{2592, 1944, ""});
}

TEST_CASE("nonsense is no stream") {
  for (const char* text : {"null", "[]", R"({"caps":7})", R"({"caps":[7]})", R"({"caps":{"MainFormat":[]}})",
                           R"({"caps":{"MainFormat":[{"Video":[]}]}})", R"({"headMain":[null]})"}) {
    CAPTURE(text);
    CHECK(parse_encode_caps(Json::parse(text), 0, VideoStandard::pal).empty());
  }
  const auto odd = parse_encode_caps(
      Json::parse(
          R"({"caps":{"MainFormat":[{"Video":{"FPSMax":-5,"BitRateOptions":"x,-1","CompressionTypes":{}}}]}})"),
      0, VideoStandard::pal);
  REQUIRE(odd.size() == 1);
  CHECK(odd[0].max_frame_rate == 0);
  CHECK_FALSE(odd[0].bit_rate.known());
  CHECK(odd[0].video_codecs.empty());
  CHECK(parse_video_standard("PAL") == VideoStandard::pal);
  CHECK(parse_video_standard("ntsc") == VideoStandard::ntsc);
  CHECK_FALSE(parse_video_standard("SECAM"));
}

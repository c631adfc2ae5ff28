#include <unistd.h>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "recorder/builtin_profiles.hpp"
#include "recorder/table_template.hpp"
#include "recorder/tables.hpp"

using namespace dmss;
using namespace dmss::recorder;

namespace {

/// A profile file that goes with the test.
class File {
 public:
  explicit File(const std::string& text)
      : path_(std::filesystem::temp_directory_path() /
              ("dmss-profile-" + std::to_string(::getpid()) + ".json")) {
    std::ofstream(path_) << text;
  }
  ~File() { std::filesystem::remove(path_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

Json json(const char* text) {
  const auto parsed = proto::rpc::parse_json(text);
  REQUIRE(parsed);
  return *parsed;
}

}  // namespace

TEST_CASE("every built-in profile makes whole tables") {
  for (const auto& [name, text] : builtin_profiles()) {
    CAPTURE(name);
    const auto profile = load_profile(name);
    REQUIRE(profile);
    const Tables tables(*profile);
    for (const std::string& table : tables.names()) {
      CAPTURE(table);
      const std::string words = proto::rpc::dump(*tables.find(table));
      CHECK(words.find("${") == std::string::npos);
      CHECK(words.find("\"$") == std::string::npos);
    }
    const Json* encode = tables.find("Encode");
    REQUIRE(encode != nullptr);
    CHECK(encode->size() == static_cast<std::size_t>(profile->channels));
    CHECK(*tables.find("Encode[0].MainFormat[0].Video.Width") == profile->main.width);
    CHECK(*tables.find("Encode[0].ExtraFormat[0].Video.FPS") == profile->extra.fps);
  }
}

TEST_CASE("the same table serves as many channels as there are") {
  const auto profile = load_profile("nvr16", 3);
  REQUIRE(profile);
  const Tables tables(*profile);
  CHECK(tables.find("MotionDetect")->size() == 3);
  CHECK(*tables.find("MotionDetect[2].EventHandler.RecordChannels") == json("[2]"));
  CHECK(*tables.find("ChannelTitle[2].Name") == "Camera 3");
  CHECK(tables.find("RemoteDevice")->size() == 3);
  CHECK(tables.find("MotionDetect[3]") == nullptr);
}

TEST_CASE("what was recorded from a device is played as it is") {
  const File file(R"({
    "class": "NVR", "type": "DHI-NVR608H", "serial": "REC0RDED", "channels": 2,
    "tables": {
      "Encode": [null, {"MainFormat": [{"VideoEnable": true, "Video": {"Compression": "H.265", "resolution": "1280x720", "FPS": 20.0, "BitRate": 2048}}],
                        "ExtraFormat": [{"Video": {"Compression": "H.264", "Width": 352, "Height": 288, "FPS": 7, "BitRate": 160}}]}],
      "Odd": {"Price": "5$", "Pattern": "{}", "Null": null}
    },
    "caps": {"devVideoInput.getCaps": {"Flip": true}},
    "refusals": {"methods": {"ptz": 268632064}, "tables": {"VideoInOptions": 285278249}}
  })");
  const auto profile = load_profile(file.path());
  REQUIRE(profile);
  CHECK(profile->serial == "REC0RDED");
  CHECK(profile->ability("devVideoInput.getCaps")->at("Flip") == true);
  CHECK(profile->ability("encode.getConfigCaps") == nullptr);
  const Tables tables(*profile);
  CHECK(tables.names() == std::vector<std::string>{"Encode", "Odd"});
  CHECK(*tables.find("Odd") == json(R"({"Price": "5$", "Pattern": "{}", "Null": null})"));
  CHECK(tables.find("Encode[0]")->is_null());
}

TEST_CASE("streams of a recorded device come from its Encode table") {
  const File file(R"({"channels": 1, "tables": {"Encode": [{
    "MainFormat": [{"Video": {"Compression": "H.265", "resolution": "1280x720", "FPS": 20, "BitRate": 2048}}],
    "ExtraFormat": [{"Video": {"Compression": "H.264", "resolution": "CIF", "FPS": 7, "BitRate": 160}}]}]}})");
  const auto profile = load_profile(file.path());
  REQUIRE(profile);
  CHECK(profile->main.width == 1280);
  CHECK(profile->main.height == 720);
  CHECK(profile->main.fps == 20);
  CHECK(profile->main.codec(1) == Codec::h265);
  CHECK(profile->extra.width == 352);
  CHECK(profile->extra.height == 288);
  CHECK(profile->extra.kbps == 160);
}

TEST_CASE("a file of identity and services alone has the common tables") {
  const File file(R"({"type": "Plain", "channels": 2})");
  const auto profile = load_profile(file.path());
  REQUIRE(profile);
  const Tables tables(*profile);
  CHECK(tables.find("General") != nullptr);
  CHECK(tables.find("Encode")->size() == 2);
  CHECK(tables.find("MotionDetect") == nullptr);
}

TEST_CASE("files that are no profile are refused with their name") {
  for (const char* text : {"", "[]", "{", "5", R"({"include": ["no such part"]})", R"({"channels": 0})",
                           R"({"channels": 65})"}) {
    CAPTURE(text);
    const File file(text);
    const auto profile = load_profile(file.path());
    REQUIRE_FALSE(profile);
    CHECK(profile.error().code() == Errc::invalid_argument);
  }
  CHECK_FALSE(load_profile("/nowhere/at/all.json"));
}

TEST_CASE("members of any type do no harm") {
  const File file(
      R"({"channels": 1, "tables": [], "blocks": 5, "caps": "x", "refusals": null, "storage": [], "users": {}, "config": 1,
    "channel_names": {"a": 1}, "offline_channels": "1", "include": 7, "main": [], "lock": "no"})");
  const auto profile = load_profile(file.path());
  REQUIRE(profile);
  CHECK(Tables(*profile).names().empty());
}

TEST_CASE("templates") {
  auto profile = *load_profile("nvr16", 2);
  profile.blocks = json(
      R"({"hour": {"H": "${i}", "List": [1]}, "list": [1, 2], "self": {"$use": "self", "More": {"$use": "self"}}})");
  Templates t(profile);
  // In a list, as a document is no bare text.
  const auto expand = [&](const std::string& pattern) {
    return t.expand(json(("[" + pattern + "]").c_str()))[0];
  };
  SECTION("values keep their types, text around them makes text") {
    CHECK(expand(R"("${main.width}")") == 1920);
    CHECK(expand(R"("${main.size} at ${main.fps}")") == "1920x1080 at 25");
    CHECK(expand(R"("${lock.on}")") == true);
    CHECK(expand(R"("${no such}")").is_null());
    CHECK(expand(R"("${unfinished")") == "${unfinished");
    CHECK(expand(R"("$5 and {x}")") == "$5 and {x}");
  }
  SECTION("rows, exceptions and rows in rows") {
    CHECK(expand(
              R"({"$rows": 3, "$row": {"A": "${i}", "B": "${n}"}, "$except": {"1": {"B": 9}, "2": null}})") ==
          json(R"([{"A":0,"B":1},{"A":1,"B":9},null])"));
    CHECK(expand(R"({"$rows": "channels", "$row": {"$rows": 2, "$row": ["${i}", "${j}", "${m}"]}})") ==
          json("[[[0,0,1],[0,1,2]],[[1,0,1],[1,1,2]]]"));
    CHECK(expand(R"({"$rows": -5, "$row": 1})") == json("[]"));
    CHECK(expand(R"({"$rows": 1000000, "$row": 1})").size() == 4096);
  }
  SECTION("keys") {
    CHECK(expand(R"({"$keys": 2, "$key": "id_${i}", "$value": "${n}"})") == json(R"({"id_0":1,"id_1":2})"));
  }
  SECTION("blocks with changes") {
    CHECK(expand(R"({"$use": "hour", "List": [2], "New": true})") ==
          json(R"({"H":0,"List":[2],"New":true})"));
    CHECK(expand(R"({"$use": "list"})") == json("[1,2]"));
    CHECK(expand(R"({"$use": "no such", "A": 1})") == json(R"({"A":1})"));
  }
  SECTION("a block that uses itself ends") {
    CHECK(expand(R"({"$use": "self"})").is_object());
  }
  SECTION("bytes") {
    CHECK(expand(R"({"$bytes": "b4f3c3c5"})").get<std::string>() == "\xb4\xf3\xc3\xc5");
    CHECK(expand(R"({"$bytes": "zz1"})").get<std::string>().size() == 1);
  }
}

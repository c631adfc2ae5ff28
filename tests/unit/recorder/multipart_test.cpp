// The event stream's bytes (protocol http-rpc.md §11.1), right and wrong.
#include "recorder/multipart.hpp"

#include <catch2/catch.hpp>

using namespace dmss::recorder;
using dmss::proto::rpc::Json;

namespace {

const DeviceEvent kMotion{"VideoMotion", "Start", 0, nullptr};

PartShape shaped(const char* fault) {
  return part_shape(*dmss::proto::rpc::parse_json(fault));
}

}  // namespace

TEST_CASE("multipart: blocks are those of the notes, to the byte") {
  CHECK(event_part(kMotion) ==
        "--myboundary\r\nContent-Type: text/plain\r\nContent-Length: 39\r\n\r\n"
        "Code=VideoMotion;action=Start;index=0\r\n\r\n");
  CHECK(heartbeat_part() ==
        "--myboundary\r\nContent-Type: text/plain\r\nContent-Length:9\r\n\r\nHeartbeat\r\n\r\n");
  CHECK(multipart_head().find("Content-Type: multipart/x-mixed-replace; boundary=myboundary\r\n") !=
        std::string::npos);
  CHECK(multipart_head().substr(0, 17) == "HTTP/1.1 200 OK\r\n");
}

TEST_CASE("multipart: data is printed over several lines") {
  const Json data = {
      {"Id", Json::array({0})}, {"RegionName", Json::array({"Region1"})}, {"SmartMotionEnable", true}};
  CHECK(event_text({"VideoMotion", "Start", 0, data}) ==
        "Code=VideoMotion;action=Start;index=0;data={\n   \"Id\" : [ 0 ],\n   \"RegionName\" : [ \"Region1\" "
        "],\n"
        "   \"SmartMotionEnable\" : true\n}");
  CHECK(styled_json(
            {{"Object", {{"Box", Json::array({1, 2})}}}, {"Points", Json::array({Json::array({3, 4})})}}) ==
        "{\n   \"Object\" : {\n      \"Box\" : [ 1, 2 ]\n   },\n   \"Points\" : [\n      [ 3, 4 ]\n   ]\n}");
  CHECK(styled_json(Json::object()) == "{}");
  CHECK(styled_json(Json::array()) == "[]");
  CHECK(styled_json("a;b=\"c\"") == "\"a;b=\\\"c\\\"\"");
  CHECK(event_text({"TimeChange", "Pulse", -1, 5}) == "Code=TimeChange;action=Pulse;index=-1;data=5");
}

TEST_CASE("multipart: the length counts the body and one line end") {
  for (const std::size_t size : {0u, 1u, 1000u}) {
    const DeviceEvent e{"X", "Pulse", 3, std::string(size, 'y')};
    const std::string part = event_part(e);
    const std::size_t at = part.find("Content-Length: ") + 16;
    CHECK(std::stoul(part.substr(at)) == event_text(e).size() + 2);
    CHECK(part.substr(part.find("\r\n\r\n") + 4) == event_text(e) + "\r\n\r\n");
  }
}

TEST_CASE("multipart: each thing that devices do wrong") {
  CHECK(event_part(kMotion, shaped(R"({"headers":1})")) ==
        "--myboundary\r\nContent-Length: 39\r\n\r\nCode=VideoMotion;action=Start;index=0\r\n\r\n");
  CHECK(event_part(kMotion, shaped(R"({"headers":1,"length":"none"})")) ==
        "--myboundary\r\nContent-Type: text/plain\r\n\r\nCode=VideoMotion;action=Start;index=0\r\n\r\n");
  CHECK(event_part(kMotion, shaped(R"({"headers":3})")).find("\r\nCache-Control: no-cache\r\n") !=
        std::string::npos);
  CHECK(event_part(kMotion, shaped(R"({"length":"tight"})")).find("Content-Length:39\r\n") !=
        std::string::npos);
  CHECK(event_part(kMotion, shaped(R"({"off":-2})")).find("Content-Length: 37\r\n") != std::string::npos);
  CHECK(event_part(kMotion, shaped(R"({"off":-100})")).find("Content-Length: 0\r\n") != std::string::npos);
  CHECK(event_part(kMotion, shaped(R"({"no_blank":true})")) ==
        "--myboundary\r\nContent-Type: text/plain\r\nContent-Length: 39\r\n"
        "Code=VideoMotion;action=Start;index=0\r\n\r\n");
  CHECK(event_part(kMotion, shaped(R"({"boundary_space":true})")).rfind("-- myboundary\r\n", 0) == 0);
  CHECK(event_part(kMotion, shaped(R"({"response":true})")) == multipart_head() + event_part(kMotion));
  CHECK(event_text(kMotion, shaped(R"({"no_index":true})")) == "Code=VideoMotion;action=Start");
  CHECK(event_text(kMotion, shaped(R"({"unknown_pairs":true})")) ==
        "Code=VideoMotion;action=Start;index=0;ts=12345;reason=");
  const std::string whole = event_part(kMotion), cut = event_part(kMotion, shaped(R"({"cut":true})"));
  CHECK(cut == whole.substr(0, whole.size() / 2));
  CHECK(heartbeat_part(shaped(R"({"length":"none","no_blank":true})")) ==
        "--myboundary\r\nContent-Type: text/plain\r\nHeartbeat\r\n\r\n");
}

TEST_CASE("multipart: lists of codes") {
  using Codes = std::vector<std::string>;
  CHECK(split_codes("[VideoMotion,AlarmLocal]") == Codes{"VideoMotion", "AlarmLocal"});
  CHECK(split_codes("[ VideoMotion , AlarmLocal ]") == Codes{"VideoMotion", "AlarmLocal"});
  CHECK(split_codes("All") == Codes{"All"});
  CHECK(split_codes("[]").empty());
  CHECK(split_codes("").empty());
  CHECK(split_codes(std::string(100000, ',')).empty());
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "C" + std::to_string(i) + ",";
  CHECK(split_codes(many).size() == 256);
  CHECK(holds_code({"All"}, "AnyThing"));
  CHECK(holds_code({"VideoMotion"}, "VideoMotion"));
  CHECK_FALSE(holds_code({"VideoMotion"}, "VideoMotionInfo"));
  CHECK_FALSE(holds_code({}, "VideoMotion"));
}

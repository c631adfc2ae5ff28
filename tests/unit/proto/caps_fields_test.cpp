// CGI lines as JSON, and back; the lenient readers.
#include "proto/caps/fields.hpp"

#include <catch2/catch.hpp>

using namespace dmss;
using namespace dmss::proto;
using namespace dmss::proto::caps;

namespace {

Json tree(std::string_view body) {
  const auto lines = cgi::parse_kv(body);
  REQUIRE(lines);
  return to_tree(*lines);
}

}  // namespace

TEST_CASE("key=value lines become the JSON they flatten, and again the same lines") {
  const Json t = tree(
      "table.VideoColor[0][0].Brightness=50\r\ntable.VideoColor[0][0].TimeSection=1 00:00:00-24:00:00\r\n"
      "table.VideoColor[0][1].Brightness=60\r\nresult=1\r\n");
  CHECK(t == Json::parse(R"({"table":{"VideoColor":[[{"Brightness":"50","TimeSection":"1 00:00:00-24:00:00"},
                             {"Brightness":"60"}]]},"result":"1"})"));
  const auto lines = to_lines(t["table"]["VideoColor"][0], "VideoColor[0]");
  REQUIRE(lines.lines.size() == 3);
  CHECK(lines.lines[0] == std::pair<std::string, std::string>("VideoColor[0][0].Brightness", "50"));
  CHECK(lines.lines[2].first == "VideoColor[0][1].Brightness");
}

TEST_CASE("numbers and booleans are written as devices spell them, null is left out") {
  const auto lines = to_lines(Json::parse(R"({"a":true,"b":1.5,"c":null,"d":[1,"x y"]})"), "T");
  CHECK(lines.body() == "T.a=true\r\nT.b=1.5\r\nT.d[0]=1\r\nT.d[1]=x y\r\n");
}

TEST_CASE("an index that a line skips is null") {
  CHECK(tree("caps[2].A=1") == Json::parse(R"({"caps":[null,null,{"A":"1"}]})"));
}

TEST_CASE("keys of no such form, and lines that contradict others, are left out") {
  for (const char* line : {"[0].A=1", "A[=1", "A[x]=1", "A[-1]=1", "A..B=1", ".A=1", "A]B=1", "A[0]B=1",
                           "A[1024]=1", "A[99999999999999999999]=1", "a.b.c.d.e.f.g.h.i.j.k.l.m=1", "=1"}) {
    CAPTURE(line);
    const Json t = tree(std::string(line) + "\nB=2");
    CHECK(t["B"] == "2");
    CHECK(t.size() <= 2);
    if (line != std::string_view("A]B=1")) CHECK(t.size() == 1);
  }
  CHECK(tree("A=1\nA.B=2\nA=3\nA[0]=4") == Json::parse(R"({"A":"1"})"));
}

TEST_CASE("a tree of lines stays within its bound whatever the indexes") {
  std::string body;
  for (int i = 0; i < 20000; ++i) body += "a" + std::to_string(i) + "[1023][1023][1023][1023]=1\n";
  const Json t = tree(body);
  CHECK(t.size() <= kMaxNodes / kMaxIndex);
}

TEST_CASE("flags, numbers and lists are read in every spelling") {
  const Json j =
      Json::parse(R"({"t":"True","f":"false","one":1,"zero":"0","yes":true,"word":"maybe","x":"30.000000",
                                 "huge":1e300,"list":["A",3,null,""],"text":"A, B,,C","n":7})");
  CHECK(flag(j, "t") == true);
  CHECK(flag(j, "f") == false);
  CHECK(flag(j, "one") == true);
  CHECK(flag(j, "zero") == false);
  CHECK(flag(j, "yes") == true);
  CHECK_FALSE(flag(j, "word"));
  CHECK_FALSE(flag(j, "absent"));
  CHECK(integer(j, "x") == 30);
  CHECK_FALSE(integer(j, "huge"));
  CHECK(text_list(&j["list"]) == std::vector<std::string>{"A", "3"});
  CHECK(text_list(&j["text"]) == std::vector<std::string>{"A", "B", "C"});
  CHECK(text_list(&j["n"]) == std::vector<std::string>{"7"});
  CHECK(text_list(nullptr).empty());
}

TEST_CASE("a list and its items are bounded") {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += std::string(1000, 'x') + ",";
  const Json j = text;
  const auto items = text_list(&j);
  CHECK(items.size() == kMaxListItems);
  CHECK(items[0].size() == kMaxItemBytes);
}

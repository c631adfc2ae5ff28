#include "proto/cgi/tree.hpp"

#include <catch2/catch.hpp>

using namespace dmss;
using namespace dmss::proto::cgi;
using dmss::proto::rpc::Json;

namespace {

Json tree(std::string_view text) {
  const auto lines = parse_kv(text);
  REQUIRE(lines);
  const auto made = to_tree(*lines);
  REQUIRE(made);
  return *made;
}

}  // namespace

TEST_CASE("CGI tree: lines become objects and lists, also with two indexes side by side") {
  const Json t = tree(
      "table.Lighting[0][0].Mode=Auto\r\ntable.Lighting[0][0].MiddleLight[0].Light=50\r\n"
      "table.General.MachineName=Gate\r\n");
  CHECK(t["table"]["Lighting"][0][0]["Mode"] == "Auto");
  CHECK(t["table"]["Lighting"][0][0]["MiddleLight"][0]["Light"] == 50);
  CHECK(t["table"]["General"]["MachineName"] == "Gate");
}

TEST_CASE("CGI tree: rows that are not told are null, as over JSON-RPC") {
  const Json t = tree("table.Alarm[2].Enable=true\n");
  REQUIRE(t["table"]["Alarm"].size() == 3);
  CHECK(t["table"]["Alarm"][0].is_null());
  CHECK(t["table"]["Alarm"][1].is_null());
  CHECK(t["table"]["Alarm"][2]["Enable"] == true);
}

TEST_CASE("CGI tree: types are told by spelling, and only by the spellings of programs") {
  CHECK(to_json_leaf("true") == Json(true));
  CHECK(to_json_leaf("false") == Json(false));
  CHECK(to_json_leaf("-12") == Json(-12));
  CHECK(to_json_leaf("30.000000") == Json(30.0));
  CHECK(to_json_leaf("30.000000").is_number_float());
  CHECK(to_json_leaf("12.5") == Json(12.5));
  for (const char* text : {"007", "+5", "1.50", "1e5", "True", "", " 1", "1 00:00:00-23:59:59", "00.000000",
                           "99999999999999999999", ".5", "5.", "-", "192.0.2.1"})
    CHECK(to_json_leaf(text) == Json(text));
}

TEST_CASE("CGI tree: leaves are spelled in the manner they had") {
  CHECK(spell(25.0, "30.000000") == "25.000000");
  CHECK(spell(25, "30.000000") == "25.000000");
  CHECK(spell(25, "30") == "25");
  CHECK(spell(true, "0") == "1");
  CHECK(spell(true, "false") == "true");
  CHECK(spell("abc", "30.000000") == "abc");
  CHECK(spell(12.5) == "12.5");
  CHECK(spell(to_json_leaf("30.5516151615"), "30.5516151615") == "30.5516151615");
  CHECK(spell(0.000001) == "0.000001");
  CHECK(spell(30.0) == "30.0");
  CHECK(to_json_leaf("123456789012345.123456").is_string());
}

TEST_CASE("CGI tree: flattened it gives the lines back") {
  const std::string text =
      "table.A.b=true\r\ntable.A.c[0]=1\r\ntable.A.c[1]=2\r\ntable.A.d[0][1].e=x\r\ntable.A.f=7.5\r\n";
  KeyValues lines;
  flatten(tree(text), "", lines);
  CHECK(lines.body() == text);
  lines = {};
  flatten(tree(text)["table"]["A"], "table.A", lines);
  CHECK(lines.body() == text);
  lines = {};
  flatten(Json{{"list", Json::array()}, {"none", nullptr}}, "table.A", lines);
  CHECK(lines.lines.empty());
}

TEST_CASE("CGI tree: senseless keys are skipped, of two lines for a place the first counts") {
  const Json t = tree(
      "[0]=1\n.a=1\na..b=1\na[x]=1\na[]=1\na[1=1\na]b=1\na[0]b=1\na.=1\n=1\n"
      "v=1\nv=2\nv.w=3\nv[0]=4\nl[0]=1\nl.x=2\n");
  CHECK(t == Json{{"v", 1}, {"l", {1}}});
}

TEST_CASE("CGI tree: depth, indexes and rows are bounded") {
  const auto fails = [](const std::string& text) {
    const auto lines = parse_kv(text);
    REQUIRE(lines);
    return to_tree(*lines).error();
  };
  CHECK(fails("a[4096]=1") == Errc::too_large);
  CHECK(fails("a[99999999999999999999999]=1") == Errc::too_large);
  CHECK_FALSE(fails("a[4095]=1"));
  std::string deep = "a";
  for (int i = 0; i < 40; ++i) deep += ".a";
  CHECK(fails(deep + "=1") == Errc::too_large);
  std::string wide;
  for (int i = 0; i < 60; ++i) wide += "a" + std::to_string(i) + "[4095]=1\n";
  CHECK(fails(wide) == Errc::too_large);
  CHECK(fails(std::string(600, 'a') + "=1") == Errc::ok);  // skipped
}

TEST_CASE(
    "CGI tree: answers that are only read keep their texts, and what is beyond the limits is left out") {
  const auto texts = [](const std::string& body) {
    const auto lines = parse_kv(body);
    REQUIRE(lines);
    return to_text_tree(*lines);
  };
  CHECK(texts("caps[1].SerialNo=007\r\ncaps[1].FPSMax=25\r\nflag=true\r\nflag.x=1\r\n[0].A=1\r\n") ==
        Json::parse(R"({"caps":[null,{"SerialNo":"007","FPSMax":"25"}],"flag":"true"})"));
  CHECK(texts("a[4096]=1\nb[99999999999999999999]=1\nc=2") == Json{{"c", "2"}});
  std::string wide;
  for (int i = 0; i < 60; ++i) wide += "a" + std::to_string(i) + "[4095][4095][4095][4095]=1\n";
  CHECK(texts(wide).size() <= kMaxTreeNodes / kMaxTreeIndex);
}

#include <catch2/catch.hpp>

#include "proto/cgi/channel_names.hpp"
#include "proto/cgi/kv.hpp"
#include "proto/cgi/url.hpp"
#include "proto/rpc/codes.hpp"

using namespace dmss;
using namespace dmss::proto::cgi;
using dmss::proto::rpc::cgi_error;

TEST_CASE("key=value lines are split at the first equals sign, whatever ends them") {
  const auto kv =
      parse_kv("table.General.MachineName=a=b\r\nsn=3G0TEST0001\n\nnothing\r key =  v\rempty=\r\nsn=second");
  REQUIRE(kv);
  CHECK(kv->get("table.General.MachineName") == "a=b");
  CHECK(kv->get("sn") == "3G0TEST0001");
  CHECK(kv->get("key") == "  v");
  CHECK(kv->get("empty") == "");
  CHECK_FALSE(kv->get("nothing"));
  CHECK(kv->lines.size() == 5);
}

TEST_CASE("numbers of key=value lines are whole or absent") {
  const auto kv = parse_kv("a=12\nb=-3\nc=1x\nd=\ne=99999999999999999999");
  REQUIRE(kv);
  CHECK(kv->number("a") == 12);
  CHECK(kv->number("b") == -3);
  for (const char* k : {"c", "d", "e", "f"}) CHECK_FALSE(kv->number(k));
}

TEST_CASE("key=value lines are written as devices write them") {
  KeyValues kv;
  kv.add("type", "IPC-HDBW1230E-S4");
  CHECK(kv.body() == "type=IPC-HDBW1230E-S4\r\n");
  kv.add("a[0].b", "=x");
  const auto back = parse_kv(kv.body());
  REQUIRE(back);
  CHECK(back->lines == kv.lines);
}

TEST_CASE("key=value text is bounded") {
  CHECK(parse_kv(std::string(kMaxKvBytes + 1, 'a')).error() == Errc::too_large);
  std::string many;
  for (std::size_t i = 0; i <= kMaxKvLines; ++i) many += "a=\n";
  CHECK(parse_kv(many).error() == Errc::too_large);
}

TEST_CASE("queries put action first, keep brackets and write spaces as %20") {
  Query q;
  q.add("Encode[0].MainFormat[1].Video", "1 & 2+3").add("name", "K\xc3\xbc=%");
  CHECK(
      cgi_path("configManager", "setConfig", q) ==
      "/cgi-bin/"
      "configManager.cgi?action=setConfig&Encode[0].MainFormat[1].Video=1%20%26%202%2B3&name=K%C3%BC%3D%25");
  CHECK(cgi_path("magicBox", "getDeviceType") == "/cgi-bin/magicBox.cgi?action=getDeviceType");
  CHECK(encode("2024-01-02 03:04:05") == "2024-01-02%2003:04:05");
}

TEST_CASE("queries are read with plus, percent and broken percent signs") {
  const Query q = Query::parse("action=getConfig&name=a+b%20c&x=%zz%4&flag&=v&&b%5B0%5D=1");
  CHECK(q.get("action") == "getConfig");
  CHECK(q.get("name") == "a b c");
  CHECK(q.get("x") == "%zz%4");
  CHECK(q.get("flag") == "");
  CHECK(q.get("") == "v");
  CHECK(q.get("b[0]") == "1");
  CHECK(Query::parse("").pairs().empty());
  std::string many;
  for (std::size_t i = 0; i < 2 * kMaxQueryPairs; ++i) many += "a=&";
  CHECK(Query::parse(many).pairs().size() == kMaxQueryPairs);
}

TEST_CASE("every byte survives encoding") {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  CHECK(decode(encode(all)) == all);
}

TEST_CASE("request targets come apart in both forms") {
  const Target t = parse_target("/cgi-bin/magicBox.cgi?action=getSystemInfo#x");
  CHECK(t.path == "/cgi-bin/magicBox.cgi");
  CHECK(t.query.get("action") == "getSystemInfo");
  CHECK(parse_target("http://192.0.2.1:80/a%20b+c?d=1").path == "/a b+c");
  CHECK(parse_target("http://192.0.2.1").path == "/");
  CHECK(parse_target("/x?u=http://y/z").path == "/x");
  CHECK(parse_target("").path.empty());
}

TEST_CASE("successful CGI answers are no errors") {
  CHECK_FALSE(cgi_error(200, "OK\r\n"));
  CHECK_FALSE(cgi_error(200, ""));
  CHECK_FALSE(cgi_error(200, "ErrorCode=0\r\nErrors=0\r\n"));
  CHECK_FALSE(cgi_error(200, "Errors=0"));
  CHECK_FALSE(cgi_error(200, "sn=1\r\nError\r\n"));
  CHECK_FALSE(cgi_error(200, "Error", "image/jpeg"));
}

TEST_CASE("CGI refusals are told apart by status and body") {
  CHECK(cgi_error(200, "Error\r\n") == Errc::device_error);
  CHECK(cgi_error(200, " ERROR \r\nsecond line") == Errc::device_error);
  CHECK(cgi_error(400, "Error\r\nBad Request!\r\n") == Errc::device_error);
  CHECK(cgi_error(400, "Error\r\nBad Request!\r\n").device_text() == "Error Bad Request!");
  CHECK(cgi_error(400, "Error\r\nBad Request!\r\n").device_code() == 400);
  CHECK(cgi_error(501, "Error\r\nNot Implemented!\r\n") == Errc::unsupported);
  CHECK(cgi_error(404, "") == Errc::unsupported);
  CHECK(cgi_error(200, "Error\r\nErrorID=2, Detail=Invalid Request!\r\n") == Errc::device_error);
  CHECK(cgi_error(401, "Error\r\nInvalid Authority!\r\n") == Errc::wrong_password);
  CHECK(cgi_error(200, "Error: Error -1 getting param in name=Foo\r\n") == Errc::device_error);
  CHECK(cgi_error(200, "Error: No Events") == Errc::device_error);
  CHECK(cgi_error(500, std::string(100000, 'x')).device_text().size() <= 4096);
}

TEST_CASE("a locked account is told with its seconds, in JSON and in words") {
  const Error json = cgi_error(403, R"({"ErrorCode":268632081,"Result":false,"RmLock":1800,"RmLogin":0})");
  CHECK(json == Errc::locked);
  CHECK(json.seconds_left() == 1800);
  CHECK(json.device_code() == 268632081);
  for (int status : {401, 403}) {
    const Error words = cgi_error(status, "Error\r\nUser Locked! Please try again after 30 minutes.");
    CHECK(words == Errc::locked);
    CHECK(words.seconds_left() == 1800);
  }
  CHECK(cgi_error(401, "User Locked! Please try again after 45 seconds.").seconds_left() == 45);
}

TEST_CASE("a missing right is told in both forms") {
  const std::string_view json =
      R"({"error":{"code":403,"message":"Authority:check failure."},"result":false})";
  CHECK(cgi_error(403, json) == Errc::no_permission);
  CHECK(cgi_error(403, "Authority:check failure.\r\n") == Errc::no_permission);
  CHECK(cgi_error(403, R"({"odd":true})") == Errc::no_permission);
  CHECK(cgi_error(403, R"({"ErrorCode":5})") == Errc::no_permission);
  CHECK(proto::rpc::is_authority_failure(json));
  CHECK_FALSE(proto::rpc::is_authority_failure("Error"));
}

TEST_CASE("a channel's name stands at its index, whatever rows are left out") {
  const auto names = [](const char* body) { return channel_names(*parse_kv(body)); };
  CHECK(names("table.ChannelTitle[0].Name=Gate\r\ntable.ChannelTitle[1].Name=Yard\r\n") ==
        std::vector<std::string>{"Gate", "Yard"});
  CHECK(names("table.ChannelTitle[3].Name=Roof\r\ntable.ChannelTitle[1].Name=Yard\r\n") ==
        std::vector<std::string>{"", "Yard", "", "Roof"});
  CHECK(names("table.ChannelTitle[0].Name=Gate\r\ntable.ChannelTitle[0].SerialNo=x\r\n"
              "table.ChannelTitle[x].Name=no\r\ntable.ChannelTitle[99999999].Name=no\r\n") ==
        std::vector<std::string>{"Gate"});
  CHECK(names("Error\r\n").empty());
}

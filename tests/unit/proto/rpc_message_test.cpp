#include "proto/rpc/message.hpp"

#include <catch2/catch.hpp>

using namespace std::string_view_literals;
using namespace dmss;
using namespace dmss::proto::rpc;

namespace {
template <class T>
T as(std::string_view text) {
  auto m = parse_message(text);
  REQUIRE(m);
  REQUIRE(std::holds_alternative<T>(*m));
  return std::get<T>(*m);
}
}  // namespace

TEST_CASE("a request is written with what it has and read back the same") {
  Request r;
  r.method = "global.keepAlive";
  r.params = Json{{"timeout", 30}};
  r.id = 7;
  CHECK(dump(r.to_json()) == R"({"id":7,"method":"global.keepAlive","params":{"timeout":30}})");
  r.session = 1143535103;
  r.object = 12;
  r.magic = "0x1234";
  r.extra = Json{{"seq", 99}};
  const std::string text = dump(r.to_json());
  CHECK(
      text ==
      R"({"id":7,"magic":"0x1234","method":"global.keepAlive","object":12,"params":{"timeout":30},"seq":99,"session":1143535103})");
  const Request back = as<Request>(text);
  CHECK(back.to_json() == r.to_json());
  CHECK(back.extra == Json{{"seq", 99}});
}

TEST_CASE("sessions keep the type they came with") {
  CHECK(as<Request>(R"({"method":"a","params":null,"id":1,"session":"8acf34e5"})").session == "8acf34e5");
  CHECK(as<Request>(R"({"method":"a","params":null,"id":1,"session":2147483643})").session == 2147483643u);
  CHECK(as<Request>(R"({"method":"a","id":1})").session.is_null());
  CHECK(as<Reply>(R"({"result":true,"id":1,"session":"x"})").to_json()["session"] == "x");
}

TEST_CASE("results come as flags, handles and texts") {
  CHECK(as<Reply>(R"({"id":2,"result":true,"params":{"keepAliveInterval":60}})").ok());
  const Reply handle = as<Reply>(R"({"id":3,"result":4660,"params":null,"session":1})");
  CHECK(handle.ok());
  CHECK(handle.handle() == 4660);
  const Reply text = as<Reply>(R"({"id":3,"result":"2023-02-06 00:00:00"})");
  CHECK(text.ok());
  CHECK(text.result == "2023-02-06 00:00:00");
  CHECK_FALSE(text.handle());
  CHECK_FALSE(as<Reply>(R"({"id":3,"result":0})").handle());
  CHECK_FALSE(as<Reply>(R"({"id":3,"result":true})").handle());
  CHECK(as<Reply>(R"({"id":3,"params":{"a":1}})").ok());
  CHECK(as<Reply>(R"({"id":3,"result":true,"error":{"code":0,"message":"OK"}})").ok());
}

TEST_CASE("refusals are read in every shape the devices have") {
  const Reply nested = as<Reply>(
      R"({"error":{"code":268632085,"message":"Component error: User or password not valid!"},"id":3,"params":{"remainLockSecond":0,"remainLoginTimes":2},"result":false,"session":2147483643})");
  CHECK_FALSE(nested.ok());
  CHECK(nested.code == 268632085);
  CHECK(nested.message == "Component error: User or password not valid!");
  CHECK(nested.tries_left() == 2);
  CHECK(nested.lock_seconds() == 0);
  const Reply flat = as<Reply>(R"({"result":false,"errCode":287638033,"message":"Request length error!"})");
  CHECK_FALSE(flat.ok());
  CHECK(flat.code == 287638033);
  CHECK(flat.message == "Request length error!");
  const Reply old = as<Reply>(R"({"result":false,"params":{"error":"PasswordNotValid"},"id":"4"})");
  CHECK_FALSE(old.ok());
  CHECK(old.message == "PasswordNotValid");
  CHECK(old.id == 4);
  CHECK_FALSE(as<Reply>(R"({"id":1,"result":false})").ok());
  CHECK_FALSE(as<Reply>(R"({"id":1,"error":{"code":404}})").ok());
  // Data of a method's own is not an error.
  CHECK(as<Reply>(R"({"id":1,"result":true,"message":"hello","params":{"error":"none"}})").ok());
}

TEST_CASE("a table at top level is found where the others keep it") {
  CHECK(as<Reply>(R"({"id":1,"result":true,"table":[{"Name":"A"}]})").params["table"][0]["Name"] == "A");
  CHECK(as<Reply>(R"({"id":1,"result":true,"params":null,"table":{"x":1}})").params["table"]["x"] == 1);
  CHECK(as<Reply>(R"({"id":1,"result":true,"params":{"table":1},"table":2})").params["table"] == 1);
  // Params of a form that cannot take it stay as they are.
  CHECK(as<Reply>(R"({"id":1,"result":true,"params":[1],"table":2})").params == Json::array({1}));
}

TEST_CASE("notifications are told from requests and name their subscription") {
  const Notification n = as<Notification>(
      R"({"id":8,"method":"client.notifyEventStream","params":{"SID":513,"eventList":[{"Action":"Start","Code":"CrossRegionDetection"}]},"session":1722306858})");
  CHECK(n.method == "client.notifyEventStream");
  CHECK(n.id == 8);
  CHECK(n.sid() == 513);
  CHECK(n.params["eventList"][0]["Code"] == "CrossRegionDetection");
  CHECK(as<Notification>(dump(n.to_json())).to_json() == n.to_json());
}

TEST_CASE("replies are made from their request in both error shapes") {
  const Request r = as<Request>(R"({"id":5,"method":"x.y","params":null,"session":"s"})");
  CHECK(dump(make_reply(r, true, Json{{"a", 1}}).to_json()) ==
        R"({"id":5,"params":{"a":1},"result":true,"session":"s"})");
  const Reply e = make_error(r, 268894210, "Method not found!");
  CHECK(dump(e.to_json()) ==
        R"({"error":{"code":268894210,"message":"Method not found!"},"id":5,"result":false,"session":"s"})");
  CHECK(dump(e.to_json(Reply::ErrorShape::top_level)) ==
        R"({"errCode":268894210,"id":5,"message":"Method not found!","result":false,"session":"s"})");
  for (auto shape : {Reply::ErrorShape::nested, Reply::ErrorShape::top_level}) {
    CHECK(as<Reply>(dump(e.to_json(shape))).code == 268894210);
  }
}

TEST_CASE("broken, deep and huge JSON is refused without harm") {
  CHECK(parse_json("").error() == Errc::malformed);
  CHECK(parse_json("{\"a\":").error() == Errc::malformed);
  CHECK(parse_json("{\"a\":nope}").error() == Errc::malformed);
  CHECK(parse_json("{]").error() == Errc::malformed);
  CHECK(parse_json("{\"a\":1e999}").error() == Errc::malformed);
  CHECK(parse_json("{}{}").error() == Errc::malformed);
  CHECK(parse_json("42").error() == Errc::malformed);
  CHECK(parse_json("{} x").error() == Errc::malformed);
  CHECK(parse_json(std::string(1000000, '[')).error() == Errc::too_large);
  CHECK(parse_json(std::string(1000, '{')).error() == Errc::too_large);
  CHECK(parse_message("[1]").error() == Errc::malformed);
  CHECK(parse_json(" {\"a\":1}\n\0"sv).has_value());
}

TEST_CASE("texts that are not UTF-8 are read in their encoding, or repaired, not refused") {
  const std::string latin =
                        "{\"Name\":\"K\xfc"
                        "che\"}",
                    gbk = "{\"Name\":\"\xb4\xf3\xc3\xc5\"}";
  CHECK((*parse_json(latin))["Name"] ==
        "K\xc3\xbc"
        "che");
  CHECK((*parse_json(gbk))["Name"] == "\xe5\xa4\xa7\xe9\x97\xa8");
  // A device that cuts a long name in the middle of a character is one of UTF-8 all the same.
  const auto v =
      parse_json("{\"Name\":\"\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad\xe4\",\"B\":\"\xc3\xa4\"}");
  REQUIRE(v);
  CHECK((*v)["Name"] == "\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad\xef\xbf\xbd");
  CHECK((*v)["B"] == "\xc3\xa4");
  for (const char* bad : {"\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe4\xb8", "\x80"}) {
    const auto j = parse_json("{\"a\":\"" + std::string(bad) + "\"}");
    REQUIRE(j);
    CHECK(is_utf8((*j)["a"].get<std::string>()));
  }
  CHECK(dump(Json("\xff")) == "\"\xef\xbf\xbd\"");
}

TEST_CASE("in GBK a backslash may be half a character") {
  const std::string name = "\xb4\xf3\xc3\xc5\xdf\x5c";  // DF 5C is one character
  const std::string one = "{\"Name\":\"" + name + "\"}";
  const auto v = parse_json(one);
  REQUIRE(v);
  CHECK((*v)["Name"] == "\xe5\xa4\xa7\xe9\x97\xa8\xe9\x81\x8b");
  CHECK(split_body(one + one + "\n").objects == std::vector<std::string_view>{one, one});
  // What is an escape stays one.
  const auto quoted = parse_json("{\"Name\":\"\xb4\xf3\xc3\xc5\\\"\"}");
  REQUIRE(quoted);
  CHECK((*quoted)["Name"] == "\xe5\xa4\xa7\xe9\x97\xa8\"");
}

TEST_CASE("a request takes its params as they are, in whatever encoding") {
  Request r;
  r.method = "configManager.setConfig";
  r.id = 5;
  r.session = 7;
  CHECK(*write_request(r, "") == dump(r.to_json()));
  Request with = r;
  with.params = {{"a", 1}};
  CHECK(*write_request(r, "{\"a\":1}") == dump(with.to_json()));
  const std::string name = "{\"name\":\"\xb4\xf3\xc3\xc5\xdf\x5c\"}";
  const auto raw = write_request(r, name);
  REQUIRE(raw);
  CHECK(raw->find("\"params\":" + name) != std::string::npos);
  CHECK((*parse_json(*raw))["session"] == 7);
  CHECK(write_request(r, "{").error() == Errc::invalid_argument);
}

TEST_CASE("lenient access falls back on absence and other types") {
  const Json j =
      Json::parse(R"({"n":5,"s":"60","f":2.9,"b":true,"z":0,"big":18446744073709551615,"o":{},"x":1e300})");
  CHECK(int_or(j, "n", -1) == 5);
  CHECK(int_or(j, "s", -1) == 60);
  CHECK(int_or(j, "f", -1) == 2);
  CHECK(int_or(j, "big", -1) == -1);
  CHECK(int_or(j, "x", -1) == -1);
  CHECK(int_or(j, "o", -1) == -1);
  CHECK(int_or(Json(), "n", -1) == -1);
  CHECK(text_or(j, "s", "d") == "60");
  CHECK(text_or(j, "n", "d") == "5");
  CHECK(text_or(j, "o", "d") == "d");
  CHECK(bool_or(j, "b", false));
  CHECK(bool_or(j, "n", false));
  CHECK_FALSE(bool_or(j, "z", true));
  CHECK(bool_or(j, "o", true));
  CHECK(member(Json::array(), "a") == nullptr);
}

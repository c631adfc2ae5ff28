// Time, disks, users and log pages as devices write them (protocol http-rpc.md §4.2, §6.1, §6.3, §6.4, §10.1).
#include <catch2/catch.hpp>

#include "proto/admin/device_time.hpp"
#include "proto/admin/disks.hpp"
#include "proto/admin/log_page.hpp"
#include "proto/admin/users.hpp"

using namespace dmss;
using namespace dmss::proto::admin;
using dmss::proto::cgi::parse_kv;
using dmss::proto::rpc::Json;
using dmss::proto::rpc::parse_json;

namespace {

Json json(std::string_view text) {
  const auto value = parse_json(text);
  REQUIRE(value);
  return *value;
}

std::vector<Disk> text_disks(std::string_view body) {
  const auto values = parse_kv(body);
  REQUIRE(values);
  return read_disks(*values);
}

}  // namespace

TEST_CASE("device time is read padded and not, in 24 and in 12 hours") {
  struct Row {
    const char* text;
    const char* is;
  };
  const Row row = GENERATE(values<Row>({{"2026-07-02 19:09:25", "2026-07-02 19:09:25"},
                                        {"2020-5-18 19:42:05", "2020-05-18 19:42:05"},
                                        {" 2020-5-18  9:2:5\r\n", "2020-05-18 09:02:05"},
                                        {"2026-07-02 07:09:25 PM", "2026-07-02 19:09:25"},
                                        {"2026-07-02 12:00:01 AM", "2026-07-02 00:00:01"},
                                        {"2026-07-02 12:00:01 pm", "2026-07-02 12:00:01"},
                                        {"2026-07-02 19:09:25 PM", "2026-07-02 19:09:25"},
                                        {"2024-02-29 00:00:00", "2024-02-29 00:00:00"}}));
  CAPTURE(row.text);
  const auto time = parse_device_time(row.text);
  REQUIRE(time);
  CHECK(time->to_string() == row.is);
}

TEST_CASE("what is no time is malformed") {
  for (const char* text :
       {"",
        "2026",
        "2026-07-02",
        "2026-07-02 19:09",
        "2026-07-02 19:09:25 XM",
        "2026-07-02 19:09:255",
        "2026-02-29 00:00:00",
        "2026-13-01 00:00:00",
        "2026-01-00 00:00:00",
        "1969-12-31 23:59:59",
        "2026-07-02 24:00:00",
        "2026-07-02 00:60:00",
        "2026-07-02 00:00:60",
        "2026-07-02T19:09:25",
        "-2026-07-02 19:09:25",
        "2026-+7-02 19:09:25",
        "20260-07-02 19:09:25",
        "a",
        "2026-07-02 19:09:25 PM x",
        "2026-07-02 19:09:25                                                                 "}) {
    CAPTURE(text);
    CHECK(parse_device_time(text).error() == Errc::malformed);
  }
}

TEST_CASE("every beginning of a time is read or refused") {
  const std::string text = "2026-07-02 07:09:25 PM";
  for (std::size_t n = 0; n <= text.size(); ++n) {
    CAPTURE(n);
    const bool whole = n == 18 || n == 19 || n == 20 || n == text.size();  // 18: one digit of the second
    CHECK(parse_device_time(std::string_view(text).substr(0, n)).has_value() == whole);
  }
}

TEST_CASE("seconds of a time are right over leap days and ends of years") {
  const std::pair<const char*, std::int64_t> known[] = {
      {"1970-01-01 00:00:00", 0},          {"2000-02-28 23:59:59", 951782399},
      {"2000-02-29 00:00:00", 951782400},  {"2024-02-28 23:06:05", 1709161565},
      {"2026-07-02 19:09:25", 1783019365}, {"2099-12-31 23:59:59", 4102444799}};
  for (const auto& [text, seconds] : known) {
    CAPTURE(text);
    CHECK(seconds_of(parse_device_time(text).value()) == seconds);
  }
}

TEST_CASE("disks are read from key=value text with either prefix") {
  const std::string prefix = GENERATE("list.info[0].", "list[0].");
  const std::vector<Disk> disks = text_disks(
      prefix + "Name=/dev/sda\r\n" + prefix + "State=Success\r\n" + prefix + "HealthDataFlag=0\r\n" + prefix +
      "Detail[0].Path=/dev/sda0\r\n" + prefix + "Detail[0].Type=ReadWrite\r\n" + prefix +
      "Detail[0].IsError=false\r\n" + prefix + "Detail[0].TotalBytes=495636709376.000000\r\n" + prefix +
      "Detail[0].UsedBytes=495636709376.000000\r\n" + prefix + "Detail[1].TotalBytes=1000.5\r\n" + prefix +
      "Detail[1].UsedBytes=400\r\n");
  REQUIRE(disks.size() == 1);
  const Disk& d = disks[0];
  CHECK(d.name == "/dev/sda");
  CHECK(d.state == "Success");
  CHECK(d.healthy);
  CHECK(d.total == 495636710376U);
  CHECK(d.free == 600);
  REQUIRE(d.partitions.size() == 2);
  CHECK(d.partitions[0].path == "/dev/sda0");
  CHECK(d.partitions[0].type == "ReadWrite");
  CHECK(d.partitions[0].used == d.partitions[0].total);
}

TEST_CASE("a disk in another state, or with a partition in error, is not healthy") {
  CHECK_FALSE(text_disks("list.info[0].State=Error\r\n")[0].healthy);
  CHECK_FALSE(text_disks("list.info[0].State=Success\r\nlist.info[0].Detail[0].IsError=true\r\n")[0].healthy);
  CHECK(text_disks("list.info[0].Name=x\r\n")[0].healthy);
}

TEST_CASE("disks are read from JSON in both shapes, and in the newer one") {
  const std::string row =
      R"([null,{"Name":"/dev/sda","State":"Success","Detail":[{"Path":"/dev/sda0","Type":"ReadWrite",)"
      R"("TotalBytes":1000.0,"UsedBytes":"250.000000","IsError":false},null]}])";
  for (const std::string& text : {row, R"({"info":)" + row + "}"}) {
    const auto disks = read_disks(json(text));
    REQUIRE(disks);
    REQUIRE(disks->size() == 1);
    CHECK(disks->front().total == 1000);
    CHECK(disks->front().free == 750);
    CHECK(disks->front().partitions.size() == 1);
  }
  CHECK(read_disks(json(R"({"info":null})"))->empty());
  CHECK(read_disks(Json(nullptr)).error() == Errc::malformed);
  CHECK(read_disks(json(R"({"info":7})")).error() == Errc::malformed);

  const auto newer = read_device_infos(
      json(R"({"device":[{"Name":"/dev/sda","Partitions":[{"Total":900,"Remain":100}]}]})"));
  REQUIRE(newer);
  CHECK(newer->front().partitions[0].used == 800);
  CHECK(newer->front().free == 100);
  CHECK(read_device_infos(json(R"({"device":null})"))->empty());
  CHECK(read_device_infos(json("{}")).error() == Errc::malformed);
}

TEST_CASE("sizes and numbers that no disk has do no harm") {
  const std::vector<Disk> disks = text_disks(
      "list.info[7].Detail[0].TotalBytes=1e300\r\nlist.info[7].Detail[1].TotalBytes=1e300\r\n"
      "list.info[7].Detail[2].TotalBytes=1e300\r\nlist.info[7].Detail[2].UsedBytes=1e301\r\n"
      "list.info[7].Detail[3].TotalBytes=-5\r\nlist.info[7].Detail[4].TotalBytes=nan\r\n"
      "list.info[99999999999999999999].Name=x\r\nlist.info[-1].Name=x\r\nlist.info[1.Name=x\r\nlist.info["
      "\r\nlist=\r\n");
  REQUIRE(disks.size() == 1);
  CHECK(disks[0].total == UINT64_MAX);
  CHECK(disks[0].partitions[3].total == 0);
  CHECK(disks[0].partitions[4].total == 0);
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "list[" + std::to_string(i) + "].Name=d\n";
  CHECK(text_disks(many).size() == kMaxDisks);
}

TEST_CASE("users are read from text and JSON, and bounded") {
  const auto values = parse_kv(
      "users[3].Name=admin\r\nusers[3].ID=12\r\nusers[3].ClientAddress=192.0.2.9\r\nusers[0].Name="
      "op\r\nusers[x].Name=no\r\n"
      "users[1]Name=no\r\nresult=1\r\n");
  REQUIRE(values);
  const std::vector<OnlineUser> users = read_users(*values);
  REQUIRE(users.size() == 2);
  CHECK(users[0].name == "admin");
  CHECK(users[0].id == 12);
  CHECK(users[0].address == "192.0.2.9");
  CHECK(users[1].name == "op");

  const auto listed = read_users(json(R"([{"Name":"a\u0001b","ID":"9"},7,{"Id":3,"Name":5}])"));
  REQUIRE(listed);
  REQUIRE(listed->size() == 2);
  CHECK((*listed)[0].name == "a b");
  CHECK((*listed)[0].id == 9);
  CHECK((*listed)[1].id == 3);
  CHECK(read_users(json(R"({"users":{}})")).error() == Errc::malformed);
  CHECK(read_users(Json(std::vector<Json>(5000, Json::object())))->size() == kMaxUsers);
}

TEST_CASE("a log page is the first list of objects in its answer") {
  for (const char* text : {R"({"found":1,"items":[{"Time":"t","Type":"y","User":"u","Detail":{"a":1}}]})",
                           R"({"found":1,"infos":[{"Time":"t","Type":"y","User":"u","Detail":{"a":1}}]})",
                           R"([{"Time":"t","Type":"y","User":"u","Detail":{"a":1}}])"}) {
    CAPTURE(text);
    const std::vector<LogEntry> entries = read_log_page(json(text), 100);
    REQUIRE(entries.size() == 1);
    CHECK(entries[0].time + entries[0].type + entries[0].user == "tyu");
    CHECK(json(entries[0].json)["Detail"]["a"] == 1);
  }
  for (const char* text : {"{}", R"({"items":null})", R"({"items":[]})", R"({"items":[1,2]})"}) {
    CAPTURE(text);
    CHECK(read_log_page(json(text), 100).empty());
  }
  CHECK(read_log_page(Json(nullptr), 100).empty());
  CHECK(read_log_page(Json(std::vector<Json>(50, Json::object())), 20).size() == 20);
}

TEST_CASE("a log search says what it wants") {
  LogQuery q;
  q.begin = {2026, 4, 29, 0, 0, 0};
  q.end = {2026, 4, 30, 0, 0, 0};
  CHECK(log_condition(q) ==
        json(R"({"condition":{"StartTime":"2026-04-29 00:00:00","EndTime":"2026-04-30 00:00:00",)"
             R"("Translate":true,"Order":"Descent"}})"));
  q.types = {"Event.VideoMotion.Start"};
  q.newest_first = false;
  CHECK(log_condition(q)["condition"]["Types"] == json(R"(["Event.VideoMotion.Start"])"));
  CHECK(log_condition(q)["condition"]["Order"] == "Ascent");
  CHECK(log_seek("t", 100, 50) == json(R"({"token":"t","offset":100,"count":50})"));
}

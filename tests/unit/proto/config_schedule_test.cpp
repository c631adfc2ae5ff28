#include <catch2/catch.hpp>

#include "proto/config/schedule.hpp"

using namespace dmss;
using namespace dmss::proto::config;

namespace {

Json week_of(const std::string& day, int days = 7) {
  Json week = Json::array();
  for (int i = 0; i < days; ++i) week.push_back(Json::parse(day));
  return Json{{"TimeSection", week}};
}

Error write(const Schedule& value, const Schedule& before, Json& row) {
  Error error;
  Edit edit(error, "", &row);
  apply_schedule(value, before, "TimeSection", edit);
  return error;
}

Error check(const Schedule& value, const Schedule& before, std::uint32_t bits) {
  Ranges r;
  check_schedule(value, before, bits, "period", r);
  return r.error();
}

}  // namespace

TEST_CASE("time sections: mask and times; both spellings of midnight end the day") {
  CHECK(parse_time_section("1 08:01:45-16:16:22") == TimePeriod{28905, 58582, 1});
  CHECK(parse_time_section("6 00:00:00-23:59:59") == TimePeriod{0, 86400, 6});
  CHECK(parse_time_section("39 00:00:00-24:00:00") == TimePeriod{0, 86400, 39});
  CHECK(parse_time_section("0 00:00:00-00:00:00") == TimePeriod{0, 0, 0});
  CHECK(parse_time_section("  1  8:00:00 - 9:30 ") == TimePeriod{28800, 34200, 1});
  CHECK(parse_time_section("4294967295 00:00:00-24:00:00")->mask == 4294967295u);
}

TEST_CASE("time sections: anything else is none") {
  for (const char* text :
       {"", "1", "1 ", "1 00:00:00", "1 00:00:00-", "1 00:00:00-24:00:01", "1 25:00:00-26:00:00",
        "1 00:60:00-01:00:00", "-1 00:00:00-24:00:00", "4294967296 00:00:00-24:00:00", "1 00:00:00-24:00:00x",
        "x 00:00:00-24:00:00", "1 00-24", "1,00:00:00-24:00:00"})
    CHECK_FALSE(parse_time_section(text));
}

TEST_CASE("time sections are written with one blank and no padding of the mask") {
  CHECK(write_time_section({28905, 58582, 1}) == "1 08:01:45-16:16:22");
  CHECK(write_time_section({0, 86400, 39}) == "39 00:00:00-23:59:59");
  CHECK(write_time_section({0, 86400, 39}, "24:00:00") == "39 00:00:00-24:00:00");
  CHECK(same_time_section("1 00:00:00-23:59:59", "1 00:00:00-24:00:00"));
  CHECK(same_time_section("0 00:00:00-23:59:59", "0 10:00:00-11:00:00"));
  CHECK_FALSE(same_time_section("1 00:00:00-23:59:59", "1 00:00:00-23:59:58"));
  CHECK_FALSE(same_time_section("abc", "abc"));
}

TEST_CASE("schedule: seven rows, eight with a holiday, broken ones are unused") {
  const Json seven = week_of(R"(["1 00:00:00-12:00:00","2 12:00:00-24:00:00","broken",7,null])");
  const Schedule s = read_schedule(&seven["TimeSection"]);
  CHECK_FALSE(s.holiday);
  for (const auto& day : s.days) {
    CHECK(day[0] == TimePeriod{0, 43200, 1});
    CHECK(day[1] == TimePeriod{43200, 86400, 2});
    for (std::size_t i = 2; i < 6; ++i) CHECK(day[i] == TimePeriod{});
  }
  Json eight = week_of(R"(["1 00:00:00-24:00:00"])", 8);
  CHECK(read_schedule(&eight["TimeSection"]).holiday.has_value());
  eight["TimeSection"][7] = nullptr;
  CHECK_FALSE(read_schedule(&eight["TimeSection"]).holiday);
  CHECK(read_schedule(nullptr) == Schedule());
  const Json text = "x";
  CHECK(read_schedule(&text) == Schedule());
  const Json sparse = Json::parse(R"([null,null,["1 01:00:00-02:00:00"]])");
  CHECK(read_schedule(&sparse).days[2][0].mask == 1);
  CHECK(read_schedule(&sparse).days[0][0].mask == 0);
}

TEST_CASE(
    "schedule: writing touches only what differs, keeps what is beyond the sixth period and midnight's "
    "spelling") {
  for (const char* midnight : {"23:59:59", "24:00:00"}) {
    std::string day = R"(["1 00:00:00-)" + std::string(midnight) + "\"";
    for (int i = 1; i < 8; ++i) day += ",\"0  0:00:00-" + std::string(midnight) + '"';
    day += "]";
    const Json before_row = week_of(day);
    const Schedule before = read_schedule(&before_row["TimeSection"]);
    Schedule value = before;
    value.days[3][1] = {36000, 86400, 1};
    value.days[3][0] = {0, 36000, 1};
    Json row = before_row;
    REQUIRE_FALSE(write(value, before, row));
    Json expected = before_row;
    expected["TimeSection"][3][0] = "1 00:00:00-10:00:00";
    expected["TimeSection"][3][1] = "1 10:00:00-" + std::string(midnight);
    CHECK(row == expected);
    CHECK(row["TimeSection"][3].size() == 8);
  }
}

TEST_CASE("schedule: a day with fewer texts grows, a day that is not there cannot be written") {
  Json row = week_of(R"(["1 00:00:00-24:00:00"])", 2);
  const Schedule before = read_schedule(&row["TimeSection"]);
  Schedule value = before;
  value.days[1][2] = {0, 60, 1};
  REQUIRE_FALSE(write(value, before, row));
  CHECK(row["TimeSection"][1] == Json({"1 00:00:00-24:00:00", "0 00:00:00-24:00:00", "1 00:00:00-00:01:00"}));
  value = before;
  value.days[5][0] = {0, 60, 1};
  CHECK(write(value, before, row) == Errc::unsupported);
  value = before;
  value.holiday = Schedule::Day{};
  CHECK(write(value, before, row) == Errc::unsupported);
}

TEST_CASE("schedule: what differs is judged: order, overlap, bits") {
  const Schedule before = Schedule::always();
  CHECK_FALSE(check(before, Schedule(), 1));
  Schedule value = before;
  value.days[6][1] = {100, 100, 0};
  CHECK(check(value, before, 1) == Errc::invalid_argument);
  CHECK(check(value, before, 1).message().find("period.days[6][1]") != std::string::npos);
  value.days[6][1] = {100, 86401, 0};
  CHECK(check(value, before, 1) == Errc::invalid_argument);
  value.days[6][1] = {100, 200, 1};  // within the whole day
  CHECK(check(value, before, 1) == Errc::invalid_argument);
  value.days[6][0] = {0, 100, 1};
  CHECK_FALSE(check(value, before, 1));
  value.days[6][1].mask = 2;
  CHECK(check(value, before, 1) == Errc::invalid_argument);
  CHECK_FALSE(check(value, before, 3));
  Schedule odd = before;
  odd.days[0][0].mask = 128;  // a bit that the device had before may be used elsewhere
  value = odd;
  value.days[1][0].mask = 128;
  CHECK_FALSE(check(value, odd, 1));
  odd.days[0][0] = {50, 20, 1};  // what the device has is not judged while it stays
  value = odd;
  value.days[1][0].mask = 0;
  CHECK_FALSE(check(value, odd, 1));
}

TEST_CASE("schedule: the whole week, copies of days, bits at a time") {
  Schedule s = Schedule::always(record_regular | record_motion);
  CHECK(s.valid());
  CHECK(s.mask_at(0, 0) == 3);
  CHECK(s.mask_at(6, 86399) == 3);
  CHECK(s.mask_at(7, 0) == 0);
  s.days[1][0] = {0, 3600, record_alarm};
  s.days[1][1] = {1800, 7200, record_motion};
  CHECK(s.valid());
  CHECK(s.mask_at(1, 1800) == (record_alarm | record_motion));
  CHECK(s.mask_at(1, 3600) == record_motion);
  const int to[] = {2, 3, 7, -1};
  s.copy_day(1, to);
  CHECK(s.days[2] == s.days[1]);
  CHECK(s.days[3] == s.days[1]);
  CHECK(s.days[4] != s.days[1]);
  s.copy_day(9, to);
  CHECK(s.days[2] == s.days[1]);
  s.days[1][1].mask = record_alarm;
  CHECK_FALSE(s.valid());
  s.days[1][1] = {5, 5, 0};
  CHECK_FALSE(s.valid());
}

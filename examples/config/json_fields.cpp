#include "config/json_fields.hpp"

#include <cstdio>

namespace config {
namespace {

std::string clock_text(int second) {
  char text[40];
  std::snprintf(text, sizeof text, "%02d:%02d:%02d", second / 3600, second / 60 % 60, second % 60);
  return text;
}

Json day_json(const dmss::Schedule::Day& day) {
  Json out = Json::array();
  for (const dmss::TimePeriod& p : day)
    out.push_back(std::to_string(p.mask) + " " + clock_text(p.begin) + "-" + clock_text(p.end));
  return out;
}

bool read_day(const Json& json, dmss::Schedule::Day& day) {
  if (!json.is_array() || json.size() > day.size()) return false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    unsigned mask = 0;
    int b[3], e[3];
    if (!json[i].is_string()) return false;
    const std::string text = json[i].get<std::string>();
    if (std::sscanf(text.c_str(), "%9u %2d:%2d:%2d-%2d:%2d:%2d", &mask, &b[0], &b[1], &b[2], &e[0], &e[1],
                    &e[2]) != 7)
      return false;
    day[i] = {b[0] * 3600 + b[1] * 60 + b[2], e[0] * 3600 + e[1] * 60 + e[2], mask};
  }
  return true;
}

}  // namespace

Json region_json(const dmss::Region& region) {
  Json rows = Json::array();
  for (int y = 0; y < dmss::Region::kRows; ++y) {
    std::string row;
    for (int x = 0; x < dmss::Region::kColumns; ++x) row += region.get(x, y) ? '#' : '.';
    rows.push_back(row);
  }
  return rows;
}

bool read_region(const Json& json, dmss::Region& region) {
  if (!json.is_array() || json.size() != dmss::Region::kRows) return false;
  for (int y = 0; y < dmss::Region::kRows; ++y) {
    const Json& row = json[static_cast<std::size_t>(y)];
    if (!row.is_string()) return false;
    const std::string cells = row.get<std::string>();
    if (cells.size() != dmss::Region::kColumns) return false;
    for (int x = 0; x < dmss::Region::kColumns; ++x)
      region.set(x, y, cells[static_cast<std::size_t>(x)] == '#');
  }
  return true;
}

Json schedule_json(const dmss::Schedule& schedule) {
  static constexpr const char* kDays[] = {"sunday",   "monday", "tuesday", "wednesday",
                                          "thursday", "friday", "saturday"};
  Json out = Json::object();
  for (std::size_t d = 0; d < schedule.days.size(); ++d) out[kDays[d]] = day_json(schedule.days[d]);
  if (schedule.holiday) out["holiday"] = day_json(*schedule.holiday);
  return out;
}

bool read_schedule(const Json& json, dmss::Schedule& schedule) {
  const Json names = schedule_json(schedule);
  if (!json.is_object() || json.size() != names.size()) return false;
  std::size_t d = 0;
  for (const auto& [name, unused] : names.items()) {
    dmss::Schedule::Day& day = d < schedule.days.size() ? schedule.days[d] : *schedule.holiday;
    if (!json.contains(name) || !read_day(json[name], day)) return false;
    ++d;
  }
  return true;
}

}  // namespace config

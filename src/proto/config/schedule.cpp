#include "proto/config/schedule.hpp"

#include <charconv>
#include <cstdio>

namespace dmss {
namespace {

constexpr int kDays = 7;

bool in_order(const TimePeriod& p) noexcept {
  return p.begin >= 0 && p.begin < p.end && p.end <= Schedule::kSecondsADay;
}

bool collide(const TimePeriod& a, const TimePeriod& b) noexcept {
  return (a.mask & b.mask) != 0 && a.begin < b.end && b.begin < a.end;
}

bool valid_day(const Schedule::Day& day) noexcept {
  for (std::size_t i = 0; i < day.size(); ++i) {
    if (!in_order(day[i])) return false;
    for (std::size_t j = i + 1; j < day.size(); ++j) {
      if (collide(day[i], day[j])) return false;
    }
  }
  return true;
}

}  // namespace

Schedule Schedule::always(std::uint32_t mask) {
  Schedule s;
  for (Day& day : s.days) day[0] = {0, kSecondsADay, mask};
  return s;
}

void Schedule::copy_day(int from, std::span<const int> to) {
  if (from < 0 || from >= kDays) return;
  for (int day : to) {
    if (day >= 0 && day < kDays) days[static_cast<std::size_t>(day)] = days[static_cast<std::size_t>(from)];
  }
}

std::uint32_t Schedule::mask_at(int day, int second) const noexcept {
  if (day < 0 || day >= kDays) return 0;
  std::uint32_t mask = 0;
  for (const TimePeriod& p : days[static_cast<std::size_t>(day)]) {
    if (second >= p.begin && second < p.end) mask |= p.mask;
  }
  return mask;
}

bool Schedule::valid() const noexcept {
  for (const Day& day : days) {
    if (!valid_day(day)) return false;
  }
  return !holiday || valid_day(*holiday);
}

namespace proto::config {
namespace {

constexpr std::string_view kMidnight[] = {"23:59:59", "24:00:00"};

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}
  void blanks() {
    while (!text_.empty() && (text_[0] == ' ' || text_[0] == '\t')) text_.remove_prefix(1);
  }
  bool is(char c) {
    if (text_.empty() || text_[0] != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  bool number(std::uint32_t& out) {
    const auto [end, ec] = std::from_chars(text_.data(), text_.data() + text_.size(), out);
    if (ec != std::errc()) return false;
    text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
    return true;
  }
  /// "hh:mm:ss" or "hh:mm"; seconds of the day.
  bool time(std::int32_t& out) {
    std::uint32_t h = 0, m = 0, s = 0;
    if (!number(h) || !is(':') || !number(m)) return false;
    if (is(':') && !number(s)) return false;
    if (h > 24 || m > 59 || s > 59) return false;
    out = static_cast<std::int32_t>(h * 3600 + m * 60 + s);
    return out <= Schedule::kSecondsADay;
  }
  bool at_end() const { return text_.empty(); }

 private:
  std::string_view text_;
};

std::string clock_text(std::int32_t second, std::string_view midnight) {
  if (second >= Schedule::kSecondsADay) return std::string(midnight);
  char text[16];
  std::snprintf(text, sizeof(text), "%02d:%02d:%02d", second / 3600 % 24, second / 60 % 60, second % 60);
  return text;
}

std::optional<TimePeriod> read_period(const Json& leaf) {
  return leaf.is_string() ? parse_time_section(leaf.get_ref<const std::string&>()) : std::nullopt;
}

Schedule::Day read_day(const Json& day) {
  Schedule::Day out{};
  if (!day.is_array()) return out;
  for (std::size_t i = 0; i < std::min(out.size(), day.size()); ++i)
    out[i] = read_period(day[i]).value_or(TimePeriod{});
  return out;
}

/// As the texts that are there spell the end of a day.
std::string_view midnight_of(const Json& week) {
  for (const Json& day : week) {
    if (!day.is_array()) continue;
    for (const Json& leaf : day) {
      if (!leaf.is_string()) continue;
      for (std::string_view midnight : kMidnight) {
        if (leaf.get_ref<const std::string&>().ends_with(midnight)) return midnight;
      }
    }
  }
  return kMidnight[0];
}

void apply_day(const Schedule::Day& value, const Schedule::Day& before, std::string_view midnight, Json* day,
               const std::string& where, Edit& edit) {
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] == before[i]) continue;
    if (day == nullptr || !day->is_array()) return edit.lacks(where);
    while (day->size() <= i) day->push_back(write_time_section({}, midnight));
    (*day)[i] = write_time_section(value[i], midnight);
  }
}

void check_day(const Schedule::Day& value, const Schedule::Day& before, std::uint32_t bits,
               const std::string& field, Ranges& out) {
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] == before[i]) continue;
    const std::string where = field + "[" + std::to_string(i) + "]";
    if (!in_order(value[i])) return out.fail(where.c_str(), "does not begin before it ends, within the day");
    if ((value[i].mask & ~bits) != 0) return out.fail(where.c_str(), "has bits that mean nothing here");
    for (std::size_t j = 0; j < value.size(); ++j) {
      if (j != i && collide(value[i], value[j]))
        return out.fail(where.c_str(), "overlaps another period of the day");
    }
  }
}

template <class F>
void each_period(const Schedule& s, F f) {
  for (const Schedule::Day& day : s.days) {
    for (const TimePeriod& p : day) f(p);
  }
  if (!s.holiday) return;
  for (const TimePeriod& p : *s.holiday) f(p);
}

}  // namespace

std::optional<TimePeriod> parse_time_section(std::string_view text) {
  Scanner in(text);
  TimePeriod p;
  in.blanks();
  if (!in.number(p.mask)) return std::nullopt;
  in.blanks();
  if (!in.time(p.begin)) return std::nullopt;
  in.blanks();
  if (!in.is('-')) return std::nullopt;
  in.blanks();
  if (!in.time(p.end)) return std::nullopt;
  in.blanks();
  if (!in.at_end()) return std::nullopt;
  if (p.end == Schedule::kSecondsADay - 1) p.end = Schedule::kSecondsADay;
  return p;
}

std::string write_time_section(const TimePeriod& period, std::string_view midnight) {
  return std::to_string(period.mask) + " " + clock_text(period.begin, midnight) + "-" +
         clock_text(period.end, midnight);
}

bool same_time_section(std::string_view a, std::string_view b) {
  const auto first = parse_time_section(a), second = parse_time_section(b);
  if (!first || !second) return false;
  return *first == *second || (first->mask == 0 && second->mask == 0);
}

Schedule read_schedule(const Json* week) {
  Schedule out;
  if (week == nullptr || !week->is_array()) return out;
  for (std::size_t i = 0; i < std::min(out.days.size(), week->size()); ++i)
    out.days[i] = read_day((*week)[i]);
  if (week->size() > out.days.size() && (*week)[out.days.size()].is_array())
    out.holiday = read_day((*week)[out.days.size()]);
  return out;
}

void apply_schedule(const Schedule& value, const Schedule& before, const char* key, Edit& edit) {
  if (value == before || edit.failed()) return;
  Json* week = edit.find(key);
  if (week == nullptr || !week->is_array()) return edit.lacks(key);
  const std::string_view midnight = midnight_of(*week);
  const auto day_at = [&](std::size_t i) { return i < week->size() ? &(*week)[i] : nullptr; };
  const auto where = [&](std::size_t i) { return std::string(key) + "[" + std::to_string(i) + "]"; };
  for (std::size_t i = 0; i < value.days.size(); ++i)
    apply_day(value.days[i], before.days[i], midnight, day_at(i), where(i), edit);
  if (value.holiday == before.holiday) return;
  const std::size_t row = value.days.size();
  if (!value.holiday || !before.holiday) return edit.lacks(where(row));
  apply_day(*value.holiday, *before.holiday, midnight, day_at(row), where(row), edit);
}

void check_schedule(const Schedule& value, const Schedule& before, std::uint32_t bits, const char* field,
                    Ranges& out) {
  if (value == before) return;
  each_period(before, [&](const TimePeriod& p) { bits |= p.mask; });
  for (std::size_t i = 0; i < value.days.size(); ++i)
    check_day(value.days[i], before.days[i], bits, std::string(field) + ".days[" + std::to_string(i) + "]",
              out);
  if (value.holiday)
    check_day(*value.holiday, before.holiday.value_or(Schedule::Day{}), bits, std::string(field) + ".holiday",
              out);
}

}  // namespace proto::config
}  // namespace dmss

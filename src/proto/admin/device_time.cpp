#include "proto/admin/device_time.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>

namespace dmss {
namespace {

constexpr int kFirstYear = 1970;
constexpr int kLastYear = 2099;

constexpr std::string_view kMalformed = "not a device's time: yyyy-MM-dd HH:mm:ss";

void skip_blanks(std::string_view& text) noexcept {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
}

/// One to `digits` digits, then `end` (0 = nothing in particular).
bool take_number(std::string_view& text, std::size_t digits, char end, int& value) noexcept {
  const char* begin = text.data();
  const char* stop = begin + std::min(digits, text.size());
  if (begin == stop || *begin < '0' || *begin > '9') return false;
  const auto [next, ec] = std::from_chars(begin, stop, value);
  if (ec != std::errc()) return false;
  text.remove_prefix(static_cast<std::size_t>(next - begin));
  if (end == 0) return true;
  if (text.empty() || text.front() != end) return false;
  text.remove_prefix(1);
  return true;
}

enum class Half { none, am, pm, other };

Half take_half(std::string_view text) noexcept {
  skip_blanks(text);
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
  if (text.empty()) return Half::none;
  if (text.size() != 2 || (text[1] | 0x20) != 'm') return Half::other;
  if ((text[0] | 0x20) == 'a') return Half::am;
  return (text[0] | 0x20) == 'p' ? Half::pm : Half::other;
}

std::chrono::year_month_day day_of(const DeviceTime& t) noexcept {
  return std::chrono::year(t.year) / std::chrono::month(static_cast<unsigned>(t.month)) /
         std::chrono::day(static_cast<unsigned>(t.day));
}

}  // namespace

std::string DeviceTime::to_string() const {
  char text[96];
  const int n = std::snprintf(text, sizeof text, "%04d-%02d-%02d %02d:%02d:%02d", year, month, day, hour,
                              minute, second);
  return std::string(text, static_cast<std::size_t>(n));
}

bool DeviceTime::valid() const noexcept {
  if (year < kFirstYear || year > kLastYear || month < 1 || month > 12 || day < 1 || day > 31) return false;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return false;
  return day_of(*this).ok();
}

Result<DeviceTime> parse_device_time(std::string_view text) {
  const Error malformed(Errc::malformed, std::string(kMalformed));
  if (text.size() > proto::admin::kMaxTimeText) return malformed;
  DeviceTime t;
  skip_blanks(text);
  if (!take_number(text, 4, '-', t.year) || !take_number(text, 2, '-', t.month)) return malformed;
  if (!take_number(text, 2, ' ', t.day)) return malformed;
  skip_blanks(text);
  if (!take_number(text, 2, ':', t.hour) || !take_number(text, 2, ':', t.minute)) return malformed;
  if (!take_number(text, 2, 0, t.second)) return malformed;
  switch (take_half(text)) {
    case Half::none: break;
    case Half::other: return malformed;
    case Half::am:
      if (t.hour == 12) t.hour = 0;
      break;
    case Half::pm:
      if (t.hour < 12) t.hour += 12;
      break;
  }
  if (!t.valid()) return malformed;
  return t;
}

namespace proto::admin {

std::int64_t seconds_of(const DeviceTime& t) noexcept {
  const auto days = std::chrono::sys_days(day_of(t)).time_since_epoch().count();
  return std::int64_t{days} * 86400 + t.hour * 3600 + t.minute * 60 + t.second;
}

}  // namespace proto::admin

}  // namespace dmss

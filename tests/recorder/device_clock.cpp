#include "recorder/device_clock.hpp"

#include <fmt/core.h>

#include <charconv>

namespace dmss::recorder {

DeviceClock::DeviceClock(net::Clock& clock, const Profile& profile, Tables& tables)
    : clock_(clock), tables_(tables), offset_(std::chrono::seconds(profile.clock_offset)) {
  // A device that is told to ask a time server has the right time soon.
  tables_.on_change([this](const std::string& name) {
    const Json* ntp = name == "NTP" ? tables_.find("NTP") : nullptr;
    if (ntp != nullptr && proto::rpc::bool_or(*ntp, "Enable", false)) offset_ = {};
  });
}

std::chrono::seconds DeviceClock::zone() const {
  const Json* ntp = tables_.find("NTP");
  const std::int64_t index = ntp != nullptr ? proto::rpc::int_or(*ntp, "TimeZone", 0) : 0;
  // The meaning of one index besides 0 is known.
  return index == 25 ? std::chrono::hours(-5) : std::chrono::seconds(0);
}

std::string DeviceClock::text(Time local) {
  using namespace std::chrono;
  const auto day = floor<days>(local);
  const year_month_day date(day);
  const hh_mm_ss<seconds> time(floor<seconds>(local - day));
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count());
}

std::optional<DeviceClock::Time> DeviceClock::parse(std::string_view text) {
  int part[6] = {};
  constexpr std::string_view kBetween = "-- ::";
  for (std::size_t i = 0; i < 6; ++i) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), part[i]);
    if (error != std::errc() || part[i] < 0) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (i == 5) break;
    if (text.empty() || text[0] != kBetween[i]) return std::nullopt;
    text.remove_prefix(1);
  }
  using namespace std::chrono;
  const year_month_day date{year{part[0]}, month{static_cast<unsigned>(part[1])},
                            day{static_cast<unsigned>(part[2])}};
  if (!text.empty() || !date.ok() || part[0] < 1970 || part[0] > 2200 || part[3] > 24 || part[4] > 59 ||
      part[5] > 59)
    return std::nullopt;
  return Time(sys_days(date)) + hours(part[3]) + minutes(part[4]) + seconds(part[5]);
}

}  // namespace dmss::recorder

// Schedule: which times of the week something is on (manual §3.2; protocol http-rpc.md §5.1).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

namespace dmss {

/// Bits of TimePeriod::mask in a record schedule, as on the wire (not those of the vendor's SDK). Elsewhere only bit 0 counts: on.
enum RecordType : std::uint32_t {
  record_regular = 1u << 0,
  record_motion = 1u << 1,
  record_alarm = 1u << 2,
  record_card = 1u << 3,
  record_smart = 1u << 4,
  record_motion_and_alarm = 1u << 5,
  record_pos = 1u << 6,
};

/// Half open: [begin, end). Seconds since midnight of the device's own time; end may be 86400.
struct TimePeriod {
  std::int32_t begin = 0;
  std::int32_t end = 86400;
  std::uint32_t mask = 0;  ///< 0 = unused

  bool operator==(const TimePeriod&) const = default;
};

struct Schedule {
  static constexpr int kPeriods = 6;
  static constexpr int kSecondsADay = 86400;
  using Day = std::array<TimePeriod, kPeriods>;

  std::array<Day, 7> days{};   ///< 0 = Sunday … 6 = Saturday
  std::optional<Day> holiday;  ///< where the device has such a row

  bool operator==(const Schedule&) const = default;

  /// The whole week with one period a day.
  static Schedule always(std::uint32_t mask = 1);
  /// Copies one day over others (the app's "Copy"); numbers beyond 6 are ignored.
  void copy_day(int from, std::span<const int> to);
  /// Bits on at this moment.
  std::uint32_t mask_at(int day, int second) const noexcept;
  /// Begin before end, both within the day, no two periods of a day that share a bit and overlap.
  bool valid() const noexcept;
};

}  // namespace dmss

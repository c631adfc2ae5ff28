// DeviceClock: the time the device believes it is, in its own zone (protocol http-rpc.md §6.4).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "net/clock.hpp"
#include "recorder/tables.hpp"

namespace dmss::recorder {

class DeviceClock {
 public:
  using Time = std::chrono::system_clock::time_point;  // local time, as if it were UTC

  DeviceClock(net::Clock& clock, const Profile& profile, Tables& tables);

  Time now() const { return clock_.wall_now() + offset_ + zone(); }
  std::string text() const { return text(now()); }
  /// How far it is ahead of the real time, zone aside.
  std::chrono::seconds offset() const { return std::chrono::duration_cast<std::chrono::seconds>(offset_); }
  void set(Time local) { offset_ = local - clock_.wall_now() - zone(); }

  /// "2026-07-02 19:09:25"
  static std::string text(Time local);
  /// The same, also unpadded ("2020-5-18 19:42:05"). nullopt when it is no time.
  static std::optional<Time> parse(std::string_view text);

 private:
  std::chrono::seconds zone() const;
  net::Clock& clock_;
  Tables& tables_;
  std::chrono::system_clock::duration offset_;
};

}  // namespace dmss::recorder

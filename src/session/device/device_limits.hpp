// The ranges of what a caller may ask for.
#pragma once

#include <algorithm>
#include <string>

#include "dmss/device.hpp"
#include "net/clock.hpp"

namespace dmss::session {

inline constexpr std::chrono::milliseconds kLongestTime = std::chrono::hours(24);

/// A caller's time-out as a duration that can be added to any point in time.
inline net::Duration bounded(std::chrono::milliseconds t) {
  return std::clamp(t, std::chrono::milliseconds(0), kLongestTime);
}

/// invalid_argument when an option is outside its range.
Error check_options(const DeviceOptions& options);

/// How the log calls the device; an address that is none may hold anything, also a password.
std::string log_scope(const DeviceOptions& options);

}  // namespace dmss::session

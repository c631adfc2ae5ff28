// The devices' way to write time (protocol http-rpc.md §6.4), and arithmetic on it; DeviceTime itself is in dmss/admin.hpp.
#pragma once

#include <cstdint>
#include <string_view>

#include "dmss/admin.hpp"

namespace dmss::proto::admin {

inline constexpr std::size_t kMaxTimeText = 64;

/// Seconds since 1970 on the device's own calendar; for differences. `time` must be valid.
std::int64_t seconds_of(const DeviceTime& time) noexcept;

}  // namespace dmss::proto::admin

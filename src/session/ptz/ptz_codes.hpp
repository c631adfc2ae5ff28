// The codes of ptz.start and ptz.stop (protocol http-rpc.md §7.1).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "dmss/capabilities.hpp"
#include "dmss/ptz.hpp"

namespace dmss::session {

struct PtzCode {
  std::string_view code;  ///< static text
  std::array<std::int64_t, 3> args{};
};

/// `speed` of 1 to 8 in the device's own steps; diagonals take the vertical speed first. Zoom, focus and iris take none.
PtzCode move_code(PtzAction action, int speed, const PtzCapabilities& device) noexcept;
Feature feature_of(PtzAction action) noexcept;

}  // namespace dmss::session

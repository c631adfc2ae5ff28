// What PTZ devices tell (protocol http-rpc.md §7.1): capabilities, status, presets. Misspelt keys are on the wire: both spellings are read.
#pragma once

#include <optional>
#include <vector>

#include "dmss/capabilities.hpp"
#include "dmss/ptz.hpp"
#include "proto/caps/fields.hpp"

namespace dmss::proto::caps {

inline constexpr std::size_t kMaxPresets = 1024;
inline constexpr std::size_t kMaxPresetName = 256;  // bytes

/// nullopt = the device does not say.
struct PtzCaps {
  std::optional<bool> pan, tilt, zoom, focus, iris, preset, tour, relative;
  PtzCapabilities details;

  bool has_auxiliary(std::string_view name) const;
};

/// Of getCurrentProtocolCaps: params of JSON-RPC, or the tree of CGI lines. nullopt when the answer has no "caps".
std::optional<PtzCaps> parse_ptz_caps(const Json& answer);
/// Of getStatus. nullopt when the answer has no "status".
std::optional<PtzStatus> parse_ptz_status(const Json& answer);
/// Of getPresets, by number; those a device keeps for itself (Type 2) are left out.
std::vector<PtzPreset> parse_ptz_presets(const Json& answer);

/// A step of 1 to 8 in the device's own steps.
int scale_ptz_speed(int step, const Limits& device) noexcept;

}  // namespace dmss::proto::caps

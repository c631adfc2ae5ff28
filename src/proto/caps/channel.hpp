// What else tells of a channel: coaxial light and speaker, the video input, the lens (protocol http-rpc.md §4.5, §7.2, §7.7).
#pragma once

#include <optional>

#include "dmss/controls.hpp"
#include "proto/caps/fields.hpp"

namespace dmss::proto::caps {

/// Of CoaxialControlIO.getCaps; nullopt = not told.
struct CoaxialCaps {
  std::optional<bool> light;
  std::optional<bool> speaker;
};
std::optional<CoaxialCaps> parse_coaxial_caps(const Json& answer);
/// Of CoaxialControlIO.getStatus: "status.status.WhiteLight", "status.WhiteLight" and "status.whitelight" are the same; On or Off in any case.
DeterrenceStatus parse_coaxial_status(const Json& answer);

/// Of devVideoInput.getCaps.
struct VideoInputCaps {
  std::optional<bool> flip, mirror, rotate, electric_focus;
};
std::optional<VideoInputCaps> parse_video_input_caps(const Json& answer);
/// Of devVideoInput.getFocusStatus; nullopt when it tells neither zoom nor focus.
std::optional<LensStatus> parse_lens_status(const Json& answer);

/// Does any rule of a VideoAnalyseRule row have this switch? Rows are objects in an array, or one object a rule number.
bool any_rule_has(const Json& rules, const char* key);

}  // namespace dmss::proto::caps

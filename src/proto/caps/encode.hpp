// What a channel's streams may be set to (protocol http-rpc.md §5.8), in all forms in which devices tell it.
#pragma once

#include <string_view>
#include <vector>

#include "dmss/capabilities.hpp"
#include "proto/caps/fields.hpp"
#include "proto/picture_size.hpp"

namespace dmss::proto::caps {

inline constexpr std::size_t kMaxStreams = 8;

/// Of getConfigCaps, for a channel from 0; main first. Reads caps[N].MainFormat[0]…, caps.MainFormat[0]… and headMain…; of several caps the
/// channel's own counts. Empty when the answer says nothing of this channel.
std::vector<StreamCapabilities> parse_encode_caps(const Json& answer, int channel, VideoStandard standard);

/// "1080P", "D1", "2592x1944", "2592x1944(1944P)"; nullopt for a name without a known size.
std::optional<Resolution> parse_resolution(std::string_view text, VideoStandard standard);

/// Of cfg:VideoStandard; nullopt when it is neither.
std::optional<VideoStandard> parse_video_standard(std::string_view text) noexcept;

}  // namespace dmss::proto::caps

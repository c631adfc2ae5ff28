// StreamSetting: what the Encode table says of one stream, and the words it says it in (protocol http-rpc.md §5.8).
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "dmss/media.hpp"
#include "proto/rpc/message.hpp"

namespace dmss::recorder {

using proto::rpc::Json;

struct StreamSetting {
  bool video_on = true, sound_on = true;
  Codec codec = Codec::h264;
  Codec sound = Codec::pcm_alaw;
  int width = 0, height = 0;  // 0 = not told
  int fps = 0, kbps = 0, gop = 0;
};

/// "H.265", "G.711A".
std::string encode_name(Codec codec);
/// "1080P", "D1"; "1920x1088" where there is no name.
std::string resolution_name(int width, int height);
/// Of "1920x1080", "1080P", "2592x1944(1944P)"; names by PAL or NTSC.
std::optional<std::pair<int, int>> resolution_size(std::string_view text, bool ntsc);

/// `channel` from 1, `subtype` 0 or 1. nullopt when the table has no such row.
std::optional<StreamSetting> stream_setting(const Json* encode, int channel, int subtype, bool ntsc);

/// After a write: `resolution`, Width, Height and CustomResolutionName of each Video follow the one that was changed.
void couple_resolutions(const Json& before, Json& after, bool ntsc);

}  // namespace dmss::recorder

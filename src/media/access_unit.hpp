// AccessUnit: what depacketisers and the DHAV demuxer produce and decoders, recorders and callbacks consume.
#pragma once

#include <chrono>
#include <optional>

#include "dmss/media.hpp"
#include "media/buffer.hpp"

namespace dmss::media {

struct AccessUnit {
  MediaKind kind = MediaKind::video;
  Codec codec = Codec::unknown;
  bool key = false;
  bool corrupt = false;
  bool discontinuity = false;
  MediaTime time{0};
  std::optional<std::int64_t> wall_us;
  std::int32_t sample_rate = 0;
  std::int32_t channels = 0;
  std::uint64_t number = 0;  ///< no other unit of the process has it; 0 = not numbered yet
  Buffer data;
  std::chrono::steady_clock::time_point arrived;

  Packet view() const {
    return {kind,    codec,       key,      corrupt,     discontinuity, time,
            wall_us, sample_rate, channels, data.view(), arrived};
  }
};

}  // namespace dmss::media

// SDP as Dahua devices write it, and worse (protocol media.md §2.3).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "dmss/media.hpp"

namespace dmss::proto::rtsp {

inline constexpr std::size_t kMaxTracks = 16;

struct Track {
  enum class Kind { video, audio, application, other };
  enum class Direction { recvonly, sendonly, sendrecv, inactive };

  Kind kind = Kind::other;
  Direction direction = Direction::recvonly;  ///< from the client's view, as Dahua writes it
  int payload_type = -1;
  std::string encoding;  ///< "H264"; for static payload types the name of RFC 3551
  int clock_rate = 0;
  int channels = 1;
  std::string control;
  double frame_rate = 0;
  std::vector<std::pair<std::string, std::string>> fmtp;

  std::string_view parameter(std::string_view name) const noexcept;
  Codec codec() const noexcept;
  /// H.264/H.265 parameter sets of the fmtp line in Annex-B, in decoding order; empty when there are none.
  Bytes parameter_sets() const;
};

struct Sdp {
  std::string control;  ///< session level
  std::vector<Track> tracks;
};

/// Never fails: what cannot be understood is left out.
Sdp parse_sdp(std::string_view text);

}  // namespace dmss::proto::rtsp

// Clip: an H.264 file cut into pictures and framed beforehand, so that sending a picture is patching a few
// bytes and one send().
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/bytes.hpp"

namespace dmss::bench {

using Time = std::chrono::steady_clock::time_point;

class Clip {
 public:
  /// With `stamped`, every picture carries a user data SEI into which the time of sending is written.
  /// Throws std::runtime_error when the file cannot be used.
  Clip(const std::string& file, double fps, bool stamped);

  double fps() const noexcept { return fps_; }
  std::size_t pictures() const noexcept { return units_.size(); }
  const std::string& sdp() const noexcept { return sdp_; }
  std::size_t packets(std::size_t picture) const noexcept { return units_[picture].packets.size(); }

  struct RtpPatch {
    std::uint8_t channel = 0;
    std::uint16_t sequence = 0;  ///< of the picture's first packet
    std::uint32_t timestamp = 0;
    Time now;
  };
  /// Interleaved packets `first` … `first + count - 1` of a picture; valid until the next call.
  ByteView interleaved(std::size_t picture, const RtpPatch& patch, std::size_t first, std::size_t count);
  /// One DHAV frame in bc packets; valid until the next call.
  ByteView dvrip(std::size_t picture, std::uint32_t number, std::int64_t stream_ms, Time now);

 private:
  struct Unit {
    Bytes rtp, dvrip;
    std::vector<std::uint32_t> packets;  // where each begins in `rtp`
    std::size_t rtp_stamp = 0, dvrip_stamp = 0;
  };
  void add_unit(ByteView annexb, bool key);

  double fps_;
  std::vector<Unit> units_;
  std::string sdp_;
};

}  // namespace dmss::bench

// Which codec a coded picture is, by its first bytes: the label of a stream may be wrong (protocol media.md §1.4).
#pragma once

#include "base/bytes.hpp"
#include "dmss/media.hpp"

namespace dmss::media {

/// Of a key frame: its first NAL unit is a parameter set, or it is a JPEG. Codec::unknown when it is neither.
inline Codec sniff_key_frame(ByteView unit) noexcept {
  if (unit.size() < 6) return Codec::unknown;
  if (unit[0] == 0xff && unit[1] == 0xd8) return Codec::mjpeg;
  if (unit[0] != 0 || unit[1] != 0) return Codec::unknown;
  const std::size_t nal = unit[2] == 1 ? 3 : unit[2] == 0 && unit[3] == 1 ? 4 : 0;
  if (nal == 0) return Codec::unknown;
  const int h265 = unit[nal] >> 1 & 0x3f;
  if (h265 >= 32 && h265 <= 34 && (unit[nal] & 0x81) == 0) return Codec::h265;
  const int h264 = unit[nal] & 0x1f;
  if (h264 == 7 || h264 == 8) return Codec::h264;
  return Codec::unknown;
}

/// Of a picture of that codec which builds on others: its first NAL unit is a slice, or what may stand before one.
inline bool starts_picture(Codec codec, ByteView unit) noexcept {
  if (unit.size() < 6 || unit[0] != 0 || unit[1] != 0) return false;
  const std::size_t nal = unit[2] == 1 ? 3 : unit[2] == 0 && unit[3] == 1 ? 4 : 0;
  if (nal == 0) return false;
  const std::uint8_t head = unit[nal];
  if (codec == Codec::h264) return (head & 0x80) == 0 && (head & 0x1f) >= 1 && (head & 0x1f) <= 9;
  const int h265 = head >> 1 & 0x3f;
  if (codec == Codec::h265)
    return (head & 0x81) == 0 && (h265 <= 9 || (h265 >= 16 && h265 <= 21) || (h265 >= 32 && h265 <= 40));
  return codec == Codec::mpeg4;
}

}  // namespace dmss::media

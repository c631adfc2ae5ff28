// The position stamp: where a camera points, drawn under the frame stamp (stamp.hpp) in the same kind of cells, so that a
// test reads from decoded pixels what a PTZ command did.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace dmss::media {

/// Fixed point, so that what is read is what was drawn.
struct PositionStamp {
  std::int16_t pan = 0;    ///< tenths of a degree
  std::int16_t tilt = 0;   ///< tenths of a degree
  std::uint16_t zoom = 0;  ///< hundredths of a factor
  std::uint8_t focus = 0;  ///< 0 near … 255 far
  bool operator==(const PositionStamp&) const = default;
};

/// Draws into a luma plane of at least 104x112 pixels; smaller ones stay as they are.
void draw_position(const PositionStamp& stamp, std::uint8_t* luma, std::ptrdiff_t stride, int width,
                   int height);
/// Nullopt when there is no stamp or its check bits are wrong.
std::optional<PositionStamp> read_position(const std::uint8_t* luma, std::ptrdiff_t stride, int width,
                                           int height);

}  // namespace dmss::media

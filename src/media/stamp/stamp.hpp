// The frame stamp: channel and frame number drawn into a picture as black and white blocks, so that a test reads from decoded
// pixels which picture it got. Survives lossy coding; the check bits tell when it did not.
#pragma once

#include <cstdint>
#include <optional>

namespace dmss::media {

struct Stamp {
  std::uint8_t channel = 0;  ///< from 1
  std::uint32_t number = 0;  ///< position in the clip, 0 … loop-1
  std::uint16_t loop = 1;    ///< pictures in the clip
  bool operator==(const Stamp&) const = default;
};

/// Draws into a luma plane of at least 128x64 pixels.
void draw_stamp(const Stamp& stamp, std::uint8_t* luma, std::ptrdiff_t stride, int width, int height);
/// Nullopt when there is no stamp or its check bits are wrong.
std::optional<Stamp> read_stamp(const std::uint8_t* luma, std::ptrdiff_t stride, int width, int height);

}  // namespace dmss::media

// The samples of a picture as JPEG has them: full range, BT.601 (protocol media.md §5.5).
#pragma once

#include <cstddef>
#include <cstdint>

namespace dmss::media {

/// One 4:2:0 picture, 8 bits a sample, in three planes. Strides in bytes; those of the two chroma planes are the same.
template <class Sample>
struct Planes420 {
  Sample* y;
  Sample* cb;
  Sample* cr;
  std::ptrdiff_t y_stride;
  std::ptrdiff_t c_stride;
};

struct SampleMeaning {
  bool full_range;
  bool bt709;
};

/// Any size, odd ones too. Samples outside the nominal range saturate. Right to a level; each chroma sample stands for its two by
/// two pixels.
void to_full_range_601(const Planes420<const std::uint8_t>& in, SampleMeaning meaning, int width, int height,
                       const Planes420<std::uint8_t>& out);

}  // namespace dmss::media

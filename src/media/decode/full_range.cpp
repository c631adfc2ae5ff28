#include "media/decode/full_range.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace dmss::media {
namespace {

// All arithmetic is on 16 bits, so that compilers find eight samples for an instruction everywhere.
// Bits of fraction: as many as the largest sum leaves.
constexpr int kLumaBits = 6;
constexpr int kChromaBits = 7;
constexpr int kCrossBits = 9;

struct Coefficients {
  std::uint16_t y_scale;    // of a sample times 2^7, for the upper half of the product
  std::int16_t y_offset;    // with the half that rounds
  std::int16_t y_cb, y_cr;  // what chroma adds to luma where the matrices differ
  std::int16_t cb_cb, cb_cr, cr_cb, cr_cr;
};

Coefficients coefficients(SampleMeaning m) {
  const double y = m.full_range ? 1 : 255.0 / 219;
  const double c = m.full_range ? 1 : 255.0 / 224;
  // From Y'CbCr of BT.709 by way of R'G'B' to that of BT.601; luma and chroma in units of their own range.
  const double y_cb = m.bt709 ? 0.101579 : 0;
  const double y_cr = m.bt709 ? 0.196076 : 0;
  const double cb_cb = m.bt709 ? 0.989854 : 1;
  const double cb_cr = m.bt709 ? -0.110653 : 0;
  const double cr_cb = m.bt709 ? -0.072453 : 0;
  const double cr_cr = m.bt709 ? 0.983398 : 1;
  const auto fixed = [](double v, int bits) {
    return static_cast<std::int16_t>(std::lround(std::ldexp(v, bits)));
  };
  return {static_cast<std::uint16_t>(std::lround(std::ldexp(y, 16 - 7 + kLumaBits))),
          fixed((m.full_range ? 0 : -16 * y) + 0.5, kLumaBits),
          fixed(c * y_cb, kCrossBits),
          fixed(c * y_cr, kCrossBits),
          fixed(c * cb_cb, kChromaBits),
          fixed(c * cb_cr, kChromaBits),
          fixed(c * cr_cb, kChromaBits),
          fixed(c * cr_cr, kChromaBits)};
}

std::uint8_t saturate(int v) {
  return static_cast<std::uint8_t>(std::clamp(v, 0, 255));
}

void convert_chroma(const Coefficients& k, const std::uint8_t* cb, const std::uint8_t* cr, int n,
                    std::uint8_t* out_cb, std::uint8_t* out_cr) {
  constexpr std::int16_t half = 1 << (kChromaBits - 1);
  for (int i = 0; i < n; ++i) {
    const auto b = static_cast<std::int16_t>(cb[i] - 128);
    const auto r = static_cast<std::int16_t>(cr[i] - 128);
    const auto to_b = static_cast<std::int16_t>(b * k.cb_cb + r * k.cb_cr + half);
    const auto to_r = static_cast<std::int16_t>(b * k.cr_cb + r * k.cr_cr + half);
    out_cb[i] = saturate((to_b >> kChromaBits) + 128);
    out_cr[i] = saturate((to_r >> kChromaBits) + 128);
  }
}

/// For each pixel of two rows: what is to be added to its luma.
void luma_offsets(const Coefficients& k, const std::uint8_t* cb, const std::uint8_t* cr, int n,
                  std::int16_t* offsets) {
  for (int i = 0; i < n; ++i) {
    const auto b = static_cast<std::int16_t>(cb[i] - 128);
    const auto r = static_cast<std::int16_t>(cr[i] - 128);
    const auto added = static_cast<std::int16_t>(b * k.y_cb + r * k.y_cr);
    const auto offset = static_cast<std::int16_t>((added >> (kCrossBits - kLumaBits)) + k.y_offset);
    offsets[2 * i] = offset;
    offsets[2 * i + 1] = offset;
  }
}

void convert_luma(const Coefficients& k, const std::uint8_t* y, const std::int16_t* offsets, int n,
                  std::uint8_t* out) {
  for (int i = 0; i < n; ++i) {
    const auto sample = static_cast<std::uint16_t>(y[i] << 7);
    const auto scaled = static_cast<std::int16_t>((static_cast<std::uint32_t>(sample) * k.y_scale) >> 16);
    out[i] = saturate(static_cast<std::int16_t>(scaled + offsets[i]) >> kLumaBits);
  }
}

}  // namespace

void to_full_range_601(const Planes420<const std::uint8_t>& in, SampleMeaning meaning, int width, int height,
                       const Planes420<std::uint8_t>& out) {
  const Coefficients k = coefficients(meaning);
  const int chroma_width = (width + 1) / 2;
  std::vector<std::int16_t> offsets(2 * static_cast<std::size_t>(chroma_width), k.y_offset);
  for (int row = 0; row < height; row += 2) {
    const std::uint8_t* cb = in.cb + row / 2 * in.c_stride;
    const std::uint8_t* cr = in.cr + row / 2 * in.c_stride;
    convert_chroma(k, cb, cr, chroma_width, out.cb + row / 2 * out.c_stride, out.cr + row / 2 * out.c_stride);
    if (meaning.bt709) luma_offsets(k, cb, cr, chroma_width, offsets.data());
    for (int y = row; y < std::min(row + 2, height); ++y)
      convert_luma(k, in.y + y * in.y_stride, offsets.data(), width, out.y + y * out.y_stride);
  }
}

}  // namespace dmss::media

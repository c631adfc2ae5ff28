#include "media/decode/full_range.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <random>
#include <vector>

using namespace dmss::media;

namespace {

constexpr std::uint8_t kUntouched = 0xa5;

struct Picture {
  Picture(int w, int h, int padding)
      : width(w),
        height(h),
        y_stride(w + padding),
        c_stride((w + 1) / 2 + padding),
        y(static_cast<std::size_t>(y_stride) * static_cast<std::size_t>(h), kUntouched),
        cb(static_cast<std::size_t>(c_stride) * static_cast<std::size_t>((h + 1) / 2), kUntouched),
        cr(cb) {}

  template <class Sample>
  Planes420<Sample> planes() {
    return {y.data(), cb.data(), cr.data(), y_stride, c_stride};
  }

  int width, height, y_stride, c_stride;
  std::vector<std::uint8_t> y, cb, cr;
};

struct Colour {
  double y, cb, cr;  // 0 … 255, chroma around 128
};

/// The definitions of BT.709 and BT.601, in floating point, by way of R'G'B'.
Colour reference(double y, double cb, double cr, SampleMeaning m) {
  y = m.full_range ? y / 255 : (y - 16) / 219;
  cb = (cb - 128) / (m.full_range ? 255 : 224);
  cr = (cr - 128) / (m.full_range ? 255 : 224);
  if (m.bt709) {
    const double red = y + 1.5748 * cr;
    const double blue = y + 1.8556 * cb;
    const double green = (y - 0.2126 * red - 0.0722 * blue) / 0.7152;
    y = 0.299 * red + 0.587 * green + 0.114 * blue;
    cb = (blue - y) / 1.772;
    cr = (red - y) / 1.402;
  }
  const auto level = [](double v) { return std::clamp(v, 0.0, 255.0); };
  return {level(y * 255), level(cb * 255 + 128), level(cr * 255 + 128)};
}

}  // namespace

TEST_CASE("Full range: every sample is that of the definitions, whatever the size") {
  std::mt19937 random(7);
  for (const bool full_range : {false, true}) {
    for (const bool bt709 : {false, true}) {
      for (const auto& [width, height] : {std::pair{1, 1}, {2, 2}, {3, 5}, {16, 2}, {33, 7}, {352, 288}}) {
        INFO(full_range << bt709 << ' ' << width << 'x' << height);
        const SampleMeaning meaning{full_range, bt709};
        Picture in(width, height, 3), out(width, height, 5);
        for (auto* plane : {&in.y, &in.cb, &in.cr})
          std::generate(plane->begin(), plane->end(), [&] { return static_cast<std::uint8_t>(random()); });
        to_full_range_601(in.planes<const std::uint8_t>(), meaning, width, height,
                          out.planes<std::uint8_t>());
        double worst = 0;
        for (int y = 0; y < height; ++y) {
          for (int x = 0; x < width; ++x) {
            const auto c = static_cast<std::size_t>(y / 2 * in.c_stride + x / 2);
            const auto o = static_cast<std::size_t>(y / 2 * out.c_stride + x / 2);
            const Colour want =
                reference(in.y[static_cast<std::size_t>(y * in.y_stride + x)], in.cb[c], in.cr[c], meaning);
            worst = std::max({worst, std::abs(want.y - out.y[static_cast<std::size_t>(y * out.y_stride + x)]),
                              std::abs(want.cb - out.cb[o]), std::abs(want.cr - out.cr[o])});
          }
        }
        CHECK(worst < 1.3);
      }
    }
  }
}

TEST_CASE("Full range: what lies beside the picture is left alone") {
  Picture in(7, 3, 9), out(7, 3, 9);
  to_full_range_601(in.planes<const std::uint8_t>(), {false, true}, 7, 3, out.planes<std::uint8_t>());
  for (int row = 0; row < 3; ++row) {
    for (int x = 7; x < out.y_stride; ++x)
      REQUIRE(out.y[static_cast<std::size_t>(row * out.y_stride + x)] == kUntouched);
  }
  for (int row = 0; row < 2; ++row) {
    for (int x = 4; x < out.c_stride; ++x) {
      REQUIRE(out.cb[static_cast<std::size_t>(row * out.c_stride + x)] == kUntouched);
      REQUIRE(out.cr[static_cast<std::size_t>(row * out.c_stride + x)] == kUntouched);
    }
  }
}

#include "media/stamp/position_stamp.hpp"

#include "media/stamp/cells.hpp"

namespace dmss::media {
namespace {

// Pattern, pan (16), tilt (16), zoom (16), focus, check.
constexpr std::uint8_t kPattern = 0xb2;
constexpr int kPlace = 1;

std::uint8_t high(int v) {
  return static_cast<std::uint8_t>(static_cast<std::uint16_t>(v) >> 8);
}
std::uint8_t low(int v) {
  return static_cast<std::uint8_t>(v);
}

}  // namespace

void draw_position(const PositionStamp& s, std::uint8_t* luma, std::ptrdiff_t stride, int width, int height) {
  const int size = cells::cell_size(width, height, kPlace + 1);
  if (size == 0) return;
  cells::draw(
      {kPattern, high(s.pan), low(s.pan), high(s.tilt), low(s.tilt), high(s.zoom), low(s.zoom), s.focus, 0},
      kPlace, size, luma, stride);
}

std::optional<PositionStamp> read_position(const std::uint8_t* luma, std::ptrdiff_t stride, int width,
                                           int height) {
  const int size = cells::cell_size(width, height, kPlace + 1);
  if (size == 0 || luma == nullptr) return std::nullopt;
  cells::Block b{};
  if (!cells::read(b, kPlace, size, luma, stride) || b[0] != kPattern) return std::nullopt;
  PositionStamp s;
  s.pan = static_cast<std::int16_t>(b[1] << 8 | b[2]);
  s.tilt = static_cast<std::int16_t>(b[3] << 8 | b[4]);
  s.zoom = static_cast<std::uint16_t>(b[5] << 8 | b[6]);
  s.focus = b[7];
  return s;
}

}  // namespace dmss::media

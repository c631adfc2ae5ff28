#include "media/stamp/stamp.hpp"

#include "media/stamp/cells.hpp"

namespace dmss::media {
namespace {

// Pattern, channel, number (32), loop (16), check.
constexpr std::uint8_t kPattern = 0xa6;
constexpr int kPlace = 0;

}  // namespace

void draw_stamp(const Stamp& s, std::uint8_t* luma, std::ptrdiff_t stride, int width, int height) {
  const int size = cells::cell_size(width, height, kPlace + 1);
  if (size == 0) return;
  cells::draw({kPattern, s.channel, static_cast<std::uint8_t>(s.number >> 24),
               static_cast<std::uint8_t>(s.number >> 16), static_cast<std::uint8_t>(s.number >> 8),
               static_cast<std::uint8_t>(s.number), static_cast<std::uint8_t>(s.loop >> 8),
               static_cast<std::uint8_t>(s.loop), 0},
              kPlace, size, luma, stride);
}

std::optional<Stamp> read_stamp(const std::uint8_t* luma, std::ptrdiff_t stride, int width, int height) {
  const int size = cells::cell_size(width, height, kPlace + 1);
  if (size == 0 || luma == nullptr) return std::nullopt;
  cells::Block b{};
  if (!cells::read(b, kPlace, size, luma, stride) || b[0] != kPattern) return std::nullopt;
  Stamp s;
  s.channel = b[1];
  s.number = static_cast<std::uint32_t>(b[2]) << 24 | static_cast<std::uint32_t>(b[3]) << 16 |
             static_cast<std::uint32_t>(b[4]) << 8 | b[5];
  s.loop = static_cast<std::uint16_t>(b[6] << 8 | b[7]);
  if (s.loop == 0) return std::nullopt;
  return s;
}

}  // namespace dmss::media

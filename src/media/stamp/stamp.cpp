#include "media/stamp/stamp.hpp"

#include <array>
#include <cstddef>
#include <cstring>

namespace dmss::media {
namespace {

// 12 x 6 cells, row by row: 8 bits of pattern, channel, number (32), loop (16), check (8).
constexpr int kColumns = 12;
constexpr int kRows = 6;
constexpr std::uint8_t kPattern = 0xa6;
constexpr std::uint8_t kBlack = 24;
constexpr std::uint8_t kWhite = 230;
constexpr int kThreshold = 128;

using Bytes = std::array<std::uint8_t, kColumns * kRows / 8>;

int cell_size(int width, int height) {
  int size = width / 44 / 8 * 8;
  if (size < 8) size = 8;
  return (kColumns + 1) * size <= width && (kRows + 1) * size <= height ? size : 0;
}

std::uint8_t check(const Bytes& b) {
  std::uint8_t sum = 0x5c;
  for (std::size_t i = 0; i + 1 < b.size(); ++i)
    sum = static_cast<std::uint8_t>((sum << 1 | sum >> 7) ^ b[i]);
  return sum;
}

}  // namespace

void draw_stamp(const Stamp& s, std::uint8_t* luma, std::ptrdiff_t stride, int width, int height) {
  const int size = cell_size(width, height);
  if (size == 0) return;
  Bytes b{kPattern,
          s.channel,
          static_cast<std::uint8_t>(s.number >> 24),
          static_cast<std::uint8_t>(s.number >> 16),
          static_cast<std::uint8_t>(s.number >> 8),
          static_cast<std::uint8_t>(s.number),
          static_cast<std::uint8_t>(s.loop >> 8),
          static_cast<std::uint8_t>(s.loop),
          0};
  b.back() = check(b);
  for (int cell = 0; cell < kColumns * kRows; ++cell) {
    const bool white = (b[static_cast<std::size_t>(cell / 8)] >> (7 - cell % 8) & 1) != 0;
    const int x = size / 2 + cell % kColumns * size;
    const int y = size / 2 + cell / kColumns * size;
    for (int row = 0; row < size; ++row) {
      std::memset(luma + (y + row) * stride + x, white ? kWhite : kBlack, static_cast<std::size_t>(size));
    }
  }
}

std::optional<Stamp> read_stamp(const std::uint8_t* luma, std::ptrdiff_t stride, int width, int height) {
  const int size = cell_size(width, height);
  if (size == 0 || luma == nullptr) return std::nullopt;
  Bytes b{};
  for (int cell = 0; cell < kColumns * kRows; ++cell) {
    const int x = size / 2 + cell % kColumns * size + size / 4;
    const int y = size / 2 + cell / kColumns * size + size / 4;
    int sum = 0;
    for (int row = 0; row < size / 2; ++row) {
      for (int column = 0; column < size / 2; ++column) sum += luma[(y + row) * stride + x + column];
    }
    if (sum >= kThreshold * (size / 2) * (size / 2))
      b[static_cast<std::size_t>(cell / 8)] |= static_cast<std::uint8_t>(1 << (7 - cell % 8));
  }
  if (b[0] != kPattern || b.back() != check(b)) return std::nullopt;
  Stamp s;
  s.channel = b[1];
  s.number = static_cast<std::uint32_t>(b[2]) << 24 | static_cast<std::uint32_t>(b[3]) << 16 |
             static_cast<std::uint32_t>(b[4]) << 8 | b[5];
  s.loop = static_cast<std::uint16_t>(b[6] << 8 | b[7]);
  if (s.loop == 0) return std::nullopt;
  return s;
}

}  // namespace dmss::media

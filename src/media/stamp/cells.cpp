#include "media/stamp/cells.hpp"

#include <cstring>

namespace dmss::media::cells {
namespace {

constexpr std::uint8_t kBlack = 24;
constexpr std::uint8_t kWhite = 230;
constexpr int kThreshold = 128;

std::uint8_t check(const Block& b) {
  std::uint8_t sum = 0x5c;
  for (std::size_t i = 0; i + 1 < b.size(); ++i)
    sum = static_cast<std::uint8_t>((sum << 1 | sum >> 7) ^ b[i]);
  return sum;
}

int left(int cell, int size) {
  return size / 2 + cell % kColumns * size;
}

/// A row of free cells stands between two blocks, so that coding does not blur one into the other.
int top(int cell, int place, int size) {
  return size / 2 + (place * (kRows + 1) + cell / kColumns) * size;
}

}  // namespace

int cell_size(int width, int height, int blocks) {
  int size = width / 44 / 8 * 8;
  if (size < 8) size = 8;
  return (kColumns + 1) * size <= width && blocks * (kRows + 1) * size <= height ? size : 0;
}

void draw(Block block, int place, int size, std::uint8_t* luma, std::ptrdiff_t stride) {
  block.back() = check(block);
  for (int cell = 0; cell < kColumns * kRows; ++cell) {
    const bool white = (block[static_cast<std::size_t>(cell / 8)] >> (7 - cell % 8) & 1) != 0;
    for (int row = 0; row < size; ++row) {
      std::memset(luma + (top(cell, place, size) + row) * stride + left(cell, size), white ? kWhite : kBlack,
                  static_cast<std::size_t>(size));
    }
  }
}

bool read(Block& block, int place, int size, const std::uint8_t* luma, std::ptrdiff_t stride) {
  block = {};
  for (int cell = 0; cell < kColumns * kRows; ++cell) {
    const int x = left(cell, size) + size / 4, y = top(cell, place, size) + size / 4;
    int sum = 0;
    for (int row = 0; row < size / 2; ++row) {
      for (int column = 0; column < size / 2; ++column) sum += luma[(y + row) * stride + x + column];
    }
    if (sum >= kThreshold * (size / 2) * (size / 2))
      block[static_cast<std::size_t>(cell / 8)] |= static_cast<std::uint8_t>(1 << (7 - cell % 8));
  }
  return block.back() == check(block);
}

}  // namespace dmss::media::cells

// Blocks of black and white cells in a luma plane: how the stamps are drawn so that they survive lossy coding.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace dmss::media::cells {

inline constexpr int kColumns = 12;
inline constexpr int kRows = 6;

/// One block: a pattern that tells the kind of stamp, seven bytes of content, a check byte.
using Block = std::array<std::uint8_t, kColumns * kRows / 8>;

/// Pixels a cell is wide and high; 0 when `blocks` of them, one under the other, do not fit into the picture.
int cell_size(int width, int height, int blocks);

/// `place` counts the blocks from the top, from 0. The check byte is set here.
void draw(Block block, int place, int size, std::uint8_t* luma, std::ptrdiff_t stride);
/// False when the check byte is wrong.
bool read(Block& block, int place, int size, const std::uint8_t* luma, std::ptrdiff_t stride);

}  // namespace dmss::media::cells

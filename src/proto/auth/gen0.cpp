// gen0: two-key triple DES with the bits of every byte, and of every S-box result, taken least significant
// first, and without the last exchange of halves (protocol dvrip-dhip.md §2.3). No library has that variant.
// Speed does not matter: it runs twice a login.
#include <algorithm>

#include "proto/auth/hash.hpp"

namespace dmss::proto::auth {
namespace {

constexpr std::array<std::uint8_t, 64> kInitial = {
    58, 50, 42, 34, 26, 18, 10, 2,  60, 52, 44, 36, 28, 20, 12, 4,  62, 54, 46, 38, 30, 22,
    14, 6,  64, 56, 48, 40, 32, 24, 16, 8,  57, 49, 41, 33, 25, 17, 9,  1,  59, 51, 43, 35,
    27, 19, 11, 3,  61, 53, 45, 37, 29, 21, 13, 5,  63, 55, 47, 39, 31, 23, 15, 7};
constexpr std::array<std::uint8_t, 48> kExpansion = {
    32, 1,  2,  3,  4,  5,  4,  5,  6,  7,  8,  9,  8,  9,  10, 11, 12, 13, 12, 13, 14, 15, 16, 17,
    16, 17, 18, 19, 20, 21, 20, 21, 22, 23, 24, 25, 24, 25, 26, 27, 28, 29, 28, 29, 30, 31, 32, 1};
constexpr std::array<std::uint8_t, 32> kPermutation = {16, 7, 20, 21, 29, 12, 28, 17, 1,  15, 23,
                                                       26, 5, 18, 31, 10, 2,  8,  24, 14, 32, 27,
                                                       3,  9, 19, 13, 30, 6,  22, 11, 4,  25};
constexpr std::array<std::uint8_t, 56> kChoice1 = {57, 49, 41, 33, 25, 17, 9,  1,  58, 50, 42, 34, 26, 18,
                                                   10, 2,  59, 51, 43, 35, 27, 19, 11, 3,  60, 52, 44, 36,
                                                   63, 55, 47, 39, 31, 23, 15, 7,  62, 54, 46, 38, 30, 22,
                                                   14, 6,  61, 53, 45, 37, 29, 21, 13, 5,  28, 20, 12, 4};
constexpr std::array<std::uint8_t, 48> kChoice2 = {
    14, 17, 11, 24, 1,  5,  3,  28, 15, 6,  21, 10, 23, 19, 12, 4,  26, 8,  16, 7,  27, 20, 13, 2,
    41, 52, 31, 37, 47, 55, 30, 40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32};
constexpr std::array<std::uint8_t, 16> kShifts = {1, 1, 2, 2, 2, 2, 2, 2, 1, 2, 2, 2, 2, 2, 2, 1};
constexpr std::uint8_t kBoxes[8][64] = {
    {14, 4,  13, 1, 2,  15, 11, 8, 3, 10, 6, 12, 5,  9,  0,  7,  0,  15, 7,  4,  14, 2,
     13, 1,  10, 6, 12, 11, 9,  5, 3, 8,  4, 1,  14, 8,  13, 6,  2,  11, 15, 12, 9,  7,
     3,  10, 5,  0, 15, 12, 8,  2, 4, 9,  1, 7,  5,  11, 3,  14, 10, 0,  6,  13},
    {15, 1,  8,  14, 6,  11, 3,  4, 9,  7,  2, 13, 12, 0,  5,  10, 3,  13, 4,  7, 15, 2,
     8,  14, 12, 0,  1,  10, 6,  9, 11, 5,  0, 14, 7,  11, 10, 4,  13, 1,  5,  8, 12, 6,
     9,  3,  2,  15, 13, 8,  10, 1, 3,  15, 4, 2,  11, 6,  7,  12, 0,  5,  14, 9},
    {10, 0,  9,  14, 6, 3,  15, 5,  1,  13, 12, 7, 11, 4,  2,  8,  13, 7, 0,  9, 3, 4,
     6,  10, 2,  8,  5, 14, 12, 11, 15, 1,  13, 6, 4,  9,  8,  15, 3,  0, 11, 1, 2, 12,
     5,  10, 14, 7,  1, 10, 13, 0,  6,  9,  8,  7, 4,  15, 14, 3,  11, 5, 2,  12},
    {7, 13, 14, 3, 0, 6,  9, 10, 1,  2, 8,  5, 11, 12, 4,  15, 13, 8,  11, 5, 6, 15,
     0, 3,  4,  7, 2, 12, 1, 10, 14, 9, 10, 6, 9,  0,  12, 11, 7,  13, 15, 1, 3, 14,
     5, 2,  8,  4, 3, 15, 0, 6,  10, 1, 13, 8, 9,  4,  5,  11, 12, 7,  2,  14},
    {2,  12, 4, 1,  7,  10, 11, 6, 8, 5,  3, 15, 13, 0,  14, 9,  14, 11, 2,  12, 4,  7,
     13, 1,  5, 0,  15, 10, 3,  9, 8, 6,  4, 2,  1,  11, 10, 13, 7,  8,  15, 9,  12, 5,
     6,  3,  0, 14, 11, 8,  12, 7, 1, 14, 2, 13, 6,  15, 0,  9,  10, 4,  5,  3},
    {12, 1,  10, 15, 9,  2,  6, 8,  0, 13, 3,  4,  14, 7,  5, 11, 10, 15, 4, 2, 7, 12,
     9,  5,  6,  1,  13, 14, 0, 11, 3, 8,  9,  14, 15, 5,  2, 8,  12, 3,  7, 0, 4, 10,
     1,  13, 11, 6,  4,  3,  2, 12, 9, 5,  15, 10, 11, 14, 1, 7,  6,  0,  8, 13},
    {4, 11, 2,  14, 15, 0,  8,  13, 3, 12, 9,  7, 5,  10, 6,  1,  13, 0,  11, 7,  4, 9,
     1, 10, 14, 3,  5,  12, 2,  15, 8, 6,  1,  4, 11, 13, 12, 3,  7,  14, 10, 15, 6, 8,
     0, 5,  9,  2,  6,  11, 13, 8,  1, 4,  10, 7, 9,  5,  0,  15, 14, 2,  3,  12},
    {13, 2, 8,  4, 6, 15, 11, 1,  10, 9,  3, 14, 5,  0,  12, 7,  1,  15, 13, 8, 10, 3,
     7,  4, 12, 5, 6, 11, 0,  14, 9,  2,  7, 11, 4,  1,  9,  12, 14, 2,  0,  6, 10, 13,
     15, 3, 5,  8, 2, 1,  14, 7,  4,  10, 8, 13, 15, 12, 9,  0,  3,  5,  6,  11}};

using Block = std::array<std::uint8_t, 8>;
template <std::size_t N>
using Bits = std::array<bool, N>;

Bits<64> unpack(const Block& block) {
  Bits<64> bits{};
  for (std::size_t i = 0; i < 64; ++i) bits[i] = (block[i / 8] >> (i % 8) & 1) != 0;
  return bits;
}

Block pack(const Bits<64>& bits) {
  Block block{};
  for (std::size_t i = 0; i < 64; ++i)
    block[i / 8] = static_cast<std::uint8_t>(block[i / 8] | bits[i] << (i % 8));
  return block;
}

/// `table` counts from 1, as the standard prints it.
template <std::size_t Out, std::size_t In>
Bits<Out> permute(const Bits<In>& in, const std::array<std::uint8_t, Out>& table) {
  Bits<Out> out{};
  for (std::size_t i = 0; i < Out; ++i) out[i] = in[table[i] - 1u];
  return out;
}

std::array<Bits<48>, 16> round_keys(const Block& key) {
  std::array<Bits<48>, 16> keys{};
  Bits<56> cd = permute(unpack(key), kChoice1);
  for (std::size_t round = 0; round < 16; ++round) {
    std::rotate(cd.begin(), cd.begin() + kShifts[round], cd.begin() + 28);
    std::rotate(cd.begin() + 28, cd.begin() + 28 + kShifts[round], cd.end());
    keys[round] = permute(cd, kChoice2);
  }
  return keys;
}

Bits<32> mangle(const Bits<32>& half, const Bits<48>& key) {
  Bits<48> wide = permute(half, kExpansion);
  for (std::size_t i = 0; i < 48; ++i) wide[i] = wide[i] != key[i];
  Bits<32> out{};
  for (std::size_t box = 0; box < 8; ++box) {
    const bool* b = &wide[box * 6];
    const std::size_t row = static_cast<std::size_t>(b[0] * 2 + b[5]);
    const std::size_t column = static_cast<std::size_t>(b[1] * 8 + b[2] * 4 + b[3] * 2 + b[4]);
    const std::uint8_t value = kBoxes[box][row * 16 + column];
    for (std::size_t i = 0; i < 4; ++i) out[box * 4 + i] = (value >> i & 1) != 0;
  }
  return permute(out, kPermutation);
}

/// Without the exchange of the halves after the last round, so decrypting begins with one.
Block des(const Block& input, const Block& key, bool decrypt) {
  const std::array<Bits<48>, 16> keys = round_keys(key);
  const Bits<64> start = permute(unpack(input), kInitial);
  Bits<32> left{}, right{};
  std::copy_n(start.begin(), 32, left.begin());
  std::copy_n(start.begin() + 32, 32, right.begin());
  if (decrypt) std::swap(left, right);
  for (std::size_t round = 0; round < 16; ++round) {
    const Bits<32> f = mangle(right, keys[decrypt ? 15 - round : round]);
    for (std::size_t i = 0; i < 32; ++i) left[i] = left[i] != f[i];
    std::swap(left, right);
  }
  if (decrypt) std::swap(left, right);
  Bits<64> joined{}, out{};
  std::copy(left.begin(), left.end(), joined.begin());
  std::copy(right.begin(), right.end(), joined.begin() + 32);
  for (std::size_t i = 0; i < 64; ++i) out[kInitial[i] - 1u] = joined[i];
  return pack(out);
}

}  // namespace

std::array<std::uint8_t, 8> gen0(std::string_view text) {
  constexpr Block k1 = {'p', 'o', 'i', 'u', 'y', 't', 'r', 'e'};
  constexpr Block k2 = {'w', 'q'};
  Block block{};
  std::copy_n(text.begin(), std::min<std::size_t>(text.size(), 8), block.begin());
  return des(des(des(block, k1, false), k2, true), k1, false);
}

}  // namespace dmss::proto::auth

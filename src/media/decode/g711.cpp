#include "media/decode/g711.hpp"

#include <array>
#include <cstddef>

namespace dmss::media {
namespace {

constexpr std::int16_t alaw_to_linear(std::uint8_t a) {
  a ^= 0x55;
  const int segment = (a & 0x70) >> 4;
  int value = (a & 0x0f) << 4;
  value += segment == 0 ? 8 : 0x108;
  if (segment > 1) value <<= segment - 1;
  return static_cast<std::int16_t>((a & 0x80) != 0 ? value : -value);
}

constexpr std::int16_t mulaw_to_linear(std::uint8_t u) {
  u = static_cast<std::uint8_t>(~u);
  int value = ((u & 0x0f) << 3) + 0x84;
  value <<= (u & 0x70) >> 4;
  return static_cast<std::int16_t>((u & 0x80) != 0 ? 0x84 - value : value - 0x84);
}

constexpr int segment_of(int magnitude, int first_end) {
  int segment = 0;
  for (int end = first_end; segment < 8 && magnitude > end; ++segment) end = (end << 1) | 1;
  return segment;
}

constexpr std::uint8_t linear_to_alaw(int sample13) {  // 13 bits, signed
  const std::uint8_t mask = sample13 >= 0 ? 0xd5 : 0x55;
  const int magnitude = sample13 >= 0 ? sample13 : -sample13 - 1;
  const int segment = segment_of(magnitude, 0x1f);
  if (segment >= 8) return static_cast<std::uint8_t>(0x7f ^ mask);
  const int low = segment < 2 ? magnitude >> 1 : magnitude >> segment;
  return static_cast<std::uint8_t>((segment << 4 | (low & 0x0f)) ^ mask);
}

constexpr std::uint8_t linear_to_mulaw(int sample14) {  // 14 bits, signed
  const std::uint8_t mask = sample14 >= 0 ? 0xff : 0x7f;
  int magnitude = sample14 >= 0 ? sample14 : -sample14;
  if (magnitude > 8159) magnitude = 8159;
  magnitude += 0x21;
  const int segment = segment_of(magnitude, 0x3f);
  if (segment >= 8) return static_cast<std::uint8_t>(0x7f ^ mask);
  return static_cast<std::uint8_t>((segment << 4 | (magnitude >> (segment + 1) & 0x0f)) ^ mask);
}

template <class T, std::size_t N, class F>
constexpr std::array<T, N> table(F&& f) {
  std::array<T, N> t{};
  for (std::size_t i = 0; i < N; ++i) t[i] = f(i);
  return t;
}

constexpr auto kAlaw =
    table<std::int16_t, 256>([](std::size_t i) { return alaw_to_linear(static_cast<std::uint8_t>(i)); });
constexpr auto kMulaw =
    table<std::int16_t, 256>([](std::size_t i) { return mulaw_to_linear(static_cast<std::uint8_t>(i)); });
// Indexed by the upper bits of a sample plus an offset.
const auto kToAlaw =
    table<std::uint8_t, 8192>([](std::size_t i) { return linear_to_alaw(static_cast<int>(i) - 4096); });
const auto kToMulaw =
    table<std::uint8_t, 16384>([](std::size_t i) { return linear_to_mulaw(static_cast<int>(i) - 8192); });

}  // namespace

void decode_alaw(std::span<const std::uint8_t> in, std::int16_t* out) noexcept {
  for (std::size_t i = 0; i < in.size(); ++i) out[i] = kAlaw[in[i]];
}
void decode_mulaw(std::span<const std::uint8_t> in, std::int16_t* out) noexcept {
  for (std::size_t i = 0; i < in.size(); ++i) out[i] = kMulaw[in[i]];
}
void encode_alaw(std::span<const std::int16_t> in, std::uint8_t* out) noexcept {
  for (std::size_t i = 0; i < in.size(); ++i) out[i] = kToAlaw[static_cast<std::size_t>((in[i] >> 3) + 4096)];
}
void encode_mulaw(std::span<const std::int16_t> in, std::uint8_t* out) noexcept {
  for (std::size_t i = 0; i < in.size(); ++i)
    out[i] = kToMulaw[static_cast<std::size_t>((in[i] >> 2) + 8192)];
}

}  // namespace dmss::media

#include "media/decode/parameter_sets.hpp"

namespace dmss::media {
namespace {

enum class Nal { slice, parameter_set, other };

Nal kind_of(Codec codec, std::uint8_t header) noexcept {
  if (codec == Codec::h264) {
    const int t = header & 0x1f;
    return t >= 1 && t <= 5 ? Nal::slice : t == 7 || t == 8 ? Nal::parameter_set : Nal::other;
  }
  const int t = header >> 1 & 0x3f;
  return t < 32 ? Nal::slice : t <= 34 ? Nal::parameter_set : Nal::other;
}

}  // namespace

std::uint64_t parameter_set_digest(Codec codec, ByteView unit) noexcept {
  if (codec != Codec::h264 && codec != Codec::h265) return 0;
  constexpr std::uint64_t kOffset = 0xcbf29ce484222325, kPrime = 0x100000001b3;  // FNV-1a
  std::uint64_t digest = 0;
  bool inside = false;
  for (std::size_t i = 0; i < unit.size(); ++i) {
    if (i + 3 < unit.size() && unit[i] == 0 && unit[i + 1] == 0 && unit[i + 2] == 1) {
      const Nal kind = kind_of(codec, unit[i + 3]);
      if (kind == Nal::slice) break;
      inside = kind == Nal::parameter_set;
      i += 2;
    } else if (inside) {
      digest = ((digest == 0 ? kOffset : digest) ^ unit[i]) * kPrime;
    }
  }
  return digest;
}

}  // namespace dmss::media

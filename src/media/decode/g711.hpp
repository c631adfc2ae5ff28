// G.711 by table (ITU-T G.711), both laws, both ways.
#pragma once

#include <cstdint>
#include <span>

namespace dmss::media {

/// `out` has as many samples as `in` has bytes.
void decode_alaw(std::span<const std::uint8_t> in, std::int16_t* out) noexcept;
void decode_mulaw(std::span<const std::uint8_t> in, std::int16_t* out) noexcept;
void encode_alaw(std::span<const std::int16_t> in, std::uint8_t* out) noexcept;
void encode_mulaw(std::span<const std::int16_t> in, std::uint8_t* out) noexcept;

}  // namespace dmss::media

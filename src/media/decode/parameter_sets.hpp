// What a coded picture says about its stream before its first slice.
#pragma once

#include <cstdint>

#include "base/bytes.hpp"
#include "dmss/media.hpp"

namespace dmss::media {

/// Hash of the H.264 or H.265 parameter sets in front of the first slice of an Annex-B unit; 0 when there are none.
std::uint64_t parameter_set_digest(Codec codec, ByteView unit) noexcept;

}  // namespace dmss::media

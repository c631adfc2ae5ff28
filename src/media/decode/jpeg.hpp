// JPEG of a decoded picture (protocol media.md §5.5). Never decodes again.
#pragma once

#include <cstdint>
#include <vector>

#include "dmss/media.hpp"
#include "dmss/result.hpp"

namespace dmss::media {

/// quality: mjpeg quantiser scale 2 (best) … 31. JPEG is full range; limited-range pictures are converted, full-range ones are not.
/// Errors: unsupported (a picture in hardware memory), internal.
Result<std::vector<std::uint8_t>> encode_jpeg(const Frame& frame, int quality);

}  // namespace dmss::media

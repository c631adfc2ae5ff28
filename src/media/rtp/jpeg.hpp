#pragma once

#include "media/rtp/depacketiser.hpp"

namespace dmss::media {

/// RFC 2435, types 0 and 1 and their restart-marker forms 64 and 65.
std::unique_ptr<Depacketiser> make_mjpeg_depacketiser(Depacketiser::Emit emit);

}  // namespace dmss::media

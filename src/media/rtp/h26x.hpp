// H.264 (RFC 6184) and H.265 (RFC 7798) payloads.
#pragma once

#include "media/rtp/depacketiser.hpp"

namespace dmss::media {

/// `parameter_sets` (Annex-B, may be empty) go in front of key frames that carry none.
std::unique_ptr<Depacketiser> make_h264_depacketiser(Bytes parameter_sets, Depacketiser::Emit emit);
std::unique_ptr<Depacketiser> make_h265_depacketiser(Bytes parameter_sets, Depacketiser::Emit emit);

}  // namespace dmss::media

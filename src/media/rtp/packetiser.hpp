// Access units to RTP payloads, for the virtual recorder (RFC 6184, 7798, 3640, 3551).
#pragma once

#include <functional>

#include "base/bytes.hpp"
#include "dmss/media.hpp"

namespace dmss::media {

/// One payload: `head` (fragment or AU headers, may be empty) and `body`, a view into the unit.
struct RtpPayload {
  ByteView head;
  ByteView body;
  bool marker = false;
};

/// Splits an Annex-B unit (or a run of sound) into payloads of at most `mtu` bytes; the last one has the marker.
void packetise(Codec codec, ByteView unit, std::size_t mtu,
               const std::function<void(const RtpPayload&)>& emit);

/// Calls f for each NAL unit of an Annex-B unit, without start code.
void for_each_nal(ByteView annexb, const std::function<void(ByteView)>& f);

}  // namespace dmss::media

// Input of the depacketiser targets: a list of packets, each a flags byte, a length (big-endian, 16 bit), a
// payload. Flags: 1 marker, 2 packets were lost before, the upper six bits are added to the time stamp.
#pragma once

#include "fuzz.hpp"
#include "media/rtp/depacketiser.hpp"

namespace dmss::fuzz {

inline void push_packets(media::Depacketiser& depacketiser, ByteView input) {
  Reader r(input);
  std::int64_t ticks = 0;
  while (r.left() >= 3) {
    const std::uint8_t flags = r.u8();
    const std::size_t size = r.be16();
    proto::rtp::Packet p;
    p.payload = r.bytes(std::min(size, r.left()));
    p.marker = (flags & 1) != 0;
    ticks += (flags >> 2) * 900;
    depacketiser.push(p, ticks, (flags & 2) != 0, {});
  }
}

}  // namespace dmss::fuzz

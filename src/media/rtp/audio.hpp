#pragma once

#include "media/rtp/depacketiser.hpp"

namespace dmss::media {

/// One packet, one unit: G.711, G.726, linear PCM.
std::unique_ptr<Depacketiser> make_plain_audio(Codec codec, int rate, int channels, Depacketiser::Emit emit);

struct AacFormat {
  int rate = 16000;
  int channels = 1;
  int size_bits = 13;
  int index_bits = 3;
  int clock = 0;  ///< of the RTP time stamps; 0: the rate
};
/// From the fmtp line; for the rate "config" wins over the rtpmap, which still says what the time stamps count.
AacFormat aac_format(const proto::rtsp::Track& track);
std::unique_ptr<Depacketiser> make_aac(AacFormat format, Depacketiser::Emit emit);

}  // namespace dmss::media

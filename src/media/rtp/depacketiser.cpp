#include "media/rtp/depacketiser.hpp"

#include "media/rtp/audio.hpp"
#include "media/rtp/h26x.hpp"
#include "media/rtp/jpeg.hpp"

namespace dmss::media {

std::unique_ptr<Depacketiser> make_depacketiser(const proto::rtsp::Track& track, Depacketiser::Emit emit) {
  const Codec codec = track.codec();
  switch (codec) {
    case Codec::h264: return make_h264_depacketiser(track.parameter_sets(), std::move(emit));
    case Codec::h265: return make_h265_depacketiser(track.parameter_sets(), std::move(emit));
    case Codec::mjpeg: return make_mjpeg_depacketiser(std::move(emit));
    case Codec::aac: return make_aac(aac_format(track), std::move(emit));
    case Codec::unknown:
    case Codec::mpeg4: return nullptr;
    default:
      return make_plain_audio(codec, track.clock_rate > 0 ? track.clock_rate : 8000, track.channels,
                              std::move(emit));
  }
}

}  // namespace dmss::media

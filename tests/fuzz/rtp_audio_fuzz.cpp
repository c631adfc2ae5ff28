// A description of the device, and the packets of its tracks. The first two bytes (big-endian) are the length
// of the description.
#include "media/rtp/depacketiser.hpp"
#include "rtp_fuzz.hpp"

using namespace dmss;
using namespace dmss::media;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Reader r({data, size});
  const std::size_t description = r.be16();
  const std::string_view text = as_text(r.bytes(std::min(description, r.left())));
  for (const proto::rtsp::Track& track : proto::rtsp::parse_sdp(text).tracks) {
    const Codec codec = track.codec();
    const auto depacketiser = make_depacketiser(track, [&](const AccessUnit& u) {
      FUZZ_CHECK(u.codec == codec && !u.data.empty());
      FUZZ_CHECK(is_audio(u.codec) == (u.kind == MediaKind::audio));
      if (u.kind == MediaKind::audio) FUZZ_CHECK(u.sample_rate > 0);
    });
    if (depacketiser) fuzz::push_packets(*depacketiser, r.rest());
  }
  return 0;
}

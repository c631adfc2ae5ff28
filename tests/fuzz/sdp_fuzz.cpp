// SDP: whatever a device writes, the values stay in their ranges.
#include "fuzz.hpp"
#include "proto/rtsp/headers.hpp"
#include "proto/rtsp/sdp.hpp"

using namespace dmss;
using namespace dmss::proto::rtsp;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Sdp sdp = parse_sdp(as_text({data, size}));
  FUZZ_CHECK(sdp.tracks.size() <= kMaxTracks);
  for (const Track& t : sdp.tracks) {
    FUZZ_CHECK(t.payload_type >= -1 && t.payload_type <= 127);
    FUZZ_CHECK(t.clock_rate >= 0 && t.clock_rate <= 10'000'000);
    FUZZ_CHECK(t.channels >= 1 && t.channels <= 8);
    FUZZ_CHECK(t.frame_rate >= 0 && t.frame_rate < 1000);
    FUZZ_CHECK(t.fmtp.size() <= 32);
    FUZZ_CHECK(t.control.find('\n') == std::string::npos);
    const Bytes sets = t.parameter_sets();
    FUZZ_CHECK(sets.empty() || (sets.size() > 4 && load_be32(sets.data()) == 1));
    (void)t.codec();
    (void)join_control(sdp.control, t.control);
  }
  return 0;
}

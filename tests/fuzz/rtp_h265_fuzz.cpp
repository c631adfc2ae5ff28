// H.265 payloads to access units.
#include "media/decode/parameter_sets.hpp"
#include "media/rtp/h26x.hpp"
#include "rtp_fuzz.hpp"

using namespace dmss;
using namespace dmss::media;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes sets = {0, 0, 0, 1, 0x40, 0x01, 0x0c, 0, 0, 0, 1, 0x42, 0x01, 0x01};
  const auto depacketiser = make_h265_depacketiser(sets, [&](const AccessUnit& u) {
    const ByteView unit = u.data.view();
    FUZZ_CHECK(unit.size() > 4 && load_be32(unit.data()) == 1);
    FUZZ_CHECK(unit.size() < size * 5 + sets.size());
    (void)parameter_set_digest(u.codec, unit);
    FUZZ_CHECK(u.codec == Codec::h265 && u.kind == MediaKind::video && u.time >= MediaTime(0));
  });
  fuzz::push_packets(*depacketiser, {data, size});
  return 0;
}

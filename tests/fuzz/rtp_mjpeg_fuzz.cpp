// Motion JPEG payloads to pictures.
#include "media/rtp/jpeg.hpp"
#include "rtp_fuzz.hpp"

using namespace dmss;
using namespace dmss::media;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto depacketiser = make_mjpeg_depacketiser([&](const AccessUnit& u) {
    const ByteView unit = u.data.view();
    FUZZ_CHECK(unit.size() > 600 && unit.size() < size + 700);
    FUZZ_CHECK(load_be16(unit.data()) == 0xffd8 && load_be16(&unit[unit.size() - 2]) == 0xffd9);
    FUZZ_CHECK(u.key && !u.corrupt && u.codec == Codec::mjpeg);
  });
  fuzz::push_packets(*depacketiser, {data, size});
  return 0;
}

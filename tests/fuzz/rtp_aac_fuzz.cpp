// AAC payloads (RFC 3640) to sound units. The first two bytes are the widths of size and index.
#include "media/rtp/audio.hpp"
#include "rtp_fuzz.hpp"

using namespace dmss;
using namespace dmss::media;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  AacFormat format;
  format.size_bits = data[0] % 17;  // what aac_format() lets through
  format.index_bits = data[1] % 17;
  std::size_t given = 0;
  const auto depacketiser = make_aac(format, [&](const AccessUnit& u) {
    FUZZ_CHECK(!u.data.empty() && u.codec == Codec::aac && u.kind == MediaKind::audio);
    given += u.data.size();
  });
  fuzz::push_packets(*depacketiser, ByteView(data, size).subspan(2));
  FUZZ_CHECK(given <= size);
  return 0;
}

// DHIP packets and the messages joined from them.
#include "fuzz.hpp"
#include "proto/dvrip/dhip.hpp"
#include "proto/rpc/split.hpp"

using namespace dmss;
using namespace dmss::proto::dvrip;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FragmentLimits limits;
  limits.max_message = 16384;
  limits.max_fragments = 64;
  DhipReader reader(limits);
  fuzz::in_pieces({data, size}, [&](ByteView piece) {
    reader.feed(piece);
    for (auto m = reader.next(); !m.need_more(); m = reader.next()) {
      if (m.failed()) return false;
      FUZZ_CHECK(m.value().body.size() <= limits.max_message);
      for (std::string_view object : proto::rpc::split_body(m.value().text()).objects)
        FUZZ_CHECK(object.size() >= 2);
    }
    return true;
  });
  return 0;
}

// Frames of port 37777 and everything that is read out of them.
#include "fuzz.hpp"
#include "proto/dvrip/json_frame.hpp"
#include "proto/dvrip/legacy.hpp"
#include "proto/dvrip/login.hpp"
#include "proto/dvrip/media_frame.hpp"
#include "proto/dvrip/text.hpp"
#include "proto/rpc/codes.hpp"

using namespace dmss;
using namespace dmss::proto::dvrip;

namespace {

constexpr std::size_t kLimit = 16384;

void look_at(const FrameView& f, JsonAssembler& json) {
  FUZZ_CHECK(f.body.size() == f.header.body_size());
  FUZZ_CHECK(parse_frame(write_frame(f.header, f.body)).ok());
  switch (f.header.command()) {
    case Command::login: {
      const LoginRequest r = parse_login(f);
      FUZZ_CHECK(r.h2.size() <= 32 && r.h1.size() <= 32);
      break;
    }
    case Command::login_reply: {
      (void)parse_challenge(f.body);
      const Verdict v = parse_verdict(f);
      FUZZ_CHECK(v.accepted == !proto::rpc::verdict_error(v));
      break;
    }
    case Command::live: (void)parse_live(f.header, f.body); break;
    case Command::tie: FUZZ_CHECK(parse_tie(f.header)->channel >= 0); break;
    case Command::text: (void)Text::parse(f.body); break;
    case Command::media: (void)parse_live_verdict(f.body); break;
    case Command::system_info_reply: (void)has_json(system_text(f.body)); break;
    case Command::channel_names_reply:
      FUZZ_CHECK(parse_channel_names(f.body).size() <= kMaxChannelNames);
      break;
    case Command::json: {
      const auto m = json.add(f);
      if (m.ok()) FUZZ_CHECK(m.value().body.size() <= kLimit);
      break;
    }
    default: break;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FrameReader reader(kLimit);
  FragmentLimits limits;
  limits.max_message = kLimit;
  JsonAssembler json(limits);
  (void)detect({data, size});
  fuzz::in_pieces({data, size}, [&](ByteView piece) {
    reader.feed(piece);
    for (auto f = reader.next(); !f.need_more(); f = reader.next()) {
      if (f.failed()) return false;
      look_at(f.value(), json);
    }
    FUZZ_CHECK(reader.buffered() < kHeaderSize + kLimit);
    return true;
  });
  return 0;
}

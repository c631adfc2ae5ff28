// An RTSP connection: interleaved packets, messages and junk come out the same whole and in pieces; messages and
// header values are read and written.
#include "fuzz.hpp"
#include "proto/rtsp/framing.hpp"
#include "proto/rtsp/headers.hpp"
#include "proto/rtsp/message.hpp"

using namespace dmss;
using namespace dmss::proto::rtsp;

namespace {

/// Takes what is whole from the front of `in`; bytes used. Writes down what it was.
std::size_t drain(ByteView in, Interleaving interleaving, std::vector<Bytes>& packets) {
  std::size_t at = 0;
  for (;;) {
    const ByteView rest = in.subspan(at);
    const Item item = next_item(rest, interleaving);
    if (item.kind == Item::Kind::need_more) {
      FUZZ_CHECK(item.size > 0);
      return at;
    }
    std::size_t used = item.size;
    if (item.kind == Item::Kind::packet) {
      Bytes& p = packets.emplace_back(1, item.channel);
      p.insert(p.end(), item.data.begin(), item.data.end());
    } else if (item.kind == Item::Kind::text) {
      const auto m = parse_message(rest);
      if (m.need_more()) {
        FUZZ_CHECK(m.needed() > 0);
        return at;
      }
      used = m.ok() ? m.consumed() : 1;
    }
    FUZZ_CHECK(used > 0 && used <= rest.size());
    at += used;
  }
}

void headers(const Message& m) {
  for (const auto& [key, value] : m.headers) {
    if (const auto s = parse_session(value)) FUZZ_CHECK(!s->id.empty() && s->timeout > 0);
    const Transport t = parse_transport(value);
    if (t.server_port) FUZZ_CHECK(t.server_port->first >= 0 && t.server_port->first <= 65535);
    FUZZ_CHECK(parse_rtp_info(value).size() <= 16);
    (void)join_control(m.uri, value);
  }
  (void)m.cseq();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const Interleaving interleaving = (data[0] & 0x80) != 0 ? Interleaving::dh : Interleaving::rtp;
  const ByteView stream = ByteView(data, size).subspan(1);

  std::vector<Bytes> whole, pieces;
  (void)drain(stream, interleaving, whole);
  Bytes buffer;
  fuzz::in_pieces({data, size}, [&](ByteView piece) {
    buffer.insert(buffer.end(), piece.begin(), piece.end());
    const std::size_t used = drain(buffer, interleaving, pieces);
    buffer.erase(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(used));
    return true;
  });
  FUZZ_CHECK(whole == pieces);

  const auto m = parse_message(stream);
  if (!m.ok()) return 0;
  FUZZ_CHECK(m.value().headers.size() <= kMaxHeaders && m.value().body.size() <= kMaxBody);
  headers(m.value());
  if (!m.value().get("Content-Length").empty()) return 0;
  const std::string text = write_message(m.value());
  const auto again = parse_message(as_bytes(text));
  if (again.ok())
    FUZZ_CHECK(again.value().headers == m.value().headers && again.value().status == m.value().status);
  return 0;
}

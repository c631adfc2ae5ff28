#include "proto/dvrip/header.hpp"

#include <algorithm>

namespace dmss::proto::dvrip {

std::uint32_t Header::session() const noexcept {
  switch (command()) {
    case Command::json: return le32(24);
    case Command::logout:
    case Command::logout_reply:
    case Command::tie: return le32(8);
    default: return le32(16);
  }
}

void append_frame(Bytes& out, Header header, ByteView body) {
  header.set_body_size(static_cast<std::uint32_t>(body.size()));
  Writer(out).bytes(header.raw).bytes(body);
}

Bytes write_frame(Header header, ByteView body) {
  Bytes out;
  out.reserve(kHeaderSize + body.size());
  append_frame(out, header, body);
  return out;
}

Parsed<FrameView> parse_frame(ByteView data, std::size_t max_body) {
  using P = Parsed<FrameView>;
  if (data.size() < kHeaderSize) return P::more(kHeaderSize - data.size());
  FrameView frame;
  std::copy_n(data.begin(), kHeaderSize, frame.header.raw.begin());
  const std::size_t body = frame.header.body_size();
  if (body > max_body) return P::fail(Errc::too_large, 4, "DVRIP body beyond the limit");
  if (data.size() - kHeaderSize < body) return P::more(kHeaderSize + body - data.size());
  frame.body = data.subspan(kHeaderSize, body);
  return P::done(frame, kHeaderSize + body);
}

Parsed<FrameView> FrameReader::next() {
  Parsed<FrameView> frame = parse_frame(buffer_.view(), max_body_);
  // A failed header stays at the front, so the failure repeats.
  if (frame.ok()) buffer_.consume(frame.consumed());
  return frame;
}

Protocol detect(ByteView first_bytes) noexcept {
  if (first_bytes.size() < 8) return Protocol::need_more;
  if (as_text(first_bytes.subspan(4, 4)) == "DHIP") return Protocol::dhip;
  static constexpr std::uint8_t commands[] = {0xa0, 0xa1, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8, 0xb0,
                                              0xb1, 0xb3, 0xb4, 0xb6, 0xb8, 0xbb, 0xbc, 0xf1, 0xf4,
                                              0xf6, 0x0a, 0x0b, 0x11, 0x1d, 0x68, 0x69, 0x83};
  const bool known =
      std::find(std::begin(commands), std::end(commands), first_bytes[0]) != std::end(commands);
  return known ? Protocol::dvrip : Protocol::unknown;
}

}  // namespace dmss::proto::dvrip

#include "proto/dvrip/dhip.hpp"

#include <algorithm>

namespace dmss::proto::dvrip {
namespace {

constexpr std::uint32_t kMagic0 = 0x20;
constexpr std::uint32_t kMagic4 = 0x50494844;  // "DHIP"

}  // namespace

void append_dhip_header(Bytes& out, const DhipHeader& h) {
  Writer w(out);
  w.le32(kMagic0)
      .le32(kMagic4)
      .le32(h.session)
      .le32(h.id)
      .le32(h.size)
      .le32(h.fragment)
      .le32(h.total)
      .le32(0);
}

Parsed<DhipHeader> parse_dhip_header(ByteView data) {
  using P = Parsed<DhipHeader>;
  if (data.size() < kHeaderSize) return P::more(kHeaderSize - data.size());
  Reader r(data);
  if (r.le32() != kMagic0 || r.le32() != kMagic4) return P::fail(Errc::malformed, 0, "no DHIP header");
  DhipHeader h;
  h.session = r.le32();
  h.id = r.le32();
  h.size = r.le32();
  h.fragment = r.le32();
  h.total = r.le32();
  return P::done(h, kHeaderSize);
}

Bytes write_dhip(std::uint32_t id, std::uint32_t session, std::string_view json, const DhipOptions& options) {
  Bytes body;
  Writer(body).text(json).text(options.trailer);
  const std::size_t step =
      options.max_fragment == 0 ? std::max<std::size_t>(body.size(), 1) : options.max_fragment;
  Bytes out;
  out.reserve(body.size() + (body.size() / step + 1) * kHeaderSize);
  DhipHeader h{session, id, 0, 0, static_cast<std::uint32_t>(body.size())};
  ByteView rest = body;
  do {
    const ByteView part = rest.first(std::min(step, rest.size()));
    h.size = static_cast<std::uint32_t>(part.size());
    append_dhip_header(out, h);
    Writer(out).bytes(part);
    rest = rest.subspan(part.size());
  } while (!rest.empty());
  return out;
}

Parsed<JsonMessage> DhipReader::next() {
  using P = Parsed<JsonMessage>;
  if (broken_) return P::fail(broken_->code, broken_->offset, broken_->what);
  const auto fail = [this](Errc code, std::size_t offset, const char* what) {
    broken_ = ParseError{code, offset, what};
    return P::fail(code, offset, what);
  };
  for (;;) {
    const Parsed<DhipHeader> header = parse_dhip_header(buffer_.view());
    if (header.failed()) return fail(header.error().code, header.error().offset, header.error().what);
    if (header.need_more()) return P::more(header.needed());
    const DhipHeader& h = header.value();
    if (h.size > limits_.max_message) return fail(Errc::too_large, 16, "DHIP body beyond the limit");
    const std::size_t length = kHeaderSize + h.size;
    if (buffer_.size() < length) return P::more(length - buffer_.size());
    const ByteView body = buffer_.view().subspan(kHeaderSize, h.size);
    Parsed<JsonMessage> message = fragments_.add(h.id, h.session, h.total, body);
    if (message.failed()) return fail(message.error().code, message.error().offset, message.error().what);
    buffer_.consume(length);
    if (message.ok()) return P::done(std::move(message).value(), length);
  }
}

}  // namespace dmss::proto::dvrip

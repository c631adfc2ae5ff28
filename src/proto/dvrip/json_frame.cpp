#include "proto/dvrip/json_frame.hpp"

#include <algorithm>

namespace dmss::proto::dvrip {

std::string_view JsonMessage::text() const noexcept {
  std::string_view s = as_text(body);
  constexpr std::string_view junk("\r\n\0 ", 4);
  const std::size_t last = s.find_last_not_of(junk);
  return last == std::string_view::npos ? std::string_view() : s.substr(0, last + 1);
}

Parsed<JsonMessage> FragmentAssembler::add(std::uint32_t id, std::uint32_t session, std::uint32_t total,
                                           ByteView fragment) {
  using P = Parsed<JsonMessage>;
  const auto part =
      std::find_if(parts_.begin(), parts_.end(), [id](const Part& p) { return p.message.id == id; });
  if (std::max<std::size_t>(total, fragment.size()) > limits_.max_message) {
    return P::fail(Errc::too_large, 0, "JSON message beyond the limit");
  }
  if (part == parts_.end()) {
    if (total <= fragment.size()) {
      return P::done({id, session, Bytes(fragment.begin(), fragment.end())}, fragment.size());
    }
    if (parts_.size() >= limits_.max_unfinished)
      return P::fail(Errc::too_large, 0, "too many unfinished JSON messages");
    parts_.push_back({{id, session, {}}, total, 0});
    return add(id, session, total, fragment);
  }
  if (total != part->total && total != 0)  // some tell it in the first fragment only
    return P::fail(Errc::malformed, 0, "fragments disagree about the length of their message");
  Bytes& body = part->message.body;
  if (fragment.size() > part->total - body.size())
    return P::fail(Errc::malformed, 0, "more JSON bytes than announced");
  if (++part->fragments > limits_.max_fragments)
    return P::fail(Errc::too_large, 0, "too many JSON fragments");
  if (bytes_ + fragment.size() > limits_.max_message) {
    return P::fail(Errc::too_large, 0, "unfinished JSON messages beyond the limit");
  }
  body.insert(body.end(), fragment.begin(), fragment.end());
  bytes_ += fragment.size();
  if (body.size() < part->total) return P::more(part->total - body.size());
  bytes_ -= body.size();
  JsonMessage whole = std::move(part->message);
  parts_.erase(part);
  return P::done(std::move(whole), fragment.size());
}

Bytes write_json(std::uint32_t id, std::uint32_t session, std::string_view json,
                 const JsonFrameOptions& options) {
  Bytes body;
  Writer(body).text(json).text(options.trailer);
  Header h(Command::json, options.version);
  h.set_le32(8, id).set_le32(16, static_cast<std::uint32_t>(body.size())).set_le32(24, session);
  const std::size_t step =
      options.max_fragment == 0 ? std::max<std::size_t>(body.size(), 1) : options.max_fragment;
  Bytes out;
  out.reserve(body.size() + (body.size() / step + 1) * kHeaderSize);
  ByteView rest = body;
  do {
    const ByteView part = rest.first(std::min(step, rest.size()));
    append_frame(out, h, part);
    rest = rest.subspan(part.size());
  } while (!rest.empty());
  return out;
}

Parsed<JsonMessage> JsonAssembler::add(const FrameView& frame) {
  const Header& h = frame.header;
  return fragments_.add(h.le32(8), h.session(), h.le32(16), frame.body);
}

}  // namespace dmss::proto::dvrip

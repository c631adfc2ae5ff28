#include "scenario/conversation.hpp"

#include "base/text.hpp"
#include "proto/dvrip/dhip.hpp"
#include "proto/dvrip/header.hpp"
#include "proto/rtsp/framing.hpp"
#include "proto/rtsp/message.hpp"

namespace dmss::scenario {
namespace {

Bytes text(std::string_view s) {
  return {s.begin(), s.end()};
}

constexpr std::string_view kHttpWords = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";
constexpr std::size_t kDhipHead = 32;

/// Head and Content-Length body: HTTP and RTSP requests.
std::size_t text_message(ByteView all) {
  const std::string_view s = as_text(all);
  const std::size_t end = s.find("\r\n\r\n");
  if (end == std::string_view::npos) return 0;
  std::size_t body = 0;
  for (std::size_t at = s.find("\r\n"); at < end; at = s.find("\r\n", at + 2)) {
    const std::string_view line = s.substr(at + 2, s.find("\r\n", at + 2) - at - 2);
    constexpr std::string_view kKey = "content-length:";
    if (line.size() <= kKey.size() || !equal_ignoring_case(line.substr(0, kKey.size()), kKey)) continue;
    body = proto::rtsp::to_number(trim(line.substr(kKey.size()))).value_or(0);
  }
  return s.size() < end + 4 + body ? 0 : end + 4 + body;
}

std::size_t rtsp_item(ByteView all) {
  if (all[0] != '$') return text_message(all);
  const auto item = proto::rtsp::next_item(all, proto::rtsp::Interleaving::rtp);
  return item.kind == proto::rtsp::Item::Kind::packet ? item.size : 0;
}

}  // namespace

Protocol dvrip_protocol() {
  Protocol p;
  p.framer = [](ByteView all) {
    const auto frame = proto::dvrip::parse_frame(all);
    return frame.ok() ? frame.consumed() : 0;
  };
  p.nonsense = text(kHttpWords);
  p.oversize = from_hex(
      "b0 00 00 68 ff ff ff ff 01 0e 01 00 00 00 00 00 00 00 00 00 01 00 00 00 06 00 f9 00 00 00 00 02");
  return p;
}

Protocol dhip_protocol() {
  Protocol p;
  p.framer = [](ByteView all) -> std::size_t {
    const auto head = proto::dvrip::parse_dhip_header(all);
    return head.ok() && all.size() >= kDhipHead + head.value().size ? kDhipHead + head.value().size : 0;
  };
  p.nonsense = text(kHttpWords);
  p.oversize = from_hex(
      "20 00 00 00 44 48 49 50 00 00 00 00 01 00 00 00 ff ff ff ff 00 00 00 00 ff ff ff ff 00 00 00 00");
  return p;
}

Protocol http_protocol() {
  Protocol p;
  p.framer = text_message;
  p.nonsense = from_hex(
      "b0 00 00 68 00 00 00 00 01 00 00 00 00 00 00 00 00 00 00 00 01 00 00 00 06 00 f9 00 00 04 00 02");
  p.oversize = text("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n{");
  return p;
}

Protocol rtsp_protocol() {
  Protocol p;
  p.framer = rtsp_item;
  p.nonsense = Bytes(2u << 20, 0xb0);
  p.oversize = text("RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Length: 99999999999\r\n\r\nv=0");
  return p;
}

std::string_view name(Fault fault) {
  switch (fault) {
    case Fault::none: break;
    case Fault::close: return "close";
    case Fault::reset: return "reset";
    case Fault::silence: return "silence";
    case Fault::half_then_close: return "half an answer, then close";
    case Fault::half_then_silence: return "half an answer, then silence";
    case Fault::nonsense: return "nonsense";
    case Fault::oversize: return "oversize";
  }
  return "none";
}

awaitable<void> converse(Peer& peer, Protocol protocol, Words words, int step, Fault fault) {
  for (int i = 0;; ++i) {
    std::optional<Bytes> message = co_await peer.next(protocol.framer);
    if (!message) co_return;
    const Bytes answer = words(*message);
    if (i != step || fault == Fault::none) {
      if (!answer.empty()) peer.send(answer);
      continue;
    }
    switch (fault) {
      case Fault::none:
      case Fault::close: co_return;
      case Fault::reset: peer.reset(); co_return;
      case Fault::silence: break;
      case Fault::half_then_close: peer.send(ByteView(answer).first(answer.size() / 2)); co_return;
      case Fault::half_then_silence: peer.send(ByteView(answer).first(answer.size() / 2)); break;
      case Fault::nonsense: peer.send(protocol.nonsense); break;
      case Fault::oversize: peer.send(protocol.oversize); break;
    }
    co_await peer.stay_silent();
    co_return;
  }
}

Script conversation(Protocol protocol, Words words, int step, Fault fault) {
  return [=](Peer& peer) { return converse(peer, protocol, words, step, fault); };
}

}  // namespace dmss::scenario

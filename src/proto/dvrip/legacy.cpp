#include "proto/dvrip/legacy.hpp"

#include <algorithm>
#include <charconv>

#include "proto/dvrip/text.hpp"

namespace dmss::proto::dvrip {
namespace {

constexpr std::size_t kMaxSystemText = 64u << 10;
constexpr std::size_t kSnapshotBody = 40;
constexpr std::uint8_t kSnapshotMark = 0x0a;
constexpr std::uint8_t kByNameMark = 0x08;

Header with_sub(Command command, std::uint8_t version, std::uint8_t sub) {
  Header h(command, version);
  h.set_u8(8, sub);
  return h;
}

LiveCommand parse_by_name(ByteView body) {
  LiveCommand out;
  const auto text = Text::parse(body);
  if (!text) return out;
  const auto channel = text->number("ChannelName");
  if (!channel || *channel > 0xffff) return out;
  const std::int64_t stream = text->number("Stream").value_or(0);
  out.by_name =
      LiveByName{static_cast<int>(*channel), static_cast<int>(std::clamp<std::int64_t>(stream, 0, 255)),
                 text->number("Operate").value_or(1) != 0};
  return out;
}

/// The pair dialect always talks of one channel; without a flag it stops channel 0.
LiveCommand parse_pair(const Header& h) {
  LiveCommand out;
  out.pair = LivePair{0, 0, false};
  for (int i = 0; i < kFlagChannels; ++i) {
    if (h.u8(8 + static_cast<std::size_t>(i)) != 0) {
      out.pair = LivePair{i / 2, i % 2, true};
      break;
    }
  }
  return out;
}

}  // namespace

Bytes write_keep_alive() {
  return write_frame(Header(Command::keep_alive));
}
Bytes write_keep_alive_reply() {
  return write_frame(Header(Command::keep_alive_reply, kReplyVersion));
}

Bytes write_logout(std::uint32_t session) {
  Header h(Command::logout);
  return write_frame(h.set_le32(8, session));
}

Bytes write_logout_reply(std::uint32_t session) {
  Header h(Command::logout_reply, kReplyVersion);
  return write_frame(h.set_le32(8, session));
}

Bytes write_system_query(SystemInfo what, std::uint8_t stream) {
  Header h = with_sub(Command::system_info, 0, static_cast<std::uint8_t>(what));
  return write_frame(h.set_u8(12, stream));
}

Bytes write_system_reply(std::uint8_t sub, ByteView body) {
  return write_frame(with_sub(Command::system_info_reply, kReplyVersion, sub), body);
}

std::string system_text(ByteView body) {
  std::string_view text = as_text(body.first(std::min(body.size(), kMaxSystemText)));
  text = text.substr(0, text.find('\0'));
  while (!text.empty() && (text.back() == '\r' || text.back() == '\n' || text.back() == ' '))
    text.remove_suffix(1);
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  const auto binary = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (std::any_of(text.begin(), text.end(), binary)) return {};
  return std::string(text);
}

bool has_json(std::string_view capabilities) noexcept {
  std::size_t at = 0;
  while (at <= capabilities.size()) {
    const std::size_t end = std::min(capabilities.find("&&", at), capabilities.size());
    const std::string_view item = capabilities.substr(at, end - at);
    if (item.starts_with("ProtocolFramework:1:V3_1")) return true;
    if (item.starts_with("Dahua_Config:") && item.find("Json") != std::string_view::npos) return true;
    at = end + 2;
  }
  return false;
}

Bytes write_channel_names_query(std::uint8_t dialect) {
  return write_frame(with_sub(Command::channel_names, 0, dialect));
}

Bytes write_channel_names_reply(std::uint8_t dialect, const std::vector<std::string>& names) {
  std::string body;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i != 0) body += "&&";
    body += names[i];
  }
  return write_frame(with_sub(Command::channel_names_reply, kReplyVersion, dialect), as_bytes(body));
}

std::vector<std::string> parse_channel_names(ByteView body) {
  std::vector<std::string> out;
  std::string_view text = as_text(body.first(std::min(body.size(), kMaxSystemText)));
  text = text.substr(0, text.find('\0'));
  while (!text.empty() && (text.back() == '\r' || text.back() == '\n')) text.remove_suffix(1);
  if (text.empty()) return out;
  while (out.size() < kMaxChannelNames) {
    const std::size_t end = text.find("&&");
    out.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 2);
  }
  return out;
}

Bytes write_alarm_ack(const Header& request) {
  Header h = with_sub(Command::alarm_report, kReplyVersion, request.u8(8));
  return write_frame(h.set_u8(12, request.u8(12)));
}

Bytes write_tie(const Tie& tie) {
  Header h(Command::tie);
  h.set_le32(8, tie.session).set_u8(12, tie.type).set_u8(13, static_cast<std::uint8_t>(tie.channel + 1));
  return write_frame(h.set_u8(17, tie.close ? 1 : 0));
}

std::optional<Tie> parse_tie(const Header& h) noexcept {
  if (h.command() != Command::tie) return std::nullopt;
  return Tie{h.le32(8), h.u8(12), std::max(0, h.u8(13) - 1), h.u8(17) != 0};
}

Bytes write_live(const LiveFlags& flags) {
  Header h(Command::live);
  std::array<std::uint8_t, kFlagChannels> body{};
  for (std::size_t i = 0; i < kFlagChannels; ++i) {
    h.set_u8(8 + i, flags.on[i] ? 1 : 0);
    body[i] = flags.stream[i];
  }
  return write_frame(h, body);
}

Bytes write_live(const LiveByName& request) {
  Header h(Command::live);
  h.set_u8(26, kByNameMark);
  Text body;
  body.set("ChannelName", request.channel).set("Stream", request.stream).set("Operate", request.on ? 1 : 0);
  body.set("Protocol", "tcp");
  return write_frame(h, as_bytes(body.body()));
}

Bytes write_live(const LivePair& request) {
  Header h(Command::live, 1);
  const int slot = std::clamp(request.channel, 0, 7) * 2 + std::clamp(request.stream, 0, 1);
  h.set_u8(8 + static_cast<std::size_t>(slot), request.on ? 1 : 0);
  return write_frame(h, std::array<std::uint8_t, kFlagChannels>{});
}

Bytes write_snapshot_request(const SnapshotRequest& request) {
  Header h(Command::live);
  h.set_u8(28, kSnapshotMark);
  std::array<std::uint8_t, kSnapshotBody> body{};
  body[0] = static_cast<std::uint8_t>(request.channel);
  body[24] = 1;
  return write_frame(h, body);
}

LiveCommand parse_live(const Header& h, ByteView body) {
  LiveCommand out;
  if (h.command() != Command::live) return out;
  if (h.u8(28) == kSnapshotMark && body.size() >= kSnapshotBody) {
    out.snapshot = SnapshotRequest{body[0]};
  } else if (h.u8(26) == kByNameMark) {
    return parse_by_name(body);
  } else if (body.size() == kFlagChannels && h.u8(3) == 1) {
    return parse_pair(h);
  } else if (body.size() == kFlagChannels) {
    LiveFlags flags;
    for (std::size_t i = 0; i < kFlagChannels; ++i) {
      flags.on[i] = h.u8(8 + i) != 0;
      flags.stream[i] = body[i];
    }
    out.flags = flags;
  }
  return out;
}

}  // namespace dmss::proto::dvrip

#include "proto/dvrip/media_frame.hpp"

#include <algorithm>
#include <charconv>

namespace dmss::proto::dvrip {
namespace {

constexpr std::size_t kMaxVerdicts = 64;
constexpr std::size_t kMaxVerdictText = 4096;

template <class MakeHeader>
void append_chunks(Bytes& out, ByteView data, std::size_t chunk, MakeHeader make) {
  chunk = std::clamp<std::size_t>(chunk, 1, kMaxBody);
  out.reserve(out.size() + data.size() + (data.size() / chunk + 2) * kHeaderSize);
  while (!data.empty()) {
    const ByteView part = data.first(std::min(chunk, data.size()));
    append_frame(out, make(), part);
    data = data.subspan(part.size());
  }
}

Header snapshot_header(std::uint8_t channel) {
  Header h = media_header(channel, 0);
  return h.set_u8(24, 0x0a).set_u8(25, channel).set_u8(28, 0x0a);
}

/// The number after `key` at the front of `text`, which moves past it.
std::optional<int> take_number(std::string_view& text, std::string_view key) {
  const std::size_t at = text.find(key);
  if (at == std::string_view::npos) return std::nullopt;
  text.remove_prefix(at + key.size());
  int value = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (ec != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

}  // namespace

Header media_header(std::uint8_t channel, std::uint32_t body_size) {
  Header h(Command::media);
  return h.set_body_size(body_size).set_u8(8, channel);
}

void append_media(Bytes& out, std::uint8_t channel, ByteView data, std::size_t chunk) {
  append_chunks(out, data, chunk, [channel] { return media_header(channel, 0); });
}

void append_snapshot(Bytes& out, std::uint8_t channel, ByteView jpeg, std::size_t chunk) {
  append_chunks(out, jpeg, chunk, [channel] { return snapshot_header(channel); });
  append_frame(out, snapshot_header(channel));
}

bool is_snapshot(const Header& h) noexcept {
  return h.command() == Command::media && h.u8(24) == 0x0a && h.u8(28) == 0x0a;
}

std::vector<LiveVerdict> parse_live_verdict(ByteView body) {
  std::vector<LiveVerdict> out;
  std::string_view text = as_text(body.first(std::min(body.size(), kMaxVerdictText)));
  while (out.size() < kMaxVerdicts) {
    const auto channel = take_number(text, "channel=");
    if (!channel) break;
    const auto code = take_number(text, "return=");
    if (!code) break;
    out.push_back({*channel, *code});
  }
  return out;
}

Bytes write_live_verdict(const std::vector<LiveVerdict>& verdicts) {
  std::string body;
  for (const LiveVerdict& v : verdicts) {
    body += "channel=" + std::to_string(v.channel) + "&return=" + std::to_string(v.code) + ",";
  }
  return write_frame(media_header(0, 0), as_bytes(body));
}

}  // namespace dmss::proto::dvrip

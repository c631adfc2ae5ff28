// RTP packets (RFC 3550 §5.1).
#pragma once

#include <optional>

#include "base/bytes.hpp"

namespace dmss::proto::rtp {

struct Packet {
  std::uint8_t payload_type = 0;
  bool marker = false;
  std::uint16_t sequence = 0;
  std::uint32_t timestamp = 0;
  std::uint32_t ssrc = 0;
  ByteView payload;  ///< without padding and header extension
};

inline constexpr std::size_t kHeaderSize = 12;

/// Nullopt for anything that is not RTP version 2 with consistent lengths.
inline std::optional<Packet> parse(ByteView in) noexcept {
  if (in.size() < kHeaderSize || (in[0] & 0xc0) != 0x80) return std::nullopt;
  std::size_t head = kHeaderSize + static_cast<std::size_t>(in[0] & 0x0f) * 4;
  std::size_t end = in.size();
  if ((in[0] & 0x10) != 0) {
    if (end < head + 4) return std::nullopt;
    head += 4 + static_cast<std::size_t>(load_be16(&in[head + 2])) * 4;
  }
  if ((in[0] & 0x20) != 0) {
    const std::size_t padding = in[end - 1];
    if (padding == 0 || padding > end) return std::nullopt;
    end -= padding;
  }
  if (head > end) return std::nullopt;
  Packet p;
  p.marker = (in[1] & 0x80) != 0;
  p.payload_type = in[1] & 0x7f;
  p.sequence = load_be16(&in[2]);
  p.timestamp = load_be32(&in[4]);
  p.ssrc = load_be32(&in[8]);
  p.payload = in.subspan(head, end - head);
  return p;
}

/// Twelve bytes, no extension.
inline void write_header(std::uint8_t* to, const Packet& p) noexcept {
  to[0] = 0x80;
  to[1] = static_cast<std::uint8_t>((p.marker ? 0x80 : 0) | (p.payload_type & 0x7f));
  store_be16(to + 2, p.sequence);
  store_be32(to + 4, p.timestamp);
  store_be32(to + 8, p.ssrc);
}

}  // namespace dmss::proto::rtp

// What an RTSP TCP connection carries: interleaved packets and text messages, mixed (protocol media.md §2.4). Works in place over
// the caller's buffer.
#pragma once

#include "base/bytes.hpp"

namespace dmss::proto::rtsp {

/// How `$` frames give their length; the server's Transport answer decides.
enum class Interleaving {
  rtp,  ///< `$` channel u16
  dh,   ///< `$` channel u32: one DHAV frame (DH/AVP/TCP)
};

inline constexpr std::size_t kMaxDhFrame = 16u << 20;

struct Item {
  enum class Kind {
    need_more,  ///< `size` more bytes at least
    packet,     ///< `channel`, `data`
    text,       ///< a message starts here; parse_message() reads it
    junk,       ///< `size` bytes that are neither; skip them
  };
  Kind kind = Kind::need_more;
  std::uint8_t channel = 0;
  ByteView data;         ///< packet only, a view into the input
  std::size_t size = 0;  ///< bytes of this item, head included
};

/// The item at the start of `in`.
inline Item next_item(ByteView in, Interleaving interleaving) noexcept {
  Item item;
  if (in.empty()) {
    item.size = 1;
    return item;
  }
  if (in[0] == '$') {
    const std::size_t head = interleaving == Interleaving::rtp ? 4 : 6;
    if (in.size() < head) {
      item.size = head - in.size();
      return item;
    }
    const std::size_t length = interleaving == Interleaving::rtp ? load_be16(&in[2]) : load_be32(&in[2]);
    if (length <= kMaxDhFrame) {
      if (in.size() - head < length) {
        item.size = length - (in.size() - head);
        return item;
      }
      item.kind = Item::Kind::packet;
      item.channel = in[1];
      item.data = in.subspan(head, length);
      item.size = head + length;
      return item;
    }
  } else if (in[0] >= 'A' && in[0] <= 'Z') {
    item.kind = Item::Kind::text;
    return item;
  }
  std::size_t n = 1;
  while (n < in.size() && in[n] != '$' && !(in[n] == 'R' && (in.size() - n < 5 || as_text(in.subspan(n, 5)) == "RTSP/"))) ++n;
  item.kind = Item::Kind::junk;
  item.size = n;
  return item;
}

/// Puts the `$` head in front of a packet that follows.
inline void write_interleaved_head(std::uint8_t* to, std::uint8_t channel, std::uint16_t size) noexcept {
  to[0] = '$';
  to[1] = channel;
  store_be16(to + 2, size);
}

}  // namespace dmss::proto::rtsp

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

enum class TextStart { no, yes, unknown };

/// Whether a message starts here: a method and a blank, or the version of an answer; unknown when that takes more bytes.
inline TextStart starts_text(ByteView in) noexcept {
  constexpr std::size_t kShortest = 4;  // PLAY, RTSP
  constexpr std::size_t kLongest = 16;
  std::size_t n = 0;
  while (n < in.size() && n <= kLongest && ((in[n] >= 'A' && in[n] <= 'Z') || in[n] == '_')) ++n;
  if (n > kLongest) return TextStart::no;
  if (n == in.size()) return TextStart::unknown;
  if (n < kShortest) return TextStart::no;
  const std::string_view word = as_text(in.first(n));
  return in[n] == ' ' || (in[n] == '/' && (word == "RTSP" || word == "HTTP")) ? TextStart::yes
                                                                              : TextStart::no;
}

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
  } else if (const TextStart start = starts_text(in); start != TextStart::no) {
    item.kind = start == TextStart::yes ? Item::Kind::text : Item::Kind::need_more;
    item.size = start == TextStart::yes ? 0 : 1;
    return item;
  }
  std::size_t n = 1;
  while (n < in.size() && in[n] != '$' && starts_text(in.subspan(n)) == TextStart::no) ++n;
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

// DVRIP framing: the 32-byte header and a reader of frames (protocol dvrip-dhip.md §0, §1).
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "base/bytes.hpp"
#include "base/parse.hpp"
#include "proto/dvrip/receive_buffer.hpp"

namespace dmss::proto::dvrip {

inline constexpr std::size_t kHeaderSize = 32;
inline constexpr std::size_t kMaxBody = 8u << 20;  ///< default cap of extlen

/// Byte 0 of the header. Values outside this list occur and are passed on.
enum class Command : std::uint8_t {
  logout = 0x0a,
  logout_reply = 0x0b,
  live = 0x11,  ///< old-style live start/stop, and snapshot
  talk = 0x1d,
  alarm_subscribe = 0x68,
  alarm_report = 0x69,
  media_capability = 0x83,
  login = 0xa0,
  keep_alive = 0xa1,
  config = 0xa3,
  system_info = 0xa4,
  users = 0xa6,
  channel_names = 0xa8,
  login_reply = 0xb0,
  keep_alive_reply = 0xb1,
  config_reply = 0xb3,
  system_info_reply = 0xb4,
  users_reply = 0xb6,
  channel_names_reply = 0xb8,
  download = 0xbb,
  media = 0xbc,
  tie = 0xf1,
  text = 0xf4,
  json = 0xf6,
};

/// The 32 bytes as they are on the wire, with names for the fields.
struct Header {
  std::array<std::uint8_t, kHeaderSize> raw{};

  Header() = default;
  explicit Header(Command c, std::uint8_t version = 0) {
    raw[0] = static_cast<std::uint8_t>(c);
    raw[3] = version;
  }

  Command command() const noexcept { return static_cast<Command>(raw[0]); }
  std::uint8_t u8(std::size_t at) const noexcept { return raw[at]; }
  std::uint16_t le16(std::size_t at) const noexcept { return load_le16(&raw[at]); }
  std::uint32_t le32(std::size_t at) const noexcept { return load_le32(&raw[at]); }
  Header& set_u8(std::size_t at, std::uint8_t v) noexcept { return raw[at] = v, *this; }
  Header& set_le32(std::size_t at, std::uint32_t v) noexcept { return store_le32(&raw[at], v), *this; }

  std::uint32_t body_size() const noexcept { return le32(4); }
  Header& set_body_size(std::uint32_t n) noexcept { return set_le32(4, n); }
  /// Byte 8: subcommand of a4/a8/68 and their replies, channel of bc (not to be trusted there).
  std::uint8_t sub() const noexcept { return raw[8]; }
  std::uint8_t channel() const noexcept { return raw[8]; }
  /// Wherever this command keeps it: [24] in f6, [8] in 0a/0b/f1, [16] in the rest.
  std::uint32_t session() const noexcept;
};

/// A whole frame; the body is a view.
struct FrameView {
  Header header;
  ByteView body;
};

/// Header with the body's size filled in, then the body.
Bytes write_frame(Header header, ByteView body = {});
void append_frame(Bytes& out, Header header, ByteView body = {});

/// One frame from the front of `data`. Errors: too_large (extlen > max_body). Unknown commands are fine.
Parsed<FrameView> parse_frame(ByteView data, std::size_t max_body = kMaxBody);

/// Turns a byte stream into frames. One buffer, no copy per frame: bodies are views that live until the next
/// prepare() or feed().
///   auto room = reader.prepare(); n = read(room); reader.commit(n); while ((f = reader.next()).ok()) …
class FrameReader {
 public:
  explicit FrameReader(std::size_t max_body = kMaxBody) : max_body_(max_body) {}

  std::span<std::uint8_t> prepare(std::size_t at_least = 4096) { return buffer_.prepare(at_least); }
  void commit(std::size_t n) noexcept { buffer_.commit(n); }
  void feed(ByteView data) { buffer_.append(data); }
  /// The next frame, which is consumed by this. After a failure every call fails the same way: framing is
  /// lost.
  Parsed<FrameView> next();
  /// Bytes held that are not yet part of a frame given out.
  std::size_t buffered() const noexcept { return buffer_.size(); }
  std::size_t capacity() const noexcept { return buffer_.capacity(); }

 private:
  ReceiveBuffer buffer_;
  std::size_t max_body_;
};

enum class Protocol { need_more, dvrip, dhip, unknown };
/// Who speaks first on an unknown port, from its first 8 bytes (§0).
Protocol detect(ByteView first_bytes) noexcept;

}  // namespace dmss::proto::dvrip

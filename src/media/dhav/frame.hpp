// One DHAV frame: header, extension block, payload, trailer; read and written (protocol media.md §1).
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>

#include "base/bytes.hpp"
#include "dmss/media.hpp"

namespace dmss::media::dhav {

inline constexpr std::size_t kHeaderSize = 24;
inline constexpr std::size_t kTrailerSize = 8;
inline constexpr std::size_t kSmallestFrame = kHeaderSize + kTrailerSize;

enum class FrameType : std::uint8_t {
  key = 0xfd,
  predicted = 0xfc,
  bidirectional = 0xfe,
  audio = 0xf0,
  auxiliary = 0xf1
};

/// Device-local date and time as DHAV packs it in 32 bits.
struct Date {
  int year = 2000, month = 1, day = 1, hour = 0, minute = 0, second = 0;
  bool operator==(const Date&) const = default;
};
std::uint32_t pack_date(const Date& date) noexcept;
/// Nullopt for a month, day, hour … that does not exist.
std::optional<Date> unpack_date(std::uint32_t packed) noexcept;
/// Seconds since 1970 if the date were UTC.
std::int64_t date_seconds(const Date& date) noexcept;

/// Payload encryption record (tag 0xB5).
struct Encryption {
  bool known = true;        ///< AES-256-OFB; else another scheme or half a record, and the rest says nothing
  std::uint32_t clear = 0;  ///< bytes at the start that are not encrypted
  std::uint32_t encrypted = 0;  ///< bytes after them that are
  std::array<std::uint8_t, 16> iv{};
};

/// What the extension block says; members that were not there are empty.
struct Extensions {
  std::optional<std::uint8_t> video_codec;  ///< id of §1.4
  int frame_rate = 0;
  int width = 0;
  int height = 0;
  std::optional<std::uint8_t> audio_codec;  ///< id of §1.5
  int audio_channels = 1;
  std::uint8_t sample_rate_index = 0;
  std::optional<Encryption> encryption;
  bool unknown_tag = false;  ///< the walk stopped at a tag nobody has documented
};
Extensions parse_extensions(ByteView block) noexcept;

struct Header {
  FrameType type = FrameType::key;
  std::uint8_t sub_type = 0;
  std::uint8_t channel = 0;  ///< from 0; not to be relied on
  std::uint32_t number = 0;
  std::uint32_t length = 0;  ///< of the whole frame
  std::uint32_t date = 0;    ///< packed
  std::uint16_t milliseconds = 0;
  std::uint8_t extension_length = 0;

  bool is_video() const noexcept {
    return type == FrameType::key || type == FrameType::predicted || type == FrameType::bidirectional;
  }
};
/// `in` has at least kHeaderSize bytes. Nullopt when the magic, the checksum or the lengths are wrong.
std::optional<Header> parse_header(ByteView in, std::size_t max_length) noexcept;

/// A whole frame; views.
struct Frame {
  Header header;
  ByteView extension;
  ByteView payload;
};

Codec video_codec(std::uint8_t id) noexcept;
Codec audio_codec(std::uint8_t id) noexcept;
/// The id this project writes; 0 when DHAV has none.
std::uint8_t codec_id(Codec codec) noexcept;
int sample_rate(std::uint8_t index) noexcept;
std::uint8_t sample_rate_index(int rate) noexcept;

/// Extension block of a key frame (tags 80, 81, 82) and of a sound frame (83).
Bytes video_extension(Codec codec, int width, int height, int frame_rate);
Bytes audio_extension(Codec codec, int rate, int channels = 1);
/// Appends a frame; length, checksum and trailer are filled in.
void append_frame(Bytes& out, Header header, ByteView extension, ByteView payload);

}  // namespace dmss::media::dhav

// What media is: codecs, stream kinds, encoded packets, decoded frames and sound.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace dmss {

/// Main = full quality, extra1..3 = the small streams ("sub"). Wire numbers 0..3 (protocol media.md §2.1).
enum class StreamKind : std::int32_t { main = 0, extra = 1, extra2 = 2, extra3 = 3 };

enum class Codec : std::int32_t {
  unknown = 0,
  h264 = 1,
  h265 = 2,
  mjpeg = 3,
  mpeg4 = 4,
  pcm_alaw = 20,
  pcm_mulaw = 21,
  pcm_s16le = 22,
  aac = 23,
  g726_16 = 24,
  g726_24 = 25,
  g726_32 = 26,
  g726_40 = 27,
  pcm_s16be = 28,
  pcm_s8 = 29,
};

enum class MediaKind : std::int32_t { video = 0, audio = 1, data = 2 };

constexpr bool is_audio(Codec c) noexcept {
  return static_cast<std::int32_t>(c) >= 20;
}
/// "h264", "h265", "pcm_alaw" …
std::string_view name(Codec c) noexcept;
std::string_view name(StreamKind k) noexcept;

/// Microseconds on the stream's own clock; monotonic within a segment, see Packet::discontinuity.
using MediaTime = std::chrono::microseconds;

/// One access unit: a coded picture with its parameter sets (Annex-B for H.264/H.265), or a run of coded sound.
/// A view: valid during the callback; retain with PacketRef.
struct Packet {
  MediaKind kind = MediaKind::video;
  Codec codec = Codec::unknown;
  bool key = false;            ///< decoding can start here
  bool corrupt = false;        ///< parts were lost on the way
  bool discontinuity = false;  ///< the clock jumped or data was lost before this packet
  MediaTime time{0};
  /// Wall clock of the sender in UTC where it is known (RTCP sender report, DHAV date), microseconds since 1970.
  std::optional<std::int64_t> wall_us;
  std::int32_t sample_rate = 0;  ///< audio only, Hz
  std::int32_t channels = 0;     ///< audio only
  std::span<const std::uint8_t> data;
  std::chrono::steady_clock::time_point arrived;  ///< when its last byte was read from the socket
};

enum class PixelFormat : std::int32_t {
  unknown = 0,
  i420 = 1,
  nv12 = 2,
  i422 = 3,
  i444 = 4,
  i420_10 = 5,
  hardware = 100
};

/// A decoded picture: a reference to the decoder's own buffer. Copying a Frame copies the reference, not the picture; it may be
/// kept after the callback, but a decoder has a limited number of buffers, so keep at most 4 per stream.
class Frame {
 public:
  struct Plane {
    const std::uint8_t* data = nullptr;
    std::int32_t stride = 0;  ///< bytes from row to row
  };

  Frame() = default;
  explicit operator bool() const noexcept { return impl_ != nullptr; }

  std::int32_t width() const noexcept;  ///< visible pixels
  std::int32_t height() const noexcept;
  PixelFormat format() const noexcept;
  std::int32_t plane_count() const noexcept;
  Plane plane(std::int32_t index) const noexcept;
  bool full_range() const noexcept;  ///< luma 0..255 rather than 16..235
  /// ITU-T H.273 codes: colour primaries, transfer, matrix.
  std::array<std::int32_t, 3> colour() const noexcept;
  bool key() const noexcept;
  /// It lost data, the decoder found errors in it, or it builds on such a picture.
  bool corrupt() const noexcept;
  MediaTime time() const noexcept;
  std::optional<std::int64_t> wall_us() const noexcept;
  /// When the last byte of its packet was read from the socket.
  std::chrono::steady_clock::time_point arrived() const noexcept;
  std::int32_t channel() const noexcept;
  StreamKind stream() const noexcept;
  Codec codec() const noexcept;
  /// AVFrame* of the FFmpeg this library was built with, for callers that link FFmpeg themselves.
  const void* native() const noexcept;

  struct Impl;
  explicit Frame(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
  const Impl* impl() const noexcept { return impl_.get(); }

 private:
  std::shared_ptr<const Impl> impl_;
};

/// Decoded sound: signed 16 bit, interleaved. Valid during the callback.
struct AudioBlock {
  std::span<const std::int16_t> samples;  ///< frames * channels
  std::int32_t sample_rate = 0;
  std::int32_t channels = 0;
  MediaTime time{0};
  std::optional<std::int64_t> wall_us;
};

}  // namespace dmss

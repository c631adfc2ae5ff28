// Buffer: a reference-counted run of bytes with the zeroed padding libavcodec wants, so that an access unit goes from the
// depacketiser to the decoder without a copy.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/bytes.hpp"

struct AVBufferRef;

namespace dmss::media {

/// Memory that buffers share, from pools that serve all streams.
struct Block;

/// Memory that waits for the next buffer, at most, of each size class and in all. Larger blocks go back to the system at once.
inline constexpr std::size_t kMaxKeptOfOneSize = 8u << 20;
inline constexpr std::size_t kMaxKept = 32u << 20;
/// What waits now. Any thread.
std::size_t kept_buffer_bytes() noexcept;

class Buffer {
 public:
  Buffer() = default;
  Buffer(const Buffer& other);
  Buffer(Buffer&& other) noexcept;
  Buffer& operator=(Buffer other) noexcept;
  ~Buffer();

  static Buffer copy_of(ByteView data);

  const std::uint8_t* data() const noexcept { return data_; }
  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  ByteView view() const noexcept { return {data_, size_}; }
  /// One more reference, for AVPacket::buf; the caller's to let go of. Null when empty or without memory.
  AVBufferRef* make_ref() const;
  /// How many share the bytes.
  std::uint32_t references() const noexcept;

 private:
  friend class BufferBuilder;
  Block* block_ = nullptr;
  std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
};

/// Grows one Buffer at a time from pooled memory. Bounded: append() beyond `limit` returns false and keeps what is there.
class BufferBuilder {
 public:
  explicit BufferBuilder(std::size_t limit = 16u << 20) : limit_(limit) {}
  BufferBuilder(const BufferBuilder&) = delete;
  BufferBuilder& operator=(const BufferBuilder&) = delete;
  BufferBuilder(BufferBuilder&&) noexcept;
  BufferBuilder& operator=(BufferBuilder&&) noexcept;
  ~BufferBuilder();

  bool append(ByteView bytes);
  /// Room for `n` more bytes at the returned address, already counted in size(); null beyond the limit.
  std::uint8_t* extend(std::size_t n);
  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  const std::uint8_t* data() const noexcept { return data_; }
  std::uint8_t* data() noexcept { return data_; }
  void clear() noexcept { size_ = 0; }
  /// What was appended, padded; the builder is empty again.
  Buffer take();

 private:
  bool reserve(std::size_t n);
  std::size_t limit_;
  Block* block_ = nullptr;
  std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
  // Sizes of the latest two buffers made: the next one of a stream will hardly be smaller, so it starts with room.
  std::size_t last_ = 0;
  std::size_t before_last_ = 0;
};

}  // namespace dmss::media

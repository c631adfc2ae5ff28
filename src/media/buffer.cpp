#include "media/buffer.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <utility>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/buffer.h>
}

#if defined(__SANITIZE_THREAD__)
#include <sanitizer/tsan_interface.h>
#endif

namespace dmss::media {
namespace {

/// FFmpeg counts references with atomics that ThreadSanitizer does not see: who lets go of a buffer, and who gets it next from the
/// pool, tell it themselves.
void let_go([[maybe_unused]] AVBufferRef*& ref) noexcept {
#if defined(__SANITIZE_THREAD__)
  if (ref != nullptr) __tsan_release(ref->data);
#endif
  av_buffer_unref(&ref);
}
void got([[maybe_unused]] const AVBufferRef* ref) noexcept {
#if defined(__SANITIZE_THREAD__)
  if (ref != nullptr) __tsan_acquire(ref->data);
#endif
}

constexpr std::size_t kSmallestClass = 4096;
constexpr std::size_t kClasses = 15;  // 4 KiB … 64 MiB

/// One FFmpeg pool a size class, shared by all streams: memory freed by one stream serves the next. AVBufferPool is thread-safe
/// and its buffers may outlive it.
class Pools {
 public:
  Pools() {
    for (std::size_t i = 0; i < kClasses; ++i) pools_[i] = av_buffer_pool_init(kSmallestClass << i, nullptr);
  }
  AVBufferRef* get(std::size_t need) noexcept {
    const std::size_t index =
        need <= kSmallestClass ? 0 : static_cast<std::size_t>(std::bit_width((need - 1) / kSmallestClass));
    AVBufferRef* ref = index < kClasses ? av_buffer_pool_get(pools_[index]) : nullptr;
    got(ref);
    return ref;
  }

 private:
  std::array<AVBufferPool*, kClasses> pools_{};
};

Pools& pools() {
  static Pools* p = new Pools;  // outlives every stream, also those destroyed during exit
  return *p;
}

}  // namespace

Buffer::Buffer(const Buffer& other)
    : ref_(other.ref_ ? av_buffer_ref(other.ref_) : nullptr), data_(other.data_), size_(other.size_) {}
Buffer::Buffer(Buffer&& other) noexcept
    : ref_(std::exchange(other.ref_, nullptr)),
      data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)) {}
Buffer& Buffer::operator=(Buffer other) noexcept {
  std::swap(ref_, other.ref_);
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}
Buffer::~Buffer() {
  let_go(ref_);
}

Buffer Buffer::copy_of(ByteView data) {
  BufferBuilder b(data.size());
  b.append(data);
  return b.take();
}

BufferBuilder::BufferBuilder(BufferBuilder&& other) noexcept
    : limit_(other.limit_),
      ref_(std::exchange(other.ref_, nullptr)),
      data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      capacity_(std::exchange(other.capacity_, 0)) {}
BufferBuilder& BufferBuilder::operator=(BufferBuilder&& other) noexcept {
  std::swap(limit_, other.limit_);
  std::swap(ref_, other.ref_);
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  std::swap(capacity_, other.capacity_);
  return *this;
}
BufferBuilder::~BufferBuilder() {
  let_go(ref_);
}

bool BufferBuilder::reserve(std::size_t n) {
  if (n > limit_) return false;
  if (n <= capacity_) return true;
  if (capacity_ == 0) n = std::min(limit_, std::max(n, std::min(last_, before_last_) * 5 / 4));
  AVBufferRef* bigger = pools().get(n + AV_INPUT_BUFFER_PADDING_SIZE);
  if (bigger == nullptr) return false;
  if (size_ != 0) std::memcpy(bigger->data, data_, size_);
  let_go(ref_);
  ref_ = bigger;
  data_ = bigger->data;
  capacity_ = bigger->size - AV_INPUT_BUFFER_PADDING_SIZE;
  return true;
}

std::uint8_t* BufferBuilder::extend(std::size_t n) {
  if (n > limit_ - size_ || !reserve(size_ + n)) return nullptr;
  std::uint8_t* at = data_ + size_;
  size_ += n;
  return at;
}

bool BufferBuilder::append(ByteView bytes) {
  if (bytes.empty()) return true;
  std::uint8_t* at = extend(bytes.size());
  if (at == nullptr) return false;
  std::memcpy(at, bytes.data(), bytes.size());
  return true;
}

Buffer BufferBuilder::take() {
  Buffer b;
  if (size_ == 0) return b;
  before_last_ = std::exchange(last_, size_);
  std::memset(data_ + size_, 0, AV_INPUT_BUFFER_PADDING_SIZE);
  b.ref_ = std::exchange(ref_, nullptr);
  b.data_ = std::exchange(data_, nullptr);
  b.size_ = std::exchange(size_, 0);
  capacity_ = 0;
  return b;
}

}  // namespace dmss::media

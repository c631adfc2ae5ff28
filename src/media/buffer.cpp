#include "media/buffer.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstring>
#include <mutex>
#include <new>
#include <utility>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/buffer.h>
}

namespace dmss::media {

struct Block {
  std::atomic<std::uint32_t> references{1};
  const std::uint32_t size_class;
  Block* next = nullptr;  // while it waits in its pool

  std::uint8_t* data() noexcept { return reinterpret_cast<std::uint8_t*>(this) + kHeader; }
  static constexpr std::size_t kHeader = 64;  // what FFmpeg's own memory is aligned to
};

namespace {

constexpr std::size_t kSmallestClass = 4096;
constexpr std::size_t kClasses = 15;  // 4 KiB … 64 MiB

constexpr std::size_t bytes_of(std::size_t size_class) {
  return kSmallestClass << size_class;
}

/// One pool a size class, shared by all streams: memory freed by one stream serves the next. What was freed last is taken first, as
/// the caches still have it. What waits is bounded, so that neither one large picture nor the queue of a window that had stalled
/// sets the size of the process for good.
class Pools {
 public:
  /// Null when there is no memory, or no class so large.
  Block* get(std::size_t need) noexcept {
    const std::size_t size_class =
        need <= kSmallestClass ? 0 : static_cast<std::size_t>(std::bit_width((need - 1) / kSmallestClass));
    if (size_class >= kClasses) return nullptr;
    Pool& pool = pools_[size_class];
    {
      std::lock_guard lock(pool.mutex);
      if (Block* block = pool.free) {
        pool.free = block->next;
        pool.bytes -= bytes_of(size_class);
        total_.fetch_sub(bytes_of(size_class), std::memory_order_relaxed);
        block->references.store(1, std::memory_order_relaxed);
        return block;
      }
    }
    void* memory =
        ::operator new(Block::kHeader + bytes_of(size_class), std::align_val_t(Block::kHeader), std::nothrow);
    return memory == nullptr ? nullptr
                             : new (memory) Block{.size_class = static_cast<std::uint32_t>(size_class)};
  }

  void put(Block* block) noexcept {
    if (keep(block)) return;
    block->~Block();
    ::operator delete(static_cast<void*>(block), std::align_val_t(Block::kHeader));
  }

  std::size_t kept_bytes() const noexcept { return total_.load(std::memory_order_relaxed); }

 private:
  struct Pool {
    std::mutex mutex;
    Block* free = nullptr;
    std::size_t bytes = 0;
  };

  bool keep(Block* block) noexcept {
    const std::size_t size = bytes_of(block->size_class);
    Pool& pool = pools_[block->size_class];
    std::lock_guard lock(pool.mutex);
    if (pool.bytes + size > kMaxKeptOfOneSize) return false;
    if (total_.fetch_add(size, std::memory_order_relaxed) + size > kMaxKept) {
      total_.fetch_sub(size, std::memory_order_relaxed);
      return false;
    }
    pool.bytes += size;
    block->next = pool.free;
    pool.free = block;
    return true;
  }

  std::atomic<std::size_t> total_{0};
  std::array<Pool, kClasses> pools_;
};

Pools& pools() {
  static Pools* p = new Pools;  // outlives every stream, also those destroyed during exit
  return *p;
}

Block* share(Block* block) noexcept {
  if (block != nullptr) block->references.fetch_add(1, std::memory_order_relaxed);
  return block;
}

void let_go(Block* block) noexcept {
  if (block != nullptr && block->references.fetch_sub(1, std::memory_order_acq_rel) == 1) pools().put(block);
}

}  // namespace

std::size_t kept_buffer_bytes() noexcept {
  return pools().kept_bytes();
}

Buffer::Buffer(const Buffer& other) : block_(share(other.block_)), data_(other.data_), size_(other.size_) {}
Buffer::Buffer(Buffer&& other) noexcept
    : block_(std::exchange(other.block_, nullptr)),
      data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)) {}
Buffer& Buffer::operator=(Buffer other) noexcept {
  std::swap(block_, other.block_);
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}
Buffer::~Buffer() {
  let_go(block_);
}

AVBufferRef* Buffer::make_ref() const {
  if (block_ == nullptr) return nullptr;
  const auto free = [](void* block, std::uint8_t*) { let_go(static_cast<Block*>(block)); };
  AVBufferRef* ref =
      av_buffer_create(data_, size_ + AV_INPUT_BUFFER_PADDING_SIZE, free, block_, AV_BUFFER_FLAG_READONLY);
  if (ref != nullptr) share(block_);
  return ref;
}

std::uint32_t Buffer::references() const noexcept {
  return block_ == nullptr ? 0 : block_->references.load(std::memory_order_acquire);
}

Buffer Buffer::copy_of(ByteView data) {
  BufferBuilder b(data.size());
  b.append(data);
  return b.take();
}

BufferBuilder::BufferBuilder(BufferBuilder&& other) noexcept
    : limit_(other.limit_),
      block_(std::exchange(other.block_, nullptr)),
      data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      capacity_(std::exchange(other.capacity_, 0)) {}
BufferBuilder& BufferBuilder::operator=(BufferBuilder&& other) noexcept {
  std::swap(limit_, other.limit_);
  std::swap(block_, other.block_);
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  std::swap(capacity_, other.capacity_);
  return *this;
}
BufferBuilder::~BufferBuilder() {
  let_go(block_);
}

bool BufferBuilder::reserve(std::size_t n) {
  if (n > limit_) return false;
  if (n <= capacity_) return true;
  if (capacity_ == 0) n = std::min(limit_, std::max(n, std::min(last_, before_last_) * 5 / 4));
  Block* bigger = pools().get(n + AV_INPUT_BUFFER_PADDING_SIZE);
  if (bigger == nullptr) return false;
  if (size_ != 0) std::memcpy(bigger->data(), data_, size_);
  let_go(block_);
  block_ = bigger;
  data_ = bigger->data();
  capacity_ = bytes_of(bigger->size_class) - AV_INPUT_BUFFER_PADDING_SIZE;
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
  b.block_ = std::exchange(block_, nullptr);
  b.data_ = std::exchange(data_, nullptr);
  b.size_ = std::exchange(size_, 0);
  capacity_ = 0;
  return b;
}

}  // namespace dmss::media

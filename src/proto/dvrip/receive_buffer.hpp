// ReceiveBuffer: where socket bytes land and from where frames are viewed without another copy.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "base/bytes.hpp"

namespace dmss::proto::dvrip {

/// One growing block. Memory grows with bytes that really came, never with announced ones, and goes back
/// after a large frame.
class ReceiveBuffer {
 public:
  static constexpr std::size_t kInitial = 32u << 10;
  static constexpr std::size_t kKeep = 256u << 10;  ///< a bigger block is given back as soon as it is empty

  /// Room for at least `at_least` bytes (usually more) to read into. Views given out before become invalid.
  std::span<std::uint8_t> prepare(std::size_t at_least = 4096);
  /// `n` bytes of the prepared room were filled.
  void commit(std::size_t n) noexcept;
  void append(ByteView data);

  ByteView view() const noexcept { return {data_.get() + begin_, end_ - begin_}; }
  std::size_t size() const noexcept { return end_ - begin_; }
  std::size_t capacity() const noexcept { return capacity_; }
  /// Drops `n` bytes from the front; views stay valid until prepare() or append().
  void consume(std::size_t n) noexcept;
  void clear() noexcept { begin_ = end_ = 0; }

 private:
  std::unique_ptr<std::uint8_t[]> data_;
  std::size_t capacity_ = 0, begin_ = 0, end_ = 0;
};

}  // namespace dmss::proto::dvrip

#include "proto/dvrip/receive_buffer.hpp"

#include <algorithm>

namespace dmss::proto::dvrip {

std::span<std::uint8_t> ReceiveBuffer::prepare(std::size_t at_least) {
  const std::size_t held = size();
  if (held == 0) {
    begin_ = end_ = 0;
    if (capacity_ > kKeep) {
      data_.reset();
      capacity_ = 0;
    }
  }
  if (capacity_ - end_ >= at_least) return {data_.get() + end_, capacity_ - end_};
  if (capacity_ - held >= at_least && begin_ >= held) {
    // Half of the block is free in front: moving is cheap against what was read since the last time.
    std::memcpy(data_.get(), data_.get() + begin_, held);
  } else {
    const std::size_t wanted = std::max({kInitial, capacity_ * 2, held + at_least});
    std::unique_ptr<std::uint8_t[]> bigger(new std::uint8_t[wanted]);
    if (held != 0) std::memcpy(bigger.get(), data_.get() + begin_, held);
    data_ = std::move(bigger);
    capacity_ = wanted;
  }
  begin_ = 0;
  end_ = held;
  return {data_.get() + end_, capacity_ - end_};
}

void ReceiveBuffer::commit(std::size_t n) noexcept {
  end_ += std::min(n, capacity_ - end_);
}

void ReceiveBuffer::append(ByteView data) {
  if (data.empty()) return;
  const std::span<std::uint8_t> room = prepare(data.size());
  std::memcpy(room.data(), data.data(), data.size());
  end_ += data.size();
}

void ReceiveBuffer::consume(std::size_t n) noexcept {
  begin_ += std::min(n, size());
}

}  // namespace dmss::proto::dvrip

// ReorderBuffer: puts datagrams back in order, bounded by number and by time (protocol media.md §5.8).
#pragma once

#include <chrono>
#include <map>
#include <optional>

#include "base/bytes.hpp"

namespace dmss::proto::rtp {

class ReorderBuffer {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  explicit ReorderBuffer(std::size_t max_packets = 256,
                         std::chrono::milliseconds max_wait = std::chrono::milliseconds(100))
      : max_packets_(max_packets), max_wait_(max_wait) {}

  /// True when the packet is the next in order and nothing waits: the caller uses its own buffer and calls nothing else. Otherwise the
  /// packet was kept (or dropped: duplicate, too late) and pop() gives what is due.
  bool pass(std::uint16_t sequence, ByteView packet, TimePoint now);
  /// The next packet in order, or the one after a gap that has waited long enough.
  std::optional<Bytes> pop(TimePoint now);
  bool waiting() const noexcept { return !kept_.empty(); }

 private:
  struct Kept {
    Bytes packet;
    TimePoint arrived;
  };
  static constexpr int kMaxJump = 3000;
  const std::size_t max_packets_;
  const std::chrono::milliseconds max_wait_;
  bool started_ = false;
  std::int64_t next_ = 0;  // unwrapped
  int jumps_ = 0;
  std::map<std::int64_t, Kept> kept_;
};

}  // namespace dmss::proto::rtp

#include "proto/rtp/reorder.hpp"

namespace dmss::proto::rtp {

bool ReorderBuffer::pass(std::uint16_t sequence, ByteView packet, TimePoint now) {
  if (!started_) {
    started_ = true;
    next_ = sequence;
  }
  const auto delta =
      static_cast<std::int16_t>(static_cast<std::uint16_t>(sequence - static_cast<std::uint16_t>(next_)));
  if (delta > kMaxJump || delta < -kMaxJump) {
    // One stray packet changes nothing; two in a row mean that the sender started anew.
    if (++jumps_ < 2) return false;
    kept_.clear();
    next_ = sequence;
    jumps_ = 0;
  } else {
    jumps_ = 0;
  }
  const std::int64_t at =
      next_ +
      static_cast<std::int16_t>(static_cast<std::uint16_t>(sequence - static_cast<std::uint16_t>(next_)));
  if (at < next_) return false;
  if (at == next_ && kept_.empty()) {
    ++next_;
    return true;
  }
  kept_.try_emplace(at, Kept{Bytes(packet.begin(), packet.end()), now});
  return false;
}

std::optional<Bytes> ReorderBuffer::pop(TimePoint now) {
  if (kept_.empty()) return std::nullopt;
  const auto first = kept_.begin();
  const bool due =
      first->first == next_ || kept_.size() > max_packets_ || now - first->second.arrived >= max_wait_;
  if (!due) return std::nullopt;
  next_ = first->first + 1;
  Bytes packet = std::move(first->second.packet);
  kept_.erase(first);
  return packet;
}

}  // namespace dmss::proto::rtp

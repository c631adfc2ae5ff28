// Sequence numbers of one RTP source: loss, jitter and what a receiver report says about them (RFC 3550 appendix A).
#pragma once

#include <cstdint>

#include "proto/rtp/rtcp.hpp"

namespace dmss::proto::rtp {

class SequenceTracker {
 public:
  /// How many packets are missing right before this one (0 = none); negative for duplicates and late ones. A jump of more than
  /// 3000 counts as a new start.
  int add(std::uint16_t sequence) noexcept {
    ++received_;
    if (!started_) {
      started_ = true;
      base_ = highest_ = sequence;
      return 0;
    }
    const auto delta = static_cast<std::int16_t>(
        static_cast<std::uint16_t>(sequence - static_cast<std::uint16_t>(highest_)));
    if (delta > kMaxJump || delta < -kMaxJump) {
      base_ = highest_ = sequence;
      received_ = 1;
      prior_expected_ = prior_received_ = 0;
      return 1;
    }
    if (delta <= 0) return -1;
    highest_ += static_cast<std::uint64_t>(delta);
    lost_ += static_cast<std::uint64_t>(delta - 1);
    return delta - 1;
  }

  /// arrival and timestamp in units of the RTP clock.
  void add_timing(std::uint32_t arrival, std::uint32_t timestamp) noexcept {
    const std::uint32_t transit = arrival - timestamp;
    if (timed_) {
      std::int64_t d = static_cast<std::int32_t>(transit - last_transit_);
      if (d < 0) d = -d;
      jitter16_ += d - ((jitter16_ + 8) >> 4);
    }
    timed_ = true;
    last_transit_ = transit;
  }

  std::uint64_t lost() const noexcept { return lost_; }
  bool started() const noexcept { return started_; }

  /// Since the last report; `ssrc`, last SR and delay are the caller's to fill in.
  ReportBlock report() noexcept {
    ReportBlock b;
    if (!started_) return b;
    const std::uint64_t expected = highest_ - base_ + 1;
    const std::int64_t lost = static_cast<std::int64_t>(expected) - static_cast<std::int64_t>(received_);
    const std::int64_t expected_now = static_cast<std::int64_t>(expected - prior_expected_);
    const std::int64_t lost_now = expected_now - static_cast<std::int64_t>(received_ - prior_received_);
    prior_expected_ = expected;
    prior_received_ = received_;
    if (expected_now > 0 && lost_now > 0)
      b.fraction_lost = static_cast<std::uint8_t>(
          lost_now * 256 / expected_now > 255 ? 255 : lost_now * 256 / expected_now);
    b.lost = static_cast<std::int32_t>(lost > 0x7fffff ? 0x7fffff : lost < -0x800000 ? -0x800000 : lost);
    b.highest_sequence = static_cast<std::uint32_t>(highest_);
    b.jitter = static_cast<std::uint32_t>(jitter16_ >> 4);
    return b;
  }

 private:
  static constexpr int kMaxJump = 3000;
  bool started_ = false;
  std::uint64_t base_ = 0;
  std::uint64_t highest_ = 0;  // with the wraps counted above bit 15
  std::uint64_t received_ = 0;
  std::uint64_t lost_ = 0;
  std::uint64_t prior_expected_ = 0;
  std::uint64_t prior_received_ = 0;
  bool timed_ = false;
  std::uint32_t last_transit_ = 0;
  std::int64_t jitter16_ = 0;
};

/// RTP time stamps of one track, unwrapped to 64 bits.
class TimestampUnwrapper {
 public:
  std::int64_t unwrap(std::uint32_t timestamp) noexcept {
    if (!started_) {
      started_ = true;
      last_ = timestamp;
    } else {
      last_ += static_cast<std::int32_t>(timestamp - static_cast<std::uint32_t>(last_));
    }
    return last_;
  }

 private:
  bool started_ = false;
  std::int64_t last_ = 0;
};

}  // namespace dmss::proto::rtp

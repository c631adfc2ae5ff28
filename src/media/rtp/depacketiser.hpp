// Depacketisers: RTP payloads to access units (RFC 6184, 7798, 2435, 3640, 3551), with the tolerances of protocol media.md §5.8.
#pragma once

#include <functional>
#include <memory>

#include "media/access_unit.hpp"
#include "proto/rtp/packet.hpp"
#include "proto/rtsp/sdp.hpp"

namespace dmss::media {

class Depacketiser {
 public:
  using Emit = std::function<void(AccessUnit&&)>;

  virtual ~Depacketiser() = default;
  /// One packet in order. `lost`: packets are missing right before it. `ticks`: its time stamp, unwrapped.
  virtual void push(const proto::rtp::Packet& packet, std::int64_t ticks, bool lost,
                    std::chrono::steady_clock::time_point arrived) = 0;

  /// Payloads that made no sense; units that outgrew the limit.
  std::uint64_t malformed() const noexcept { return malformed_; }
  /// What comes is of another codec than the one this was made for.
  bool contradicted() const noexcept { return doubt_ >= kTooMuchDoubt; }

 protected:
  explicit Depacketiser(Emit emit) : emit_(std::move(emit)) {}
  /// A payload that no encoder of this codec sends. It weighs more than one that fits: one codec's payloads may read as the other's.
  void contradict() noexcept {
    if (!contradicted()) doubt_ += 2;
  }
  void agree() noexcept {
    if (doubt_ > 0 && !contradicted()) --doubt_;
  }
  Emit emit_;
  std::uint64_t malformed_ = 0;

 private:
  static constexpr int kTooMuchDoubt = 16;
  int doubt_ = 0;
};

inline constexpr std::size_t kMaxAccessUnit = 16u << 20;

/// Null when the track's codec has no depacketiser. Video comes out as Annex-B with the track's parameter sets in front of key
/// frames that do not carry their own.
std::unique_ptr<Depacketiser> make_depacketiser(const proto::rtsp::Track& track, Depacketiser::Emit emit);

}  // namespace dmss::media

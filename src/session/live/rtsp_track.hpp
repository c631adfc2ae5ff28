// RtspTrack: one media track of an RTSP session: from RTP and RTCP packets to access units.
#pragma once

#include <memory>
#include <optional>

#include "media/rtp/depacketiser.hpp"
#include "proto/rtp/packet.hpp"
#include "proto/rtp/rtcp.hpp"
#include "proto/rtp/sequence.hpp"
#include "proto/rtsp/sdp.hpp"
#include "session/context.hpp"

namespace dmss::session {

class RtspTrack {
 public:
  using Emit = std::function<void(media::AccessUnit&&)>;

  /// `start`: where the stream's clock has its zero. depacketiser() is null when the codec is not supported.
  RtspTrack(const proto::rtsp::Track& description, net::Clock& clock, std::optional<net::TimePoint>& start,
            Emit emit);

  bool usable() const { return depacketiser_ != nullptr; }
  void on_rtp(ByteView packet, net::TimePoint arrived);
  /// What comes is not what was described: another payload type, or another codec under the same.
  bool contradicted() const { return contradicted_; }
  /// Packets have come for `patience`, and nothing could be made of them.
  bool barren(net::TimePoint now, Duration patience) const {
    return barren_since_ && now - *barren_since_ >= patience;
  }
  /// True when the sender said goodbye.
  bool on_rtcp(ByteView packet, net::TimePoint arrived);
  /// Null before the first packet.
  std::optional<Bytes> receiver_report(std::uint32_t own_ssrc, std::string_view cname);

  const proto::rtsp::Track& description() const { return description_; }
  std::uint64_t lost() const { return lost_before_ + sequence_.lost(); }
  /// When the last RTP packet came.
  net::TimePoint last_packet() const { return last_packet_; }

 private:
  std::unique_ptr<media::Depacketiser> new_depacketiser();
  void note_foreign(const proto::rtp::Packet& packet, net::TimePoint arrived);
  void change_source();
  void give(media::AccessUnit&& unit);
  std::optional<std::int64_t> wall_of(std::int64_t ticks) const;

  const proto::rtsp::Track description_;
  const std::int64_t clock_rate_;
  net::Clock& clock_;
  std::optional<net::TimePoint>& start_;
  Emit emit_;
  std::unique_ptr<media::Depacketiser> depacketiser_;
  proto::rtp::SequenceTracker sequence_;
  std::uint64_t lost_before_ = 0;  // by senders before the present SSRC
  proto::rtp::TimestampUnwrapper timestamps_;
  std::uint32_t ssrc_ = 0;
  std::int64_t ticks_ = 0;  // of the packet at hand
  bool has_first_ = false;
  std::int64_t first_ticks_ = 0;
  MediaTime offset_{0};     // of the SSRC's first packet on the stream's clock
  MediaTime last_time_{0};  // of the latest unit
  net::TimePoint last_packet_{};
  net::TimePoint arrived_{};  // of the latest read, and what the RTP clock said then
  std::int64_t arrival_ticks_ = 0;
  bool discontinuity_ = false;
  bool orphan_ = false;  // the next picture may build on one that the former SSRC never finished
  bool contradicted_ = false;
  int foreign_ = 0;  // packets of other payload types since the latest of ours
  net::TimePoint foreign_since_{};
  std::optional<net::TimePoint> barren_since_;

  std::optional<std::uint64_t> report_ntp_;  // latest sender report
  std::int64_t report_wall_us_ = 0;
  std::int64_t report_ticks_ = 0;
  bool report_believed_ = false;
  net::TimePoint report_arrived_{};
};

}  // namespace dmss::session

#include "session/live/rtsp_track.hpp"

#include <algorithm>
#include <cstdlib>

namespace dmss::session {
namespace {

/// A sender's clock farther from ours than this is device-local time or not set; it is not passed on as UTC (protocol media.md §2.3).
constexpr std::int64_t kBelievableClockUs = 600ll * 1'000'000;

constexpr int kForeignPackets = 8;
constexpr Duration kForeignTime = std::chrono::seconds(1);
constexpr std::uint8_t kComfortNoise = 13;  // RFC 3389: beside any sound

}  // namespace

RtspTrack::RtspTrack(const proto::rtsp::Track& description, net::Clock& clock,
                     std::optional<net::TimePoint>& start, Emit emit)
    : description_(description),
      clock_rate_(description.clock_rate > 0 ? description.clock_rate : 90000),
      clock_(clock),
      start_(start),
      emit_(std::move(emit)),
      depacketiser_(new_depacketiser()) {}

std::unique_ptr<media::Depacketiser> RtspTrack::new_depacketiser() {
  return media::make_depacketiser(description_, [this](media::AccessUnit&& u) { give(std::move(u)); });
}

void RtspTrack::on_rtp(ByteView data, net::TimePoint arrived) {
  if (!barren_since_) barren_since_ = arrived;
  const auto packet = proto::rtp::parse(data);
  if (!packet) return;
  if (packet->payload_type != description_.payload_type) return note_foreign(*packet, arrived);
  foreign_ = 0;
  if (ssrc_ != packet->ssrc && sequence_.started()) change_source();
  ssrc_ = packet->ssrc;
  const int missing = sequence_.add(packet->sequence);
  if (missing < 0) return;
  last_packet_ = arrived;
  ticks_ = timestamps_.unwrap(packet->timestamp);
  if (!has_first_) {
    has_first_ = true;
    first_ticks_ = ticks_;
    if (!start_) start_ = arrived;
    offset_ = std::max(std::chrono::duration_cast<MediaTime>(arrived - *start_), last_time_);
  }
  if (arrived != arrived_) {
    arrived_ = arrived;
    arrival_ticks_ =
        std::chrono::duration_cast<std::chrono::microseconds>(arrived.time_since_epoch()).count() *
        clock_rate_ / 1'000'000;
  }
  sequence_.add_timing(static_cast<std::uint32_t>(arrival_ticks_), packet->timestamp);
  depacketiser_->push(*packet, ticks_, missing > 0, arrived);
  if (depacketiser_->contradicted()) contradicted_ = true;
}

void RtspTrack::note_foreign(const proto::rtp::Packet& packet, net::TimePoint arrived) {
  const bool video = description_.kind == proto::rtsp::Track::Kind::video;
  // Sound that never was as described does not cost the pictures.
  if (!video && (packet.payload_type == kComfortNoise || !sequence_.started())) return;
  if (foreign_++ == 0) foreign_since_ = arrived;
  if (foreign_ >= kForeignPackets && arrived - foreign_since_ >= kForeignTime) contradicted_ = true;
}

/// The sender started anew: other numbers, another clock. What its predecessor began is never finished.
void RtspTrack::change_source() {
  lost_before_ += sequence_.lost();
  sequence_ = {};
  timestamps_ = {};
  has_first_ = false;
  report_ntp_.reset();
  depacketiser_ = new_depacketiser();
  discontinuity_ = orphan_ = true;
}

void RtspTrack::give(media::AccessUnit&& unit) {
  // Depacketisers count from their own first packet; here that becomes a place on the stream's clock and on the wall.
  const std::int64_t ticks = first_ticks_ + unit.time.count() * clock_rate_ / 1'000'000;
  unit.wall_us = wall_of(ticks);
  unit.time += offset_;
  last_time_ = unit.time;
  barren_since_.reset();
  if (std::exchange(discontinuity_, false)) unit.discontinuity = true;
  if (std::exchange(orphan_, false) && !unit.key) unit.corrupt = true;
  emit_(std::move(unit));
}

std::optional<std::int64_t> RtspTrack::wall_of(std::int64_t ticks) const {
  if (!report_ntp_ || !report_believed_) return std::nullopt;
  return report_wall_us_ + (ticks - report_ticks_) * 1'000'000 / clock_rate_;
}

bool RtspTrack::on_rtcp(ByteView data, net::TimePoint arrived) {
  const proto::rtp::Rtcp rtcp = proto::rtp::parse_rtcp(data);
  if (rtcp.sender_report && sequence_.started()) {
    const auto& sr = *rtcp.sender_report;
    report_ntp_ = sr.ntp;
    report_arrived_ = arrived;
    report_wall_us_ = proto::rtp::ntp_to_unix_us(sr.ntp);
    report_ticks_ = ticks_ + static_cast<std::int32_t>(sr.rtp_time - static_cast<std::uint32_t>(ticks_));
    const auto ours =
        std::chrono::duration_cast<std::chrono::microseconds>(clock_.wall_now().time_since_epoch()).count();
    report_believed_ = std::llabs(report_wall_us_ - ours) < kBelievableClockUs;
  }
  return rtcp.bye;
}

std::optional<Bytes> RtspTrack::receiver_report(std::uint32_t own_ssrc, std::string_view cname) {
  if (!sequence_.started()) return std::nullopt;
  proto::rtp::ReportBlock block = sequence_.report();
  block.ssrc = ssrc_;
  if (report_ntp_) {
    block.last_sender_report = static_cast<std::uint32_t>(*report_ntp_ >> 16);
    const auto delay =
        std::chrono::duration_cast<std::chrono::microseconds>(clock_.now() - report_arrived_).count();
    block.delay_since = static_cast<std::uint32_t>(delay * 65536 / 1'000'000);
  }
  return proto::rtp::write_receiver_report(own_ssrc, block, cname);
}

}  // namespace dmss::session

#include "recorder/rtsp_track.hpp"

#include "media/rtp/packetiser.hpp"
#include "proto/rtp/packet.hpp"
#include "proto/rtp/rtcp.hpp"
#include "proto/rtsp/framing.hpp"
#include "recorder/rtsp_sdp.hpp"

namespace dmss::recorder {
namespace {

using net::asio::ip::udp;
namespace rtp = proto::rtp;

constexpr std::size_t kMtu = 1400;
constexpr std::int64_t kReportPeriodUs = 5000000;
constexpr int kPortTries = 64;
constexpr int kFirstPort = 20000, kPortSpan = 40000;
constexpr std::size_t kAdtsHeader = 7;

void append_interleaved(Bytes& batch, int channel, ByteView packet) {
  std::uint8_t head[4];
  proto::rtsp::write_interleaved_head(head, static_cast<std::uint8_t>(channel),
                                      static_cast<std::uint16_t>(packet.size()));
  batch.insert(batch.end(), head, head + sizeof head);
  batch.insert(batch.end(), packet.begin(), packet.end());
}

}  // namespace

std::shared_ptr<UdpPair> UdpPair::open(Core& core, const net::asio::ip::address& local) {
  for (int i = 0; i < kPortTries; ++i) {
    auto pair = std::make_shared<UdpPair>(core.io);
    const auto port =
        static_cast<std::uint16_t>(kFirstPort + static_cast<int>(core.random32() % kPortSpan) / 2 * 2);
    boost::system::error_code e;
    const udp protocol = local.is_v6() ? udp::v6() : udp::v4();
    pair->rtp.open(protocol, e);
    if (!e) pair->rtp.bind({local, port}, e);
    if (e) continue;
    pair->rtcp.open(protocol, e);
    if (!e) pair->rtcp.bind({local, static_cast<std::uint16_t>(port + 1)}, e);
    if (e) continue;
    pair->rtp.non_blocking(true, e);
    pair->rtcp.non_blocking(true, e);
    pair->rtp.set_option(udp::socket::send_buffer_size(1 << 20), e);
    return pair;
  }
  return nullptr;
}

int UdpPair::port() const {
  boost::system::error_code ignored;
  return rtp.local_endpoint(ignored).port();
}

void UdpPair::close() {
  boost::system::error_code ignored;
  rtp.close(ignored);
  rtcp.close(ignored);
}

RtpTrack::RtpTrack(Core& core, std::string service, int channel, std::uint8_t payload_type, int rate)
    : core_(core),
      service_(std::move(service)),
      channel_(channel),
      payload_type_(payload_type),
      rate_(rate),
      ssrc_(core.random32()) {
  sequence_ = static_cast<std::uint16_t>(core.random32());
  first_timestamp_ = core.random32() | 1;
  if (core.faults.none()) return;
  if (core.faults.find("wrap", where()) != nullptr) {
    sequence_ = 0xffff - 20;
    first_timestamp_ = 0xffffffff - 100000;
  }
  if (core.faults.find("clock_from_zero", where()) != nullptr) sequence_ = 0, first_timestamp_ = 0;
}

void RtpTrack::over_tcp(int rtp_channel, int rtcp_channel) {
  rtp_channel_ = rtp_channel;
  rtcp_channel_ = rtcp_channel;
}

std::uint32_t RtpTrack::timestamp(std::int64_t time_us) const {
  const std::int64_t units = (time_us * rate_ + 500000) / 1000000;
  return first_timestamp_ + static_cast<std::uint32_t>(static_cast<std::uint64_t>(units));
}

bool RtpTrack::every(std::string_view fault) const {
  const Json* f = core_.faults.find(fault, where());
  if (f == nullptr) return false;
  const auto n = static_cast<std::uint32_t>(std::max<std::int64_t>(1, proto::rpc::int_or(*f, "every", 10)));
  return packets_ % n == n - 1;
}

void RtpTrack::report(const MediaUnit& unit, Bytes& batch) {
  if (reported_us_ && unit.time_us - *reported_us_ < kReportPeriodUs) return;
  reported_us_ = unit.time_us;
  std::int64_t off_us = 0;
  if (!core_.faults.none()) {
    if (core_.faults.find("no_sender_reports", where()) != nullptr) return;
    if (const Json* off = core_.faults.find("clock_off", where()))
      off_us = 1000 * proto::rpc::int_or(*off, "ms", 3600000);
  }
  rtp::SenderReport sr;
  sr.ssrc = ssrc_;
  sr.ntp = rtp::unix_us_to_ntp(unit.wall_us + off_us);
  sr.rtp_time = timestamp(unit.time_us);
  sr.packets = packets_;
  sr.octets = octets_;
  const Bytes message = rtp::write_sender_report(sr, "(none)");
  if (udp_) {
    boost::system::error_code ignored;
    udp_->rtcp.send_to(net::asio::buffer(message), udp_->rtcp_to, 0, ignored);
  } else {
    append_interleaved(batch, rtcp_channel_, message);
  }
}

void RtpTrack::send(const MediaUnit& unit, Bytes& batch) {
  report(unit, batch);
  const std::uint32_t time = timestamp(unit.time_us);
  // RTP carries AAC without the ADTS head.
  const ByteView data =
      unit.codec == Codec::aac && unit.data.size() > kAdtsHeader ? unit.data.subspan(kAdtsHeader) : unit.data;
  // In G.711 the marker means the start of speech, not the end of a unit.
  const bool no_marker = unit.codec == Codec::pcm_alaw && packets_ > 0;
  media::packetise(unit.codec, data, kMtu - rtp::kHeaderSize, [&](const media::RtpPayload& p) {
    packet(p.head, p.body, p.marker && !no_marker, time, batch);
  });
}

void RtpTrack::packet(ByteView head, ByteView body, bool marker, std::uint32_t time, Bytes& batch) {
  packet_.resize(rtp::kHeaderSize);
  rtp::Packet p;
  p.payload_type = payload_type_;
  p.marker = marker;
  p.sequence = sequence_++;
  p.timestamp = time;
  p.ssrc = ssrc_;
  rtp::write_header(packet_.data(), p);
  packet_.insert(packet_.end(), head.begin(), head.end());
  packet_.insert(packet_.end(), body.begin(), body.end());
  octets_ += static_cast<std::uint32_t>(head.size() + body.size());
  if (core_.faults.none()) {
    ++packets_;
    return deliver(packet_, batch);
  }
  const bool lost = every("lose"), twice = every("duplicate"), late = every("reorder");
  if (every("junk_between") && !udp_) batch.insert(batch.end(), {0x00, 0x11, 0x22, 0x33, 0x44});
  ++packets_;
  if (lost) return;
  if (late && held_.empty()) {
    held_ = packet_;
    return;
  }
  deliver(packet_, batch);
  if (twice) deliver(packet_, batch);
  if (!held_.empty()) deliver(std::exchange(held_, {}), batch);
}

void RtpTrack::deliver(ByteView packet, Bytes& batch) {
  if (!udp_) return append_interleaved(batch, rtp_channel_, packet);
  boost::system::error_code ignored;
  udp_->rtp.send_to(net::asio::buffer(packet.data(), packet.size()), udp_->rtp_to, 0, ignored);
}

}  // namespace dmss::recorder

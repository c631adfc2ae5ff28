// RtpTrack: one track of an RTSP session: its RTP numbers, its way to the client, its sender reports.
#pragma once

#include <boost/asio/ip/udp.hpp>
#include <functional>
#include <memory>
#include <optional>

#include "recorder/core.hpp"

namespace dmss::recorder {

/// RTP and RTCP sockets of a track over UDP, on an even port and the next.
struct UdpPair {
  explicit UdpPair(net::asio::io_context& io) : rtp(io), rtcp(io) {}
  net::asio::ip::udp::socket rtp, rtcp;
  net::asio::ip::udp::endpoint rtp_to, rtcp_to;

  /// Null when no pair of ports was free.
  static std::shared_ptr<UdpPair> open(Core& core, const net::asio::ip::address& local);
  int port() const;
  void close();
};

class RtpTrack {
 public:
  /// The payload type stays what the SDP said, whatever is sent.
  RtpTrack(Core& core, std::string service, int channel, std::uint8_t payload_type, int rate);

  bool set_up() const noexcept { return udp_ != nullptr || rtp_channel_ >= 0; }
  void over_tcp(int rtp_channel, int rtcp_channel);
  void over_udp(std::shared_ptr<UdpPair> pair) { udp_ = std::move(pair); }
  const std::shared_ptr<UdpPair>& udp() const noexcept { return udp_; }

  std::uint32_t ssrc() const noexcept { return ssrc_; }
  void force_ssrc(std::uint32_t ssrc) noexcept { ssrc_ = ssrc; }
  std::uint16_t next_sequence() const noexcept { return sequence_; }
  std::uint32_t first_timestamp() const noexcept { return first_timestamp_; }

  /// Packets of one unit: appended to `batch` for TCP, sent at once for UDP.
  void send(const MediaUnit& unit, Bytes& batch);

 private:
  std::uint32_t timestamp(std::int64_t time_us) const;
  void report(const MediaUnit& unit, Bytes& batch);
  void packet(ByteView head, ByteView body, bool marker, std::uint32_t timestamp, Bytes& batch);
  void deliver(ByteView packet, Bytes& batch);
  bool every(std::string_view fault) const;
  Where where() const { return {.service = service_, .channel = channel_}; }

  Core& core_;
  const std::string service_;
  const int channel_;
  const std::uint8_t payload_type_;
  const int rate_;
  std::uint32_t ssrc_;
  int rtp_channel_ = -1, rtcp_channel_ = -1;
  std::shared_ptr<UdpPair> udp_;
  std::uint16_t sequence_;
  std::uint32_t first_timestamp_;
  std::uint32_t packets_ = 0, octets_ = 0;
  std::optional<std::int64_t> reported_us_;
  Bytes packet_, held_;
};

}  // namespace dmss::recorder

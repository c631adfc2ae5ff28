// RtspUdp: the ports of a stream's tracks, where media comes by UDP: packets in order, a pair of ports a track.
#pragma once

#include <deque>
#include <functional>

#include "net/udp.hpp"
#include "proto/rtp/reorder.hpp"
#include "session/context.hpp"

namespace dmss::session {

class RtspUdp {
 public:
  /// The view is valid during the call.
  using OnPacket = std::function<void(bool rtcp, ByteView packet, net::TimePoint arrived)>;

  explicit RtspUdp(net::Clock& clock) : clock_(clock) {}

  /// The next track's; only packets from `peer` (an address) count. `server`: where the device takes RTP and RTCP.
  void add(std::shared_ptr<net::UdpPair> ports, const std::string& peer, std::pair<int, int> server,
           OnPacket on_packet);
  void send(std::size_t track, bool rtcp, ByteView packet);
  void close();
  /// Closes and forgets all tracks.
  void clear();
  std::uint64_t bytes_in() const { return bytes_in_; }

 private:
  struct Ports {
    std::shared_ptr<net::UdpPair> pair;
    std::pair<std::uint16_t, std::uint16_t> server;
    OnPacket on_packet;
    proto::rtp::ReorderBuffer reorder;
  };
  void take(Ports& ports, bool rtcp, ByteView data);

  net::Clock& clock_;
  std::deque<Ports> tracks_;
  std::uint64_t bytes_in_ = 0;
};

}  // namespace dmss::session

#include "session/live/rtsp_udp.hpp"

#include "proto/rtp/packet.hpp"
#include "proto/rtp/rtcp.hpp"

namespace dmss::session {

void RtspUdp::add(std::shared_ptr<net::UdpPair> pair, const std::string& peer, std::pair<int, int> server,
                  OnPacket on_packet) {
  Ports& ports = tracks_.emplace_back();
  ports.pair = std::move(pair);
  ports.server = {static_cast<std::uint16_t>(server.first), static_cast<std::uint16_t>(server.second)};
  ports.on_packet = std::move(on_packet);
  ports.pair->receive(peer, [this, &ports](bool rtcp, ByteView data) { take(ports, rtcp, data); });
}

void RtspUdp::take(Ports& ports, bool rtcp, ByteView data) {
  const net::TimePoint now = clock_.now();
  bytes_in_ += data.size();
  if (rtcp || proto::rtp::is_rtcp(data)) return ports.on_packet(true, data, now);
  if (data.size() < proto::rtp::kHeaderSize) return;
  if (ports.reorder.pass(load_be16(&data[2]), data, now)) return ports.on_packet(false, data, now);
  while (auto packet = ports.reorder.pop(now)) ports.on_packet(false, *packet, now);
}

void RtspUdp::send(std::size_t track, bool rtcp, ByteView packet) {
  Ports& ports = tracks_.at(track);
  ports.pair->send(rtcp, rtcp ? ports.server.second : ports.server.first, packet);
}

void RtspUdp::close() {
  for (Ports& p : tracks_) p.pair->close();
}

void RtspUdp::clear() {
  close();
  tracks_.clear();
}

}  // namespace dmss::session

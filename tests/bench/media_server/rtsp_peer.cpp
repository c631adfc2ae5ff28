// The server's side of RTSP: as much of it as clients need for one live video track.
#include <arpa/inet.h>
#include <fmt/core.h>
#include <sys/socket.h>

#include "bench/media_server/media_server.hpp"
#include "proto/rtsp/framing.hpp"
#include "proto/rtsp/headers.hpp"
#include "proto/rtsp/message.hpp"

namespace dmss::bench {
namespace {

namespace rtsp = proto::rtsp;
using rtsp::Message;

constexpr const char* kMethods = "OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER";

class RtspPeer final : public Peer {
 public:
  RtspPeer(MediaServer& server, std::shared_ptr<Connection> connection)
      : server_(server), connection_(std::move(connection)), session_(std::to_string(server.next_id())) {}

  std::size_t consume(ByteView in) override {
    std::size_t used = 0;
    while (used < in.size()) {
      const rtsp::Item item = rtsp::next_item(in.subspan(used), rtsp::Interleaving::rtp);
      if (item.kind == rtsp::Item::Kind::need_more) break;
      if (item.kind != rtsp::Item::Kind::text) {
        used += item.size;
        continue;
      }
      const auto parsed = rtsp::parse_message(in.subspan(used));
      if (parsed.need_more()) break;
      if (parsed.failed()) {
        connection_->close();
        return in.size();
      }
      used += parsed.consumed();
      handle(parsed.value());
    }
    return used;
  }

 private:
  Message reply(const Message& request, int status = 200, std::string reason = "OK") const {
    Message m;
    m.status = status;
    m.reason = std::move(reason);
    m.set("CSeq", std::string(request.get("CSeq")));
    return m;
  }

  void send(const Message& m) { connection_->send(rtsp::write_message(m)); }

  void handle(const Message& request) {
    if (request.is_response()) return;
    if (request.uri.find("subtype=1") != std::string::npos) stream_ = 1;
    if (request.method == "OPTIONS") return send(reply(request).set("Public", kMethods));
    if (request.method == "DESCRIBE") {
      Message m = reply(request);
      m.set("Content-Base", request.uri + "/").set("Content-Type", "application/sdp");
      m.body = server_.clip(stream_).sdp();
      return send(m);
    }
    if (request.method == "SETUP") return set_up(request);
    Message m = reply(request);
    m.set("Session", session_);
    if (request.method == "PLAY" && !streamer_) {
      m.set("RTP-Info", fmt::format("url={};seq={};rtptime={}", request.uri, Streamer::kFirstSequence,
                                    Streamer::kFirstTimestamp));
      send(m);
      streamer_ = server_.stream(connection_, stream_, route_);
      return;
    }
    if (request.method == "TEARDOWN") streamer_.reset();
    send(m);
  }

  void set_up(const Message& request) {
    const rtsp::Transport asked = rtsp::parse_transport(request.get("Transport"));
    Message m = reply(request);
    if (asked.tcp) {
      const auto [rtp, rtcp] = asked.interleaved.value_or(std::pair(0, 1));
      route_.channel = static_cast<std::uint8_t>(rtp);
      m.set("Transport", fmt::format("RTP/AVP/TCP;unicast;interleaved={}-{};ssrc=01020304", rtp, rtcp));
    } else if (asked.client_port) {
      route_.kind = Route::Kind::datagrams;
      route_.udp = server_.udp_socket();
      socklen_t size = sizeof route_.to;
      ::getpeername(connection_->fd(), reinterpret_cast<sockaddr*>(&route_.to), &size);
      const auto [rtp, rtcp] = *asked.client_port;
      route_.to.sin_port = htons(static_cast<std::uint16_t>(rtp));
      m.set("Transport", fmt::format("RTP/AVP/UDP;unicast;client_port={}-{};server_port={}-{};ssrc=01020304",
                                     rtp, rtcp, server_.udp_port(), server_.udp_port() + 1));
    } else {
      return send(reply(request, 461, "Unsupported Transport"));
    }
    send(m.set("Session", session_ + ";timeout=60"));
  }

  MediaServer& server_;
  const std::shared_ptr<Connection> connection_;
  const std::string session_;
  int stream_ = 0;
  Route route_;
  std::unique_ptr<Streamer> streamer_;
};

}  // namespace

std::unique_ptr<Peer> make_rtsp_peer(MediaServer& server, std::shared_ptr<Connection> connection) {
  return std::make_unique<RtspPeer>(server, std::move(connection));
}

}  // namespace dmss::bench

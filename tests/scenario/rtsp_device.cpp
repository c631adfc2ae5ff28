#include "scenario/rtsp_device.hpp"

#include "proto/auth/digest.hpp"
#include "proto/rtp/packet.hpp"
#include "proto/rtsp/framing.hpp"

namespace dmss::scenario {
namespace {

using proto::rtsp::Message;

constexpr std::string_view kSdp =
    "v=0\r\no=- 2251938202 2251938202 IN IP4 0.0.0.0\r\ns=Media Server\r\nc=IN IP4 0.0.0.0\r\nt=0 "
    "0\r\na=control:*\r\n"
    "a=packetization-supported:DH\r\na=rtppayload-supported:DH\r\na=range:npt=now-\r\n"
    "m=video 0 RTP/AVP 96\r\na=control:trackID=0\r\na=framerate:15.000000\r\na=rtpmap:96 H264/90000\r\n"
    "a=fmtp:96 "
    "packetization-mode=1;profile-level-id=42000A;sprop-parameter-sets=Z0IACg==,aM4=\r\na=recvonly\r\n"
    "m=audio 0 RTP/AVP 8\r\na=control:trackID=1\r\na=rtpmap:8 PCMA/8000\r\na=recvonly\r\n";

}  // namespace

std::vector<std::string> RtspDevice::methods() const {
  std::vector<std::string> out;
  for (const Message& m : heard) out.push_back(m.method);
  return out;
}

bool RtspDevice::authorised(const Message& request) {
  const auto a = proto::auth::parse_authorization(request.get("Authorization"));
  if (!a) return false;
  ++with_credentials;
  return takes_password && a->nonce == nonce && a->uri == request.uri &&
         proto::auth::verify(*a, request.method, "donotuse");
}

int RtspDevice::refusal(const Message& request) const {
  for (const auto& [what, status] : refusals) {
    if (what == request.method) return status;
    if (what == request.method + request.uri.substr(request.uri.rfind('/'))) return status;
  }
  return 0;
}

Bytes RtspDevice::answer(const Bytes& item, Peer* peer) {
  if (item[0] == '$') {
    ++reports;
    return {};
  }
  const auto parsed = proto::rtsp::parse_message(item);
  const Message& request = parsed.value();
  heard.push_back(request);
  Message reply;
  reply.status = 200;
  reply.reason = "OK";
  reply.set("CSeq", std::string(request.get("CSeq")));
  const bool good = !digest || authorised(request);
  const bool stale = digest && good && stale_once && !was_stale_;
  if (!good || stale) {
    if (stale) {
      was_stale_ = true;
      nonce = "00d1f0c2a3b49586";
    }
    reply.status = 401;
    reply.reason = "Unauthorized";
    reply.set("WWW-Authenticate",
              "Digest realm=\"Login to 3G0TEST0001\",nonce=\"" + nonce + "\"" + (stale ? ",stale=TRUE" : ""));
  } else if (const int status = refusal(request); status != 0) {
    reply.status = status;
    reply.reason = "Refused";
  } else if (request.method == "DESCRIBE") {
    reply.set("Content-Base", request.uri + "/").set("Content-Type", "application/sdp");
    reply.body = kSdp;
  } else if (request.method == "SETUP") {
    const std::string asked(request.get("Transport"));
    ++set_up_[peer];
    reply.set("Session", "634214675641;timeout=" + session_timeout);
    const bool udp = asked.find("client_port=") != std::string::npos;
    reply.set(
        "Transport",
        udp ? "RTP/AVP/UDP;unicast;" + asked.substr(asked.find("client_port=")) + ";server_port=43670-43671"
            : "RTP/AVP/TCP;unicast;" + asked.substr(asked.find("interleaved=")) + ";ssrc=30A98EE7");
  } else if (request.method == "PLAY" && !takes_range && !request.get("Range").empty()) {
    reply.status = 457;
    reply.reason = "Invalid Range";
  } else if (request.method == "PLAY") {
    reply.set("Session", "634214675641;timeout=" + session_timeout).set("Range", "npt=0.000000-");
    playing_.push_back({peer, 47121, 3475222385u, std::exchange(set_up_[peer], 0) > 1});
  } else if (request.method == "TEARDOWN") {
    std::erase_if(playing_, [&](const Playing& p) { return p.peer == peer; });
  }
  if (const auto extra = extra_headers.find(request.method); extra != extra_headers.end())
    reply.headers.insert(reply.headers.begin(), extra->second);
  if (reply.status == 401 && says_close) reply.set("Connection", "Close");
  const std::string text = proto::rtsp::write_message(reply);
  if (reply.status == 401 && closes_with_challenge) {
    peer->send(text);
    peer->close();
    return {};
  }
  return {text.begin(), text.end()};
}

void RtspDevice::send_frames() {
  // SPS, PPS and the slice of a key frame, each in a packet of its own.
  send({from_hex("67 42 00 0a"), from_hex("68 ce"), from_hex("65 88 84 00")});
}

void RtspDevice::send_predicted() {
  Bytes nal = from_hex("41 9a 24 00");
  nal.resize(predicted_size, 0x55);
  send({nal});
}

void RtspDevice::restart_sender(std::uint32_t new_ssrc) {
  ssrc = new_ssrc;
  for (Playing& p : playing_) {
    p.sequence = static_cast<std::uint16_t>(p.sequence + 20000);
    p.timestamp -= 1'500'000'000u;
  }
}

void RtspDevice::send(const std::vector<Bytes>& nals, bool whole) {
  for (Playing& p : playing_) {
    if (p.peer->client_gone()) continue;
    proto::rtp::Packet packet;
    packet.payload_type = payload_type;
    packet.ssrc = ssrc;
    packet.timestamp = p.timestamp += 90000u;
    p.sequence = static_cast<std::uint16_t>(p.sequence + drop_next);
    for (const Bytes& nal : nals) {
      packet.sequence = p.sequence++;
      packet.marker = whole && &nal == &nals.back();
      send_packet(p, 0, packet, nal);
    }
  }
  drop_next = 0;
}

void RtspDevice::send_sound() {
  for (Playing& p : playing_) {
    if (!p.sound || p.peer->client_gone()) continue;
    proto::rtp::Packet packet;
    packet.payload_type = 8;
    packet.ssrc = 0x30a98ee8;
    packet.sequence = static_cast<std::uint16_t>(p.sound_time / 160);
    packet.timestamp = p.sound_time += 160;
    send_packet(p, 2, packet, Bytes(160, 0xd5));
  }
}

void RtspDevice::send_packet(const Playing& to, std::uint8_t channel, const proto::rtp::Packet& head,
                             const Bytes& payload) {
  Bytes out(4 + proto::rtp::kHeaderSize);
  proto::rtsp::write_interleaved_head(out.data(), channel,
                                      static_cast<std::uint16_t>(proto::rtp::kHeaderSize + payload.size()));
  proto::rtp::write_header(out.data() + 4, head);
  out.insert(out.end(), payload.begin(), payload.end());
  to.peer->send(out);
}

Script RtspDevice::script(int step, Fault fault) {
  return [this, step, fault](Peer& peer) {
    return converse(
        peer, rtsp_protocol(), [this, to = &peer](const Bytes& m) { return answer(m, to); }, step, fault);
  };
}

}  // namespace dmss::scenario

#include "recorder/rtsp_session.hpp"

#include <fmt/core.h>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>

#include "base/text.hpp"
#include "proto/cgi/url.hpp"
#include "proto/rtp/rtcp.hpp"
#include "recorder/rtsp_sdp.hpp"

namespace dmss::recorder {
namespace {

namespace rtsp = proto::rtsp;
using proto::rpc::int_or;
using proto::rpc::text_or;

constexpr auto kToken = net::asio::as_tuple(net::asio::use_awaitable);
constexpr std::uint32_t kPaddedSsrc = 0xd93ff;
constexpr int kOtherChannels = 4;
constexpr const char* kPublic =
    "OPTIONS, DESCRIBE, ANNOUNCE, SETUP, PLAY, RECORD, PAUSE, TEARDOWN, SET_PARAMETER, GET_PARAMETER";

std::string reason(int status) {
  switch (status) {
    case 200: return "OK";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 404: return "Not Found";
    case 453: return "Not Enough Bandwidth";
    case 454: return "Session Not Found";
    case 455: return "Method Not Valid in This State";
    case 457: return "Invalid Range";
    case 461: return "Unsupported Transport";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    case 551: return "Option not supported";
    default: return "Error";
  }
}

/// -1 for what is none.
int number_before_slash(std::string_view text) {
  text = text.substr(0, text.find('/'));
  int number = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : -1;
}

bool is_port(int number) {
  return number > 0 && number <= 0xffff;
}

/// The first of a Transport header's alternatives that this recorder serves.
std::optional<rtsp::Transport> acceptable_transport(std::string_view value) {
  for (;;) {
    const std::size_t comma = value.find(',');
    const std::string_view one = value.substr(0, comma);
    const rtsp::Transport t = rtsp::parse_transport(one);
    const bool udp =
        equal_ignoring_case(t.protocol, "RTP/AVP") || equal_ignoring_case(t.protocol, "RTP/AVP/UDP");
    const bool ports = t.client_port && is_port(t.client_port->first) && is_port(t.client_port->second);
    const bool multicast = one.find("multicast") != std::string_view::npos;
    if (!multicast && (equal_ignoring_case(t.protocol, "RTP/AVP/TCP") || (udp && ports))) return t;
    if (comma == std::string_view::npos) return std::nullopt;
    value.remove_prefix(comma + 1);
  }
}

}  // namespace

RtspSession::RtspSession(Core& core, std::shared_ptr<Link> link)
    : core_(core),
      link_(std::move(link)),
      guard_(core, link_->service(), {core.profile.rtsp.schemes, false, true}),
      heard_(core.clock.now()) {}

RtspSession::~RtspSession() {
  end();
}

void RtspSession::end() {
  viewer_.reset();
  for (auto& track : tracks_) {
    if (track && track->udp()) track->udp()->close();
    track.reset();
  }
  session_ids_.clear();
}

bool RtspSession::timed_out() const {
  if (session_ids_.empty()) return false;
  std::int64_t seconds = core_.profile.rtsp.session_timeout;
  if (const Json* f = core_.faults.find("session_timeout", where("")))
    seconds = int_or(*f, "seconds", seconds);
  return core_.clock.now() - heard_ > std::chrono::seconds(seconds);
}

RtspSession::Message RtspSession::reply(const Message& request, int status) const {
  Message m;
  m.status = status;
  m.reason = reason(status);
  m.set("CSeq", std::to_string(request.cseq().value_or(0)));
  m.set("Server", "Rtsp Server/3.0");
  if (!session_id_.empty())
    m.set("Session", fmt::format("{};timeout={}", session_id_, core_.profile.rtsp.session_timeout));
  return m;
}

void RtspSession::send(const Message& request, Message answer) {
  if (core_.faults.strikes("no_reply", where(request.method))) return;
  link_->send(rtsp::write_message(answer));
}

std::optional<RtspSession::Target> RtspSession::target(const std::string& uri) const {
  proto::cgi::Target t = proto::cgi::parse_target(uri);
  if (t.path.rfind("/cam/realmonitor", 0) != 0 && t.path.rfind("/live", 0) != 0) return std::nullopt;
  Target out;
  out.channel = 0;
  // The track stands behind the query: "…subtype=0/trackID=1".
  const std::size_t track = uri.rfind("trackID=");
  if (track != std::string::npos) out.track = number_before_slash(std::string_view(uri).substr(track + 8));
  if (const auto c = t.query.get("channel")) out.channel = number_before_slash(*c);
  if (const auto s = t.query.get("subtype")) out.subtype = number_before_slash(*s);
  if (out.channel < 1 || out.channel > core_.profile.channels || out.subtype < 0 ||
      out.subtype > core_.profile.extra_streams())
    return std::nullopt;
  out.subtype = std::min(out.subtype, 1);  // further extra streams play the first one's clip
  return out;
}

bool RtspSession::authorised(const Message& request) {
  const Where here = where(request.method);
  if (core_.faults.find("needs_user_agent", here) != nullptr && request.get("User-Agent").empty()) {
    refuse(request, 401);
    return false;
  }
  std::string challenge_on = core_.profile.rtsp.challenge_on;
  if (const Json* f = core_.faults.find("challenge_on", here)) challenge_on = text_or(*f, "on", challenge_on);
  const std::string_view authorization = request.get("Authorization");
  if (request.method == "OPTIONS" && authorization.empty() && challenge_on != "options") return true;
  const Guard::Answer checked = guard_.check(authorization, request.method, request.uri);
  if (checked.how == Guard::How::passed) return true;
  Message m = reply(request, 401);
  if (!core_.faults.strikes("bare_401", here)) {
    for (const std::string& c : checked.challenges) m.headers.emplace_back("WWW-Authenticate", c);
  }
  send(request, std::move(m));
  return false;
}

bool RtspSession::session_fits(const Message& request) const {
  const auto session = rtsp::parse_session(request.get("Session"));
  return !session || session_ids_.count(session->id) != 0;
}

void RtspSession::handle(const Message& request) {
  heard_ = core_.clock.now();
  core_.count("rtsp_" + request.method.substr(0, 32));
  if (request.is_response()) return;
  if (const auto fault =
          core_.faults.none() ? std::nullopt : core_.faults.take("rtsp_status", where(request.method))) {
    Message m = reply(request, static_cast<int>(int_or(*fault, "status", 503)));
    if (fault->contains("reason")) m.reason = text_or(*fault, "reason", m.reason);
    return send(request, std::move(m));
  }
  if (!authorised(request)) return;
  if (request.get("Require").find("backchannel") != std::string_view::npos) {
    Message m = reply(request, 551);
    m.set("Unsupported", std::string(request.get("Require")));
    return send(request, std::move(m));
  }
  if (!session_fits(request)) return refuse(request, 454);
  if (request.method == "OPTIONS") return send(request, reply(request, 200).set("Public", kPublic));
  if (request.method == "DESCRIBE") return describe(request);
  if (request.method == "SETUP") return set_up(request);
  if (request.method == "PLAY") return play(request);
  if (request.method == "PAUSE") return pause(request);
  if (request.method == "GET_PARAMETER" || request.method == "SET_PARAMETER") return refuse(request, 200);
  if (request.method == "TEARDOWN") {
    refuse(request, 200);
    session_id_.clear();
    return end();
  }
  refuse(request, 501);
}

void RtspSession::describe(const Message& request) {
  const auto wanted = target(request.uri);
  if (!wanted) return refuse(request, 404);
  target_ = *wanted;
  Message m = reply(request, 200);
  m.set("x-Accept-Dynamic-Rate", "1")
      .set("Content-Base", request.uri + "/")
      .set("Cache-Control", "must-revalidate");
  m.set("Content-Type", "application/sdp");
  m.body = recorder::describe(core_, link_->service(), target_.channel, target_.subtype);
  send(request, std::move(m));
}

std::optional<std::string> RtspSession::transport(RtpTrack& track, int id, const rtsp::Transport& asked) {
  std::string ssrc = fmt::format("{:08X}", track.ssrc());
  if (core_.faults.strikes("padded_ssrc", where("SETUP"))) {
    track.force_ssrc(kPaddedSsrc);
    ssrc = fmt::format("{:>10X}", kPaddedSsrc);
  }
  if (asked.tcp) {
    auto channels = asked.interleaved.value_or(std::pair(2 * id, 2 * id + 1));
    if (core_.faults.find("other_channels", where("SETUP")) != nullptr)
      channels = {channels.first + kOtherChannels, channels.second + kOtherChannels};
    track.over_tcp(channels.first & 0xff, channels.second & 0xff);
    return fmt::format("RTP/AVP/TCP;unicast;interleaved={}-{};ssrc={}", channels.first & 0xff,
                       channels.second & 0xff, ssrc);
  }
  boost::system::error_code e;
  const auto peer = net::asio::ip::make_address(link_->address(), e);
  const auto local = net::asio::ip::make_address(core_.options.listen, e);
  if (e) return std::nullopt;
  const auto pair = UdpPair::open(core_, local);
  if (!pair) return std::nullopt;
  pair->rtp_to = {peer, static_cast<std::uint16_t>(asked.client_port->first)};
  pair->rtcp_to = {peer, static_cast<std::uint16_t>(asked.client_port->second)};
  track.over_udp(pair);
  for (const bool rtcp : {false, true}) {
    auto listening = listen(pair, rtcp);
    net::asio::co_spawn(core_.io, std::move(listening), net::asio::detached);
  }
  return fmt::format("RTP/AVP/UDP;unicast;client_port={}-{};server_port={}-{};ssrc={}",
                     asked.client_port->first, asked.client_port->second, pair->port(), pair->port() + 1,
                     ssrc);
}

void RtspSession::set_up(const Message& request) {
  const auto wanted = target(request.uri);
  if (!wanted) return refuse(request, 404);
  if (wanted->track && (*wanted->track < 0 || *wanted->track > 1)) return refuse(request, 404);
  if (viewer_) return refuse(request, 455);
  if (static_cast<int>(core_.player.viewers().size()) >= core_.profile.rtsp.max_viewers)
    return refuse(request, 453);
  const auto asked = acceptable_transport(request.get("Transport"));
  if (!asked) return refuse(request, 461);
  target_ = *wanted;
  const int id = wanted->track.value_or(0);
  if (id == 1 && !core_.streams.sound_on(target_.channel, target_.subtype)) return refuse(request, 404);
  const Codec codec = id == 0 ? core_.streams.video(target_.channel, target_.subtype)->spec.codec
                              : core_.streams.sound(target_.channel, target_.subtype)->codec;
  const int rate = id == 0 ? 90000 : codec == Codec::aac ? 16000 : 8000;
  auto track =
      std::make_unique<RtpTrack>(core_, link_->service(), target_.channel, payload_type(codec), rate);
  const auto agreed = transport(*track, id, *asked);
  if (!agreed) return refuse(request, 461);
  tracks_[static_cast<std::size_t>(id)] = std::move(track);
  if (session_ids_.empty()) {
    session_id_ = fmt::format("{:012}", (static_cast<std::uint64_t>(core_.random32()) << 8) % 1000000000000u);
    session_ids_.insert(session_id_);
  }
  Message m = reply(request, 200);
  m.set("Transport", *agreed).set("x-Dynamic-Rate", "1");
  send(request, std::move(m));
}

void RtspSession::play(const Message& request) {
  if (!tracks_[0] && !tracks_[1]) return refuse(request, 455);
  if (core_.faults.strikes("changed_session", where("PLAY"))) {
    session_id_ = fmt::format("{:012}", core_.random32());
    session_ids_.insert(session_id_);
  }
  Message m = reply(request, 200);
  m.set("Range", "npt=0.000000-");
  if (!viewer_) {
    std::string info;
    for (std::size_t id = 0; id < tracks_.size(); ++id) {
      if (!tracks_[id]) continue;
      info += fmt::format("{}url=trackID={};seq={};rtptime={}", info.empty() ? "" : ",", id,
                          tracks_[id]->next_sequence(), tracks_[id]->first_timestamp());
    }
    m.set("RTP-Info", info);
  }
  send(request, std::move(m));
  if (viewer_) return viewer_->resume();
  viewer_ =
      core_.player.open({link_->service(), target_.channel, target_.subtype, tracks_[1] != nullptr}, *this);
}

void RtspSession::pause(const Message& request) {
  if (!viewer_) return refuse(request, 455);
  viewer_->pause();
  refuse(request, 200);
}

bool RtspSession::on_media(const MediaUnit& unit) {
  const auto& track = tracks_[unit.video ? 0 : 1];
  if (!track) return true;
  batch_.clear();
  track->send(unit, batch_);
  return batch_.empty() || link_->send_media(batch_);
}

void RtspSession::receive(ByteView packet) {
  heard_ = core_.clock.now();
  if (!proto::rtp::is_rtcp(packet)) return core_.count("rtp_received");
  const proto::rtp::Rtcp rtcp = proto::rtp::parse_rtcp(packet);
  if (rtcp.receiver_report) core_.count("receiver_reports");
  if (rtcp.bye) core_.count("byes");
}

net::awaitable<void> RtspSession::listen(std::shared_ptr<UdpPair> pair, bool rtcp) {
  const std::weak_ptr<RtspSession> weak = weak_from_this();
  auto& socket = rtcp ? pair->rtcp : pair->rtp;
  std::array<std::uint8_t, 2048> datagram;
  net::asio::ip::udp::endpoint from;
  for (;;) {
    auto [error, size] = co_await socket.async_receive_from(net::asio::buffer(datagram), from, kToken);
    if (!socket.is_open()) co_return;
    if (error) continue;
    const auto self = weak.lock();
    if (!self) co_return;
    // Empty or punching datagrams on the RTP port say nothing; reports do.
    if (rtcp) self->receive(ByteView(datagram).first(size));
  }
}

}  // namespace dmss::recorder

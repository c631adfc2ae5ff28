// The conversation of an RTSP live stream: DESCRIBE, SETUP, PLAY, then packets until the end.
#include "session/live/rtsp_source.hpp"

#include <openssl/rand.h>

#include <array>
#include <deque>

#include "proto/rtp/reorder.hpp"
#include "proto/rtsp/headers.hpp"
#include "session/live/rtsp_connection.hpp"
#include "session/live/rtsp_memory.hpp"
#include "session/live/rtsp_track.hpp"

namespace dmss::session {

std::shared_ptr<RtspMemory> make_rtsp_memory() { return std::make_shared<RtspMemory>(); }

namespace {

using namespace std::chrono_literals;
using proto::rtsp::Message;

constexpr Duration kHousekeeping = 5s;  // receiver reports; some cameras want one every 5 s
constexpr Duration kSilence = 10s;
constexpr Duration kUdpPatience = 3s;
constexpr int kMaxKeepAliveSeconds = 30;
constexpr const char* kCname = "libdmss";

std::string random_hex() {
  std::array<unsigned char, 8> bytes{};
  RAND_bytes(bytes.data(), static_cast<int>(bytes.size()));
  std::string hex;
  for (unsigned char b : bytes) {
    hex += "0123456789abcdef"[b >> 4];
    hex += "0123456789abcdef"[b & 15];
  }
  return hex;
}

/// Has the device answered, so that the connection is still good for the next request?
bool is_answer(const Error& e) {
  return e.category() != ErrorCategory::network && e != Errc::timeout && e != Errc::cancelled && e != Errc::malformed && e != Errc::too_large;
}

class RtspSource final : public MediaSource, public std::enable_shared_from_this<RtspSource> {
 public:
  RtspSource(Context context, RtspTarget target, SourceRequest request, MediaSink& sink)
      : context_(std::move(context)), target_(std::move(target)), request_(request), sink_(sink), housekeeping_(context_.executor, context_.clock), arrival_(context_.executor, context_.clock) {
    if (!target_.memory) target_.memory = make_rtsp_memory();
    RAND_bytes(reinterpret_cast<unsigned char*>(&own_ssrc_), sizeof own_ssrc_);
    url_ = proto::rtsp::live_url(target_.endpoint.host, target_.endpoint.port, target_.tls.has_value(), request.channel, static_cast<int>(request.stream));
  }

  awaitable<Result<SourceInfo>> open() override {
    auto self = shared_from_this();
    udp_ = target_.udp;
    Result<SourceInfo> opened = co_await open_once();
    if (udp_ && !closed_) {
      bool fall_back = false;
      if (!opened) {
        fall_back = opened.error() == Errc::unsupported;
      } else {
        fall_back = !co_await first_datagram();
      }
      if (fall_back && target_.udp_fall_back && !closed_) {
        context_.log.info("nothing comes over UDP, going over to TCP");
        co_await say_goodbye();
        forget();
        udp_ = false;
        opened = co_await open_once();
      }
    }
    co_return opened;
  }

  awaitable<Error> run() override {
    auto self = shared_from_this();
    last_media_ = last_keep_alive_ = context_.clock.now();
    arm_housekeeping();
    while (!closed_) {
      Result<void> pumped = co_await connection_->pump();
      if (ended_) break;
      if (!pumped) {
        housekeeping_.cancel();
        if (silent_) co_return labelled(Error(Errc::no_media));
        if (closed_) co_return Errc::cancelled;
        co_return pumped.error();
      }
    }
    housekeeping_.cancel();
    if (closed_) co_return Errc::cancelled;
    co_return labelled(Error(Errc::connection_lost, "the device ended the stream (BYE)"));
  }

  awaitable<void> stop() override {
    auto self = shared_from_this();
    housekeeping_.cancel();
    co_await say_goodbye();
    close();
  }

  void close() override {
    closed_ = true;
    housekeeping_.cancel();
    arrival_.cancel();
    close_ports();
    abort_->abort();
    if (connection_) connection_->close();
  }

  SourceStats stats() const override {
    SourceStats s;
    s.bytes = datagram_bytes_;
    if (connection_) {
      s.bytes += connection_->bytes_in();
      s.skipped = connection_->skipped();
    }
    for (const auto& t : tracks_) s.lost += t->lost();
    return s;
  }

 private:
  awaitable<Result<SourceInfo>> open_once() {
    if (auto connected = co_await connect(); !connected) co_return connected.error();
    Message describe;
    describe.method = "DESCRIBE";
    describe.uri = url_;
    describe.set("Accept", "application/sdp");
    Result<Message> described = co_await authorised(std::move(describe));
    if (!described) co_return described.error();
    if (auto e = status_error(*described, "DESCRIBE")) co_return e;
    if (auto set_up = co_await set_up_tracks(*described); !set_up) co_return set_up.error();

    Message play;
    play.method = "PLAY";
    play.uri = aggregate_;
    play.set("Session", session_.id).set("Range", "npt=0.000-");
    Result<Message> played = co_await authorised(std::move(play));
    if (!played) co_return played.error();
    if (auto e = status_error(*played, "PLAY")) co_return e;
    note_session(*played);
    co_return info();
  }

  awaitable<Result<void>> connect() {
    net::ConnectOptions o;
    o.to = target_.endpoint;
    o.tls = target_.tls;
    o.timeout = target_.connect_timeout;
    o.abort = abort_;
    Result<std::unique_ptr<net::Stream>> stream = co_await context_.connector.connect(std::move(o));
    if (!stream) co_return stream.error();
    connection_ = std::make_shared<RtspConnection>(context_, std::move(*stream));
    if (closed_) {
      connection_->close();
      co_return Errc::cancelled;
    }
    connection_->on_packet = [this](std::uint8_t channel, ByteView data, net::TimePoint arrived) { on_packet(channel, data, arrived); };
    RtspMemory& memory = *target_.memory;
    reuses_nonce_ = memory.accepted.has_value() && memory.nonce_is_shared;
    if (!reuses_nonce_) own_auth_ = proto::auth::Authenticator(target_.credentials.user, target_.credentials.password, target_.allow_plaintext_password);
    co_return Result<void>();
  }

  proto::auth::Authenticator& auth() { return reuses_nonce_ ? *target_.memory->accepted : own_auth_; }

  bool sign(Message& m) {
    const auto value = auth().authorize(m.method, m.uri, random_hex());
    if (!value) return false;
    m.set("Authorization", *value);
    if (!std::exchange(told_credentials_, true) && target_.on_credentials_sent) target_.on_credentials_sent();
    return true;
  }

  /// The request, with authorisation as soon as the device has asked for it.
  awaitable<Result<Message>> authorised(Message plain) {
    for (int attempt = 0;; ++attempt) {
      Message m = plain;
      const bool sent_credentials = sign(m);
      Result<Message> answer = co_await connection_->request(std::move(m), target_.request_timeout);
      if (!answer || answer->status != 401) {
        if (answer && sent_credentials && answer->status < 300 && !reuses_nonce_ && own_auth_.challenge()) target_.memory->accepted = own_auth_;
        co_return answer;
      }
      std::vector<std::string> challenges;
      for (std::string_view v : answer->get_all("WWW-Authenticate")) challenges.emplace_back(v);
      bool judged = sent_credentials;
      if (reuses_nonce_) {
        // The nonce belonged to another connection: this says nothing about the password.
        target_.memory->nonce_is_shared = false;
        reuses_nonce_ = false;
        own_auth_ = proto::auth::Authenticator(target_.credentials.user, target_.credentials.password, target_.allow_plaintext_password);
        judged = false;
      }
      using Verdict = proto::auth::Authenticator::Verdict;
      const Verdict verdict = attempt < 3 ? own_auth_.challenged(challenges, judged) : Verdict::refused;
      switch (verdict) {
        case Verdict::retry: break;
        case Verdict::refused: co_return refusal(Errc::wrong_password, *answer);
        case Verdict::basic_only: co_return refusal(Errc::plaintext_refused, *answer);
        case Verdict::no_challenge: co_return refusal(sent_credentials ? Errc::wrong_password : Errc::login_refused, *answer);
      }
    }
  }

  Error labelled(Error e) const {
    return connection_ && e.connection().empty() ? Error(std::move(e)).with_connection("rtsp/" + connection_->info().label()) : e;
  }

  Error refusal(Errc code, const Message& answer) const { return labelled(Error(code).with_device(answer.status, answer.reason)); }

  Error status_error(const Message& answer, const char* method) const {
    if (answer.status >= 200 && answer.status < 300) return {};
    Errc code = Errc::device_error;
    switch (answer.status) {
      case 400:
      case 404: code = Errc::no_such_channel; break;
      case 403: code = Errc::no_permission; break;
      case 415:
      case 461:
      case 501:
      case 551: code = Errc::unsupported; break;
      case 453: code = Errc::stream_limit; break;
      case 454: code = Errc::session_expired; break;
      case 503: code = Errc::device_busy; break;
      default: break;
    }
    return labelled(Error(code, std::string(method) + " was answered with " + std::to_string(answer.status)).with_device(answer.status, answer.reason));
  }

  void note_session(const Message& answer) {
    // Some firmware changes the session's id between SETUP and PLAY: the newest counts.
    if (auto s = proto::rtsp::parse_session(answer.get("Session"))) session_ = *s;
  }

  awaitable<Result<void>> set_up_tracks(Message described) {
    const proto::rtsp::Sdp sdp = proto::rtsp::parse_sdp(described.body);
    std::string base(described.get("Content-Base"));
    if (base.empty()) base = described.get("Content-Location");
    if (base.empty()) base = url_;
    aggregate_ = proto::rtsp::join_control(base, sdp.control);
    bool has_video = false;
    bool has_audio = false;
    Error first;
    for (const proto::rtsp::Track& t : sdp.tracks) {
      using Kind = proto::rtsp::Track::Kind;
      const bool video = t.kind == Kind::video && !has_video;
      const bool audio = t.kind == Kind::audio && request_.audio && !has_audio && t.direction != proto::rtsp::Track::Direction::sendonly;
      if (!video && !audio) continue;
      auto track = std::make_unique<RtspTrack>(t, context_.clock, start_, [this](media::AccessUnit u) { sink_.on_access_unit(std::move(u)); });
      if (!track->usable()) {
        if (!first && video) first = Error(Errc::codec_unsupported, "\"" + t.encoding + "\"");
        continue;
      }
      const std::string control = proto::rtsp::join_control(base, t.control);
      Result<void> ready = co_await set_up(control, std::move(track));
      if (!ready) {
        if (video || !is_answer(ready.error())) co_return ready;
        context_.log.info("no sound: {}", ready.error().to_string());
        continue;
      }
      (video ? has_video : has_audio) = true;
      (video ? video_codec_ : audio_codec_) = t.codec();
    }
    if (tracks_.empty()) co_return labelled(first ? first : Error(Errc::no_stream, "the description names no media"));
    co_return Result<void>();
  }

  awaitable<Result<void>> set_up(std::string control, std::unique_ptr<RtspTrack> track) {
    if (udp_) co_return co_await set_up_udp(std::move(control), std::move(track));
    const int channel = static_cast<int>(tracks_.size()) * 2;
    Message setup;
    setup.method = "SETUP";
    setup.uri = std::move(control);
    setup.set("Transport", "RTP/AVP/TCP;unicast;interleaved=" + std::to_string(channel) + "-" + std::to_string(channel + 1));
    if (!session_.id.empty()) setup.set("Session", session_.id);
    Result<Message> answer = co_await authorised(std::move(setup));
    if (!answer) co_return answer.error();
    if (auto e = status_error(*answer, "SETUP")) co_return e;
    note_session(*answer);
    const proto::rtsp::Transport transport = proto::rtsp::parse_transport(answer->get("Transport"));
    const auto channels = transport.interleaved.value_or(std::pair(channel, channel + 1));
    if (channels.first > 255 || channels.second > 255) co_return labelled(Error(Errc::malformed, "interleaved channels beyond 255"));
    RtspTrack* t = track.get();
    tracks_.push_back(std::move(track));
    routes_[static_cast<std::size_t>(channels.first)] = {t, false};
    if (channels.second != channels.first) routes_[static_cast<std::size_t>(channels.second)] = {t, true};
    rtcp_channels_.push_back(static_cast<std::uint8_t>(channels.second));
    co_return Result<void>();
  }

  awaitable<Result<void>> set_up_udp(std::string control, std::unique_ptr<RtspTrack> track) {
    const std::string peer = peer_address();
    Result<std::shared_ptr<net::UdpPair>> ports = target_.open_udp(context_.executor, peer.find(':') != std::string::npos);
    if (!ports) co_return ports.error();
    Message setup;
    setup.method = "SETUP";
    setup.uri = std::move(control);
    const int port = (*ports)->port();
    setup.set("Transport", "RTP/AVP;unicast;client_port=" + std::to_string(port) + "-" + std::to_string(port + 1));
    if (!session_.id.empty()) setup.set("Session", session_.id);
    Result<Message> answer = co_await authorised(std::move(setup));
    if (!answer) co_return answer.error();
    if (auto e = status_error(*answer, "SETUP")) co_return e;
    note_session(*answer);
    const proto::rtsp::Transport transport = proto::rtsp::parse_transport(answer->get("Transport"));
    if (transport.tcp || !transport.server_port) co_return labelled(Error(Errc::unsupported, "the device answers no UDP ports"));
    RtspTrack* t = track.get();
    tracks_.push_back(std::move(track));
    UdpPort& u = udp_ports_.emplace_back();
    u.pair = *ports;
    u.server = {static_cast<std::uint16_t>(transport.server_port->first), static_cast<std::uint16_t>(transport.server_port->second)};
    const std::size_t index = udp_ports_.size() - 1;
    u.pair->receive(peer, [this, t, index](bool rtcp, ByteView data) { on_datagram(*t, index, rtcp, data); });
    // Opens the way through a NAT: what goes out may come back.
    const std::uint8_t opener[12] = {0x80, static_cast<std::uint8_t>(t->description().payload_type & 0x7f)};
    u.pair->send(false, u.server.first, opener);
    u.pair->send(true, u.server.second, proto::rtp::write_receiver_report(own_ssrc_, std::nullopt, kCname));
    co_return Result<void>();
  }

  std::string peer_address() const {
    const std::string& peer = connection_->info().peer;
    std::string address = peer.substr(0, peer.rfind(':'));
    if (address.size() > 2 && address.front() == '[') address = address.substr(1, address.size() - 2);
    return address;
  }

  void on_datagram(RtspTrack& track, std::size_t index, bool rtcp, ByteView data) {
    const net::TimePoint now = context_.clock.now();
    datagram_bytes_ += data.size();
    if (rtcp || proto::rtp::is_rtcp(data)) {
      if (track.on_rtcp(data, now)) {
        ended_ = true;
        connection_->close();
      }
      return;
    }
    last_media_ = now;
    has_datagram_ = true;
    arrival_.cancel();
    if (data.size() < proto::rtp::kHeaderSize) return;
    proto::rtp::ReorderBuffer& reorder = udp_ports_[index].reorder;
    if (reorder.pass(load_be16(&data[2]), data, now)) {
      track.on_rtp(data, now);
      return;
    }
    while (auto packet = reorder.pop(now)) track.on_rtp(*packet, now);
  }

  awaitable<bool> first_datagram() {
    if (!has_datagram_) {
      arrival_.expires_after(kUdpPatience);
      co_await arrival_.wait();
    }
    co_return has_datagram_;
  }

  void close_ports() {
    for (UdpPort& u : udp_ports_) u.pair->close();
  }

  awaitable<void> say_goodbye() {
    if (!connection_ || closed_ || silent_ || ended_ || session_.id.empty()) co_return;
    Message teardown;
    teardown.method = "TEARDOWN";
    teardown.uri = aggregate_;
    teardown.set("Session", session_.id);
    sign(teardown);
    connection_->send_request(std::move(teardown));
    // The answer is not worth waiting for, but the request must leave.
    co_await net::sleep_for(context_.clock, 20ms);
  }

  /// Everything of an attempt, before another one on a new connection.
  void forget() {
    close_ports();
    udp_ports_.clear();
    tracks_.clear();
    rtcp_channels_.clear();
    routes_ = {};
    session_ = {};
    start_.reset();
    if (connection_) connection_->close();
    connection_.reset();
  }

  void on_packet(std::uint8_t channel, ByteView data, net::TimePoint arrived) {
    const Route route = routes_[channel];
    if (route.track == nullptr) return;
    if (route.rtcp || proto::rtp::is_rtcp(data)) {
      if (route.track->on_rtcp(data, arrived)) ended_ = true;
      return;
    }
    last_media_ = arrived;
    route.track->on_rtp(data, arrived);
  }

  void arm_housekeeping() {
    housekeeping_.expires_after(kHousekeeping);
    housekeeping_.async_wait([weak = weak_from_this()](bool expired) {
      auto self = weak.lock();
      if (expired && self && !self->closed_) self->keep_house();
    });
  }

  void keep_house() {
    const net::TimePoint now = context_.clock.now();
    if (now - last_media_ >= kSilence) {
      silent_ = true;
      connection_->close();
      return;
    }
    for (std::size_t i = 0; i < tracks_.size(); ++i) {
      auto report = tracks_[i]->receiver_report(own_ssrc_ + static_cast<std::uint32_t>(i), kCname);
      if (!report) continue;
      if (udp_) {
        udp_ports_[i].pair->send(true, udp_ports_[i].server.second, *report);
      } else {
        connection_->send_packet(rtcp_channels_[i], *report);
      }
    }
    const Duration period = std::chrono::seconds(std::clamp(session_.timeout / 2, 5, kMaxKeepAliveSeconds));
    if (now - last_keep_alive_ >= period - kHousekeeping / 2) {
      keep_alive();
      last_keep_alive_ = now;
    }
    arm_housekeeping();
  }

  void keep_alive() {
    Message m;
    m.method = "GET_PARAMETER";
    m.uri = aggregate_;
    m.set("Session", session_.id);
    sign(m);
    connection_->send_request(std::move(m));
  }

  SourceInfo info() const {
    SourceInfo i;
    i.route = MediaRoute::rtsp;
    i.transport = (udp_ ? "rtsp/udp " + connection_->info().peer : "rtsp/" + connection_->info().label());
    i.video = video_codec_;
    i.audio = audio_codec_;
    return i;
  }

  struct Route {
    RtspTrack* track = nullptr;
    bool rtcp = false;
  };
  struct UdpPort {
    std::shared_ptr<net::UdpPair> pair;
    std::pair<std::uint16_t, std::uint16_t> server;
    proto::rtp::ReorderBuffer reorder;
  };

  const Context context_;
  RtspTarget target_;
  const SourceRequest request_;
  MediaSink& sink_;
  net::Timer housekeeping_;
  std::string url_;
  std::string aggregate_;
  std::shared_ptr<RtspConnection> connection_;
  proto::auth::Authenticator own_auth_;
  bool reuses_nonce_ = false;
  bool told_credentials_ = false;
  proto::rtsp::Session session_;
  std::optional<net::TimePoint> start_;
  std::vector<std::unique_ptr<RtspTrack>> tracks_;
  std::vector<std::uint8_t> rtcp_channels_;
  std::array<Route, 256> routes_{};
  bool udp_ = false;
  std::deque<UdpPort> udp_ports_;  // one a track
  std::uint64_t datagram_bytes_ = 0;
  bool has_datagram_ = false;
  net::Timer arrival_;
  Codec video_codec_ = Codec::unknown;
  Codec audio_codec_ = Codec::unknown;
  std::uint32_t own_ssrc_ = 0;
  net::TimePoint last_media_{};
  net::TimePoint last_keep_alive_{};
  const std::shared_ptr<net::Abort> abort_ = std::make_shared<net::Abort>();
  bool closed_ = false;
  bool ended_ = false;
  bool silent_ = false;
};

}  // namespace

std::shared_ptr<MediaSource> make_rtsp_source(Context context, RtspTarget target, SourceRequest request, MediaSink& sink) {
  return std::make_shared<RtspSource>(std::move(context), std::move(target), request, sink);
}

}  // namespace dmss::session

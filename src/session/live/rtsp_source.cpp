// The conversation of an RTSP live stream: DESCRIBE, SETUP, PLAY, then packets until the end.
#include "session/live/rtsp_source.hpp"

#include <openssl/rand.h>

#include <array>

#include "session/live/rtsp_dialogue.hpp"
#include "session/live/rtsp_keep_alive.hpp"
#include "session/live/rtsp_track.hpp"
#include "session/live/rtsp_udp.hpp"

namespace dmss::session {
namespace {

using namespace std::chrono_literals;
using proto::rtsp::Message;

constexpr Duration kHousekeeping = 5s;  // receiver reports; some cameras want one every 5 s
constexpr Duration kSilence = 10s;
constexpr Duration kUdpPatience = 3s;
constexpr Duration kUdpRest = 5min;  // of a device whose datagrams do not arrive
constexpr int kInvalidRange = 457;
constexpr const char* kCname = "libdmss";

/// Has the device answered, so that the connection is still good for the next request?
bool is_answer(const Error& e) {
  return e.category() != ErrorCategory::network && e != Errc::timeout && e != Errc::cancelled &&
         e != Errc::malformed && e != Errc::too_large;
}

class RtspSource final : public MediaSource,
                         private PacketSink,
                         public std::enable_shared_from_this<RtspSource> {
 public:
  RtspSource(Context context, RtspTarget target, SourceRequest request, MediaSink& sink)
      : context_(std::move(context)),
        target_(std::move(target)),
        request_(request),
        sink_(sink),
        dialogue_(context_, target_),
        keep_alive_(dialogue_, target_.memory),
        housekeeping_(context_.executor, context_.clock),
        over_signal_(context_.executor, context_.clock),
        datagrams_(context_.clock),
        arrival_(context_.executor, context_.clock) {
    RAND_bytes(reinterpret_cast<unsigned char*>(&own_ssrc_), sizeof own_ssrc_);
    url_ = proto::rtsp::live_url(target_.endpoint.host, target_.endpoint.port, target_.tls.has_value(),
                                 request.channel, static_cast<int>(request.stream));
  }

  awaitable<Result<SourceInfo>> open() override {
    auto self = shared_from_this();
    dialogue_.serve(*this, [weak = weak_from_this()] {
      if (auto woken = weak.lock()) woken->over_signal_.cancel();
    });
    udp_ = target_.udp && (!target_.udp_fall_back || context_.clock.now() >= target_.memory->no_udp_until);
    Result<SourceInfo> opened = co_await open_once(true);
    if (!opened && !closed_ && starts_over(opened.error())) {
      forget();
      opened = co_await open_once(false);
    }
    if (udp_ && !closed_) {
      bool fall_back = false;
      if (!opened) {
        fall_back = opened.error() == Errc::unsupported;
      } else {
        fall_back = !co_await first_datagram();
      }
      if (fall_back && target_.udp_fall_back && !closed_) {
        context_.log.info("nothing comes over UDP, going over to TCP");
        target_.memory->no_udp_until = context_.clock.now() + kUdpRest;
        say_goodbye();
        forget();
        udp_ = false;
        fell_back_ = true;
        opened = co_await open_once(true);
      }
    }
    co_return opened;
  }

  awaitable<Error> run() override {
    auto self = shared_from_this();
    const std::shared_ptr<RtspConnection> connection = dialogue_.connection();
    if (!connection) co_return Errc::cancelled;
    last_media_ = context_.clock.now();
    arm_housekeeping();
    over_signal_.expires_at(net::TimePoint::max());
    while (!over_ && !verdict_ && !connection->end()) co_await over_signal_.wait();
    housekeeping_.cancel();
    if (verdict_) co_return *verdict_;
    if (closed_ || over_ || !connection->end()) co_return Errc::cancelled;
    co_return *connection->end();
  }

  void end(Error why) override {
    if (verdict_) return;
    verdict_ = labelled(std::move(why));
    over_signal_.cancel();
  }

  awaitable<void> stop() override {
    auto self = shared_from_this();
    housekeeping_.cancel();
    if (say_goodbye()) {
      over_ = true;
      over_signal_.cancel();
      // The answer is not worth waiting for, but the request must leave.
      if (!dialogue_.leave()) co_await net::sleep_for(context_.clock, 20ms);
    }
    close();
  }

  void close() override {
    closed_ = true;
    keep_alive_.stop();
    housekeeping_.cancel();
    arrival_.cancel();
    over_signal_.cancel();
    datagrams_.close();
    dialogue_.close();
  }

  SourceStats stats() const override {
    SourceStats s;
    s.bytes = datagrams_.bytes_in() + dialogue_.bytes_in();
    s.skipped = dialogue_.skipped();
    for (const auto& t : tracks_) s.lost += t->lost();
    return s;
  }

 private:
  /// A description and the tracks taken from it.
  struct Offer {
    std::string base;
    std::unique_ptr<RtspTrack> video, audio;
    std::string video_control, audio_control;
  };

  /// On a connection that served another stream, or with requests in one flight: what fails may work the plain way.
  bool starts_over(const Error& why) const {
    return (dialogue_.reused() || flew_) && (!is_answer(why) || why == Errc::session_expired);
  }

  awaitable<Result<SourceInfo>> open_once(bool may_reuse) {
    flew_ = false;
    if (auto connected = co_await dialogue_.connect(may_reuse); !connected) co_return connected.error();
    Message describe;
    describe.method = "DESCRIBE";
    describe.uri = url_;
    describe.set("Accept", "application/sdp");
    std::optional<Message> video_answer;
    Result<Message> described = co_await this->describe(std::move(describe), video_answer);
    if (!described) co_return described.error();
    if (auto e = dialogue_.status_error(*described, "DESCRIBE")) co_return e;

    Result<Offer> offer = read_offer(*described);
    if (!offer) co_return offer.error();
    if (video_answer && offer->video_control != url_ + target_.memory->video_control) {
      target_.memory->video_control.clear();
      co_return labelled(Errc::session_expired);  // another track was set up than the one described
    }
    if (auto set_up = co_await set_up_and_play(*offer, std::move(video_answer)); !set_up)
      co_return set_up.error();
    co_return info();
  }

  /// DESCRIBE, and where the device has shown how it names tracks, SETUP of the pictures with it.
  awaitable<Result<Message>> describe(Message describe, std::optional<Message>& video_answer) {
    if (udp_ || target_.memory->video_control.empty() || !dialogue_.reused() || !dialogue_.sends_flights()) {
      co_return co_await dialogue_.request(std::move(describe));
    }
    flew_ = true;
    RtspDialogue::Messages requests;
    requests.push_back(std::move(describe));
    requests.push_back(setup_message(url_ + target_.memory->video_control, 0));
    Result<RtspDialogue::Messages> answers = co_await dialogue_.flight(std::move(requests));
    if (!answers) co_return answers.error();
    video_answer = std::move((*answers)[1]);
    co_return std::move((*answers)[0]);
  }

  Result<Offer> read_offer(const Message& described) {
    const proto::rtsp::Sdp sdp = proto::rtsp::parse_sdp(described.body);
    Offer offer;
    offer.base = described.get("Content-Base");
    if (offer.base.empty()) offer.base = described.get("Content-Location");
    if (offer.base.empty()) offer.base = url_;
    aggregate_ = proto::rtsp::join_control(offer.base, sdp.control);
    Error first;
    for (const proto::rtsp::Track& t : sdp.tracks) {
      using Kind = proto::rtsp::Track::Kind;
      const bool video = t.kind == Kind::video && !offer.video;
      const bool audio = t.kind == Kind::audio && request_.audio && !offer.audio &&
                         t.direction != proto::rtsp::Track::Direction::sendonly;
      if (!video && !audio) continue;
      auto track = std::make_unique<RtspTrack>(t, context_.clock, start_,
                                               [this](media::AccessUnit&& u) { give(std::move(u)); });
      if (!track->usable()) {
        if (!first && video) first = Error(Errc::codec_unsupported, "\"" + t.encoding + "\"");
        continue;
      }
      (video ? offer.video : offer.audio) = std::move(track);
      (video ? offer.video_control : offer.audio_control) = proto::rtsp::join_control(offer.base, t.control);
      (video ? video_codec_ : audio_codec_) = t.codec();
    }
    if (!offer.video && !offer.audio)
      return labelled(first ? first : Error(Errc::no_stream, "the description names no media"));
    return offer;
  }

  awaitable<Result<void>> set_up_and_play(Offer& offer, std::optional<Message> video_answer) {
    if (offer.video) {
      const std::string control = offer.video_control;
      Result<void> ready = co_await set_up(control, std::move(offer.video), std::move(video_answer));
      if (!ready) co_return ready;
      if (control.starts_with(url_)) target_.memory->video_control = control.substr(url_.size());
    }
    std::optional<Message> played;
    if (offer.audio) {
      Result<std::optional<Message>> sound = co_await set_up_sound(offer);
      if (!sound) co_return sound.error();
      played = std::move(*sound);
    }
    if (!played) {
      Message play = play_message(true);
      Result<Message> answer = co_await dialogue_.request(std::move(play));
      if (!answer) co_return answer.error();
      played = std::move(*answer);
    }
    if (played->status == kInvalidRange) {
      Message play = play_message(false);
      Result<Message> answer = co_await dialogue_.request(std::move(play));
      if (!answer) co_return answer.error();
      played = std::move(*answer);
    }
    if (auto e = dialogue_.status_error(*played, "PLAY")) co_return e;
    dialogue_.note_session(*played);
    co_return Result<void>();
  }

  /// The answer to PLAY, when it went in the same flight.
  awaitable<Result<std::optional<Message>>> set_up_sound(Offer& offer) {
    const bool with_pictures = !tracks_.empty();
    std::optional<Message> answer, played;
    if (with_pictures && !udp_ && dialogue_.sends_flights()) {
      flew_ = true;
      RtspDialogue::Messages requests;
      requests.push_back(setup_message(offer.audio_control, tracks_.size()));
      requests.push_back(play_message(true));
      Result<RtspDialogue::Messages> answers = co_await dialogue_.flight(std::move(requests));
      if (!answers) co_return answers.error();
      answer = std::move((*answers)[0]);
      played = std::move((*answers)[1]);
    }
    Result<void> ready = co_await set_up(offer.audio_control, std::move(offer.audio), std::move(answer));
    if (!ready) {
      audio_codec_ = Codec::unknown;
      if (!with_pictures || !is_answer(ready.error())) co_return ready.error();
      context_.log.info("no sound: {}", ready.error().to_string());
    }
    co_return played;
  }

  Message play_message(bool with_range) const {
    Message play;
    play.method = "PLAY";
    play.uri = aggregate_;
    if (with_range) play.set("Range", "npt=0.000-");
    return play;
  }

  static Message setup_message(std::string control, std::size_t track) {
    Message setup;
    setup.method = "SETUP";
    setup.uri = std::move(control);
    setup.set("Transport", "RTP/AVP/TCP;unicast;interleaved=" + std::to_string(2 * track) + "-" +
                               std::to_string(2 * track + 1));
    return setup;
  }

  awaitable<Result<void>> set_up(std::string control, std::unique_ptr<RtspTrack> track,
                                 std::optional<Message> answer) {
    if (udp_) co_return co_await set_up_udp(std::move(control), std::move(track));
    const std::size_t index = tracks_.size();
    if (!answer) {
      Message setup = setup_message(std::move(control), index);
      Result<Message> asked = co_await dialogue_.request(std::move(setup));
      if (!asked) co_return asked.error();
      answer = std::move(*asked);
    }
    if (auto e = dialogue_.status_error(*answer, "SETUP")) co_return e;
    dialogue_.note_session(*answer);
    const proto::rtsp::Transport transport = proto::rtsp::parse_transport(answer->get("Transport"));
    const int first = static_cast<int>(2 * index);
    const auto channels = transport.interleaved.value_or(std::pair(first, first + 1));
    if (channels.first > 255 || channels.second > 255)
      co_return labelled(Error(Errc::malformed, "interleaved channels beyond 255"));
    RtspTrack* t = track.get();
    tracks_.push_back(std::move(track));
    routes_[static_cast<std::size_t>(channels.first)] = {t, false};
    if (channels.second != channels.first) routes_[static_cast<std::size_t>(channels.second)] = {t, true};
    rtcp_channels_.push_back(static_cast<std::uint8_t>(channels.second));
    co_return Result<void>();
  }

  awaitable<Result<void>> set_up_udp(std::string control, std::unique_ptr<RtspTrack> track) {
    const std::string peer = peer_address();
    Result<std::shared_ptr<net::UdpPair>> ports =
        target_.open_udp(context_.executor, peer.find(':') != std::string::npos);
    if (!ports) co_return ports.error();
    Message setup;
    setup.method = "SETUP";
    setup.uri = std::move(control);
    const int port = (*ports)->port();
    setup.set("Transport",
              "RTP/AVP;unicast;client_port=" + std::to_string(port) + "-" + std::to_string(port + 1));
    Result<Message> answer = co_await dialogue_.request(std::move(setup));
    if (!answer) co_return answer.error();
    if (auto e = dialogue_.status_error(*answer, "SETUP")) co_return e;
    dialogue_.note_session(*answer);
    const proto::rtsp::Transport transport = proto::rtsp::parse_transport(answer->get("Transport"));
    if (transport.tcp || !transport.server_port)
      co_return labelled(Error(Errc::unsupported, "the device answers no UDP ports"));
    RtspTrack* t = track.get();
    tracks_.push_back(std::move(track));
    const std::size_t index = tracks_.size() - 1;
    datagrams_.add(
        *ports, peer, *transport.server_port,
        [this, t](bool rtcp, ByteView data, net::TimePoint now) { on_datagram(*t, rtcp, data, now); });
    // Opens the way through a NAT: what goes out may come back.
    const std::uint8_t opener[12] = {0x80, static_cast<std::uint8_t>(t->description().payload_type & 0x7f)};
    datagrams_.send(index, false, opener);
    datagrams_.send(index, true, proto::rtp::write_receiver_report(own_ssrc_, std::nullopt, kCname));
    co_return Result<void>();
  }

  std::string peer_address() const {
    const std::string& peer = dialogue_.connection()->info().peer;
    std::string address = peer.substr(0, peer.rfind(':'));
    if (address.size() > 2 && address.front() == '[') address = address.substr(1, address.size() - 2);
    return address;
  }

  void on_datagram(RtspTrack& track, bool rtcp, ByteView data, net::TimePoint now) {
    if (rtcp) {
      if (track.on_rtcp(data, now)) goodbye();
      return;
    }
    if (counts(track)) last_media_ = now;
    has_datagram_ = true;
    arrival_.cancel();
    take(track, data, now);
  }

  void take(RtspTrack& track, ByteView packet, net::TimePoint now) {
    heard_ = true;
    track.on_rtp(packet, now);
    if (track.contradicted())
      end(Error(Errc::decode_failed, "the device sends another codec than " + track.description().encoding));
  }

  void give(media::AccessUnit&& unit) {
    if (unit.kind == MediaKind::video && !has_key_) {
      has_key_ = unit.key;
      if (!unit.key && key_watch_.waits(unit.arrived, request_.key_patience)) end(Errc::no_key_frame);
    }
    sink_.on_access_unit(std::move(unit));
  }

  /// The sender's.
  void goodbye() {
    unreachable_ = true;
    end(Error(Errc::connection_lost, "the device ended the stream (BYE)"));
  }

  awaitable<bool> first_datagram() {
    if (!has_datagram_) {
      arrival_.expires_after(kUdpPatience);
      co_await arrival_.wait();
    }
    co_return has_datagram_;
  }

  /// False when there is nobody to say it to.
  bool say_goodbye() {
    const auto& connection = dialogue_.connection();
    if (!connection || connection->end() || closed_ || unreachable_ || dialogue_.session().id.empty())
      return false;
    Message teardown;
    teardown.method = "TEARDOWN";
    teardown.uri = aggregate_;
    dialogue_.send(std::move(teardown));
    return true;
  }

  /// Everything of an attempt, before another one.
  void forget() {
    datagrams_.clear();
    tracks_.clear();
    rtcp_channels_.clear();
    routes_ = {};
    start_.reset();
    verdict_.reset();
    unreachable_ = has_key_ = false;
    keep_alive_.reset();
    key_watch_.reset();
    dialogue_.drop();
  }

  void on_packet(std::uint8_t channel, ByteView data, net::TimePoint arrived) override {
    const Route route = routes_[channel];
    if (route.track == nullptr) return;
    if (route.rtcp || proto::rtp::is_rtcp(data)) {
      if (route.track->on_rtcp(data, arrived)) goodbye();
      return;
    }
    if (counts(*route.track)) last_media_ = arrived;
    take(*route.track, data, arrived);
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
      // It is the stream, then, and not UDP.
      if (fell_back_ && !heard_) target_.memory->no_udp_until = {};
      unreachable_ = true;
      end(Errc::no_media);
      return;
    }
    for (const auto& t : tracks_) {
      if (t->description().kind != proto::rtsp::Track::Kind::video || !t->barren(now, kSilence)) continue;
      end(Error(Errc::decode_failed, "no pictures in what the device sends as " + t->description().encoding));
      return;
    }
    for (std::size_t i = 0; i < tracks_.size(); ++i) {
      auto report = tracks_[i]->receiver_report(own_ssrc_ + static_cast<std::uint32_t>(i), kCname);
      if (!report) continue;
      if (udp_) {
        datagrams_.send(i, true, *report);
      } else {
        dialogue_.connection()->send_packet(rtcp_channels_[i], *report);
      }
    }
    keep_alive_.tick(now, kHousekeeping, aggregate_);
    arm_housekeeping();
  }

  /// Pictures are what a stream with pictures is for: its sound alone is silence.
  bool counts(const RtspTrack& track) const {
    return video_codec_ == Codec::unknown || track.description().kind == proto::rtsp::Track::Kind::video;
  }

  Error labelled(Error e) const { return dialogue_.labelled(std::move(e)); }

  SourceInfo info() const {
    SourceInfo i;
    i.route = MediaRoute::rtsp;
    i.transport = (udp_ ? "rtsp/udp " + dialogue_.connection()->info().peer
                        : "rtsp/" + dialogue_.connection()->info().label());
    i.video = video_codec_;
    i.audio = audio_codec_;
    return i;
  }

  struct Route {
    RtspTrack* track = nullptr;
    bool rtcp = false;
  };

  const Context context_;
  const RtspTarget target_;
  const SourceRequest request_;
  MediaSink& sink_;
  RtspDialogue dialogue_;
  RtspKeepAlive keep_alive_;
  net::Timer housekeeping_;
  net::Timer over_signal_;  // wakes run()
  std::string url_;
  std::string aggregate_;
  bool flew_ = false;  // this attempt sent requests in one flight
  std::optional<net::TimePoint> start_;
  std::vector<std::unique_ptr<RtspTrack>> tracks_;
  std::vector<std::uint8_t> rtcp_channels_;
  std::array<Route, 256> routes_{};
  bool udp_ = false;
  RtspUdp datagrams_;
  bool has_datagram_ = false;
  bool fell_back_ = false;  // to TCP, after UDP
  bool heard_ = false;      // a packet has come
  net::Timer arrival_;
  Codec video_codec_ = Codec::unknown;
  Codec audio_codec_ = Codec::unknown;
  std::uint32_t own_ssrc_ = 0;
  net::TimePoint last_media_{};
  bool closed_ = false;
  bool over_ = false;
  std::optional<Error> verdict_;  // what run() returns
  bool unreachable_ = false;      // nobody to say goodbye to
  bool has_key_ = false;
  KeyWatch key_watch_;
};

}  // namespace

std::shared_ptr<MediaSource> make_rtsp_source(Context context, RtspTarget target, SourceRequest request,
                                              MediaSink& sink) {
  if (!target.memory) {
    target.memory = std::make_shared<RtspMemory>(context);
    target.memory->close();  // nobody comes after this stream
  }
  return std::make_shared<RtspSource>(std::move(context), std::move(target), request, sink);
}

}  // namespace dmss::session

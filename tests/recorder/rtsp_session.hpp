// RtspSession: one RTSP connection: requests, tracks, and the stream it plays.
#pragma once

#include <array>
#include <optional>
#include <set>

#include "proto/rtsp/headers.hpp"
#include "proto/rtsp/message.hpp"
#include "recorder/guard.hpp"
#include "recorder/link.hpp"
#include "recorder/rtsp_track.hpp"

namespace dmss::recorder {

class RtspSession final : public MediaSink, public std::enable_shared_from_this<RtspSession> {
 public:
  RtspSession(Core& core, std::shared_ptr<Link> link);
  ~RtspSession() override;

  void handle(const proto::rtsp::Message& request);
  /// An interleaved packet from the client.
  void receive(ByteView packet);
  bool on_media(const MediaUnit& unit) override;
  /// Whether a set-up session heard nothing for longer than it may.
  bool timed_out() const;
  void end();
  Link& link() noexcept { return *link_; }

 private:
  using Message = proto::rtsp::Message;
  struct Target {
    int channel = 1, subtype = 0;
    std::optional<int> track;
  };

  bool authorised(const Message& request);
  void describe(const Message& request);
  void set_up(const Message& request);
  std::optional<std::string> transport(RtpTrack& track, int id, const proto::rtsp::Transport& asked);
  void play(const Message& request);
  void pause(const Message& request);

  Message reply(const Message& request, int status) const;
  void send(const Message& request, Message answer);
  void refuse(const Message& request, int status) { send(request, reply(request, status)); }
  bool session_fits(const Message& request) const;
  std::optional<Target> target(const std::string& uri) const;
  net::awaitable<void> listen(std::shared_ptr<UdpPair> pair, bool rtcp);
  Where where(std::string_view what) const {
    return {.service = link_->service(), .what = what, .channel = target_.channel};
  }

  Core& core_;
  std::shared_ptr<Link> link_;
  Guard guard_;
  Target target_;
  std::array<std::unique_ptr<RtpTrack>, 2> tracks_;  // 0 video, 1 audio
  std::set<std::string> session_ids_;
  std::string session_id_;
  std::unique_ptr<Viewer> viewer_;
  net::TimePoint heard_;
  Bytes batch_;
};

}  // namespace dmss::recorder

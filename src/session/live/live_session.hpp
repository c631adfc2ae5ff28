// LiveSession: the network-thread side of a live window: which upstream feeds it, pausing, switching streams.
#pragma once

#include <memory>
#include <optional>

#include "session/device/device_session.hpp"
#include "session/live/load_policy.hpp"
#include "session/live/upstream.hpp"
#include "session/live/window.hpp"

namespace dmss::session {

Live make_live(std::shared_ptr<DeviceSession> device, LiveOptions options, LiveHandlers handlers);

class LiveSession final : public UpstreamListener, public std::enable_shared_from_this<LiveSession> {
 public:
  LiveSession(std::shared_ptr<DeviceSession> device, LiveOptions options, LiveHandlers handlers);
  ~LiveSession() override;

  // Network thread.
  void start();
  void pause();
  void resume();
  void switch_stream(StreamKind stream, Completion<void> done);
  void take_burst(std::shared_ptr<Burst> burst);
  void stop();

  Window& window() { return *window_; }
  const std::shared_ptr<DeviceSession>& device() const { return device_; }
  const LiveOptions& options() const { return options_; }

  bool rests() const override { return paused_; }
  void on_unit(Upstream& from, const media::AccessUnit& unit) override;
  void on_backlog(Upstream& from, const std::vector<media::AccessUnit>& units) override;
  void on_opened(Upstream& from, const SourceInfo& info) override;
  void on_interrupted(Upstream& from, const Error& why, bool final) override;
  void on_superseded(Upstream& from) override;
  void on_upstream_notice(Upstream& from, const Error& notice) override;

 private:
  UpstreamKey key(StreamKind stream) const { return {options_.channel, stream, options_.audio}; }
  /// Who wants the stream that is being opened.
  enum class Reason { caller, load, calm, sharing };
  void attach_current();
  std::shared_ptr<Upstream> leave_current();
  void note_source();
  void share();
  void go_over(StreamKind stream, Reason reason);
  void on_behind(bool lasting);
  void on_decoding(Errc why);
  bool misses_key(const Upstream& from, const media::AccessUnit& unit);
  void arm_return();
  void drop_next(const Error& why);
  void cut_over();

  const std::shared_ptr<DeviceSession> device_;
  const LiveOptions options_;
  const std::shared_ptr<Window> window_;
  StreamKind stream_;
  std::shared_ptr<Upstream> current_;
  std::shared_ptr<Upstream> next_;  // opened for a switch, not shown yet
  // Statistics: what the window's upstreams have received while it was there.
  SourceStats left_;         // of those it has left
  SourceStats joined_;       // what current_ had received when the window came
  SourceStats next_joined_;  // the same of next_
  std::optional<Completion<void>> switched_;
  Reason reason_ = Reason::caller;  // of next_
  LoadPolicy load_;
  net::Timer return_;  // to main
  net::Timer hold_;    // how long a paused window keeps its stream open
  std::vector<std::shared_ptr<Burst>> bursts_;
  bool paused_ = false;
  bool stopped_ = false;
  bool playing_ = false;
  bool undecodable_ = false;  // pictures come, and the decoder makes nothing of them
  KeyWatch key_watch_;        // in a stream that has had a key frame
  bool opened_before_ = false;
};

}  // namespace dmss::session

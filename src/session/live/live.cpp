// The public Live: posts to the session on the network thread.
#include "dmss/live.hpp"

#include "session/live/live_session.hpp"

namespace dmss {

struct Live::Impl {
  explicit Impl(std::shared_ptr<session::LiveSession> s) : session(std::move(s)) {}
  ~Impl() {
    session->window().release();
    if (!session->device()->core()->post([s = session] { s->stop(); })) session->window().release();
  }
  template <class F>
  bool post(F&& f) const {
    return session->device()->core()->post([s = session, f = std::forward<F>(f)]() mutable { f(*s); });
  }
  std::shared_ptr<session::LiveSession> session;
};

namespace session {

Live make_live(std::shared_ptr<DeviceSession> device, LiveOptions options, LiveHandlers handlers) {
  auto made = std::make_shared<LiveSession>(device, std::move(options), std::move(handlers));
  if (!device->core()->post([made] { made->start(); }))
    made->window().tell(LiveState::stopped, Errc::cancelled);
  return Live(std::make_shared<Live::Impl>(std::move(made)));
}

}  // namespace session

Live& Live::operator=(Live&& other) noexcept {
  impl_ = std::move(other.impl_);
  return *this;
}

Live::~Live() = default;

void Live::pause() {
  impl_->post([](session::LiveSession& s) { s.pause(); });
}

void Live::resume() {
  impl_->post([](session::LiveSession& s) { s.resume(); });
}

void Live::mute(bool muted) {
  impl_->session->window().mute(muted);
}

Operation Live::switch_stream(StreamKind stream, std::function<void(Result<void>)> done) {
  session::Completion<void> completion(impl_->session->device()->core()->make_actor(), std::move(done));
  impl_->post([completion, stream](session::LiveSession& s) { s.switch_stream(stream, completion); });
  return completion.operation();
}

Operation Live::snapshot(std::function<void(Result<std::vector<std::uint8_t>>)> done,
                         SnapshotOptions options) {
  session::Completion<std::vector<std::uint8_t>> completion(impl_->session->device()->core()->make_actor(),
                                                            std::move(done));
  impl_->session->window().snapshot(options, completion);
  return completion.operation();
}

Operation Live::snapshot_burst(BurstOptions options,
                               std::function<void(int, const std::vector<std::uint8_t>&)> on_picture,
                               std::function<void(Result<void>)> done) {
  session::Completion<void> completion(impl_->session->window().actor(), std::move(done));
  auto burst = std::make_shared<session::Burst>(options, std::move(on_picture), completion);
  impl_->post([burst](session::LiveSession& s) { s.take_burst(burst); });
  return completion.operation();
}

void Live::stop() {
  impl_->post([](session::LiveSession& s) { s.stop(); });
}

LiveStats Live::stats() const {
  return impl_->session->window().stats();
}

std::string_view name(LiveState state) noexcept {
  switch (state) {
    case LiveState::opening: return "opening";
    case LiveState::playing: return "playing";
    case LiveState::paused: return "paused";
    case LiveState::reconnecting: return "reconnecting";
    case LiveState::failed: return "failed";
    case LiveState::stopped: break;
  }
  return "stopped";
}

std::string_view name(MediaRoute route) noexcept {
  switch (route) {
    case MediaRoute::automatic: break;
    case MediaRoute::rtsp: return "rtsp";
    case MediaRoute::dvrip: return "dvrip";
  }
  return "automatic";
}

}  // namespace dmss

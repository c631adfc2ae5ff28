// The public Device: posts to the session on the network thread.
#include "dmss/device.hpp"

#include "session/device/device_handle.hpp"
#include "session/engine/spawn.hpp"
#include "session/live/live_session.hpp"

namespace dmss {

namespace session {

Device make_device(std::shared_ptr<EngineCore> core, DeviceOptions options, DeviceHandlers handlers) {
  auto made = std::make_shared<DeviceSession>(core, std::move(options), std::move(handlers));
  core->post([made] { made->start(); });
  return Device(std::make_shared<DeviceHandle>(std::move(made)));
}

}  // namespace session

Operation Device::login(std::function<void(Result<DeviceInfo>)> done, LoginOptions options) {
  session::Completion<DeviceInfo> completion(impl_->session->core()->make_actor(), std::move(done));
  impl_->post([completion, options](session::DeviceSession& s) { s.login(completion, options); });
  return completion.operation();
}

void Device::logout() {
  impl_->post([](session::DeviceSession& s) { s.logout(); });
}

void Device::set_credentials(std::string user, Secret password) {
  impl_->post([c = session::Credentials{std::move(user), std::move(password)}](session::DeviceSession& s) {
    s.set_credentials(c);
  });
}

Live Device::open_live(LiveOptions options, LiveHandlers handlers) {
  return session::make_live(impl_->session, std::move(options), std::move(handlers));
}

Operation Device::call(std::string method, std::string params, std::function<void(Result<std::string>)> done,
                       CallOptions options) {
  session::Completion<std::string> completion(impl_->session->core()->make_actor(), std::move(done));
  impl_->post(
      [completion, options, m = std::move(method), p = std::move(params)](session::DeviceSession& s) mutable {
        s.call(std::move(m), std::move(p), options, completion);
      });
  return completion.operation();
}

Operation Device::snapshot(int channel, std::function<void(Result<std::vector<std::uint8_t>>)> done,
                           CallOptions options) {
  session::Completion<std::vector<std::uint8_t>> completion(impl_->session->core()->make_actor(),
                                                            std::move(done));
  impl_->post([completion, options, channel](session::DeviceSession& s) {
    s.snapshot(channel, options, completion);
  });
  return completion.operation();
}

DeviceStats Device::stats() const {
  return impl_->session->stats();
}

std::string_view name(ControlRoute route) noexcept {
  switch (route) {
    case ControlRoute::automatic: break;
    case ControlRoute::dvrip: return "dvrip";
    case ControlRoute::https: return "https";
    case ControlRoute::http: return "http";
    case ControlRoute::dhip: return "dhip";
  }
  return "automatic";
}

std::string_view name(LoginKind kind) noexcept {
  switch (kind) {
    case LoginKind::none: break;
    case LoginKind::dvrip_digest: return "dvrip_digest";
    case LoginKind::dvrip_gen0: return "dvrip_gen0";
    case LoginKind::dvrip_plain: return "dvrip_plain";
    case LoginKind::rpc_digest: return "rpc_digest";
    case LoginKind::rpc_basic: return "rpc_basic";
    case LoginKind::http_digest: return "http_digest";
    case LoginKind::http_basic: return "http_basic";
  }
  return "none";
}

std::string_view name(DeviceState state) noexcept {
  switch (state) {
    case DeviceState::idle: return "idle";
    case DeviceState::connecting: return "connecting";
    case DeviceState::online: return "online";
    case DeviceState::waiting: return "waiting";
    case DeviceState::refused: return "refused";
    case DeviceState::closed: break;
  }
  return "closed";
}

}  // namespace dmss

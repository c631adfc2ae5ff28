// Which protocol a device is reached by: for its control session and for each media stream.
#include "session/device/device_session.hpp"
#include "session/live/dvrip_source.hpp"

namespace dmss::session {
namespace {

using namespace std::chrono_literals;

constexpr int kOpensAtOnce = 4;  // recorders refuse bursts (protocol media.md §5.2)
constexpr Duration kRtspRest = 60s;

}  // namespace

std::vector<ControlRoute> DeviceSession::control_routes() const {
  const std::pair<ControlRoute, std::uint16_t> all[] = {{ControlRoute::dvrip, options_.port},
                                                        {ControlRoute::https, options_.https_port},
                                                        {ControlRoute::http, options_.http_port},
                                                        {ControlRoute::dhip, options_.dhip_port}};
  std::vector<ControlRoute> routes;
  for (const auto& [route, port] : all) {
    if (port != 0 && (options_.control == ControlRoute::automatic || options_.control == route))
      routes.push_back(route);
  }
  return routes;
}

net::Endpoint DeviceSession::identity() const {
  for (std::uint16_t port :
       {options_.port, options_.https_port, options_.http_port, options_.dhip_port, options_.rtsp_port}) {
    if (port != 0) return {options_.address, port};
  }
  return {options_.address, options_.rtsps_port};
}

CredentialGuard::Key DeviceSession::guard_key() const {
  return CredentialGuard::instance().key(identity(), {options_.user, options_.password});
}

std::function<void()> DeviceSession::count_login_attempt() {
  return [self = weak_from_this()] {
    auto s = self.lock();
    if (!s) return;
    std::lock_guard lock(s->stats_mutex_);
    ++s->stats_.login_attempts;
  };
}

bool DeviceSession::has_rtsp() const {
  if (options_.media == MediaRoute::dvrip) return false;
  return (options_.rtsp_transport == RtspTransport::tls ? options_.rtsps_port : options_.rtsp_port) != 0;
}

std::shared_ptr<ControlLink> DeviceSession::make_link(ControlRoute route, std::shared_ptr<bool> sent) {
  LinkOptions o;
  o.credentials = {options_.user, options_.password};
  o.legacy_login = options_.legacy_login;
  o.allow_plaintext_password = options_.allow_plaintext_password;
  o.connect_timeout = options_.connect_timeout;
  o.call_timeout = options_.call_timeout;
  o.keep_alive = options_.keep_alive;
  o.on_credentials_sent = [count = count_login_attempt(), sent = std::move(sent)] {
    *sent = true;
    count();
  };
  o.endpoint.host = options_.address;
  switch (route) {
    case ControlRoute::https:
      o.endpoint.port = options_.https_port;
      o.tls = options_.tls;
      return make_http_link(context_, std::move(o));
    case ControlRoute::http:
      o.endpoint.port = options_.http_port;
      return make_http_link(context_, std::move(o));
    case ControlRoute::dhip:
      o.endpoint.port = options_.dhip_port;
      return make_dhip_link(context_, std::move(o));
    case ControlRoute::automatic:
    case ControlRoute::dvrip: break;
  }
  o.endpoint.port = options_.port;
  if (options_.dvrip_tls) o.tls = options_.tls;
  return make_dvrip_link(context_, std::move(o));
}

awaitable<Result<SourceInfo>> DeviceSession::open_source(Upstream& upstream) {
  while (opening_ >= kOpensAtOnce && !upstream.closed()) co_await opened_.wait();
  if (upstream.closed()) co_return Errc::cancelled;
  ++opening_;
  const bool can_dvrip = link_ && link_->dvrip() != nullptr;
  const bool automatic = options_.media == MediaRoute::automatic;
  const bool rest_rtsp =
      automatic && can_dvrip && (rtsp_refusal_ || context_.clock.now() < rtsp_unreachable_until_);
  Result<SourceInfo> opened(Error(Errc::unsupported, "this device offers no media route"));
  if (!link_ && last_error_) opened = last_error_;
  bool done = false;
  if (has_rtsp() && !rest_rtsp) {
    opened = co_await open_rtsp(upstream);
    const Errc code = opened.error().code();
    const bool service_fails = opened.error().category() == ErrorCategory::network ||
                               opened.error().category() == ErrorCategory::login || code == Errc::timeout ||
                               code == Errc::malformed;
    const bool downgrade =
        code == Errc::tls_failed || code == Errc::tls_untrusted || code == Errc::tls_changed;
    done = opened || !automatic || !can_dvrip || !service_fails || downgrade;
    if (!done) {
      context_.log.info("no RTSP, going over to 37777: {}", opened.error().to_string());
      rtsp_unreachable_until_ = context_.clock.now() + kRtspRest;
    }
  }
  if (!done && options_.media != MediaRoute::rtsp && can_dvrip && !upstream.closed())
    opened = co_await open_dvrip(upstream);
  --opening_;
  opened_.notify();
  co_return opened;
}

awaitable<Result<SourceInfo>> DeviceSession::open_rtsp(Upstream& upstream) {
  CredentialGuard& guard = CredentialGuard::instance();
  CredentialGuard::Lease lease;
  if (!rtsp_verified_) {
    // The first stream asks alone, so that a wrong password is sent once and not once a window.
    lease = co_await guard.acquire(guard_key().device, wakes_me(), [this] { return closed_; });
    if (rtsp_verified_) lease.release();
  }
  if (upstream.closed()) co_return Errc::cancelled;
  if (options_.media == MediaRoute::automatic && link_ && link_->dvrip() != nullptr &&
      context_.clock.now() < rtsp_unreachable_until_) {
    co_return Errc::connect_failed;  // found out by another stream while this one waited
  }
  if (rtsp_refusal_) co_return Error(Errc::credentials_held_back).with_cause(*rtsp_refusal_);
  const CredentialGuard::Key guarded = guard_key();
  if (!link_) {
    if (auto held = guard.held_back(guarded, context_.clock.now())) co_return *held;
  }

  RtspTarget target;
  const bool tls = options_.rtsp_transport == RtspTransport::tls;
  target.endpoint = {options_.address, tls ? options_.rtsps_port : options_.rtsp_port};
  if (tls) target.tls = options_.tls;
  target.udp = options_.rtsp_transport == RtspTransport::udp;
  target.credentials = {options_.user, options_.password};
  target.allow_plaintext_password = options_.allow_plaintext_password;
  target.connect_timeout = options_.connect_timeout;
  target.request_timeout = options_.call_timeout;
  target.memory = rtsp_memory_;
  const auto sent = std::make_shared<bool>(false);
  target.on_credentials_sent = [count = count_login_attempt(), sent] {
    *sent = true;
    count();
  };
  auto source = make_rtsp_source(context_, std::move(target), upstream.request(), upstream);
  upstream.opening(source);
  Result<SourceInfo> opened = co_await source->open();
  if (!opened) {
    source->close();
    const Error error = opened.error();
    if (speaks_against_credentials(error.code())) {
      rtsp_refusal_ = error;
      if (!link_) guard.refused(guarded, error, context_.clock.now());
    }
    co_return error;
  }
  rtsp_verified_ = true;
  if (*sent && !link_) guard.accepted(guarded);
  co_return opened;
}

awaitable<Result<SourceInfo>> DeviceSession::open_dvrip(Upstream& upstream) {
  std::shared_ptr<ControlLink> control = link_;
  std::shared_ptr<DvripLink> link(control, control->dvrip());
  const std::string serial = info_ ? info_->serial : std::string();
  const Secret password = options_.stream_password.empty() ? options_.password : options_.stream_password;
  auto source = make_dvrip_source(context_, std::move(link), upstream.request(), password, serial, upstream);
  upstream.opening(source);
  Result<SourceInfo> opened = co_await source->open();
  if (!opened) source->close();
  co_return opened;
}

}  // namespace dmss::session

// One attempt to get a control session: the first route that answers, one login at a time for each device.
#include "session/capabilities/capability_cache.hpp"
#include "session/device/device_limits.hpp"
#include "session/device/device_session.hpp"
#include "session/device/route_race.hpp"

namespace dmss::session {
namespace {

using namespace std::chrono_literals;

constexpr Duration kHeadStart = 500ms;
constexpr Duration kTlsHeadStart =
    5s;  // its handshake takes a small device seconds, and what comes behind is readable

/// After credentials went out: nothing that tells what the device thinks of them.
bool is_no_verdict(const Error& why) {
  return why.category() == ErrorCategory::network || why == Errc::timeout || why == Errc::malformed ||
         why == Errc::too_large;
}

}  // namespace

awaitable<Result<void>> DeviceSession::connect_once() {
  tried_credentials_ = credentials_;
  if (Error wrong = check_options(options_)) co_return wrong;
  CredentialGuard& guard = CredentialGuard::instance();
  if (auto held = guard.held_back(guard_key(), context_.clock.now())) co_return *held;
  CredentialGuard::Lease lease;
  Error first;
  std::vector<ControlRoute> routes = control_routes();
  while (!routes.empty()) {
    if (!lease) lease = co_await guard.acquire(guard_key().device, wakes_me(), [this] { return ends(); });
    if (ends()) co_return Errc::cancelled;
    if (first && tried_credentials_ != credentials_) co_return first;
    tried_credentials_ = credentials_;
    // Another login to this device may have been refused while this one waited.
    if (auto held = guard.held_back(guard_key(), context_.clock.now())) co_return *held;

    const auto sent = std::make_shared<bool>(false);
    Result<std::shared_ptr<ControlLink>> connected = co_await connect_any(routes, lease, sent);
    if (ends()) co_return Errc::cancelled;
    if (!connected) {
      const Error none = connected.error();
      if (first && leads_to_next_route(none.code())) break;
      co_return none;
    }
    std::shared_ptr<ControlLink> link = *connected;
    if (!lease) lease = co_await guard.acquire(guard_key().device, wakes_me(), [this] { return ends(); });
    const CredentialGuard::Key key = guard_key();
    const auto held = guard.held_back(key, context_.clock.now());
    const bool replaced = tried_credentials_ != credentials_;
    if (ends() || held || replaced) link->close();
    if (ends()) co_return Errc::cancelled;
    if (held) co_return *held;
    if (replaced) {
      routes = control_routes();
      continue;
    }

    trying_ = link;
    Result<LoginOutcome> outcome = co_await link->login();
    trying_.reset();
    if (closed_) {
      link->close();
      co_return Errc::cancelled;
    }
    if (outcome) {
      if (*sent)
        guard.accepted(key);
      else
        guard.forget(key);
      link_ = std::move(link);
      outcome_ = *outcome;
      ++generation_;
      capabilities_ = std::make_shared<CapabilityCache>();
      std::lock_guard lock(stats_mutex_);
      ++stats_.logins;
      co_return Result<void>();
    }
    link->close();
    const Error error = outcome.error();
    context_.log.info("no login: {}", error.to_string());
    // A device may refuse in silence: credentials that got no answer do not go to its next port as well.
    const bool unanswered = *sent && error != Errc::unsupported;
    if (unanswered || !leads_to_next_route(error.code())) {
      const net::TimePoint now = context_.clock.now();
      if (*sent && !leaving_ && is_no_verdict(error))
        guard.unanswered(key, error, now);
      else
        guard.refused(key, error, now);
      co_return error;
    }
    if (!first) first = error;
  }
  if (!first) first = Error(Errc::unsupported, "no port is configured for the control session");
  co_return first;
}

awaitable<Result<std::shared_ptr<ControlLink>>> DeviceSession::connect_any(std::vector<ControlRoute>& routes,
                                                                           CredentialGuard::Lease& lease,
                                                                           std::shared_ptr<bool> sent) {
  std::vector<RouteRace::Runner> runners;
  for (ControlRoute route : routes)
    runners.push_back(
        {make_link(route, sent), route == ControlRoute::https ? kTlsHeadStart : kHeadStart, {}});
  auto race = std::make_shared<RouteRace>(context_, std::move(runners));
  // Who waits for the turn (RTSP, another engine) need not wait for ports that do not answer.
  race->on_slow = [this, &lease] {
    lease.release();
    slow_ = true;
    changed_.notify();
  };
  race_ = race;
  std::shared_ptr<ControlLink> link = co_await race->run();
  race_.reset();
  slow_ = false;
  std::vector<ControlRoute> left;
  for (std::size_t i = 0; i < routes.size(); ++i) {
    const RouteRace::Runner& r = race->runners()[i];
    if (r.error) context_.log.info("no connection by {}: {}", name(routes[i]), r.error.to_string());
    if (!r.error && r.link != link) left.push_back(routes[i]);
  }
  routes = std::move(left);
  if (link) co_return link;
  const Error why = race->error();
  co_return why ? why : Error(Errc::cancelled);
}

}  // namespace dmss::session

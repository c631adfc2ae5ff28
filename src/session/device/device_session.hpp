// DeviceSession: one device's login, kept alive and restored, and everything that is open on it. Lives on the network thread;
// the public Device and Live only post to it.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <vector>

#include "session/control/cgi_client.hpp"
#include "session/control/control_link.hpp"
#include "session/device/commands.hpp"
#include "session/device/credential_guard.hpp"
#include "session/device/tenant.hpp"
#include "session/engine/completion.hpp"
#include "session/engine/engine_core.hpp"
#include "session/engine/signal.hpp"
#include "session/live/rtsp_source.hpp"
#include "session/live/upstream.hpp"

namespace dmss::session {

class EventHub;
class RouteRace;

Device make_device(std::shared_ptr<EngineCore> core, DeviceOptions options, DeviceHandlers handlers);

class DeviceSession final : public Closable, public std::enable_shared_from_this<DeviceSession> {
 public:
  DeviceSession(std::shared_ptr<EngineCore> core, DeviceOptions options, DeviceHandlers handlers);
  ~DeviceSession() override;

  // All of these on the network thread.
  /// Registers with the engine, which then keeps the session until close().
  void start();
  void close() override;
  /// The caller has dropped its last Device; closes now or with the last window.
  void release_handle();
  void login(Completion<DeviceInfo> done, LoginOptions options);
  void logout();
  void set_credentials(Credentials credentials);
  /// The device itself has changed the password: the present session goes on with the new one.
  void adopt_credentials(Credentials credentials);
  void call(std::string method, std::string params, CallOptions options, Completion<std::string> done);
  void snapshot(int channel, CallOptions options, Completion<std::vector<std::uint8_t>> done);

  /// Waits for the login and gives what a conversation needs, until `deadline`; `ended` says that nobody waits for it any more.
  /// Errors: those of login, timeout, cancelled.
  awaitable<Result<std::shared_ptr<Commands>>> commands(net::TimePoint deadline, std::function<bool()> ended);
  /// For an operation that asked for `timeout`; zero = three calls' worth.
  Duration operation_limit(std::chrono::milliseconds timeout) const;

  /// A tenant keeps the session wanted until it is removed. False when the device is closed: then it was not taken.
  bool add_tenant(std::shared_ptr<Tenant> tenant);
  void remove_tenant(const Tenant& tenant);
  const std::set<std::shared_ptr<Tenant>>& tenants() const { return tenants_; }
  bool has_upstreams() const { return !upstreams_.empty(); }
  /// What the subscriptions of one route share, while there are any.
  std::weak_ptr<EventHub>& event_hub(EventRoute route) { return event_hubs_[route]; }
  /// Logins that succeeded so far, on the present link; changes with every reconnect.
  std::uint64_t generation() const { return generation_; }
  /// For CGI beside (or instead of) the control link: the link's own, or one on the HTTP port; null when there is neither.
  /// On an encrypted control session only HTTPS; none is made without a session.
  std::shared_ptr<CgiClient> cgi_client();
  /// One CGI request; what was refused or unreachable a moment ago is not tried again.
  awaitable<Result<std::string>> cgi(std::string target, Duration timeout);
  /// A long answer on a connection of its own (events). Errors as cgi().
  awaitable<Result<OpenedStream>> open_cgi_stream(std::string target, Duration timeout);
  bool online() const { return link_ && info_ && !leaving_; }
  /// Why nothing is done to get online; nullopt while something is, or nothing was tried yet.
  std::optional<Error> given_up() const;
  /// Why the latest session or attempt at one ended.
  const Error& last_error() const { return last_error_; }
  const std::optional<DeviceInfo>& info() const { return info_; }
  /// Of the present login's challenge; empty = none, or not logged in.
  std::string realm() const { return outcome_ ? outcome_->realm : std::string(); }
  /// Where the present session is a number, that; else 0.
  std::uint32_t session_number() const { return outcome_ ? outcome_->session : 0; }
  const std::shared_ptr<ControlLink>& link() const { return link_; }

  /// For upstreams and tenants: waits until the device is logged in, or until it is clear that media must try without a control session.
  /// Errors: what the latest attempt said.
  awaitable<Result<void>> ready_for_media(bool needs_control);
  /// Waits for the session's own attempts to log in, without hurrying them; `ended` is asked whenever changed() is notified. Errors: what
  /// the latest attempt said, when it was the last; cancelled.
  awaitable<Result<void>> ready_for_control(std::function<bool()> ended);
  /// Opens a source for the upstream on the best route now (route_choice.cpp); gives it to Upstream::opening() first.
  awaitable<Result<SourceInfo>> open_source(Upstream& upstream);
  /// Notified when the device's situation changed: online, attempt failed, new credentials. Tenants hear it by on_changed().
  Signal& changed() { return changed_; }
  /// The one for such windows, made if there is none: of a stream that some want with sound and others without one is enough.
  std::shared_ptr<Upstream> upstream(const UpstreamKey& key);
  /// One with sound plays: those on the same stream without may come over.
  void unite(const UpstreamKey& with_audio);
  void remove_upstream(const Upstream& upstream);
  /// May this error end by itself with another attempt?
  bool retries(const Error& why) const;

  bool closed() const { return closed_; }
  const DeviceOptions& options() const { return options_; }
  const Context& context() const { return context_; }
  const std::shared_ptr<EngineCore>& core() const { return core_; }

  // Any thread.
  DeviceStats stats() const;

 private:
  using OnOnline = std::function<void(const Result<DeviceInfo>&)>;

  template <class T, class F>
  void request(Completion<T> done, Duration timeout, F ask);
  awaitable<Result<Bytes>> take_snapshot(std::shared_ptr<ControlLink> link, int channel, Duration left);
  void want();
  void when_online(OnOnline done);
  awaitable<Result<DeviceInfo>> online(net::TimePoint deadline);
  /// Those who asked with the session's `credentials` or earlier ones; all by default.
  void answer_waiters(const Result<DeviceInfo>& result, std::uint64_t credentials = UINT64_MAX);
  void set_state(DeviceState state, const Error& why);
  void announce_online();
  /// Logs out of the present session, after the last words of those who leave.
  void say_goodbye(std::set<std::shared_ptr<Tenant>> leaving);
  awaitable<void> goodbye(std::shared_ptr<DeviceSession> self, std::shared_ptr<ControlLink> link,
                          std::shared_ptr<Commands> commands, std::set<std::shared_ptr<Tenant>> leaving);
  void note_link_stats();
  void notify(std::string_view json);
  /// Those that were closed.
  std::set<std::shared_ptr<Tenant>> close_tenants(const Error& why);
  void tell_changed();
  void tell_tenants();
  bool unused() const { return upstreams_.empty() && tenants_.empty(); }

  awaitable<void> run(std::shared_ptr<DeviceSession> self);
  awaitable<Error> stay_online();
  awaitable<void> introduce(std::shared_ptr<DeviceSession> self, std::shared_ptr<ControlLink> link);
  Duration next_pause(const Error& why);
  awaitable<Result<void>> ready(bool needs_control, std::function<bool()> ended);
  std::shared_ptr<Signal> wakes_me() { return {shared_from_this(), &turn_}; }

  // device_login.cpp
  awaitable<Result<void>> connect_once();
  /// The first of the routes that answers; it and those that do not are taken out of them. Slow ports cost the lease.
  awaitable<Result<std::shared_ptr<ControlLink>>> connect_any(std::vector<ControlRoute>& routes,
                                                              CredentialGuard::Lease& lease,
                                                              std::shared_ptr<bool> sent);
  bool ends() const { return closed_ || leaving_; }

  // route_choice.cpp
  std::vector<ControlRoute> control_routes() const;
  bool has_rtsp() const;
  /// `sent` becomes true when credentials go out.
  std::shared_ptr<ControlLink> make_link(ControlRoute route, std::shared_ptr<bool> sent);
  net::Endpoint identity() const;
  CredentialGuard::Key guard_key() const;
  std::function<void()> count_login_attempt();
  awaitable<Result<SourceInfo>> open_rtsp(Upstream& upstream);
  awaitable<Result<SourceInfo>> open_dvrip(Upstream& upstream);

  // device_cgi.cpp
  CredentialGuard::Key cgi_guard_key() const;
  /// There is a client, and nothing speaks against using it now.
  bool has_cgi();
  awaitable<Result<std::shared_ptr<CgiClient>>> usable_cgi();
  void judge_cgi(const Error& error);
  void forget_cgi();
  void drop_cgi();

  const std::shared_ptr<EngineCore> core_;
  DeviceOptions options_;
  const DeviceHandlers handlers_;
  const Context context_;
  const std::shared_ptr<Actor> actor_;
  Signal changed_;
  Signal turn_;  // of the guard's leases; not changed_, on which refused streams wait to ask again

  bool closed_ = false;
  bool handle_released_ = false;
  bool running_ = false;
  bool wanted_ = false;          // somebody asked for the session since the last logout
  bool leaving_ = false;         // the present session, or the attempt at one, ends by a logout
  bool attempt_failed_ = false;  // the latest attempt ended without a login
  Error last_error_;
  std::shared_ptr<RouteRace> race_;      // connecting
  bool slow_ = false;                    // connecting, and no port has answered for a while
  std::shared_ptr<ControlLink> trying_;  // logging in
  std::shared_ptr<ControlLink> link_;    // logged in
  std::optional<LoginOutcome> outcome_;
  std::optional<DeviceInfo> info_;
  std::optional<Error> wrong_device_;
  struct Waiter {
    OnOnline done;
    std::uint64_t credentials = 0;
  };
  std::vector<Waiter> waiters_;
  std::uint64_t credentials_ = 0;        // counts those that the caller has given
  std::uint64_t tried_credentials_ = 0;  // of the latest attempt
  net::Timer pause_;
  Duration backoff_{};
  std::minstd_rand jitter_;

  std::uint64_t generation_ = 0;
  std::shared_ptr<CapabilityCache> capabilities_;  // of the present login
  std::map<UpstreamKey, std::shared_ptr<Upstream>> upstreams_;
  std::set<std::shared_ptr<Tenant>> tenants_;
  std::map<EventRoute, std::weak_ptr<EventHub>> event_hubs_;
  std::shared_ptr<RtspMemory> rtsp_memory_;
  std::optional<Error> rtsp_refusal_;  // what RTSP said to these credentials
  bool rtsp_verified_ = false;         // RTSP took them once
  std::shared_ptr<CgiClient> cgi_;     // on the HTTP port, beside a link of another protocol
  std::optional<net::Endpoint> cgi_endpoint_;
  bool cgi_https_ = false;
  bool cgi_verified_ = false;
  std::uint64_t snapshots_by_cgi_ = 0;  // generation in which 37777 gave none and CGI did
  Error cgi_unreachable_;
  net::TimePoint cgi_unreachable_until_{};
  net::TimePoint rtsp_unreachable_until_{};  // automatic route: do not wait for a dead port again and again
  int opening_ = 0;                          // sources being opened
  Signal opened_;

  std::atomic<std::size_t> notifications_{0};  // bytes that wait for the handler

  mutable std::mutex stats_mutex_;
  DeviceStats stats_;

  std::weak_ptr<ControlLink> parting_;  // whose goodbye is under way or over
};

}  // namespace dmss::session

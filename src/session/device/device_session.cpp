#include "session/device/device_session.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "session/capabilities/capability_cache.hpp"
#include "session/device/device_limits.hpp"
#include "session/engine/spawn.hpp"
#include "session/engine/time_limit.hpp"
#include "session/live/rtsp_memory.hpp"

namespace dmss::session {
namespace {

using namespace std::chrono_literals;

constexpr Duration kBusyPause = 30s;         // protocol dvrip-dhip.md §2.4
constexpr std::size_t kMaxDeviceText = 256;  // of a name in the device's description
constexpr Duration kFirstPauseMax = 250ms;
constexpr Duration kSteady = 10s;  // a session that lasts less does not make the pauses start anew

/// More attempts only make it worse.
bool wants_patience(Errc code) {
  return code == Errc::device_busy || code == Errc::too_many_users || code == Errc::already_logged_in ||
         code == Errc::login_refused;
}

}  // namespace

DeviceSession::DeviceSession(std::shared_ptr<EngineCore> core, DeviceOptions options, DeviceHandlers handlers)
    : core_(std::move(core)),
      options_(std::move(options)),
      handlers_(std::move(handlers)),
      context_(core_->context().scoped(log_scope(options_))),
      actor_(core_->make_actor()),
      changed_(context_.executor),
      turn_(context_.executor),
      pause_(context_.executor, context_.clock),
      jitter_(std::random_device{}()),
      rtsp_memory_(std::make_shared<RtspMemory>(context_)),
      opened_(context_.executor) {
  ++core_->devices;
}

DeviceSession::~DeviceSession() {
  --core_->devices;
}

void DeviceSession::start() {
  if (core_->closing()) {
    closed_ = true;
    return;
  }
  core_->add(shared_from_this());
}

void DeviceSession::close() {
  if (closed_) return;
  closed_ = true;
  auto self = shared_from_this();
  core_->remove(self);
  pause_.cancel();
  answer_waiters(Errc::cancelled);
  const auto upstreams = upstreams_;
  for (const auto& [key, upstream] : upstreams) upstream->close(Errc::cancelled);
  upstreams_.clear();
  const auto leaving = close_tenants(Errc::cancelled);
  rtsp_memory_->close();
  set_state(DeviceState::closed, Errc::cancelled);
  changed_.notify();
  turn_.notify();
  opened_.notify();
  say_goodbye(leaving);
}

void DeviceSession::release_handle() {
  handle_released_ = true;
  const auto tenants = tenants_;  // one may leave when it hears this
  for (const auto& tenant : tenants) tenant->on_handle_released();
  if (unused()) close();
}

void DeviceSession::login(Completion<DeviceInfo> done, LoginOptions options) {
  if (closed_) return done(Errc::cancelled);
  if (options.retry_refused) {
    CredentialGuard::instance().forget(guard_key());
    rtsp_refusal_.reset();
    forget_cgi();
  }
  auto timer = time_limit(context_, done, bounded(options.timeout));
  when_online([timer, done](const Result<DeviceInfo>& r) {
    timer->cancel();
    done(r);
  });
}

void DeviceSession::logout() {
  wanted_ = false;
  leaving_ = running_;
  const auto upstreams = upstreams_;
  for (const auto& [key, upstream] : upstreams) upstream->close(Error());
  upstreams_.clear();
  const auto tenants = close_tenants(Error());
  pause_.cancel();
  answer_waiters(Errc::cancelled);
  turn_.notify();
  say_goodbye(tenants);
}

void DeviceSession::set_credentials(Credentials credentials) {
  options_.user = std::move(credentials.user);
  options_.password = std::move(credentials.password);
  ++credentials_;
  rtsp_refusal_.reset();
  rtsp_verified_ = false;
  rtsp_memory_->close();
  rtsp_memory_ = std::make_shared<RtspMemory>(context_);
  forget_cgi();
  attempt_failed_ = false;
  pause_.cancel();
  if (!unused()) want();
  tell_changed();
}

void DeviceSession::adopt_credentials(Credentials credentials) {
  if (link_ && !leaving_) link_->set_credentials(credentials);
  set_credentials(std::move(credentials));
}

void DeviceSession::want() {
  wanted_ = true;
  if (running_ || closed_) return;
  running_ = true;
  attempt_failed_ = false;
  spawn(context_.executor, run(shared_from_this()), context_.log);
}

void DeviceSession::when_online(OnOnline done) {
  if (closed_) return done(Errc::cancelled);
  if (link_ && info_ && !leaving_) return done(*info_);
  waiters_.push_back({std::move(done), credentials_});
  if (running_ && !link_) pause_.cancel();  // somebody is waiting: try now
  want();
}

void DeviceSession::answer_waiters(const Result<DeviceInfo>& result, std::uint64_t credentials) {
  std::vector<OnOnline> answered;
  std::erase_if(waiters_, [&](Waiter& w) {
    if (w.credentials > credentials) return false;
    answered.push_back(std::move(w.done));
    return true;
  });
  for (const OnOnline& done : answered) done(result);
}

void DeviceSession::set_state(DeviceState state, const Error& why) {
  {
    std::lock_guard lock(stats_mutex_);
    if (stats_.state == state && !why) return;
    stats_.state = state;
  }
  if (handlers_.on_state) {
    actor_->post(
        [self = shared_from_this(), state, why] { call_handler(self->handlers_.on_state, state, why); });
  }
}

awaitable<void> DeviceSession::run([[maybe_unused]] std::shared_ptr<DeviceSession> self) {
  backoff_ = {};
  bool was_online = false;
  while (!closed_ && wanted_) {
    leaving_ = false;
    set_state(DeviceState::connecting, {});
    Result<void> login = co_await connect_once();
    if (closed_) break;
    if (!login && leaving_) continue;
    Error why = login.error();
    if (why && tried_credentials_ != credentials_) {
      context_.log.info("not logged in with credentials that have been replaced: {}", why.to_string());
      answer_waiters(why, tried_credentials_);
      if (closed_) break;
      if (was_online || !waiters_.empty() || !unused()) continue;
    }
    if (login) {
      was_online = true;
      const net::TimePoint begin = context_.clock.now();
      why = co_await stay_online();
      if (context_.clock.now() - begin >= kSteady) backoff_ = {};
      if (closed_ || leaving_) continue;
      context_.log.warning("control session lost: {}", why.to_string());
      std::lock_guard lock(stats_mutex_);
      ++stats_.reconnects;
    } else {
      context_.log.warning("not logged in: {}", why.to_string());
      attempt_failed_ = true;
    }
    last_error_ = why;
    const bool again = retries(why) && (was_online || !unused());
    if (!again)
      set_state(why.category() == ErrorCategory::login ? DeviceState::refused : DeviceState::idle, why);
    answer_waiters(why);
    tell_changed();
    if (!again) break;
    set_state(DeviceState::waiting, why);
    pause_.expires_after(next_pause(why));
    co_await pause_.wait();
  }
  running_ = leaving_ = false;
  if (!closed_ && !wanted_) set_state(DeviceState::idle, {});
  changed_.notify();  // who waits for a login that nobody tries any more
}

awaitable<Error> DeviceSession::stay_online() {
  std::shared_ptr<ControlLink> link = link_;
  context_.log.info("logged in: {} over {}", name(outcome_->login), outcome_->connection.label());
  link->on_notification = [self = weak_from_this()](std::string_view json) {
    if (auto s = self.lock()) s->notify(json);
  };
  link->on_alive = [self = weak_from_this()] {
    if (auto s = self.lock()) s->note_link_stats();
  };
  spawn(context_.executor, introduce(shared_from_this(), link), context_.log);
  if (options_.serial.empty()) announce_online();
  Error why = co_await link->run();
  note_link_stats();
  link->on_notification = nullptr;
  link->on_alive = nullptr;
  link->close();
  if (wrong_device_) why = *std::exchange(wrong_device_, std::nullopt);
  link_.reset();
  info_.reset();
  outcome_.reset();
  co_return why;
}

awaitable<void> DeviceSession::introduce([[maybe_unused]] std::shared_ptr<DeviceSession> self,
                                         std::shared_ptr<ControlLink> link) {
  Result<DeviceInfo> identity = co_await link->identify();
  if (closed_ || leaving_ || link_ != link) co_return;
  if (!identity) {
    // The link's run() tells why; a device that merely cannot describe itself is still logged in.
    context_.log.debug("the device does not describe itself: {}", identity.error().to_string());
    if (identity.error().category() == ErrorCategory::network) co_return;
    identity = DeviceInfo{};
  }
  if (!options_.serial.empty() && identity->serial != options_.serial) {
    wrong_device_ = Error(Errc::wrong_device, "serial number \"" + identity->serial + "\" instead of \"" +
                                                  options_.serial + "\"");
    link->close();
    co_return;
  }
  DeviceInfo info = std::move(*identity);
  for (std::string* text :
       {&info.serial, &info.model, &info.software, &info.device_class, &info.hardware, &info.build})
    *text = clean_text(*text, kMaxDeviceText);
  for (std::string& name : info.channel_names) name = clean_text(name, kMaxDeviceText);
  info.route = outcome_->route;
  info.login = outcome_->login;
  info.connection = outcome_->connection.label();
  if (!outcome_->connection.tls_version.empty()) {
    info.tls = outcome_->connection.tls_version + " " + outcome_->connection.tls_cipher;
  }
  if (info.channels == 0) info.channels = outcome_->channels;
  if (info.device_class.empty()) info.device_class = outcome_->device_class;
  info_ = std::move(info);
  if (!options_.serial.empty()) {
    announce_online();
  } else {
    tell_tenants();  // what it is has become known
  }
  note_link_stats();
  answer_waiters(*info_);
}

void DeviceSession::announce_online() {
  attempt_failed_ = false;
  set_state(DeviceState::online, {});
  tell_changed();
}

bool DeviceSession::retries(const Error& why) const {
  if (!options_.reconnect) return false;
  switch (why.code()) {
    case Errc::tls_untrusted:
    case Errc::tls_changed: return false;
    case Errc::device_busy:
    case Errc::too_many_users:
    case Errc::already_logged_in:
    case Errc::session_expired:
    case Errc::malformed:
    case Errc::timeout: return true;
    // Nobody knows what it means; that the credentials are wrong it cannot mean where they were right.
    case Errc::login_refused: return CredentialGuard::instance().was_accepted(guard_key());
    case Errc::credentials_held_back: return why.seconds_left() && why.cause() && retries(*why.cause());
    default: return why.category() == ErrorCategory::network;
  }
}

Duration DeviceSession::next_pause(const Error& why) {
  const auto random_up_to = [this](Duration d) {
    const auto n = std::max<Duration::rep>(1, d.count());
    return Duration(static_cast<Duration::rep>(std::uniform_int_distribution<long long>(0, n)(jitter_)));
  };
  const auto held = CredentialGuard::instance().held_back(guard_key(), context_.clock.now());
  if (held && held->seconds_left()) return std::chrono::seconds(*held->seconds_left());
  if (wants_patience(why.code())) return kBusyPause + random_up_to(kBusyPause / 2);
  if (backoff_ == Duration::zero()) {
    backoff_ = options_.reconnect_min;
    return random_up_to(kFirstPauseMax);
  }
  const Duration pause = backoff_ / 2 + random_up_to(backoff_ / 2);
  backoff_ = std::min<Duration>(backoff_ * 2, options_.reconnect_max);
  return pause;
}

awaitable<Result<void>> DeviceSession::ready_for_media(bool needs_control) {
  return ready(needs_control, nullptr);
}

awaitable<Result<void>> DeviceSession::ready_for_control(std::function<bool()> ended) {
  return ready(true, std::move(ended));
}

awaitable<Result<void>> DeviceSession::ready(bool needs_control, std::function<bool()> ended) {
  want();
  for (;;) {
    if (closed_ || (ended && ended())) co_return Errc::cancelled;
    if (link_ && !leaving_ && (options_.serial.empty() || info_)) co_return Result<void>();
    if (attempt_failed_ || !running_) {
      const bool network = last_error_.category() == ErrorCategory::network || last_error_ == Errc::timeout ||
                           last_error_ == Errc::unsupported || last_error_ == Errc::legacy_login_needed;
      if (!needs_control && network) co_return Result<void>();
      if (!running_ && (!wanted_ || !last_error_)) co_return Errc::cancelled;
      if (!running_) co_return last_error_;
    }
    // Streams that need no control session do not wait for ports that do not answer.
    if (!needs_control && slow_ && has_rtsp()) co_return Result<void>();
    co_await changed_.wait();
  }
}

std::shared_ptr<Upstream> DeviceSession::upstream(const UpstreamKey& key) {
  const auto same = upstreams_.find(key);
  if (!key.audio) {
    const auto with_audio = upstreams_.find({key.channel, key.stream, true});
    if (with_audio != upstreams_.end() && (with_audio->second->hopeful() || same == upstreams_.end()))
      return with_audio->second;
  }
  if (same != upstreams_.end()) return same->second;
  auto made = std::make_shared<Upstream>(shared_from_this(), key);
  upstreams_.emplace(key, made);
  made->start();
  return made;
}

void DeviceSession::unite(const UpstreamKey& with_audio) {
  const auto silent = upstreams_.find({with_audio.channel, with_audio.stream, false});
  if (silent == upstreams_.end()) return;
  const auto upstream = silent->second;
  upstream->supersede();
}

void DeviceSession::remove_upstream(const Upstream& upstream) {
  const auto it = upstreams_.find(upstream.key());
  if (it != upstreams_.end() && it->second.get() == &upstream) upstreams_.erase(it);
  opened_.notify();  // it may have been waiting for its turn
  if (unused() && handle_released_) close();
}

DeviceStats DeviceSession::stats() const {
  std::lock_guard lock(stats_mutex_);
  return stats_;
}

void DeviceSession::note_link_stats() {
  if (!link_) return;
  const LinkStats link = link_->stats();
  std::lock_guard lock(stats_mutex_);
  stats_.bytes_in = link.bytes_in;
  stats_.bytes_out = link.bytes_out;
  stats_.last_round_trip = std::chrono::duration_cast<std::chrono::microseconds>(link.last_round_trip);
}

}  // namespace dmss::session

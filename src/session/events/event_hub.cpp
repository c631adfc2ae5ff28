#include "session/events/event_hub.hpp"

#include <algorithm>

#include "proto/events/groups.hpp"
#include "session/engine/spawn.hpp"
#include "session/events/picture_desk.hpp"

namespace dmss::session {
namespace {

using namespace std::chrono_literals;

constexpr Duration kLeastPause = 1s;  // between two attempts to attach, whatever the reason
constexpr Duration kLongestPause = 60s;
constexpr Duration kBusyPause = 30s;  // after "no more listeners": more attempts only make it worse
constexpr Duration kSteady = 10s;     // an attachment that lasts less does not make the pauses start anew
constexpr int kSteadyHeartbeats = 3;  // nor does one that ends by the first silence
constexpr Duration kAfterRestart =
    60s;  // a device that announces a restart is attached to anew when it should be back
constexpr Duration kAfterClockChange = 5s;
constexpr Duration kFresh = 2s;
constexpr std::chrono::seconds kLeastPoll{5};  // between two rounds of questions
constexpr Duration kLeastRenewal = 60s;        // between two attachments made on mere suspicion
constexpr Duration kRefusedRenewal = 5min;     // before such an attachment is tried again after a refusal

/// The device answered that it takes no listener, or not another one.
bool is_refusal(const Error& why) {
  switch (why.code()) {
    case Errc::device_busy:
    case Errc::too_many_users:
    case Errc::no_permission:
    case Errc::unsupported:
    case Errc::device_error: return true;
    default: return false;
  }
}

}  // namespace

bool EventHub::join(const std::shared_ptr<DeviceSession>& device,
                    const std::shared_ptr<Subscription>& subscription) {
  std::weak_ptr<EventHub>& slot = device->event_hub(subscription->options().route);
  std::shared_ptr<EventHub> hub = slot.lock();
  if (!hub || hub->closed_) {
    hub = std::make_shared<EventHub>(device, subscription->options().route);
    if (!device->add_tenant(hub)) return false;
    slot = hub;
    spawn(device->context().executor, hub->run(hub), hub->log_);
  }
  hub->add(subscription);
  return true;
}

EventHub::EventHub(std::shared_ptr<DeviceSession> device, EventRoute route)
    : device_(std::move(device)),
      route_(route),
      log_(device_->context().log.scoped("events")),
      watch_(std::make_shared<StateWatch>(device_, *this)),
      wake_(device_->context().executor),
      timer_(device_->context().executor, device_->context().clock),
      jitter_(std::random_device{}()) {}

EventHub::~EventHub() {
  watch_->close();
}

void EventHub::add(const std::shared_ptr<Subscription>& subscription) {
  const std::set<std::string> read_before = watch_->readable();
  subscriptions_.push_back(subscription);
  update_pictures();
  Subscription& s = *subscription;
  if (current_ && !current_->ended()) {
    s.attached(current_->route());
    for (const EventKey& key : ledger_.on()) untold_.push_back({subscription, key, ledger_.heard_at(key)});
    settled();
    const std::set<std::string> wanted = union_of_codes();
    const bool covered = codes_.empty() || (!wanted.empty() && std::includes(codes_.begin(), codes_.end(),
                                                                             wanted.begin(), wanted.end()));
    // What nobody wanted was neither read nor checked. Once is enough: from then on everything is asked for.
    if (covered) {
      std::set<std::string> news = watch_->readable();
      for (const std::string& code : read_before) news.erase(code);
      watch_->joined(news);
    } else {
      everything_ = true;
      suspect({last_event_, device_->context().clock.now(), {}, false});
    }
  } else if (failed_) {
    s.tell(EventState::failed, *failed_);
  } else {
    s.tell(gap_begin_ ? EventState::interrupted : EventState::attaching, gap_why_);
  }
  wake();
}

void EventHub::settled() {
  const auto now = device_->context().clock.wall_now();
  std::vector<Untold> later;
  for (Untold& u : std::exchange(untold_, {})) {
    const auto subscription = u.subscription.lock();
    // What an event has told since then needs no telling.
    if (!subscription || !ledger_.is_on(u.key) || ledger_.heard_at(u.key) != u.at) continue;
    if (watch_->settled(u.key)) {
      subscription->event(std::make_shared<const Event>(recovered_event(u.key, true, now)));
    } else {
      later.push_back(std::move(u));
    }
  }
  untold_ = std::move(later);
}

void EventHub::leave(Subscription& subscription) {
  std::erase_if(subscriptions_, [&](const auto& s) { return s.get() == &subscription; });
  subscription.tell(EventState::stopped, {});
  if (!subscriptions_.empty()) return update_pictures();
  auto self = shared_from_this();
  finish({});
  device_->remove_tenant(*this);
}

void EventHub::close(const Error& why) {
  auto self = shared_from_this();
  finish(why);
}

void EventHub::finish(const Error& why) {
  if (std::exchange(closed_, true)) return;
  if (pictures_) pictures_->close();
  watch_->close();
  if (opening_) opening_->close();
  if (current_) current_->close();
  for_each([&](Subscription& s) { s.tell(EventState::stopped, why); });
  subscriptions_.clear();
  timer_.cancel();
  wake();
}

void EventHub::on_changed() {
  failed_.reset();
  no_push_ = no_stream_ = push_silent_ = false;
  if (current_) current_->on_changed();
  if (pictures_) pictures_->on_changed();
  if (current_ && !current_->ended() && device_->online() && device_->generation() != generation_) {
    // The device has been away; the stream may have survived that only at this end.
    generation_ = device_->generation();
    const net::TimePoint now = device_->context().clock.now();
    // Whatever the silence of an unwatched one hid is missing.
    const bool certain = !current_->watched();
    Error why;
    if (certain) why = device_->last_error() ? device_->last_error() : Error(Errc::connection_lost);
    suspect({current_->last_heard(), now, why, certain});
  }
  wake();
}

void EventHub::on_notification(std::string_view json) {
  if (!opening_ && (!current_ || current_->route() != EventRoute::rpc)) return;
  const auto note = proto::events::parse_notification(json);
  if (!note) return;
  auto self = shared_from_this();
  if (current_) current_->on_notification(*note);
  if (opening_) opening_->on_notification(*note);
}

bool EventHub::wants_code(const std::string& code) const {
  return std::any_of(subscriptions_.begin(), subscriptions_.end(),
                     [&](const auto& s) { return s->filter().wants_code(code); });
}

bool EventHub::names_code(const std::string& code) const {
  return std::any_of(subscriptions_.begin(), subscriptions_.end(),
                     [&](const auto& s) { return s->filter().named(code); });
}

bool EventHub::asks_code(const std::string& code) const {
  return codes_.empty() || codes_.contains(code);
}

awaitable<void> EventHub::wait_until(net::TimePoint at) {
  if (at != net::TimePoint::max()) {
    timer_.expires_at(at);
    timer_.async_wait([weak = weak_from_this()](bool expired) {
      auto self = weak.lock();
      if (expired && self) self->wake();
    });
  }
  co_await wake_.wait();
  timer_.cancel();
}

awaitable<void> EventHub::run([[maybe_unused]] std::shared_ptr<EventHub> self) {
  while (!closed_) {
    const bool go = co_await ready();
    if (!go) continue;
    Error why = co_await attach();
    if (closed_) break;
    if (!why) why = co_await stay();
    if (closed_) break;
    interrupted(why);
  }
}

/// True when it is time to attach; false after something has changed.
awaitable<bool> EventHub::ready() {
  const net::TimePoint now = device_->context().clock.now();
  if (!device_->online()) {
    const std::optional<Error> given_up = device_->given_up();
    if (given_up && !failed_) fail(*given_up);
    co_await wait_until(net::TimePoint::max());
    co_return false;
  }
  if (failed_) {
    co_await wait_until(net::TimePoint::max());
    co_return false;
  }
  if (now < next_attempt_) {
    co_await wait_until(next_attempt_);
    co_return false;
  }
  co_return true;
}

awaitable<Result<std::shared_ptr<EventSource>>> EventHub::open(EventRoute route) {
  const net::TimePoint now = device_->context().clock.now();
  next_attempt_ = now + kLeastPause;
  for_each([](Subscription& s) { s.note_attach(); });
  std::shared_ptr<EventSource> source = make_source(route);
  opening_ = source;
  const int number = sources_;
  if (current_) ledger_.overlap(current_number_, number, now);
  generation_ = device_->generation();
  Result<void> opened = co_await source->open();
  opening_.reset();
  if (closed_) {
    source->close();
    co_return Errc::cancelled;
  }
  if (opened && source->took_everything()) everything_ = true;
  if (everything_) codes_.clear();
  if (!opened) {
    source->close();
    log_.info("not attached by {}: {}", name(route), opened.error().to_string());
    co_return opened.error();
  }
  co_return source;
}

awaitable<Error> EventHub::attach() {
  const EventRoute route = best_route();
  Result<std::shared_ptr<EventSource>> source = co_await open(route);
  if (closed_) co_return Errc::cancelled;
  if (!source) {
    detour_ = another_way(route, source.error());
    if (!detour_ && std::exchange(push_silent_, false)) {
      // The first way only did not answer: it has its turn again.
      no_push_ = no_stream_ = false;
      co_return Error(Errc::timeout, "no answer to eventManager.attach, and no other way to the events");
    }
    co_return source.error();
  }
  attached(std::move(*source));
  co_return Error();
}

void EventHub::attached(std::shared_ptr<EventSource> source) {
  const net::TimePoint now = device_->context().clock.now();
  current_ = std::move(source);
  current_number_ = sources_;
  attached_at_ = last_event_ = now;
  log_.info("attached by {}", name(current_->route()));
  suspicion_.reset();
  const bool gap = gap_begin_.has_value();
  if (gap) tell_gap(*gap_begin_, now, gap_why_);
  gap_begin_.reset();
  for_each([&](Subscription& s) { s.attached(current_->route()); });
  watch_->attached(gap, current_->route() == EventRoute::poll);
  update_pictures();
}

void EventHub::tell_gap(net::TimePoint begin, net::TimePoint end, const Error& why) {
  // Both ends by the wall clock of now, which may have been set since.
  const net::TimePoint now = device_->context().clock.now();
  const auto wall = device_->context().clock.wall_now();
  const auto at = [&](net::TimePoint t) {
    return wall - std::chrono::duration_cast<std::chrono::system_clock::duration>(now - t);
  };
  if (pictures_) pictures_->flush();
  // Nobody will be told how that ended, and nobody reads it.
  ledger_.forget([this](const EventKey& key) { return !wants_code(key.code); });
  EventGap gap{at(std::min(begin, end)), at(end), why};
  for_each([&](Subscription& s) {
    if (s.was_attached()) s.gap(gap);
  });
}

std::optional<EventHub::Suspicion> EventHub::suspicion() const {
  std::optional<Suspicion> out = suspicion_;
  std::chrono::minutes renew{0};
  for (const auto& s : subscriptions_) {
    const auto own = s->options().renew;
    if (own.count() > 0 && (renew.count() == 0 || own < renew)) renew = own;
  }
  if (renew.count() == 0) return out;
  const net::TimePoint silence = std::max(std::max(last_event_, attached_at_) + renew, next_renewal_);
  if (!out || silence < out->due) out = Suspicion{last_event_, silence, {}, false};
  return out;
}

void EventHub::suspect(Suspicion s) {
  if (suspicion_ && suspicion_->due <= s.due) {
    suspicion_->since = std::min(suspicion_->since, s.since);
    return;
  }
  suspicion_ = std::move(s);
  wake();
}

/// A stream that has just been heard has told everything, and can be replaced without a gap; one that has died will soon be found so.
bool EventHub::may_be_dead(net::TimePoint now) const {
  return current_->route() == EventRoute::cgi && current_->watched() && now - current_->last_heard() > kFresh;
}

/// Until the attachment ends; why it did.
awaitable<Error> EventHub::stay() {
  const bool polls = current_->route() == EventRoute::poll;
  net::TimePoint looked = attached_at_;
  for (;;) {
    if (closed_) co_return Errc::cancelled;
    if (const Error why = current_->ended()) co_return why;
    const net::TimePoint now = device_->context().clock.now();
    std::optional<Suspicion> suspected;
    if (!polls) suspected = suspicion();
    if (suspected && now >= suspected->due && now >= next_attempt_) {
      if (!suspected->certain && may_be_dead(now)) {
        co_await wait_until(now + kFresh / 2);
        continue;
      }
      const Error why = co_await renew(*suspected);
      if (why) co_return why;
      continue;
    }
    const Duration interval = polls ? Duration(std::max(kLeastPoll, heartbeat())) : StateWatch::kInterval;
    if (now - looked >= interval) {
      if (polls) {
        watch_->poll();
      } else {
        watch_->look(false);
      }
      looked = now;
    }
    const net::TimePoint due = suspected ? std::max(suspected->due, next_attempt_) : net::TimePoint::max();
    co_await wait_until(std::min(due, looked + interval));
  }
}

/// Attaches anew beside the old attachment, which ends only then.
awaitable<Error> EventHub::renew(Suspicion suspected) {
  suspicion_.reset();
  const std::shared_ptr<EventSource> old = current_;
  const std::set<std::string> asked = codes_;
  Result<std::shared_ptr<EventSource>> source = co_await open(old->route());
  if (closed_) co_return Errc::cancelled;
  if (!source && !suspected.certain && !old->ended() && is_refusal(source.error())) {
    codes_ = asked;
    put_off(std::move(suspected), source.error());
    co_return Error();
  }
  if (!source) co_return source.error();
  old->close();
  if (suspected.certain) {
    gap_begin_ = suspected.since;
    gap_why_ = suspected.why;
  }
  attached(std::move(*source));
  next_attempt_ = std::max(next_attempt_, attached_at_ + kLeastRenewal);
  co_return Error();
}

/// The old attachment lives on, as far as anybody knows.
void EventHub::put_off(Suspicion suspected, const Error& refusal) {
  log_.info("the attachment is kept, another was refused: {}", refusal.to_string());
  next_renewal_ = device_->context().clock.now() + kRefusedRenewal;
  suspected.due = next_renewal_;
  suspect(std::move(suspected));
}

bool EventHub::is_final(const Error& why) const {
  switch (why.code()) {
    case Errc::unsupported:
    case Errc::no_permission:
    case Errc::invalid_argument:
    case Errc::tls_untrusted:
    case Errc::tls_changed: return true;
    // The control session decides about itself; here these come from a listener too many.
    case Errc::device_busy:
    case Errc::too_many_users: return !device_->options().reconnect;
    default: return why.category() == ErrorCategory::login || !device_->options().reconnect;
  }
}

void EventHub::fail(const Error& why) {
  failed_ = why;
  if (pictures_) pictures_->flush();
  for_each([&](Subscription& s) { s.tell(EventState::failed, why); });
}

void EventHub::interrupted(const Error& why) {
  const net::TimePoint now = device_->context().clock.now();
  watch_->lost();
  suspicion_.reset();
  if (std::exchange(detour_, false)) return;
  if (current_) {
    if (!gap_begin_) {
      gap_begin_ = current_->last_heard();
      gap_why_ = why;
    }
    const bool beats = current_->route() == EventRoute::cgi;
    const Duration steady = beats ? std::max<Duration>(kSteady, kSteadyHeartbeats * heartbeat()) : kSteady;
    if (now - attached_at_ >= steady) backoff_ = {};
    current_->close();
    current_.reset();
  }
  log_.warning("events interrupted: {}", why.to_string());
  if (!device_->online()) {
    // The session comes back by its own rules; attaching then follows at once.
    for_each([&](Subscription& s) { s.tell(EventState::interrupted, why); });
    return;
  }
  if (is_final(why)) return fail(why);
  next_attempt_ = std::max(next_attempt_, now + next_pause(why));
  if (pictures_) pictures_->flush();
  for_each([&](Subscription& s) { s.tell(EventState::interrupted, why); });
}

Duration EventHub::next_pause(const Error& why) {
  const auto random_up_to = [this](Duration d) {
    return Duration(
        std::uniform_int_distribution<Duration::rep>(0, std::max<Duration::rep>(1, d.count()))(jitter_));
  };
  if (why == Errc::device_busy || why == Errc::too_many_users)
    return kBusyPause + random_up_to(kBusyPause / 2);
  if (backoff_ == Duration::zero()) {
    backoff_ = kLeastPause;
    return Duration::zero();
  }
  const Duration pause = backoff_ / 2 + random_up_to(backoff_ / 2);
  backoff_ = std::min(backoff_ * 2, kLongestPause);
  return pause;
}

void EventHub::on_event(int source, const proto::events::WireEvent& wire) {
  if (closed_) return;
  auto self = shared_from_this();
  const net::TimePoint now = device_->context().clock.now();
  last_event_ = now;
  if (!ledger_.take(source, wire, now))
    return for_each([&](Subscription& s) { s.note_duplicate(wire.event); });
  if (proto::events::makes_suspicious(wire.event.code)) {
    const bool clock = wire.event.code == "TimeChange";
    Suspicion s{now, now + (clock ? kAfterClockChange : kAfterRestart), {}, !clock};
    if (!clock) s.why = Error(Errc::device_offline, "the device announced a restart: " + wire.event.code);
    suspect(std::move(s));
  }
  Event event = wire.event;
  event.received = device_->context().clock.wall_now();
  deliver(std::move(event));
}

void EventHub::deliver(Event event) {
  const auto shared = std::make_shared<const Event>(std::move(event));
  for_each([&](Subscription& s) {
    if (!pictures_ || !s.options().pictures) s.event(shared);
  });
  if (pictures_) pictures_->add(shared);
}

void EventHub::deliver_recovered(const EventLedger::Difference& d) {
  deliver(recovered_event(d.key, d.on, device_->context().clock.wall_now()));
}

void EventHub::deliver_polled(const EventLedger::Difference& d) {
  Event event = recovered_event(d.key, d.on, device_->context().clock.wall_now());
  event.recovered = false;
  deliver(std::move(event));
}

void EventHub::polled(bool answered) {
  auto self = shared_from_this();
  if (current_) current_->on_polled(answered);
}

}  // namespace dmss::session

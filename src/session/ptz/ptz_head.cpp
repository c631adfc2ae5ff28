#include "session/ptz/ptz_head.hpp"

#include <algorithm>
#include <utility>

#include "session/capabilities/probe.hpp"
#include "session/device/question.hpp"
#include "session/engine/spawn.hpp"
#include "session/ptz/ptz_conversations.hpp"

namespace dmss::session {
namespace {

using namespace std::chrono_literals;

/// How long a stop waits for the answer to its start. Sent before that answer, it is sent once more after it: the device may have taken the
/// two in the other order.
constexpr Duration kStartGrace = 250ms;
constexpr Duration kLastStop = 50ms;    // what last words leave for a second stop
constexpr Duration kStartTimeout = 3s;  // a start that took longer would move a camera nobody holds any more
constexpr Duration kStopTimeout = 2s;   // a camera moves meanwhile; a second stop does no harm
constexpr Duration kFirstPause = 250ms;
constexpr Duration kLongestPause = 60s;
constexpr Duration kRefusedPause = 500ms;
constexpr int kMaxRefusals = 3;
constexpr Duration kPatience = 30s;  // for a device that cannot be reached and whose handle is gone

/// The device heard the stop and did not take it; other errors say that it may not have heard it, or had no time for it.
bool is_refusal(const Error& why) {
  return why == Errc::unsupported ||
         (why.category() == ErrorCategory::device && why != Errc::session_expired);
}

/// It never will take it.
bool is_hopeless(const Error& why) {
  return why == Errc::unsupported || is_final_refusal(why);
}

bool is_busy(const Error& why) {
  return why == Errc::device_busy || why == Errc::too_many_users;
}

}  // namespace

PtzRun::PtzRun(std::shared_ptr<Actor> actor, PtzAction a, PtzMoveOptions options)
    : action(a),
      speed(options.speed),
      duration(options.duration),
      on_stopped(actor, std::move(options.on_stopped)),
      on_started(actor, std::move(options.on_started)) {}

void PtzRun::end_unsent(const Error& why) {
  on_started(why ? why : Error(Errc::cancelled));
  on_stopped(Result<void>());
}

void PtzRun::end(const Result<void>& how) {
  on_started(Errc::cancelled);
  on_stopped(how);
}

PtzHead::PtzHead(std::shared_ptr<DeviceSession> session, int channel)
    : session_(std::move(session)),
      channel_(channel),
      wake_(session_->context().executor, session_->context().clock),
      patience_(session_->context().executor, session_->context().clock) {}

std::shared_ptr<PtzHead> PtzHead::find(const DeviceSession& session, int channel) {
  for (const auto& tenant : session.tenants()) {
    auto head = std::dynamic_pointer_cast<PtzHead>(tenant);
    if (head && head->channel_ == channel) return head;
  }
  return nullptr;
}

void PtzHead::start(DeviceSession& session, int channel, std::shared_ptr<PtzRun> run) {
  std::shared_ptr<PtzHead> head = find(session, channel);
  const bool is_new = !head;
  if (is_new) {
    head = std::make_shared<PtzHead>(session.shared_from_this(), channel);
    if (!session.add_tenant(head)) return run->end(Errc::cancelled);
  }
  run->head = head;
  if (head->next_) head->next_->end_unsent(Errc::cancelled);
  head->next_ = std::move(run);
  if (head->active_) head->active_->stop_wanted = true;
  if (is_new)
    spawn(session.context().executor, head->run(head), session.context().log);
  else
    head->wake_.cancel();
}

void PtzHead::stop(PtzRun& run) {
  run.stop_wanted = true;
  wake_.cancel();
}

void PtzHead::stop_all() {
  for (const auto& run : {active_, next_}) {
    if (run) stop(*run);
  }
}

void PtzHead::on_handle_released() {
  stop_all();
  patience_.expires_after(kPatience);
  patience_.async_wait([weak = weak_from_this()](bool expired) {
    auto self = weak.lock();
    if (!expired || !self || self->closed_) return;
    // Who else needs the device brings it back, and then the stop can be said.
    if (self->is_last_user())
      self->give_up();
    else
      self->on_handle_released();
  });
}

bool PtzHead::is_last_user() const {
  const auto& tenants = session_->tenants();
  return !session_->has_upstreams() && std::all_of(tenants.begin(), tenants.end(), [](const auto& tenant) {
    return std::dynamic_pointer_cast<PtzHead>(tenant) != nullptr;
  });
}

void PtzHead::give_up() {
  close(Errc::cancelled);
  if (active_) active_->end(Errc::cancelled);
  active_.reset();
  session_->changed().notify();
  session_->remove_tenant(*this);
}

void PtzHead::close(const Error&) {
  closed_ = true;
  wake_.cancel();
  patience_.cancel();
  session_->changed().notify();
  if (next_) next_->end_unsent(Errc::cancelled);
  next_.reset();
  if (!active_) return;
  active_->stop_wanted = true;
  if (active_->sent) return;  // that needs last words
  active_->end_unsent(Errc::cancelled);
  active_.reset();
}

awaitable<void> PtzHead::last_words(std::shared_ptr<Commands> commands) {
  auto self = shared_from_this();
  const std::vector<PtzCode> owed = std::exchange(owed_, {});
  for (const PtzCode& code : owed) {
    [[maybe_unused]] const Result<void> said = co_await send_ptz(commands, channel_, PtzVerb::stop, code);
  }
  const std::shared_ptr<PtzRun> move = active_;
  if (!move) co_return;
  co_await wait_for_start(move, kStartGrace);
  const PtzCode code = move->code;
  Result<void> stopped = co_await send_ptz(commands, channel_, PtzVerb::stop, code);
  if (!move->start_known) {
    // On a connection of its own the stop may have overtaken the start.
    co_await wait_for_start(move, std::max(commands->time_left() - kLastStop, Duration::zero()));
    if (move->start_known) {
      Result<void> again = co_await send_ptz(commands, channel_, PtzVerb::stop, code);
      stopped = again;
    }
  }
  if (!stopped) stopped = Errc::cancelled;
  move->end(stopped);
  active_.reset();
}

void PtzHead::unheard() {
  if (active_) active_->end(Errc::cancelled);
  active_.reset();
}

void PtzHead::on_changed() {
  if (!owed_.empty()) wake_.cancel();
}

awaitable<void> PtzHead::run([[maybe_unused]] std::shared_ptr<PtzHead> self) {
  while (!closed_ && (next_ || !owed_.empty())) {
    if (!next_) {
      co_await pay_owed();
      continue;
    }
    active_ = std::move(next_);
    next_.reset();
    const std::shared_ptr<PtzRun> move = active_;
    spawn(session_->context().executor, begin(shared_from_this(), move), session_->context().log);
    co_await wait_for_stop(move);
    if (closed_) break;
    if (move->sent)
      co_await bring_to_rest(move);
    else
      move->end_unsent(Errc::cancelled);
    if (closed_) break;
    active_.reset();
  }
  if (closed_) co_return;
  closed_ = true;
  patience_.cancel();
  session_->remove_tenant(*this);
}

awaitable<void> PtzHead::begin([[maybe_unused]] std::shared_ptr<PtzHead> self, std::shared_ptr<PtzRun> move) {
  const Error failed = co_await try_start(move);
  move->start_known = true;
  if (failed) move->stop_wanted = true;
  if (failed)
    move->on_started(failed);
  else
    move->on_started(Result<void>());
  wake_.cancel();
}

awaitable<Error> PtzHead::try_start(std::shared_ptr<PtzRun> move) {
  const net::TimePoint deadline = session_->context().clock.now() + session_->options().call_timeout;
  auto ended = [move] { return move->stop_wanted && !move->sent; };
  Result<std::shared_ptr<Commands>> ready = co_await session_->commands(deadline, ended);
  if (!ready) co_return ready.error();
  const std::shared_ptr<Commands> commands = *ready;
  if (Error e = co_await require(commands, channel_, feature_of(move->action))) co_return e;
  if (const auto refused = commands->capabilities().refused(channel_, "ptz.start")) co_return *refused;
  const Capabilities* can = commands->capabilities().find(channel_);
  move->code = move_code(move->action, move->speed, can ? can->ptz : PtzCapabilities());
  if (commands->has_rpc()) {
    // Made beforehand, so that nothing but the start itself comes between the decision and the device.
    Result<std::int64_t> instance = co_await kept_instance(commands, "ptz", channel_);
    if (!instance && !(instance.error() == Errc::unsupported && commands->has_cgi()))
      co_return instance.error();
  }
  const net::TimePoint now = session_->context().clock.now();
  const net::TimePoint limit = now + std::min<Duration>(kStartTimeout, session_->options().call_timeout);
  ready = co_await session_->commands(limit, std::move(ended));
  if (!ready) co_return ready.error();
  if (move->stop_wanted) co_return Errc::cancelled;
  move->sent = true;
  move->sent_at = session_->context().clock.now();
  wake_.cancel();
  const PtzCode code = move->code;
  Result<void> started = co_await send_ptz(*ready, channel_, PtzVerb::start, code);
  if (!started) commands->capabilities().remember(channel_, "ptz.start", started.error());
  co_return started.error();
}

awaitable<void> PtzHead::wait_for_stop(std::shared_ptr<PtzRun> move) {
  while (!closed_ && !move->stop_wanted) {
    net::TimePoint until = net::TimePoint::max();
    if (move->sent && move->duration > Duration::zero()) until = move->sent_at + move->duration;
    if (session_->context().clock.now() >= until) {
      move->stop_wanted = true;
      break;
    }
    wake_.expires_at(until);
    co_await wake_.wait();
  }
}

awaitable<void> PtzHead::bring_to_rest(std::shared_ptr<PtzRun> move) {
  Duration wait = kFirstPause;
  int refusals = 0;
  for (;;) {
    co_await wait_for_start(move, kStartGrace);
    if (closed_) co_return;
    const bool last = move->start_known;
    const PtzCode code = move->code;
    Result<void> stopped = co_await send_stop(code);
    if (closed_) co_return;
    if (stopped && last) {
      settle(code);
      owed_pause_ = Duration::zero();  // it takes stops
      co_return move->end(stopped);
    }
    if (stopped) {
      co_await wait_for_start(move, Duration::max());
      continue;
    }
    const Error why = stopped.error();
    session_->context().log.warning("a PTZ move of channel {} is not stopped yet: {}", channel_,
                                    why.to_string());
    if (is_locked_out(why)) {
      co_await session_->changed().wait();
    } else if (is_refusal(why)) {
      const bool enough = ++refusals >= kMaxRefusals || is_hopeless(why);
      if (last && enough) {
        if (!is_hopeless(why)) owe(code);
        co_return move->end(stopped);
      }
      co_await pause(kRefusedPause);
    } else {
      co_await pause(wait);
      wait = std::min(wait * 2, kLongestPause);
    }
  }
}

/// Nobody is let in until something changes; a device that is busy changes by itself.
bool PtzHead::is_locked_out(const Error& why) const {
  return why.category() == ErrorCategory::login && !is_busy(why) && !session_->online();
}

void PtzHead::owe(PtzCode code) {
  settle(code);
  owed_.push_back(code);
  owed_pause_ = kRefusedPause;
}

void PtzHead::settle(const PtzCode& code) {
  std::erase_if(owed_, [&](const PtzCode& one) { return one.code == code.code; });
}

/// After a pause, which the next move or the next login ends, one round over the stops that the device refused.
awaitable<void> PtzHead::pay_owed() {
  const net::TimePoint until = session_->context().clock.now() + owed_pause_;
  const std::uint64_t generation = session_->generation();
  while (!closed_ && !next_ && session_->context().clock.now() < until &&
         session_->generation() == generation) {
    wake_.expires_at(until);
    co_await wake_.wait();
  }
  owed_pause_ = std::clamp(owed_pause_ * 2, kFirstPause, kLongestPause);
  const std::vector<PtzCode> owed = owed_;
  for (const PtzCode& code : owed) {
    if (closed_ || next_) co_return;
    Result<void> stopped = co_await send_stop(code);
    if (stopped || is_hopeless(stopped.error())) settle(code);
  }
}

awaitable<Result<void>> PtzHead::send_stop(PtzCode code) {
  std::function<bool()> ended = [weak = weak_from_this()] {
    const auto self = weak.lock();
    return !self || self->closed_;
  };
  Result<void> ready = co_await session_->ready_for_control(ended);
  if (!ready) co_return ready.error();
  const net::TimePoint deadline = session_->context().clock.now() + kStopTimeout;
  Result<std::shared_ptr<Commands>> commands = co_await session_->commands(deadline, std::move(ended));
  if (!commands) co_return commands.error();
  co_return co_await send_ptz(*commands, channel_, PtzVerb::stop, code);
}

awaitable<void> PtzHead::wait_for_start(std::shared_ptr<PtzRun> move, Duration limit) {
  const net::TimePoint begin = session_->context().clock.now();
  const net::TimePoint until = limit == Duration::max() ? net::TimePoint::max() : begin + limit;
  const bool was_closed = closed_;  // last words wait, too; whoever waits when it is closed does not
  while (!move->start_known && closed_ == was_closed && session_->context().clock.now() < until) {
    wake_.expires_at(until);
    co_await wake_.wait();
  }
}

awaitable<void> PtzHead::pause(Duration d) {
  const net::TimePoint until = session_->context().clock.now() + d;
  while (!closed_ && session_->context().clock.now() < until) {
    wake_.expires_at(until);
    co_await wake_.wait();
  }
}

}  // namespace dmss::session

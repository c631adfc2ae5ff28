#include "session/events/state_watch.hpp"

#include "proto/events/groups.hpp"
#include "session/device/device_session.hpp"
#include "session/engine/spawn.hpp"

namespace dmss::session {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMaxCodes = 48;  // read at once
constexpr Duration kConfirm = 2s;      // an event may be on its way while the device answers
constexpr Duration kFirstPause = 5s;   // before what could not be read is read again
constexpr Duration kLongestPause = 60s;
constexpr int kAttempts = 8;
constexpr int kPollAttempts = 2;  // the next poll asks again

}  // namespace

StateWatch::StateWatch(std::shared_ptr<DeviceSession> device, StateWatchOwner& owner)
    : device_(std::move(device)),
      owner_(owner),
      timer_(device_->context().executor, device_->context().clock) {}

void StateWatch::attached(bool after_gap, bool polls) {
  attached_ = true;
  polls_ = polls;
  ++epoch_;
  timer_.cancel();
  std::erase_if(known_, [&](const std::string& code) {
    return !owner_.asks_code(code) || (after_gap && !owner_.wants_code(code));
  });
  news_.clear();
  if (after_gap) {
    owed_ = owner_.ledger().count();
    reread_.clear();
  }
  Reading r;
  r.all = true;
  r.after_gap = owed_.has_value();
  r.events = owed_.value_or(0);
  r.since = read_at_;
  if (!read_at_) read_at_ = device_->context().clock.now();
  start(std::move(r));
}

void StateWatch::lost() {
  attached_ = false;
  ++epoch_;
  next_.reset();
  news_.clear();
  timer_.cancel();
}

void StateWatch::look(bool all) {
  if (!attached_ || running_) return;
  Reading r;
  r.all = all;
  r.since = read_at_;
  start(std::move(r));
}

void StateWatch::poll() {
  if (!attached_ || running_) return;
  Reading r;
  r.all = r.poll = true;
  start(std::move(r));
}

void StateWatch::joined(const std::set<std::string>& codes) {
  for (const std::string& code : codes) known_.erase(code);
  if (!attached_ || closed_ || codes.empty()) return;
  news_.insert(codes.begin(), codes.end());
  if (std::exchange(running_, true)) return;
  spawn(device_->context().executor, run(shared_from_this()), device_->context().log);
}

bool StateWatch::settled(const EventKey& key) const {
  return !owed_ || owner_.ledger().heard_at(key) > *owed_ || reread_.contains(key.code);
}

void StateWatch::close() {
  closed_ = true;
  timer_.cancel();
}

void StateWatch::start(Reading reading) {
  reading.codes = codes_to_read(reading.all);
  if (reading.codes.empty()) {
    if (reading.poll) return owner_.polled(true);
    if (reading.all) finished(device_->context().clock.now());
    return;
  }
  next_ = std::move(reading);
  if (running_ || closed_) return;
  running_ = true;
  spawn(device_->context().executor, run(shared_from_this()), device_->context().log);
}

std::set<std::string> StateWatch::codes_to_read(bool all) const {
  std::set<std::string> out;
  const auto add = [&](const std::string& code) {
    if (out.size() < kMaxCodes && owner_.wants_code(code)) out.insert(code);
  };
  const net::TimePoint long_ago = device_->context().clock.now() - kInterval;
  for (const EventKey& key : owner_.ledger().on_since(all ? net::TimePoint::max() : long_ago)) add(key.code);
  if (!all) return out;
  for (const std::string& code : owner_.ledger().stateful()) add(code);
  if (polls_) {
    for (const std::string& code : owner_.listed_codes()) add(code);
  }
  for (const auto& [code, group] : proto::events::known_codes()) {
    if (proto::events::has_state(code) || owner_.names_code(std::string(code))) add(std::string(code));
  }
  return out;
}

awaitable<void> StateWatch::run([[maybe_unused]] std::shared_ptr<StateWatch> self) {
  while (!closed_ && (next_ || !news_.empty())) {
    Reading reading;
    if (next_) {
      reading = std::move(*std::exchange(next_, std::nullopt));
    } else {
      reading.codes = std::exchange(news_, {});
    }
    const int epoch = epoch_;
    const net::TimePoint begin = device_->context().clock.now();
    Duration wait = kFirstPause;
    const std::size_t asked = reading.codes.size();
    const int attempts = reading.poll ? 1 : polls_ ? kPollAttempts : kAttempts;
    for (int attempt = 0; attempt < attempts && !stopped(epoch); ++attempt) {
      if (attempt > 0) {
        co_await pause(wait);
        wait = std::min(wait * 2, kLongestPause);
        if (stopped(epoch)) break;
      }
      const Outcome outcome = co_await read(reading);
      if (outcome != Outcome::again) break;
    }
    if (stopped(epoch)) continue;
    if (reading.poll) {
      owner_.polled(reading.codes.size() < asked);
      continue;
    }
    // What could not be asked in all that time is as good as untold.
    for (const std::string& code : reading.codes) cannot_tell(reading, code);
    if (reading.all) finished(begin);
  }
  running_ = false;
}

void StateWatch::finished(net::TimePoint begin) {
  read_at_ = begin;
  owed_.reset();
  owner_.settled();
}

awaitable<void> StateWatch::pause(Duration d) {
  timer_.expires_after(d);
  co_await timer_.wait();
}

/// Codes that were read leave the reading.
awaitable<StateWatch::Outcome> StateWatch::read(Reading& reading) {
  const int epoch = epoch_;
  Outcome all = Outcome::done;
  const std::set<std::string> codes = reading.codes;
  for (const std::string& code : codes) {
    std::string one = code;
    const Outcome outcome = co_await read_code(reading, std::move(one));
    if (stopped(epoch) || outcome == Outcome::lost) co_return Outcome::lost;
    if (outcome == Outcome::done) {
      reading.codes.erase(code);
    } else {
      all = Outcome::again;
    }
  }
  co_return all;
}

awaitable<StateWatch::Outcome> StateWatch::ask(std::string code, std::optional<std::set<int>>& indexes,
                                               std::uint64_t& asked) {
  const int epoch = epoch_;
  // Somebody who waits for a login hurries it; this can wait.
  if (!device_->online()) co_return Outcome::again;
  asked = owner_.ledger().count();
  const net::TimePoint deadline = device_->context().clock.now() + device_->options().call_timeout;
  std::function<bool()> over = [weak = weak_from_this()] {
    auto self = weak.lock();
    return !self || self->closed_;
  };
  Result<std::shared_ptr<Commands>> commands = co_await device_->commands(deadline, std::move(over));
  if (stopped(epoch)) co_return Outcome::lost;
  if (!commands) co_return Outcome::again;
  Result<std::optional<std::set<int>>> told = co_await read_event_state(*commands, std::move(code), ways_);
  if (stopped(epoch)) co_return Outcome::lost;
  if (!told) co_return Outcome::again;
  indexes = std::move(*told);
  co_return Outcome::done;
}

awaitable<StateWatch::Outcome> StateWatch::read_code(Reading& reading, std::string code) {
  const int epoch = epoch_;
  if (generation_ != device_->generation()) {
    silent_.clear();
    ways_ = {};
  }
  generation_ = device_->generation();
  std::vector<EventLedger::Difference> differences;
  const bool confirm = proves_gap(reading, code);
  for (int round = 0; round < (confirm ? 2 : 1); ++round) {
    if (silent_.contains(code)) {
      cannot_tell(reading, code);
      co_return Outcome::done;
    }
    if (round > 0) {
      co_await pause(kConfirm);
      if (stopped(epoch)) co_return Outcome::lost;
    }
    std::optional<std::set<int>> indexes;
    std::uint64_t asked = 0;
    const Outcome outcome = co_await ask(code, indexes, asked);
    if (outcome != Outcome::done) co_return outcome;
    if (!indexes) {
      silent_.insert(code);
      cannot_tell(reading, code);
      co_return Outcome::done;
    }
    differences = owner_.ledger().compare(code, *indexes, asked);
    if (differences.empty()) break;
  }
  apply(reading, code, differences);
  if (owner_.asks_code(code)) known_.insert(code);
  reread_.insert(code);
  owner_.settled();
  co_return Outcome::done;
}

/// After a gap an end may have been missed, and nobody will ever tell.
void StateWatch::cannot_tell(const Reading& reading, const std::string& code) {
  if (!reading.after_gap) return;
  for (const EventKey& key : owner_.ledger().stale(code, reading.events)) {
    owner_.ledger().recover({key, false}, device_->context().clock.now());
    owner_.deliver_recovered({key, false});
  }
}

bool StateWatch::proves_gap(const Reading& reading, const std::string& code) const {
  // What is looked at because it is on was heard of.
  return !reading.poll && !reading.after_gap && reading.since && (!reading.all || known_.contains(code));
}

void StateWatch::apply(Reading& reading, const std::string& code,
                       const std::vector<EventLedger::Difference>& differences) {
  if (differences.empty()) return;
  const net::TimePoint now = device_->context().clock.now();
  if (proves_gap(reading, code)) {
    owner_.tell_gap(*reading.since, now,
                    Error(Errc::not_applied, "the device's state is not what its events told"));
    reading.since.reset();
    reading.after_gap = true;
  }
  for (const auto& d : differences) {
    owner_.ledger().recover(d, now);
    if (reading.poll) {
      owner_.deliver_polled(d);
    } else {
      owner_.deliver_recovered(d);
    }
  }
}

}  // namespace dmss::session

#include "session/device/route_race.hpp"

#include <algorithm>

#include "session/engine/spawn.hpp"

namespace dmss::session {
namespace {

constexpr Duration kNever = std::chrono::hours(24);

}  // namespace

bool leads_to_next_route(Errc code) {
  switch (code) {
    case Errc::resolve_failed:
    case Errc::connect_failed:
    case Errc::connection_lost:
    case Errc::device_offline:
    case Errc::timeout:
    case Errc::unsupported:
    case Errc::malformed:
    case Errc::too_large:
    case Errc::legacy_login_needed:
    case Errc::plaintext_refused: return true;
    default: return false;
  }
}

RouteRace::RouteRace(const Context& context, std::vector<Runner> runners)
    : context_(context), runners_(std::move(runners)), wake_(context_.executor, context_.clock) {}

awaitable<std::shared_ptr<ControlLink>> RouteRace::run() {
  auto self = shared_from_this();
  const net::TimePoint slow = context_.clock.now() + kSlow;
  bool told = false;
  while (!closed_ && !winner_) {
    const net::TimePoint now = context_.clock.now();
    if (more() && (running_ == 0 || now >= next_start_)) {
      start_next();
      continue;
    }
    if (running_ == 0) break;
    if (!told && now >= slow) {
      told = true;
      if (on_slow) on_slow();
      continue;
    }
    net::TimePoint until = now + kNever;
    if (more()) until = std::min(until, next_start_);
    if (!told) until = std::min(until, slow);
    wake_.expires_at(until);
    co_await wake_.wait();
  }
  if (closed_) co_return nullptr;
  for (const Runner& r : runners_) {
    if (r.link != winner_) r.link->close();
  }
  co_return winner_;
}

void RouteRace::start_next() {
  const std::size_t index = started_++;
  ++running_;
  next_start_ = context_.clock.now() + runners_[index].head_start;
  spawn(context_.executor, attempt(shared_from_this(), index), context_.log);
}

awaitable<void> RouteRace::attempt([[maybe_unused]] std::shared_ptr<RouteRace> self, std::size_t index) {
  Runner& runner = runners_[index];
  const std::shared_ptr<ControlLink> link = runner.link;
  Result<void> connected = co_await link->connect();
  --running_;
  if (connected && !winner_ && !closed_) {
    winner_ = link;
  } else if (!connected && !winner_) {
    runner.error = connected.error();
    if (!leads_to_next_route(runner.error.code())) ends_ = true;
    if (index + 1 == started_) next_start_ = context_.clock.now();
  }
  wake_.cancel();
}

void RouteRace::close() {
  if (std::exchange(closed_, true)) return;
  for (const Runner& r : runners_) r.link->close();
  wake_.cancel();
}

Error RouteRace::error() const {
  const auto ended = std::find_if(runners_.begin(), runners_.end(), [](const Runner& r) {
    return r.error && !leads_to_next_route(r.error.code());
  });
  if (ended != runners_.end()) return ended->error;
  return runners_.empty() ? Error() : runners_.front().error;
}

}  // namespace dmss::session

#include "session/config/watcher.hpp"

#include <charconv>

#include "session/engine/spawn.hpp"

namespace dmss::session {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kLeast = 1s;
constexpr std::chrono::milliseconds kMost = 24h;
constexpr std::size_t kMaxNames = 64;

std::vector<std::string> bounded(std::vector<std::string> names) {
  if (names.size() > kMaxNames) names.resize(kMaxNames);
  return names;
}

/// "MotionDetect[0]" is a row, "MotionDetect" the table.
Place place_named(const std::string& name) {
  constexpr int kMaxRow = 1024;
  Place place;
  place.tables = {name};
  const std::size_t open = name.find('[');
  if (open == std::string::npos || !name.ends_with(']')) return place;
  int row = 0;
  const char* end = name.data() + name.size() - 1;
  const auto [stop, error] = std::from_chars(name.data() + open + 1, end, row);
  if (error != std::errc() || stop != end || row < 0 || row >= kMaxRow) return place;
  place.tables = {name.substr(0, open)};
  place.index = row + 1;
  place.shape = RowShape::list_or_object;
  return place;
}

}  // namespace

Watcher::Watcher(std::shared_ptr<DeviceSession> device, std::vector<std::string> names, OnChange on_change,
                 std::chrono::milliseconds period)
    : device_(std::move(device)),
      names_(bounded(std::move(names))),
      on_change_(std::move(on_change)),
      period_(std::clamp(period, kLeast, kMost)),
      actor_(device_->core()->make_actor()),
      pause_(device_->context().executor, device_->context().clock) {}

void Watcher::start() {
  if (stopped_ || !device_->add_tenant(shared_from_this())) {
    stopped_ = true;
    return;
  }
  spawn(device_->context().executor, run(shared_from_this()), device_->context().log);
  spawn(device_->context().executor, listen(shared_from_this()), device_->context().log);
}

void Watcher::stop() {
  if (std::exchange(stopped_, true)) return;
  pause_.cancel();
  device_->changed().notify();
  device_->remove_tenant(*this);
}

void Watcher::close(const Error&) {
  stopped_ = true;
  pause_.cancel();
  device_->changed().notify();
}

awaitable<void> Watcher::listen(std::shared_ptr<Watcher> self) {
  while (!self->stopped_) {
    co_await self->device_->changed().wait();
    // Not at each failed attempt: the watch's own would make it try again at once.
    const bool anew = self->device_->link() && self->device_->generation() != self->generation_;
    if (anew) self->pause_.cancel();
  }
}

awaitable<void> Watcher::run(std::shared_ptr<Watcher> self) {
  while (!self->stopped_) {
    const Error why = co_await self->read_all();
    if (self->stopped_) break;
    const bool hopeless = why && !self->device_->retries(why);
    self->pause_.expires_at(hopeless ? net::TimePoint::max()
                                     : self->device_->context().clock.now() + self->period_);
    co_await self->pause_.wait();
  }
}

awaitable<Error> Watcher::read_all() {
  // A handler that is behind hears of all that happened meanwhile as one change.
  if (waiting_.load(std::memory_order_acquire) > 0) co_return Error();
  std::function<bool()> ended = [weak = weak_from_this()] {
    const auto self = weak.lock();
    return !self || self->stopped_;
  };
  // The session's own attempts bring it back, without being hurried.
  Result<void> ready = co_await device_->ready_for_control(ended);
  if (!ready) co_return ready.error();
  const Duration limit = device_->operation_limit(0ms);
  Result<std::shared_ptr<Commands>> commands =
      co_await device_->commands(device_->context().clock.now() + limit, std::move(ended));
  if (!commands) co_return commands.error();
  generation_ = device_->generation();
  for (const std::string& name : names_) {
    Place place = place_named(name);
    Result<Reading> reading = co_await read_place(*commands, std::move(place));
    if (stopped_) co_return Error();
    if (reading) compare(name, proto::rpc::dump(reading->value));
  }
  co_return Error();
}

void Watcher::compare(const std::string& name, std::string now) {
  const auto [place, first] = last_.try_emplace(name, now);
  if (first || place->second == now) return;
  ConfigChange change{name, std::exchange(place->second, now), now};
  tell(std::move(change));
}

void Watcher::tell(ConfigChange change) {
  if (!on_change_ || released()) return;
  ++waiting_;
  actor_->post([self = shared_from_this(), change = std::move(change)] {
    if (!self->released()) call_handler(self->on_change_, change);
    --self->waiting_;
  });
}

}  // namespace dmss::session

#include <algorithm>
#include <optional>

#include "net/clock.hpp"

namespace dmss::net {

VirtualClock::VirtualClock() : now_(std::chrono::hours(1)) {}

std::chrono::system_clock::time_point VirtualClock::wall_now() const {
  constexpr auto kEpoch = std::chrono::seconds(1'800'000'000);
  return std::chrono::system_clock::time_point(kEpoch) +
         std::chrono::duration_cast<std::chrono::system_clock::duration>(now_.time_since_epoch()) +
         wall_offset_;
}

void VirtualClock::arm(Timer& timer) {
  timer.fired_ = std::make_shared<bool>(false);
  timer.timer_.expires_at(asio::steady_timer::time_point::max());
  waiting_.emplace(timer.at_, &timer);
}

void VirtualClock::disarm(Timer& timer) {
  const auto [first, last] = waiting_.equal_range(timer.at_);
  for (auto it = first; it != last; ++it) {
    if (it->second == &timer) {
      waiting_.erase(it);
      return;
    }
  }
}

void VirtualClock::advance(Duration d, const std::function<void()>& settle) {
  const TimePoint end = now_ + d;
  settle();
  while (!waiting_.empty() && waiting_.begin()->first <= end) {
    Timer* due = waiting_.begin()->second;
    now_ = std::max(now_, waiting_.begin()->first);
    waiting_.erase(waiting_.begin());
    *due->fired_ = true;
    due->timer_.cancel();
    settle();
  }
  now_ = end;
}

std::optional<TimePoint> VirtualClock::next() const {
  return waiting_.empty() ? std::nullopt : std::optional(waiting_.begin()->first);
}

}  // namespace dmss::net

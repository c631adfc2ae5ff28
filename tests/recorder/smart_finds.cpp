#include "recorder/smart_finds.hpp"

#include <algorithm>

namespace dmss::recorder {
namespace {

template <class T>
bool holds(const std::vector<T>& list, const T& one) {
  return std::find(list.begin(), list.end(), one) != list.end();
}

}  // namespace

Json SmartFinds::Find::to_json() const {
  return {{"Channel", channel},
          {"Type", type},
          {"StartTime", DeviceClock::text(begin)},
          {"EndTime", end ? DeviceClock::text(*end) : std::string()}};
}

SmartFinds::SmartFinds(EventHub& events, const DeviceClock& clock) : clock_(clock) {
  events.observe([this](const DeviceEvent& e) { take(e); });
}

void SmartFinds::take(const DeviceEvent& e) {
  std::string type;
  if (e.code == "SmartMotionHuman") type = "smdTypeHuman";
  if (e.code == "SmartMotionVehicle") type = "smdTypeVehicle";
  if (type.empty()) return;
  const auto now = clock_.now();
  if (e.action == "Stop") {
    const auto mine = [&](const Find& f) { return f.channel == e.index && f.type == type && !f.end; };
    const auto begun = std::find_if(finds_.rbegin(), finds_.rend(), mine);
    if (begun != finds_.rend()) begun->end = now;
    return;
  }
  Find find{e.index, std::move(type), now, std::nullopt};
  if (e.action == "Pulse") find.end = now;
  finds_.push_back(std::move(find));
  if (finds_.size() > kMaxFinds) finds_.pop_front();
}

std::optional<std::int64_t> SmartFinds::start(const Condition& c) {
  if (searches_.size() >= kMaxSearches) return std::nullopt;
  std::vector<Find> found;
  for (const Find& f : finds_) {
    if (f.begin >= c.from && f.begin < c.to + std::chrono::seconds(1) && holds(c.channels, f.channel) &&
        holds(c.types, f.type))
      found.push_back(f);
  }
  if (c.descending) std::reverse(found.begin(), found.end());
  searches_[next_token_] = std::move(found);
  return next_token_++;
}

const std::vector<SmartFinds::Find>* SmartFinds::found(std::int64_t token) const {
  const auto search = searches_.find(token);
  return search == searches_.end() ? nullptr : &search->second;
}

}  // namespace dmss::recorder

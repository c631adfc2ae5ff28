#include "session/events/ledger.hpp"

#include <algorithm>

namespace dmss::session {
namespace {

using namespace std::chrono_literals;

constexpr net::Duration kWindow = 60s;    // in which an event may be told again
constexpr net::Duration kLateEvent = 5s;  // an event may come so long after the answer that knew of it
constexpr std::size_t kMaxHeard = 2048;
constexpr std::size_t kMaxStates = 8192;
constexpr std::size_t kMaxCodes = 256;

bool is_edge(EventAction action) {
  return action == EventAction::start || action == EventAction::stop;
}

}  // namespace

void EventLedger::overlap(int one, int other, net::TimePoint since) {
  overlap_ = {one, other, since};
}

bool EventLedger::repeats(const Heard& h, int source, const proto::events::WireEvent& event) const {
  const bool dated = h.event_id != 0 || h.has_time;
  if (h.source != source) {
    if (h.repeated_by.contains(source)) return false;
    const bool both = (overlap_.one == h.source && overlap_.other == source) ||
                      (overlap_.one == source && overlap_.other == h.source);
    return dated || (both && h.at >= overlap_.since);
  }
  if (h.event_id != 0) return true;
  // Two pulses in one second may look the same; two beginnings without an end between them are one.
  if (!is_edge(event.event.action) || !h.has_time) return false;
  const auto state = states_.find(h.key);
  return state != states_.end() && state->second.at == h.number;
}

bool EventLedger::heard_before(int source, const proto::events::WireEvent& event, std::size_t data) {
  for (Heard& h : heard_) {
    if (h.action != event.event.action || h.data != data || h.key.index != event.event.index ||
        h.key.code != event.event.code || h.event_id != event.event_id || !repeats(h, source, event))
      continue;
    h.repeated_by.insert(source);
    return true;
  }
  return false;
}

/// An answer of the device was quicker than the event itself.
bool EventLedger::told_already(const EventKey& key, bool on, net::TimePoint now) const {
  const auto it = states_.find(key);
  return it != states_.end() && it->second.recovered && it->second.on == on &&
         now - it->second.changed < kLateEvent;
}

bool EventLedger::take(int source, const proto::events::WireEvent& event, net::TimePoint now) {
  while (!heard_.empty() && (now - heard_.front().at > kWindow || heard_.size() >= kMaxHeard))
    heard_.pop_front();
  const Event& e = event.event;
  const std::size_t data = std::hash<std::string>()(e.data) ^ std::hash<std::string>()(e.action_text) * 31;
  if (heard_before(source, event, data)) return false;
  const EventKey key{e.code, e.index};
  const bool edge = is_edge(e.action);
  const bool on = e.action == EventAction::start;
  const bool known = edge && told_already(key, on, now);
  ++count_;
  heard_.push_back({key, e.action, data, event.event_id, e.device_time.has_value(), now, count_, source, {}});
  if (!edge) return true;
  if (stateful_.size() < kMaxCodes) stateful_.insert(e.code);
  if (states_.size() >= kMaxStates && !states_.contains(key)) {
    std::erase_if(states_, [](const auto& s) { return !s.second.on; });
    if (states_.size() >= kMaxStates) return true;
  }
  State& state = states_[key];
  if (state.on != on) state.changed = now;
  state.on = on;
  state.recovered = false;
  state.at = count_;
  return !known;
}

std::vector<EventKey> EventLedger::on() const {
  return on_since(net::TimePoint::max());
}

bool EventLedger::is_on(const EventKey& key) const {
  const auto it = states_.find(key);
  return it != states_.end() && it->second.on;
}

std::uint64_t EventLedger::heard_at(const EventKey& key) const {
  const auto it = states_.find(key);
  return it != states_.end() ? it->second.at : 0;
}

void EventLedger::forget(const std::function<bool(const EventKey&)>& which) {
  std::erase_if(states_, [&](const auto& s) { return which(s.first); });
}

std::vector<EventKey> EventLedger::on_since(net::TimePoint moment) const {
  std::vector<EventKey> out;
  for (const auto& [key, state] : states_) {
    if (state.on && state.changed <= moment) out.push_back(key);
  }
  return out;
}

std::vector<EventKey> EventLedger::stale(const std::string& code, std::uint64_t count) const {
  std::vector<EventKey> out;
  for (const auto& [key, state] : states_) {
    if (state.on && key.code == code && state.at <= count) out.push_back(key);
  }
  return out;
}

std::vector<EventLedger::Difference> EventLedger::compare(const std::string& code,
                                                          const std::set<int>& indexes,
                                                          std::uint64_t asked) const {
  // Some events have no index of their own, and the device answers with the first.
  const EventKey whole{code, 0};
  const bool without_index = states_.contains(whole);
  std::map<EventKey, bool> device;
  for (const auto& [key, state] : states_) {
    if (key.code == code) device[key] = false;
  }
  if (without_index) device[whole] = !indexes.empty();
  for (const int index : indexes) {
    if (!without_index) device[{code, index}] = true;
  }
  std::vector<Difference> out;
  for (const auto& [key, on] : device) {
    const auto it = states_.find(key);
    const bool newer = it != states_.end() && it->second.at > asked;
    if (!newer && is_on(key) != on) out.push_back({key, on});
  }
  return out;
}

void EventLedger::recover(const Difference& d, net::TimePoint now) {
  State& state = states_[d.key];
  state.on = d.on;
  state.recovered = true;
  state.changed = now;
  if (stateful_.size() < kMaxCodes) stateful_.insert(d.key.code);
}

}  // namespace dmss::session

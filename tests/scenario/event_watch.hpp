// What a caller of Device::events has been told.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "dmss/device.hpp"

namespace dmss::scenario {

class EventWatch {
 public:
  struct Told {
    std::vector<Event> events;
    std::vector<EventGap> gaps;
    std::vector<std::pair<EventState, Errc>> states;
    std::set<std::pair<std::string, int>> on;  // code and index from 0
    int overlapping = 0;
  };

  EventHandlers handlers() {
    EventHandlers h;
    h.on_event = [t = told_](const Event& e) {
      t->events.push_back(e);
      if (e.action == EventAction::start) t->on.insert({e.code, e.index - 1});
      if (e.action == EventAction::stop) t->on.erase({e.code, e.index - 1});
    };
    h.on_gap = [t = told_](const EventGap& g) { t->gaps.push_back(g); };
    h.on_state = [t = told_](EventState s, const Error& why) { t->states.emplace_back(s, why.code()); };
    return h;
  }
  const std::vector<Event>& events() const { return told_->events; }
  const std::vector<EventGap>& gaps() const { return told_->gaps; }
  const std::set<std::pair<std::string, int>>& on() const { return told_->on; }
  std::vector<EventState> states() const {
    std::vector<EventState> out;
    for (const auto& [state, why] : told_->states) out.push_back(state);
    return out;
  }
  EventState state() const {
    return told_->states.empty() ? EventState::attaching : told_->states.back().first;
  }
  Errc why() const { return told_->states.empty() ? Errc::ok : told_->states.back().second; }
  /// "Code Action index" of each event, "*" before those the SDK recovered.
  std::vector<std::string> words() const {
    std::vector<std::string> out;
    for (const Event& e : told_->events)
      out.push_back((e.recovered ? "*" : "") + e.code + " " + e.action_text + " " + std::to_string(e.index));
    return out;
  }

 private:
  std::shared_ptr<Told> told_ = std::make_shared<Told>();
};

}  // namespace dmss::scenario

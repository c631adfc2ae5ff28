// SmartFinds: humans and vehicles that smart motion detection saw, and searches in them (protocol http-rpc.md §10.1).
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "recorder/device_clock.hpp"
#include "recorder/event_hub.hpp"

namespace dmss::recorder {

class SmartFinds {
 public:
  /// Written down from the events SmartMotionHuman and SmartMotionVehicle.
  SmartFinds(EventHub& events, const DeviceClock& clock);

  struct Find {
    int channel = 0;   // from 0
    std::string type;  // "smdTypeHuman"
    DeviceClock::Time begin;
    std::optional<DeviceClock::Time> end;  // none while it goes on

    Json to_json() const;
  };
  struct Condition {
    DeviceClock::Time from, to;
    std::vector<int> channels;  // from 0
    std::vector<std::string> types;
    bool descending = false;
  };
  /// A search; nullopt when too many are open.
  std::optional<std::int64_t> start(const Condition& condition);
  /// nullptr when there is no such search.
  const std::vector<Find>* found(std::int64_t token) const;
  bool stop(std::int64_t token) { return searches_.erase(token) != 0; }

  static constexpr std::size_t kMaxFinds = 1024;
  static constexpr std::size_t kMaxSearches = 8;

 private:
  void take(const DeviceEvent& event);

  const DeviceClock& clock_;
  std::deque<Find> finds_;
  std::map<std::int64_t, std::vector<Find>> searches_;
  std::int64_t next_token_ = 301;
};

}  // namespace dmss::recorder

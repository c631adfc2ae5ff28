// AlarmIo: alarm inputs and outputs. An input raises AlarmLocal; events drive the outputs that the tables link to them
// (protocol http-rpc.md §5.2, §5.5, §5.10).
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>

#include "net/clock.hpp"
#include "recorder/event_hub.hpp"
#include "recorder/tables.hpp"

namespace dmss::recorder {

class AlarmIo {
 public:
  AlarmIo(const Tables& tables, EventHub& events, const net::Clock& clock);

  int inputs() const { return rows("Alarm", 4); }
  int outputs() const { return rows("AlarmOut", 2); }
  int net_inputs() const { return rows("NetAlarm", 16); }

  /// An input, from 0, opens or closes; an alarm is raised where the tables enable it, or by `force`. False when
  /// there is none of that number.
  bool set_input(int index, bool on, bool force = false);
  /// A network alarm, from 0.
  bool set_net_alarm(int index, bool on, bool force = false);
  /// Bit i is input i.
  std::uint32_t input_state() const { return inputs_; }
  /// Bit i is output i: its mode (0 automatic, 1 on, 2 off), and what is linked to it.
  std::uint32_t output_state() const;
  Json to_json() const;

 private:
  struct Output {
    std::set<std::pair<std::string, int>> held;  // by events that go on
    net::TimePoint until{};
  };
  int rows(const char* table, int fallback) const;
  bool enabled(const std::string& table, int index) const;
  void link(const DeviceEvent& event);

  const Tables& tables_;
  EventHub& events_;
  const net::Clock& clock_;
  std::uint32_t inputs_ = 0;
  std::map<int, Output> outputs_;
};

}  // namespace dmss::recorder

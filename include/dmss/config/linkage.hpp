// Linkage: what a device does when an alarm strikes; the same block in every alarm table (manual §3.2; protocol http-rpc.md §5.2).
#pragma once

#include <vector>

#include "dmss/config/schedule.hpp"

namespace dmss {

struct Linkage {
  Schedule period;
  int anti_dither = 0;  ///< seconds, 0 to 600: further alarms within it count as the same

  bool record = false;
  std::vector<int> record_channels;  ///< from 1, ascending
  int record_delay = 10;             ///< seconds recorded after the alarm ended, 10 to 300

  bool alarm_output = false;
  std::vector<int> alarm_outputs;  ///< from 1, ascending
  int alarm_output_delay = 10;     ///< seconds, 0 to 300

  bool snapshot = false;
  std::vector<int> snapshot_channels;  ///< from 1, ascending

  bool operator==(const Linkage&) const = default;
};

}  // namespace dmss

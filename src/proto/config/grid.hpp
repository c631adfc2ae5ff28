// Regions on the wire: a number for each row, a bit for each column, and two orders of those bits (protocol http-rpc.md §5.3).
#pragma once

#include "dmss/config/region.hpp"
#include "proto/config/fields.hpp"

namespace dmss::proto::config {

enum class BitOrder {
  left_is_low,   ///< MotionDetect[ch].Region: bit 0 is the leftmost column
  left_is_high,  ///< MotionDetectWindow[n].Region: bit 21 is the leftmost column
};

/// Rows that are missing or no numbers are empty.
Region read_grid(const Json* rows, BitOrder order);
/// Rows that differ only; bits beyond the grid stay.
void apply_grid(const Region& value, const Region& before, BitOrder order, const char* key, Edit& edit);

}  // namespace dmss::proto::config

// What the control port makes happen at the device: events, scripts of them, inputs, motion, troubles, camera heads
// (docs/recorder.md).
#pragma once

#include <string>

#include "recorder/core.hpp"

namespace dmss::recorder {

/// POST /event. How many subscriptions the events that happened at once reached. Errors: invalid_argument.
Result<int> control_event(Core& core, const std::string& json);

/// POST /input, /net_input, /motion, /trouble, /channel, /ptz. False when it is none of these.
bool is_happening(const std::string& path);
Result<void> control_happening(Core& core, const std::string& path, const Json& arguments);

}  // namespace dmss::recorder

// The control port: faults, events and state as JSON over HTTP (docs/recorder.md).
#pragma once

#include <memory>
#include <string>

#include "recorder/core.hpp"
#include "recorder/link.hpp"

namespace dmss::recorder {

net::awaitable<void> serve_control(Core& core, std::shared_ptr<Link> link);

/// One fault or an array of them.
Result<void> control_fault(Core& core, const std::string& json);
Json control_state(Core& core);

}  // namespace dmss::recorder

// Identity by JSON-RPC, the same on every route that has it (protocol http-rpc.md §4.2).
#pragma once

#include "session/control/control_link.hpp"

namespace dmss::session {

/// Asks for what `info` does not have yet: serial, model, class, software, channel names.
awaitable<void> complete_identity(std::shared_ptr<ControlLink> link, DeviceInfo& info, Duration timeout);

}  // namespace dmss::session

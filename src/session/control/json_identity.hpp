// Identity by JSON-RPC, the same on every route that has it (protocol http-rpc.md §4.2).
#pragma once

#include "session/control/control_link.hpp"

namespace dmss::session {

/// "2.800.0000016.0.R,build:2020-06-05", or the version alone.
void read_version(std::string_view text, DeviceInfo& info);

/// Asks for what `info` does not have yet: serial, model, class, versions, channel names.
awaitable<void> complete_identity(std::shared_ptr<ControlLink> link, DeviceInfo& info, Duration timeout);

}  // namespace dmss::session

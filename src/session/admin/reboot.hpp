// Restarts a device (protocol http-rpc.md §4.1, §4.3).
#pragma once

#include "session/device/commands.hpp"

namespace dmss::session {

/// Sent once. Success = the device has agreed.
awaitable<Result<void>> reboot(std::shared_ptr<Commands> commands);

}  // namespace dmss::session

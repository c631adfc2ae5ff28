// A device's clock (protocol http-rpc.md §6.4).
#pragma once

#include <functional>

#include "dmss/admin.hpp"
#include "session/device/commands.hpp"

namespace dmss::session {

/// Of this host, in its zone.
using LocalTime = std::function<DeviceTime(std::chrono::system_clock::time_point)>;
DeviceTime host_local_time(std::chrono::system_clock::time_point t);

awaitable<Result<DeviceTime>> read_time(std::shared_ptr<Commands> commands);
/// Reads it back: not_applied when the device shows another time.
awaitable<Result<void>> write_time(std::shared_ptr<Commands> commands, DeviceTime time);
/// Half of a reading's round trip is added, as it takes about that long until the device hears the time.
awaitable<Result<void>> sync_time(std::shared_ptr<Commands> commands, LocalTime local_time);

}  // namespace dmss::session

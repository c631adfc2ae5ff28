// Alarm inputs and outputs (protocol http-rpc.md §4.2, §5.5, §5.10).
#pragma once

#include "dmss/admin.hpp"
#include "session/config/table_locks.hpp"
#include "session/device/commands.hpp"

namespace dmss::session {

awaitable<Result<AlarmStates>> read_alarm_states(std::shared_ptr<Commands> commands);
awaitable<Result<void>> set_network_alarm(std::shared_ptr<Commands> commands, int input, bool on);

/// alarm_output.cpp
awaitable<Result<void>> set_alarm_output(std::shared_ptr<Commands> commands,
                                         std::shared_ptr<TableLocks> locks, int output,
                                         AlarmOutput::Mode mode);

}  // namespace dmss::session

// The disks of a device (protocol http-rpc.md §6.3).
#pragma once

#include "dmss/admin.hpp"
#include "session/device/commands.hpp"

namespace dmss::session {

/// `lasting` takes and gives back the instance that old firmware wants for the question.
awaitable<Result<std::vector<Disk>>> read_disks(std::shared_ptr<Commands> commands,
                                                std::shared_ptr<Commands> lasting);

}  // namespace dmss::session

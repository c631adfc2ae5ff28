// Who is logged in at a device (protocol http-rpc.md §6.1).
#pragma once

#include "dmss/admin.hpp"
#include "session/device/commands.hpp"

namespace dmss::session {

awaitable<Result<std::vector<OnlineUser>>> read_online_users(std::shared_ptr<Commands> commands);

}  // namespace dmss::session

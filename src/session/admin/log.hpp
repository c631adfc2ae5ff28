// Searches a device's log (protocol http-rpc.md §10.1).
#pragma once

#include <functional>

#include "dmss/admin.hpp"
#include "session/device/commands.hpp"

namespace dmss::session {

/// Takes a page; false ends the search. Held by the search as long as it runs.
using OnLogPage = std::function<awaitable<bool>(std::vector<LogEntry>)>;

/// `lasting` opens and closes the search: a device has few, and one whose token went unheard could not be closed.
awaitable<Result<void>> search_log(std::shared_ptr<Commands> commands, std::shared_ptr<Commands> lasting,
                                   LogQuery query, OnLogPage on_page);

}  // namespace dmss::session

// Searches a device's log (protocol http-rpc.md §10.1).
#pragma once

#include "session/admin/paged_search.hpp"

namespace dmss::session {

awaitable<Result<void>> search_log(std::shared_ptr<Commands> commands, std::shared_ptr<Commands> lasting,
                                   LogQuery query, OnPage<LogEntry> on_page);

}  // namespace dmss::session

// Searches a device's smart motion: humans and vehicles (protocol http-rpc.md §10.1).
#pragma once

#include "session/admin/paged_search.hpp"

namespace dmss::session {

awaitable<Result<void>> search_smart(std::shared_ptr<Commands> commands, std::shared_ptr<Commands> lasting,
                                     SmartQuery query, OnPage<SmartEntry> on_page);

}  // namespace dmss::session

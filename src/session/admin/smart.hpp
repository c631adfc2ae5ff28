// Searches a device's smart motion: humans and vehicles (protocol http-rpc.md §10.1).
#pragma once

#include <functional>

#include "dmss/admin.hpp"
#include "session/device/commands.hpp"

namespace dmss::session {

/// Takes a page; false ends the search. Held by the search as long as it runs.
using OnSmartPage = std::function<awaitable<bool>(std::vector<SmartEntry>)>;

/// `lasting` opens and closes the search, as in search_log().
awaitable<Result<void>> search_smart(std::shared_ptr<Commands> commands, std::shared_ptr<Commands> lasting,
                                     SmartQuery query, OnSmartPage on_page);

}  // namespace dmss::session

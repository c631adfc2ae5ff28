// The smart search of JSON-RPC: SmdDataFinder.startFind and doFind (protocol http-rpc.md §10.1).
#pragma once

#include <vector>

#include "dmss/admin.hpp"
#include "proto/rpc/message.hpp"

namespace dmss::proto::admin {

inline constexpr int kMaxSmartChannels = 1024;
inline constexpr int kMaxSmartEntries = 100000;
inline constexpr int kSmartPage = 100;  ///< entries asked for at once

/// `params` of SmdDataFinder.startFind: newest first, the only order that the notes name.
rpc::Json smart_condition(const SmartQuery& query);
/// `params` of SmdDataFinder.doFind. `token` as the device gave it.
rpc::Json smart_seek(const rpc::Json& token, int offset, int count);
/// `params` of its answer: the notes do not describe it, so it is read as entry_list() says. At most `limit` entries.
std::vector<SmartEntry> read_smart_page(const rpc::Json& params, std::size_t limit);

}  // namespace dmss::proto::admin

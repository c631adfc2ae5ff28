// The log search of JSON-RPC: log.startFind, getCount, doSeekFind (protocol http-rpc.md §10.1).
#pragma once

#include <vector>

#include "dmss/admin.hpp"
#include "proto/rpc/message.hpp"

namespace dmss::proto::admin {

inline constexpr std::size_t kMaxLogTypes = 100;
inline constexpr int kMaxLogEntries = 100000;
inline constexpr int kLogPage = 100;  ///< entries asked for at once

/// `params` of log.startFind.
rpc::Json log_condition(const LogQuery& query);
/// `params` of log.doSeekFind. `token` as the device gave it.
rpc::Json log_seek(const rpc::Json& token, int offset, int count);
/// `params` of its answer: the notes do not name the list, so it is the first array of objects. At most `limit` entries.
std::vector<LogEntry> read_log_page(const rpc::Json& params, std::size_t limit);

}  // namespace dmss::proto::admin

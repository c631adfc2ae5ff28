// The few configuration rows that controls change: read, changed, written, read again (protocol http-rpc.md §3.2, §4.4).
#pragma once

#include <functional>

#include "session/device/commands.hpp"

namespace dmss::session {

/// The table of a channel (from 1); over CGI its leaves are text. Errors: unsupported (no such table), those of the device.
awaitable<Result<proto::rpc::Json>> read_row(std::shared_ptr<Commands> commands, std::string table,
                                             int channel);

/// `change` alters the row and says whether there was anything to alter (false = unsupported: this row has no such setting).
using RowChange = std::function<bool(proto::rpc::Json& row)>;

enum class RowLeaves { changed, all };

/// Writes what `change` made of the row; everything else stays as it was read. Over CGI the leaves that differ are written (or all of them:
/// some rows are only taken whole), and none that was not read. Errors: those of read_row, not_applied (the device reads back another value), device_error.
awaitable<Result<void>> change_row(std::shared_ptr<Commands> commands, std::string table, int channel,
                                   RowChange change, RowLeaves leaves = RowLeaves::changed);

/// `value` in the type that the leaf has: numbers and booleans stay text where they were read as text.
void set_leaf(proto::rpc::Json& row, const char* key, std::int64_t value);
void set_leaf(proto::rpc::Json& row, const char* key, bool value);

}  // namespace dmss::session

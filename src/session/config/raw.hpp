// Any table as JSON text (protocol http-rpc.md §4.4).
#pragma once

#include "session/config/table.hpp"

namespace dmss::session {

/// Errors: invalid_argument for a name that no table has or an index that is none.
Error check_table(const Commands& commands, const ConfigTable& table);

awaitable<Result<std::string>> read_raw(std::shared_ptr<Commands> commands, ConfigTable table);
/// Writing VideoAnalyseRule may reset MotionDetect and SmartMotionDetect (§3.2): those are put back.
awaitable<Result<ConfigWritten>> write_raw(std::shared_ptr<Commands> commands,
                                           std::shared_ptr<TableLocks> locks, ConfigTable table,
                                           std::string json, std::string expected);
/// The same with a change instead of a value; its error ends it before anything is written.
awaitable<Result<ConfigWritten>> edit_raw(std::shared_ptr<Commands> commands,
                                          std::shared_ptr<TableLocks> locks, ConfigTable table,
                                          std::optional<Json> expected, std::function<Error(Json&)> change);
awaitable<Result<void>> remove_raw(std::shared_ptr<Commands> commands, std::shared_ptr<TableLocks> locks,
                                   ConfigTable table);
awaitable<Result<std::string>> read_raw_default(std::shared_ptr<Commands> commands, ConfigTable table);
awaitable<Result<std::vector<std::string>>> list_tables(std::shared_ptr<Commands> commands);

}  // namespace dmss::session

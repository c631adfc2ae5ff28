// One part of a configuration table on a device: read, written and verified, over JSON-RPC or CGI (protocol http-rpc.md §3.2, §4.4).
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/charset.hpp"
#include "dmss/config.hpp"
#include "proto/config/diff.hpp"
#include "session/config/table_locks.hpp"
#include "session/device/commands.hpp"

namespace dmss::session {

using proto::rpc::Json;

/// What a row may be; where it may be a list, an answer to "row 1" does not show whether the firmware heard the "1".
enum class RowShape { object, list_or_object };

/// Where a value lives.
struct Place {
  std::vector<std::string> tables;  ///< names that firmwares use for it, in the order they are tried
  int index = 0;                    ///< row from 1 (channel, input, output); 0 = the whole table
  const char* row = "channel";      ///< what the rows are, for errors
  RowShape shape = RowShape::object;
  bool by_pir_cgi = false;            ///< not in the tables at all: pirAlarm.cgi
  std::vector<std::string> together;  ///< over CGI these members of a row are written all when one is
};

/// What a device told of a place, and how to tell it something else.
struct Reading {
  enum class Way {
    rpc_scope,  ///< JSON-RPC with `channel`: the table is the row
    rpc_row,    ///< JSON-RPC without: the row is a part of `whole`
    rpc_whole,  ///< JSON-RPC, the whole table
    cgi,        ///< configManager.cgi
    pir_cgi,    ///< pirAlarm.cgi
  };
  std::string table;
  int index = 0;
  Way way = Way::rpc_scope;
  Json value;
  Json whole;
  Charset charset = Charset::utf8;  ///< what the device's text is in, and is to be written in
  // CGI only: keys are `prefix` and the path; what they had for values.
  std::string prefix;
  std::map<std::string, std::string> spelled;

  bool over_rpc() const { return way == Way::rpc_scope || way == Way::rpc_row || way == Way::rpc_whole; }
};

/// Members that devices want together, of a row of this table; empty: none are known.
std::vector<std::string> together_in(const std::string& table);

/// Errors: unsupported (names what was tried), no_such_channel, no_permission, malformed and those of Commands.
awaitable<Result<Reading>> read_place(std::shared_ptr<Commands> commands, Place place);

/// Writes what `wanted` differs in. Errors: unsupported (CGI: keys that were not read; text that would be damaged), too_large,
/// invalid_argument (text that the device's encoding lacks), device_error, those of Commands.
awaitable<Result<ConfigWritten>> write_reading(std::shared_ptr<Commands> commands, Reading present,
                                               Json wanted, std::vector<std::string> together);

struct Edition {
  Place place;
  std::optional<Json> expected;        ///< what the caller saw; another state on the device is a conflict
  std::function<Error(Json&)> change;  ///< from what is on the device to what is wanted
  bool may_lose_connection = false;    ///< the change may take the device away: reading back may fail
};
struct Edited {
  ConfigWritten written;
  Reading now;  ///< as read back
};
/// Waits for its turn, reads, compares, changes, writes, reads back. Errors: those of reading and writing, of `change`; conflict,
/// not_applied.
awaitable<Result<Edited>> edit_place(std::shared_ptr<Commands> commands, std::shared_ptr<TableLocks> locks,
                                     Edition edition);
/// The same for whoever has the turn already.
awaitable<Result<Edited>> edit_in_turn(std::shared_ptr<Commands> commands, Edition edition);
/// In which queue writers of this table stand.
std::string lock_name(const std::string& table);

// The two ways (table_rpc.cpp, table_cgi.cpp).
awaitable<Result<Reading>> read_by_rpc(std::shared_ptr<Commands> commands, Place place, std::string table);
awaitable<Result<ConfigWritten>> write_by_rpc(std::shared_ptr<Commands> commands, Reading present,
                                              Json wanted);
awaitable<Result<Reading>> read_by_cgi(std::shared_ptr<Commands> commands, Place place, std::string table);
awaitable<Result<Reading>> read_by_pir_cgi(std::shared_ptr<Commands> commands, int channel);
awaitable<Result<ConfigWritten>> write_by_cgi(std::shared_ptr<Commands> commands, Reading present,
                                              Json wanted, std::vector<std::string> together);

Error changed_meanwhile(const std::string& table);
/// "no row 9 of table Alarm"
Error no_row(const Place& place, const std::string& table);
/// Says that this table is not there, for this user at least.
bool says_no_table(const Error& error);
/// Text in no encoding that is known: writing it back would damage it.
bool holds_damaged_text(const Json& value);

}  // namespace dmss::session

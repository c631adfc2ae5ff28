#include "session/config/raw.hpp"

#include "proto/rpc/codes.hpp"

namespace dmss::session {
namespace {

namespace rpc = proto::rpc;

constexpr std::size_t kMaxName = 128;
constexpr std::size_t kMaxNames = 10000;
constexpr const char* kRules = "VideoAnalyseRule";
constexpr const char* kResetByRules[] = {"SmartMotionDetect", "MotionDetect"};

bool is_name(const std::string& name) {
  if (name.empty() || name.size() > kMaxName) return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == ':';
  });
}

Place place_of(const ConfigTable& table) {
  Place place;
  place.tables = {table.name};
  place.index = table.channel;
  place.shape = RowShape::list_or_object;
  place.together = together_in(table.name);
  return place;
}

Json params_of(const ConfigTable& table) {
  Json params = {{"name", table.name}};
  if (table.channel > 0) params["channel"] = table.channel - 1;
  return params;
}

/// A table may be a single text or number ("VideoStandard"), which is no JSON document by itself for the reader.
Result<Json> parse_table(const std::string& text, const char* argument) {
  Result<Json> list = rpc::parse_json("[" + text + "]");
  if (list && list->is_array() && list->size() == 1) return std::move(list->front());
  return Error(Errc::invalid_argument, std::string(argument) + ": no JSON");
}

Error without_rpc(const char* what) {
  return Error(Errc::unsupported, std::string(what) + " needs JSON-RPC, which this device does not have");
}

/// What must not change when rules are written; tables that the device lacks are left out.
awaitable<std::vector<Reading>> read_guarded(std::shared_ptr<Commands> commands, ConfigTable rules) {
  std::vector<Reading> out;
  for (const char* name : kResetByRules) {
    ConfigTable table{name, rules.channel};
    Place place = place_of(table);
    Result<Reading> reading = co_await read_place(commands, std::move(place));
    if (reading) out.push_back(std::move(*reading));
  }
  co_return out;
}

awaitable<Error> put_back_one(std::shared_ptr<Commands> commands, Reading before) {
  Place place = place_of(ConfigTable{before.table, before.index});
  Result<Reading> now = co_await read_place(commands, std::move(place));
  if (!now) co_return now.error();
  if (now->value == before.value) co_return Error();
  std::vector<std::string> together = together_in(before.table);
  Result<ConfigWritten> written =
      co_await write_reading(commands, std::move(*now), std::move(before.value), std::move(together));
  co_return written ? Error() : written.error();
}

/// One that cannot be put back does not keep the others from it.
awaitable<Error> put_back(std::shared_ptr<Commands> commands, std::vector<Reading> before) {
  Error first;
  for (Reading& old : before) {
    const std::string table = old.table;
    const Error why = co_await put_back_one(commands, std::move(old));
    if (why && !first)
      first = Error(why.code(), "the rules were written, but table " + table +
                                    " was reset by that and could not be put back")
                  .with_cause(why);
  }
  co_return first;
}

}  // namespace

Error check_table(const Commands& commands, const ConfigTable& table) {
  if (!is_name(table.name)) return Error(Errc::invalid_argument, "name: no table is called that");
  if (table.channel == 0) return {};
  return check_channel(commands, table.channel);
}

awaitable<Result<std::string>> read_raw(std::shared_ptr<Commands> commands, ConfigTable table) {
  if (Error why = check_table(*commands, table)) co_return why;
  Place place = place_of(table);
  Result<Reading> reading = co_await read_place(std::move(commands), std::move(place));
  if (!reading) co_return reading.error();
  co_return rpc::dump(reading->value);
}

awaitable<Result<ConfigWritten>> write_raw(std::shared_ptr<Commands> commands,
                                           std::shared_ptr<TableLocks> locks, ConfigTable table,
                                           std::string json, std::string expected) {
  if (Error why = check_table(*commands, table)) co_return why;
  Result<Json> wanted = parse_table(json, "json");
  if (!wanted) co_return wanted.error();
  std::optional<Json> before;
  if (!expected.empty()) {
    Result<Json> seen = parse_table(expected, "expected");
    if (!seen) co_return seen.error();
    before = std::move(*seen);
  }
  std::function<Error(Json&)> change = [value = std::move(*wanted)](Json& scope) {
    scope = value;
    return Error();
  };
  co_return co_await edit_raw(std::move(commands), std::move(locks), std::move(table), std::move(before),
                              std::move(change));
}

awaitable<Result<ConfigWritten>> edit_raw(std::shared_ptr<Commands> commands,
                                          std::shared_ptr<TableLocks> locks, ConfigTable table,
                                          std::optional<Json> expected, std::function<Error(Json&)> change) {
  if (Error why = check_table(*commands, table)) co_return why;
  Edition edition;
  edition.place = place_of(table);
  edition.expected = std::move(expected);
  auto agreed = std::make_shared<bool>(false);  // from then on the device may have been told
  edition.change = [change = std::move(change), agreed](Json& scope) {
    Error why = change(scope);
    *agreed = !why;
    return why;
  };
  auto turn = locks->queue(lock_name(table.name), commands->context().executor);
  co_await turn->wait();
  std::vector<Reading> guarded;
  if (table.name == kRules) guarded = co_await read_guarded(commands, table);
  Result<Edited> edited = co_await edit_in_turn(commands, std::move(edition));
  if (!edited && !*agreed) co_return edited.error();
  Error lost = co_await put_back(std::move(commands), std::move(guarded));
  if (!edited && lost) co_return Error(edited.error()).with_cause(lost);
  if (!edited) co_return edited.error();
  if (lost) co_return lost;
  co_return edited->written;
}

awaitable<Result<void>> remove_raw(std::shared_ptr<Commands> commands, std::shared_ptr<TableLocks> locks,
                                   ConfigTable table) {
  if (Error why = check_table(*commands, table)) co_return why;
  if (!commands->has_rpc()) co_return without_rpc("removing a table");
  auto turn = locks->queue(lock_name(table.name), commands->context().executor);
  co_await turn->wait();
  Result<rpc::Reply> reply = co_await commands->rpc("configManager.deleteConfig", params_of(table));
  if (!reply) co_return reply.error();
  co_return rpc::call_error(*reply);
}

awaitable<Result<std::string>> read_raw_default(std::shared_ptr<Commands> commands, ConfigTable table) {
  if (Error why = check_table(*commands, table)) co_return why;
  if (!commands->has_rpc()) co_return without_rpc("the default of a table");
  Result<rpc::Reply> reply = co_await commands->rpc("configManager.getDefault", params_of(table));
  if (!reply) co_return reply.error();
  if (Error said = rpc::call_error(*reply)) co_return said;
  const Json* found = rpc::member(reply->params, "table");
  if (found == nullptr) co_return Error(Errc::malformed, "the answer to getDefault has no table");
  co_return rpc::dump(*found);
}

awaitable<Result<std::vector<std::string>>> list_tables(std::shared_ptr<Commands> commands) {
  if (!commands->has_rpc()) co_return without_rpc("the list of tables");
  Result<rpc::Reply> reply = co_await commands->rpc("configManager.getMemberNames");
  if (!reply) co_return reply.error();
  if (Error said = rpc::call_error(*reply)) co_return said;
  std::vector<std::string> out;
  // No source shows the answer: whatever list of texts it has.
  if (reply->params.is_object()) {
    for (const auto& [key, value] : reply->params.get_ref<const Json::object_t&>()) {
      if (!value.is_array()) continue;
      for (const Json& one : value) {
        if (one.is_string() && out.size() < kMaxNames) out.push_back(one.get<std::string>());
      }
    }
  }
  if (out.empty()) co_return Error(Errc::malformed, "the answer to getMemberNames has no list of names");
  co_return out;
}

}  // namespace dmss::session

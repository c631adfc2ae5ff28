#include "proto/rpc/codes.hpp"
#include "session/config/table.hpp"

namespace dmss::session {
namespace {

namespace rpc = proto::rpc;

constexpr const char* kReboot = "NeedReboot";
constexpr const char* kRestart = "NeedRestart";

awaitable<Result<Json>> get_config(std::shared_ptr<Commands> commands, std::string table, int index) {
  Json params = {{"name", table}};
  if (index > 0) params["channel"] = index - 1;
  Result<rpc::Reply> reply = co_await commands->rpc("configManager.getConfig", std::move(params));
  if (!reply) co_return reply.error();
  if (Error said = rpc::call_error(*reply)) co_return said;
  const Json* found = rpc::member(reply->params, "table");
  if (found == nullptr) co_return Error(Errc::malformed, "the answer to getConfig has no table");
  co_return *found;
}

Error missing(const Error& said, const std::string& table) {
  if (said == Errc::no_permission)
    return Error(Errc::no_permission, "no right to table " + table + ", or the device has no such table")
        .with_device(said.device_code(), std::string(said.device_text()));
  return Error(Errc::unsupported, "the device has no table " + table)
      .with_device(said.device_code(), std::string(said.device_text()));
}

Result<Reading> row_of(Reading r, Json whole, const Place& place) {
  const auto row = static_cast<std::size_t>(place.index - 1);
  if (whole.is_object() && place.index == 1) {  // one channel, and no list for it
    r.way = Reading::Way::rpc_whole;
    r.value = std::move(whole);
    return r;
  }
  if (!whole.is_array() || row >= whole.size() || whole[row].is_null()) return no_row(place, r.table);
  r.way = Reading::Way::rpc_row;
  r.value = whole[row];
  r.whole = std::move(whole);
  return r;
}

bool has_option(const rpc::Reply& reply, const char* option) {
  const Json* options = rpc::member(reply.params, "options");
  if (options == nullptr || !options->is_array()) return false;
  return std::any_of(options->begin(), options->end(), [&](const Json& o) { return o == option; });
}

}  // namespace

awaitable<Result<Reading>> read_by_rpc(std::shared_ptr<Commands> commands, Place place, std::string table) {
  Reading r;
  r.table = table;
  r.index = place.index;
  Error first;
  if (place.index > 0) {
    Result<Json> scoped = co_await get_config(commands, table, place.index);
    if (scoped && scoped->is_array()) {
      // Some firmware answers with the whole table whatever row is asked for.
      if (place.shape == RowShape::object) co_return row_of(std::move(r), std::move(*scoped), place);
      Result<Json> all = co_await get_config(commands, table, 0);
      if (all && *all == *scoped) co_return row_of(std::move(r), std::move(*all), place);
    }
    if (scoped && !scoped->is_null()) {
      r.value = std::move(*scoped);
      co_return r;
    }
    if (scoped) co_return no_row(place, table);
    first = scoped.error();
    // Anything but a refusal of this very request would befall the next one, too.
    if (first != Errc::device_error && !says_no_table(first)) co_return first;
  }
  Result<Json> whole = co_await get_config(commands, table, 0);
  if (!whole) {
    Error why = first ? first : whole.error();
    co_return says_no_table(why) ? missing(why, table) : why;
  }
  if (place.index > 0) co_return row_of(std::move(r), std::move(*whole), place);
  if (whole->is_null()) co_return missing(Error(), table);
  r.way = Reading::Way::rpc_whole;
  r.value = std::move(*whole);
  co_return r;
}

awaitable<Result<ConfigWritten>> write_by_rpc(std::shared_ptr<Commands> commands, Reading present,
                                              Json wanted) {
  Json params = {{"name", present.table}, {"options", Json::array()}};
  if (present.way == Reading::Way::rpc_scope) params["channel"] = present.index - 1;
  if (present.way == Reading::Way::rpc_row) {
    present.whole[static_cast<std::size_t>(present.index - 1)] = std::move(wanted);
    params["table"] = std::move(present.whole);
  } else {
    params["table"] = std::move(wanted);
  }
  if (holds_damaged_text(params["table"]))
    co_return Error(Errc::unsupported,
                    "table " + present.table +
                        " holds text that is not UTF-8; JSON-RPC could only write it back damaged");
  const std::size_t size = rpc::dump(params).size();
  Result<rpc::Reply> reply = co_await commands->rpc("configManager.setConfig", std::move(params));
  Error said = reply ? rpc::call_error(*reply) : reply.error();
  if (said == Errc::too_large)
    co_return Error(Errc::too_large, "the device takes no request of " + std::to_string(size) +
                                         " bytes: table " + present.table)
        .with_device(said.device_code(), std::string(said.device_text()));
  if (said) co_return said;
  ConfigWritten written;
  written.needs_reboot = has_option(*reply, kReboot);
  written.needs_restart = has_option(*reply, kRestart);
  co_return written;
}

}  // namespace dmss::session

#include "proto/rpc/codes.hpp"
#include "session/capabilities/capability_cache.hpp"
#include "session/config/table.hpp"

namespace dmss::session {
namespace {

namespace rpc = proto::rpc;

constexpr const char* kReboot = "NeedReboot";
constexpr const char* kRestart = "NeedRestart";

constexpr const char* kCharsetHabit = "encoding of JSON";

bool is_ascii(const Json& value) {
  if (value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  }
  if (!value.is_structured()) return true;
  return std::all_of(value.begin(), value.end(), [](const Json& child) { return is_ascii(child); });
}

/// What a table is to be written in: a text that shows nothing is taken for one like those that came before.
Charset charset_of(Commands& commands, Charset told, const Json& table) {
  CapabilityCache& cache = commands.capabilities();
  if (told != Charset::utf8) cache.learn(kCharsetHabit, static_cast<int>(told));
  if (told != Charset::utf8 || !is_ascii(table)) return told;
  return static_cast<Charset>(cache.habit(kCharsetHabit).value_or(static_cast<int>(Charset::utf8)));
}

/// With `value` and `charset` alone.
awaitable<Result<Reading>> get_config(std::shared_ptr<Commands> commands, std::string table, int index) {
  Json params = {{"name", table}};
  if (index > 0) params["channel"] = index - 1;
  Result<rpc::Reply> reply = co_await commands->rpc("configManager.getConfig", std::move(params));
  if (!reply) co_return reply.error();
  if (Error said = rpc::call_error(*reply)) co_return said;
  const Json* found = rpc::member(reply->params, "table");
  if (found == nullptr) co_return Error(Errc::malformed, "the answer to getConfig has no table");
  Reading out;
  out.value = *found;
  out.charset = charset_of(*commands, reply->charset, out.value);
  co_return out;
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

/// Writes `params` of setConfig.
awaitable<Result<ConfigWritten>> send_table(std::shared_ptr<Commands> commands, Json params,
                                            Charset charset) {
  const std::string table = rpc::text_or(params, "name", "");
  if (holds_damaged_text(params["table"]))
    co_return Error(Errc::unsupported,
                    "table " + table +
                        " holds text whose encoding is not known; JSON-RPC could only write it back damaged");
  const std::size_t size = rpc::dump(params).size();
  Result<rpc::Reply> reply = co_await commands->rpc_in(charset, "configManager.setConfig", std::move(params));
  Error said = reply ? rpc::call_error(*reply) : reply.error();
  if (said == Errc::too_large)
    co_return Error(Errc::too_large,
                    "the device takes no request of " + std::to_string(size) + " bytes: table " + table)
        .with_device(said.device_code(), std::string(said.device_text()));
  if (said) co_return said;
  ConfigWritten written;
  written.needs_reboot = has_option(*reply, kReboot);
  written.needs_restart = has_option(*reply, kRestart);
  co_return written;
}

bool are_alike(const Json& a, const Json& b) {
  return a.is_structured() && a.type() == b.type();
}

/// Of a whole table that stays a list of as many rows: those that differ. Empty when it must be written as one.
std::vector<std::size_t> changed_rows(const Reading& present, const Json& wanted) {
  const Json& now = present.value;
  if (present.index != 0 || !now.is_array() || !wanted.is_array() || now.size() != wanted.size()) return {};
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < now.size(); ++i) {
    if (now[i] == wanted[i]) continue;
    if (!are_alike(now[i], wanted[i])) return {};
    rows.push_back(i);
  }
  return rows;
}

/// Firmware that does not would take a row for the whole table. Errors: conflict (the row was changed meanwhile) and those of Commands.
awaitable<Result<bool>> heeds_channel(std::shared_ptr<Commands> commands, std::string table, Json whole,
                                      std::size_t row) {
  Result<Reading> scoped = co_await get_config(std::move(commands), table, static_cast<int>(row) + 1);
  if (!scoped) {
    const Error why = scoped.error();
    if (why == Errc::device_error || says_no_table(why)) co_return false;
    co_return why;
  }
  if (scoped->value == whole) co_return false;
  if (scoped->value == whole[row]) co_return true;
  if (scoped->value.is_object() && whole[row].is_object()) co_return changed_meanwhile(table);
  co_return false;
}

/// One by one: recorders refuse long requests, and a row is what they take.
awaitable<Result<ConfigWritten>> write_rows(std::shared_ptr<Commands> commands, Reading present, Json wanted,
                                            std::vector<std::size_t> rows) {
  ConfigWritten all;
  for (std::size_t done = 0; done < rows.size(); ++done) {
    Json params = {{"name", present.table}, {"options", Json::array()}, {"channel", rows[done]}};
    params["table"] = std::move(wanted[rows[done]]);
    Result<ConfigWritten> one = co_await send_table(commands, std::move(params), present.charset);
    if (!one && done == 0) co_return one.error();
    if (!one)
      co_return Error(one.error().code(), "after " + std::to_string(done) + " of " +
                                              std::to_string(rows.size()) + " rows had been written")
          .with_cause(one.error());
    all.needs_reboot |= one->needs_reboot;
    all.needs_restart |= one->needs_restart;
  }
  co_return all;
}

}  // namespace

awaitable<Result<Reading>> read_by_rpc(std::shared_ptr<Commands> commands, Place place, std::string table) {
  Reading r;
  r.table = table;
  r.index = place.index;
  Error first;
  if (place.index > 0) {
    Result<Reading> scoped = co_await get_config(commands, table, place.index);
    if (scoped) r.charset = scoped->charset;
    if (scoped && scoped->value.is_array()) {
      // Some firmware answers with the whole table whatever row is asked for.
      if (place.shape == RowShape::object) co_return row_of(std::move(r), std::move(scoped->value), place);
      Result<Reading> all = co_await get_config(commands, table, 0);
      if (all && all->value == scoped->value) co_return row_of(std::move(r), std::move(all->value), place);
    }
    if (scoped && !scoped->value.is_null()) {
      r.value = std::move(scoped->value);
      co_return r;
    }
    if (scoped) co_return no_row(place, table);
    first = scoped.error();
    // Anything but a refusal of this very request would befall the next one, too.
    if (first != Errc::device_error && !says_no_table(first)) co_return first;
  }
  Result<Reading> whole = co_await get_config(commands, table, 0);
  if (!whole) {
    Error why = first ? first : whole.error();
    co_return says_no_table(why) ? missing(why, table) : why;
  }
  r.charset = whole->charset;
  if (place.index > 0) co_return row_of(std::move(r), std::move(whole->value), place);
  if (whole->value.is_null()) co_return missing(Error(), table);
  r.way = Reading::Way::rpc_whole;
  r.value = std::move(whole->value);
  co_return r;
}

awaitable<Result<ConfigWritten>> write_by_rpc(std::shared_ptr<Commands> commands, Reading present,
                                              Json wanted) {
  const std::vector<std::size_t> rows = changed_rows(present, wanted);
  if (!rows.empty()) {
    Result<bool> heeds = co_await heeds_channel(commands, present.table, present.value, rows.front());
    if (!heeds) co_return heeds.error();
    if (*heeds)
      co_return co_await write_rows(std::move(commands), std::move(present), std::move(wanted), rows);
  }
  Json params = {{"name", present.table}, {"options", Json::array()}};
  if (present.way == Reading::Way::rpc_scope) params["channel"] = present.index - 1;
  if (present.way == Reading::Way::rpc_row) {
    present.whole[static_cast<std::size_t>(present.index - 1)] = std::move(wanted);
    params["table"] = std::move(present.whole);
  } else {
    params["table"] = std::move(wanted);
  }
  co_return co_await send_table(std::move(commands), std::move(params), present.charset);
}

}  // namespace dmss::session

#include "session/config/table.hpp"

#include "proto/rpc/codes.hpp"
#include "session/capabilities/capability_cache.hpp"

namespace dmss::session {
namespace {

namespace config = proto::config;
namespace code = proto::rpc::code;

constexpr int kNone = -1;  // of the names of a table
constexpr std::string_view kReplacement = "\xef\xbf\xbd";

/// JSON-RPC where the device has it; CGI when it has no configManager there after all.
awaitable<Result<Reading>> read_table(std::shared_ptr<Commands> commands, Place place, std::string table) {
  Result<Reading> reading(Error(Errc::unsupported, "this device has neither JSON-RPC nor CGI"));
  if (commands->has_rpc()) {
    reading = co_await read_by_rpc(commands, place, table);
    const std::int64_t said = reading.error().device_code();
    const bool no_service = said == code::method_not_found || said == code::interface_not_found;
    // Text in another encoding comes through CGI unharmed.
    const bool damaged = reading && holds_damaged_text(reading->value);
    if (!no_service && !(damaged && commands->has_cgi())) co_return reading;
    if (damaged) {
      Place again = place;
      std::string same = table;
      Result<Reading> clean = co_await read_by_cgi(commands, std::move(again), std::move(same));
      co_return clean ? clean : reading;
    }
  }
  if (commands->has_cgi()) reading = co_await read_by_cgi(commands, place, table);
  co_return reading;
}

std::string list(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

/// Is what is on the device what the caller saw? Over another way than before the same may be spelled otherwise.
bool is_expected(const Json& now, const Json& expected) {
  return now == expected || config::means_same(now, expected);
}

/// The first change that the device did not take.
Error verify(const Reading& now, const std::vector<config::Change>& changes) {
  static const Json nothing;
  for (const config::Change& c : changes) {
    const Json* is = config::find(now.value, c.path);
    if (config::means_same(is != nullptr ? *is : nothing, c.after)) continue;
    const std::string path = config::to_text(c.path);
    const std::string row = now.index > 0 ? "[" + std::to_string(now.index - 1) + "]" : std::string();
    return Error(Errc::not_applied, now.table + row + (path.empty() || path[0] == '[' ? "" : ".") + path +
                                        ": wrote " + config::in_words(&c.after) + ", the device has " +
                                        config::in_words(is));
  }
  return {};
}

bool is_gone(const Error& error) {
  return category(error.code()) == ErrorCategory::network || error == Errc::timeout ||
         error == Errc::session_expired;
}

}  // namespace

std::string lock_name(const std::string& table) {
  // Writing rules may reset the other two, so none of the three is written while another is.
  if (table == "VideoAnalyseRule" || table == "SmartMotionDetect") return "MotionDetect";
  return table;
}

std::vector<std::string> together_in(const std::string& table) {
  // A device that is told one of the modes only may take the others for automatic (§5.9).
  if (table == "RecordMode") return {"Mode", "ModeExtra1", "ModeExtra2"};
  if (table == "MotionDetect") return {"Enable", "DetectVersion"};  // §5.3
  return {};
}

Error changed_meanwhile(const std::string& table) {
  return Error(Errc::conflict, "table " + table + " was changed on the device since it was read");
}

Error no_row(const Place& place, const std::string& table) {
  return Error(Errc::no_such_channel,
               std::string("no ") + place.row + " " + std::to_string(place.index) + " in table " + table);
}

bool says_no_table(const Error& error) {
  return error == Errc::unsupported || error == Errc::no_permission ||
         error.device_code() == code::unknown_error;
}

bool holds_damaged_text(const Json& value) {
  if (value.is_string()) return value.get_ref<const std::string&>().find(kReplacement) != std::string::npos;
  if (!value.is_structured()) return false;
  return std::any_of(value.begin(), value.end(), [](const Json& child) { return holds_damaged_text(child); });
}

awaitable<Result<Reading>> read_place(std::shared_ptr<Commands> commands, Place place) {
  if (place.by_pir_cgi) co_return co_await read_by_pir_cgi(std::move(commands), place.index);
  if (place.tables.size() == 1) {
    std::string only = place.tables.front();
    co_return co_await read_table(std::move(commands), std::move(place), std::move(only));
  }
  const std::string purpose = list(place.tables);
  Error none(Errc::unsupported, "the device has none of the tables " + purpose);
  // Of this row only: a channel without a table, or without a right to it, says nothing of the others.
  const std::string habit = "table of " + purpose + " of " + std::to_string(place.index);
  if (const std::optional<int> known = commands->capabilities().habit(habit)) {
    if (*known == kNone) co_return none;
    std::string table = place.tables[static_cast<std::size_t>(*known)];
    co_return co_await read_table(std::move(commands), std::move(place), std::move(table));
  }
  Error forbidden;
  for (std::size_t i = 0; i < place.tables.size(); ++i) {
    Place one = place;
    std::string table = place.tables[i];
    Result<Reading> reading = co_await read_table(commands, std::move(one), std::move(table));
    if (reading || reading.error() == Errc::no_such_channel) {
      commands->capabilities().learn(habit, static_cast<int>(i));
      co_return reading;
    }
    if (!says_no_table(reading.error())) co_return reading;
    if (reading.error() == Errc::no_permission) forbidden = reading.error();
  }
  // A right may be given later.
  if (forbidden) co_return std::move(none).with_cause(forbidden);
  commands->capabilities().learn(habit, kNone);
  co_return none;
}

awaitable<Result<ConfigWritten>> write_reading(std::shared_ptr<Commands> commands, Reading present,
                                               Json wanted, std::vector<std::string> together) {
  if (present.over_rpc())
    co_return co_await write_by_rpc(std::move(commands), std::move(present), std::move(wanted));
  co_return co_await write_by_cgi(std::move(commands), std::move(present), std::move(wanted),
                                  std::move(together));
}

awaitable<Result<Edited>> edit_place(std::shared_ptr<Commands> commands, std::shared_ptr<TableLocks> locks,
                                     Edition edition) {
  auto turn = locks->queue(edition.place.by_pir_cgi ? "pirAlarm" : lock_name(edition.place.tables.front()),
                           commands->context().executor);
  co_await turn->wait();
  // The result is taken before the turn ends.
  Result<Edited> edited = co_await edit_in_turn(std::move(commands), std::move(edition));
  co_return edited;
}

awaitable<Result<Edited>> edit_in_turn(std::shared_ptr<Commands> commands, Edition edition) {
  Place place = edition.place;
  Result<Reading> present = co_await read_place(commands, std::move(place));
  if (!present) co_return present.error();
  if (edition.expected && !is_expected(present->value, *edition.expected))
    co_return changed_meanwhile(present->table);
  Json wanted = present->value;
  if (Error why = edition.change(wanted)) co_return why;
  Edited edited;
  const std::vector<config::Change> changes = config::differences(present->value, wanted);
  if (changes.empty()) {
    edited.now = std::move(*present);
    co_return edited;
  }
  Reading sent = *present;
  Json copy = wanted;
  std::vector<std::string> together = edition.place.together;
  Result<ConfigWritten> written =
      co_await write_reading(commands, std::move(sent), std::move(copy), std::move(together));
  if (!written) co_return written.error();
  edited.written = *written;
  place = edition.place;
  Result<Reading> now = co_await read_place(commands, std::move(place));
  if (!now && edition.may_lose_connection && is_gone(now.error())) {
    edited.now = std::move(*present);
    edited.now.value = std::move(wanted);
    co_return edited;
  }
  if (!now) co_return now.error();
  if (Error why = verify(*now, changes)) co_return why;
  edited.now = std::move(*now);
  co_return edited;
}

}  // namespace dmss::session

#include "recorder/config.hpp"

#include <algorithm>

#include "proto/rpc/codes.hpp"
#include "recorder/stream_setting.hpp"
#include "recorder/table_template.hpp"

namespace dmss::recorder {
namespace {

namespace code = proto::rpc::code;
using proto::rpc::int_or;
using proto::rpc::member;
using proto::rpc::text_or;

/// The profile's own state, such as the PIR sensor's, has names that begin so.
constexpr char kHidden = '$';

const Json* refusal_of(const Core& core, const std::string& name) {
  const Json* tables = member(core.profile.refusals, "tables");
  return tables != nullptr ? member(*tables, name.c_str()) : nullptr;
}

Where where(const ConfigClient& client, std::string_view table) {
  return {.service = client.service, .what = client.method, .user = client.user, .table = table};
}

/// A fault's "path" and "value".
void change_behind(Core& core, const Json& fault) {
  if (const Json* value = member(fault, "value")) core.tables.set(text_or(fault, "path", ""), *value);
}

}  // namespace

const Json* readable_table(const Core& core, const std::string& name) {
  if (name.empty() || name[0] == kHidden || name.find_first_of(".[") != std::string::npos) return nullptr;
  return refusal_of(core, name) != nullptr ? nullptr : core.tables.find(name);
}

std::int64_t table_refusal(const Core& core, const std::string& name) {
  if (const Json* refused = refusal_of(core, name); refused != nullptr && refused->is_number_integer())
    return refused->get<std::int64_t>();
  return core.profile.config.unknown_is_authority ? code::no_authority : code::unknown_error;
}

std::vector<std::string> table_names(const Core& core) {
  std::vector<std::string> names = core.tables.names();
  std::erase_if(names, [&](const std::string& n) { return readable_table(core, n) == nullptr; });
  return names;
}

void config_was_read(Core& core, const ConfigClient& client, const std::string& name) {
  core.count("config_reads");
  if (core.faults.none()) return;
  if (const auto conflict = core.faults.take("config_conflict", where(client, name)))
    change_behind(core, *conflict);
}

void write_config(Core& core, const ConfigClient& client, const std::string& name, Json table,
                  const std::vector<std::pair<std::string, Json>>& changes) {
  core.count("config_writes");
  for (const auto& [path, value] : changes) core.tables.note({path, value, client.service, client.user});
  if (core.faults.strikes("config_not_applied", where(client, name))) return;
  const Json* before = core.tables.find(name);
  if (before != nullptr && name == "Encode") {
    const Json* standard = core.tables.find("VideoStandard");
    couple_resolutions(*before, table, standard != nullptr && *standard == "NTSC");
  }
  if (needs_reboot(core, name)) core.restart.need();
  core.logbook.add("Config.Modify", client.user, {{"Data", name}});
  core.tables.put(name, std::move(table));
  if (core.faults.none()) return;
  if (const auto other = core.faults.take("config_side_effect", where(client, name)))
    change_behind(core, *other);
}

bool needs_reboot(const Core& core, const std::string& name) {
  const auto& list = core.profile.config.need_reboot;
  return std::find(list.begin(), list.end(), name) != list.end();
}

Json encode_caps(const Core& core, int channel) {
  const Json* caps = core.profile.ability("encode.getConfigCaps");
  return caps != nullptr ? Templates(core.profile).expand_row(*caps, channel) : Json::object();
}

}  // namespace dmss::recorder

// configManager (protocol http-rpc.md §4.4).
#include <algorithm>

#include "recorder/config.hpp"
#include "recorder/rpc_answers.hpp"

namespace dmss::recorder {
namespace {

using namespace answers;
using rpc::int_or;
using rpc::text_or;

ConfigClient client(const Request& r, const Caller& c) {
  return {c.service, user_of(c), r.method};
}

Reply refused_table(Core& core, const Request& r, const std::string& name) {
  return table_refusal(core, name) == code::no_authority
             ? no_authority(r)
             : error(r, table_refusal(core, name), "Unknown error! error code was not set in service!");
}

/// The part of a table that {"channel":n} means: a row of a list, all of a table without rows. Null when there is
/// none.
const Json* scope(const Json& table, std::int64_t channel) {
  if (channel < 0 || !table.is_array()) return &table;
  return static_cast<std::size_t>(channel) < table.size() ? &table[static_cast<std::size_t>(channel)]
                                                          : nullptr;
}

Reply read(Core& core, const Request& r, const Caller& c, const Json& params, bool factory) {
  const std::string name = text_or(params, "name", "");
  const Json* table = readable_table(core, name);
  if (table != nullptr && factory) table = core.tables.find_default(name);
  if (table == nullptr) return refused_table(core, r, name);
  const std::int64_t channel = int_or(params, "channel", -1);
  const Json* part = scope(*table, channel);
  if (part == nullptr) return bad_parameter(r);
  Json answer = {{"table", *part}};
  if (channel >= 0 && table->is_array()) {
    answer["channel"] = channel;
    answer["name"] = name;
  }
  const Reply reply = rpc::make_reply(r, true, std::move(answer));
  if (!factory) config_was_read(core, client(r, c), name);
  return reply;
}

Reply get_config(Core& core, const Request& r, Caller& c) {
  if (c.in_multicall && !core.profile.config.multicall_reads) return rpc::make_reply(r, false);
  if (!r.params.is_array()) return read(core, r, c, r.params, false);
  Json answers = Json::array();
  std::int64_t id = 0;
  for (const Json& one : r.params) {
    const Reply inner = read(core, r, c, one, false);
    answers.push_back({{"id", id++}, {"params", inner.params}, {"result", inner.ok()}});
  }
  return rpc::make_reply(r, true, std::move(answers));
}

bool same_kind(const Json& a, const Json& b) {
  return a.is_null() || b.is_null() || (a.is_array() == b.is_array() && a.is_object() == b.is_object());
}

Reply set_config(Core& core, const Request& r, Caller& c) {
  const std::string name = text_or(r.params, "name", "");
  const Json* value = rpc::member(r.params, "table");
  const Json* table = readable_table(core, name);
  if (table == nullptr) return refused_table(core, r, name);
  const std::int64_t channel = int_or(r.params, "channel", -1);
  const Json* part = scope(*table, channel);
  if (value == nullptr || part == nullptr || !same_kind(*part, *value)) return bad_parameter(r);
  const std::string user = user_of(c);
  const Where where{.service = c.service, .what = r.method, .user = user, .table = name};
  const auto expiry = core.faults.none() ? std::nullopt : core.faults.take("expire_in_write", where);
  if (!expiry || rpc::bool_or(*expiry, "applied", false)) {
    Json whole = *table;
    std::string path = name;
    if (channel >= 0 && table->is_array()) {
      whole[static_cast<std::size_t>(channel)] = *value;
      path += "[" + std::to_string(channel) + "]";
    } else {
      whole = *value;
    }
    write_config(core, client(r, c), name, std::move(whole), {{path, *value}});
  }
  if (expiry) {
    if (c.session) core.sessions.close(c.session->id);
    return error(r, code::invalid_session, "Invalid session in request data!");
  }
  Json options = Json::array();
  if (needs_reboot(core, name)) options.push_back("NeedReboot");
  return rpc::make_reply(r, true, {{"options", std::move(options)}});
}

/// "names", or the one "name"; every table when neither is told.
std::vector<std::string> names_of(const Core& core, const Json& params) {
  std::vector<std::string> names;
  if (const Json* list = rpc::member(params, "names"); list != nullptr && list->is_array()) {
    for (const Json& one : *list) {
      if (one.is_string()) names.push_back(one.get<std::string>());
    }
  } else if (const std::string one = text_or(params, "name", ""); !one.empty()) {
    names.push_back(one);
  } else {
    names = table_names(core);
  }
  return names;
}

Reply restore(Core& core, const Request& r, Caller& c, bool except) {
  std::vector<std::string> names = names_of(core, r.params);
  for (const std::string& name : names) {
    if (readable_table(core, name) == nullptr) return refused_table(core, r, name);
  }
  if (except) {
    std::vector<std::string> rest = table_names(core);
    std::erase_if(
        rest, [&](const std::string& n) { return std::find(names.begin(), names.end(), n) != names.end(); });
    names = std::move(rest);
  }
  for (const std::string& name : names) {
    const Json* factory = core.tables.find_default(name);
    const Json value = factory != nullptr ? *factory : Json(nullptr);
    write_config(core, client(r, c), name, value, {{name, value}});
  }
  return rpc::make_reply(r, true, {{"options", Json::array()}});
}

Reply delete_config(Core& core, const Request& r, Caller& c) {
  const std::string name = text_or(r.params, "name", "");
  if (readable_table(core, name) == nullptr) return refused_table(core, r, name);
  write_config(core, client(r, c), name, nullptr, {{name, nullptr}});
  return rpc::make_reply(r, true, {{"options", Json::array()}});
}

Reply member_names(Core& core, const Request& r) {
  const std::string name = text_or(r.params, "name", "");
  if (name.empty()) return rpc::make_reply(r, true, {{"names", table_names(core)}});
  const Json* table = readable_table(core, name);
  if (table == nullptr) return refused_table(core, r, name);
  Json names = Json::array();
  const Json* row = table->is_array() && !table->empty() ? &(*table)[0] : table;
  if (row->is_object()) {
    for (const auto& [key, value] : row->items()) names.push_back(key);
  }
  return rpc::make_reply(r, true, {{"names", std::move(names)}});
}

}  // namespace

void add_config_methods(Rpc& rpc) {
  Core& core = rpc.core();
  rpc.add("configManager.getConfig", [&core](const Request& r, Caller& c) { return get_config(core, r, c); });
  rpc.add("configManager.getDefault",
          [&core](const Request& r, Caller& c) { return read(core, r, c, r.params, true); });
  rpc.add("configManager.setConfig", [&core](const Request& r, Caller& c) { return set_config(core, r, c); });
  rpc.add("configManager.restore",
          [&core](const Request& r, Caller& c) { return restore(core, r, c, false); });
  rpc.add("configManager.restoreExcept",
          [&core](const Request& r, Caller& c) { return restore(core, r, c, true); });
  rpc.add("configManager.deleteConfig",
          [&core](const Request& r, Caller& c) { return delete_config(core, r, c); });
  rpc.add("configManager.getMemberNames",
          [&core](const Request& r, Caller&) { return member_names(core, r); });
  rpc.add("configManager.setTemporaryConfig", [&core](const Request& r, Caller& c) {
    const std::string name = text_or(r.params, "name", "");
    const Json* table = readable_table(core, name);
    const Json before = table != nullptr ? *table : Json(nullptr);
    Reply reply = set_config(core, r, c);
    if (reply.ok()) core.temporary.emplace(name, before);
    return reply;
  });
  rpc.add("configManager.restoreTemporaryConfig", [&core](const Request& r, Caller&) {
    const auto found = core.temporary.find(text_or(r.params, "name", ""));
    if (found == core.temporary.end()) return unknown(r);
    core.tables.put(found->first, std::move(found->second));
    core.temporary.erase(found);
    return rpc::make_reply(r, true);
  });
}

}  // namespace dmss::recorder

// configManager.cgi and encode.cgi (protocol http-rpc.md §3.2, §5.8).
#include "recorder/cgi.hpp"
#include "recorder/config.hpp"

namespace dmss::recorder {
namespace {

using proto::cgi::KeyValues;

constexpr std::string_view kPrefix = "table.";

ConfigClient client(const CgiCall& call) {
  return {call.over, call.user, call.path};
}

HttpAnswer refused_table(const CgiCall& call, const std::string& name) {
  return table_refusal(call.core, name) == proto::rpc::code::no_authority ? cgi::no_authority()
                                                                          : cgi::bad_request();
}

HttpAnswer get_config(const CgiCall& call) {
  const std::string path = call.get("name"), name = table_name(path);
  const Json* table = readable_table(call.core, name);
  if (table == nullptr) return refused_table(call, name);
  const Json* value = call.core.tables.find(path);
  if (value == nullptr) return cgi::missing_leaf(call.core.profile.config.missing_leaf_status, path);
  KeyValues kv;
  flatten(std::string(kPrefix) + path, *value, kv, call.core.profile.config.float_rates);
  HttpAnswer answer = cgi::lines(kv);
  config_was_read(call.core, client(call), name);
  return answer;
}

/// One key of setConfig without its prefix; nullopt when this firmware wants it otherwise.
std::optional<std::string> bare_key(const Profile::Config& config, const std::string& key) {
  const bool prefixed = key.rfind(kPrefix, 0) == 0;
  if (prefixed ? !config.prefixed_writes : !config.bare_writes) return std::nullopt;
  return prefixed ? key.substr(kPrefix.size()) : key;
}

/// All keys are tried before any is written.
HttpAnswer set_config(const CgiCall& call) {
  Core& core = call.core;
  struct Changed {
    Json whole = Json::object();  // {"Name": table}
    std::vector<std::pair<std::string, Json>> changes;
  };
  std::map<std::string, Changed> tables;
  for (const auto& [key, value] : call.query.pairs()) {
    if (key == "action") continue;
    const auto path = bare_key(core.profile.config, key);
    if (!path) return cgi::bad_request();
    const std::string name = table_name(*path);
    const Json* table = readable_table(core, name);
    if (table == nullptr) return refused_table(call, name);
    Changed& c = tables[name];
    if (c.whole.empty()) c.whole[name] = *table;
    switch (write_text(c.whole, *path, value)) {
      case TextWrite::unknown: return cgi::bad_request();
      case TextWrite::declined: return cgi::declined();
      case TextWrite::done: break;
    }
    c.changes.emplace_back(*path, value);
  }
  if (tables.empty()) return cgi::bad_request();
  for (auto& [name, c] : tables) write_config(core, client(call), name, std::move(c.whole[name]), c.changes);
  return cgi::ok();
}

HttpAnswer encode_ability(const CgiCall& call) {
  const Core& core = call.core;
  KeyValues kv;
  const std::string& form = core.profile.config.caps_form;
  const auto channel = static_cast<int>(call.number("channel", 1)) - 1;
  if (core.profile.channels > 1 && form == "array") {
    // A recorder ignores the channel and tells all of them.
    for (int c = 0; c < core.profile.channels; ++c)
      flatten("caps[" + std::to_string(c) + "]", encode_caps(core, c), kv);
    return cgi::lines(kv);
  }
  if (channel < 0 || channel >= core.profile.channels) return cgi::bad_request();
  const Json caps = encode_caps(core, channel);
  if (form != "head") {
    flatten(form == "array" ? "caps[0]" : "caps", caps, kv);
    return cgi::lines(kv);
  }
  for (const auto& [format, head] :
       {std::pair{"MainFormat", "headMain"}, {"ExtraFormat", "headExtra"}, {"SnapFormat", "headSnap"}}) {
    const Json* list = proto::rpc::member(caps, format);
    if (list != nullptr && list->is_array() && !list->empty()) flatten(head, (*list)[0], kv);
  }
  return cgi::lines(kv);
}

HttpAnswer config_manager(const CgiCall& call) {
  if (call.action == "getConfig") return get_config(call);
  if (call.action == "setConfig") return set_config(call);
  // Ranges are declared for Encode alone; for anything else this is the configuration.
  if (call.action == "getConfigCaps")
    return call.get("name") == "Encode" ? encode_ability(call) : get_config(call);
  return cgi::not_implemented();
}

HttpAnswer encode(const CgiCall& call) {
  return call.action == "getConfigCaps" ? encode_ability(call) : cgi::not_implemented();
}

}  // namespace

void add_cgi_config(Cgi& c) {
  c.add("configManager.cgi", config_manager);
  c.add("encode.cgi", encode);
}

}  // namespace dmss::recorder

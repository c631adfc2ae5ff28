// configManager.cgi and encode.cgi (protocol http-rpc.md §3.2, §5.8).
#include "recorder/cgi.hpp"

namespace dmss::recorder {
namespace {

using proto::cgi::KeyValues;

HttpAnswer get_config(const CgiCall& call) {
  const Tables& tables = call.core.tables;
  const std::string name = call.get("name");
  const Json* value = tables.find(name);
  if (value == nullptr) {
    if (tables.find(name.substr(0, name.find_first_of(".["))) != nullptr)
      return cgi::text(400, "Error: Error -1 getting param in name=" + name + "\r\n");
    return cgi::bad_request();
  }
  KeyValues kv;
  flatten("table." + name, *value, kv);
  return cgi::lines(kv);
}

HttpAnswer set_config(const CgiCall& call) {
  for (const auto& [key, value] : call.query.pairs()) {
    if (key == "action") continue;
    if (!call.core.tables.set_text(key.rfind("table.", 0) == 0 ? key.substr(6) : key, value))
      return cgi::bad_request();
  }
  call.core.count("config_writes");
  return cgi::ok();
}

HttpAnswer config_manager(const CgiCall& call) {
  if (call.action == "getConfig") return get_config(call);
  if (call.action == "setConfig") return set_config(call);
  return cgi::not_implemented();
}

HttpAnswer encode(const CgiCall& call) {
  if (call.action != "getConfigCaps") return cgi::not_implemented();
  KeyValues kv;
  // A recorder ignores the channel and tells all of them.
  for (int c = 0; c < call.core.profile.channels; ++c)
    flatten("caps[" + std::to_string(c) + "]", encode_caps(call.core.profile), kv);
  return cgi::lines(kv);
}

}  // namespace

void add_cgi_config(Cgi& c) {
  c.add("configManager.cgi", config_manager);
  c.add("encode.cgi", encode);
}

}  // namespace dmss::recorder

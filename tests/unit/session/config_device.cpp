#include "config_device.hpp"

#include <charconv>

#include "proto/cgi/tree.hpp"
#include "proto/rpc/codes.hpp"

namespace dmss::config_test {
namespace {

namespace cgi = proto::cgi;
namespace rpc = proto::rpc;

rpc::Reply refusal(std::int64_t code, const char* words) {
  rpc::Reply r;
  r.result = false;
  r.code = code;
  r.message = words;
  return r;
}

rpc::Reply success(Json params = nullptr) {
  rpc::Reply r;
  r.result = true;
  r.params = std::move(params);
  return r;
}

/// "[0].Video.FPS" within `at`; nullptr when there is nothing.
Json* locate(Json* at, std::string_view path) {
  while (at != nullptr && !path.empty()) {
    if (path[0] == '[') {
      std::size_t index = 0;
      const std::size_t end = path.find(']');
      std::from_chars(path.data() + 1, path.data() + end, index);
      at = at->is_array() && index < at->size() ? &(*at)[index] : nullptr;
      path.remove_prefix(end + 1);
      continue;
    }
    if (path[0] == '.') path.remove_prefix(1);
    const std::size_t end = std::min(path.find_first_of(".["), path.size());
    const std::string name(path.substr(0, end));
    at = at->is_object() && at->contains(name) ? &(*at)[name] : nullptr;
    path.remove_prefix(end);
  }
  return at;
}

std::string described(const Json& params) {
  std::string out = rpc::text_or(params, "name", "");
  if (const Json* channel = rpc::member(params, "channel")) out += "[" + channel->dump() + "]";
  return out;
}

}  // namespace

ConfigDevice::ConfigDevice(World& world) : world_(world) {
  using session::ProbeGroup;
  for (const ProbeGroup group :
       {ProbeGroup::device, ProbeGroup::slots, ProbeGroup::recording, ProbeGroup::log})
    cache_.merge(0, group, {});
  for (int channel = 1; channel <= 16; ++channel) {
    for (const ProbeGroup group : {ProbeGroup::pir, ProbeGroup::streams}) cache_.merge(channel, group, {});
  }
}

awaitable<Result<rpc::Reply>> ConfigDevice::rpc_in(Charset charset_of_text, std::string method, Json params) {
  written_in.push_back(charset_of_text);
  return rpc(std::move(method), std::move(params), 0);
}

int ConfigDevice::count(const std::string& word) const {
  int n = 0;
  for (const std::string& one : heard) n += one.starts_with(word);
  return n;
}

std::optional<Error> ConfigDevice::fault() {
  const int n = static_cast<int>(heard.size());
  if (before_request) before_request(n);
  const auto found = faults.find(n);
  if (found == faults.end()) return std::nullopt;
  return found->second;
}

awaitable<Result<rpc::Reply>> ConfigDevice::rpc(std::string method, Json params, std::int64_t) {
  if (!rpc_there) co_return Errc::unsupported;
  heard.push_back(method.substr(method.find('.') + 1) + " " + described(params));
  rpc_params.push_back(params);
  if (slow) co_await net::asio::post(world_.io, net::asio::use_awaitable);
  if (auto error = fault()) co_return *error;
  const auto ability = abilities.find(method);
  rpc::Reply reply = ability != abilities.end() ? success(ability->second) : answer(method, params);
  reply.charset = json_charset;
  // As the links do: a refusal is an error already.
  if (Error said = rpc::call_error(reply)) co_return said;
  co_return reply;
}

rpc::Reply ConfigDevice::answer(const std::string& method, const Json& params) {
  const std::string name = rpc::text_or(params, "name", "");
  const Json* channel = rpc::member(params, "channel");
  if (!method.starts_with("configManager.")) return refusal(rpc::code::method_not_found, "Method not found!");
  if (method == "configManager.getMemberNames") {
    Json names = Json::array();
    for (const auto& [key, value] : tables.items()) names.push_back(key);
    return success({{"names", names}});
  }
  if (channel != nullptr && refuses_scope) return refusal(rpc::code::invalid_param, "invalid param");
  if (!tables.contains(name)) {
    if (forbids_unknown) return refusal(rpc::code::no_authority, "Authority:check failure.");
    return refusal(rpc::code::unknown_error, "Unknown error!");
  }
  if (method == "configManager.setConfig") return set_config(params);
  if (method == "configManager.deleteConfig") {
    tables.erase(name);
    return success();
  }
  if (method != "configManager.getConfig" && method != "configManager.getDefault")
    return refusal(rpc::code::method_not_found, "Method not found!");
  if (channel == nullptr || ignores_scope || !tables[name].is_array())
    return success({{"table", tables[name]}});
  const auto row = channel->get<std::size_t>();
  return success({{"table", row < tables[name].size() ? tables[name][row] : Json(nullptr)}});
}

rpc::Reply ConfigDevice::set_config(const Json& params) {
  if (rpc::dump(params).size() > longest_body)
    return refusal(rpc::code::request_too_long, "Request length error!");
  const std::string name = rpc::text_or(params, "name", "");
  const Json* channel = rpc::member(params, "channel");
  Json& place = channel == nullptr ? tables[name] : tables[name][channel->get<std::size_t>()];
  merge(place, params.at("table"), "");
  return success({{"options", options}});
}

void ConfigDevice::merge(Json& place, const Json& value, const std::string& key) {
  if (deaf.contains(key)) return;
  if (!deaf.empty() && place.is_object() && value.is_object()) {
    for (const auto& [name, child] : value.items()) merge(place[name], child, name);
  } else {
    place = value;
  }
}

awaitable<Result<std::string>> ConfigDevice::cgi(std::string service, std::string action, cgi::Query query) {
  if (!cgi_there) co_return Errc::unsupported;
  heard.push_back(action + " " + std::string(query.get("name").value_or(query.get("channel").value_or(""))));
  queries.push_back(query);
  if (slow) co_await net::asio::post(world_.io, net::asio::use_awaitable);
  if (auto error = fault()) co_return *error;
  std::string body = "Error\r\nBad Request!\r\n";
  if (service == "configManager" && action == "getConfig")
    body = get_text(std::string(query.get("name").value_or("")));
  if (service == "configManager" && action == "setConfig") body = set_text(query, "", tables);
  if (service == "pirAlarm" && query.get("channel") == "1" && !pir.is_null()) {
    cgi::KeyValues lines;
    cgi::flatten(pir, "configEx[0]", lines);
    Json scope = {{"configEx", Json::array({pir})}};
    body = action == "getPirParam" ? lines.body() : set_text(query, "", scope);
    pir = scope["configEx"][0];
  }
  const int status = body.starts_with("Error: ") || body.find("Bad Request") != std::string::npos ? 400 : 200;
  if (Error said = rpc::cgi_error(status, body)) co_return said;
  co_return body;
}

std::string ConfigDevice::get_text(const std::string& name) {
  const Json* found = locate(&tables, name);
  if (found == nullptr) {
    if (locate(&tables, name.substr(0, name.find('['))) != nullptr)
      return "Error: Error -1 getting param in name=" + name + "\r\n";
    return forbids_unknown ? "Authority:check failure.\r\n" : "Error\r\nBad Request!\r\n";
  }
  cgi::KeyValues lines;
  cgi::flatten(*found, "table." + name, lines);
  for (auto& [key, value] : lines.lines) {
    if (key.ends_with(".FPS") && value.find('.') == std::string::npos) value += ".000000";
  }
  return from_utf8(lines.body(), charset).value_or("");
}

std::string ConfigDevice::set_text(const cgi::Query& query, const std::string& root, Json& scope) {
  for (const auto& [key, raw] : query.pairs()) {
    if (key == "channel") continue;
    const bool prefixed = key.starts_with("table.");
    if (prefixed != wants_table_prefix) return "Error\r\n";
    std::string path = root + (prefixed ? key.substr(6) : key);
    for (const std::string& table : without_index) {
      if (path.starts_with(table + "[")) return "Error\r\nBad Request!\r\n";
      if (path.starts_with(table + ".")) path.insert(table.size(), "[0]");
    }
    Json* leaf = locate(&scope, path);
    if (leaf == nullptr || leaf->is_structured()) return "Error\r\n";
    if (deaf.contains(path.substr(path.find_last_of(".") + 1))) continue;
    const std::string value = to_utf8(raw, charset);
    *leaf = leaf->is_string() ? Json(value) : cgi::to_json_leaf(value);
  }
  return answers_empty ? "" : "OK\r\n";
}

}  // namespace dmss::config_test

#include "recorder/cgi.hpp"

#include <charconv>

#include "recorder/encoding.hpp"

namespace dmss::recorder {

namespace cgi {

HttpAnswer text(int status, std::string body) {
  HttpAnswer a;
  a.status = status;
  a.body = std::move(body);
  return a;
}

HttpAnswer lines(const proto::cgi::KeyValues& kv) {
  return text(200, kv.body());
}
HttpAnswer line(const std::string& key, const std::string& value) {
  return text(200, key + "=" + value + "\r\n");
}
HttpAnswer ok() {
  return text(200, "OK\r\n");
}
HttpAnswer bad_request() {
  return text(400, "Error\r\nBad Request!\r\n");
}
HttpAnswer invalid_request() {
  return text(400, "Error\r\nErrorID=2, Detail=Invalid Request!\r\n");
}
HttpAnswer not_implemented() {
  return text(501, "Error\r\nNot Implemented!\r\n");
}
HttpAnswer no_authority(bool bare) {
  if (bare) return text(403, "Authority:check failure.");
  HttpAnswer a = text(403, R"({"error":{"code":403,"message":"Authority:check failure."},"result":false})");
  a.type = "application/json";
  return a;
}
HttpAnswer declined() {
  return text(200, "Error\r\n");
}
HttpAnswer missing_leaf(int status, const std::string& name) {
  return text(status, "Error: Error -1 getting param in name=" + name + "\r\n");
}

}  // namespace cgi

namespace {

using proto::rpc::bool_or;
using proto::rpc::int_or;
using proto::rpc::member;
using proto::rpc::text_or;

/// The table that a request reads or, by its first key, writes.
std::string table_of(const CgiCall& call) {
  std::string name = call.get("name");
  for (const auto& [key, value] : call.query.pairs()) {
    if (!name.empty() || call.action != "setConfig") break;
    if (key != "action") name = key.rfind("table.", 0) == 0 ? key.substr(6) : key;
  }
  return table_name(name);
}

HttpAnswer by_status(std::int64_t status) {
  switch (status) {
    case 200: return cgi::declined();
    case 403: return cgi::no_authority();
    case 404: return cgi::text(404, "Error\r\nNot Found!\r\n");
    case 501: return cgi::not_implemented();
    default: return cgi::bad_request();
  }
}

}  // namespace

std::int64_t CgiCall::number(const char* key, std::int64_t fallback) const {
  const auto given = query.get(key);
  if (!given) return fallback;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(given->data(), given->data() + given->size(), value);
  return error == std::errc() && end == given->data() + given->size() ? value : fallback;
}

Cgi::Cgi(Rpc& rpc) : rpc_(rpc) {
  add_cgi_audio(*this);
  add_cgi_config(*this);
  add_cgi_controls(*this);
  add_cgi_device(*this);
  add_cgi_events(*this);
  add_cgi_log(*this);
  add_cgi_pir(*this);
  add_cgi_ptz(*this);
  add_cgi_record(*this);
  add_cgi_snapshot(*this);
  add_cgi_storage(*this);
  add_cgi_users(*this);
  add_cgi_video(*this);
}

std::optional<HttpAnswer> Cgi::refusal(const CgiCall& call) {
  // "magicBox.cgi?reboot", or the whole family.
  const Json* refused = member(call.core.profile.refusals, "cgi");
  for (const std::string& name : {call.service + "?" + call.action, call.service}) {
    const std::int64_t status = refused != nullptr ? int_or(*refused, name.c_str(), 0) : 0;
    if (status != 0) return by_status(status);
  }
  Faults& faults = call.core.faults;
  if (faults.none()) return std::nullopt;
  const std::string table = table_of(call);
  const Where where{
      .service = call.over, .what = call.path, .user = call.user, .action = call.action, .table = table};
  if (const auto f = faults.take("authority_403", where))
    return cgi::no_authority(text_or(*f, "form", "json") == "bare");
  if (faults.strikes("cgi_501", where)) return cgi::not_implemented();
  if (const auto f = faults.take("cgi_error_200", where)) {
    const std::string second = text_or(*f, "second", "");
    return cgi::text(200, std::string(bool_or(*f, "lower", false) ? "error" : "Error") + "\r\n" +
                              (second.empty() ? "" : second + "\r\n"));
  }
  if (const auto f = faults.take("missing_leaf", where))
    return cgi::missing_leaf(static_cast<int>(int_or(*f, "status", 400)), call.get("name"));
  return std::nullopt;
}

HttpAnswer Cgi::answer(const HttpRequest& request, const std::string& user, const Link& link) {
  constexpr std::string_view kFolder = "/cgi-bin/";
  proto::cgi::Target t = proto::cgi::parse_target(request.target);
  CgiCall call{rpc_.core(),    rpc_,   request, user, link.address(),
               link.service(), t.path, {},      {},   std::move(t.query)};
  if (call.path.rfind(kFolder, 0) != 0) return cgi::bad_request();
  // setConfig comes by POST too, its pairs in the body.
  if (request.method == "POST" &&
      request.get("Content-Type").find("x-www-form-urlencoded") != std::string_view::npos) {
    const auto form = proto::cgi::Query::parse(request.body);
    for (const auto& [key, value] : form.pairs()) call.query.add(key, value);
  }
  if (wire_charset(call.core)) {
    proto::cgi::Query decoded;
    for (const auto& [key, value] : call.query.pairs()) decoded.add(key, from_wire(call.core, value));
    call.query = std::move(decoded);
  }
  call.service = call.path.substr(kFolder.size());
  call.action = call.get("action");
  auto found = handlers_.find(call.service);
  if (found == handlers_.end()) {
    // "api/<Service>/<method>": the family is the first folder.
    found = handlers_.find(call.service.substr(0, call.service.find('/') + 1));
    if (found == handlers_.end()) return cgi::bad_request();
  }
  if (auto no = refusal(call)) return *no;
  HttpAnswer answer = found->second(call);
  if (answer.body == "OK\r\n" && !call.core.faults.none() &&
      call.core.faults.strikes(
          "cgi_empty_200", {.service = call.over, .what = call.path, .user = user, .action = call.action}))
    answer.body.clear();
  if (answer.type.starts_with("text/") && !answer.takes_over)
    answer.body = to_wire(call.core, std::move(answer.body));
  return answer;
}

}  // namespace dmss::recorder

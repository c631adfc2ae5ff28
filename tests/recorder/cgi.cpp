#include "recorder/cgi.hpp"

#include <charconv>

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

}  // namespace cgi

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
  add_cgi_ptz(*this);
  add_cgi_snapshot(*this);
  add_cgi_storage(*this);
  add_cgi_users(*this);
  add_cgi_video(*this);
}

HttpAnswer Cgi::answer(const HttpRequest& request, const std::string& user, const std::string& address) {
  constexpr std::string_view kFolder = "/cgi-bin/";
  std::string target = request.target;
  // setConfig comes by POST too, its pairs in the body.
  if (request.method == "POST" &&
      request.get("Content-Type").find("x-www-form-urlencoded") != std::string_view::npos)
    target += (target.find('?') == std::string::npos ? "?" : "&") + request.body;
  proto::cgi::Target t = proto::cgi::parse_target(target);
  CgiCall call{rpc_.core(), rpc_, request, user, address, t.path, {}, {}, std::move(t.query)};
  if (call.path.rfind(kFolder, 0) != 0) return cgi::bad_request();
  const std::string rest = call.path.substr(kFolder.size());
  call.service = rest;
  call.action = call.get("action");
  auto found = handlers_.find(rest);
  if (found == handlers_.end()) {
    // "api/<Service>/<method>": the family is the first folder.
    found = handlers_.find(rest.substr(0, rest.find('/') + 1));
    if (found == handlers_.end()) return cgi::bad_request();
    call.service = found->first;
  }
  return found->second(call);
}

}  // namespace dmss::recorder

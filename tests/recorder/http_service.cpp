#include "recorder/http_service.hpp"

#include "proto/cgi/url.hpp"
#include "recorder/encoding.hpp"

namespace dmss::recorder {
namespace {

namespace rpc = proto::rpc;

Guard::Rules rules(const Profile& p) {
  return {p.http_schemes, p.http_basic, false};
}

using cgi::text;

}  // namespace

HttpService::HttpService(Core& core, Rpc& rpc)
    : core_(core),
      rpc_(rpc),
      cgi_(rpc),
      http_(core, "http", rules(core.profile)),
      https_(core, "https", rules(core.profile)) {}

net::awaitable<void> HttpService::serve(std::shared_ptr<Link> link) {
  HttpReader reader(link);
  for (;;) {
    const Result<HttpRequest> request = co_await reader.next();
    if (!request) co_return;
    const std::optional<HttpAnswer> answered = answer(*request, *link);
    if (!answered) continue;
    if (answered->takes_over) {
      co_await answered->takes_over(link);
      co_return;
    }
    std::string out = write_http(*answered, request->keep_alive);
    if (request->method == "HEAD") out.resize(out.size() - answered->body.size());
    if (core_.faults.strikes("oversize", {.service = link->service()})) {
      const std::size_t at = out.find("Content-Length: ");
      if (at != std::string::npos) out.insert(at + 16, "99999999");
    }
    link->send(out);
    if (!request->keep_alive) co_return;
  }
}

std::optional<HttpAnswer> HttpService::answer(const HttpRequest& request, Link& link) {
  const std::string path = proto::cgi::parse_target(request.target).path;
  const Where where{.service = link.service(), .what = path};
  core_.count("http_requests");
  if (!core_.faults.none()) {
    if (core_.faults.strikes("no_reply", where)) return std::nullopt;
    if (const auto f = core_.faults.take("http_status", where)) {
      return text(static_cast<int>(rpc::int_or(*f, "status", 500)), rpc::text_or(*f, "body", "Error\r\n"));
    }
    if (link.service() == "http" && core_.faults.strikes("redirect", where)) {
      HttpAnswer a = text(302, "");
      const std::string host = core_.options.listen + ":" + std::to_string(core_.ports.https);
      a.headers.emplace_back("Location", "https://" + host + request.target);
      return a;
    }
  }
  if (path == "/RPC2_Login" || path == "/RPC2" || path == "/OutsideCmd")
    return this->rpc(request, path, link);
  if (path.rfind("/cgi-bin/", 0) == 0) return cgi(request, link);
  return text(404, "Error\r\nNot Found!\r\n");
}

std::optional<HttpAnswer> HttpService::rpc(const HttpRequest& request, const std::string& path, Link& link) {
  if (!core_.profile.rpc.enabled) return text(404, "Error\r\nNot Found!\r\n");
  HttpAnswer answer;
  answer.type = "application/json";
  const auto parsed = rpc::parse_message(from_wire(core_, request.body));
  const Request* call = parsed ? std::get_if<Request>(&*parsed) : nullptr;
  if (call == nullptr) {
    answer.body = rpc_.text(rpc::make_error({}, rpc::code::parse_error, "Parse error!")) + "\n";
    return answer;
  }
  Caller caller;
  caller.service = link.service();
  caller.address = link.address();
  caller.outside = path == "/OutsideCmd";
  caller.request_bytes = request.body.size();
  const bool login = call->method == "global.login";
  std::optional<Reply> reply;
  if (login != (path == "/RPC2_Login")) {
    reply = rpc::make_error(*call, rpc::code::invalid_request, "Invalid request!");
  } else {
    reply = rpc_.call(*call, caller);
  }
  if (!reply) return std::nullopt;
  answer.body = rpc_.text(*reply) + "\n";
  return answer;
}

HttpAnswer HttpService::refused(const Guard::Answer& checked) const {
  const Judgement& j = checked.judgement;
  if (j.kind == Judgement::Kind::locked) {
    if (const Json* f = core_.faults.find("lock_text")) {
      return text(static_cast<int>(rpc::int_or(*f, "status", 403)),
                  "Error\r\nUser Locked! Please try again after " +
                      std::to_string((j.lock_seconds + 59) / 60) + " minutes.");
    }
    const Json body = {
        {"ErrorCode", rpc::code::locked}, {"Result", false}, {"RmLock", j.lock_seconds}, {"RmLogin", 0}};
    HttpAnswer a = text(403, rpc::dump(body));
    a.type = "application/json";
    return a;
  }
  HttpAnswer a = text(401, "Error\r\nInvalid Authority!\r\n");
  for (const std::string& c : checked.challenges) a.headers.emplace_back("WWW-Authenticate", c);
  return a;
}

HttpAnswer HttpService::cgi(const HttpRequest& request, Link& link) {
  Guard& guard = link.service() == "https" ? https_ : http_;
  const Guard::Answer checked = guard.check(request.get("Authorization"), request.method, request.target);
  if (checked.how == Guard::How::refused) return refused(checked);
  if (checked.how == Guard::How::passed &&
      core_.faults.strikes("stale_nonce_403", {.service = link.service(), .user = checked.user})) {
    // The nonce is worth nothing any more; a new challenge would do.
    guard.forget();
    return cgi::no_authority(true);
  }
  if (checked.how == Guard::How::challenge) {
    HttpAnswer a = text(401, "Error\r\nInvalid Authority!\r\n");
    if (core_.faults.strikes("bare_401", {.service = link.service()})) return a;
    for (const std::string& c : checked.challenges) a.headers.emplace_back("WWW-Authenticate", c);
    return a;
  }
  return cgi_.answer(request, checked.user, link);
}

}  // namespace dmss::recorder

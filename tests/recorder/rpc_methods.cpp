#include "recorder/rpc_methods.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "proto/rpc/split.hpp"
#include "recorder/encoding.hpp"

namespace dmss::recorder {
namespace {

namespace rpc = proto::rpc;
namespace code = proto::rpc::code;

constexpr std::size_t kMaxPending = 256;
constexpr std::size_t kMaxMulticall = 256;

/// What a refusal says in words, as devices spell it.
std::string words(Judgement::Kind kind) {
  switch (kind) {
    case Judgement::Kind::locked: return "Component error: User locked!";
    case Judgement::Kind::not_initialised: return "Component error: Device not initialised!";
    case Judgement::Kind::too_many_users: return "HasBeedUsed";
    case Judgement::Kind::busy: return "Component error: Busy!";
    default: return "Component error: User or password not valid!";
  }
}

bool needs_no_session(const std::string& method) {
  static const std::set<std::string> open{"magicBox.getDeviceType", "magicBox.getDeviceClass",
                                          "magicBox.getVendor", "system.listService",
                                          "Security.getEncryptInfo"};
  return open.count(method) != 0;
}

}  // namespace

Rpc::Rpc(Core& core) : core_(core) {
  add_system_methods();
  add_device_methods(*this);
  add_control_methods(*this);
  add_config_methods(*this);
  add_log_methods(*this);
  add_record_methods(*this);
  add_security_methods(*this);
  add_smart_methods(*this);
  add_storage_methods(*this);
  add_user_methods(*this);
  add_video_methods(*this);
}

void Rpc::add_system_methods() {
  add("global.login", [this](const Request& r, Caller& c) { return login(r, c); });
  add("global.logout", [this](const Request& r, Caller& c) {
    if (c.session) core_.sessions.close(c.session->id);
    c.session.reset();
    return rpc::make_reply(r, true);
  });
  add("global.keepAlive", [this](const Request& r, Caller& c) {
    core_.count("keep_alive_" + c.service);
    return rpc::make_reply(r, true, {{"timeout", core_.profile.rpc.keep_alive}});
  });
  add("system.multicall", [this](const Request& r, Caller& c) { return multicall(r, c); });
  add("system.listService", [this](const Request& r, Caller&) { return list_service(r); });
}

std::string Rpc::text(const Reply& reply) const {
  // This one refusal is known in the other shape alone.
  const bool top_level =
      reply.code == code::request_too_long || core_.faults.find("error_top_level") != nullptr;
  Json j = reply.to_json(top_level ? Reply::ErrorShape::top_level : Reply::ErrorShape::nested);
  if (core_.faults.find("table_top_level") != nullptr && j.contains("params") && j["params"].is_object() &&
      j["params"].contains("table")) {
    j["table"] = j["params"]["table"];
    j.erase("params");
  }
  return to_wire(core_, rpc::dump(j));
}

std::optional<Reply> Rpc::call(const Request& request, Caller& caller) {
  const Where where{.service = caller.service, .what = request.method};
  core_.count("rpc_" + request.method.substr(0, 64));
  if (core_.faults.strikes("no_reply", where)) return std::nullopt;
  return dispatch(request, caller);
}

void Rpc::answer_body(std::string_view body, std::uint32_t id, Caller& caller,
                      const std::function<void(const Reply&)>& send) {
  const std::string text = from_wire(core_, body);
  const auto objects = rpc::split_body(text).objects;
  for (const std::string_view object : objects.empty() ? std::vector<std::string_view>{text} : objects) {
    const auto parsed = rpc::parse_message(object);
    if (const Request* request = parsed ? std::get_if<Request>(&*parsed) : nullptr) {
      caller.request_bytes = object.size();
      if (const auto reply = call(*request, caller)) send(*reply);
    } else {
      Reply none = rpc::make_error({}, code::parse_error, "Parse error!");
      none.id = id;
      send(none);
    }
  }
}

std::shared_ptr<Session> Rpc::session_of(const Request& request, const Caller& caller) {
  if (caller.by_connection)
    return caller.session && core_.sessions.find(caller.session->id) ? caller.session : nullptr;
  return core_.sessions.find(request.session);
}

Reply Rpc::dispatch(const Request& request, Caller& caller) {
  const Where where{.service = caller.service, .what = request.method};
  if (request.method == "global.login") return login(request, caller);
  caller.session = session_of(request, caller);
  if (caller.session && core_.faults.strikes("expire_session", where)) {
    core_.sessions.close(caller.session->id);
    caller.session.reset();
  }
  if (!caller.session && !(caller.outside && needs_no_session(request.method))) {
    return rpc::make_error(request, code::invalid_session, "Invalid session in request data!");
  }
  if (caller.session) caller.session->heard = core_.clock.now();
  if (auto no = refusal(request, caller)) return *no;
  Reply reply = run(request, caller);
  if (reply.ok() && core_.faults.strikes("missing_params", where)) reply.params = nullptr;
  return reply;
}

std::optional<Reply> Rpc::refusal(const Request& request, const Caller& caller) {
  const Where where{.service = caller.service, .what = request.method};
  std::size_t limit = static_cast<std::size_t>(core_.profile.config.request_limit);
  // Only long writes are known to be refused.
  bool limited = limit > 0 && request.method == "configManager.setConfig";
  if (!core_.faults.none()) {
    if (const auto fault = core_.faults.take("rpc_error", where)) {
      return rpc::make_error(request, rpc::int_or(*fault, "code", code::unknown_error),
                             rpc::text_or(*fault, "message", "Unknown error!"));
    }
    if (const auto fault = core_.faults.take("request_length", where)) {
      limit = static_cast<std::size_t>(std::max<std::int64_t>(0, rpc::int_or(*fault, "bytes", 0)));
      limited = true;
    }
  }
  if (limited && caller.request_bytes > limit)
    return rpc::make_error(request, code::request_too_long, "Request length error!");
  // The profile names methods, or whole services.
  const Json* refused = rpc::member(core_.profile.refusals, "methods");
  const std::string service = request.method.substr(0, request.method.find('.'));
  for (const std::string& name : {request.method, service}) {
    const std::int64_t number = refused != nullptr ? rpc::int_or(*refused, name.c_str(), 0) : 0;
    if (number == code::interface_not_found)
      return rpc::make_error(request, number, "Component error: Interface not found!");
    if (number == code::no_authority) return rpc::make_error(request, number, "Authority:check failure.");
    if (number != 0) return rpc::make_error(request, number, "Method not found!");
  }
  return std::nullopt;
}

Reply Rpc::run(const Request& request, Caller& caller) {
  if (const auto method = methods_.find(request.method); method != methods_.end())
    return method->second(request, caller);

  const std::size_t dot = request.method.find('.');
  const std::string service = request.method.substr(0, dot);
  if (dot != std::string::npos && request.method.substr(dot) == ".listMethod") return list_method(request);
  const auto known = methods_.lower_bound(service + ".");
  if (known == methods_.end() || known->first.rfind(service + ".", 0) != 0) {
    return rpc::make_error(request, code::interface_not_found, "Component error: Interface not found!");
  }
  return rpc::make_error(request, code::method_not_found, "Method not found!");
}

Reply Rpc::refused(const Request& request, const Judgement& j) const {
  Reply reply = rpc::refused_reply(request, j.code != 0 ? j.code : code::user_or_password, j.tries_left,
                                   j.lock_seconds);
  reply.message = words(j.kind);
  if (!j.tell_tries) reply.params = nullptr;
  return reply;
}

Reply Rpc::first_step(const Request& request, const rpc::LoginRequest& login, Caller& caller) {
  if (const auto early = core_.accounts.early(caller.service)) return refused(request, *early);
  const Where where{.service = caller.service};
  Pending p;
  p.user = login.user;
  p.challenge.realm = core_.profile.realm();
  p.challenge.random = std::to_string(core_.random32());
  p.challenge.encryption = "Default";
  std::int64_t number = code::login_challenge;
  if (!core_.faults.none()) {
    if (const auto f = core_.faults.take("encryption", where))
      p.challenge.encryption = rpc::text_or(*f, "value", "Default");
    if (core_.faults.strikes("challenge_401", where)) number = rpc::kCodeChallengeOld;
  }
  const bool http = caller.service == "http" || caller.service == "https";
  if (core_.profile.rpc.text_session && http) {
    p.challenge.session = core_.random_hex(32);
  } else {
    p.challenge.session = core_.random32() & 0x7fffffff;
  }
  pending_.push_back(p);
  if (pending_.size() > kMaxPending) pending_.pop_front();
  return rpc::challenge_reply(request, p.challenge, number);
}

Reply Rpc::login(const Request& request, Caller& caller) {
  const auto login = rpc::parse_login(request);
  if (!login) return rpc::make_error(request, code::invalid_param, "Bad parameter!");
  if (login->password.empty()) return first_step(request, *login, caller);
  const auto mine = [&](const Pending& p) {
    return p.challenge.session == request.session && p.user == login->user;
  };
  const auto found = std::find_if(pending_.begin(), pending_.end(), mine);
  if (found == pending_.end()) return first_step(request, *login, caller);
  const Pending pending = *found;
  pending_.erase(found);

  const bool right = core_.accounts.right(*login, pending.challenge);
  const Judgement judgement = core_.accounts.judge(caller.service, login->user, right);
  if (!judgement.accepted()) return refused(request, judgement);
  caller.session = core_.sessions.open(login->user, caller.service, caller.address);
  if (core_.faults.find("challenge_session_dead") == nullptr)
    caller.session->alias = pending.challenge.session;
  caller.session->notify = caller.notify;
  return rpc::accepted_reply(request, caller.session->key, core_.profile.rpc.keep_alive);
}

Json Rpc::dispatch_all(const Json& calls, Caller& caller) {
  Json answers = Json::array();
  const bool nested = std::exchange(caller.in_multicall, true);
  for (const Json& one : calls) {
    auto message = rpc::to_message(one);
    Request* inner = message ? std::get_if<Request>(&*message) : nullptr;
    if (inner == nullptr || inner->method == "system.multicall" || inner->method == "system.multiSec") {
      Request none;
      none.id = rpc::int_or(one, "id", 0);
      answers.push_back(rpc::make_error(none, code::invalid_request, "Invalid request!").to_json());
    } else {
      answers.push_back(dispatch(*inner, caller).to_json());
    }
  }
  caller.in_multicall = nested;
  return answers;
}

Reply Rpc::multicall(const Request& request, Caller& caller) {
  if (!request.params.is_array() || request.params.size() > kMaxMulticall)
    return rpc::make_error(request, code::invalid_param, "Bad parameter!");
  return rpc::make_reply(request, true, dispatch_all(request.params, caller));
}

Reply Rpc::list_service(const Request& request) const {
  std::set<std::string> services;
  for (const auto& [name, method] : methods_) services.insert(name.substr(0, name.find('.')));
  return rpc::make_reply(request, true, {{"service", services}});
}

Reply Rpc::list_method(const Request& request) const {
  const std::string prefix = request.method.substr(0, request.method.find('.') + 1);
  Json names = Json::array();
  for (auto m = methods_.lower_bound(prefix); m != methods_.end() && m->first.rfind(prefix, 0) == 0; ++m)
    names.push_back(m->first);
  if (names.empty())
    return rpc::make_error(request, code::interface_not_found, "Component error: Interface not found!");
  return rpc::make_reply(request, true, {{"method", std::move(names)}});
}

}  // namespace dmss::recorder

#include "proto/rpc/message.hpp"

#include <charconv>
#include <cmath>
#include <limits>
namespace dmss::proto::rpc {
namespace {

std::optional<std::int64_t> to_int(const Json& value) {
  if (value.is_number_unsigned()) {
    const auto n = value.get<std::uint64_t>();
    if (n > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return std::nullopt;
    return static_cast<std::int64_t>(n);
  }
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (value.is_number_float()) {
    const double d = value.get<double>();
    if (!(std::fabs(d) < 9e15)) return std::nullopt;
    return static_cast<std::int64_t>(d);
  }
  if (value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    std::int64_t n = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), n);
    if (ec == std::errc() && end == text.data() + text.size()) return n;
  }
  return std::nullopt;
}

std::optional<std::int64_t> int_member(const Json& object, const char* key) {
  const Json* m = member(object, key);
  return m ? to_int(*m) : std::nullopt;
}

std::optional<int> small_member(const Json& object, const char* key) {
  const auto n = int_member(object, key);
  if (!n || *n < 0 || *n > std::numeric_limits<int>::max()) return std::nullopt;
  return static_cast<int>(*n);
}

Json copy_member(const Json& object, const char* key) {
  const Json* m = member(object, key);
  return m ? *m : Json();
}

/// params.error is a bare text on old firmware, or an object like the usual one.
void read_error(const Json& error, Reply& out) {
  if (error.is_string()) {
    out.message = error.get<std::string>();
  } else if (error.is_object()) {
    out.code = int_or(error, "code", out.code);
    out.message = text_or(error, "message", out.message);
  } else if (const auto code = to_int(error)) {
    out.code = *code;
  }
}

bool is_failure(const Json& result) {
  return result.is_boolean() && !result.get<bool>();
}

}  // namespace

Result<Json> parse_json(std::string_view text, const JsonLimits& limits) {
  const auto object = next_object(text, limits);
  if (object.failed()) return Error(object.error().code, object.error().what);
  if (object.need_more()) return Error(Errc::malformed, "JSON text ends too early");
  const JsonBody all = split_body(text.substr(object.consumed()), limits);
  if (!all.objects.empty() || !all.rest.empty()) return Error(Errc::malformed, "more than one JSON document");
  const std::string_view one = object.value();
  // Devices with Latin-1 or GBK names put them into JSON as they are.
  Json value = is_utf8(one) ? Json::parse(one, nullptr, false)
                            : Json::parse(to_utf8(one, guess_charset(one)), nullptr, false);
  if (value.is_discarded()) return Error(Errc::malformed, "broken JSON");
  return value;
}

std::string dump(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

const Json* member(const Json& object, const char* key) noexcept {
  if (!object.is_object()) return nullptr;
  const auto it = object.find(key);
  return it == object.end() ? nullptr : &*it;
}

std::int64_t int_or(const Json& object, const char* key, std::int64_t fallback) {
  return int_member(object, key).value_or(fallback);
}

std::string text_or(const Json& object, const char* key, std::string_view fallback) {
  const Json* m = member(object, key);
  if (m && m->is_string()) return m->get<std::string>();
  if (m && m->is_number()) return dump(*m);
  return std::string(fallback);
}

bool bool_or(const Json& object, const char* key, bool fallback) {
  const Json* m = member(object, key);
  if (!m) return fallback;
  if (m->is_boolean()) return m->get<bool>();
  if (m->is_string() && (*m == "true" || *m == "false")) return *m == "true";
  const auto n = to_int(*m);
  return n ? *n != 0 : fallback;
}

Json Request::to_json() const {
  Json out = extra.is_object() ? extra : Json::object();
  out["id"] = id;
  out["method"] = method;
  out["params"] = params;
  if (!session.is_null()) out["session"] = session;
  if (object) out["object"] = *object;
  if (!magic.empty()) out["magic"] = magic;
  return out;
}

bool Reply::ok() const noexcept {
  // A success may carry an error member that says 0 and "OK"; without a result the words alone must do.
  return !is_failure(result) && code == 0 && (!result.is_null() || message.empty());
}

std::optional<std::int64_t> Reply::handle() const noexcept {
  if (!result.is_number()) return std::nullopt;
  const auto n = to_int(result);
  return n && *n > 0 ? n : std::nullopt;
}

std::optional<int> Reply::tries_left() const {
  return small_member(params, "remainLoginTimes");
}
std::optional<int> Reply::lock_seconds() const {
  return small_member(params, "remainLockSecond");
}

Json Reply::to_json(ErrorShape shape) const {
  Json out = Json::object();
  out["id"] = id;
  if (!session.is_null()) out["session"] = session;
  if (!result.is_null()) out["result"] = result;
  if (!params.is_null()) out["params"] = params;
  if (code == 0 && message.empty()) return out;
  if (shape == ErrorShape::nested) {
    out["error"] = Json{{"code", code}, {"message", message}};
  } else {
    out["errCode"] = code;
    out["message"] = message;
  }
  return out;
}

std::optional<std::int64_t> Notification::sid() const {
  return int_member(params, "SID");
}

Json Notification::to_json() const {
  Json out = Json::object();
  out["method"] = method;
  out["id"] = id;
  out["params"] = params;
  if (!session.is_null()) out["session"] = session;
  return out;
}

Reply to_reply(const Json& value) {
  Reply r;
  r.id = int_or(value, "id", 0);
  r.session = copy_member(value, "session");
  r.result = copy_member(value, "result");
  r.params = copy_member(value, "params");
  const Json* table = member(value, "table");
  if (table && (r.params.is_null() || (r.params.is_object() && !r.params.contains("table")))) {
    r.params["table"] = *table;
  }
  // On a success these names may be data of the method's own.
  const Json* error = member(value, "error");
  if (error && !error->is_null()) read_error(*error, r);
  if (!is_failure(r.result)) return r;
  if (r.code == 0) r.code = int_or(value, "errCode", int_or(value, "code", 0));
  if (r.message.empty()) r.message = text_or(value, "message", "");
  const Json* inner = member(r.params, "error");
  if (inner && r.code == 0 && r.message.empty()) read_error(*inner, r);
  return r;
}

Result<Message> to_message(Json value) {
  if (!value.is_object()) return Error(Errc::malformed, "a JSON-RPC message must be an object");
  const Json* method = member(value, "method");
  if (!method || !method->is_string()) return Message(to_reply(value));
  std::string name = method->get<std::string>();
  if (name.starts_with("client.")) {
    Notification n;
    n.method = std::move(name);
    n.id = int_or(value, "id", 0);
    n.session = copy_member(value, "session");
    n.params = copy_member(value, "params");
    return Message(std::move(n));
  }
  Request r;
  r.method = std::move(name);
  r.id = int_or(value, "id", 0);
  r.session = copy_member(value, "session");
  r.params = copy_member(value, "params");
  r.object = int_member(value, "object");
  r.magic = text_or(value, "magic", "");
  for (const char* known : {"method", "id", "session", "params", "object", "magic"}) value.erase(known);
  if (!value.empty()) r.extra = std::move(value);
  return Message(std::move(r));
}

Result<Message> parse_message(std::string_view text, const JsonLimits& limits) {
  Result<Json> value = parse_json(text, limits);
  if (!value) return value.error();
  return to_message(std::move(*value));
}

Result<std::string> write_request(Request request, std::string_view params) {
  if (params.empty()) return dump(request.to_json());
  Result<Json> parsed = parse_json(params);
  if (!parsed) return Error(Errc::invalid_argument, "params is not JSON");
  if (is_utf8(params)) {
    request.params = std::move(*parsed);
    return dump(request.to_json());
  }
  Json rest = request.to_json();
  rest.erase("params");
  std::string text = dump(rest);
  text.pop_back();
  return text.append(",\"params\":").append(params).append("}");
}

Reply make_reply(const Request& request, Json result, Json params) {
  Reply r;
  r.id = request.id;
  r.session = request.session;
  r.result = std::move(result);
  r.params = std::move(params);
  return r;
}

Reply make_error(const Request& request, std::int64_t code, std::string message) {
  Reply r = make_reply(request, false);
  r.code = code;
  r.message = std::move(message);
  return r;
}

}  // namespace dmss::proto::rpc

#include "recorder/control_service.hpp"

#include "proto/cgi/url.hpp"
#include "recorder/control_events.hpp"
#include "recorder/http_io.hpp"

namespace dmss::recorder {
namespace {

namespace rpc = proto::rpc;

HttpAnswer json_answer(int status, const Json& body) {
  HttpAnswer a;
  a.status = status;
  a.type = "application/json";
  a.body = rpc::dump(body) + "\n";
  return a;
}

HttpAnswer done(const Result<void>& result) {
  return result ? json_answer(200, {{"ok", true}})
                : json_answer(400, {{"ok", false}, {"error", result.error().message()}});
}

/// {"service":"rtsp","reset":true}: ends the connections of a service (all when it is not named).
int close_connections(Core& core, const Json& arguments) {
  const std::string service = rpc::text_or(arguments, "service", "");
  std::vector<std::shared_ptr<Link>> links;
  for (const auto& [raw, weak] : core.links) {
    auto link = weak.lock();
    if (link && link->service() != "control" && (service.empty() || link->service() == service))
      links.push_back(std::move(link));
  }
  for (const auto& link : links) {
    if (rpc::bool_or(arguments, "reset", false)) {
      link->reset();
    } else {
      link->close();
    }
  }
  return static_cast<int>(links.size());
}

/// {"name":"MotionDetect[0].Level","value":5}: somebody else changes a table; a new name adds one, null removes it.
HttpAnswer put_table(Core& core, const Json& arguments) {
  const std::string path = rpc::text_or(arguments, "name", "");
  const Json* value = rpc::member(arguments, "value");
  if (path.empty() || value == nullptr) return done(Error(Errc::invalid_argument, "name and value"));
  if (path == table_name(path)) {
    core.tables.put(path, *value);
    return done({});
  }
  return core.tables.set(path, *value) ? done({}) : done(Error(Errc::invalid_argument, "no such path"));
}

HttpAnswer get_tables(const Core& core, const std::string& path) {
  if (path.empty())
    return json_answer(200, {{"names", core.tables.names()}, {"writes", core.tables.writes()}});
  const Json* value = core.tables.find(path);
  if (value == nullptr) return json_answer(404, {{"ok", false}, {"error", "no such table"}});
  return json_answer(200, {{"name", path}, {"value", *value}});
}

HttpAnswer post(Core& core, const std::string& path, const std::string& body) {
  if (path == "/fault") return done(control_fault(core, body));
  if (path == "/event") {
    const Result<int> reached = control_event(core, body);
    return reached ? json_answer(200, {{"ok", true}, {"reached", *reached}}) : done(reached.error());
  }
  const Result<Json> parsed = rpc::parse_json(body.empty() ? "{}" : body);
  if (!parsed || !parsed->is_object())
    return done(Error(Errc::invalid_argument, "the body is no JSON object"));
  if (path == "/clear") {
    core.faults.clear(rpc::text_or(*parsed, "name", ""));
    return done({});
  }
  if (is_happening(path)) return done(control_happening(core, path, *parsed));
  if (path == "/close") return json_answer(200, {{"ok", true}, {"closed", close_connections(core, *parsed)}});
  if (path == "/table") return put_table(core, *parsed);
  if (path == "/expire") {
    core.sessions.close_all();
    return done({});
  }
  if (path == "/unlock") {
    core.accounts.unlock();
    return done({});
  }
  if (path == "/password") {
    core.accounts.set_password(rpc::text_or(*parsed, "user", core.options.user),
                               rpc::text_or(*parsed, "password", ""));
    return done({});
  }
  return json_answer(404, {{"ok", false}, {"error", "no such path"}});
}

HttpAnswer answer(Core& core, const HttpRequest& request) {
  const std::string path = proto::cgi::parse_target(request.target).path;
  if (request.method == "POST") return post(core, path, request.body);
  if (path == "/tables") {
    const auto target = proto::cgi::parse_target(request.target);
    return get_tables(core, std::string(target.query.get("name").value_or("")));
  }
  if (path == "/state") return json_answer(200, control_state(core));
  if (path == "/faults") {
    Json known = Json::object();
    for (const Faults::Known& k : Faults::known()) known[std::string(k.name)] = k.help;
    return json_answer(200, {{"active", core.faults.list()}, {"known", known}});
  }
  return json_answer(404, {{"ok", false}, {"error", "no such path"}});
}

}  // namespace

Result<void> control_fault(Core& core, const std::string& json) {
  Result<Json> parsed = rpc::parse_json(json);
  if (!parsed) return parsed.error();
  if (!parsed->is_array()) return core.faults.add(std::move(*parsed));
  for (Json& one : *parsed) {
    if (Result<void> added = core.faults.add(std::move(one)); !added) return added;
  }
  return {};
}

Json control_state(Core& core) {
  Json connections = Json::object(), links = Json::array(), viewers = Json::array();
  for (const char* service : {"dvrip", "dhip", "http", "https", "rtsp", "rtsps"}) connections[service] = 0;
  for (const auto& [raw, weak] : core.links) {
    if (raw->service() == "control") continue;
    connections[raw->service()] = connections[raw->service()].get<int>() + 1;
    links.push_back(raw->to_json());
  }
  for (const Viewer* v : core.player.viewers()) viewers.push_back(v->to_json());
  Json sessions = Json::array();
  for (const auto& [id, s] : core.sessions.all()) {
    sessions.push_back({{"id", id},
                        {"user", s->user},
                        {"service", s->service},
                        {"address", s->address},
                        {"subscriptions", s->attachments.size()}});
  }
  return {{"profile", core.options.profile},
          {"logins", core.accounts.to_json()},
          {"connections", connections},
          {"links", links},
          {"sessions", sessions},
          {"viewers", viewers},
          {"ptz", core.ptz.to_json()},
          {"controls", core.controls.to_json()},
          {"alarm", core.alarm_io.to_json()},
          {"events", core.events.to_json()},
          {"time", core.device_clock.text()},
          {"need_reboot", core.restart.needed()},
          {"away", core.restart.away()},
          {"counters", core.counters},
          {"faults", core.faults.list()}};
}

net::awaitable<void> serve_control(Core& core, std::shared_ptr<Link> link) {
  HttpReader reader(link);
  for (;;) {
    const Result<HttpRequest> request = co_await reader.next();
    if (!request) co_return;
    link->send(write_http(answer(core, *request), request->keep_alive));
    if (!request->keep_alive) co_return;
  }
}

}  // namespace dmss::recorder

#include "scenario/ptz_device.hpp"

#include "proto/cgi/url.hpp"

#include <utility>

namespace dmss::scenario {
namespace {

constexpr const char* kYes = R"({"result":true})";
constexpr const char* kNeedsObject =
    R"({"error":{"code":268894209,"message":"Invalid request! Object needed."},"result":false})";
constexpr const char* kRefusal = R"({"error":{"code":268894211,"message":"Bad parameter!"},"result":false})";
constexpr const char* kNoSession =
    R"({"error":{"code":287637505,"message":"Invalid session in request data!"},"result":false})";
constexpr const char* kCaps =
    R"({"params":{"caps":{"Pan":true,"Tile":true,"Zoom":true,"Focus":true,"Iris":false,"Preset":true,"Tour":true,)"
    R"("PanSpeedMin":1,"PanSpeedMax":8,"TileSpeedMin":1,"TileSpeedMax":5,"PresetMin":1,"PresetMax":80,)"
    R"("MoveRelatively":true,"Auxs":["Light"]}},"result":true})";
constexpr const char* kNoCaps =
    R"({"params":{"caps":{"Pan":false,"Tile":false,"Zoom":false,"Focus":false,"Iris":false,"Preset":false,)"
    R"("Tour":false,"MoveRelatively":false}},"result":true})";

constexpr const char* kBusy =
    R"({"error":{"code":268632075,"message":"Component error: busy!"},"result":false})";
constexpr const char* kCgiCaps =
    "caps.Pan=true\r\ncaps.Tile=true\r\ncaps.Zoom=true\r\ncaps.PanSpeedMin=1\r\ncaps.PanSpeedMax=8\r\n"
    "caps.TileSpeedMin=1\r\ncaps.TileSpeedMax=8\r\n";

std::string text(int status, const std::string& body) {
  return "HTTP/1.1 " + std::to_string(status) +
         " X\r\nContent-Type: text/plain\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         body;
}

}  // namespace

awaitable<void> PtzDevice::run(Peer& peer, Protocol protocol, Words words, PtzDevice* self) {
  FaultPlan& plan = self->plan;
  for (;;) {
    std::optional<Bytes> message = co_await peer.next(protocol.framer);
    if (!message) co_return;
    if (self->start_delay > Duration::zero() && as_text(*message).find("ptz.start") != std::string_view::npos)
      co_await net::sleep_for(peer.clock(), self->start_delay);
    const Bytes answer = words(*message);
    const bool hit = plan.messages >= 0 && plan.messages-- == 0;
    if (!hit) {
      if (!answer.empty()) peer.send(answer);
      continue;
    }
    switch (plan.fault) {
      case Fault::none:
      case Fault::close: co_return;
      case Fault::reset: peer.reset(); co_return;
      case Fault::silence: break;
      case Fault::half_then_close: peer.send(ByteView(answer).first(answer.size() / 2)); co_return;
      case Fault::half_then_silence: peer.send(ByteView(answer).first(answer.size() / 2)); break;
      case Fault::nonsense: peer.send(protocol.nonsense); break;
      case Fault::oversize: peer.send(protocol.oversize); break;
    }
    co_await peer.stay_silent();
    co_return;
  }
}

Script PtzDevice::script(Protocol protocol, bool http) {
  const Words words = [this, http](const Bytes& m) {
    rpc.silent = false;  // one answer that is left out is no silence
    if (http && cgi_only) {
      const std::string all(as_text(m));
      const std::size_t begin = all.find(' ') + 1;
      const std::string said =
          all.starts_with("GET ") ? cgi(all.substr(begin, all.find(' ', begin) - begin)) : text(404, "");
      return Bytes(said.begin(), said.end());
    }
    return http ? rpc.http_answer(m) : rpc.dhip_answer(m);
  };
  return [this, protocol, words](Peer& peer) { return run(peer, protocol, words, this); };
}

std::string PtzDevice::answer(const Json& request) {
  const std::string method = request.value("method", "");
  if (!method.starts_with("ptz.")) return {};
  ++asked;
  const std::int64_t object = proto::rpc::int_or(request, "object", 0);
  if (method == "ptz.factory.instance") {
    instances_.insert(next_instance_);
    return R"({"result":)" + std::to_string(next_instance_++) + "}";
  }
  if (!instances_.contains(object)) return kNeedsObject;
  if (method == "ptz.destroy") {
    instances_.erase(object);
    return kYes;
  }
  if (method == "ptz.getCurrentProtocolCaps") return has_ptz ? kCaps : kNoCaps;
  if (method != "ptz.start" && method != "ptz.stop") return {};
  if (std::exchange(session_expires, false)) return kNoSession;
  const Json& params = request["params"];
  Command c{method.substr(4),         params.value("code", ""), params.value("arg1", -1),
            params.value("arg2", -1), params.value("arg3", -1), clock ? clock->now() : net::TimePoint{}};
  switch (take(std::move(c))) {
    case Outcome::refused: return kRefusal;
    case Outcome::busy: return kBusy;
    case Outcome::hanging: rpc.silent = true; return kYes;
    case Outcome::done: break;
  }
  return kYes;
}

PtzDevice::Outcome PtzDevice::take(Command c) {
  const std::string verb = c.verb, code = c.code;
  commands.push_back(std::move(c));
  if (busy_for > 0) {
    --busy_for;
    return Outcome::busy;
  }
  const bool hanging = leaves_hanging.contains(verb);
  if (!refuses.contains(verb)) {
    if (verb == "start")
      moving.insert(code);
    else
      moving.erase(code);
  }
  if (hanging) return Outcome::hanging;
  return refuses.contains(verb) ? Outcome::refused : Outcome::done;
}

std::string PtzDevice::cgi(const std::string& target) {
  const proto::cgi::Target t = proto::cgi::parse_target(target);
  const std::string action(t.query.get("action").value_or(""));
  if (!t.path.ends_with("/ptz.cgi")) return text(200, "type=IPC-PTZ\r\n");
  ++asked;
  if (action == "getCurrentProtocolCaps") return text(200, kCgiCaps);
  if (action != "start" && action != "stop") return text(501, "Error\r\nNot Implemented!\r\n");
  const auto number = [&](const char* key) {
    return std::stoi(std::string(t.query.get(key).value_or("-1")));
  };
  Command c{action,         std::string(t.query.get("code").value_or("")), number("arg1"), number("arg2"),
            number("arg3"), clock ? clock->now() : net::TimePoint{}};
  switch (take(std::move(c))) {
    case Outcome::refused: return text(400, "Error\r\nBad Request!\r\n");
    case Outcome::busy: return text(503, "Error\r\n");
    case Outcome::hanging: return {};
    case Outcome::done: break;
  }
  return text(200, "OK\r\n");
}

std::vector<std::string> PtzDevice::words() const {
  std::vector<std::string> out;
  for (const Command& c : commands) out.push_back(c.text());
  return out;
}

std::size_t PtzDevice::index_of(const std::string& method) const {
  for (std::size_t i = 0; i < rpc.heard.size(); ++i) {
    if (rpc.heard[i].value("method", "") == method) return i;
  }
  return std::string::npos;
}

std::size_t PtzDevice::last_index_of(const std::string& method) const {
  for (std::size_t i = rpc.heard.size(); i > 0; --i) {
    if (rpc.heard[i - 1].value("method", "") == method) return i - 1;
  }
  return std::string::npos;
}

}  // namespace dmss::scenario

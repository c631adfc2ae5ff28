#include "scenario/ptz_device.hpp"

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
  commands.push_back(c);
  if (leaves_hanging.contains(c.verb)) rpc.silent = true;
  if (refuses.contains(c.verb)) return kRefusal;
  if (c.verb == "start")
    moving.insert(c.code);
  else
    moving.erase(c.code);
  return kYes;
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

#include "scenario/event_device.hpp"

#include <boost/asio/this_coro.hpp>

#include "proto/cgi/url.hpp"
#include "proto/dvrip/dhip.hpp"
#include "proto/events/event.hpp"
#include "proto/events/multipart.hpp"
#include "proto/events/picture.hpp"

namespace dmss::scenario {
namespace {

using Json = EventDevice::Json;
using namespace std::chrono_literals;
namespace events = dmss::proto::events;

const char* word(EventAction action) {
  switch (action) {
    case EventAction::start: return "Start";
    case EventAction::stop: return "Stop";
    case EventAction::state: return "State";
    default: return "Pulse";
  }
}

std::string head(int status, const std::string& type, std::optional<std::size_t> length) {
  return "HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Type: " + type + "\r\n" +
         (length ? "Content-Length: " + std::to_string(*length) + "\r\n" : "") + "\r\n";
}

std::string text(int status, const std::string& body) {
  return head(status, "text/plain;charset=utf-8", body.size()) + body;
}

std::string target_of(const Bytes& message) {
  const std::string all(as_text(message));
  const std::size_t begin = all.find(' ') + 1;
  return all.substr(begin, all.find(' ', begin) - begin);
}

std::set<std::string> split(std::string list) {
  std::set<std::string> out;
  if (list.size() >= 2 && list.front() == '[') list = list.substr(1, list.size() - 2);
  for (std::size_t at = 0; at <= list.size();) {
    const std::size_t comma = std::min(list.find(',', at), list.size());
    out.insert(list.substr(at, comma - at));
    at = comma + 1;
  }
  return out;
}

bool wants(const std::set<std::string>& codes, const std::string& code) {
  return codes.contains("All") || codes.contains(code);
}

}  // namespace

EventDevice::EventDevice() {
  rpc.more = [this](const Json& request) { return answer(request); };
}

Script EventDevice::dhip(int step, Fault fault) {
  return [this, step, fault](Peer& peer) { return serve_dhip(this, peer, step, fault); };
}

Script EventDevice::http() {
  return [this](Peer& peer) { return serve_http(this, peer); };
}

awaitable<void> EventDevice::serve_dhip(EventDevice* self, Peer& peer, int step, Fault fault) {
  auto c = std::make_shared<Connection>();
  c->peer = &peer;
  self->connections_.push_back(c);
  const Words words = [self, c](const Bytes& message) {
    if (c->dead) return Bytes();
    self->current_ = c.get();
    self->after_answer_.clear();
    Bytes answer = self->rpc.dhip_answer(message);
    self->current_ = nullptr;
    answer.insert(answer.end(), self->after_answer_.begin(), self->after_answer_.end());
    return c->dead ? Bytes() : answer;
  };
  co_await converse(peer, dhip_protocol(), words, step, fault);
  self->connections_.remove(c);
}

awaitable<void> EventDevice::serve_http(EventDevice* self, Peer& peer) {
  auto c = std::make_shared<Connection>();
  c->peer = &peer;
  self->connections_.push_back(c);
  const Protocol protocol = http_protocol();
  for (;;) {
    std::optional<Bytes> message = co_await peer.next(protocol.framer);
    if (!message) break;
    if (c->dead) continue;
    const std::string target = target_of(*message);
    if (!target.starts_with("/cgi-bin/")) {
      const Bytes answer = self->rpc.http_answer(*message);
      if (!answer.empty()) peer.send(answer);
      continue;
    }
    self->targets.push_back(target);
    const std::string answer = self->cgi(target, *c);
    if (!answer.empty()) peer.send(answer);
    if (!c->stream && !c->pictures) continue;
    const auto query = proto::cgi::parse_target(target).query;
    std::chrono::seconds heartbeat(
        std::stoi(std::string(query.get(self->heartbeat_word).value_or("100000"))));
    if (self->own_heartbeat > 0s) heartbeat = self->own_heartbeat;
    co_await serve_stream(self, peer, c, heartbeat);
    break;
  }
  self->connections_.remove(c);
}

awaitable<void> EventDevice::serve_stream(EventDevice* self, Peer& peer, std::shared_ptr<Connection> c,
                                          std::chrono::seconds heartbeat) {
  const net::Executor executor = co_await net::asio::this_coro::executor;
  auto timer = std::make_shared<net::Timer>(executor, peer.clock());
  auto gone = std::make_shared<bool>(false);
  auto beat = std::make_shared<std::function<void()>>();
  *beat = [=, weak = std::weak_ptr(beat), to = &peer] {
    timer->expires_after(heartbeat);
    timer->async_wait([=](bool expired) {
      const auto again = weak.lock();
      if (!expired || *gone || c->dead || !again) return;
      if (self->heartbeats) to->send(events::write_part("myboundary", "Heartbeat"));
      (*again)();
    });
  };
  (*beat)();
  co_await peer.stay_silent();
  *gone = true;
  timer->cancel();
}

std::optional<Json> EventDevice::answer(const Json& request) {
  const std::string method = request.value("method", "");
  const Json unknown = {{"result", false},
                        {"error", {{"code", 268894210}, {"message", "Method not found!"}}}};
  if (method == "eventManager.attach") {
    ++rpc_attaches;
    return rpc_events ? attach(request) : unknown;
  }
  if (method == "eventManager.detach") {
    ++detaches;
    if (current_) {
      const int sid = request["params"].value("SID", -1);
      std::erase_if(current_->attachments, [&](const auto& a) { return a.sid == sid; });
    }
    return Json{{"result", true}};
  }
  if (!tells_state) return std::nullopt;
  if (method == "eventManager.getEventIndexes") {
    ++state_requests;
    Json channels = Json::array();
    for (const auto& [code, index] : on) {
      if (code == request["params"].value("code", "")) channels.push_back(index);
    }
    if (channels.empty())
      return Json{{"result", false}, {"error", {{"code", 285409284}, {"message", "No Events"}}}};
    return Json{{"result", true}, {"params", {{"channels", channels}}}};
  }
  return std::nullopt;
}

Json EventDevice::attach(const Json& request) {
  last_codes = request["params"]["codes"].dump();
  if (!attach_error.empty()) return Json::parse(attach_error);
  Connection::Attachment a;
  a.sid = ++last_sid;
  a.request = request.value("id", 0);
  for (const Json& code : request["params"]["codes"]) a.codes.insert(code.get<std::string>());
  if (current_) current_->attachments.push_back(a);
  if (event_with_attach) {
    const std::string note =
        notification(a, {{"Action", "Pulse"}, {"Code", "AlarmLocal"}, {"Data", nullptr}, {"Index", 7}});
    after_answer_ = proto::dvrip::write_dhip(0, 0, note, {.trailer = "\n"});
  }
  Json params = Json::object();
  if (sends_sid) params["SID"] = a.sid;
  return {{"result", true}, {"params", params}};
}

std::string EventDevice::notification(const Connection::Attachment& a, const Json& event) {
  Json params = {{"eventList", Json::array({event})}};
  if (sends_sid) params["SID"] = a.sid;
  return Json{{"id", a.request}, {"method", "client.notifyEventStream"}, {"params", params}}.dump();
}

std::string EventDevice::state_text(const std::string& code) const {
  std::string out;
  int n = 0;
  for (const auto& [c, index] : on) {
    if (c == code) out += "channels[" + std::to_string(n++) + "]=" + std::to_string(index) + "\r\n";
  }
  return out.empty() ? "Error: No Events\r\n" : out;
}

std::string EventDevice::cgi(const std::string& target, Connection& c) {
  const proto::cgi::Target t = proto::cgi::parse_target(target);
  const std::string action(t.query.get("action").value_or(""));
  const std::string service = t.path.substr(t.path.rfind('/') + 1);
  if (service == "eventManager.cgi" && action == "attach") {
    ++cgi_attaches;
    last_codes = t.query.get("codes").value_or("");
    const std::set<std::string> codes = split(last_codes);
    if (cgi_status == 404 || cgi_status == 501) return text(cgi_status, "Error\r\nNot Implemented!\r\n");
    if (cgi_status != 200) return text(cgi_status, "Error\r\nBad Request!\r\n");
    if (refuses_keepalive && t.query.get("keepalive")) return text(400, "Error\r\nBad Request!\r\n");
    if (codes.size() > longest_list) return text(400, "Error\r\nBad Request!\r\n");
    if (listeners() >= most_streams) return text(503, "Error\r\n");
    c.stream = true;
    c.codes = codes;
    return head(200, "multipart/x-mixed-replace; boundary=myboundary", std::nullopt);
  }
  if (service == "snapManager.cgi") {
    if (picture_status != 200) return text(picture_status, "Error\r\nBad Request!\r\n");
    c.pictures = true;
    return head(200, "multipart/x-mixed-replace; boundary=myboundary", std::nullopt);
  }
  const bool state = action == "getEventIndexes" || action == "getInState";
  if (state) ++state_requests;
  if (state && silent_cgi) return "";
  if (state && !tells_state) return text(501, "Error\r\nNot Implemented!\r\n");
  if (action == "getEventIndexes")
    return text(200, state_text(std::string(t.query.get("code").value_or(""))));
  if (action == "getInState") {
    std::uint64_t mask = 0;
    for (const auto& [code, index] : on) {
      if (code == "AlarmLocal") mask |= std::uint64_t(1) << index;
    }
    return text(200, "result=" + std::to_string(mask) + "\r\n");
  }
  return text(200, "type=NVR5216\r\n");
}

void EventDevice::happen(const std::string& code, EventAction action, int index) {
  if (action == EventAction::start) on.insert({code, index});
  if (action == EventAction::stop) on.erase({code, index});
}

void EventDevice::raise(const std::string& code, EventAction action, int index, Json data) {
  happen(code, action, index);
  if (deaf > 0) {
    --deaf;
    return;
  }
  for (int i = 0; i < copies; ++i)
    push({{"Action", word(action)}, {"Code", code}, {"Data", data}, {"Index", index}});
}

void EventDevice::push(const Json& event) {
  const std::string code = event["Code"];
  for (const auto& c : connections_) {
    if (c->dead) continue;
    for (const auto& a : c->attachments) {
      if (wants(a.codes, code))
        c->peer->send(proto::dvrip::write_dhip(0, 0, notification(a, event), {.trailer = "\n"}));
    }
    if (c->stream && wants(c->codes, code))
      c->peer->send(events::write_part("myboundary", events::write_block(events::parse_event(event)->event)));
  }
}

void EventDevice::write_streams(const std::string& bytes) {
  for (const auto& c : connections_) {
    if (c->stream && !c->dead) c->peer->send(bytes);
  }
}

void EventDevice::picture(const std::string& code, int index, const std::string& jpeg) {
  const auto about = events::parse_event({{"Code", code}, {"Action", "Pulse"}, {"Index", index}});
  for (const auto& c : connections_) {
    if (!c->pictures || c->dead) continue;
    c->peer->send(events::write_part("myboundary", events::write_picture_text(about->event)) +
                  events::write_picture_part("myboundary", as_bytes(jpeg)));
  }
}

void EventDevice::reboot(bool half_open) {
  const auto all = connections_;
  for (const auto& c : all) {
    c->dead = true;
    c->attachments.clear();
    if (!half_open) c->peer->reset();
  }
}

int EventDevice::listeners() const {
  int n = 0;
  for (const auto& c : connections_) {
    if (!c->dead) n += static_cast<int>(c->attachments.size()) + (c->stream ? 1 : 0);
  }
  return n;
}

}  // namespace dmss::scenario

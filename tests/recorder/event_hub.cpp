#include "recorder/event_hub.hpp"

#include <algorithm>

#include "proto/rpc/codes.hpp"

namespace dmss::recorder {
namespace {

namespace rpc = proto::rpc;

constexpr std::size_t kMaxActive = 4096;
constexpr std::size_t kMaxCodes = 256;

Json told(const DeviceEvent& e) {
  return {{"Action", e.action}, {"Code", e.code}, {"Index", e.index}, {"Data", e.data}};
}

}  // namespace

bool holds_code(const std::vector<std::string>& codes, const std::string& code) {
  return std::any_of(codes.begin(), codes.end(),
                     [&](const std::string& c) { return c == "All" || c == code; });
}

DeviceEvent event_of(const Json& j) {
  const Json* data = rpc::member(j, "data");
  return {rpc::text_or(j, "code", ""), rpc::text_or(j, "action", "Start"),
          static_cast<int>(std::clamp<std::int64_t>(rpc::int_or(j, "index", 0), -1, 65535)),
          data != nullptr ? *data : Json(nullptr)};
}

std::vector<std::string> split_codes(std::string_view list) {
  if (list.size() >= 2 && list.front() == '[' && list.back() == ']') list = list.substr(1, list.size() - 2);
  std::vector<std::string> codes;
  while (!list.empty() && codes.size() < kMaxCodes) {
    const std::size_t end = std::min(list.find(','), list.size());
    std::string_view one = list.substr(0, end);
    while (!one.empty() && one.front() == ' ') one.remove_prefix(1);
    while (!one.empty() && one.back() == ' ') one.remove_suffix(1);
    if (!one.empty()) codes.emplace_back(one);
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return codes;
}

bool EventHub::lost(std::string_view service, const DeviceEvent& e) {
  if (faults_.none()) return false;
  const Where where{.service = service, .what = e.code, .channel = e.index + 1};
  return faults_.strikes("events_lost", where) ||
         (e.action == "Stop" && faults_.strikes("no_stop_event", where));
}

int EventHub::tell_sessions(const DeviceEvent& e) {
  int reached = 0;
  // A copy: telling may end a connection and with it a session.
  const auto sessions = sessions_.all();
  for (const auto& [id, session] : sessions) {
    auto attachments = session->attachments;
    std::erase_if(attachments,
                  [&](const Session::Attachment& a) { return a.silent || !holds_code(a.codes, e.code); });
    if (!session->notify || attachments.empty() || lost(session->service, e)) continue;
    const int copies = faults_.strikes("two_notifications", {.service = session->service}) ? 2 : 1;
    for (const Session::Attachment& a : attachments) {
      if (!session->notify) break;
      const Json note = {{"id", a.request},
                         {"method", "client.notifyEventStream"},
                         {"params", {{"SID", a.sid}, {"eventList", Json::array({told(e)})}}},
                         {"session", session->key}};
      session->notify(note, copies);
      ++reached;
    }
  }
  return reached;
}

int EventHub::tell_listeners(const DeviceEvent& e) {
  int reached = 0;
  const auto listeners = listeners_;
  for (const auto& weak : listeners) {
    const auto listener = weak.lock();
    if (!listener || !listener->wants(e) || lost(listener->service(), e)) continue;
    const int copies = faults_.strikes("two_notifications", {.service = listener->service()}) ? 2 : 1;
    for (int i = 0; i < copies; ++i) listener->tell(e);
    ++reached;
  }
  return reached;
}

int EventHub::raise(const DeviceEvent& e) {
  ++raised_;
  if (e.action == "Start" && active_.size() < kMaxActive) active_.insert({e.code, e.index});
  if (e.action == "Stop") active_.erase({e.code, e.index});
  const int reached = tell_sessions(e) + tell_listeners(e);
  for (const auto& observer : observers_) observer(e);
  return reached;
}

int EventHub::hold(const std::string& code, int index, bool on, Json data) {
  if (active(code, index) == on) return 0;
  return raise({code, on ? "Start" : "Stop", index, std::move(data)});
}

std::vector<int> EventHub::active(const std::string& code) const {
  std::vector<int> out;
  for (const auto& [c, index] : active_) {
    if (c == code) out.push_back(index);
  }
  return out;
}

void EventHub::remove(const EventListener* listener) {
  std::erase_if(listeners_, [&](const std::weak_ptr<EventListener>& w) {
    const auto l = w.lock();
    return !l || l.get() == listener;
  });
}

std::size_t EventHub::subscriptions() const {
  std::size_t n = listeners_.size();
  for (const auto& [id, session] : sessions_.all()) n += session->attachments.size();
  return n;
}

Json EventHub::to_json() const {
  Json active = Json::array();
  for (const auto& [code, index] : active_) active.push_back({{"code", code}, {"index", index}});
  return {{"raised", raised_}, {"active", std::move(active)}, {"streams", listeners_.size()}};
}

std::optional<EventHub::Refusal> EventHub::refuses(std::string_view service,
                                                   const std::vector<std::string>& codes) {
  if (faults_.none()) return std::nullopt;
  const Where where{.service = service, .what = "attach"};
  const auto refusal = [](const Json& f, int status, std::string body) {
    return Refusal{static_cast<int>(rpc::int_or(f, "status", status)), rpc::text_or(f, "body", body),
                   rpc::int_or(f, "code", rpc::code::server_error),
                   rpc::text_or(f, "message", "Server internal error!")};
  };
  const bool all = std::find(codes.begin(), codes.end(), "All") != codes.end();
  if (const auto f = faults_.take("attach_refused", where))
    return refusal(*f, 404, "Error\r\nNot Found!\r\n");
  if (subscriptions() > 0) {
    if (const auto f = faults_.take("one_listener", where)) return refusal(*f, 500, "Error\r\n");
  }
  if (const Json* f = faults_.find("long_codes", where);
      f != nullptr && !all && static_cast<std::int64_t>(codes.size()) > rpc::int_or(*f, "max", 1))
    return refusal(*faults_.take("long_codes", where), 400, "Error\r\nBad Request!\r\n");
  if (!all) {
    if (const auto f = faults_.take("only_all", where)) return refusal(*f, 400, "Error\r\nBad Request!\r\n");
  }
  return std::nullopt;
}

}  // namespace dmss::recorder

// ptz.cgi and ptzBase.cgi (protocol http-rpc.md §7.1).
#include <charconv>
#include <optional>

#include "recorder/cgi.hpp"
#include "recorder/cgi_channel.hpp"
#include "recorder/tables.hpp"

namespace dmss::recorder {
namespace {

/// Absent is 0; nullopt when it is no number.
std::optional<double> real(const CgiCall& call, const char* key) {
  const auto given = call.query.get(key);
  if (!given || given->empty()) return 0.0;
  double value = 0;
  const auto [end, error] = std::from_chars(given->data(), given->data() + given->size(), value);
  if (error != std::errc() || end != given->data() + given->size()) return std::nullopt;
  return value;
}

std::optional<PtzModel::Arguments> arguments(const CgiCall& call) {
  PtzModel::Arguments a{};
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto value = real(call, ("arg" + std::to_string(i + 1)).c_str());
    if (!value) return std::nullopt;
    a[i] = *value;
  }
  return a;
}

bool set_preset(const CgiCall& call, PtzModel& head) {
  return head.set_preset(static_cast<int>(call.number("arg1", 0)), call.get("arg2"));
}

bool command(const CgiCall& call, int channel) {
  Ptz& ptz = call.core.ptz;
  PtzModel* head = ptz.head(channel);
  if (call.action == "setPreset") return head != nullptr && set_preset(call, *head);
  const auto a = arguments(call);
  if (!a) return false;
  if (call.action == "start" || call.action == "stop")
    return ptz.code(channel, call.action == "start", call.get("code"), *a);
  if (head == nullptr) return false;
  if (call.action == "moveRelatively") {
    head->move_relatively((*a)[0], (*a)[1], (*a)[2], 0);
  } else {
    head->move_absolutely((*a)[0], (*a)[1], (*a)[2] > 0 ? (*a)[2] : head->position().zoom, 0);
  }
  return true;
}

HttpAnswer noted(const CgiCall& call, int channel, bool done) {
  Json params = Json::object();
  for (const auto& [key, value] : call.query.pairs()) params[key] = value;
  call.core.ptz.note(channel, "cgi", call.action, std::move(params), done);
  return done ? cgi::ok() : cgi::bad_request();
}

HttpAnswer ptz(const CgiCall& call) {
  static constexpr std::string_view kCommands[] = {"start", "stop", "setPreset", "moveRelatively",
                                                   "moveAbsolutely"};
  const int channel = cgi_channel(call);
  if (channel == 0) return cgi::bad_request();
  if (std::find(std::begin(kCommands), std::end(kCommands), call.action) != std::end(kCommands))
    return noted(call, channel, command(call, channel));
  proto::cgi::KeyValues kv;
  if (call.action == "getStatus") {
    flatten("status", real_numbers(call.core.ptz.status(channel)), kv);
  } else if (call.action == "getPresets") {
    flatten("presets", call.core.ptz.presets(channel), kv);
  } else if (call.action == "getCurrentProtocolCaps") {
    flatten("caps", call.core.ptz.caps(channel), kv);
  } else {
    return cgi::not_implemented();
  }
  return cgi::lines(kv);
}

HttpAnswer ptz_base(const CgiCall& call) {
  if (call.action != "moveDirectly") return cgi::not_implemented();
  const int channel = cgi_channel(call);
  PtzModel* head = call.core.ptz.head(channel);
  if (channel == 0) return cgi::bad_request();
  const auto x1 = real(call, "startPoint[0]"), y1 = real(call, "startPoint[1]");
  const auto x2 = real(call, "endPoint[0]"), y2 = real(call, "endPoint[1]");
  const bool good = head != nullptr && x1 && y1 && x2 && y2;
  if (good) head->move_directly(*x1, *y1, *x2, *y2);
  return noted(call, channel, good);
}

}  // namespace

void add_cgi_ptz(Cgi& c) {
  c.add("ptz.cgi", ptz);
  c.add("ptzBase.cgi", ptz_base);
}

}  // namespace dmss::recorder

// coaxialControlIO.cgi, rainBrush.cgi, alarm.cgi, netAlarm.cgi (protocol http-rpc.md §5.5, §7.6, §7.7).
#include "recorder/cgi_channel.hpp"

namespace dmss::recorder {
namespace {

constexpr int kMaxInfo = 16;

HttpAnswer coaxial_status(const CgiCall& call, int channel) {
  const Controls& controls = call.core.controls;
  const bool light = controls.light(channel), speaker = controls.speaker(channel);
  std::string shape = controls.has_coaxial() ? "nested" : "flat";
  if (const auto f = call.core.faults.take("coaxial_status", {.channel = channel}))
    shape = proto::rpc::text_or(*f, "shape", shape);
  proto::cgi::KeyValues kv;
  if (shape == "lower") {
    kv.add("status.whitelight", light ? "on" : "off");
    kv.add("status.speaker", speaker ? "on" : "off");
  } else {
    const std::string prefix = shape == "flat" ? "status." : "status.status.";
    kv.add(prefix + "Speaker", speaker ? "On" : "Off");
    kv.add(prefix + "WhiteLight", light ? "On" : "Off");
  }
  return cgi::lines(kv);
}

HttpAnswer coaxial(const CgiCall& call) {
  Controls& controls = call.core.controls;
  const int channel = cgi_channel(call);
  if (!controls.answers_coaxial() || channel == 0) return cgi::bad_request();
  if (call.action == "getStatus") return coaxial_status(call, channel);
  if (call.action != "control") return cgi::not_implemented();
  int found = 0;
  for (; found < kMaxInfo; ++found) {
    const std::string row = "info[" + std::to_string(found) + "].";
    if (!call.query.get(row + "Type")) break;
    if (!controls.set_coaxial(channel, call.number((row + "Type").c_str(), 0),
                              call.number((row + "IO").c_str(), 0)))
      return cgi::bad_request();
  }
  if (found == 0) return cgi::bad_request();
  call.core.count("coaxial_controls");
  return cgi::ok();
}

HttpAnswer rain_brush(const CgiCall& call) {
  Controls& controls = call.core.controls;
  const int channel = cgi_channel(call);
  if (!controls.has_wiper() || channel == 0) return cgi::bad_request();
  if (call.action == "moveOnce") {
    controls.wipe_once(channel);
  } else if (call.action == "moveContinuously") {
    const std::int64_t interval = call.number("interval", -1);
    if (interval < 0) return cgi::bad_request();
    controls.wipe(channel, interval);
  } else if (call.action == "stopMove") {
    controls.stop_wiper(channel);
  } else {
    return cgi::not_implemented();
  }
  return cgi::ok();
}

HttpAnswer alarm(const CgiCall& call) {
  const AlarmIo& io = call.core.alarm_io;
  const auto result = [](std::int64_t n) { return cgi::line("result", std::to_string(n)); };
  if (call.action == "getInSlots") return result(io.inputs());
  if (call.action == "getOutSlots") return result(io.outputs());
  if (call.action == "getInState") return result(io.input_state());
  if (call.action == "getOutState") return result(io.output_state());
  return cgi::not_implemented();
}

HttpAnswer net_alarm(const CgiCall& call) {
  if (call.action != "setState") return cgi::not_implemented();
  const std::string on = call.get("alarm");
  if (on != "true" && on != "false") return cgi::bad_request();
  const std::int64_t channel = call.number("channel", 0);
  const bool there = channel >= 1 && channel <= call.core.alarm_io.net_inputs();
  if (!there || !call.core.alarm_io.set_net_alarm(static_cast<int>(channel) - 1, on == "true"))
    return cgi::bad_request();
  return cgi::ok();
}

}  // namespace

void add_cgi_controls(Cgi& c) {
  c.add("coaxialControlIO.cgi", coaxial);
  c.add("rainBrush.cgi", rain_brush);
  c.add("alarm.cgi", alarm);
  c.add("netAlarm.cgi", net_alarm);
}

}  // namespace dmss::recorder

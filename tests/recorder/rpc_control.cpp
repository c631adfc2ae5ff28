// Methods with instances and events: eventManager, devVideoInput, ptz, alarm, LogicDeviceManager.
#include <algorithm>

#include "recorder/rpc_methods.hpp"

namespace dmss::recorder {
namespace {

namespace rpc = proto::rpc;
namespace code = proto::rpc::code;
using rpc::int_or;
using rpc::text_or;

constexpr std::size_t kMaxPerSession = 256;

/// "<service>.factory.instance" and "<service>.destroy".
void add_factory(Rpc& rpc, const std::string& service) {
  Core& core = rpc.core();
  const auto create = [&core, service](const Request& r, Caller& c) {
    if (!c.session || c.session->objects.size() >= kMaxPerSession)
      return rpc::make_error(r, code::server_error, "Server internal error!");
    const std::int64_t handle = core.sessions.next_object();
    c.session->objects[handle] = service;
    return rpc::make_reply(r, handle);
  };
  rpc.add(service + ".factory.instance", create);
  rpc.add(service + ".destroy", [](const Request& r, Caller& c) {
    if (!r.object || !c.session || c.session->objects.erase(*r.object) == 0)
      return rpc::make_error(r, code::invalid_request, "Invalid request! Object needed.");
    return rpc::make_reply(r, true);
  });
}

void add_events(Rpc& rpc) {
  Core& core = rpc.core();
  add_factory(rpc, "eventManager");
  rpc.add("eventManager.attach", [&core](const Request& r, Caller& c) {
    if (c.session->attachments.size() >= kMaxPerSession)
      return rpc::make_error(r, code::server_error, "Server internal error!");
    Session::Attachment a;
    a.sid = core.sessions.next_sid();
    a.request = r.id;
    if (const Json* codes = rpc::member(r.params, "codes"); codes != nullptr && codes->is_array()) {
      for (const Json& one : *codes) {
        if (one.is_string() && a.codes.size() < kMaxPerSession) a.codes.push_back(one.get<std::string>());
      }
    }
    const Json params = {{"SID", a.sid}};
    c.session->attachments.push_back(std::move(a));
    return rpc::make_reply(r, true, params);
  });
  rpc.add("eventManager.detach", [](const Request& r, Caller& c) {
    const std::int64_t sid = int_or(r.params, "SID", -1);
    std::erase_if(c.session->attachments,
                  [&](const Session::Attachment& a) { return sid < 0 || a.sid == sid; });
    return rpc::make_reply(r, true);
  });
  rpc.add("eventManager.getCaps", [](const Request& r, Caller&) {
    return rpc::make_reply(
        r, true,
        {{"caps", {{"Codes", Json::array({"VideoMotion", "AlarmLocal", "VideoLoss", "VideoBlind"})}}}});
  });
  rpc.add("eventManager.getEventIndexes",
          [](const Request& r, Caller&) { return rpc::make_error(r, code::no_data, "No Events"); });
}

void add_inputs(Rpc& rpc) {
  Core& core = rpc.core();
  rpc.add("devVideoInput.getCollect",
          [&core](const Request& r, Caller&) { return rpc::make_reply(r, core.profile.channels); });
  add_factory(rpc, "devVideoInput");
  rpc.add("devVideoInput.getCaps", [](const Request& r, Caller&) {
    return rpc::make_reply(r, true,
                           {{"caps",
                             {{"DayNightColor", 3},
                              {"Flip", true},
                              {"Mirror", true},
                              {"Rotate90", true},
                              {"ElectricFocus", false}}}});
  });
  rpc.add("alarm.getInSlots",
          [](const Request& r, Caller&) { return rpc::make_reply(r, true, {{"inputs", 4}}); });
  rpc.add("alarm.getOutSlots",
          [](const Request& r, Caller&) { return rpc::make_reply(r, true, {{"outputs", 2}}); });
  rpc.add("alarm.getOutState",
          [](const Request& r, Caller&) { return rpc::make_reply(r, true, {{"state", 0}}); });
  rpc.add("LogicDeviceManager.getCameraAll", [&core](const Request& r, Caller&) {
    Json cameras = Json::array();
    for (int c = 0; c < core.profile.channels; ++c) {
      cameras.push_back({{"Channel", c},
                         {"DeviceID", "uuid:System_CONFIG_NETCAMERA_INFO_" + std::to_string(c)},
                         {"Enable", true},
                         {"Type", "Remote"},
                         {"UniqueChannel", c}});
    }
    return rpc::make_reply(r, true, {{"camera", std::move(cameras)}});
  });
}

void add_ptz(Rpc& rpc) {
  Core& core = rpc.core();
  add_factory(rpc, "ptz");
  for (const std::string action :
       {"start", "stop", "moveContinuously", "moveRelatively", "gotoPreset", "setPreset", "clearPreset"}) {
    rpc.add("ptz." + action, [&core, action](const Request& r, Caller&) {
      const std::int64_t channel = int_or(r.params, "channel", 0);
      const auto& can = core.profile.ptz_channels;
      if (!r.object && std::find(can.begin(), can.end(), static_cast<int>(channel) + 1) == can.end()) {
        return rpc::make_error(r, code::invalid_request, "Invalid request!");
      }
      if (core.ptz.size() < 1000) core.ptz.push_back({{"action", action}, {"params", r.params}});
      return rpc::make_reply(r, true);
    });
  }
}

}  // namespace

void add_control_methods(Rpc& rpc) {
  add_events(rpc);
  add_inputs(rpc);
  add_ptz(rpc);
}

}  // namespace dmss::recorder

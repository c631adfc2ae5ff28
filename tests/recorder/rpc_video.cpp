// What inputs and encoders can do, and which cameras a recorder has: encode, devVideoInput, devAudioInput,
// devAudioOutput, LogicDeviceManager (protocol http-rpc.md §4.5, §5.8, §6.1).
#include <algorithm>

#include "recorder/config.hpp"
#include "recorder/device.hpp"
#include "recorder/rpc_answers.hpp"

namespace dmss::recorder {
namespace {

using namespace answers;
using rpc::int_or;
using rpc::text_or;

Reply ability(Core& core, const Request& r, const char* method) {
  const Json* caps = core.profile.ability(method);
  return caps != nullptr ? rpc::make_reply(r, true, {{"caps", *caps}})
                         : error(r, code::method_not_found, "Method not found!");
}

Reply camera_states(Core& core, const Request& r) {
  const Json* wanted = rpc::member(r.params, "uniqueChannels");
  if (wanted == nullptr || !wanted->is_array()) return bad_parameter(r);
  Json states = Json::array();
  for (int c = 0; c < core.profile.channels; ++c) {
    const auto means = [&](const Json& w) { return w == -1 || w == c; };
    if (std::none_of(wanted->begin(), wanted->end(), means)) continue;
    Json state = {{"channel", c}};
    if (const std::string is = camera_state(core, c + 1); !is.empty()) state["connectionState"] = is;
    states.push_back(std::move(state));
  }
  return rpc::make_reply(r, true, {{"states", std::move(states)}});
}

void add_inputs(Rpc& rpc) {
  Core& core = rpc.core();
  rpc.add("devVideoInput.getCollect",
          [&core](const Request& r, Caller&) { return rpc::make_reply(r, core.profile.channels); });
  for (const char* service : {"devAudioInput", "devAudioOutput"}) {
    rpc.add(std::string(service) + ".getCollect",
            [](const Request& r, Caller&) { return rpc::make_reply(r, 1); });
  }
  rpc.add("devVideoInput.getCaps", [&core](const Request& r, Caller& c) {
    if (!has_object(r, c, "devVideoInput")) return error(r, code::invalid_request, "Invalid request!");
    Reply reply = ability(core, r, "devVideoInput.getCaps");
    const int channel = instance_of(r, c, "devVideoInput").channel;
    if (reply.ok()) reply.params["caps"]["ElectricFocus"] = core.ptz.turns(channel);
    return reply;
  });
  rpc.add("devVideoInput.getCapsEx", [&core](const Request& r, Caller& c) {
    if (!has_object(r, c, "devVideoInput")) return error(r, code::invalid_request, "Invalid request!");
    const Json* all = core.profile.ability("devVideoInput.getCapsEx");
    const Json* one = all != nullptr ? rpc::member(*all, text_or(r.params, "name", "").c_str()) : nullptr;
    return one != nullptr ? rpc::make_reply(r, true, {{"caps", *one}}) : unknown(r);
  });
}

}  // namespace

void add_video_methods(Rpc& rpc) {
  Core& core = rpc.core();
  add_inputs(rpc);
  rpc.add("encode.getConfigCaps", [&core](const Request& r, Caller&) {
    const std::int64_t channel = int_or(r.params, "channel", 0);
    if (channel < 0 || channel >= core.profile.channels) return bad_parameter(r);
    return rpc::make_reply(r, true, {{"caps", encode_caps(core, static_cast<int>(channel))}});
  });
  if (cameras(core).is_null()) {
    rpc.remove("LogicDeviceManager.getCameraAll");
    return;
  }
  tell(rpc, "LogicDeviceManager.getCameraAll",
       [&core](const Request&) { return Json{{"camera", cameras(core)}}; });
  rpc.add("LogicDeviceManager.getCameraState",
          [&core](const Request& r, Caller&) { return camera_states(core, r); });
}

}  // namespace dmss::recorder

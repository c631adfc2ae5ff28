// CoaxialControlIO.*, rainBrush.*, devIntelliTracker.*, RemoteSpeak.*, snapManager.* (protocol http-rpc.md §4.5, §7.5-7.7).
// What the device has not is not there: 268632064.
#include <algorithm>

#include "recorder/rpc_instance.hpp"

namespace dmss::recorder {
namespace {

namespace rpc = proto::rpc;
namespace code = proto::rpc::code;

constexpr std::size_t kMaxInfo = 16;

Reply bad_parameter(const Request& r) {
  return rpc::make_error(r, code::invalid_param, "Bad parameter!");
}

/// params.channel, from 1; 0 when there is no such channel.
int channel_of(const Core& core, const Request& r) {
  const std::int64_t channel = rpc::int_or(r.params, "channel", 0);
  return channel >= 0 && channel < core.profile.channels ? static_cast<int>(channel) + 1 : 0;
}

Reply coaxial_control(Core& core, const Request& r) {
  const Json* info = rpc::member(r.params, "info");
  const int channel = channel_of(core, r);
  if (channel == 0 || info == nullptr || !info->is_array() || info->empty() || info->size() > kMaxInfo)
    return bad_parameter(r);
  for (const Json& one : *info) {
    if (!core.controls.set_coaxial(channel, rpc::int_or(one, "Type", 0), rpc::int_or(one, "IO", 0)))
      return bad_parameter(r);
  }
  core.count("coaxial_controls");
  return rpc::make_reply(r, true);
}

void add_coaxial(Rpc& rpc) {
  Core& core = rpc.core();
  if (!core.controls.answers_coaxial()) return;
  rpc.add("CoaxialControlIO.control",
          [&core](const Request& r, Caller&) { return coaxial_control(core, r); });
  rpc.add("CoaxialControlIO.getStatus", [&core](const Request& r, Caller&) {
    const int channel = channel_of(core, r);
    if (channel == 0) return bad_parameter(r);
    return rpc::make_reply(r, true,
                           {{"status",
                             {{"WhiteLight", core.controls.light(channel) ? "On" : "Off"},
                              {"Speaker", core.controls.speaker(channel) ? "On" : "Off"}}}});
  });
  rpc.add("CoaxialControlIO.getCaps", [&core](const Request& r, Caller&) {
    const Json* told = core.profile.ability("CoaxialControlIO.getCaps");
    if (told != nullptr) return rpc::make_reply(r, true, {{"caps", *told}});
    const int has = core.controls.has_coaxial() ? 1 : 0;
    return rpc::make_reply(r, true,
                           {{"caps",
                             {{"SupportControlFullcolorLight", has},
                              {"SupportControlLight", has},
                              {"SupportControlSpeaker", has}}}});
  });
}

void add_wiper(Rpc& rpc) {
  Core& core = rpc.core();
  if (!core.controls.has_wiper()) return;
  for (const std::string action : {"moveOnce", "moveContinuously", "stopMove"}) {
    rpc.add("rainBrush." + action, [&core, action](const Request& r, Caller&) {
      const int channel = channel_of(core, r);
      if (channel == 0) return bad_parameter(r);
      if (action == "moveOnce") core.controls.wipe_once(channel);
      if (action == "moveContinuously") core.controls.wipe(channel, rpc::int_or(r.params, "interval", 0));
      if (action == "stopMove") core.controls.stop_wiper(channel);
      return rpc::make_reply(r, true);
    });
  }
}

void add_tracker(Rpc& rpc) {
  Core& core = rpc.core();
  if (!core.controls.has_tracker()) return;
  add_factory(rpc, "devIntelliTracker");
  for (const std::string action : {"start", "stop"}) {
    add_instance_method(rpc, "devIntelliTracker", action,
                        [&core, action](const Request& r, Caller&, int channel) {
                          core.controls.track(channel, action == "start");
                          return rpc::make_reply(r, true);
                        });
  }
  // No source shows what is in them.
  add_instance_method(rpc, "devIntelliTracker", "getCaps", [](const Request& r, Caller&, int) {
    return rpc::make_reply(r, true, {{"caps", Json::object()}});
  });
}

void add_speakers(Rpc& rpc) {
  Core& core = rpc.core();
  if (core.profile.device_class != "NVR") return;
  rpc.add("RemoteSpeak.getCaps", [&core](const Request& r, Caller&) {
    const Json* channels = rpc::member(r.params, "Channels");
    if (channels == nullptr || !channels->is_array()) return bad_parameter(r);
    Json caps = Json::array();
    for (const Json& c : *channels) {
      if (!c.is_number_integer() || c < 0 || c >= core.profile.channels) return bad_parameter(r);
      const auto& aux = core.ptz.aux_codes(c.get<int>() + 1);
      const bool siren = std::find(aux.begin(), aux.end(), "Aux") != aux.end();
      caps.push_back({{"AudioPlayPath", Json::array()},
                      {"SupportAudioPlay", false},
                      {"SupportQuickReply", false},
                      {"SupportSiren", siren},
                      {"SupportedAudioFormat", Json::array({{{"Format", "PCM"}}})}});
    }
    return rpc::make_reply(r, true, {{"Caps", std::move(caps)}});
  });
}

}  // namespace

void add_live_controls(Rpc& rpc) {
  add_coaxial(rpc);
  add_wiper(rpc);
  add_tracker(rpc);
  add_speakers(rpc);
  rpc.add("snapManager.getCaps",
          [](const Request& r, Caller&) { return rpc::make_reply(r, true, {{"caps", Json::object()}}); });
}

}  // namespace dmss::recorder

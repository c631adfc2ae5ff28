#include "session/capabilities/probe.hpp"

#include <algorithm>

#include "session/engine/signal.hpp"

namespace dmss::session {
namespace {

constexpr ProbeGroup kDeviceGroups[] = {ProbeGroup::device,  ProbeGroup::slots,     ProbeGroup::events,
                                        ProbeGroup::storage, ProbeGroup::recording, ProbeGroup::pictures,
                                        ProbeGroup::log,     ProbeGroup::security};
constexpr ProbeGroup kChannelGroups[] = {ProbeGroup::ptz,   ProbeGroup::streams,    ProbeGroup::lens,
                                         ProbeGroup::image, ProbeGroup::deterrence, ProbeGroup::tracking,
                                         ProbeGroup::wiper, ProbeGroup::sound,      ProbeGroup::detection,
                                         ProbeGroup::pir};

bool is_of_device(ProbeGroup group) {
  return group == ProbeGroup::alarm_caps ||
         std::find(std::begin(kDeviceGroups), std::end(kDeviceGroups), group) != std::end(kDeviceGroups);
}

awaitable<Result<Findings>> run_probe(std::shared_ptr<Commands> commands, int channel, ProbeGroup group) {
  switch (group) {
    case ProbeGroup::device: co_return co_await probe_device(commands);
    case ProbeGroup::slots: co_return co_await probe_slots(commands);
    case ProbeGroup::events: co_return co_await probe_events(commands);
    case ProbeGroup::storage: co_return co_await probe_storage(commands);
    case ProbeGroup::recording: co_return co_await probe_recording(commands);
    case ProbeGroup::pictures: co_return co_await probe_pictures(commands);
    case ProbeGroup::log: co_return co_await probe_log(commands);
    case ProbeGroup::security: co_return co_await probe_security(commands);
    case ProbeGroup::alarm_caps: co_return co_await probe_alarm_caps(commands);
    case ProbeGroup::ptz: co_return co_await probe_ptz(commands, channel);
    case ProbeGroup::streams: co_return co_await probe_streams(commands, channel);
    case ProbeGroup::lens: co_return co_await probe_lens(commands, channel);
    case ProbeGroup::image: co_return co_await probe_image(commands, channel);
    case ProbeGroup::deterrence: co_return co_await probe_deterrence(commands, channel);
    case ProbeGroup::tracking: co_return co_await probe_tracking(commands, channel);
    case ProbeGroup::wiper: co_return co_await probe_wiper(commands, channel);
    case ProbeGroup::sound: co_return co_await probe_sound(commands, channel);
    case ProbeGroup::detection: co_return co_await probe_detection(commands, channel);
    case ProbeGroup::pir: co_return co_await probe_pir(commands, channel);
  }
  co_return Errc::internal;
}

}  // namespace

awaitable<Error> ensure_probed(std::shared_ptr<Commands> commands, int channel, ProbeGroup group,
                               bool refresh) {
  CapabilityCache& cache = commands->capabilities();
  for (;;) {
    if (!refresh && cache.probed(channel, group)) co_return Error();
    const std::shared_ptr<Signal> others = cache.under_way(channel, group);
    if (!others) break;
    co_await others->wait();
    refresh = false;  // what was just found out is fresh
    if (commands->time_left() <= Duration::zero()) co_return Errc::timeout;
  }
  CapabilityCache::Turn turn(cache, channel, group, std::make_shared<Signal>(commands->context().executor));
  Result<Findings> found = co_await run_probe(commands, channel, group);
  if (!found) co_return found.error();
  cache.merge(channel, group, std::move(*found));
  co_return Error();
}

awaitable<Result<Capabilities>> probe_all(std::shared_ptr<Commands> commands, int channel, bool refresh) {
  if (channel != 0) {
    if (Error e = check_channel(*commands, channel)) co_return e;
  }
  if (refresh) commands->capabilities().forget_refusals(channel);
  for (ProbeGroup group : kDeviceGroups) {
    if (channel != 0) break;
    if (Error e = co_await ensure_probed(commands, channel, group, refresh)) co_return e;
  }
  for (ProbeGroup group : kChannelGroups) {
    if (channel == 0) break;
    if (Error e = co_await ensure_probed(commands, channel, group, refresh)) co_return e;
  }
  const Capabilities* all = commands->capabilities().find(channel);
  if (all == nullptr) co_return Errc::internal;
  co_return *all;
}

awaitable<Error> require(std::shared_ptr<Commands> commands, int channel, Feature feature) {
  const ProbeGroup group = group_of(feature);
  const bool of_device = is_of_device(group);
  if (!of_device) {
    if (Error e = check_channel(*commands, channel)) co_return e;
  }
  const int scope = of_device ? 0 : channel;
  if (Error e = co_await ensure_probed(commands, scope, group)) co_return e;
  co_return known_lack(*commands, channel, feature);
}

Error known_lack(Commands& commands, int channel, Feature feature) {
  const int scope = is_of_device(group_of(feature)) ? 0 : channel;
  const Capabilities* known = commands.capabilities().find(scope);
  if (known == nullptr || known->support(feature) != Support::no) return {};
  const Capability& found = known->of(feature);
  std::string message = std::string(name(feature)) + ": " + found.reason;
  if (!found.probe.empty()) message += " (" + found.probe + ")";
  return Error(Errc::unsupported, std::move(message));
}

ProbeGroup group_of(Feature feature) noexcept {
  switch (feature) {
    case Feature::ptz:
    case Feature::ptz_zoom:
    case Feature::ptz_focus:
    case Feature::ptz_iris:
    case Feature::ptz_presets:
    case Feature::ptz_tours:
    case Feature::ptz_position:
    case Feature::ptz_absolute:
    case Feature::ptz_relative: return ProbeGroup::ptz;
    case Feature::motorised_lens:
    case Feature::fisheye: return ProbeGroup::lens;
    case Feature::wiper: return ProbeGroup::wiper;
    case Feature::light:
    case Feature::siren: return ProbeGroup::deterrence;
    case Feature::smart_tracking: return ProbeGroup::tracking;
    case Feature::talk:
    case Feature::audio: return ProbeGroup::sound;
    case Feature::image_color:
    case Feature::image_flip:
    case Feature::image_mirror:
    case Feature::image_rotate: return ProbeGroup::image;
    case Feature::motion_detection:
    case Feature::smart_motion:
    case Feature::video_mask:
    case Feature::smart_rules: return ProbeGroup::detection;
    case Feature::pir: return ProbeGroup::pir;
    case Feature::extra_stream: return ProbeGroup::streams;
    case Feature::json_rpc:
    case Feature::cgi: return ProbeGroup::device;
    case Feature::alarm_inputs:
    case Feature::alarm_outputs: return ProbeGroup::slots;
    case Feature::storage: return ProbeGroup::storage;
    case Feature::recording: return ProbeGroup::recording;
    case Feature::events: return ProbeGroup::events;
    case Feature::event_pictures: return ProbeGroup::pictures;
    case Feature::log_search: return ProbeGroup::log;
    case Feature::encrypted_password_change: break;
  }
  return ProbeGroup::security;
}

}  // namespace dmss::session

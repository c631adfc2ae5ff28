// The public side of capabilities.
#include "dmss/capabilities.hpp"

#include "session/capabilities/probe.hpp"
#include "session/device/perform.hpp"

namespace dmss {
namespace {

/// Some two dozen questions, one after the other.
constexpr std::chrono::milliseconds kProbeTime = std::chrono::seconds(60);

struct NameRow {
  Feature feature;
  std::string_view name;
};
constexpr NameRow kNames[] = {
    {Feature::ptz, "ptz"},
    {Feature::ptz_zoom, "ptz_zoom"},
    {Feature::ptz_focus, "ptz_focus"},
    {Feature::ptz_iris, "ptz_iris"},
    {Feature::ptz_presets, "ptz_presets"},
    {Feature::ptz_tours, "ptz_tours"},
    {Feature::ptz_position, "ptz_position"},
    {Feature::ptz_absolute, "ptz_absolute"},
    {Feature::ptz_relative, "ptz_relative"},
    {Feature::motorised_lens, "motorised_lens"},
    {Feature::wiper, "wiper"},
    {Feature::light, "light"},
    {Feature::siren, "siren"},
    {Feature::smart_tracking, "smart_tracking"},
    {Feature::talk, "talk"},
    {Feature::audio, "audio"},
    {Feature::image_color, "image_color"},
    {Feature::image_flip, "image_flip"},
    {Feature::image_mirror, "image_mirror"},
    {Feature::image_rotate, "image_rotate"},
    {Feature::fisheye, "fisheye"},
    {Feature::motion_detection, "motion_detection"},
    {Feature::smart_motion, "smart_motion"},
    {Feature::video_mask, "video_mask"},
    {Feature::pir, "pir"},
    {Feature::smart_rules, "smart_rules"},
    {Feature::extra_stream, "extra_stream"},
    {Feature::json_rpc, "json_rpc"},
    {Feature::cgi, "cgi"},
    {Feature::alarm_inputs, "alarm_inputs"},
    {Feature::alarm_outputs, "alarm_outputs"},
    {Feature::storage, "storage"},
    {Feature::recording, "recording"},
    {Feature::events, "events"},
    {Feature::event_pictures, "event_pictures"},
    {Feature::log_search, "log_search"},
    {Feature::encrypted_password_change, "encrypted_password_change"},
};

}  // namespace

Operation Device::capabilities(int channel, std::function<void(Result<Capabilities>)> done, bool refresh) {
  session::Conversation<Capabilities> conversation = [channel,
                                                      refresh](std::shared_ptr<session::Commands> commands) {
    return session::probe_all(std::move(commands), channel, refresh);
  };
  return session::perform<Capabilities>(*impl_, std::move(done), kProbeTime, std::move(conversation));
}

const Capability& Capabilities::of(Feature feature) const {
  static const Capability kNotProbed{Support::unknown, {}, "nobody has asked"};
  const auto it = features.find(feature);
  return it != features.end() ? it->second : kNotProbed;
}

std::string_view name(Support support) noexcept {
  switch (support) {
    case Support::unknown: break;
    case Support::no: return "no";
    case Support::yes: return "yes";
  }
  return "unknown";
}

std::string_view name(Feature feature) noexcept {
  for (const NameRow& row : kNames) {
    if (row.feature == feature) return row.name;
  }
  return "unknown";
}

}  // namespace dmss

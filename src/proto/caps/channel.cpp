#include "proto/caps/channel.hpp"

namespace dmss::proto::caps {
namespace {

constexpr std::size_t kMaxStatusDepth = 12;

std::optional<bool> on_or_off(const Json& value) {
  if (value.is_boolean()) return value.get<bool>();
  if (!value.is_string()) return std::nullopt;
  const std::string_view word = value.get_ref<const std::string&>();
  if (equal_ignoring_case(word, "On")) return true;
  if (equal_ignoring_case(word, "Off")) return false;
  return std::nullopt;
}

void read_status(const Json& object, std::size_t depth, DeterrenceStatus& out) {
  if (!object.is_object() || depth > kMaxStatusDepth) return;
  for (const auto& [key, value] : object.items()) {
    if (value.is_object()) {
      read_status(value, depth + 1, out);
    } else if (ends_with_ignoring_case(key, "WhiteLight")) {
      if (!out.light) out.light = on_or_off(value);
    } else if (ends_with_ignoring_case(key, "Speaker")) {
      if (!out.siren) out.siren = on_or_off(value);
    }
  }
}

}  // namespace

std::optional<CoaxialCaps> parse_coaxial_caps(const Json& answer) {
  const Json* caps = rpc::member(answer, "caps");
  if (caps == nullptr || !caps->is_object()) return std::nullopt;
  CoaxialCaps out;
  out.light = flag(*caps, "SupportControlLight");
  if (const auto colour = flag(*caps, "SupportControlFullcolorLight"))
    out.light = out.light.value_or(false) || *colour;
  out.speaker = flag(*caps, "SupportControlSpeaker");
  return out;
}

DeterrenceStatus parse_coaxial_status(const Json& answer) {
  DeterrenceStatus out;
  if (const Json* status = rpc::member(answer, "status")) read_status(*status, 0, out);
  return out;
}

std::optional<VideoInputCaps> parse_video_input_caps(const Json& answer) {
  const Json* caps = rpc::member(answer, "caps");
  if (caps == nullptr || !caps->is_object()) return std::nullopt;
  VideoInputCaps out;
  out.flip = flag(*caps, "Flip");
  out.mirror = flag(*caps, "Mirror");
  out.rotate = flag(*caps, "Rotate90");
  out.electric_focus = flag(*caps, "ElectricFocus");
  return out;
}

std::optional<LensStatus> parse_lens_status(const Json& answer) {
  const Json* status = rpc::member(answer, "status");
  if (status == nullptr || !status->is_object()) return std::nullopt;
  const auto zoom = real(*status, "Zoom");
  const auto focus = real(*status, "Focus");
  if (!zoom && !focus) return std::nullopt;
  LensStatus out;
  out.zoom = zoom.value_or(0);
  out.focus = focus.value_or(0);
  const std::string word = rpc::text_or(*status, "Status", "");
  out.focusing = !word.empty() && !equal_ignoring_case(word, "Normal") && !equal_ignoring_case(word, "Idle");
  return out;
}

bool any_rule_has(const Json& rules, const char* key) {
  if (!rules.is_array()) return false;
  for (const Json& rule : rules) {
    if (rpc::member(rule, key) != nullptr) return true;
  }
  return false;
}

}  // namespace dmss::proto::caps

#include "proto/caps/ptz.hpp"

#include <algorithm>
#include <limits>
#include <tuple>

#include "base/text.hpp"

namespace dmss::proto::caps {
namespace {

constexpr int kSpecialPreset = 2;
constexpr int kSteps = 8;
constexpr int kMaxSpeed = 1000;  // more is no speed but a mistake

std::optional<bool> either(const Json& caps, const char* key, const char* other) {
  const auto first = flag(caps, key);
  return first ? first : flag(caps, other);
}

constexpr double kNoNumber = std::numeric_limits<double>::quiet_NaN();
constexpr double kMaxLimit = 1e6;

double number_of(const Json* value) {
  return value != nullptr ? real(*value).value_or(kNoNumber) : kNoNumber;
}

/// None unless both are numbers of a sensible size in the right order.
Limits limits_of(double low, double high) {
  Limits out;
  if (!(low <= high) || low < -kMaxLimit || high > kMaxLimit) return out;
  out.minimum = static_cast<int>(low);
  out.maximum = static_cast<int>(high);
  return out;
}

Limits limits(const Json& caps, std::initializer_list<const char*> minimum,
              std::initializer_list<const char*> maximum) {
  return limits_of(number_of(any_member(caps, minimum)), number_of(any_member(caps, maximum)));
}

Limits pair_of(const Json* value) {
  if (value == nullptr || !value->is_array() || value->size() < 2) return {};
  const Limits out = limits_of(number_of(&(*value)[0]), number_of(&(*value)[1]));
  return out.minimum < out.maximum ? out : Limits();  // nothing that moves has a range of nothing
}

bool is_busy(const Json& status, const char* key) {
  const std::string word = rpc::text_or(status, key, "");
  return !word.empty() && !equal_ignoring_case(word, "Idle") && !equal_ignoring_case(word, "Unknown");
}

}  // namespace

bool PtzCaps::has_auxiliary(std::string_view name) const {
  return std::any_of(details.auxiliary.begin(), details.auxiliary.end(),
                     [&](const std::string& a) { return equal_ignoring_case(a, name); });
}

std::optional<PtzCaps> parse_ptz_caps(const Json& answer) {
  const Json* caps = rpc::member(answer, "caps");
  if (caps == nullptr || !caps->is_object()) return std::nullopt;
  PtzCaps out;
  out.pan = flag(*caps, "Pan");
  out.tilt = either(*caps, "Tile", "Tilt");
  out.zoom = flag(*caps, "Zoom");
  out.focus = flag(*caps, "Focus");
  out.iris = flag(*caps, "Iris");
  out.preset = flag(*caps, "Preset");
  out.tour = flag(*caps, "Tour");
  out.relative = flag(*caps, "MoveRelatively");
  PtzCapabilities& d = out.details;
  d.pan_speed = limits(*caps, {"PanSpeedMin"}, {"PanSpeedMax"});
  d.tilt_speed = limits(*caps, {"TileSpeedMin", "TiltSpeedMin"}, {"TileSpeedMax", "TiltSpeedMax"});
  d.presets = limits(*caps, {"PresetMin"}, {"PresetMax"});
  d.tours = limits(*caps, {"TourMin"}, {"TourMax"});
  if (const Json* range = rpc::member(*caps, "PtzMotionRange")) {
    d.horizontal_angle = pair_of(rpc::member(*range, "HorizontalAngle"));
    d.vertical_angle = pair_of(rpc::member(*range, "VerticalAngle"));
  }
  d.auxiliary = text_list(rpc::member(*caps, "Auxs"));
  return out;
}

std::optional<PtzStatus> parse_ptz_status(const Json& answer) {
  const Json* status = rpc::member(answer, "status");
  if (status == nullptr || !status->is_object()) return std::nullopt;
  PtzStatus out;
  const Json* position = any_member(*status, {"Postion", "Position"});
  if (position != nullptr && position->is_array() && position->size() >= 2) {
    const auto pan = real((*position)[0]);
    const auto tilt = real((*position)[1]);
    if (pan && tilt) {
      const auto zoom = position->size() > 2 ? real((*position)[2]) : std::nullopt;
      out.position = PtzPosition{*pan, *tilt, zoom.value_or(1)};
    }
  }
  out.moving = is_busy(*status, "MoveStatus");
  out.zooming = is_busy(*status, "ZoomStatus");
  if (const auto preset = integer(*status, "PresetID"); preset && *preset > 0) out.preset = *preset;
  return out;
}

std::vector<PtzPreset> parse_ptz_presets(const Json& answer) {
  std::vector<PtzPreset> out;
  const Json* presets = rpc::member(answer, "presets");
  if (presets == nullptr || !presets->is_array()) return out;
  for (const Json& one : *presets) {
    const auto number = integer(one, "Index");
    if (!number || *number < 1 || integer(one, "Type") == kSpecialPreset) continue;
    if (out.size() == kMaxPresets) break;
    out.push_back({*number, clean_text(rpc::text_or(one, "Name", ""), kMaxPresetName)});
  }
  std::sort(out.begin(), out.end(), [](const PtzPreset& a, const PtzPreset& b) {
    return std::tie(a.number, a.name) < std::tie(b.number, b.name);
  });
  return out;
}

int scale_ptz_speed(int step, const Limits& device) noexcept {
  step = std::clamp(step, 1, kSteps);
  if (!device.known() || device.maximum > kMaxSpeed || device.minimum < 0) return step;
  const int low = std::max(device.minimum, 1);
  if (device.maximum < low) return step;
  return low + ((step - 1) * (device.maximum - low) + (kSteps - 1) / 2) / (kSteps - 1);
}

}  // namespace dmss::proto::caps

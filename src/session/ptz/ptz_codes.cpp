#include "session/ptz/ptz_codes.hpp"

#include "proto/caps/ptz.hpp"

namespace dmss {
namespace {

struct Row {
  PtzAction action;
  std::string_view name;
  std::string_view code;
};
/// Tele is in, wide is out; vendor text has them the other way round.
constexpr Row kRows[] = {
    {PtzAction::up, "up", "Up"},
    {PtzAction::down, "down", "Down"},
    {PtzAction::left, "left", "Left"},
    {PtzAction::right, "right", "Right"},
    {PtzAction::left_up, "left_up", "LeftUp"},
    {PtzAction::right_up, "right_up", "RightUp"},
    {PtzAction::left_down, "left_down", "LeftDown"},
    {PtzAction::right_down, "right_down", "RightDown"},
    {PtzAction::zoom_in, "zoom_in", "ZoomTele"},
    {PtzAction::zoom_out, "zoom_out", "ZoomWide"},
    {PtzAction::focus_near, "focus_near", "FocusNear"},
    {PtzAction::focus_far, "focus_far", "FocusFar"},
    {PtzAction::iris_open, "iris_open", "IrisLarge"},
    {PtzAction::iris_close, "iris_close", "IrisSmall"},
};

const Row* find(PtzAction action) noexcept {
  for (const Row& row : kRows) {
    if (row.action == action) return &row;
  }
  return nullptr;
}

}  // namespace

namespace session {

PtzCode move_code(PtzAction action, int speed, const PtzCapabilities& device) noexcept {
  const Row* row = find(action);
  PtzCode out{row ? row->code : std::string_view(), {}};
  const int pan = proto::caps::scale_ptz_speed(speed, device.pan_speed);
  const int tilt = proto::caps::scale_ptz_speed(speed, device.tilt_speed);
  switch (action) {
    case PtzAction::up:
    case PtzAction::down: out.args = {0, tilt, 0}; break;
    case PtzAction::left:
    case PtzAction::right: out.args = {0, pan, 0}; break;
    case PtzAction::left_up:
    case PtzAction::right_up:
    case PtzAction::left_down:
    case PtzAction::right_down: out.args = {tilt, pan, 0}; break;
    default: break;
  }
  return out;
}

Feature feature_of(PtzAction action) noexcept {
  switch (action) {
    case PtzAction::zoom_in:
    case PtzAction::zoom_out: return Feature::ptz_zoom;
    case PtzAction::focus_near:
    case PtzAction::focus_far: return Feature::ptz_focus;
    case PtzAction::iris_open:
    case PtzAction::iris_close: return Feature::ptz_iris;
    default: return Feature::ptz;
  }
}

}  // namespace session

std::string_view name(PtzAction action) noexcept {
  const Row* row = find(action);
  return row ? row->name : std::string_view("unknown");
}

Result<PtzAction> parse_ptz_action(std::string_view name) {
  for (const Row& row : kRows) {
    if (row.name == name) return row.action;
  }
  return Error(Errc::invalid_argument, "no such PTZ action");
}

}  // namespace dmss

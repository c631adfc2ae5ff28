#include "dmss/config.hpp"

namespace dmss {
namespace {

struct Row {
  ConfigKind kind;
  std::string_view name;
};
constexpr Row kKinds[] = {
    {ConfigKind::motion_detection, "motion_detection"},
    {ConfigKind::smart_motion, "smart_motion"},
    {ConfigKind::video_mask, "video_mask"},
    {ConfigKind::local_alarm, "local_alarm"},
    {ConfigKind::network_alarm, "network_alarm"},
    {ConfigKind::ipc_external_alarm, "ipc_external_alarm"},
    {ConfigKind::ipc_offline_alarm, "ipc_offline_alarm"},
    {ConfigKind::pir_alarm, "pir_alarm"},
    {ConfigKind::alarm_output, "alarm_output"},
    {ConfigKind::encode, "encode"},
    {ConfigKind::record_schedule, "record_schedule"},
    {ConfigKind::record_mode, "record_mode"},
    {ConfigKind::channel_name, "channel_name"},
    {ConfigKind::image_color, "image_color"},
    {ConfigKind::image_orientation, "image_orientation"},
    {ConfigKind::general, "general"},
    {ConfigKind::network, "network"},
    {ConfigKind::time, "time"},
    {ConfigKind::daylight_saving, "daylight_saving"},
};

}  // namespace

std::string_view name(ConfigKind kind) noexcept {
  for (const Row& row : kKinds) {
    if (row.kind == kind) return row.name;
  }
  return "unknown";
}

Result<ConfigKind> parse_config_kind(std::string_view name) {
  for (const Row& row : kKinds) {
    if (row.name == name) return row.kind;
  }
  return Error(Errc::invalid_argument, "no kind of configuration is called " + std::string(name));
}

}  // namespace dmss

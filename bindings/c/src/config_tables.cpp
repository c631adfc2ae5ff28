#include "config_values.hpp"

namespace dmss::c {
namespace {

int32_t flag(bool b) {
  return b ? 1 : 0;
}

template <class E>
int32_t optional_enum(const std::optional<E>& e) {
  return e ? static_cast<int32_t>(*e) : -1;
}

template <class E>
std::optional<E> optional_from(int32_t value, E last) {
  if (value == -1) return std::nullopt;
  return checked_enum(value, last);
}

dmss_dst_turn turn_to_c(const DaylightSaving::Turn& t) {
  return {t.year, t.month, t.week, t.day, t.hour, t.minute};
}
DaylightSaving::Turn turn_from_c(const dmss_dst_turn& t) {
  return {t.year, t.month, t.week, t.day, t.hour, t.minute};
}

}  // namespace

void to_c(const MotionDetection& from, dmss_motion_detection_config& to, Arena& arena) {
  to.enable = flag(from.enable);
  to.level = from.level;
  to.has_windows = flag(from.has_windows);
  to_c(from.windows, arena, to.windows, to.window_count);
  to.linkage = to_c(from.linkage, arena);
}
void from_c(const dmss_motion_detection_config& from, MotionDetection& to) {
  to.enable = from.enable != 0;
  to.level = from.level;
  to.has_windows = from.has_windows != 0;
  to.windows = from_c(from.windows, from.window_count);
  to.linkage = from_c(from.linkage);
}

void to_c(const SmartMotion& from, dmss_smart_motion_config& to, Arena&) {
  to.enable = flag(from.enable);
  to.human = flag(from.human);
  to.vehicle = flag(from.vehicle);
  to.sensitivity = static_cast<int32_t>(from.sensitivity);
}
void from_c(const dmss_smart_motion_config& from, SmartMotion& to) {
  to.enable = from.enable != 0;
  to.human = from.human != 0;
  to.vehicle = from.vehicle != 0;
  to.sensitivity = checked_enum(from.sensitivity, SmartMotion::Sensitivity::high);
}

void to_c(const VideoMask& from, dmss_video_mask_config& to, Arena& arena) {
  to.enable = flag(from.enable);
  to.level = from.level;
  to.linkage = to_c(from.linkage, arena);
}
void from_c(const dmss_video_mask_config& from, VideoMask& to) {
  to.enable = from.enable != 0;
  to.level = from.level;
  to.linkage = from_c(from.linkage);
}

void to_c(const LocalAlarm& from, dmss_local_alarm_config& to, Arena& arena) {
  to.enable = flag(from.enable);
  to.sensor = static_cast<int32_t>(from.sensor);
  to.name = view(from.name);
  to.linkage = to_c(from.linkage, arena);
}
void from_c(const dmss_local_alarm_config& from, LocalAlarm& to) {
  to.enable = from.enable != 0;
  to.sensor = checked_enum(from.sensor, SensorType::normally_open);
  to.name = checked(from.name);
  to.linkage = from_c(from.linkage);
}

void to_c(const NetworkAlarm& from, dmss_network_alarm_config& to, Arena& arena) {
  to.enable = flag(from.enable);
  to.name = view(from.name);
  to.linkage = to_c(from.linkage, arena);
}
void from_c(const dmss_network_alarm_config& from, NetworkAlarm& to) {
  to.enable = from.enable != 0;
  to.name = checked(from.name);
  to.linkage = from_c(from.linkage);
}

void to_c(const IpcExternalAlarm& from, dmss_ipc_external_alarm_config& to, Arena& arena) {
  to.enable = flag(from.enable);
  to.linkage = to_c(from.linkage, arena);
}
void from_c(const dmss_ipc_external_alarm_config& from, IpcExternalAlarm& to) {
  to.enable = from.enable != 0;
  to.linkage = from_c(from.linkage);
}

void to_c(const IpcOfflineAlarm& from, dmss_ipc_offline_alarm_config& to, Arena& arena) {
  to.enable = flag(from.enable);
  to.linkage = to_c(from.linkage, arena);
}
void from_c(const dmss_ipc_offline_alarm_config& from, IpcOfflineAlarm& to) {
  to.enable = from.enable != 0;
  to.linkage = from_c(from.linkage);
}

void to_c(const PirAlarm& from, dmss_pir_alarm_config& to, Arena& arena) {
  to.enable = flag(from.enable);
  to.light_enable = flag(from.light_enable);
  to.light = static_cast<int32_t>(from.light);
  to.light_duration = from.light_duration;
  to.flash_interval = from.flash_interval;
  to_c(from.windows, arena, to.windows, to.window_count);
  to.linkage = to_c(from.linkage, arena);
}
void from_c(const dmss_pir_alarm_config& from, PirAlarm& to) {
  to.enable = from.enable != 0;
  to.light_enable = from.light_enable != 0;
  to.light = checked_enum(from.light, PirAlarm::Light::flash);
  to.light_duration = from.light_duration;
  to.flash_interval = from.flash_interval;
  to.windows = from_c(from.windows, from.window_count);
  to.linkage = from_c(from.linkage);
}

void to_c(const AlarmOutput& from, dmss_alarm_output_config& to, Arena&) {
  to.mode = static_cast<int32_t>(from.mode);
  to.name = view(from.name);
}
void from_c(const dmss_alarm_output_config& from, AlarmOutput& to) {
  to.mode = static_cast<AlarmOutput::Mode>(
      from.mode);  // what the device told may be written back; the codec judges the rest
  to.name = checked(from.name);
}

void to_c(const EncodeSettings& from, dmss_encode_config& to, Arena& arena) {
  auto& extra = arena.formats.emplace_back();
  for (const StreamFormat& f : from.extra) extra.push_back(to_c(f));
  to.main = to_c(from.main);
  to.extra = extra.data();
  to.extra_count = extra.size();
}
void from_c(const dmss_encode_config& from, EncodeSettings& to) {
  constexpr std::size_t kMaxExtra = 16;
  if (from.extra_count > kMaxExtra || (from.extra == nullptr && from.extra_count != 0)) throw BadArgument{};
  to.main = from_c(from.main);
  to.extra.clear();
  for (std::size_t i = 0; i < from.extra_count; ++i) to.extra.push_back(from_c(from.extra[i]));
}

void to_c(const RecordSchedule& from, dmss_record_schedule_config& to, Arena&) {
  to.holiday_enable = flag(from.holiday_enable);
  to.pre_record = from.pre_record;
  to.redundancy = flag(from.redundancy);
  to.period = to_c(from.period);
}
void from_c(const dmss_record_schedule_config& from, RecordSchedule& to) {
  to.holiday_enable = from.holiday_enable != 0;
  to.pre_record = from.pre_record;
  to.redundancy = from.redundancy != 0;
  to.period = from_c(from.period);
}

void to_c(const RecordMode& from, dmss_record_mode_config& to, Arena&) {
  to.main = static_cast<int32_t>(from.main);
  to.extra1 = optional_enum(from.extra1);
  to.extra2 = optional_enum(from.extra2);
}
std::optional<RecordMode::Mode> optional_mode(int32_t mode) {
  return mode < 0 ? std::nullopt : std::optional(static_cast<RecordMode::Mode>(mode));
}
void from_c(const dmss_record_mode_config& from, RecordMode& to) {
  to.main = static_cast<RecordMode::Mode>(from.main);
  to.extra1 = optional_mode(from.extra1);
  to.extra2 = optional_mode(from.extra2);
}

void to_c(const ChannelName& from, dmss_channel_name_config& to, Arena&) {
  to.name = view(from.name);
}
void from_c(const dmss_channel_name_config& from, ChannelName& to) {
  to.name = checked(from.name);
}

void to_c(const ImageColor& from, dmss_image_color_config& to, Arena&) {
  to.brightness = from.brightness;
  to.contrast = from.contrast;
  to.hue = from.hue;
  to.saturation = from.saturation;
}
void from_c(const dmss_image_color_config& from, ImageColor& to) {
  to.brightness = from.brightness;
  to.contrast = from.contrast;
  to.hue = from.hue;
  to.saturation = from.saturation;
}

void to_c(const ImageOrientation& from, dmss_image_orientation_config& to, Arena&) {
  to.flip = flag(from.flip);
  to.mirror = flag(from.mirror);
  to.rotation = optional_enum(from.rotation);
}
void from_c(const dmss_image_orientation_config& from, ImageOrientation& to) {
  to.flip = from.flip != 0;
  to.mirror = from.mirror != 0;
  to.rotation = optional_from(from.rotation, ImageOrientation::Rotation::counter_clockwise);
}

void to_c(const GeneralSettings& from, dmss_general_config& to, Arena&) {
  to.machine_name = view(from.machine_name);
  to.lock_tries = from.lock_tries.value_or(-1);
  to.lock_seconds = from.lock_seconds.value_or(-1);
}
void from_c(const dmss_general_config& from, GeneralSettings& to) {
  to.machine_name = checked(from.machine_name);
  if (from.lock_tries >= 0) to.lock_tries = from.lock_tries;
  if (from.lock_seconds >= 0) to.lock_seconds = from.lock_seconds;
}

void to_c(const NetworkSettings& from, dmss_network_config& to, Arena& arena) {
  const StringViews& dns = arena.strings.emplace_back(from.dns_servers);
  to.interface_name = view(from.interface_name);
  to.host_name = view(from.host_name);
  to.address = view(from.address);
  to.subnet_mask = view(from.subnet_mask);
  to.gateway = view(from.gateway);
  to.dns_servers = dns.data();
  to.dns_server_count = dns.size();
  to.mac = view(from.mac);
  to.dhcp = flag(from.dhcp);
  to.mtu = from.mtu;
}
void from_c(const dmss_network_config& from, NetworkSettings& to) {
  constexpr std::size_t kMaxServers = 16;
  if (from.dns_server_count > kMaxServers || !sound(from.dns_servers, from.dns_server_count))
    throw BadArgument{};
  to.interface_name = checked(from.interface_name);
  to.host_name = checked(from.host_name);
  to.address = checked(from.address);
  to.subnet_mask = checked(from.subnet_mask);
  to.gateway = checked(from.gateway);
  to.dns_servers = copy(from.dns_servers, from.dns_server_count);
  to.mac = checked(from.mac);
  to.dhcp = from.dhcp != 0;
  to.mtu = from.mtu;
}

void to_c(const TimeSettings& from, dmss_time_config& to, Arena&) {
  to.ntp_enable = flag(from.ntp_enable);
  to.ntp_port = from.ntp_port;
  to.ntp_period = from.ntp_period;
  to.time_zone = from.time_zone;
  to.ntp_server = view(from.ntp_server);
  to.time_zone_text = view(from.time_zone_text);
}
void from_c(const dmss_time_config& from, TimeSettings& to) {
  to.ntp_enable = from.ntp_enable != 0;
  to.ntp_port = from.ntp_port;
  to.ntp_period = from.ntp_period;
  to.time_zone = from.time_zone;
  to.ntp_server = checked(from.ntp_server);
  to.time_zone_text = checked(from.time_zone_text);
}

void to_c(const DaylightSaving& from, dmss_daylight_saving_config& to, Arena&) {
  to.enable = flag(from.enable);
  to.begin = turn_to_c(from.begin);
  to.end = turn_to_c(from.end);
  to.time_format = view(from.time_format);
}
void from_c(const dmss_daylight_saving_config& from, DaylightSaving& to) {
  to.enable = from.enable != 0;
  to.begin = turn_from_c(from.begin);
  to.end = turn_from_c(from.end);
  to.time_format = checked(from.time_format);
}

}  // namespace dmss::c

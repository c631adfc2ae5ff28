#include "proto/config/alarms.hpp"

#include "proto/config/linkage.hpp"

namespace dmss::proto::config {
namespace {

constexpr int kLevels = 6;
constexpr int kModes = 2;
constexpr std::size_t kMaxName = 63;

/// What every alarm table has.
template <class T>
Result<T> read_alarm(const Json& scope, std::string_view table) {
  if (!scope.is_object()) return no_object(table);
  const View row(scope);
  T alarm;
  alarm.enable = row.flag("Enable", alarm.enable);
  alarm.linkage = read_linkage(row.at("EventHandler"));
  return alarm;
}

template <class T>
void apply_alarm(const T& value, const T& before, Edit& row) {
  row.flag("Enable", value.enable, before.enable);
  Edit handler = row.at("EventHandler");
  apply_linkage(value.linkage, before.linkage, handler);
}

template <class T>
Error check_alarm(const T& value, const T& before) {
  Ranges r;
  check_linkage(value.linkage, before.linkage, r);
  return r.error();
}

template <class T>
Error check_named(const T& value, const T& before) {
  Ranges r;
  r.not_empty("name", value.name, before.name, kMaxName);
  check_linkage(value.linkage, before.linkage, r);
  return r.error();
}

std::string word(SensorType type) {
  return type == SensorType::normally_open ? "NO" : "NC";
}

}  // namespace

Result<VideoMask> Codec<VideoMask>::read(const Json& scope) {
  auto mask = read_alarm<VideoMask>(scope, "BlindDetect");
  if (mask) mask->level = View(scope).number("Level", mask->level);
  return mask;
}

Error Codec<VideoMask>::check(const VideoMask& value, const VideoMask& before) {
  Ranges r;
  r.within("level", value.level, before.level, 1, kLevels);
  check_linkage(value.linkage, before.linkage, r);
  return r.error();
}

Error Codec<VideoMask>::apply(const VideoMask& value, const VideoMask& before, Json& scope) {
  Error error = check(value, before);
  Edit row(error, "", &scope);
  apply_alarm(value, before, row);
  row.number("Level", value.level, before.level);
  return error;
}

Result<LocalAlarm> Codec<LocalAlarm>::read(const Json& scope) {
  auto alarm = read_alarm<LocalAlarm>(scope, "Alarm");
  if (!alarm) return alarm;
  alarm->name = View(scope).text("Name");
  if (View(scope).text("SensorType") == "NO") alarm->sensor = SensorType::normally_open;
  return alarm;
}

Error Codec<LocalAlarm>::check(const LocalAlarm& value, const LocalAlarm& before) {
  return check_named(value, before);
}

Error Codec<LocalAlarm>::apply(const LocalAlarm& value, const LocalAlarm& before, Json& scope) {
  Error error = check(value, before);
  Edit row(error, "", &scope);
  apply_alarm(value, before, row);
  row.text("Name", value.name, before.name);
  row.text("SensorType", word(value.sensor), word(before.sensor));
  return error;
}

Result<NetworkAlarm> Codec<NetworkAlarm>::read(const Json& scope) {
  auto alarm = read_alarm<NetworkAlarm>(scope, "NetAlarm");
  if (alarm) alarm->name = View(scope).text("Name");
  return alarm;
}

Error Codec<NetworkAlarm>::check(const NetworkAlarm& value, const NetworkAlarm& before) {
  return check_named(value, before);
}

Error Codec<NetworkAlarm>::apply(const NetworkAlarm& value, const NetworkAlarm& before, Json& scope) {
  Error error = check(value, before);
  Edit row(error, "", &scope);
  apply_alarm(value, before, row);
  row.text("Name", value.name, before.name);
  return error;
}

Result<IpcExternalAlarm> Codec<IpcExternalAlarm>::read(const Json& scope) {
  return read_alarm<IpcExternalAlarm>(scope, "of IPC external alarms");
}

Error Codec<IpcExternalAlarm>::check(const IpcExternalAlarm& value, const IpcExternalAlarm& before) {
  return check_alarm(value, before);
}

Error Codec<IpcExternalAlarm>::apply(const IpcExternalAlarm& value, const IpcExternalAlarm& before,
                                     Json& scope) {
  Error error = check(value, before);
  Edit row(error, "", &scope);
  apply_alarm(value, before, row);
  return error;
}

Result<IpcOfflineAlarm> Codec<IpcOfflineAlarm>::read(const Json& scope) {
  return read_alarm<IpcOfflineAlarm>(scope, "of IPC offline alarms");
}

Error Codec<IpcOfflineAlarm>::check(const IpcOfflineAlarm& value, const IpcOfflineAlarm& before) {
  return check_alarm(value, before);
}

Error Codec<IpcOfflineAlarm>::apply(const IpcOfflineAlarm& value, const IpcOfflineAlarm& before,
                                    Json& scope) {
  Error error = check(value, before);
  Edit row(error, "", &scope);
  apply_alarm(value, before, row);
  return error;
}

Result<AlarmOutput> Codec<AlarmOutput>::read(const Json& scope) {
  if (!scope.is_object()) return no_object("AlarmOut");
  const View row(scope);
  AlarmOutput out;
  out.name = row.text("Name");
  out.mode = static_cast<AlarmOutput::Mode>(row.number("Mode", 0));
  return out;
}

Error Codec<AlarmOutput>::check(const AlarmOutput& value, const AlarmOutput& before) {
  Ranges r;
  r.within("mode", static_cast<int>(value.mode), static_cast<int>(before.mode), 0, kModes);
  r.not_empty("name", value.name, before.name, kMaxName);
  return r.error();
}

Error Codec<AlarmOutput>::apply(const AlarmOutput& value, const AlarmOutput& before, Json& scope) {
  Error error = check(value, before);
  Edit row(error, "", &scope);
  row.number("Mode", static_cast<int>(value.mode), static_cast<int>(before.mode));
  row.text("Name", value.name, before.name);
  return error;
}

}  // namespace dmss::proto::config

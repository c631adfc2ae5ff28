// Alarm tables that are little more than a linkage, and alarm outputs (protocol http-rpc.md §5.4 to §5.6, §5.10).
#pragma once

#include "dmss/config/alarms.hpp"
#include "proto/config/codec.hpp"

namespace dmss::proto::config {

template <>
struct Codec<VideoMask> {
  static Result<VideoMask> read(const Json& scope);
  static Error check(const VideoMask& value, const VideoMask& before);
  static Error apply(const VideoMask& value, const VideoMask& before, Json& scope);
};

template <>
struct Codec<LocalAlarm> {
  static Result<LocalAlarm> read(const Json& scope);
  static Error check(const LocalAlarm& value, const LocalAlarm& before);
  static Error apply(const LocalAlarm& value, const LocalAlarm& before, Json& scope);
};

template <>
struct Codec<NetworkAlarm> {
  static Result<NetworkAlarm> read(const Json& scope);
  static Error check(const NetworkAlarm& value, const NetworkAlarm& before);
  static Error apply(const NetworkAlarm& value, const NetworkAlarm& before, Json& scope);
};

template <>
struct Codec<IpcExternalAlarm> {
  static Result<IpcExternalAlarm> read(const Json& scope);
  static Error check(const IpcExternalAlarm& value, const IpcExternalAlarm& before);
  static Error apply(const IpcExternalAlarm& value, const IpcExternalAlarm& before, Json& scope);
};

template <>
struct Codec<IpcOfflineAlarm> {
  static Result<IpcOfflineAlarm> read(const Json& scope);
  static Error check(const IpcOfflineAlarm& value, const IpcOfflineAlarm& before);
  static Error apply(const IpcOfflineAlarm& value, const IpcOfflineAlarm& before, Json& scope);
};

template <>
struct Codec<AlarmOutput> {
  static Result<AlarmOutput> read(const Json& scope);
  static Error check(const AlarmOutput& value, const AlarmOutput& before);
  static Error apply(const AlarmOutput& value, const AlarmOutput& before, Json& scope);
};

}  // namespace dmss::proto::config

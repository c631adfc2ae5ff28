// The typed configuration tables between the C structs and the C++ API: from_c() copies in, to_c() makes a view that points into the value and the arena.
#pragma once

#include <deque>
#include <vector>

#include "convert.hpp"
#include "views.hpp"

struct dmss_config_origin {
  dmss::ConfigOrigin origin;
};

namespace dmss::c {

/// Holds what the C structs point to during a callback.
struct Arena {
  std::deque<std::vector<int32_t>> numbers;
  std::deque<std::vector<dmss_motion_window>> windows;
  std::deque<std::vector<dmss_stream_format>> formats;
  std::deque<StringViews> strings;
};

/// Thrown inside guarded() for pointers that cannot be: an array with a size but no data, or of a size that no device has.
struct BadArgument {};

// config_parts.cpp
dmss_schedule to_c(const Schedule& s);
Schedule from_c(const dmss_schedule& s);
dmss_linkage to_c(const Linkage& l, Arena& arena);
Linkage from_c(const dmss_linkage& l);
void to_c(const std::vector<MotionWindow>& windows, Arena& arena, const dmss_motion_window*& data,
          std::size_t& count);
std::vector<MotionWindow> from_c(const dmss_motion_window* data, std::size_t count);
dmss_stream_format to_c(const StreamFormat& f);
StreamFormat from_c(const dmss_stream_format& f);
std::string checked(dmss_str s);
/// An enumeration of the C++ API from 0 to `last`.
template <class E>
E checked_enum(int32_t value, E last) {
  if (value < 0 || value > static_cast<int32_t>(last)) throw BadArgument{};
  return static_cast<E>(value);
}

// config_tables.cpp: one pair a table; `item` is filled by the caller.
#define DMSS_CONFIG_TABLES(X)             \
  X(motion_detection, MotionDetection)    \
  X(smart_motion, SmartMotion)            \
  X(video_mask, VideoMask)                \
  X(local_alarm, LocalAlarm)              \
  X(network_alarm, NetworkAlarm)          \
  X(ipc_external_alarm, IpcExternalAlarm) \
  X(ipc_offline_alarm, IpcOfflineAlarm)   \
  X(pir_alarm, PirAlarm)                  \
  X(alarm_output, AlarmOutput)            \
  X(encode, EncodeSettings)               \
  X(record_schedule, RecordSchedule)      \
  X(record_mode, RecordMode)              \
  X(channel_name, ChannelName)            \
  X(image_color, ImageColor)              \
  X(image_orientation, ImageOrientation)  \
  X(general, GeneralSettings)             \
  X(network, NetworkSettings)             \
  X(time, TimeSettings)                   \
  X(daylight_saving, DaylightSaving)

#define DMSS_DECLARE_TABLE(c_name, Type)                                 \
  void to_c(const Type& from, dmss_##c_name##_config& to, Arena& arena); \
  void from_c(const dmss_##c_name##_config& from, Type& to);
DMSS_CONFIG_TABLES(DMSS_DECLARE_TABLE)
#undef DMSS_DECLARE_TABLE

}  // namespace dmss::c

// Which feature a typed value needs, and when the device is asked whether it has it.
#pragma once

#include <optional>

#include "dmss/capabilities.hpp"
#include "dmss/config.hpp"
#include "session/device/commands.hpp"

namespace dmss::session {

struct Need {
  enum class Ask {
    never,   ///< what is known counts; reading the table is the probe itself
    writes,  ///< before a write, once a login: the table may be there without what it sets
    always,  ///< before a read, too: only a probe tells
  };
  Feature feature;
  Ask ask;
};

template <class T>
inline constexpr std::optional<Need> need_of = std::nullopt;
template <>
inline constexpr std::optional<Need> need_of<MotionDetection> =
    Need{Feature::motion_detection, Need::Ask::never};
template <>
inline constexpr std::optional<Need> need_of<SmartMotion> = Need{Feature::smart_motion, Need::Ask::never};
template <>
inline constexpr std::optional<Need> need_of<VideoMask> = Need{Feature::video_mask, Need::Ask::never};
template <>
inline constexpr std::optional<Need> need_of<ImageColor> = Need{Feature::image_color, Need::Ask::never};
template <>
inline constexpr std::optional<Need> need_of<LocalAlarm> = Need{Feature::alarm_inputs, Need::Ask::writes};
template <>
inline constexpr std::optional<Need> need_of<AlarmOutput> = Need{Feature::alarm_outputs, Need::Ask::writes};
template <>
inline constexpr std::optional<Need> need_of<RecordMode> = Need{Feature::recording, Need::Ask::writes};
template <>
inline constexpr std::optional<Need> need_of<PirAlarm> = Need{Feature::pir, Need::Ask::always};

/// unsupported when the device is known not to have it, or says so now; unknown passes. `index` is the channel, where it is one.
awaitable<Error> check_need(std::shared_ptr<Commands> commands, std::optional<Need> need, int index,
                            bool writes);

}  // namespace dmss::session

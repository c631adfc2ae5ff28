// Typed tables of streams, recording and picture (manual §3.2.1.2, §4; protocol http-rpc.md §5.8, §5.9, §6.2, §7.3).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dmss/config/item.hpp"
#include "dmss/config/schedule.hpp"

namespace dmss {

struct StreamFormat {
  enum class BitRateControl : std::int32_t { constant = 0, variable = 1 };
  bool video = true;  ///< the stream is there; main streams cannot be switched off
  bool audio = false;
  std::string codec;    ///< "H.264", "H.265", "MJPG" …, as StreamCapabilities spells it
  std::string profile;  ///< "Baseline", "Main", "High"; empty where the device has none
  int width = 0;
  int height = 0;
  double frame_rate = 25;  ///< pictures per second
  int bit_rate = 0;        ///< kbit/s
  BitRateControl bit_rate_control = BitRateControl::constant;
  int key_frame_interval = 50;  ///< pictures from one key frame to the next (GOP)
  int quality = 4;              ///< 1 to 6, for variable bit rate
  std::string audio_codec;      ///< "AAC", "G.711A" …
  bool operator==(const StreamFormat&) const = default;
};

/// Per channel: table Encode. Writing the main stream writes its formats for regular, motion and alarm recording alike.
struct EncodeSettings : ConfigItem {
  StreamFormat main;
  std::vector<StreamFormat> extra;  ///< extra streams 1, 2 …
};

/// Per channel: table Record. Masks of the periods are RecordType bits.
struct RecordSchedule : ConfigItem {
  Schedule period;
  bool holiday_enable = false;
  int pre_record = 0;  ///< seconds, 0 to 300
  bool redundancy = false;
};

/// Per channel: table RecordMode.
struct RecordMode : ConfigItem {
  /// A mode that this library does not know keeps the device's number.
  enum class Mode : std::int32_t { automatic = 0 /**< by schedule */, manual = 1 /**< always */, off = 2 };
  Mode main = Mode::automatic;
  std::optional<Mode> extra1;  ///< where the device records extra streams
  std::optional<Mode> extra2;
};

/// Per channel: table ChannelTitle.
struct ChannelName : ConfigItem {
  std::string name;  ///< UTF-8, not empty, at most 63 bytes
};

/// Per channel: table VideoColor, the row that is in force.
struct ImageColor : ConfigItem {
  int brightness = 50;  ///< all 0 to 100
  int contrast = 50;
  int hue = 50;
  int saturation = 50;
};

/// Per channel: table VideoImageControl, on older devices VideoInOptions.
struct ImageOrientation : ConfigItem {
  enum class Rotation : std::int32_t { none = 0, clockwise = 1, counter_clockwise = 2 };
  bool flip = false;  ///< on many cameras a turn by 180 degrees (docs/quirks.md)
  bool mirror = false;
  std::optional<Rotation> rotation;  ///< where the device has it
};

}  // namespace dmss

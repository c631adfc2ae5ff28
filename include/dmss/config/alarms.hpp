// Typed alarm tables (manual §3.2.1.2; protocol http-rpc.md §5.3 to §5.7, §5.10).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dmss/config/item.hpp"
#include "dmss/config/linkage.hpp"
#include "dmss/config/region.hpp"

namespace dmss {

struct MotionWindow {
  int id = 0;
  std::string name;
  int sensitivity = 60;  ///< 0 to 100
  int threshold = 5;     ///< 0 to 100, part of the region that must move
  Region region;
  bool operator==(const MotionWindow&) const = default;
};

/// Per channel: table MotionDetect.
struct MotionDetection : ConfigItem {
  bool enable = false;
  /// As many windows as the device has (commonly four); else one, from the old grid, whose sensitivity is `level` on a scale of 0 to 100.
  std::vector<MotionWindow> windows;
  bool has_windows = false;  ///< read only: which of the two grids the device uses
  int level = 3;             ///< 1 to 6: sensitivity of devices with the old grid
  Linkage linkage;
};

/// Per channel: SmartMotionDetect.
struct SmartMotion : ConfigItem {
  enum class Sensitivity : std::int32_t { low = 0, middle = 1, high = 2 };
  bool enable = false;
  bool human = true;
  bool vehicle = true;
  Sensitivity sensitivity = Sensitivity::middle;
};

/// Per channel: tampering, somebody covers the lens. Table BlindDetect.
struct VideoMask : ConfigItem {
  bool enable = false;
  int level = 3;  ///< sensitivity, 1 to 6
  Linkage linkage;
};

enum class SensorType : std::int32_t { normally_closed = 0, normally_open = 1 };

/// Per alarm input: table Alarm.
struct LocalAlarm : ConfigItem {
  bool enable = false;
  std::string name;
  SensorType sensor = SensorType::normally_closed;
  Linkage linkage;
};

/// Per network alarm: table NetAlarm.
struct NetworkAlarm : ConfigItem {
  bool enable = false;
  std::string name;
  Linkage linkage;
};

/// Per channel of a recorder: alarm input of its camera. The table's name is not settled: Errc::unsupported where no known one answers.
struct IpcExternalAlarm : ConfigItem {
  bool enable = false;
  Linkage linkage;
};

/// Per channel of a recorder: its camera is gone. As IpcExternalAlarm.
struct IpcOfflineAlarm : ConfigItem {
  bool enable = false;
  Linkage linkage;
};

/// Per channel: passive infrared detector and the light it switches. CGI pirAlarm; no JSON form is known.
struct PirAlarm : ConfigItem {
  enum class Light : std::int32_t { keep_on = 0, flash = 1 };
  bool enable = false;
  bool light_enable = false;
  Light light =
      Light::keep_on;  ///< keep_on is read only (setting it: unsupported): its word on the wire is not known
  int light_duration = 10;  ///< seconds
  int flash_interval = 1;   ///< seconds
  std::vector<MotionWindow> windows;
  Linkage linkage;
};

/// Per alarm output: table AlarmOut.
struct AlarmOutput : ConfigItem {
  /// A mode that this library does not know keeps the device's number.
  enum class Mode : std::int32_t { automatic = 0, manual = 1 /**< on */, close = 2 /**< off */ };
  Mode mode = Mode::automatic;
  std::string name;
};

}  // namespace dmss

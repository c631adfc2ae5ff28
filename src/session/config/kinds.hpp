// Where each typed value lives on a device (protocol http-rpc.md §1).
#pragma once

#include "proto/config/codecs.hpp"
#include "session/config/table.hpp"

namespace dmss::session {

enum class Rows { device, channels, inputs, outputs };

/// Kind<T>: `tables` in the order they are tried, and what their rows are.
template <class T>
struct Kind;

#define DMSS_CONFIG_KIND(type, row_kind, ...)    \
  template <>                                    \
  struct Kind<type> {                            \
    static constexpr Rows rows = Rows::row_kind; \
    static std::vector<std::string> tables() {   \
      return {__VA_ARGS__};                      \
    }                                            \
  }

DMSS_CONFIG_KIND(MotionDetection, channels, "MotionDetect");
DMSS_CONFIG_KIND(SmartMotion, channels, "SmartMotionDetect");
DMSS_CONFIG_KIND(VideoMask, channels, "BlindDetect");
DMSS_CONFIG_KIND(LocalAlarm, inputs, "Alarm");
DMSS_CONFIG_KIND(NetworkAlarm, inputs, "NetAlarm");
// No source shows these names; they are the candidates of §5.6.
DMSS_CONFIG_KIND(IpcExternalAlarm, channels, "RemoteAlarm", "AlarmIPC", "IPCAlarm");
DMSS_CONFIG_KIND(IpcOfflineAlarm, channels, "VideoOffline", "NetCameraOffline", "IPCOffline",
                 "OfflineDetect");
DMSS_CONFIG_KIND(PirAlarm, channels, "configEx");
DMSS_CONFIG_KIND(AlarmOutput, outputs, "AlarmOut");
DMSS_CONFIG_KIND(EncodeSettings, channels, "Encode");
DMSS_CONFIG_KIND(RecordSchedule, channels, "Record");
DMSS_CONFIG_KIND(RecordMode, channels, "RecordMode");
DMSS_CONFIG_KIND(ChannelName, channels, "ChannelTitle");
DMSS_CONFIG_KIND(ImageColor, channels, "VideoColor");
DMSS_CONFIG_KIND(ImageOrientation, channels, "VideoImageControl", "VideoInOptions");
DMSS_CONFIG_KIND(GeneralSettings, device, "General");
DMSS_CONFIG_KIND(NetworkSettings, device, "Network");
DMSS_CONFIG_KIND(TimeSettings, device, "NTP");
DMSS_CONFIG_KIND(DaylightSaving, device, "Locales");

#undef DMSS_CONFIG_KIND

template <class T>
Place place_of(int index) {
  Place place;
  place.tables = Kind<T>::tables();
  place.index = index;
  if (Kind<T>::rows == Rows::inputs) place.row = "alarm input";
  if (Kind<T>::rows == Rows::outputs) place.row = "alarm output";
  if constexpr (std::is_same_v<T, ImageColor>) place.shape = RowShape::list_or_object;
  if constexpr (std::is_same_v<T, PirAlarm>) place.by_pir_cgi = true;
  place.together = together_in(place.tables.front());
  return place;
}

}  // namespace dmss::session

#include "config/typed.hpp"

#include <iostream>

#include "config/json_fields.hpp"
#include "config/print.hpp"

namespace config {
namespace {

using example::wait;

/// Calls f with a value of the kind's type.
template <class F>
int with_type(dmss::ConfigKind kind, F f) {
  switch (kind) {
    case dmss::ConfigKind::motion_detection: return f(dmss::MotionDetection{});
    case dmss::ConfigKind::smart_motion: return f(dmss::SmartMotion{});
    case dmss::ConfigKind::video_mask: return f(dmss::VideoMask{});
    case dmss::ConfigKind::local_alarm: return f(dmss::LocalAlarm{});
    case dmss::ConfigKind::network_alarm: return f(dmss::NetworkAlarm{});
    case dmss::ConfigKind::ipc_external_alarm: return f(dmss::IpcExternalAlarm{});
    case dmss::ConfigKind::ipc_offline_alarm: return f(dmss::IpcOfflineAlarm{});
    case dmss::ConfigKind::pir_alarm: return f(dmss::PirAlarm{});
    case dmss::ConfigKind::alarm_output: return f(dmss::AlarmOutput{});
    case dmss::ConfigKind::encode: return f(dmss::EncodeSettings{});
    case dmss::ConfigKind::record_schedule: return f(dmss::RecordSchedule{});
    case dmss::ConfigKind::record_mode: return f(dmss::RecordMode{});
    case dmss::ConfigKind::channel_name: return f(dmss::ChannelName{});
    case dmss::ConfigKind::image_color: return f(dmss::ImageColor{});
    case dmss::ConfigKind::image_orientation: return f(dmss::ImageOrientation{});
    case dmss::ConfigKind::general: return f(dmss::GeneralSettings{});
    case dmss::ConfigKind::network: return f(dmss::NetworkSettings{});
    case dmss::ConfigKind::time: return f(dmss::TimeSettings{});
    case dmss::ConfigKind::daylight_saving: return f(dmss::DaylightSaving{});
  }
  return example::kUsage;
}

template <class T>
dmss::Result<T> read(dmss::Config config, int index) {
  return wait<T>([&](auto done) { config.get<T>(index, done); });
}

}  // namespace

int show(const dmss::Config& config, dmss::ConfigKind kind, int index, bool json) {
  return with_type(kind, [&]<class T>(T) {
    auto value = read<T>(config, index);
    if (!value) return example::complain(value.error());
    const Json shown = to_json(*value);
    if (json)
      std::cout << shown.dump(2) << '\n';
    else
      print(shown, "");
    return int{example::kDone};
  });
}

int edit(const dmss::Config& config, dmss::ConfigKind kind, int index,
         const std::vector<Assignment>& changes) {
  return with_type(kind, [&]<class T>(T) {
    auto value = read<T>(config, index);
    if (!value) return example::complain(value.error());
    Json json = to_json(*value);
    for (const Assignment& change : changes) {
      if (const auto done = assign(json, change.path, change.value); !done)
        return example::complain(done.error());
    }
    Reader reader{json, {}, {}};
    fields(reader, *value);
    if (!reader.wrong.empty()) {
      std::cerr << reader.wrong << ": no such value\n";
      return int{example::kUsage};
    }
    // The value carries what it was read as, so only what differs is written, and only if nobody else changed it in between.
    dmss::Config writer = config;
    const auto written = wait<dmss::ConfigWritten>([&](auto done) { writer.set<T>(*value, done); });
    if (!written) return example::complain(written.error());
    if (written->needs_reboot) std::cerr << "the device wants to be restarted\n";
    return int{example::kDone};
  });
}

}  // namespace config

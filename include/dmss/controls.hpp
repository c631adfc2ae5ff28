// Controls: what a channel can be told besides moving (manual §4; protocol http-rpc.md §5.9, §7.2 to §7.7).
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "dmss/operation.hpp"
#include "dmss/result.hpp"

namespace dmss {

namespace session {
struct DeviceHandle;
}

struct LensStatus {
  double zoom = 0;   ///< 0 to 1
  double focus = 0;  ///< 0 to 1
  bool focusing = false;
};

struct DeterrenceStatus {
  std::optional<bool> light;  ///< nullopt = the device does not say
  std::optional<bool> siren;
};

/// A facet of a Device for one channel (Device::controls); copies are cheap. Errors and threads as in Ptz.
class Controls {
 public:
  using Done = std::function<void(Result<void>)>;

  Controls(std::shared_ptr<session::DeviceHandle> device, int channel)
      : device_(std::move(device)), channel_(channel) {}

  Operation wipe_once(Done done = {});
  /// interval: 1 s to 1 h. unsupported where the wiper is a recorder's channel's: its auxiliary code takes no interval.
  Operation wipe_continuously(std::chrono::seconds interval, Done done = {});
  Operation stop_wiper(Done done = {});

  // By coaxial control, or by the auxiliary codes of PTZ where a recorder has those for its camera.
  Operation set_light(bool on, Done done = {});
  Operation set_siren(bool on, Done done = {});
  Operation deterrence_status(std::function<void(Result<DeterrenceStatus>)> done);

  Operation set_smart_tracking(bool on, Done done = {});

  /// Motorised lens, 0 to 1 each.
  Operation set_lens(double zoom, double focus, Done done = {});
  Operation auto_focus(Done done = {});
  Operation lens_status(std::function<void(Result<LensStatus>)> done);

  /// Brightness, contrast, hue and saturation to 50, in the rows in force. Also not_applied: the device reads back another value.
  Operation reset_image(Done done = {});

  /// Records until told otherwise (RecordMode manual), or goes back to the schedule. Also not_applied.
  Operation start_recording(Done done = {});
  Operation stop_recording(Done done = {});
  /// unsupported where the device only tells that it goes by its schedule.
  Operation recording(std::function<void(Result<bool>)> done);

 private:
  std::shared_ptr<session::DeviceHandle> device_;
  int channel_ = 1;
};

}  // namespace dmss

// Ptz: moves a camera (manual §4; protocol http-rpc.md §7.1).
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dmss/operation.hpp"
#include "dmss/result.hpp"

namespace dmss {

namespace session {
struct DeviceHandle;
}

/// The numbers are part of the ABI.
enum class PtzAction : std::int32_t {
  up = 0,
  down = 1,
  left = 2,
  right = 3,
  left_up = 4,
  right_up = 5,
  left_down = 6,
  right_down = 7,
  zoom_in = 8,
  zoom_out = 9,
  focus_near = 10,
  focus_far = 11,
  iris_open = 12,
  iris_close = 13,
};

struct PtzMoveOptions {
  int speed = 4;  ///< 1 to 8; scaled to the device's own steps
  /// 0: runs until the PtzMove is stopped or destroyed. Else 1 ms to 1 h: stops by itself, whether the PtzMove still exists or not.
  std::chrono::milliseconds duration{0};
  /// Called once: when the device took the start, or why not: the errors of Ptz, invalid_argument, timeout (no answer within three seconds),
  /// cancelled (stopped or superseded before it was answered). A move that could not start is not left behind: it is stopped all the same.
  std::function<void(Result<void>)> on_started;
  /// Called once, after on_started: ok when the stop was acknowledged, or when nothing of the move was sent; the device's error when it refused
  /// the stop three times (it is said again all the same, less and less often, until the device takes it); cancelled when the move ended unheard (the session was closed without an answer).
  std::function<void(Result<void>)> on_stopped;
};

/// A running move. Move-only: destroying it stops the camera, unless it was started with a duration. So does another move on the same
/// channel, Device::logout, the end of the last Device handle and the end of the engine: the stop goes out before the session ends. A stop is
/// sent again until the device acknowledged it, also after a reconnect, so a move is never left running while the device can be reached
/// (DeviceOptions::reconnect off: a stop that is owed still asks for the device). After the last handle has gone it asks for 30 s, or for as long as something else, a
/// window or a subscription, keeps the session.
/// Device::logout while the device cannot be reached gives up the stop that is owed (on_stopped: cancelled); a later login does not send it.
/// Everything may be called from any thread, also inside a handler of the move; its handlers run on a worker and never overlap.
class PtzMove {
 public:
  struct Impl;
  PtzMove() = default;
  explicit PtzMove(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
  PtzMove(PtzMove&&) noexcept = default;
  PtzMove& operator=(PtzMove&& other) noexcept;
  ~PtzMove();
  explicit operator bool() const noexcept { return impl_ != nullptr; }

  /// Any thread, any number of times.
  void stop();

 private:
  std::shared_ptr<Impl> impl_;
};

/// Degrees and zoom as the device tells them; ranges in PtzCapabilities.
struct PtzPosition {
  double pan = 0;   ///< degrees, told as 0 to 360; taken from -360 to 360
  double tilt = 0;  ///< degrees
  /// The device's own scale. JSON-RPC tells and takes the same; over CGI alone a position is taken by PositionABS, which counts 1 to 128 whatever
  /// the status says.
  double zoom = 1;
};

struct PtzStatus {
  std::optional<PtzPosition> position;
  bool moving = false;
  bool zooming = false;
  std::optional<int> preset;  ///< number of the preset it stands at
};

struct PtzPreset {
  int number = 0;
  std::string name;
};

/// A facet of a Device for one channel (Device::ptz); copies are cheap.
/// Errors of every operation: unsupported (this channel has no such function; says which probe told), no_such_channel, no_permission,
/// invalid_argument, device_error, timeout and the login codes. Handlers run on a worker thread, exactly once.
class Ptz {
 public:
  using Done = std::function<void(Result<void>)>;

  Ptz(std::shared_ptr<session::DeviceHandle> device, int channel)
      : device_(std::move(device)), channel_(channel) {}

  [[nodiscard]] PtzMove move(PtzAction action, PtzMoveOptions options = {});
  /// Stops whatever moves on this channel, also what others started: the stop of every move that the channel can make is sent.
  Operation stop_all(Done done = {});

  /// Presets and tours are numbered from 1.
  Operation goto_preset(int number, Done done = {});
  /// Stores the present position. name: UTF-8, may be empty.
  Operation set_preset(int number, std::string name, Done done = {});
  Operation clear_preset(int number, Done done = {});
  Operation presets(std::function<void(Result<std::vector<PtzPreset>>)> done);

  Operation start_tour(int number, Done done = {});
  Operation stop_tour(int number, Done done = {});
  Operation add_to_tour(int tour, int preset, Done done = {});
  Operation remove_from_tour(int tour, int preset, Done done = {});
  Operation clear_tour(int tour, Done done = {});

  Operation status(std::function<void(Result<PtzStatus>)> done);
  /// invalid_argument beyond the range that the device tells.
  Operation move_to(PtzPosition position, Done done = {});
  /// -1 to 1 of what the device can turn and zoom by to the right, upwards and in.
  Operation move_by(double right, double up, double zoom_in, Done done = {});
  /// A rectangle of the picture (0 to 1 from the top left) fills the picture ("3D positioning").
  Operation zoom_to(double left, double top, double right, double bottom, Done done = {});

 private:
  std::shared_ptr<session::DeviceHandle> device_;
  int channel_ = 1;
};

std::string_view name(PtzAction action) noexcept;
/// "left_up" … Errors: invalid_argument.
Result<PtzAction> parse_ptz_action(std::string_view name);

}  // namespace dmss

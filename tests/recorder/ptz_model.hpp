// PtzModel: one camera head that moves with time. It takes commands in the words of the protocol (http-rpc.md §7.1, §7.2)
// and knows nothing of the way they came.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "net/clock.hpp"

namespace dmss::recorder {

struct PtzPosition {
  double pan = 0;    // degrees, right is more
  double tilt = 0;   // degrees, up is more
  double zoom = 1;   // factor
  double focus = 0;  // 0 near … 1 far
  double iris = 0;   // 0 closed … 1 open
};

class PtzModel {
 public:
  explicit PtzModel(const net::Clock& clock);

  struct Range {
    double low, high;
    double clamp(double v) const { return v < low ? low : v > high ? high : v; }
    double size() const { return high - low; }
  };
  static constexpr Range kPan{0, 355}, kTilt{-15, 90}, kZoom{1, 25}, kUnit{0, 1};
  static constexpr int kMaxSpeed = 8, kMaxPreset = 255, kMaxTour = 8, kMaxTourStops = 32;
  static constexpr int kMaxTimeout = 3600;

  using Arguments = std::array<double, 4>;
  /// A code of ptz.cgi?action=start, "Left", "GotoPreset". False when the head does not know it.
  bool start(const std::string& code, const Arguments& arguments);
  /// Ends what start() of the same code began; another code moves on. False when the head does not know it.
  bool stop(const std::string& code);

  /// Pan and tilt −8 … 8, zoom −100 … 100; `timeout` in seconds, 0 = until it is stopped.
  void move_continuously(double pan, double tilt, double zoom, double timeout);
  void stop_move();
  /// Shares of the whole range, −1 … 1.
  void move_relatively(double pan, double tilt, double zoom, double speed);
  /// Degrees, degrees, factor.
  void move_absolutely(double pan, double tilt, double zoom, double speed);
  /// Brings the middle of a box to the middle of the picture and zooms it up. 0 … 8192, from the upper left.
  void move_directly(double x1, double y1, double x2, double y2);
  /// −1 … 1; 0 stops. `timeout` in seconds, 0 = until it is stopped.
  void focus_continuously(double speed, double timeout);
  void zoom_continuously(double speed);
  /// Lens by shares of its range, 0 … 1.
  void adjust_focus(double focus, double zoom);
  void adjust_iris(double change);
  void auto_focus();

  struct Preset {
    std::string name;
    int type = 0;  // 2 = special, not for people
    PtzPosition at;
  };
  /// False when the index is none.
  bool set_preset(int index, std::string name);
  void put_preset(int index, Preset preset) { presets_[index] = std::move(preset); }
  bool clear_preset(int index);
  bool goto_preset(int index, double speed);
  const std::map<int, Preset>& presets() const noexcept { return presets_; }
  const std::map<int, std::vector<int>>& tours() const noexcept { return tours_; }

  struct Running {
    std::string code;
    net::TimePoint since;
    std::optional<net::TimePoint> until;
  };

  // How it is now.
  const PtzPosition& position();
  bool moving();
  bool zooming();
  /// While autofocus works.
  bool focusing();
  /// Where it stands after GotoPreset, 0 when elsewhere.
  int preset();
  /// The tour that runs, 0 when none.
  int tour();
  /// Commands that nobody has stopped, also when a limit was reached.
  const std::vector<Running>& running();
  /// Puts the head somewhere at once.
  void place(const PtzPosition& at);

 private:
  enum Axis { pan, tilt, zoom, focus, iris };
  static constexpr std::size_t kAxes = 5;
  struct Motion {
    double rate = 0;  // units a second, signed; with a target its amount
    std::optional<double> target;
  };
  enum class Group { none, head, zoom, focus, iris };

  bool start_steps(const std::string& code, const Arguments& arguments);
  bool start_place(const std::string& code, const Arguments& arguments);
  bool start_tour(const std::string& code, const Arguments& arguments);
  void run(const std::string& code, Group group, double timeout);
  void end(Group group);
  void halt(Group group);
  void drive(Axis axis, double rate);
  void send(Axis axis, double target, double rate);
  void go(const PtzPosition& to, double speed, bool lens);
  void next_stop();
  void advance();
  net::Duration until_next() const;
  void move_axes(double seconds);
  void after_move();
  double& value(Axis axis);
  static Range range(Axis axis);
  static Group group_of(const std::string& code);
  static double speed_of(double given) { return given >= 1 && given <= kMaxSpeed ? given : 4; }

  const net::Clock& clock_;
  net::TimePoint at_;
  PtzPosition now_;
  std::array<Motion, kAxes> motion_{};
  std::vector<Running> running_;
  std::map<int, Preset> presets_;
  std::map<int, std::vector<int>> tours_;
  int heading_ = 0, preset_ = 0;  // the preset it is on the way to, and the one it reached
  int tour_ = 0;
  std::size_t tour_stop_ = 0;
  std::optional<net::TimePoint> leaves_;  // a tour stays at its stop until then
  bool scanning_ = false, auto_focus_ = false;
  Range scan_{kPan};
};

}  // namespace dmss::recorder

#include "recorder/ptz_model.hpp"

#include <algorithm>
#include <cmath>

namespace dmss::recorder {
namespace {

// A second of one step of speed.
constexpr double kDegrees = 6, kFactors = 0.75, kLens = 0.05;
constexpr double kFullSpeed = PtzModel::kMaxSpeed;
constexpr double kAutoFocusRate = 0.5;
constexpr double kFieldOfView = 60;  // degrees across the picture at zoom 1
constexpr double kFieldOfViewDown = 34;
constexpr double kZoomSteps = 128;  // what PositionABS counts
constexpr auto kStay = std::chrono::seconds(5);
constexpr int kMaxTurns = 100000;  // of one advance(): tours over a long silence

double seconds(net::Duration d) {
  return std::chrono::duration<double>(d).count();
}

net::Duration duration(double s) {
  // Up, so that what is reckoned to arrive then has arrived.
  return net::Duration(static_cast<net::Duration::rep>(std::ceil(s * 1e9)));
}

/// Where the picture is sharp, which changes with the zoom as lenses do.
double sharp_at(double zoom) {
  return 0.3 + 0.5 * (zoom - PtzModel::kZoom.low) / PtzModel::kZoom.size();
}

struct Step {
  const char* code;
  int pan, tilt, zoom, focus, iris;
};
constexpr Step kSteps[] = {
    {"Up", 0, 1, 0, 0, 0},         {"Down", 0, -1, 0, 0, 0},      {"Left", -1, 0, 0, 0, 0},
    {"Right", 1, 0, 0, 0, 0},      {"LeftUp", -1, 1, 0, 0, 0},    {"RightUp", 1, 1, 0, 0, 0},
    {"LeftDown", -1, -1, 0, 0, 0}, {"RightDown", 1, -1, 0, 0, 0}, {"ZoomTele", 0, 0, 1, 0, 0},
    {"ZoomWide", 0, 0, -1, 0, 0},  {"FocusNear", 0, 0, 0, -1, 0}, {"FocusFar", 0, 0, 0, 1, 0},
    {"IrisLarge", 0, 0, 0, 0, 1},  {"IrisSmall", 0, 0, 0, 0, -1}};

const Step* step_of(const std::string& code) {
  const auto found =
      std::find_if(std::begin(kSteps), std::end(kSteps), [&](const Step& s) { return code == s.code; });
  return found == std::end(kSteps) ? nullptr : found;
}

int whole(double v) {
  return v >= 0 && v <= 1e6 ? static_cast<int>(v) : -1;
}

}  // namespace

PtzModel::PtzModel(const net::Clock& clock) : clock_(clock), at_(clock.now()) {
  now_.focus = sharp_at(now_.zoom);
  now_.iris = 0.5;
}

double& PtzModel::value(Axis axis) {
  switch (axis) {
    case pan: return now_.pan;
    case tilt: return now_.tilt;
    case zoom: return now_.zoom;
    case focus: return now_.focus;
    default: return now_.iris;
  }
}

PtzModel::Range PtzModel::range(Axis axis) {
  return axis == pan ? kPan : axis == tilt ? kTilt : axis == zoom ? kZoom : kUnit;
}

PtzModel::Group PtzModel::group_of(const std::string& code) {
  if (const Step* s = step_of(code))
    return s->zoom != 0    ? Group::zoom
           : s->focus != 0 ? Group::focus
           : s->iris != 0  ? Group::iris
                           : Group::head;
  if (code == "Continuously" || code == "AutoScanOn" || code == "AutoPanOn" || code == "StartTour")
    return Group::head;
  return Group::none;
}

// Time ----------------------------------------------------------------------------------------------------------

void PtzModel::advance() {
  const net::TimePoint now = clock_.now();
  for (int turns = 0; at_ < now && turns < kMaxTurns; ++turns) {
    const net::Duration step = std::min(until_next(), now - at_);
    move_axes(seconds(step));
    at_ += step;
    after_move();
  }
  at_ = std::max(at_, now);
}

net::Duration PtzModel::until_next() const {
  net::Duration least = std::chrono::hours(24);
  PtzModel& self = const_cast<PtzModel&>(*this);
  for (std::size_t a = 0; a < kAxes; ++a) {
    const Motion& m = motion_[a];
    const double there = self.value(static_cast<Axis>(a));
    if (m.target && m.rate > 0) least = std::min(least, duration(std::abs(*m.target - there) / m.rate));
    if (a == pan && scanning_ && m.rate != 0) {
      const double goal = m.rate > 0 ? scan_.high : scan_.low;
      least = std::min(least, duration(std::abs(goal - there) / std::abs(m.rate)));
    }
  }
  for (const Running& r : running_) {
    if (r.until) least = std::min(least, *r.until - at_);
  }
  if (leaves_) least = std::min(least, *leaves_ - at_);
  return std::max(least, net::Duration(1));
}

void PtzModel::move_axes(double s) {
  for (std::size_t a = 0; a < kAxes; ++a) {
    Motion& m = motion_[a];
    if (m.rate == 0) continue;
    double& v = value(static_cast<Axis>(a));
    if (m.target) {
      const double left = *m.target - v, way = m.rate * s;
      if (std::abs(left) <= way + 1e-9) {
        v = *m.target;
        m = {};
      } else {
        v += left > 0 ? way : -way;
      }
    } else {
      v = range(static_cast<Axis>(a)).clamp(v + m.rate * s);
    }
  }
}

void PtzModel::after_move() {
  for (std::size_t i = running_.size(); i-- > 0;) {
    if (running_[i].until && *running_[i].until <= at_) end(group_of(running_[i].code));
  }
  if (scanning_) {
    Motion& m = motion_[pan];
    if ((m.rate > 0 && now_.pan >= scan_.high) || (m.rate < 0 && now_.pan <= scan_.low)) m.rate = -m.rate;
  }
  const bool there = !motion_[pan].target && !motion_[tilt].target && !motion_[zoom].target;
  if (heading_ != 0 && there) {
    preset_ = std::exchange(heading_, 0);
    if (tour_ != 0) leaves_ = at_ + kStay;
  }
  if (leaves_ && *leaves_ <= at_) {
    leaves_.reset();
    next_stop();
  }
}

// What moves ----------------------------------------------------------------------------------------------------

void PtzModel::run(const std::string& code, Group group, double timeout) {
  end(group);
  Running r{code, at_, std::nullopt};
  if (timeout > 0) r.until = at_ + duration(std::min<double>(timeout, kMaxTimeout));
  running_.push_back(std::move(r));
}

void PtzModel::end(Group group) {
  std::erase_if(running_, [&](const Running& r) { return group_of(r.code) == group; });
  halt(group);
}

void PtzModel::halt(Group group) {
  if (group == Group::head) {
    motion_[pan] = motion_[tilt] = {};
    // Zooming has a motor of its own, which a command of its own may be using.
    const auto zooms = [](const Running& r) { return group_of(r.code) == Group::zoom; };
    if (std::none_of(running_.begin(), running_.end(), zooms)) motion_[zoom] = {};
    scanning_ = false;
    heading_ = tour_ = 0;
    leaves_.reset();
  } else if (group == Group::zoom) {
    motion_[zoom] = {};
  } else if (group == Group::focus) {
    motion_[focus] = {};
    auto_focus_ = false;
  } else if (group == Group::iris) {
    motion_[iris] = {};
  }
}

void PtzModel::drive(Axis axis, double rate) {
  motion_[axis] = {rate, std::nullopt};
  if (rate != 0 && axis <= zoom) preset_ = 0;
}

void PtzModel::send(Axis axis, double target, double rate) {
  motion_[axis] = {std::abs(rate), range(axis).clamp(target)};
  if (*motion_[axis].target == value(axis)) motion_[axis] = {};
}

void PtzModel::go(const PtzPosition& to, double speed, bool lens) {
  preset_ = 0;
  end(Group::zoom);
  send(pan, to.pan, kDegrees * speed);
  send(tilt, to.tilt, kDegrees * speed);
  send(zoom, to.zoom, kFactors * speed);
  if (lens) send(focus, to.focus, kLens * kFullSpeed);
}

// Commands ------------------------------------------------------------------------------------------------------

bool PtzModel::start(const std::string& code, const Arguments& a) {
  advance();
  return start_steps(code, a) || start_place(code, a) || start_tour(code, a);
}

bool PtzModel::start_steps(const std::string& code, const Arguments& a) {
  const Step* s = step_of(code);
  if (s == nullptr) return false;
  // One direction has its speed in arg2, two have the vertical one in arg1 and the horizontal one in arg2.
  const bool both = s->pan != 0 && s->tilt != 0;
  run(code, group_of(code), 0);
  if (s->pan != 0) drive(pan, s->pan * kDegrees * speed_of(a[1]));
  if (s->tilt != 0) drive(tilt, s->tilt * kDegrees * speed_of(both ? a[0] : a[1]));
  if (s->zoom != 0) drive(zoom, s->zoom * kFactors * speed_of(a[1]));
  if (s->focus != 0) drive(focus, s->focus * kLens * speed_of(a[1]));
  if (s->iris != 0) drive(iris, s->iris * kLens * speed_of(a[1]));
  return true;
}

bool PtzModel::start_place(const std::string& code, const Arguments& a) {
  const int second = whole(a[1]);
  if (code == "GotoPreset") return goto_preset(second, kFullSpeed);
  if (code == "SetPreset") return set_preset(second, "");
  if (code == "ClearPreset") return clear_preset(second);
  if (code == "Continuously") {
    move_continuously(a[0], a[1], a[2], a[3]);
    return true;
  }
  if (code == "PositionABS") {
    const double steps = std::clamp(a[2], 0.0, kZoomSteps);
    const double factor = steps < 1 ? now_.zoom : kZoom.low + (steps - 1) * kZoom.size() / (kZoomSteps - 1);
    move_absolutely(a[0], a[1], factor, kFullSpeed);
    return true;
  }
  return false;
}

bool PtzModel::start_tour(const std::string& code, const Arguments& a) {
  const int number = whole(a[0]), index = whole(a[1]);
  if (code == "AutoScanOn" || code == "AutoPanOn") {
    run(code, Group::head, 0);
    if (code == "AutoPanOn") scan_ = kPan;
    scanning_ = true;
    drive(pan, kDegrees * speed_of(0));
    return true;
  }
  if (code == "AutoScanOff") return stop("AutoScanOn");
  if (code == "AutoPanOff") return stop("AutoPanOn");
  if (code == "SetLeftLimit" || code == "SetRightLimit") {
    (code == "SetLeftLimit" ? scan_.low : scan_.high) = now_.pan;
    if (scan_.low > scan_.high) std::swap(scan_.low, scan_.high);
    return true;
  }
  if (code.size() < 4 || code.substr(code.size() - 4) != "Tour") return false;
  if (number < 1 || number > kMaxTour) return false;
  if (code == "AddTour") {
    if (presets_.count(index) == 0 || tours_[number].size() >= kMaxTourStops) return false;
    tours_[number].push_back(index);
  } else if (code == "DelTour") {
    std::erase(tours_[number], index);
  } else if (code == "ClearTour") {
    tours_.erase(number);
  } else if (code == "StartTour") {
    if (tours_[number].empty()) return false;
    run(code, Group::head, 0);
    tour_ = number;
    tour_stop_ = tours_[number].size() - 1;
    next_stop();
  } else if (code == "StopTour") {
    return stop("StartTour");
  } else {
    return false;
  }
  return true;
}

void PtzModel::next_stop() {
  const auto stops = tours_.find(tour_);
  if (stops == tours_.end() || stops->second.empty()) return end(Group::head);
  tour_stop_ = (tour_stop_ + 1) % stops->second.size();
  const auto found = presets_.find(stops->second[tour_stop_]);
  if (found == presets_.end()) {
    leaves_ = at_ + kStay;
    return;
  }
  go(found->second.at, kFullSpeed, true);
  heading_ = found->first;
  // A stop where it stands already is a stop too.
  if (motion_[pan].rate == 0 && motion_[tilt].rate == 0 && motion_[zoom].rate == 0) after_move();
}

bool PtzModel::stop(const std::string& code) {
  advance();
  const auto same = [&](const Running& r) { return r.code == code; };
  if (std::any_of(running_.begin(), running_.end(), same)) {
    end(group_of(code));
    return true;
  }
  static constexpr const char* kNothingToStop[] = {"GotoPreset", "SetPreset", "ClearPreset", "PositionABS"};
  return group_of(code) != Group::none || std::any_of(std::begin(kNothingToStop), std::end(kNothingToStop),
                                                      [&](const char* known) { return code == known; });
}

void PtzModel::move_continuously(double h, double v, double z, double timeout) {
  advance();
  run("Continuously", Group::head, timeout);
  if (z != 0) end(Group::zoom);
  drive(pan, kDegrees * std::clamp(h, -kFullSpeed, kFullSpeed));
  drive(tilt, kDegrees * std::clamp(v, -kFullSpeed, kFullSpeed));
  if (z != 0) drive(zoom, kFactors * kFullSpeed * std::clamp(z, -100.0, 100.0) / 100);
}

void PtzModel::stop_move() {
  advance();
  end(Group::head);
  end(Group::zoom);
}

void PtzModel::move_relatively(double h, double v, double z, double speed) {
  advance();
  end(Group::head);
  PtzPosition to = now_;
  to.pan += std::clamp(h, -1.0, 1.0) * kPan.size();
  to.tilt += std::clamp(v, -1.0, 1.0) * kTilt.size();
  to.zoom += std::clamp(z, -1.0, 1.0) * kZoom.size();
  go(to, speed > 0 ? speed_of(speed) : kFullSpeed, false);
}

void PtzModel::move_absolutely(double h, double v, double z, double speed) {
  advance();
  end(Group::head);
  PtzPosition to = now_;
  to.pan = h;
  to.tilt = v;
  to.zoom = z;
  go(to, speed > 0 ? speed_of(speed) : kFullSpeed, false);
}

void PtzModel::move_directly(double x1, double y1, double x2, double y2) {
  advance();
  end(Group::head);
  constexpr double kWhole = 8192;
  PtzPosition to = now_;
  to.pan += ((x1 + x2) / 2 / kWhole - 0.5) * kFieldOfView / now_.zoom;
  to.tilt -= ((y1 + y2) / 2 / kWhole - 0.5) * kFieldOfViewDown / now_.zoom;
  const double across = std::abs(x2 - x1) / kWhole, down = std::abs(y2 - y1) / kWhole;
  // A click has no size and only turns the head; a box drawn from right to left zooms out.
  if (const double box = std::max(across, down); box > 0.001)
    to.zoom = x2 >= x1 ? now_.zoom / std::min(box, 1.0) : now_.zoom * std::min(box, 1.0);
  go(to, kFullSpeed, false);
}

void PtzModel::focus_continuously(double speed, double timeout) {
  advance();
  if (speed == 0) return end(Group::focus);
  run(speed > 0 ? "FocusFar" : "FocusNear", Group::focus, timeout);
  drive(focus, kLens * kFullSpeed * std::clamp(speed, -1.0, 1.0));
}

void PtzModel::zoom_continuously(double speed) {
  advance();
  if (speed == 0) return end(Group::zoom);
  run(speed > 0 ? "ZoomTele" : "ZoomWide", Group::zoom, 0);
  drive(zoom, kFactors * kFullSpeed * std::clamp(speed, -1.0, 1.0));
}

void PtzModel::adjust_focus(double to_focus, double to_zoom) {
  advance();
  end(Group::focus);
  end(Group::zoom);
  preset_ = 0;
  send(focus, to_focus, kLens * kFullSpeed);
  send(zoom, kZoom.low + to_zoom * kZoom.size(), kFactors * kFullSpeed);
}

void PtzModel::adjust_iris(double change) {
  advance();
  end(Group::iris);
  send(iris, now_.iris + change, kLens * kFullSpeed);
}

void PtzModel::auto_focus() {
  advance();
  end(Group::focus);
  send(focus, sharp_at(now_.zoom), kAutoFocusRate);
  auto_focus_ = true;
}

// Presets -------------------------------------------------------------------------------------------------------

bool PtzModel::set_preset(int index, std::string name) {
  advance();
  if (index < 1 || index > kMaxPreset) return false;
  if (name.empty()) {
    const auto before = presets_.find(index);
    name = before != presets_.end() ? before->second.name : "Preset" + std::to_string(index);
  }
  presets_[index] = {std::move(name), 0, now_};
  if (!moving() && !zooming()) preset_ = index;
  return true;
}

bool PtzModel::clear_preset(int index) {
  advance();
  if (index < 1 || index > kMaxPreset) return false;
  presets_.erase(index);
  for (auto& [number, stops] : tours_) std::erase(stops, index);
  if (preset_ == index) preset_ = 0;
  return true;
}

bool PtzModel::goto_preset(int index, double speed) {
  advance();
  if (index < 1 || index > kMaxPreset) return false;
  const auto found = presets_.find(index);
  if (found == presets_.end()) return true;  // accepted, and nothing moves
  end(Group::head);
  go(found->second.at, speed > 0 ? speed_of(speed) : kFullSpeed, true);
  heading_ = index;
  after_move();
  return true;
}

// State ---------------------------------------------------------------------------------------------------------

const PtzPosition& PtzModel::position() {
  advance();
  return now_;
}

bool PtzModel::moving() {
  advance();
  const auto moves = [&](Axis a) {
    const Motion& m = motion_[a];
    if (m.target) return true;
    const Range r = range(a);
    return (m.rate > 0 && value(a) < r.high) || (m.rate < 0 && value(a) > r.low);
  };
  return moves(pan) || moves(tilt);
}

bool PtzModel::zooming() {
  advance();
  const Motion& m = motion_[zoom];
  return m.target || (m.rate > 0 && now_.zoom < kZoom.high) || (m.rate < 0 && now_.zoom > kZoom.low);
}

bool PtzModel::focusing() {
  advance();
  return auto_focus_ && motion_[focus].target;
}

int PtzModel::preset() {
  advance();
  return preset_;
}

int PtzModel::tour() {
  advance();
  return tour_;
}

const std::vector<PtzModel::Running>& PtzModel::running() {
  advance();
  return running_;
}

void PtzModel::place(const PtzPosition& at) {
  advance();
  for (const Group g : {Group::head, Group::zoom, Group::focus, Group::iris}) end(g);
  now_ = {kPan.clamp(at.pan), kTilt.clamp(at.tilt), kZoom.clamp(at.zoom), kUnit.clamp(at.focus),
          kUnit.clamp(at.iris)};
  preset_ = 0;
}

}  // namespace dmss::recorder

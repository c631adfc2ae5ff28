#include "recorder/ptz.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace dmss::recorder {
namespace {

constexpr std::size_t kMaxCommands = 1000;
constexpr int kSpecialPreset = 250;  // one that apps hide

std::int64_t ms(net::Duration d) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(d).count();
}

int rounded(double v) {
  return static_cast<int>(std::lround(v));
}

/// "4.002.0000000.8.R" is 4. Firmware of that age has the right spelling of Position.
int major_version(const std::string& version) {
  int major = 0;
  std::from_chars(version.data(), version.data() + version.size(), major);
  return major;
}

}  // namespace

Ptz::Ptz(const Profile& profile, const net::Clock& clock, Faults& faults)
    : profile_(profile),
      clock_(clock),
      faults_(faults),
      began_(clock.now()),
      heads_(static_cast<std::size_t>(std::max(0, profile.channels))) {
  for (const int channel : profile.ptz_channels) {
    if (!exists(channel)) continue;
    Head& head = at(channel);
    head.model = std::make_unique<PtzModel>(clock);
    head.model->put_preset(kSpecialPreset, {"AutoScan", 2, {}});
    head.aux = {"Light", "Wiper"};
  }
  // A camera of a recorder that does not turn may have switches all the same.
  if (profile.device_class == "NVR" && exists(3) && !turns(3)) at(3).aux = {"Light", "Wiper", "Aux"};
}

bool Ptz::turns(int channel) const {
  return exists(channel) && at(channel).model != nullptr;
}

PtzModel* Ptz::head(int channel) {
  return exists(channel) ? at(channel).model.get() : nullptr;
}

const std::vector<std::string>& Ptz::aux_codes(int channel) const {
  static const std::vector<std::string> none;
  return exists(channel) ? at(channel).aux : none;
}

bool Ptz::code(int channel, bool start, const std::string& code, PtzModel::Arguments arguments) {
  if (!exists(channel)) return false;
  Head& h = at(channel);
  if (std::find(h.aux.begin(), h.aux.end(), code) != h.aux.end()) {
    if (start) {
      h.on.insert(code);
    } else {
      h.on.erase(code);
    }
    return true;
  }
  if (!h.model) return false;
  if (code == "PositionABS" && faults_.find("ptz_tenths", {.channel = channel}) != nullptr) {
    arguments[0] /= 10;
    arguments[1] /= 10;
  }
  return start ? h.model->start(code, arguments) : h.model->stop(code);
}

void Ptz::note(int channel, const std::string& via, const std::string& action, Json params, bool accepted) {
  if (turns(channel)) at(channel).commanded = true;
  if (commands_.size() >= kMaxCommands) commands_.erase(commands_.begin());
  commands_.push_back({{"at_ms", ms(clock_.now() - began_)},
                       {"via", via},
                       {"channel", channel},
                       {"action", action},
                       {"params", std::move(params)},
                       {"accepted", accepted}});
}

void Ptz::halt() {
  for (Head& head : heads_) {
    head.on.clear();
    if (head.model) head.model->place(head.model->position());
  }
}

Json Ptz::status(int channel) {
  PtzModel* head = this->head(channel);
  const PtzPosition at = head != nullptr ? head->position() : PtzPosition{};
  const int preset = head != nullptr ? head->preset() : 0;
  const bool right =
      major_version(profile_.version) >= 4 && faults_.find("ptz_postion", {.channel = channel}) == nullptr;
  Json status = {{"MoveStatus", head != nullptr && head->moving() ? "Moving" : "Idle"},
                 {"PTS", 0},
                 {right ? "Position" : "Postion", Json::array({at.pan, at.tilt, at.zoom})},
                 {"PresetID", preset},
                 {"Sequence", 0},
                 {"UTC", std::chrono::system_clock::to_time_t(clock_.wall_now())},
                 {"ZoomStatus", head != nullptr && head->zooming() ? "Zooming" : "Idle"}};
  if (preset != 0) status["Action"] = "Preset";
  return status;
}

Json Ptz::caps(int channel) const {
  const bool turns = this->turns(channel);
  const std::vector<std::string>& aux = aux_codes(channel);
  Json caps = {
      {"Pan", turns},        {"Tile", turns},    {"Zoom", turns},           {"Focus", turns},
      {"Iris", turns},       {"Preset", turns},  {"Tour", turns},           {"Pattern", false},
      {"AutoScan", turns},   {"AutoPan", turns}, {"MoveRelatively", turns}, {"MoveAbsolutely", turns},
      {"Aux", !aux.empty()}, {"Auxs", aux}};
  if (!turns) return caps;
  caps.update(
      {{"PanSpeedMin", 1},
       {"PanSpeedMax", PtzModel::kMaxSpeed},
       {"TileSpeedMin", 1},
       {"TileSpeedMax", PtzModel::kMaxSpeed},
       {"PresetMin", 1},
       {"PresetMax", PtzModel::kMaxPreset},
       {"TourMin", 1},
       {"TourMax", PtzModel::kMaxTour},
       {"PtzMotionRange",
        {{"HorizontalAngle", Json::array({rounded(PtzModel::kPan.low), rounded(PtzModel::kPan.high)})},
         {"VerticalAngle", Json::array({rounded(PtzModel::kTilt.low), rounded(PtzModel::kTilt.high)})}}}});
  return caps;
}

Json Ptz::presets(int channel) const {
  Json list = Json::array();
  if (!turns(channel)) return list;
  for (const auto& [index, preset] : at(channel).model->presets())
    list.push_back({{"Index", index}, {"Name", preset.name}, {"Type", preset.type}});
  return list;
}

std::optional<Json> Ptz::lens_status(int channel) {
  PtzModel* head = this->head(channel);
  if (head == nullptr) return std::nullopt;
  const PtzPosition& at = head->position();
  return Json{{"Focus", at.focus},
              {"Status", head->focusing() ? "Autofocus" : "Normal"},
              {"Zoom", (at.zoom - PtzModel::kZoom.low) / PtzModel::kZoom.size()}};
}

std::optional<media::PositionStamp> Ptz::shown(int channel) {
  PtzModel* head = this->head(channel);
  if (head == nullptr || !at(channel).commanded) return std::nullopt;
  const PtzPosition& p = head->position();
  return media::PositionStamp{
      static_cast<std::int16_t>(rounded(p.pan * 10)), static_cast<std::int16_t>(rounded(p.tilt * 10)),
      static_cast<std::uint16_t>(rounded(p.zoom * 100)), static_cast<std::uint8_t>(rounded(p.focus * 255))};
}

Json Ptz::head_json(int channel) {
  Head& h = at(channel);
  Json on = Json::object();
  for (const std::string& code : h.aux) on[code] = h.on.count(code) != 0;
  Json out = {{"channel", channel}, {"aux", on}};
  if (!h.model) return out;
  Json running = Json::array();
  for (const PtzModel::Running& r : h.model->running())
    running.push_back({{"code", r.code}, {"age_ms", ms(clock_.now() - r.since)}});
  const PtzPosition& at = h.model->position();
  out.update({{"pan", at.pan},
              {"tilt", at.tilt},
              {"zoom", at.zoom},
              {"focus", at.focus},
              {"iris", at.iris},
              {"moving", h.model->moving()},
              {"zooming", h.model->zooming()},
              {"focusing", h.model->focusing()},
              {"preset", h.model->preset()},
              {"tour", h.model->tour()},
              {"running", std::move(running)}});
  return out;
}

Json Ptz::to_json() {
  Json channels = Json::array();
  for (int c = 1; exists(c); ++c) {
    if (turns(c) || !at(c).aux.empty()) channels.push_back(head_json(c));
  }
  return {{"channels", std::move(channels)}, {"commands", commands_}};
}

}  // namespace dmss::recorder

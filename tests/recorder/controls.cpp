#include "recorder/controls.hpp"

#include <algorithm>

namespace dmss::recorder {
namespace {

constexpr auto kOneWipe = std::chrono::seconds(2);
constexpr auto kSiren = std::chrono::seconds(10);
constexpr std::int64_t kLight = 1, kSpeaker = 2, kOn = 1, kOff = 2;

}  // namespace

Controls::Controls(const Profile& profile, const net::Clock& clock)
    : profile_(profile), clock_(clock), channels_(static_cast<std::size_t>(std::max(0, profile.channels))) {}

bool Controls::has_coaxial() const {
  return profile_.device_class == "IPC" || profile_.device_class == "SD";
}

bool Controls::answers_coaxial() const {
  return has_coaxial() || profile_.device_class == "NVR";
}

bool Controls::set_coaxial(int channel, std::int64_t type, std::int64_t io) {
  if (!exists(channel) || (type != kLight && type != kSpeaker) || (io != kOn && io != kOff)) return false;
  if (!has_coaxial()) return true;
  Channel& c = at(channel);
  (type == kLight ? c.light : c.speaker) = io == kOn;
  if (type == kSpeaker) c.sounds = clock_.now();
  return true;
}

bool Controls::speaker(int channel) const {
  return at(channel).speaker && clock_.now() - at(channel).sounds < kSiren;
}

bool Controls::has_wiper() const {
  return profile_.device_class == "SD";
}

bool Controls::has_tracker() const {
  return profile_.device_class == "SD";
}

void Controls::wipe_once(int channel) {
  at(channel).wiper = "Once";
  at(channel).wiped = clock_.now();
}

void Controls::wipe(int channel, std::int64_t interval) {
  at(channel).wiper = "Interval";
  at(channel).interval = interval;
}

void Controls::stop_wiper(int channel) {
  at(channel).wiper = "Stop";
}

Json Controls::to_json() const {
  Json out = Json::array();
  for (std::size_t i = 0; i < channels_.size(); ++i) {
    const Channel& c = channels_[i];
    const bool over = c.wiper == "Once" && clock_.now() - c.wiped > kOneWipe;
    out.push_back({{"channel", i + 1},
                   {"light", c.light},
                   {"speaker", speaker(static_cast<int>(i) + 1)},
                   {"tracking", c.tracking},
                   {"wiper", over ? "Stop" : c.wiper},
                   {"interval", c.interval}});
  }
  return out;
}

}  // namespace dmss::recorder

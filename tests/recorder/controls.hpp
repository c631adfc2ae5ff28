// Controls: white light, buzzer, wiper and tracking of each channel (protocol http-rpc.md §7.5-7.7). Channels count from 1.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "net/clock.hpp"
#include "proto/rpc/message.hpp"
#include "recorder/profile.hpp"

namespace dmss::recorder {

using proto::rpc::Json;

class Controls {
 public:
  Controls(const Profile& profile, const net::Clock& clock);

  /// A camera has light and buzzer; a recorder answers for its cameras and nothing works.
  bool has_coaxial() const;
  bool answers_coaxial() const;
  /// Types 1 light, 2 buzzer; IO 1 on, 2 off. False when these are something else.
  bool set_coaxial(int channel, std::int64_t type, std::int64_t io);
  bool light(int channel) const { return at(channel).light; }
  /// A siren ends by itself after ten seconds.
  bool speaker(int channel) const;

  bool has_wiper() const;
  void wipe_once(int channel);
  /// Every so many seconds; 0 = without a pause.
  void wipe(int channel, std::int64_t interval);
  void stop_wiper(int channel);

  bool has_tracker() const;
  void track(int channel, bool on) { at(channel).tracking = on; }

  /// As after a restart.
  void reset() { std::fill(channels_.begin(), channels_.end(), Channel{}); }
  bool exists(int channel) const { return channel >= 1 && channel <= static_cast<int>(channels_.size()); }
  Json to_json() const;

 private:
  struct Channel {
    bool light = false, speaker = false, tracking = false;
    net::TimePoint sounds{};     // since when the speaker does
    std::string wiper = "Stop";  // "Once", "Interval"
    std::int64_t interval = 0;
    net::TimePoint wiped{};
  };
  Channel& at(int channel) { return channels_[static_cast<std::size_t>(channel - 1)]; }
  const Channel& at(int channel) const { return channels_[static_cast<std::size_t>(channel - 1)]; }

  const Profile& profile_;
  const net::Clock& clock_;
  std::vector<Channel> channels_;
};

}  // namespace dmss::recorder

// Ptz: the camera heads of all channels, their auxiliary switches, and a log of what was commanded. Channels count from 1
// here; the services translate.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "media/stamp/position_stamp.hpp"
#include "proto/rpc/message.hpp"
#include "recorder/faults.hpp"
#include "recorder/profile.hpp"
#include "recorder/ptz_model.hpp"

namespace dmss::recorder {

class Ptz {
 public:
  Ptz(const Profile& profile, const net::Clock& clock, Faults& faults);

  bool exists(int channel) const { return channel >= 1 && channel <= static_cast<int>(heads_.size()); }
  /// Whether it has a head that turns.
  bool turns(int channel) const;
  /// Null when it does not turn.
  PtzModel* head(int channel);
  /// "Light", "Wiper", "Aux", as far as the channel has them.
  const std::vector<std::string>& aux_codes(int channel) const;

  /// A code with start or stop, also of the auxiliary switches. False when the channel cannot.
  bool code(int channel, bool start, const std::string& code, PtzModel::Arguments arguments);
  /// Notes a command for GET /state; the log keeps the latest thousand.
  void note(int channel, const std::string& via, const std::string& action, Json params, bool accepted);

  /// As after a restart: nothing moves and every switch is off.
  void halt();

  /// getStatus, in the spelling of the device.
  Json status(int channel);
  Json caps(int channel) const;
  Json presets(int channel) const;
  /// getFocusStatus; nullopt when the channel has no motor lens.
  std::optional<Json> lens_status(int channel);

  /// What the picture shows from the first command on; nullopt before it.
  std::optional<media::PositionStamp> shown(int channel);
  /// Commands, and each head with what it does.
  Json to_json();

 private:
  struct Head {
    std::unique_ptr<PtzModel> model;
    std::vector<std::string> aux;
    std::set<std::string> on;
    bool commanded = false;
  };
  Head& at(int channel) { return heads_[static_cast<std::size_t>(channel - 1)]; }
  const Head& at(int channel) const { return heads_[static_cast<std::size_t>(channel - 1)]; }
  Json head_json(int channel);

  const Profile& profile_;
  const net::Clock& clock_;
  Faults& faults_;
  const net::TimePoint began_;
  std::vector<Head> heads_;
  std::vector<Json> commands_;
};

}  // namespace dmss::recorder

// Device services that JSON-RPC and CGI tell in their own words each.
#pragma once

#include <string>
#include <vector>

#include "recorder/core.hpp"

namespace dmss::recorder {

std::string machine_name(const Core& core);
void reboot(Core& core);
/// Unless the clock is right to within the tolerance.
void set_time(Core& core, DeviceClock::Time local, std::chrono::seconds tolerance, const std::string& user);

struct ActiveUser {
  std::int64_t id = 0;
  std::string name, group, address, client, since;
};
/// Everyone who is logged in.
std::vector<ActiveUser> active_users(const Core& core);

enum class PasswordChange { done, no_user, wrong_old };
/// `old` and `now` are texts, or both the hash upper MD5(user:realm:password).
PasswordChange change_password(Core& core, const std::string& user, const std::string& old,
                               const std::string& now, bool hashed);

/// Whether a stream is being recorded: by the schedule's regular bit, by hand, or not. `stream`: 0 main, 1 and 2
/// extra.
bool recording(const Core& core, int channel, int stream);
/// What LogicDeviceManager.getCameraAll lists; null on devices that have no cameras of their own to list.
Json cameras(const Core& core);
/// "Connected", "Unconnect", or empty where no camera was added.
std::string camera_state(const Core& core, int channel);

}  // namespace dmss::recorder

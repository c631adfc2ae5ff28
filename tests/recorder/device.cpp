#include "recorder/device.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>

namespace dmss::recorder {
namespace {

using proto::rpc::int_or;
using proto::rpc::member;
using proto::rpc::text_or;

bool contains(const std::vector<int>& list, int value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

int number(std::string_view text) {
  int n = 0;
  std::from_chars(text.data(), text.data() + text.size(), n);
  return n;
}

/// Whether "7 08:00:00-24:00:00" has the regular bit and contains a second of the day.
bool in_period(std::string_view period, int second) {
  const std::size_t blank = period.find(' ');
  if (blank == std::string_view::npos || period.size() < blank + 18) return false;
  const auto seconds = [&](std::size_t at) {
    return number(period.substr(at, 2)) * 3600 + number(period.substr(at + 3, 2)) * 60 +
           number(period.substr(at + 6, 2));
  };
  return (number(period) & 1) != 0 && second >= seconds(blank + 1) && second <= seconds(blank + 10);
}

bool scheduled(const Core& core, int channel) {
  using namespace std::chrono;
  const auto now = core.device_clock.now();
  const auto day = floor<days>(now);
  const Json* periods =
      core.tables.find(fmt::format("Record[{}].TimeSection[{}]", channel - 1, weekday(day).c_encoding()));
  const int second = static_cast<int>(duration_cast<seconds>(now - day).count());
  return periods != nullptr && periods->is_array() &&
         std::any_of(periods->begin(), periods->end(), [&](const Json& p) {
           return p.is_string() && in_period(p.get_ref<const std::string&>(), second);
         });
}

}  // namespace

std::string machine_name(const Core& core) {
  const Json* general = core.tables.find("General");
  return general != nullptr ? text_or(*general, "MachineName", core.profile.name) : core.profile.name;
}

void reboot(Core& core) {
  if (const auto fault = core.faults.none() ? std::nullopt : core.faults.take("reboot_time"))
    core.restart.set_takes(
        std::chrono::seconds(std::clamp<std::int64_t>(int_or(*fault, "seconds", 3), 0, 3600)));
  core.restart.begin();
}

void set_time(Core& core, DeviceClock::Time local, std::chrono::seconds tolerance, const std::string& user) {
  core.count("time_writes");
  const auto off = local - core.device_clock.now();
  if (off <= tolerance && -off <= tolerance && tolerance.count() > 0) return;
  core.device_clock.set(local);
  core.player.set_clock_offset(core.device_clock.offset());
  core.logbook.add("System.TimeChange", user, {{"Time", DeviceClock::text(local)}});
}

std::vector<ActiveUser> active_users(const Core& core) {
  std::vector<ActiveUser> out;
  for (const auto& [id, s] : core.sessions.all()) {
    const Json users = core.accounts.users();
    const auto me = std::find_if(users.begin(), users.end(),
                                 [&](const Json& u) { return text_or(u, "Name", "") == s->user; });
    out.push_back({id, s->user, me != users.end() ? text_or(*me, "Group", "") : "", s->address, s->service,
                   DeviceClock::text(s->since + core.device_clock.offset())});
  }
  return out;
}

PasswordChange change_password(Core& core, const std::string& user, const std::string& old,
                               const std::string& now, bool hashed) {
  if (!core.accounts.known(user)) return PasswordChange::no_user;
  if (!(hashed ? core.accounts.right_hash(user, old) : core.accounts.right_text(user, old)))
    return PasswordChange::wrong_old;
  if (hashed) {
    core.accounts.set_hash(user, now);
  } else {
    core.accounts.set_password(user, now);
  }
  core.count("password_changes");
  core.logbook.add("Account.ModifyPassword", user);
  return PasswordChange::done;
}

bool recording(const Core& core, int channel, int stream) {
  const Json* mode = core.tables.find(fmt::format("RecordMode[{}]", channel - 1));
  if (mode == nullptr || !mode->is_object()) return false;
  static constexpr const char* kKeys[] = {"Mode", "ModeExtra1", "ModeExtra2"};
  const std::int64_t how = int_or(*mode, kKeys[std::clamp(stream, 0, 2)], 2);
  return how == 1 || (how == 0 && scheduled(core, channel));
}

Json cameras(const Core& core) {
  const Json* remote = core.tables.find("RemoteDevice");
  if (remote == nullptr || !remote->is_object()) return nullptr;
  Json out = Json::array();
  for (int c = 0; c < core.profile.channels; ++c) {
    const std::string id = "uuid:System_CONFIG_NETCAMERA_INFO_" + std::to_string(c);
    const Json* device = member(*remote, id.c_str());
    if (device == nullptr || contains(core.profile.empty_channels, c + 1)) continue;
    out.push_back({{"Channel", c},
                   {"DeviceID", id},
                   {"DeviceInfo", *device},
                   {"Enable", proto::rpc::bool_or(*device, "Enable", true)},
                   {"Type", "Remote"},
                   {"UniqueChannel", c}});
  }
  return out;
}

std::string camera_state(const Core& core, int channel) {
  if (contains(core.profile.empty_channels, channel)) return {};
  return contains(core.profile.offline_channels, channel) || !core.player.channel_on(channel) ? "Unconnect"
                                                                                              : "Connected";
}

}  // namespace dmss::recorder

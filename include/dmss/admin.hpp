// Admin: the device itself: time, users, log, disks, alarm inputs and outputs, reboot (manual §3.2.1, §14; protocol http-rpc.md §5.5, §5.10, §6).
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "dmss/config/alarms.hpp"
#include "dmss/operation.hpp"
#include "dmss/result.hpp"
#include "dmss/secret.hpp"

namespace dmss {

namespace session {
struct DeviceHandle;
}

/// Wall-clock time of a device in its own zone; devices do not tell the offset.
struct DeviceTime {
  int year = 2000, month = 1, day = 1;  ///< month and day from 1
  int hour = 0, minute = 0, second = 0;
  bool operator==(const DeviceTime&) const = default;
  auto operator<=>(const DeviceTime&) const = default;
  std::string to_string() const;  ///< "2026-07-02 19:09:25"
  bool valid() const noexcept;
};
/// "yyyy-MM-dd HH:mm:ss", unpadded too, with or without a trailing AM/PM. Errors: malformed.
Result<DeviceTime> parse_device_time(std::string_view text);

struct OnlineUser {
  std::int64_t id = 0;
  std::string name;
  std::string group;
  std::string address;
  std::string client_type;
  std::string login_time;  ///< as the device writes it
};

struct DiskPartition {
  std::string path;
  std::string type;         ///< "ReadWrite" …
  std::uint64_t total = 0;  ///< bytes
  std::uint64_t used = 0;
  bool error = false;
};

struct Disk {
  std::string name;   ///< "/dev/sda"
  std::string state;  ///< the device's own word
  bool healthy = true;
  std::uint64_t total = 0;  ///< bytes, sum over the partitions
  std::uint64_t free = 0;   ///< 0 is normal: the oldest recordings are overwritten
  std::vector<DiskPartition> partitions;
};

struct LogQuery {
  DeviceTime begin;
  DeviceTime end;
  std::vector<std::string> types;  ///< "Event.VideoMotion.Start" …; empty = all
  int limit = 1000;                ///< at most 100,000
  bool newest_first = true;
};

struct LogEntry {
  std::string time;
  std::string type;
  std::string user;
  std::string json;  ///< the whole entry as the device gave it
};

/// Live state, index 0 = input or output 1.
struct AlarmStates {
  std::vector<bool> inputs;
  std::vector<bool> outputs;
};

/// A facet of a Device (Device::admin); copies are cheap. Errors and threads as in Ptz.
class Admin {
 public:
  using Done = std::function<void(Result<void>)>;

  explicit Admin(std::shared_ptr<session::DeviceHandle> device) : device_(std::move(device)) {}

  Operation time(std::function<void(Result<DeviceTime>)> done);
  Operation set_time(DeviceTime time, Done done = {});
  /// Sets the device to this host's local time, corrected by half the round trip.
  Operation sync_time(Done done = {});

  Operation online_users(std::function<void(Result<std::vector<OnlineUser>>)> done);
  /// Entries as they come, in pages; `on_page` returns false to end the search. Then `done`. Cancelling closes the search at the device.
  Operation search_log(LogQuery query, std::function<bool(const std::vector<LogEntry>&)> on_page, Done done);
  Operation disks(std::function<void(Result<std::vector<Disk>>)> done);
  Operation alarm_states(std::function<void(Result<AlarmStates>)> done);
  /// Output from 1: on, off, or back to automatic (AlarmOutput::Mode).
  Operation set_alarm_output(int output, AlarmOutput::Mode mode, Done done = {});
  /// Simulates a network alarm input (from 1).
  Operation set_network_alarm(int input, bool on, Done done = {});

  /// Changes the password of the user that is logged in; afterwards the SDK uses the new one. The password leaves this process encrypted where the device
  /// offers it, hashed where it takes that; over CGI, where it would be readable, only over TLS or with DeviceOptions::allow_plaintext_password.
  /// Sent once. Errors: plaintext_refused, unsupported, wrong_password, device_error.
  Operation change_password(Secret old_password, Secret new_password, Done done);

  /// The device goes away and comes back; DeviceState tells.
  Operation reboot(Done done = {});

 private:
  std::shared_ptr<session::DeviceHandle> device_;
};

}  // namespace dmss

// Admin: the device itself: time, users, log, disks, alarm inputs and outputs, reboot (manual §3.2.1, §14; protocol http-rpc.md §5.5, §5.10, §6).
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
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
  /// A day of the calendar from 1970 to 2099 and a time of the day.
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
  std::string name;         ///< "/dev/sda"
  std::string state;        ///< the device's own word, "Success" when all is well; empty = it does not say
  bool healthy = true;      ///< false: another state, or a partition with an error
  std::uint64_t total = 0;  ///< bytes, sum over the partitions
  std::uint64_t free = 0;   ///< 0 is normal: the oldest recordings are overwritten
  std::vector<DiskPartition> partitions;
};

struct LogQuery {
  DeviceTime begin;
  DeviceTime end;
  std::vector<std::string> types;  ///< "Event.VideoMotion.Start" …; empty = all; at most 100
  int limit = 1000;                ///< entries, 1 to 100,000
  bool newest_first = true;        ///< asked of the device; entries come as it gives them
};

struct LogEntry {
  std::string time;  ///< as the device writes it
  std::string type;
  std::string user;  ///< empty where no user was involved
  std::string json;  ///< the whole entry as the device gave it
};

/// What smart motion detection saw; it has to be switched on (config SmartMotion).
struct SmartQuery {
  DeviceTime begin;
  DeviceTime end;
  std::vector<int> channels;  ///< from 1; empty = all; at most 1024
  bool human = true;
  bool vehicle = true;  ///< one of the two at least
  int limit = 1000;     ///< entries, 1 to 100,000
};

/// No source describes the entries: what a device does not tell, or tells under other names, is 0 or empty here and still in `json`.
struct SmartEntry {
  int channel = 0;    ///< from 1; 0 = not told
  std::string begin;  ///< times as the device writes them
  std::string end;
  std::string type;  ///< the device's own word
  std::string json;  ///< the whole entry as the device gave it
};

/// Live state, index 0 = input or output 1.
struct AlarmStates {
  std::vector<bool>
      inputs;  ///< empty also where the device does not tell: inputs have no known JSON form, only CGI
  std::vector<bool> outputs;
};

/// A facet of a Device (Device::admin); copies are cheap. Errors and threads as in Ptz.
class Admin {
 public:
  using Done = std::function<void(Result<void>)>;

  explicit Admin(std::shared_ptr<session::DeviceHandle> device) : device_(std::move(device)) {}

  Operation time(std::function<void(Result<DeviceTime>)> done);
  /// Read back: not_applied when the clock then shows another time (more than three seconds off), as with a device that follows NTP.
  Operation set_time(DeviceTime time, Done done = {});
  /// Sets the device to this host's local time, corrected by half the round trip, to the second. Errors as set_time.
  Operation sync_time(Done done = {});

  /// Who is logged in now, this session included.
  Operation online_users(std::function<void(Result<std::vector<OnlineUser>>)> done);
  /// Entries as they come, at most 100 a page, each page once the one before was handled; `on_page` returns false to end the search. Then
  /// `done`, whose success may mean that nothing was found. Both on a worker thread, never at once, nothing after `done`. However the search
  /// ends, also by cancelling, it is closed at the device. JSON-RPC only. Errors: unsupported (over CGI), invalid_argument, malformed.
  Operation search_log(LogQuery query, std::function<bool(const std::vector<LogEntry>&)> on_page, Done done);
  /// Humans and vehicles that smart motion detection saw, asked for newest first; pages, threads and closing as search_log (protocol
  /// http-rpc.md §10.1, SmdDataFinder). JSON-RPC only. A search by region has no known form and is unsupported: there is no field for it.
  /// Errors: unsupported (over CGI, or the device has no such search), invalid_argument, no_such_channel, malformed.
  Operation search_smart(SmartQuery query, std::function<bool(const std::vector<SmartEntry>&)> on_page,
                         Done done);
  /// No disk is an empty list.
  Operation disks(std::function<void(Result<std::vector<Disk>>)> done);
  Operation alarm_states(std::function<void(Result<AlarmStates>)> done);
  /// Output from 1: on, off, or back to automatic (AlarmOutput::Mode). Read back: not_applied when the device kept another mode.
  Operation set_alarm_output(int output, AlarmOutput::Mode mode, Done done = {});
  /// Simulates a network alarm input (from 1). CGI only: no JSON form is known. Errors: unsupported without CGI.
  Operation set_network_alarm(int input, bool on, Done done = {});

  /// Changes the password of the user that is logged in; afterwards the SDK uses the new one. Sent once, whatever happens; after a timeout
  /// or a lost connection nobody knows which password holds. Over JSON-RPC the device gets the salted hash that it keeps, inside an encrypted
  /// envelope where it offers one. Without that the hash does not show the password, but who overhears it could log in with it, so use HTTPS
  /// where others listen. Over CGI the password is readable: only over TLS or with DeviceOptions::allow_plaintext_password.
  /// The device cannot see through a hash, so the rules are checked here (8 to 32 characters, two kinds of them at least, none of ' " ; : &).
  /// Errors: invalid_argument (a rule), wrong_password (`old_password` is not the session's, or the device says so), plaintext_refused,
  /// unsupported, no_permission, device_error.
  Operation change_password(Secret old_password, Secret new_password, Done done);

  /// Sent once. Success: the device has agreed; it goes away and comes back by itself, DeviceState tells when. A device that goes before it
  /// answers is connection_lost.
  Operation reboot(Done done = {});

 private:
  std::shared_ptr<session::DeviceHandle> device_;
};

}  // namespace dmss

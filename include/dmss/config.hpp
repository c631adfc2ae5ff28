// Config: typed and raw access to a device's configuration tables (protocol http-rpc.md §3.2, §4.4, §5).
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dmss/config/alarms.hpp"
#include "dmss/config/media.hpp"
#include "dmss/config/system.hpp"
#include "dmss/operation.hpp"
#include "dmss/result.hpp"

namespace dmss {

namespace session {
struct DeviceHandle;
}

/// Which typed table.
enum class ConfigKind : std::int32_t {
  motion_detection = 1,
  smart_motion = 2,
  video_mask = 3,
  local_alarm = 4,
  network_alarm = 5,
  ipc_external_alarm = 6,
  ipc_offline_alarm = 7,
  pir_alarm = 8,
  alarm_output = 9,
  encode = 10,
  record_schedule = 11,
  record_mode = 12,
  channel_name = 13,
  image_color = 14,
  image_orientation = 15,
  general = 16,
  network = 17,
  time = 18,
  daylight_saving = 19,
};

/// What the device said to a write.
struct ConfigWritten {
  bool needs_reboot = false;   ///< JSON-RPC tells, CGI does not
  bool needs_restart = false;  ///< of a service of the device
  /// Of a typed value: what the device has now. Put it into the value (`value.origin`) to change it once more without reading it
  /// again; with the old one that would be a conflict with oneself.
  ConfigOrigin origin;
};

struct ConfigOptions {
  std::chrono::milliseconds timeout{
      0};  ///< of the whole operation; 0 = three times DeviceOptions::call_timeout
};

struct ConfigTable {
  std::string name;  ///< "MotionDetect": letters, digits, '_', '-', ':', at most 128
  int channel = 0;   ///< from 1; 0 = the whole table
};

/// Told by Config::watch.
struct ConfigChange {
  std::string name;    ///< of the table, as it was given
  std::string before;  ///< JSON
  std::string after;
};

/// Move-only: destroying it ends the watch.
class ConfigWatch {
 public:
  struct Impl;
  ConfigWatch() = default;
  explicit ConfigWatch(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
  ConfigWatch(ConfigWatch&&) noexcept = default;
  ConfigWatch& operator=(ConfigWatch&& other) noexcept;
  ~ConfigWatch();
  explicit operator bool() const noexcept { return impl_ != nullptr; }

 private:
  std::shared_ptr<Impl> impl_;
};

/// A facet of a Device (Device::config); copies are cheap. Works over JSON-RPC, and over CGI where that is all a device has.
/// Channels, inputs and outputs are numbered from 1. Handlers run on a worker thread, exactly once.
class Config {
 public:
  explicit Config(std::shared_ptr<session::DeviceHandle> device) : device_(std::move(device)) {}

  /// T is one of the types of dmss/config/*.hpp. `index` as ConfigItem::index; 0 for tables of the whole device.
  /// A table may stand under several names; they are tried once a login, and the error names them.
  /// Errors: unsupported (no such table here, says what was tried; or the device is known not to have the feature, says who told),
  /// no_such_channel, no_permission, malformed, timeout, the login codes.
  template <class T>
  Operation get(int index, std::function<void(Result<T>)> done, ConfigOptions options = {});

  /// Writes what `value` differs in from what it was read as; everything else of the device's table stays to the byte. The table is read
  /// before (a change by somebody else in the same scope is Errc::conflict, nothing is written) and after (a value that the device did not take
  /// is Errc::not_applied, naming it). A value that was never read (no origin), or read from another index, is written over the device's
  /// present one. Writes to one table of a device are done one after another, in the order of the calls.
  /// Over CGI only members that the device told can be written, and lists keep their length: unsupported otherwise. A write of more than
  /// twelve keys takes several requests; when one of those behind the first fails, the error says how many keys had been written.
  /// EncodeSettings are held against the choices of the channel's capabilities, which are asked for once a login where such a thing changes.
  /// Errors: those of get; invalid_argument (a range, or none of the choices, which it names; nothing was written), conflict, not_applied,
  /// too_large, device_error.
  template <class T>
  Operation set(T value, std::function<void(Result<ConfigWritten>)> done, ConfigOptions options = {});

  // Any table, as JSON text in the shape of JSON-RPC; over CGI numbers and booleans are told from text by their spelling.

  Operation read(ConfigTable table, std::function<void(Result<std::string>)> done,
                 ConfigOptions options = {});
  /// Read-modify-write with verification as set(): `json` is the new table of that scope. With `expected` (what read() gave) a change in
  /// between is Errc::conflict. Of a whole table that is a list, only the rows that differ are written, each by itself where the device
  /// scopes; when one behind the first fails, the error says how many had been written.
  Operation write(ConfigTable table, std::string json, std::string expected,
                  std::function<void(Result<ConfigWritten>)> done, ConfigOptions options = {});
  /// JSON-RPC only. Errors: unsupported over CGI.
  Operation remove(ConfigTable table, std::function<void(Result<void>)> done, ConfigOptions options = {});
  /// The device's default of a table. JSON-RPC only.
  Operation read_default(ConfigTable table, std::function<void(Result<std::string>)> done,
                         ConfigOptions options = {});
  /// Names of the tables the device tells of, as far as it does. JSON-RPC only.
  Operation list(std::function<void(Result<std::vector<std::string>>)> done, ConfigOptions options = {});
  /// Tells when one of these tables changed, whoever changed it; "MotionDetect[0]" is its first row alone, counted as on the wire. No
  /// change notification of devices is documented, so they are read again every `period` (1 s to 24 h, else the nearer of the two) and
  /// after each reconnect. The first reading tells nothing, nor does a table that cannot be read. Changes while a handler runs are told as
  /// one. Calls never overlap; worker thread. At most 64 names. The device stays logged in while a watch lives; Device::logout ends the
  /// watch.
  [[nodiscard]] ConfigWatch watch(std::vector<std::string> names,
                                  std::function<void(const ConfigChange&)> on_change,
                                  std::chrono::milliseconds period = std::chrono::seconds(30));

 private:
  std::shared_ptr<session::DeviceHandle> device_;
};

std::string_view name(ConfigKind kind) noexcept;
/// The kind with that name ("motion_detection"). Errors: invalid_argument.
Result<ConfigKind> parse_config_kind(std::string_view name);

}  // namespace dmss

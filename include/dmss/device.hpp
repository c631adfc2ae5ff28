// Device: one recorder or camera, one login for all its channels.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dmss/admin.hpp"
#include "dmss/capabilities.hpp"
#include "dmss/config.hpp"
#include "dmss/controls.hpp"
#include "dmss/events.hpp"
#include "dmss/live.hpp"
#include "dmss/operation.hpp"
#include "dmss/ptz.hpp"
#include "dmss/result.hpp"
#include "dmss/secret.hpp"
#include "dmss/tls.hpp"

namespace dmss {

/// How the control session reaches the device (protocol dvrip-dhip.md §0, §8; http-rpc.md §2).
enum class ControlRoute : std::int32_t {
  automatic = 0,  ///< DVRIP, HTTPS, HTTP, DHIP: the first that answers
  dvrip = 1,      ///< private protocol, port 37777
  https = 2,      ///< JSON-RPC over HTTPS
  http = 3,       ///< JSON-RPC over HTTP (password hashed, traffic readable)
  dhip = 4,       ///< JSON-RPC over DHIP, port 5000
};

/// Which login the device accepted.
enum class LoginKind : std::int32_t {
  none = 0,
  dvrip_digest = 1,  ///< realm + random, two MD5 halves
  dvrip_gen0 = 2,    ///< legacy, weak: only with LegacyLogin::gen0
  dvrip_plain = 3,   ///< legacy, readable: only with LegacyLogin::plain
  rpc_digest = 4,    ///< JSON-RPC challenge, "Default" hash
  rpc_basic = 5,     ///< JSON-RPC, readable: only with allow_plaintext_password
  http_digest = 6,   ///< CGI only
  http_basic = 7,    ///< CGI only, readable: only with allow_plaintext_password
};

/// What to send on 37777 to a recorder so old that it answers the request for a challenge with a verdict (protocol dvrip-dhip.md
/// §2.1). Nothing tells which of the two it knows, and each wrong guess counts towards a lock: so the caller says it.
enum class LegacyLogin : std::int32_t {
  none = 0,   ///< nothing: legacy_login_needed
  plain = 1,  ///< the password itself, readable by any listener
  gen0 =
      2,  ///< weak DES with a published key, of the first 8 bytes of user and password: as good as readable
};

struct DeviceOptions {
  std::string address;  ///< host name or IPv4/IPv6 literal; resolved anew at each connection
  std::string user = "admin";
  Secret password;

  // Ports; 0 = never use that service.
  std::uint16_t port = 37777;  ///< DVRIP
  std::uint16_t http_port = 80;
  std::uint16_t https_port = 443;
  std::uint16_t dhip_port = 5000;
  std::uint16_t rtsp_port = 554;
  std::uint16_t rtsps_port = 322;

  ControlRoute control = ControlRoute::automatic;
  MediaRoute media = MediaRoute::automatic;
  RtspTransport rtsp_transport = RtspTransport::tcp;

  /// For HTTPS, RTSPS and, with `dvrip_tls`, direct TLS on `port`.
  TlsOptions tls;
  bool dvrip_tls = false;

  /// Sent once, and only to a device that knows no challenge. Other than none it also allows JSON-RPC's "OldDigest", a fixed hash.
  LegacyLogin legacy_login = LegacyLogin::none;
  /// HTTP Basic and JSON-RPC "Basic"/"Plain". Off: plaintext_refused.
  bool allow_plaintext_password = false;

  /// Password for encrypted streams (protocol media.md §1.6); empty = `password`.
  Secret stream_password;
  /// When set, a device with another serial number is refused with wrong_device.
  std::string serial;

  // Times: 1 ms to 24 h. An option outside its range is told by the first request: invalid_argument.
  std::chrono::milliseconds connect_timeout{10000};
  std::chrono::milliseconds call_timeout{10000};
  /// One keep-alive each period; the device counts as lost after two periods of silence.
  std::chrono::milliseconds keep_alive{10000};

  /// Come back by itself after a lost connection, restoring everything that was open. Network failures, and refusals that say nothing
  /// about the credentials (busy, too many users): refused credentials are never sent again by the SDK.
  bool reconnect = true;
  std::chrono::milliseconds reconnect_min{1000};   ///< first pause; doubles, with jitter
  std::chrono::milliseconds reconnect_max{60000};  ///< not less than reconnect_min
};

struct DeviceInfo {
  std::string serial;
  std::string model;
  std::string device_class;                ///< "NVR", "IPC", "VTO" …; empty when the device does not say
  std::string software;                    ///< version of the firmware
  int channels = 0;                        ///< 0 = the device does not say
  std::vector<std::string> channel_names;  ///< index 0 = channel 1; may be shorter than `channels`
  ControlRoute route = ControlRoute::automatic;
  LoginKind login = LoginKind::none;
  std::string connection;  ///< "tcp 192.0.2.10:37777"
  std::string tls;         ///< "TLSv1.3 TLS_AES_256_GCM_SHA384"; empty = not encrypted
  std::string hardware;    ///< version of the hardware, "1.00"; empty when the device does not say
  std::string build;       ///< date of the firmware, "2024-10-30"; empty when the device does not say
};

enum class DeviceState : std::int32_t {
  idle = 0,  ///< nothing asked yet, or logged out
  connecting = 1,
  online = 2,
  waiting = 3,  ///< lost or unreachable; will try again
  refused = 4,  ///< the device said no; waits for other credentials or Device::login with retry_refused
  closed = 5,   ///< destroyed
};

struct DeviceStats {
  DeviceState state = DeviceState::idle;
  std::uint64_t logins = 0;          ///< logins that succeeded
  std::uint64_t login_attempts = 0;  ///< times credentials were sent
  std::uint64_t reconnects = 0;
  std::uint64_t bytes_in = 0;  ///< control connection
  std::uint64_t bytes_out = 0;
  std::chrono::microseconds last_round_trip{0};  ///< of the last keep-alive
  std::uint64_t dropped_notifications = 0;  ///< more than on_notification could take: the newest are dropped
};

struct DeviceHandlers {
  /// Worker thread; calls for one device never overlap.
  std::function<void(DeviceState, const Error& why)> on_state;
  /// JSON notifications of the device ("client.notify…"), whole message. Worker thread. At most 8 MiB of them wait for a slow handler.
  std::function<void(std::string_view json)> on_notification;
};

struct LoginOptions {
  std::chrono::milliseconds timeout{20000};  ///< at most 24 h
  /// Send credentials again although the device refused them before, or did not answer them. May lock the account.
  bool retry_refused = false;
};

struct CallOptions {
  std::chrono::milliseconds timeout{0};  ///< 0 = DeviceOptions::call_timeout; at most 24 h
  std::int64_t object = 0;               ///< instance handle of "<service>.factory.instance"; 0 = none
};

/// A handle; copies share the device. When the last copy goes, the device logs out and closes; lives stay until they are
/// destroyed themselves. All functions may be called from any thread, also inside a callback.
class Device {
 public:
  using Impl = session::DeviceHandle;
  Device() = default;
  explicit Device(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
  explicit operator bool() const noexcept { return impl_ != nullptr; }

  /// Logs in, or reports the present login. Implied by everything else.
  /// Errors: the network, tls and login codes of Errc.
  Operation login(std::function<void(Result<DeviceInfo>)> done, LoginOptions options = {});
  /// Closes the control session and stops reconnecting until something asks for it again. Lives are stopped.
  void logout();
  /// New credentials; forgets that the old ones were refused.
  void set_credentials(std::string user, Secret password);

  /// Opens a window on a channel. Never fails by itself: everything is told to `on_state`.
  [[nodiscard]] Live open_live(LiveOptions options, LiveHandlers handlers);

  /// Any JSON-RPC method (protocol http-rpc.md §4): `params` is JSON text, empty = null. The result is the whole reply, also when
  /// its "result" is false with a known error; then the Error says so and device_code() is the device's.
  /// Errors: unsupported (this device has no JSON route), device_error, no_permission, timeout …
  Operation call(std::string method, std::string params, std::function<void(Result<std::string>)> done,
                 CallOptions options = {});

  /// A JPEG made by the device (DVRIP `11`, else CGI snapshot.cgi; protocol dvrip-dhip.md §5.3). channel from 1. On 37777 one after the
  /// other, those that wait within their own timeouts; a device that does not answer there is asked by CGI after half the timeout.
  /// Errors: invalid_argument, no_such_channel, timeout, malformed, unsupported (no service that makes pictures is configured).
  Operation snapshot(int channel, std::function<void(Result<std::vector<std::uint8_t>>)> done,
                     CallOptions options = {});

  /// What the device (channel 0) or a channel can do. Probed once a login and kept, shared by those who ask at the same time; some 20 to 35
  /// requests, one after the other, within a minute. `refresh` asks again, also what the device has refused for good. channel from 1.
  /// Errors: no_such_channel, and the network and login codes; what a probe could not find out is Support::unknown.
  Operation capabilities(int channel, std::function<void(Result<Capabilities>)> done, bool refresh = false);

  /// Facets: what can be asked of the device, by subject. Each keeps the device as a copy of this handle would.
  Ptz ptz(int channel) const { return Ptz(impl_, channel); }
  Controls controls(int channel) const { return Controls(impl_, channel); }
  Config config() const { return Config(impl_); }
  Admin admin() const { return Admin(impl_); }

  /// Subscribes to events. Never fails by itself: everything is told to `on_state`. Like a Live it outlives this handle.
  [[nodiscard]] EventSubscription events(EventOptions options, EventHandlers handlers);

  DeviceStats stats() const;

 private:
  std::shared_ptr<Impl> impl_;
};

/// Stable identifiers, e.g. "dvrip", "dvrip_digest", "online".
std::string_view name(ControlRoute route) noexcept;
std::string_view name(LoginKind kind) noexcept;
std::string_view name(DeviceState state) noexcept;

/// "dahua://user@host:port" (also "dahua://host") into options; the password is never part of it. invalid_argument otherwise.
Result<DeviceOptions> parse_device_url(std::string_view url);

}  // namespace dmss

// Errors of the SDK: one stable code, and beside it everything the device and the connection said.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace dmss {

/// What went wrong. The numbers are part of the ABI (the C names are `DMSS_E_*` with the negative value) and never change meaning.
enum class Errc : std::int32_t {
  ok = 0,

  // The call itself
  cancelled = 1,         ///< cancelled by the caller, or its object was destroyed
  timeout = 2,           ///< the operation's deadline passed
  invalid_argument = 3,  ///< a value outside the documented range
  invalid_state = 4,     ///< not possible now (e.g. after close)
  unsupported = 5,       ///< this device, firmware or build cannot do it; `message()` says which and why
  internal = 6,          ///< a defect in the SDK; please report it
  overflow = 7,          ///< a bounded queue was full

  // The way to the device
  resolve_failed = 20,   ///< the host name has no address
  connect_failed = 21,   ///< refused or unreachable
  connection_lost = 22,  ///< closed or reset after it was open
  device_offline = 23,   ///< connected, but silent for longer than two keep-alive periods
  tls_failed = 24,       ///< handshake failed (version, cipher, not a TLS port)
  tls_untrusted = 25,    ///< certificate not trusted by CA, host name or serial check
  tls_changed = 26,      ///< certificate differs from the pinned or first-seen one; no credential was sent
  plaintext_refused =
      27,  ///< the only way to log in would send the password readable, and the caller did not allow it

  // Logging in (manual §14; protocol dvrip-dhip.md §2.4, §7.3)
  wrong_user = 40,         ///< user name not known to the device
  wrong_password = 41,     ///< `tries_left()` where the device tells
  locked = 42,             ///< account locked; `seconds_left()` where the device tells
  not_initialised = 43,    ///< the device has no password yet
  blocked = 44,            ///< user or address is in the device's block list
  device_busy = 45,        ///< out of resources
  too_many_users = 46,     ///< user or connection limit reached
  already_logged_in = 47,  ///< the user may log in once only
  login_refused = 48,      ///< refused with a code nobody has documented; `device_code()` has it
  legacy_login_needed =
      49,  ///< the device knows only plain or gen0 logins and the caller named none (LegacyLogin)
  credentials_held_back =
      50,  ///< refused before, or not answered, and not sent again (lock-out guard); `seconds_left()` when only for a time
  wrong_device = 51,  ///< the serial number differs from the pinned one

  // After login
  session_expired = 60,  ///< the device forgot the session
  no_permission = 61,    ///< the user lacks the right
  device_error = 62,     ///< the device refused the request; `device_code()` and `device_text()` say how
  malformed = 63,        ///< bytes that no known firmware sends
  too_large = 64,        ///< a length beyond the limit
  conflict = 65,         ///< changed on the device since it was read; nothing was written
  not_applied = 66,      ///< the device accepted a value but reads back another; `message()` names it

  // Streams and storage
  no_such_channel = 80,
  no_stream = 81,     ///< the device has no such stream or refuses to open it
  stream_limit = 82,  ///< too many viewers of this stream or device
  no_media = 83,      ///< the stream is open but nothing arrives
  codec_unsupported = 84,
  encrypted = 85,  ///< payload is encrypted and no (or the wrong) password was given
  decode_failed = 86,
  no_key_frame = 87,  ///< media arrives but nothing that decoding could start from
  no_picture = 88,    ///< a snapshot was asked before any picture was decoded
  no_storage = 89,
};

/// Groups of codes, for callers that react by kind.
enum class ErrorCategory : std::int32_t { none, call, network, login, device, media };

ErrorCategory category(Errc code) noexcept;
/// Stable identifier, e.g. "wrong_password".
std::string_view name(Errc code) noexcept;
/// One sentence for a person.
std::string_view description(Errc code) noexcept;
/// What a person can do about it; empty where nothing general can be said. Follows the manual's FAQ (§14).
std::string_view remedy(Errc code) noexcept;

/// A value type; copying is cheap (details are shared and immutable). Safe from any thread.
class Error {
 public:
  Error() = default;
  Error(Errc code) : code_(code) {}  // NOLINT: implicit on purpose, `return Errc::timeout;`
  Error(Errc code, std::string message);

  Errc code() const noexcept { return code_; }
  explicit operator bool() const noexcept { return code_ != Errc::ok; }
  bool operator==(Errc code) const noexcept { return code_ == code; }

  /// What happened, with the numbers that matter. Never contains a secret.
  std::string message() const;
  std::string_view remedy() const noexcept { return dmss::remedy(code_); }
  ErrorCategory category() const noexcept { return dmss::category(code_); }

  /// The device's own code: JSON-RPC error code, HTTP or RTSP status, or 0x100*[8]+[9] of a DVRIP verdict. 0 = none.
  std::int64_t device_code() const noexcept;
  /// The device's own words, as received (bounded, made valid UTF-8).
  std::string_view device_text() const noexcept;
  std::optional<int> tries_left() const noexcept;
  std::optional<int> seconds_left() const noexcept;
  /// "tcp 192.0.2.10:37777", "rtsps [2001:db8::1]:322" …; empty when no connection was involved.
  std::string_view connection() const noexcept;
  /// The error that led to this one, or nullptr.
  const Error* cause() const noexcept;

  Error&& with_device(std::int64_t code, std::string text) &&;
  Error&& with_tries_left(int n) &&;
  Error&& with_seconds_left(int s) &&;
  Error&& with_connection(std::string connection) &&;
  Error&& with_cause(Error cause) &&;

  /// "wrong_password: user or password not valid (2 tries left) [tcp 192.0.2.10:37777]"
  std::string to_string() const;

 private:
  struct Detail;
  Detail& edit();
  Errc code_ = Errc::ok;
  std::shared_ptr<const Detail> detail_;
};

}  // namespace dmss

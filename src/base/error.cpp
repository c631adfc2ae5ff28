#include "dmss/error.hpp"

#include <array>

#include "base/text.hpp"

namespace dmss {
namespace {

struct Row {
  Errc code;
  std::string_view name;
  std::string_view description;
  std::string_view remedy;
};

constexpr std::size_t kMaxMessage = 1024;
constexpr std::size_t kMaxDeviceText = 512;

constexpr std::string_view kCheckLogin =
    "Check user name and password; if forgotten, reset the device's password.";
constexpr std::string_view kCheckNetwork =
    "Check that the device is on and in the network, that address and port are right (37777 by default) and "
    "that no "
    "firewall or provider blocks the port.";

constexpr std::array kRows = {
    Row{Errc::ok, "ok", "no error", ""},
    Row{Errc::cancelled, "cancelled", "cancelled", ""},
    Row{Errc::timeout, "timeout", "the operation took longer than its deadline", kCheckNetwork},
    Row{Errc::invalid_argument, "invalid_argument", "an argument is outside its range", ""},
    Row{Errc::invalid_state, "invalid_state", "not possible in the present state", ""},
    Row{Errc::unsupported, "unsupported", "not supported by this device or build", ""},
    Row{Errc::internal, "internal", "internal error", "Please report this with the log."},
    Row{Errc::overflow, "overflow", "a bounded queue was full",
        "Handle results faster or ask for less at once."},
    Row{Errc::resolve_failed, "resolve_failed", "the host name could not be resolved",
        "Check the address; Dahua DDNS names end in .dahuaddns.com, Quick DDNS names in .quickddns.com."},
    Row{Errc::connect_failed, "connect_failed", "the device could not be reached", kCheckNetwork},
    Row{Errc::connection_lost, "connection_lost", "the connection was lost", kCheckNetwork},
    Row{Errc::device_offline, "device_offline", "the device stopped answering", kCheckNetwork},
    Row{Errc::tls_failed, "tls_failed", "no secure connection could be made",
        "Check that the port speaks TLS; old devices may need a lower minimum version."},
    Row{Errc::tls_untrusted, "tls_untrusted", "the device's certificate is not trusted",
        "Install the CA, pin the certificate's fingerprint, or trust it on first use."},
    Row{Errc::tls_changed, "tls_changed", "the device's certificate has changed",
        "Confirm that the device was replaced or renewed its certificate before trusting the new one."},
    Row{Errc::plaintext_refused, "plaintext_refused", "the password would have to be sent readable",
        "Use HTTPS, or allow it for this device on a network you trust."},
    Row{Errc::wrong_user, "wrong_user", "the user name is not known to the device", kCheckLogin},
    Row{Errc::wrong_password, "wrong_password", "user or password not valid", kCheckLogin},
    Row{Errc::locked, "locked", "the account is locked after too many wrong passwords",
        "Wait until the lock ends, or reboot the device; then log in with the right password."},
    Row{Errc::not_initialised, "not_initialised", "the device has not been initialised",
        "Set a password for the device first."},
    Row{Errc::blocked, "blocked", "the user or this address is in the device's block list",
        "Remove it from the block list in the device's settings."},
    Row{Errc::device_busy, "device_busy", "the device is out of resources",
        "Reboot the device or reduce the users connected to it."},
    Row{Errc::too_many_users, "too_many_users", "the device's user limit is reached",
        "Reduce the users connected to the device."},
    Row{Errc::already_logged_in, "already_logged_in", "the user is logged in elsewhere",
        "Log out there, or allow repeated logins for the user."},
    Row{Errc::login_refused, "login_refused", "the device refused the login", kCheckLogin},
    Row{Errc::legacy_login_needed, "legacy_login_needed", "the device knows only an old, weak login",
        "Name the legacy login that the device wants, on a network you trust."},
    Row{Errc::credentials_held_back, "credentials_held_back",
        "the device refused these credentials before, or did not answer them; they were not sent again",
        "Change the credentials, wait where seconds are told, or ask for one more try."},
    Row{Errc::wrong_device, "wrong_device", "another device answers at this address",
        "Check the address, or accept the new serial number."},
    Row{Errc::session_expired, "session_expired", "the device no longer knows the session", ""},
    Row{Errc::no_permission, "no_permission", "the user lacks the right", "Use an account with that right."},
    Row{Errc::device_error, "device_error", "the device refused the request", ""},
    Row{Errc::malformed, "malformed", "the device sent bytes that make no sense",
        "Please report this with the log."},
    Row{Errc::too_large, "too_large", "a length is beyond the limit", ""},
    Row{Errc::conflict, "conflict", "somebody else changed it on the device",
        "Read the settings again, then repeat the change."},
    Row{Errc::not_applied, "not_applied", "the device did not take the new value",
        "Check the value against what the device can do."},
    Row{Errc::no_such_channel, "no_such_channel", "the device has no such channel",
        "Check the channel number."},
    Row{Errc::no_stream, "no_stream", "the device has no such stream",
        "Enable the stream in the device's encode settings."},
    Row{Errc::stream_limit, "stream_limit", "too many viewers of this device", "Close other viewers."},
    Row{Errc::no_media, "no_media", "the stream is open but nothing arrives",
        "Check that the camera of this channel is online."},
    Row{Errc::codec_unsupported, "codec_unsupported", "the codec is not supported",
        "Choose H.264 or H.265 in the device."},
    Row{Errc::encrypted, "encrypted", "the stream is encrypted",
        "Give the device's password for stream decryption."},
    Row{Errc::decode_failed, "decode_failed", "the stream cannot be decoded", ""},
    Row{Errc::no_key_frame, "no_key_frame", "no key frame arrives",
        "Shorten the key-frame interval in the device."},
    Row{Errc::no_picture, "no_picture", "no picture has been decoded yet", ""},
    Row{Errc::no_storage, "no_storage", "the device has no storage", "Insert and initialise a disk or card."},
};

const Row& row(Errc code) noexcept {
  for (const Row& r : kRows) {
    if (r.code == code) return r;
  }
  static constexpr Row unknown{Errc::internal, "unknown", "unknown error", ""};
  return unknown;
}

}  // namespace

ErrorCategory category(Errc code) noexcept {
  const auto n = static_cast<std::int32_t>(code);
  if (n == 0) return ErrorCategory::none;
  if (n < 20) return ErrorCategory::call;
  if (n < 40) return ErrorCategory::network;
  if (n < 60) return ErrorCategory::login;
  if (n < 80) return ErrorCategory::device;
  return ErrorCategory::media;
}

std::string_view name(Errc code) noexcept {
  return row(code).name;
}
std::string_view description(Errc code) noexcept {
  return row(code).description;
}
std::string_view remedy(Errc code) noexcept {
  return row(code).remedy;
}

struct Error::Detail {
  std::string message;
  std::int64_t device_code = 0;
  std::string device_text;
  std::optional<int> tries_left;
  std::optional<int> seconds_left;
  std::string connection;
  std::optional<Error> cause;
};

Error::Error(Errc code, std::string message) : code_(code) {
  edit().message = clean_text(message, kMaxMessage);
}

Error::Detail& Error::edit() {
  auto copy = detail_ ? std::make_shared<Detail>(*detail_) : std::make_shared<Detail>();
  Detail& ref = *copy;
  detail_ = std::move(copy);
  return ref;
}

std::string Error::message() const {
  if (detail_ && !detail_->message.empty()) return detail_->message;
  return std::string(description(code_));
}

std::int64_t Error::device_code() const noexcept {
  return detail_ ? detail_->device_code : 0;
}
std::string_view Error::device_text() const noexcept {
  return detail_ ? std::string_view(detail_->device_text) : std::string_view();
}
std::optional<int> Error::tries_left() const noexcept {
  return detail_ ? detail_->tries_left : std::nullopt;
}
std::optional<int> Error::seconds_left() const noexcept {
  return detail_ ? detail_->seconds_left : std::nullopt;
}
std::string_view Error::connection() const noexcept {
  return detail_ ? std::string_view(detail_->connection) : std::string_view();
}
const Error* Error::cause() const noexcept {
  return detail_ && detail_->cause ? &*detail_->cause : nullptr;
}

Error&& Error::with_device(std::int64_t code, std::string text) && {
  Detail& d = edit();
  d.device_code = code;
  d.device_text = clean_text(text, kMaxDeviceText);
  return std::move(*this);
}
Error&& Error::with_tries_left(int n) && {
  edit().tries_left = n;
  return std::move(*this);
}
Error&& Error::with_seconds_left(int s) && {
  edit().seconds_left = s;
  return std::move(*this);
}
Error&& Error::with_connection(std::string connection) && {
  edit().connection = std::move(connection);
  return std::move(*this);
}
Error&& Error::with_cause(Error cause) && {
  edit().cause = std::move(cause);
  return std::move(*this);
}

std::string Error::to_string() const {
  std::string s(name(code_));
  s += ": " + message();
  if (auto n = tries_left()) s += " (" + std::to_string(*n) + " tries left)";
  if (auto n = seconds_left()) s += " (" + std::to_string(*n) + " s left)";
  if (device_code() != 0 || !device_text().empty()) {
    s += " {device " + std::to_string(device_code());
    if (!device_text().empty()) s += ": " + std::string(device_text());
    s += "}";
  }
  if (!connection().empty()) s += " [" + std::string(connection()) + "]";
  if (const Error* c = cause()) s += " <- " + c->to_string();
  return s;
}

}  // namespace dmss

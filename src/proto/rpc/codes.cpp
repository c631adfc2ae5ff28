#include "proto/rpc/codes.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/text.hpp"
#include "proto/dvrip/login.hpp"
#include "proto/rpc/message.hpp"

namespace dmss::proto::rpc {
namespace {

constexpr std::size_t kMaxErrorBody = 4096;

struct CodeRow {
  std::int64_t code;
  Errc errc;
};
constexpr CodeRow kLoginCodes[] = {
    {code::user_not_valid, Errc::wrong_user},
    {code::password_not_valid, Errc::wrong_password},
    {code::user_or_password, Errc::wrong_password},
    {code::locked, Errc::locked},
    {code::not_initialised, Errc::not_initialised},
    {code::in_black_list, Errc::blocked},
    {code::already_used, Errc::already_logged_in},
    {code::busy, Errc::device_busy},
    {400, Errc::wrong_user},
    {486, Errc::device_busy},
};
constexpr CodeRow kCallCodes[] = {
    {code::user_not_valid, Errc::wrong_user},
    {code::password_not_valid, Errc::wrong_password},
    {code::user_or_password, Errc::wrong_password},
    {code::locked, Errc::locked},
    {code::not_initialised, Errc::not_initialised},
    {code::in_black_list, Errc::blocked},
    {code::busy, Errc::device_busy},
    {code::interface_not_found, Errc::unsupported},
    {code::method_not_found, Errc::unsupported},
    {code::no_authority, Errc::no_permission},
    {403, Errc::no_permission},
    {code::session_expired, Errc::session_expired},
    {code::invalid_session, Errc::session_expired},
    {code::request_too_long, Errc::too_large},
};

struct WordRow {
  std::string_view word;
  Errc errc;
};
/// Spelled as the devices spell them.
constexpr WordRow kWords[] = {
    {"UserNotValidt", Errc::wrong_user}, {"PasswordNotValid", Errc::wrong_password},
    {"InBlackList", Errc::blocked},      {"HasBeedUsed", Errc::already_logged_in},
    {"HasBeenLocked", Errc::locked},     {"Authority:check failure", Errc::no_permission},
};

template <std::size_t N>
std::optional<Errc> find_code(const CodeRow (&rows)[N], std::int64_t device_code) noexcept {
  for (const CodeRow& row : rows) {
    if (row.code == device_code) return row.errc;
  }
  return std::nullopt;
}

std::optional<Errc> find_word(std::string_view message) noexcept {
  for (const WordRow& row : kWords) {
    if (message.find(row.word) != std::string_view::npos) return row.errc;
  }
  return std::nullopt;
}

Error with_details(Errc errc, const Reply& reply) {
  Error e = Error(errc).with_device(reply.code, reply.message);
  if (const auto tries = reply.tries_left(); tries && errc != Errc::locked)
    e = std::move(e).with_tries_left(*tries);
  // Zero seconds is what a device says that has not locked anything.
  if (const auto seconds = reply.lock_seconds(); seconds && *seconds > 0)
    e = std::move(e).with_seconds_left(*seconds);
  return e;
}

std::string_view first_line(std::string_view body) noexcept {
  body = body.substr(0, body.find_first_of("\r\n"));
  while (!body.empty() && body.front() == ' ') body.remove_prefix(1);
  while (!body.empty() && body.back() == ' ') body.remove_suffix(1);
  return body;
}

/// What came after "Error", as one line for Error::device_text.
std::string error_words(std::string_view body) {
  std::string out;
  for (char c : body.substr(0, kMaxErrorBody)) {
    const bool filler = static_cast<unsigned char>(c) < 0x20 || c == ' ';
    if (!filler)
      out += c;
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

/// {"ErrorCode":268632081,"Result":false,"RmLock":1800,"RmLogin":0} or
/// {"error":{"code":…,"message":…},"result":false}
std::optional<Error> json_body_error(std::string_view body) {
  const auto value = parse_json(body.substr(0, kMaxErrorBody));
  if (!value || !value->is_object()) return std::nullopt;
  if (member(*value, "ErrorCode")) {
    const std::int64_t device_code = int_or(*value, "ErrorCode", 0);
    if (device_code == 0) return std::nullopt;
    const Errc errc = find_code(kCallCodes, device_code).value_or(Errc::device_error);
    Error e = Error(errc).with_device(device_code, error_words(body));
    const std::int64_t seconds = int_or(*value, "RmLock", 0);
    const std::int64_t tries = int_or(*value, "RmLogin", -1);
    if (seconds > 0 && seconds <= INT32_MAX) e = std::move(e).with_seconds_left(static_cast<int>(seconds));
    if (errc != Errc::locked && tries >= 0 && tries <= INT32_MAX)
      e = std::move(e).with_tries_left(static_cast<int>(tries));
    return e;
  }
  const Reply reply = to_reply(*value);
  if (reply.ok()) return std::nullopt;
  return call_error(reply);
}

/// "User Locked! Please try again after 30 minutes."
std::optional<Error> lock_text_error(int status, std::string_view body) {
  if (!contains_ignoring_case(body, "User Locked")) return std::nullopt;
  Error e = Error(Errc::locked).with_device(status, error_words(body));
  const std::size_t digit = body.find_first_of("0123456789");
  unsigned amount = 0;
  if (digit == std::string_view::npos) return e;
  if (std::from_chars(body.data() + digit, body.data() + body.size(), amount).ec != std::errc()) return e;
  const unsigned unit = contains_ignoring_case(body, "minute") ? 60 : 1;
  if (amount <= 1000000) e = std::move(e).with_seconds_left(static_cast<int>(amount * unit));
  return e;
}

Errc status_errc(int status, std::string_view body) noexcept {
  switch (status) {
    case 401: return Errc::wrong_password;
    case 403: return Errc::no_permission;
    case 404:
    case 405:
    case 501: return Errc::unsupported;
    case 503: return Errc::device_busy;
    default: return is_authority_failure(body) ? Errc::no_permission : Errc::device_error;
  }
}

}  // namespace

Errc call_errc(std::int64_t device_code, std::string_view message) noexcept {
  if (const auto errc = find_code(kCallCodes, device_code)) return *errc;
  if (const auto errc = find_word(message)) return *errc;
  // Of the codes that are known, none that is not listed means a stale login.
  const bool known = device_code == code::parse_error || device_code == code::invalid_request ||
                     device_code == code::invalid_param || device_code == code::server_error;
  if (!known && contains_ignoring_case(message, "session")) return Errc::session_expired;
  return Errc::device_error;
}

Errc login_errc(std::int64_t device_code, std::string_view message) noexcept {
  if (const auto errc = find_code(kLoginCodes, device_code)) return *errc;
  return find_word(message).value_or(Errc::login_refused);
}

Error call_error(const Reply& reply) {
  return reply.ok() ? Error() : with_details(call_errc(reply.code, reply.message), reply);
}

Error login_error(const Reply& reply) {
  return reply.ok() ? Error() : with_details(login_errc(reply.code, reply.message), reply);
}

Error verdict_error(const dvrip::Verdict& v) {
  using dvrip::Reason;
  Errc errc = Errc::login_refused;
  switch (v.reason) {
    case Reason::accepted: return Error();
    case Reason::wrong_password: errc = Errc::wrong_password; break;
    case Reason::unknown_user: errc = Errc::wrong_user; break;
    case Reason::locked: errc = Errc::locked; break;
    case Reason::blocked: errc = Errc::blocked; break;
    case Reason::not_initialised: errc = Errc::not_initialised; break;
    case Reason::already_logged_in: errc = Errc::already_logged_in; break;
    case Reason::not_implemented: errc = Errc::unsupported; break;
    case Reason::challenge_required:
    case Reason::unknown: break;
  }
  Error e = Error(errc).with_device(v.device_code(), v.text);
  if (v.tries_left) e = std::move(e).with_tries_left(*v.tries_left);
  if (v.lock_seconds) e = std::move(e).with_seconds_left(*v.lock_seconds);
  return e;
}

bool is_authority_failure(std::string_view body) noexcept {
  return body.find("Authority:check failure") != std::string_view::npos;
}

Error cgi_error(int status, std::string_view body, std::string_view content_type) {
  const bool is_text = content_type.empty() || content_type.starts_with("text/") ||
                       content_type.starts_with("application/json");
  body = body.substr(0, kMaxErrorBody);
  const std::string_view line = first_line(body);
  const bool says_error = is_text && (equal_ignoring_case(line, "Error") || line.substr(0, 6) == "Error:");
  if (status < 300 && !says_error) return Error();
  if (is_text) {
    if (auto e = lock_text_error(status, body)) return *e;
    if (auto e = json_body_error(body)) {
      if (e->code() != Errc::device_error) return *e;
      // A code nobody knows: the status says more.
      return Error(status_errc(status, body)).with_device(e->device_code(), std::string(e->device_text()));
    }
  }
  return Error(status_errc(status, body)).with_device(status, is_text ? error_words(body) : std::string());
}

}  // namespace dmss::proto::rpc

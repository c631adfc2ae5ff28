// The devices' words for failure, turned into Errc: JSON-RPC codes, DVRIP verdicts and CGI answers (protocol
// dvrip-dhip.md §2.4, §7.3; http-rpc.md §2.2, §2.4).
#pragma once

#include <cstdint>
#include <string_view>

#include "dmss/error.hpp"

namespace dmss::proto::dvrip {
struct Verdict;
}

namespace dmss::proto::rpc {

struct Reply;

namespace code {
inline constexpr std::int64_t interface_not_found = 268632064;
inline constexpr std::int64_t user_not_valid = 268632070;
inline constexpr std::int64_t password_not_valid = 268632071;
inline constexpr std::int64_t in_black_list = 268632073;
inline constexpr std::int64_t already_used = 268632074;
inline constexpr std::int64_t busy = 268632075;
inline constexpr std::int64_t login_challenge = 268632079;
inline constexpr std::int64_t generic = 268632080;
inline constexpr std::int64_t locked = 268632081;
inline constexpr std::int64_t user_or_password = 268632085;
inline constexpr std::int64_t not_initialised = 268632086;
inline constexpr std::int64_t parse_error = 268894208;
inline constexpr std::int64_t invalid_request = 268894209;
inline constexpr std::int64_t method_not_found = 268894210;
inline constexpr std::int64_t invalid_param = 268894211;
inline constexpr std::int64_t server_error = 268894212;
inline constexpr std::int64_t unknown_error = 268959743;
inline constexpr std::int64_t no_authority = 285278249;
inline constexpr std::int64_t no_data = 285409284;
inline constexpr std::int64_t session_expired = 287637504;
inline constexpr std::int64_t invalid_session = 287637505;
inline constexpr std::int64_t request_too_long = 287638033;
}  // namespace code

/// Of a call. Unknown codes are device_error.
Errc call_errc(std::int64_t device_code, std::string_view message) noexcept;
/// Of a login. Unknown codes are login_refused.
Errc login_errc(std::int64_t device_code, std::string_view message) noexcept;

/// With device code, text, tries left and lock seconds; Errc::ok when the reply is ok.
Error call_error(const Reply& reply);
Error login_error(const Reply& reply);

/// Of a DVRIP login; Errc::ok when it was accepted. device_code() is 0x100*[8]+[9].
Error verdict_error(const dvrip::Verdict& verdict);

/// Of a CGI answer, by status and body; Errc::ok when it is a success. 401 means wrong_password (or locked):
/// ask only when credentials were sent. `content_type` decides nothing unless it is set: bodies that are no
/// text are never errors at status 200.
Error cgi_error(int status, std::string_view body, std::string_view content_type = {});
/// A 403 with this body can also mean that a reused nonce went stale (http-rpc.md §2.1).
bool is_authority_failure(std::string_view body) noexcept;

}  // namespace dmss::proto::rpc

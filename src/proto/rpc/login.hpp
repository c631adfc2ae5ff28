// global.login in two steps, both sides (protocol dvrip-dhip.md §7.2, http-rpc.md §2.3).
#pragma once

#include <string>
#include <string_view>

#include "dmss/secret.hpp"
#include "proto/rpc/message.hpp"

namespace dmss::proto::rpc {

enum class Encryption {
  digest,      ///< "Default"
  old_digest,  ///< "OldDigest": a fixed hash of the password; weak
  basic,       ///< "Basic": readable
  plain,       ///< "Plain": readable
  watch_net,   ///< "WatchNet": readable
  unknown,     ///< anything else, or absent: refuse
};
Encryption encryption_of(std::string_view text) noexcept;
/// Whether the answer would reveal the password (or something as good) to a listener.
constexpr bool is_readable(Encryption e) noexcept {
  return e != Encryption::digest;
}
/// The password itself travels, at most in base64.
constexpr bool sends_password(Encryption e) noexcept {
  return e == Encryption::basic || e == Encryption::plain || e == Encryption::watch_net;
}

struct Challenge {
  std::string realm;
  std::string random;
  std::string encryption;  ///< as sent
  Json session;            ///< to be echoed in the second step
  Encryption kind() const noexcept { return encryption_of(encryption); }
};

/// Step 1: no password. Over DVRIP and DHIP pass session 0, over HTTP null.
Request first_login(std::int64_t id, std::string_view user, Json session = nullptr,
                    std::string_view client_type = "Web3.0");
/// The password field of step 2; empty for Encryption::unknown.
std::string password_field(const Challenge& challenge, std::string_view user, std::string_view password);
/// Step 2.
Request second_login(std::int64_t id, std::string_view user, std::string_view password,
                     const Challenge& challenge, std::string_view client_type = "Web3.0");

struct LoginAnswer {
  enum class Kind { accepted, challenge, refused };
  Kind kind = Kind::refused;
  Challenge challenge;          ///< kind challenge
  Json session;                 ///< kind accepted: the session to use from now on
  int keep_alive_seconds = 60;  ///< kind accepted, 5..3600
  Error error;                  ///< kind refused
};
/// Reads the reply to either step.
LoginAnswer read_login(const Reply& reply);

inline constexpr std::int64_t kCodeChallenge = 268632079;
inline constexpr std::int64_t kCodeChallengeOld = 401;

// Server side
struct LoginRequest {
  std::string user;
  Secret password;  ///< empty in step 1
  std::string authority_type;
  std::string client_type;
  std::string login_type;
};
/// nullopt when `request` is no global.login with a user name.
std::optional<LoginRequest> parse_login(const Request& request);
/// Whether `login` answers `challenge` with the right password.
bool verify_login(const LoginRequest& login, const Challenge& challenge, std::string_view password);
Reply challenge_reply(const Request& request, const Challenge& challenge, std::int64_t code = kCodeChallenge);
Reply accepted_reply(const Request& request, Json session, int keep_alive_seconds = 60);
Reply refused_reply(const Request& request, std::int64_t code, int tries_left, int lock_seconds);

}  // namespace dmss::proto::rpc

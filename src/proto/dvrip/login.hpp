// DVRIP login: all requests, the challenge and the verdict, for both sides (protocol dvrip-dhip.md §2).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "dmss/secret.hpp"
#include "proto/dvrip/header.hpp"

namespace dmss::proto::dvrip {

enum class LoginVariant {
  realm_request,      ///< current: no credentials at all
  realm_request_old,  ///< a0 01; may carry gen0 fields
  digest,             ///< user&&H2H1
  gen0,               ///< 8 + 8 bytes of weak DES
  gen0_v2,            ///< the same in the 2016 VTH dress
  plain_short,        ///< readable, 8 + 8 characters
  plain_long,         ///< readable, user&&password
  plain_random,       ///< readable, user&&password NUL Random:
  unknown,
};

struct LoginChallenge {
  std::string realm;   ///< the whole text after "Realm:", e.g. "Login to 3G0TEST0001"
  std::string random;  ///< decimal digits as text
};

// Requests. Only the first two are free of anything derived from a password.
Bytes write_realm_request();
Bytes write_realm_request_old();
/// Digest login from the two hashes of auth::h2 and auth::h1.
Bytes write_digest_login_hashes(std::string_view user, std::string_view h2, std::string_view h1);
Bytes write_digest_login(std::string_view user, std::string_view password, const LoginChallenge& challenge);
Bytes write_gen0_login(std::string_view user, std::string_view password);
Bytes write_gen0_v2_login(std::string_view user, std::string_view password);
/// Empty when the user or the password has more than 8 bytes.
Bytes write_plain_short_login(std::string_view user, std::string_view password);
Bytes write_plain_long_login(std::string_view user, std::string_view password);
Bytes write_plain_random_login(std::string_view user, std::string_view password, std::uint64_t unix_time);

/// What a server reads out of a login frame.
struct LoginRequest {
  LoginVariant variant = LoginVariant::unknown;
  std::string user;                              ///< plain and digest variants
  Secret password;                               ///< plain variants
  std::string h2;                                ///< digest: first 32 characters after &&
  std::string h1;                                ///< digest: the next 32; empty when missing
  std::array<std::uint8_t, 8> user_field{};      ///< bytes 8..15
  std::array<std::uint8_t, 8> password_field{};  ///< bytes 16..23
  std::string random;                            ///< plain_random: the text after "Random:"
};
LoginRequest parse_login(const Header& header, ByteView body);
inline LoginRequest parse_login(const FrameView& frame) {
  return parse_login(frame.header, frame.body);
}

Bytes write_challenge(const LoginChallenge& challenge);
/// A b0 body with both Realm: and Random: is a challenge, whatever the header says; nullopt = it is a
/// verdict.
std::optional<LoginChallenge> parse_challenge(ByteView body);

enum class Reason {
  accepted,
  wrong_password,
  unknown_user,
  locked,
  blocked,
  challenge_required,
  not_initialised,
  not_implemented,
  already_logged_in,
  unknown,  ///< see b8, b9
};
/// Bytes [8] and [9] of a verdict as 0x100*[8]+[9]; `unknown` has none and gives 0xffff.
std::uint16_t reason_bytes(Reason reason) noexcept;
Reason reason_of(std::uint8_t b8, std::uint8_t b9) noexcept;

struct Verdict {
  bool accepted = false;
  Reason reason = Reason::unknown;
  std::uint8_t b8 = 0, b9 = 0;
  std::uint32_t session = 0;        ///< as sent, also in a refusal
  int channels = 0;                 ///< 0 = not told (byte 10)
  std::optional<int> tries_left;    ///< wrong password, where the device tells
  std::optional<int> lock_seconds;  ///< "LockLeftTime" of the body
  std::string device_class;         ///< "VTO"; empty = not told
  std::string device_type;          ///< "VTO6210B"
  std::string text;                 ///< the body, bounded, for the log and Error::device_text

  /// 0x100*[8]+[9], for Error::device_code.
  int device_code() const noexcept { return 0x100 * b8 + b9; }
};
Verdict parse_verdict(const Header& header, ByteView body);
inline Verdict parse_verdict(const FrameView& frame) {
  return parse_verdict(frame.header, frame.body);
}
/// Uses b8, b9, session, channels, tries_left, lock_seconds, device_class and device_type.
Bytes write_verdict(const Verdict& verdict);
Verdict make_accepted(std::uint32_t session, int channels);
Verdict make_refused(Reason reason, std::optional<int> tries_left = {});

}  // namespace dmss::proto::dvrip

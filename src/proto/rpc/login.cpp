#include "proto/rpc/login.hpp"

#include <algorithm>

#include "proto/auth/hash.hpp"
#include "proto/rpc/codes.hpp"

namespace dmss::proto::rpc {
namespace {

constexpr int kMinKeepAlive = 5;
constexpr int kMaxKeepAlive = 3600;
constexpr int kUsualKeepAlive = 60;

struct EncryptionRow {
  Encryption kind;
  std::string_view text;
};
constexpr EncryptionRow kEncryptions[] = {
    {Encryption::digest, "Default"}, {Encryption::old_digest, "OldDigest"}, {Encryption::basic, "Basic"},
    {Encryption::plain, "Plain"},    {Encryption::watch_net, "WatchNet"},
};

/// A challenge has a realm and a random; kinds that are not hashed with them need neither, but the code and the encryption then
/// say so.
bool is_challenge(const Reply& reply) {
  if (reply.ok()) return false;
  const bool by_code = reply.code == kCodeChallenge || reply.code == kCodeChallengeOld;
  const bool has_parts = member(reply.params, "realm") && member(reply.params, "random");
  const bool needs_parts = encryption_of(text_or(reply.params, "encryption", "")) == Encryption::digest;
  return has_parts || (by_code && member(reply.params, "encryption") && !needs_parts);
}

}  // namespace

Encryption encryption_of(std::string_view text) noexcept {
  for (const EncryptionRow& row : kEncryptions) {
    if (row.text == text) return row.kind;
  }
  return Encryption::unknown;
}

Request first_login(std::int64_t id, std::string_view user, Json session, std::string_view client_type) {
  Request r;
  r.id = id;
  r.method = "global.login";
  r.session = std::move(session);
  r.params = Json{{"userName", user}, {"password", ""}, {"clientType", client_type}, {"loginType", "Direct"}};
  return r;
}

std::string password_field(const Challenge& challenge, std::string_view user, std::string_view password) {
  switch (challenge.kind()) {
    case Encryption::digest: return auth::h2(user, challenge.realm, challenge.random, password);
    case Encryption::old_digest: return auth::gen1(password);
    case Encryption::basic: {
      std::string clear(user);
      clear.append(":").append(password);
      std::string out = auth::base64_encode(clear);
      const Secret wipe(std::move(clear));
      return out;
    }
    case Encryption::plain:
    case Encryption::watch_net: return std::string(password);
    case Encryption::unknown: break;
  }
  return {};
}

Request second_login(std::int64_t id, std::string_view user, std::string_view password,
                     const Challenge& challenge, std::string_view client_type) {
  Request r = first_login(id, user, challenge.session, client_type);
  r.params["password"] = password_field(challenge, user, password);
  r.params["authorityType"] = challenge.encryption;
  r.params["passwordType"] = challenge.encryption;
  if (challenge.kind() == Encryption::watch_net) r.params["loginType"] = "WatchNet";
  return r;
}

LoginAnswer read_login(const Reply& reply) {
  LoginAnswer out;
  if (is_challenge(reply)) {
    out.kind = LoginAnswer::Kind::challenge;
    out.challenge.realm = text_or(reply.params, "realm", "");
    out.challenge.random = text_or(reply.params, "random", "");
    out.challenge.encryption = text_or(reply.params, "encryption", "");
    out.challenge.session = reply.session;
    return out;
  }
  // Only a plain yes is a login: a device that says nothing clear has not let anyone in.
  if (reply.ok() && reply.result.is_boolean()) {
    out.kind = LoginAnswer::Kind::accepted;
    out.session = reply.session;
    const std::int64_t interval = int_or(reply.params, "keepAliveInterval", kUsualKeepAlive);
    out.keep_alive_seconds =
        static_cast<int>(std::clamp<std::int64_t>(interval, kMinKeepAlive, kMaxKeepAlive));
    return out;
  }
  out.error = login_error(reply);
  if (!out.error) out.error = Error(Errc::login_refused, "the device gave no clear answer to the login");
  return out;
}

std::optional<LoginRequest> parse_login(const Request& request) {
  if (request.method != "global.login" || !member(request.params, "userName")) return std::nullopt;
  LoginRequest out;
  out.user = text_or(request.params, "userName", "");
  out.password = Secret(text_or(request.params, "password", ""));
  out.authority_type = text_or(request.params, "authorityType", "");
  out.client_type = text_or(request.params, "clientType", "");
  out.login_type = text_or(request.params, "loginType", "");
  return out;
}

bool verify_login(const LoginRequest& login, const Challenge& challenge, std::string_view password) {
  const std::string expected = password_field(challenge, login.user, password);
  return !expected.empty() && auth::equal_constant_time(expected, login.password.reveal());
}

Reply challenge_reply(const Request& request, const Challenge& challenge, std::int64_t code) {
  Reply r = make_error(request, code, "Component error: login challenge!");
  r.session = challenge.session;
  r.params =
      Json{{"realm", challenge.realm}, {"random", challenge.random}, {"encryption", challenge.encryption}};
  return r;
}

Reply accepted_reply(const Request& request, Json session, int keep_alive_seconds) {
  Reply r = make_reply(request, true, Json{{"keepAliveInterval", keep_alive_seconds}});
  r.session = std::move(session);
  return r;
}

Reply refused_reply(const Request& request, std::int64_t code, int tries_left, int lock_seconds) {
  const char* words = code == code::locked            ? "Component error: User is locked!"
                      : code == code::not_initialised ? "Component error: device not initialised!"
                                                      : "Component error: User or password not valid!";
  Reply r = make_error(request, code, words);
  r.params = Json{{"remainLockSecond", lock_seconds}, {"remainLoginTimes", tries_left}};
  return r;
}

}  // namespace dmss::proto::rpc

// HTTP authentication as HTTP and RTSP use it: Basic (RFC 7617) and Digest (RFC 7616), both sides (protocol
// http-rpc.md §2.1, media.md §2.2). Random values (nonce, cnonce) are given by the caller.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dmss/secret.hpp"

namespace dmss::proto::auth {

enum class Scheme { basic, digest };
enum class Algorithm { md5, md5_sess, sha256, sha256_sess };

/// Wire spelling: "MD5", "MD5-sess", "SHA-256", "SHA-256-sess".
std::string_view name(Algorithm algorithm) noexcept;

inline constexpr std::size_t kMaxAuthHeader = 8192;  ///< longer header values are ignored as a whole
inline constexpr std::size_t kMaxChallenges = 16;    ///< per header value; further ones are ignored

/// One challenge of a WWW-Authenticate value.
struct Challenge {
  Scheme scheme = Scheme::digest;
  std::string realm;
  std::string nonce;
  std::optional<std::string> opaque;
  Algorithm algorithm = Algorithm::md5;
  bool algorithm_given = false;  ///< absent means MD5 and is then left out of the answer too
  bool qop_auth = false;
  bool qop_auth_int = false;  ///< never answered: only `auth` is
  bool stale = false;         ///< the nonce was too old, the credentials were not judged

  /// Whether answer() can be made: Basic, or Digest with a nonce and with qop absent or containing auth.
  bool usable() const noexcept {
    return scheme == Scheme::basic || (!nonce.empty() && (qop_auth || !qop_auth_int));
  }
};

/// The challenges of one header value, in its order. Unknown schemes and unknown digest algorithms are left
/// out; broken input yields what could be read. A device with several WWW-Authenticate lines: call once a
/// line and join.
std::vector<Challenge> parse_challenges(std::string_view header_value);
/// Server side; the value of WWW-Authenticate.
std::string write_challenge(const Challenge& challenge);

/// The strongest usable one: SHA-256 before MD5 before Basic (only with `allow_basic`); nullptr if there is
/// none.
const Challenge* choose(std::span<const Challenge> challenges, bool allow_basic) noexcept;

struct DigestRequest {
  std::string_view method;  ///< "GET", "DESCRIBE"
  std::string_view uri;     ///< exactly as in the request line
  std::uint32_t nc = 1;     ///< 1 for the first use of the nonce, then rising by one
  std::string_view cnonce;  ///< random; sent when the challenge has qop or a -sess algorithm
};
/// Value of the Authorization header for a digest challenge.
std::string write_digest(const Challenge& challenge, std::string_view user, std::string_view password,
                         const DigestRequest& request);
std::string write_basic(std::string_view user, std::string_view password);

/// Client side of one connection or host: remembers the challenge and counts nc while its nonce is used
/// again.
class Authenticator {
 public:
  Authenticator() = default;
  Authenticator(std::string user, Secret password, bool allow_basic)
      : user_(std::move(user)), password_(std::move(password)), allow_basic_(allow_basic) {}

  enum class Verdict {
    retry,         ///< a usable challenge was taken: send the request again with authorize()
    refused,       ///< credentials were sent for it and are wrong (not stale): do not send them again
    basic_only,    ///< only Basic is offered and not allowed
    no_challenge,  ///< nothing usable offered
  };
  /// After a 401: all WWW-Authenticate values of the answer. `sent_credentials`: the refused request carried
  /// authorize().
  Verdict challenged(std::span<const std::string> header_values, bool sent_credentials);
  /// Value of Authorization for the next request; nullopt before the first challenge.
  std::optional<std::string> authorize(std::string_view method, std::string_view uri,
                                       std::string_view cnonce);
  const std::optional<Challenge>& challenge() const noexcept { return challenge_; }
  /// Forgets the challenge, e.g. after 403 "Authority:check failure." on a reused nonce.
  void reset() noexcept { challenge_.reset(), nc_ = 0; }

 private:
  std::string user_;
  Secret password_;
  bool allow_basic_ = false;
  std::optional<Challenge> challenge_;
  std::uint32_t nc_ = 0;
};

/// A parsed Authorization header.
struct Authorization {
  Scheme scheme = Scheme::digest;
  std::string user;
  Secret basic_password;  ///< Basic only
  std::string realm, nonce, uri, response, cnonce, opaque, nc, qop;
  Algorithm algorithm = Algorithm::md5;
  /// `nc` as a number; 0 when absent or not hex.
  std::uint32_t count() const noexcept;
};
std::optional<Authorization> parse_authorization(std::string_view header_value);

/// H(user:realm:password), what a server may store instead of the password (before the -sess step).
std::string ha1(Algorithm algorithm, std::string_view user, std::string_view realm,
                std::string_view password);
/// Server side. Checks the response against the authorization's own uri and nonce: whether those are the
/// right ones (and whether nc rises) is for the caller to say. Constant time.
bool verify(const Authorization& a, std::string_view method, std::string_view password);
/// The same by stored ha1(); digest only.
bool verify_ha1(const Authorization& a, std::string_view method, std::string_view ha1_hex);

}  // namespace dmss::proto::auth

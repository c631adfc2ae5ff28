#include "proto/auth/digest.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

#include "base/text.hpp"
#include "proto/auth/hash.hpp"

namespace dmss::proto::auth {
namespace {

constexpr std::size_t kMaxParameters = 64;

bool is_space(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/// RFC 9110 token characters, and those that sloppy devices leave outside quotes in nonces and URIs.
bool is_word(char c) noexcept {
  const auto u = static_cast<unsigned char>(c);
  return u > 0x20 && u < 0x7f && c != ',' && c != '"' && c != '=';
}

/// A value that is echoed must not be able to end the header line. The hashes are made of what reading left
/// over, so reading and writing must drop the same characters.
bool may_stand_in_header(char c) noexcept {
  return static_cast<unsigned char>(c) >= 0x20 || c == '\t';
}

struct Parameter {
  std::string_view key;
  std::string value;
};

/// Walks "Scheme key=value, key="quoted, value", Scheme2 …".
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  bool at_end() {
    skip_separators();
    return at_ >= text_.size();
  }

  /// A word that is not followed by '=' begins a scheme.
  std::optional<std::string_view> scheme() {
    skip_separators();
    const std::size_t start = at_;
    const std::string_view word = take_word();
    const std::size_t after = at_;
    skip_spaces();
    // "Basic dGVzdA==" has '=' too, but after a space and a second word.
    if (word.empty() || (at_ < text_.size() && text_[at_] == '=')) {
      at_ = start;
      return std::nullopt;
    }
    at_ = after;
    return word;
  }

  /// The next key=value of the current scheme; nullopt when the next thing is another scheme, the end or
  /// junk.
  std::optional<Parameter> parameter() {
    skip_separators();
    const std::size_t start = at_;
    const std::string_view key = take_word();
    skip_spaces();
    if (key.empty() || at_ >= text_.size() || text_[at_] != '=') {
      at_ = start;
      return std::nullopt;
    }
    ++at_;
    skip_spaces();
    return Parameter{key, at_ < text_.size() && text_[at_] == '"' ? take_quoted() : take_bare()};
  }

  /// Base64 credentials directly after the scheme.
  std::string_view token68() {
    skip_spaces();
    const std::size_t start = at_;
    while (at_ < text_.size() && (is_word(text_[at_]) || text_[at_] == '=')) ++at_;
    return text_.substr(start, at_ - start);
  }

  void skip_one() { ++at_; }

 private:
  void skip_spaces() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
  }
  void skip_separators() {
    while (at_ < text_.size() && (is_space(text_[at_]) || text_[at_] == ',')) ++at_;
  }
  std::string_view take_word() {
    const std::size_t start = at_;
    while (at_ < text_.size() && is_word(text_[at_])) ++at_;
    return text_.substr(start, at_ - start);
  }
  std::string take_bare() {
    const std::size_t start = at_;
    // '=' is allowed here: unquoted base64 nonces have it.
    while (at_ < text_.size() && (is_word(text_[at_]) || text_[at_] == '=')) ++at_;
    return std::string(text_.substr(start, at_ - start));
  }
  std::string take_quoted() {
    std::string out;
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      if (may_stand_in_header(text_[at_])) out += text_[at_];
    }
    if (at_ < text_.size()) ++at_;
    return out;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

std::optional<Algorithm> algorithm_of(std::string_view text) noexcept {
  for (Algorithm a : {Algorithm::md5, Algorithm::md5_sess, Algorithm::sha256, Algorithm::sha256_sess}) {
    if (equal_ignoring_case(text, name(a))) return a;
  }
  return std::nullopt;
}

bool is_session(Algorithm a) noexcept {
  return a == Algorithm::md5_sess || a == Algorithm::sha256_sess;
}
bool is_sha256(Algorithm a) noexcept {
  return a == Algorithm::sha256 || a == Algorithm::sha256_sess;
}

std::string hash(Algorithm a, std::initializer_list<std::string_view> parts) {
  return is_sha256(a) ? sha256_hex(parts) : md5_hex(parts);
}

/// Calls `each` for the items of "auth, auth-int", also "auth auth-int".
template <class F>
void for_each_item(std::string_view list, F each) {
  std::size_t at = 0;
  while (at < list.size()) {
    const std::size_t end = std::min(list.find_first_of(", \t", at), list.size());
    if (end > at) each(list.substr(at, end - at));
    at = end + 1;
  }
}

/// False when the algorithm is one nobody here can answer.
bool apply(Challenge& c, Parameter p) {
  if (equal_ignoring_case(p.key, "realm")) {
    c.realm = std::move(p.value);
  } else if (equal_ignoring_case(p.key, "nonce")) {
    c.nonce = std::move(p.value);
  } else if (equal_ignoring_case(p.key, "opaque")) {
    c.opaque = std::move(p.value);
  } else if (equal_ignoring_case(p.key, "stale")) {
    c.stale = equal_ignoring_case(p.value, "true");
  } else if (equal_ignoring_case(p.key, "qop")) {
    for_each_item(p.value, [&c](std::string_view item) {
      if (equal_ignoring_case(item, "auth")) c.qop_auth = true;
      // Anything else is a protection that cannot be answered, like auth-int.
      else
        c.qop_auth_int = true;
    });
  } else if (equal_ignoring_case(p.key, "algorithm")) {
    const auto a = algorithm_of(p.value);
    if (!a) return false;
    c.algorithm = *a;
    c.algorithm_given = true;
  }
  return true;
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (may_stand_in_header(c)) out += c;
  }
  return out + "\"";
}

std::string nc_text(std::uint32_t nc) {
  std::array<char, 9> text{};
  std::snprintf(text.data(), text.size(), "%08x", static_cast<unsigned>(nc));
  return text.data();
}

struct ResponseParts {
  Algorithm algorithm;
  std::string_view nonce, nc, cnonce, qop, method, uri;
};

/// `base` is ha1(): the -sess step is done here.
std::string response(const ResponseParts& p, const std::string& base) {
  const std::string a1 =
      is_session(p.algorithm) ? hash(p.algorithm, {base, ":", p.nonce, ":", p.cnonce}) : base;
  const std::string a2 = hash(p.algorithm, {p.method, ":", p.uri});
  if (p.qop.empty()) return hash(p.algorithm, {a1, ":", p.nonce, ":", a2});
  return hash(p.algorithm, {a1, ":", p.nonce, ":", p.nc, ":", p.cnonce, ":", p.qop, ":", a2});
}

int strength(const Challenge& c) noexcept {
  if (c.scheme == Scheme::basic) return 1;
  return (is_sha256(c.algorithm) ? 4 : 2) + (c.qop_auth ? 1 : 0);
}

}  // namespace

std::string_view name(Algorithm algorithm) noexcept {
  switch (algorithm) {
    case Algorithm::md5: return "MD5";
    case Algorithm::md5_sess: return "MD5-sess";
    case Algorithm::sha256: return "SHA-256";
    case Algorithm::sha256_sess: return "SHA-256-sess";
  }
  return "";
}

std::vector<Challenge> parse_challenges(std::string_view header_value) {
  std::vector<Challenge> out;
  if (header_value.size() > kMaxAuthHeader) return out;
  Scanner scan(header_value);
  while (!scan.at_end() && out.size() < kMaxChallenges) {
    const auto scheme = scan.scheme();
    if (!scheme) {
      // A parameter without a scheme, or junk: step over it.
      if (!scan.parameter()) scan.skip_one();
      continue;
    }
    Challenge c;
    bool known = true;
    if (equal_ignoring_case(*scheme, "basic"))
      c.scheme = Scheme::basic;
    else
      known = equal_ignoring_case(*scheme, "digest");
    for (std::size_t n = 0; n < kMaxParameters; ++n) {
      auto p = scan.parameter();
      if (!p) break;
      if (!apply(c, std::move(*p))) known = false;
    }
    if (known) out.push_back(std::move(c));
  }
  return out;
}

std::string write_challenge(const Challenge& c) {
  if (c.scheme == Scheme::basic) return "Basic realm=" + quoted(c.realm);
  std::string out = "Digest realm=" + quoted(c.realm);
  if (c.qop_auth || c.qop_auth_int) {
    out += c.qop_auth && c.qop_auth_int ? ", qop=\"auth,auth-int\""
           : c.qop_auth                 ? ", qop=\"auth\""
                                        : ", qop=\"auth-int\"";
  }
  out += ", nonce=" + quoted(c.nonce);
  if (c.opaque) out += ", opaque=" + quoted(*c.opaque);
  if (c.algorithm_given || c.algorithm != Algorithm::md5)
    out += ", algorithm=" + std::string(name(c.algorithm));
  if (c.stale) out += ", stale=true";
  return out;
}

const Challenge* choose(std::span<const Challenge> challenges, bool allow_basic) noexcept {
  const Challenge* best = nullptr;
  for (const Challenge& c : challenges) {
    if (!c.usable() || (c.scheme == Scheme::basic && !allow_basic)) continue;
    if (!best || strength(c) > strength(*best)) best = &c;
  }
  return best;
}

std::string ha1(Algorithm algorithm, std::string_view user, std::string_view realm,
                std::string_view password) {
  return hash(algorithm, {user, ":", realm, ":", password});
}

std::string write_digest(const Challenge& c, std::string_view user, std::string_view password,
                         const DigestRequest& request) {
  const std::string nc = nc_text(request.nc);
  const bool with_qop = c.qop_auth;
  ResponseParts parts{c.algorithm, c.nonce, nc, request.cnonce, "", request.method, request.uri};
  if (with_qop) parts.qop = "auth";
  std::string out = "Digest username=" + quoted(user) + ", realm=" + quoted(c.realm) +
                    ", nonce=" + quoted(c.nonce) + ", uri=" + quoted(request.uri) + ", response=\"" +
                    response(parts, ha1(c.algorithm, user, c.realm, password)) + "\"";
  if (c.algorithm_given || c.algorithm != Algorithm::md5)
    out += ", algorithm=" + std::string(name(c.algorithm));
  if (c.opaque) out += ", opaque=" + quoted(*c.opaque);
  if (with_qop) out += ", qop=auth, nc=" + nc;
  if (with_qop || is_session(c.algorithm)) out += ", cnonce=" + quoted(request.cnonce);
  return out;
}

std::string write_basic(std::string_view user, std::string_view password) {
  std::string clear(user);
  clear += ':';
  clear += password;
  std::string out = "Basic " + base64_encode(clear);
  const Secret wipe(std::move(clear));
  return out;
}

Authenticator::Verdict Authenticator::challenged(std::span<const std::string> header_values,
                                                 bool sent_credentials) {
  std::vector<Challenge> offered;
  for (const std::string& value : header_values) {
    for (Challenge& c : parse_challenges(value)) offered.push_back(std::move(c));
  }
  const Challenge* best = choose(offered, allow_basic_);
  if (!best) {
    // Credentials that were sent and refused stay refused, however little the device says about it.
    if (sent_credentials) return Verdict::refused;
    return choose(offered, true) ? Verdict::basic_only : Verdict::no_challenge;
  }
  const bool fresh_nonce = challenge_ && best->scheme == Scheme::digest && best->nonce != challenge_->nonce;
  if (sent_credentials && !(best->stale && fresh_nonce)) return Verdict::refused;
  challenge_ = *best;
  nc_ = 0;
  return Verdict::retry;
}

std::optional<std::string> Authenticator::authorize(std::string_view method, std::string_view uri,
                                                    std::string_view cnonce) {
  if (!challenge_) return std::nullopt;
  if (challenge_->scheme == Scheme::basic) return write_basic(user_, password_.reveal());
  ++nc_;
  return write_digest(*challenge_, user_, password_.reveal(), {method, uri, nc_, cnonce});
}

std::uint32_t Authorization::count() const noexcept {
  std::uint32_t value = 0;
  const auto [end, ec] = std::from_chars(nc.data(), nc.data() + nc.size(), value, 16);
  return ec == std::errc() && end == nc.data() + nc.size() ? value : 0;
}

std::optional<Authorization> parse_authorization(std::string_view header_value) {
  if (header_value.size() > kMaxAuthHeader) return std::nullopt;
  Scanner scan(header_value);
  const auto scheme = scan.scheme();
  if (!scheme) return std::nullopt;
  Authorization a;
  if (equal_ignoring_case(*scheme, "basic")) {
    a.scheme = Scheme::basic;
    auto clear = base64_decode(scan.token68());
    if (!clear) return std::nullopt;
    const std::size_t colon = clear->find(':');
    if (colon == std::string::npos) return std::nullopt;
    a.user = clear->substr(0, colon);
    a.basic_password = Secret(std::string_view(*clear).substr(colon + 1));
    const Secret wipe(std::move(*clear));
    return a;
  }
  if (!equal_ignoring_case(*scheme, "digest")) return std::nullopt;
  const std::array<std::pair<std::string_view, std::string*>, 9> fields = {{{"username", &a.user},
                                                                            {"realm", &a.realm},
                                                                            {"nonce", &a.nonce},
                                                                            {"uri", &a.uri},
                                                                            {"response", &a.response},
                                                                            {"cnonce", &a.cnonce},
                                                                            {"opaque", &a.opaque},
                                                                            {"nc", &a.nc},
                                                                            {"qop", &a.qop}}};
  for (std::size_t n = 0; n < kMaxParameters; ++n) {
    auto p = scan.parameter();
    if (!p) break;
    if (equal_ignoring_case(p->key, "algorithm")) {
      const auto algorithm = algorithm_of(p->value);
      if (!algorithm) return std::nullopt;
      a.algorithm = *algorithm;
    }
    for (const auto& [key, target] : fields) {
      if (equal_ignoring_case(p->key, key)) *target = std::move(p->value);
    }
  }
  if (a.nonce.empty() || a.response.empty()) return std::nullopt;
  return a;
}

bool verify(const Authorization& a, std::string_view method, std::string_view password) {
  if (a.scheme == Scheme::basic) return equal_constant_time(a.basic_password.reveal(), password);
  return verify_ha1(a, method, ha1(a.algorithm, a.user, a.realm, password));
}

bool verify_ha1(const Authorization& a, std::string_view method, std::string_view ha1_hex) {
  // auth-int would need the body, which is not here.
  if (a.scheme != Scheme::digest || (!a.qop.empty() && !equal_ignoring_case(a.qop, "auth"))) return false;
  const ResponseParts parts{a.algorithm, a.nonce, a.nc, a.cnonce, a.qop, method, a.uri};
  const std::string expected = response(parts, std::string(ha1_hex));
  std::string given = a.response;
  std::transform(given.begin(), given.end(), given.begin(), lower);
  return !expected.empty() && equal_constant_time(expected, given);
}

}  // namespace dmss::proto::auth

#include "recorder/guard.hpp"

#include <algorithm>

#include "proto/auth/digest.hpp"
#include "proto/auth/hash.hpp"
#include "proto/cgi/url.hpp"

namespace dmss::recorder {
namespace {

namespace auth = proto::auth;

constexpr std::size_t kMaxNonces = 1024;

/// Whether the signed URI is the one asked for, or a base of it: some clients sign SETUP with the URL of
/// DESCRIBE.
bool fits(std::string_view signed_uri, std::string_view uri) {
  if (signed_uri == uri) return true;
  // A client that escapes its target may sign it unescaped.
  if (proto::cgi::decode(signed_uri) == proto::cgi::decode(uri)) return true;
  while (!signed_uri.empty() && signed_uri.back() == '/') signed_uri.remove_suffix(1);
  return !signed_uri.empty() && uri.substr(0, signed_uri.size()) == signed_uri;
}

}  // namespace

bool Guard::knows(const std::string& nonce) const {
  return std::find(nonces_.begin(), nonces_.end(), nonce) != nonces_.end();
}

Guard::Answer Guard::challenge(bool stale) {
  Answer answer;
  const bool basic_only = core_.faults.find("basic_only", {.service = service_}) != nullptr;
  if (!basic_only && !rules_.schemes.empty()) {
    auth::Challenge c;
    c.realm = core_.profile.realm();
    c.nonce = core_.random_hex(32);
    c.stale = stale;
    nonces_.push_back(c.nonce);
    if (nonces_.size() > kMaxNonces) nonces_.erase(nonces_.begin());
    const bool several = rules_.schemes.size() > 1;
    for (const std::string& scheme : rules_.schemes) {
      c.algorithm = scheme == "SHA-256" ? auth::Algorithm::sha256 : auth::Algorithm::md5;
      c.algorithm_given = several || scheme != "MD5";
      c.qop_auth = service_ == "http" || service_ == "https" || c.algorithm_given;
      if (c.qop_auth) c.opaque = core_.random_hex(32);
      answer.challenges.push_back(auth::write_challenge(c));
    }
  }
  if (basic_only || rules_.basic) {
    auth::Challenge c;
    c.scheme = auth::Scheme::basic;
    c.realm = core_.profile.realm();
    answer.challenges.push_back(auth::write_challenge(c));
  }
  return answer;
}

Guard::Answer Guard::check(std::string_view header, std::string_view method, std::string_view uri) {
  if (header.empty()) return challenge(false);
  if (rules_.repeats && !passed_.empty() && header == passed_) {
    Answer again;
    again.how = How::passed;
    return again;
  }
  const auto a = auth::parse_authorization(header);
  if (!a) return challenge(false);
  if (a->scheme == auth::Scheme::digest &&
      (!knows(a->nonce) || core_.faults.strikes("stale_nonce", {.service = service_, .user = a->user}))) {
    return challenge(true);
  }
  core_.count(std::string(a->scheme == auth::Scheme::digest ? "digest_" : "basic_") + service_);
  const bool offered = a->scheme == auth::Scheme::digest || rules_.basic ||
                       core_.faults.find("basic_only", {.service = service_}) != nullptr;
  const bool basic = a->scheme == auth::Scheme::basic;
  const bool right = offered && core_.accounts.right(*a, method) &&
                     (basic || (a->realm == core_.profile.realm() && fits(a->uri, uri)));
  // Requests that go on with the same nonce are one login.
  const bool going_on = right && a->scheme == auth::Scheme::digest && a->nonce == judged_ &&
                        core_.accounts.locked_seconds(a->user) == 0;
  const Judgement judgement = going_on ? Judgement{} : core_.accounts.judge(service_, a->user, right);
  Answer answer;
  if (!judgement.accepted()) {
    answer = challenge(false);
    answer.how = How::refused;
    answer.judgement = judgement;
  } else {
    answer.how = How::passed;
    judged_ = a->nonce;
    passed_ = std::string(header);
  }
  answer.user = a->user;
  return answer;
}

}  // namespace dmss::recorder

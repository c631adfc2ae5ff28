// Guard: Basic and Digest authentication of HTTP and RTSP.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "recorder/core.hpp"

namespace dmss::recorder {

class Guard {
 public:
  enum class How { passed, challenge, refused };
  struct Answer {
    How how = How::challenge;
    std::string user;
    Judgement judgement;                  // how == refused
    std::vector<std::string> challenges;  // WWW-Authenticate values, for challenge and refused
  };
  struct Rules {
    std::vector<std::string> schemes;  // "MD5", "SHA-256"
    bool basic = false;
    bool repeats = false;  // the same Authorization again, for another method or URI, passes (RTSP)
  };

  Guard(Core& core, std::string service, Rules rules)
      : core_(core), service_(std::move(service)), rules_(std::move(rules)) {}
  /// `authorization` is the header's value, empty when it was missing.
  Answer check(std::string_view authorization, std::string_view method, std::string_view uri);
  /// Nonces given so far are worth nothing.
  void forget() { nonces_.clear(), judged_.clear(); }

 private:
  Answer challenge(bool stale);
  bool knows(const std::string& nonce) const;

  Core& core_;
  const std::string service_;
  const Rules rules_;
  std::vector<std::string> nonces_;  // newest last
  std::string passed_, judged_;      // the Authorization that passed, and the nonce whose use was counted
};

}  // namespace dmss::recorder

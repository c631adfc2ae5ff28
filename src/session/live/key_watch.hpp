// KeyWatch: pictures come, but none that decoding could start from: asking for the stream anew makes most devices send one.
#pragma once

#include <algorithm>
#include <optional>

#include "net/clock.hpp"

namespace dmss::session {

inline constexpr net::Duration kKeyPatience = std::chrono::seconds(10);
/// A group of pictures may be longer than the patience, so that grows with every opening that did not help.
inline constexpr net::Duration kLongestKeyPatience = std::chrono::seconds(60);

inline net::Duration more_patience(net::Duration patience) {
  return std::min(patience * 2, kLongestKeyPatience);
}

class KeyWatch {
 public:
  /// A picture that is no key frame, while one is waited for. True when they have come for `patience`; then it begins anew.
  bool waits(net::TimePoint at, net::Duration patience) {
    if (!since_) since_ = at;
    if (at - *since_ < patience) return false;
    since_.reset();
    return true;
  }
  void reset() { since_.reset(); }

 private:
  std::optional<net::TimePoint> since_;
};

}  // namespace dmss::session

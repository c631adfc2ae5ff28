// LoadPolicy: when a window that went over from main to extra under load may try main again (Quality::automatic). After calm only,
// and after a longer one each time main turned out to be too much again, so that a window at the edge does not go to and fro.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

#include "net/clock.hpp"

namespace dmss::session {

class LoadPolicy {
 public:
  static constexpr net::Duration kFirstCalm = std::chrono::seconds(30);
  static constexpr net::Duration kLongestCalm = std::chrono::minutes(15);
  /// Main that played this long was not too much: what comes later begins anew.
  static constexpr net::Duration kSteady = std::chrono::minutes(5);

  /// Main was too much, extra plays now.
  void fell_back(net::TimePoint now) {
    const bool again = returned_ && now - *returned_ < kSteady;
    lower(now, again);
  }
  /// Main did not open.
  void stayed(net::TimePoint now) { lower(now, true); }
  /// Main plays again.
  void returned(net::TimePoint now) {
    low_ = false;
    returned_ = now;
  }
  /// The window fell behind, or was not played: the calm begins anew.
  void unrest(net::TimePoint now) { calm_since_ = now; }
  /// The caller chose a stream.
  void reset() { *this = LoadPolicy(); }

  /// Extra plays although main was asked for.
  bool low() const { return low_; }
  /// While low(): when main may be tried if nothing disturbs until then.
  net::TimePoint due() const { return calm_since_ + calm_; }

 private:
  void lower(net::TimePoint now, bool again) {
    calm_ = again ? std::min(calm_ * 2, kLongestCalm) : kFirstCalm;
    low_ = true;
    calm_since_ = now;
  }

  bool low_ = false;
  net::Duration calm_ = kFirstCalm;
  net::TimePoint calm_since_{};
  std::optional<net::TimePoint> returned_;
};

}  // namespace dmss::session

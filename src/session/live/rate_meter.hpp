// RateMeter: bits and pictures a second over the last whole second or so.
#pragma once

#include "net/clock.hpp"

namespace dmss::session {

class RateMeter {
 public:
  /// True when the published rates have changed.
  bool add(net::TimePoint now, std::size_t bytes, bool picture) {
    if (start_ == net::TimePoint{}) start_ = now;
    bytes_ += bytes;
    pictures_ += picture ? 1 : 0;
    const std::chrono::duration<double> span = now - start_;
    if (span < std::chrono::seconds(1)) return false;
    bit_rate_ = static_cast<double>(bytes_) * 8 / span.count();
    picture_rate_ = static_cast<double>(pictures_) / span.count();
    bytes_ = 0;
    pictures_ = 0;
    start_ = now;
    return true;
  }
  double bit_rate() const { return bit_rate_; }
  double picture_rate() const { return picture_rate_; }

 private:
  net::TimePoint start_{};
  std::size_t bytes_ = 0;
  std::size_t pictures_ = 0;
  double bit_rate_ = 0;
  double picture_rate_ = 0;
};

}  // namespace dmss::session

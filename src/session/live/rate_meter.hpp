// RateMeter: bits and pictures a second over the last whole second or so; nothing once a stream has fallen silent.
#pragma once

#include "net/clock.hpp"

namespace dmss::session {

class RateMeter {
 public:
  void add(net::TimePoint now, std::size_t bytes, bool picture) {
    if (silent(now)) {
      *this = {};
      start_ = last_ = now;
      heard_ = true;
      return;
    }
    last_ = now;
    bytes_ += bytes;
    pictures_ += picture ? 1 : 0;
    const std::chrono::duration<double> span = now - start_;
    if (span < std::chrono::seconds(1)) return;
    bit_rate_ = static_cast<double>(bytes_) * 8 / span.count();
    picture_rate_ = static_cast<double>(pictures_) / span.count();
    bytes_ = 0;
    pictures_ = 0;
    start_ = now;
  }
  double bit_rate(net::TimePoint now) const { return silent(now) ? 0 : bit_rate_; }
  double picture_rate(net::TimePoint now) const { return silent(now) ? 0 : picture_rate_; }

 private:
  bool silent(net::TimePoint now) const { return !heard_ || now - last_ > std::chrono::seconds(4); }

  bool heard_ = false;
  net::TimePoint start_{};
  net::TimePoint last_{};
  std::size_t bytes_ = 0;
  std::size_t pictures_ = 0;
  double bit_rate_ = 0;
  double picture_rate_ = 0;
};

}  // namespace dmss::session

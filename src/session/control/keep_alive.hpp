// When sessions say that they are alive.
#pragma once

#include "net/clock.hpp"

namespace dmss::session {

/// The time of the next keep-alive, a period from now at most: on a multiple of half the period, so that an engine's quiet sessions wake
/// up together and rest together.
inline net::TimePoint next_keep_alive(net::TimePoint now, net::Duration period) {
  const net::Duration step = period / 2;
  if (step <= net::Duration::zero()) return now + period;
  return net::TimePoint((now + period).time_since_epoch() / step * step);
}

}  // namespace dmss::session

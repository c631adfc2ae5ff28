// Burst: pictures that one request takes from a window, one after the other.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "dmss/live.hpp"
#include "net/clock.hpp"
#include "session/engine/completion.hpp"

namespace dmss::session {

inline constexpr std::size_t kMaxBursts = 4;  // of a window at a time

struct Burst {
  Burst(BurstOptions o, std::function<void(int, const std::vector<std::uint8_t>&)> picture,
        Completion<void> d)
      : options(o), on_picture(std::move(picture)), done(std::move(d)) {}

  const BurstOptions options;
  const std::function<void(int, const std::vector<std::uint8_t>&)> on_picture;
  const Completion<void> done;        // on the window's actor, so that no picture comes after it
  std::function<void()> ended;        // window's actor: it takes no more pictures
  int taken = 0;                      // window's actor
  std::unique_ptr<net::Timer> limit;  // network thread
};

}  // namespace dmss::session

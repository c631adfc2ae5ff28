// Restart: magicBox.reboot. The answer still goes out, then every connection but the control port's ends, sessions are
// forgotten, and nobody is let in until the device is up again.
#pragma once

#include <functional>
#include <vector>

#include "net/clock.hpp"

namespace dmss::recorder {

struct Core;

class Restart {
 public:
  explicit Restart(Core& core);

  void begin();
  bool away() const;
  /// Settings that take effect with the next start were written.
  bool needed() const noexcept { return needed_; }
  void need() noexcept { needed_ = true; }
  std::chrono::seconds takes() const noexcept { return takes_; }
  void set_takes(std::chrono::seconds how_long) { takes_ = how_long; }
  /// Called when the device goes down; for what a device forgets then.
  void on_down(std::function<void()> heard) { heard_.push_back(std::move(heard)); }

 private:
  void go_down();
  Core& core_;
  std::chrono::seconds takes_;
  net::TimePoint back_at_{};
  bool begun_ = false, needed_ = false;
  std::vector<std::function<void()>> heard_;
};

}  // namespace dmss::recorder

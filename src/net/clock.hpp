// Clock and Timer: the only way anything in the SDK waits, so that tests run in virtual time.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>

#include "net/asio.hpp"

namespace dmss::net {

using Duration = std::chrono::steady_clock::duration;
using TimePoint = std::chrono::steady_clock::time_point;

class Timer;

/// Real time. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual TimePoint now() const { return std::chrono::steady_clock::now(); }
  virtual std::chrono::system_clock::time_point wall_now() const { return std::chrono::system_clock::now(); }

 private:
  friend class Timer;
  /// Called when a timer starts and stops waiting. The real clock sets the deadline on the Asio timer.
  virtual void arm(Timer& timer);
  virtual void disarm(Timer&) {}
};

/// A restartable one-shot timer, used on its executor's thread only. Destroying it cancels the wait.
class Timer {
 public:
  Timer(Executor executor, Clock& clock);
  ~Timer();
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  void expires_at(TimePoint at);
  void expires_after(Duration d) { expires_at(clock_.now() + d); }
  TimePoint expiry() const noexcept { return at_; }
  /// True when the time came, false when cancelled or set anew.
  awaitable<bool> wait();
  /// The same with a handler, called through the executor.
  void async_wait(std::function<void(bool)> handler);
  void cancel();

 private:
  friend class Clock;
  friend class VirtualClock;
  Clock& clock_;
  TimePoint at_{};
  std::shared_ptr<bool> fired_;  // a virtual clock's word that the time came; null in real time
  asio::steady_timer timer_;
};

/// Time that moves only when told to. One thread.
class VirtualClock final : public Clock {
 public:
  VirtualClock();
  TimePoint now() const override { return now_; }
  std::chrono::system_clock::time_point wall_now() const override;
  /// Moves on and fires what is due, in order, stepping to each deadline; between two deadlines `settle` is called (run the
  /// io_context until it has nothing to do).
  void advance(Duration d, const std::function<void()>& settle);
  /// Deadline of the next timer, if any waits.
  std::optional<TimePoint> next() const;
  /// Moves the wall clock alone, as NTP or a person would.
  void shift_wall(std::chrono::system_clock::duration d) { wall_offset_ += d; }

 private:
  void arm(Timer& timer) override;
  void disarm(Timer& timer) override;
  TimePoint now_;
  std::chrono::system_clock::duration wall_offset_{};
  std::multimap<TimePoint, Timer*> waiting_;
};

/// sleep on the current coroutine's executor
awaitable<bool> sleep_for(Clock& clock, Duration d);

}  // namespace dmss::net

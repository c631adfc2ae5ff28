// Windows: live windows on the channels of one device, counted.
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "bench/client/options.hpp"

namespace dmss::bench {

/// One live window and what came out of it.
class CountedWindow {
 public:
  CountedWindow(Device& device, int channel, const ClientOptions& options, bool decode);
  ~CountedWindow();
  CountedWindow(const CountedWindow&) = delete;
  CountedWindow& operator=(const CountedWindow&) = delete;

  std::uint64_t pictures() const noexcept { return pictures_.load(std::memory_order_relaxed); }
  /// Of packets, in `receive`.
  std::uint64_t bytes() const noexcept { return bytes_.load(std::memory_order_relaxed); }
  /// From open_live to the first picture, in milliseconds. Throws std::runtime_error when none comes in time.
  double wait_first();
  void wait_pictures(std::uint64_t count);
  /// Sending to callback in milliseconds, of pictures since the last call.
  std::vector<double> take_latencies();
  Live& live() noexcept { return live_; }

 private:
  void count(std::chrono::steady_clock::time_point now);
  void note_latency(std::string_view stamped, std::chrono::steady_clock::time_point now);

  const std::chrono::steady_clock::time_point opened_;
  std::atomic<std::uint64_t> pictures_{0}, bytes_{0};
  std::atomic<std::uint64_t> awaited_{1};
  std::mutex mutex_;
  std::condition_variable changed_;
  std::chrono::steady_clock::time_point first_{};
  std::vector<double> latencies_;
  bool stopped_ = false;
  Live live_;  // last: its handlers use the rest
};

/// Logs in and waits for it. Throws std::runtime_error.
void log_in(Device& device);

}  // namespace dmss::bench

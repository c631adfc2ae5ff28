#include "bench/client/control.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <stdexcept>

#include "bench/client/windows.hpp"

namespace dmss::bench {
namespace {

/// Keeps a number of calls under way until it is told to end.
class Caller {
 public:
  explicit Caller(Device& device) : device_(device) {}

  void begin(int calls) {
    for (int i = 0; i < calls; ++i) {
      ++under_way_;
      ask();
    }
  }
  void end() {
    ending_ = true;
    std::unique_lock lock(mutex_);
    ended_.wait(lock, [this] { return under_way_ == 0; });
  }
  std::uint64_t answered() const { return answered_; }
  std::uint64_t failed() const { return failed_; }

 private:
  void ask() {
    device_.call("configManager.getConfig", R"({"name":"MotionDetect","channel":0})",
                 [this](const Result<std::string>& r) {
                   ++(r ? answered_ : failed_);
                   if (!ending_ && r) return ask();
                   std::lock_guard lock(mutex_);
                   --under_way_;
                   ended_.notify_all();
                 });
  }

  Device& device_;
  std::atomic<bool> ending_{false};
  std::atomic<std::uint64_t> answered_{0}, failed_{0};
  std::atomic<int> under_way_{0};
  std::mutex mutex_;
  std::condition_variable ended_;
};

}  // namespace

Json calls(const ClientOptions& o) {
  Engine engine;
  Device device = engine.device(o.device);
  log_in(device);
  Caller caller(device);
  const DeviceStats first = device.stats();
  caller.begin(o.windows);
  rest(o.warm_up);
  const std::uint64_t answered = caller.answered();
  const Usage before = Usage::now();
  rest(o.seconds);
  const Usage after = Usage::now();
  const std::uint64_t calls = caller.answered() - answered;
  caller.end();
  if (caller.failed() != 0) throw std::runtime_error("calls failed");
  const DeviceStats last = device.stats();
  const auto all = static_cast<double>(caller.answered());
  Json out = steady(before, after);
  out["calls"] = calls;
  out["request_bytes"] = static_cast<double>(last.bytes_out - first.bytes_out) / all;
  out["reply_bytes"] = static_cast<double>(last.bytes_in - first.bytes_in) / all;
  return out;
}

Json events(const ClientOptions& o) {
  Engine engine;
  std::atomic<std::uint64_t> seen{0};
  std::vector<Device> devices;
  std::vector<EventSubscription> subscriptions;
  for (int i = 0; i < o.windows; ++i) {
    devices.push_back(engine.device(o.device));
    log_in(devices.back());
    EventHandlers handlers;
    handlers.on_event = [&seen](const Event&) { seen.fetch_add(1, std::memory_order_relaxed); };
    subscriptions.push_back(devices.back().events({}, std::move(handlers)));
  }
  rest(o.warm_up);
  const std::uint64_t before_events = seen;
  const Usage before = Usage::now();
  rest(o.seconds);
  const Usage after = Usage::now();
  Json out = steady(before, after);
  out["events"] = seen - before_events;
  std::uint64_t dropped = 0;
  for (const EventSubscription& s : subscriptions) dropped += s.stats().dropped;
  out["dropped"] = dropped;
  subscriptions.clear();
  devices.clear();
  return out;
}

}  // namespace dmss::bench

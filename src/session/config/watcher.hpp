// Watcher: reads tables again and again and tells what changed.
#pragma once

#include <atomic>
#include <map>
#include <string>
#include <vector>

#include "session/config/table.hpp"
#include "session/device/device_session.hpp"

namespace dmss::session {

class Watcher final : public Tenant, public std::enable_shared_from_this<Watcher> {
 public:
  using OnChange = std::function<void(const ConfigChange&)>;

  Watcher(std::shared_ptr<DeviceSession> device, std::vector<std::string> names, OnChange on_change,
          std::chrono::milliseconds period);

  // Network thread.
  void start();
  void stop();
  void close(const Error& why) override;

  /// Any thread: no handler starts any more.
  void release() { released_.store(true, std::memory_order_release); }
  const std::shared_ptr<DeviceSession>& device() const { return device_; }

 private:
  static awaitable<void> run(std::shared_ptr<Watcher> self);
  /// Ends the pause when the device has logged in anew.
  static awaitable<void> listen(std::shared_ptr<Watcher> self);
  awaitable<Error> read_all();
  void compare(const std::string& name, std::string now);
  void tell(ConfigChange change);
  bool released() const { return released_.load(std::memory_order_acquire); }

  const std::shared_ptr<DeviceSession> device_;
  const std::vector<std::string> names_;
  const OnChange on_change_;
  const Duration period_;
  const std::shared_ptr<Actor> actor_;
  net::Timer pause_;
  bool stopped_ = false;
  std::uint64_t generation_ = 0;  // of the login that was read last
  std::map<std::string, std::string> last_;
  std::atomic<int> waiting_{0};  // calls that the handler has not returned from
  std::atomic<bool> released_{false};
};

}  // namespace dmss::session

// Loop: one epoll instance and one queue of deadlines; everything in the server runs in it.
#pragma once

#include <sys/epoll.h>

#include <cstdint>
#include <functional>
#include <map>
#include <unordered_map>

#include "bench/media_server/clip.hpp"

namespace dmss::bench {

class Loop {
 public:
  using OnReady = std::function<void(std::uint32_t events)>;
  using OnDue = std::function<void()>;
  using TimerId = std::pair<Time, std::uint64_t>;

  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  /// EPOLLIN; EPOLLOUT too while `writable` was asked for.
  void add(int fd, OnReady on_ready);
  void want_writable(int fd, bool wanted);
  void remove(int fd);

  TimerId at(Time when, OnDue on_due);
  void cancel(const TimerId& id);

  void run();
  void stop() noexcept { stopped_ = true; }
  static Time now() noexcept { return std::chrono::steady_clock::now(); }

 private:
  int wait_for(epoll_event* events, std::chrono::nanoseconds limit);

  int epoll_;
  bool has_fine_wait_ = true;  // Linux 5.11
  bool stopped_ = false;
  std::uint64_t next_timer_ = 1;
  std::unordered_map<int, OnReady> ready_;
  std::map<TimerId, OnDue> timers_;
};

}  // namespace dmss::bench

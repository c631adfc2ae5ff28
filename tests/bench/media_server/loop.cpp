#include "bench/media_server/loop.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>

namespace dmss::bench {
namespace {

constexpr int kEvents = 64;
constexpr auto kLongest = std::chrono::milliseconds(200);

}  // namespace

Loop::Loop() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  if (epoll_ < 0) throw std::runtime_error("no epoll");
}

Loop::~Loop() {
  ::close(epoll_);
}

void Loop::add(int fd, OnReady on_ready) {
  epoll_event e{};
  e.events = EPOLLIN;
  e.data.fd = fd;
  ::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &e);
  ready_[fd] = std::move(on_ready);
}

void Loop::want_writable(int fd, bool wanted) {
  epoll_event e{};
  e.events = wanted ? EPOLLIN | EPOLLOUT : EPOLLIN;
  e.data.fd = fd;
  ::epoll_ctl(epoll_, EPOLL_CTL_MOD, fd, &e);
}

void Loop::remove(int fd) {
  ::epoll_ctl(epoll_, EPOLL_CTL_DEL, fd, nullptr);
  ready_.erase(fd);
}

Loop::TimerId Loop::at(Time when, OnDue on_due) {
  const TimerId id{when, next_timer_++};
  timers_.emplace(id, std::move(on_due));
  return id;
}

void Loop::cancel(const TimerId& id) {
  timers_.erase(id);
}

int Loop::wait_for(epoll_event* events, std::chrono::nanoseconds limit) {
  if (has_fine_wait_) {
    const timespec t{0, limit.count()};
    const int n = ::epoll_pwait2(epoll_, events, kEvents, &t, nullptr);
    if (n >= 0 || errno != ENOSYS) return n;
    has_fine_wait_ = false;
  }
  const auto ms = std::chrono::ceil<std::chrono::milliseconds>(limit);
  return ::epoll_wait(epoll_, events, kEvents, static_cast<int>(ms.count()));
}

void Loop::run() {
  epoll_event events[kEvents];
  while (!stopped_) {
    const Time turn = now();
    while (!timers_.empty() && timers_.begin()->first.first <= turn) {
      const OnDue due = std::move(timers_.begin()->second);
      timers_.erase(timers_.begin());
      due();
    }
    std::chrono::nanoseconds wait = kLongest;
    if (!timers_.empty()) {
      const std::chrono::nanoseconds next = timers_.begin()->first.first - now();
      wait = std::clamp<std::chrono::nanoseconds>(next, std::chrono::nanoseconds(0), kLongest);
    }
    const int n = wait_for(events, wait);
    for (int i = 0; i < n; ++i) {
      // A handler may have removed a later one.
      const auto found = ready_.find(events[i].data.fd);
      if (found == ready_.end()) continue;
      const OnReady handler = found->second;
      handler(events[i].events);
    }
  }
}

}  // namespace dmss::bench

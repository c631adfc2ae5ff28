#include "session/engine/workers.hpp"

#include <boost/asio/post.hpp>

namespace dmss::session {

bool ExecutorWorkers::submit(Task task) {
  boost::asio::post(executor_, std::move(task));
  return true;
}

namespace {

constexpr int kTasksPerTurn = 16;

}  // namespace

void Actor::post(Task task) {
  {
    std::lock_guard lock(mutex_);
    queue_.push_back(std::move(task));
    if (scheduled_) return;
    scheduled_ = true;
  }
  schedule();
}

void Actor::schedule() {
  // A pool that has stopped leaves the work to the one who posts; drain() ends only when nothing is left.
  if (!workers_->submit([self = shared_from_this()] { self->drain(); })) drain();
}

void Actor::drain() {
  for (int i = 0; i < kTasksPerTurn; ++i) {
    Task task;
    {
      std::lock_guard lock(mutex_);
      if (queue_.empty()) {
        scheduled_ = false;
        return;
      }
      task = std::move(queue_.front());
      queue_.pop_front();
    }
    task();
  }
  schedule();  // more to do, but others wait too
}

}  // namespace dmss::session

#include "session/engine/workers.hpp"

#include <boost/asio/post.hpp>

namespace dmss::session {
namespace {

constexpr int kTasksPerTurn = 16;
thread_local const ThreadWorkers* current_pool = nullptr;

}  // namespace

ThreadWorkers::ThreadWorkers(int threads) : count_(threads) {
  threads_.reserve(static_cast<std::size_t>(threads));
  for (int i = 0; i < threads; ++i) {
    threads_.emplace_back([this, shared = shared_] {
      current_pool = this;
      run(*shared);
    });
  }
}

ThreadWorkers::~ThreadWorkers() {
  stop();
}

bool ThreadWorkers::submit(Task task) {
  {
    std::lock_guard lock(shared_->mutex);
    if (shared_->stopping && threads_.empty()) return false;
    shared_->queue.push_back(std::move(task));
  }
  shared_->wake.notify_one();
  return true;
}

void ThreadWorkers::stop() {
  {
    std::lock_guard lock(shared_->mutex);
    shared_->stopping = true;
  }
  shared_->wake.notify_all();
  for (std::thread& t : threads_) {
    if (t.get_id() == std::this_thread::get_id()) {
      t.detach();
    } else if (t.joinable()) {
      t.join();
    }
  }
  std::deque<Task> rest;
  {
    std::lock_guard lock(shared_->mutex);
    threads_.clear();
    rest.swap(shared_->queue);
  }
  for (Task& task : rest) task();
}

bool ThreadWorkers::on_worker_thread() const {
  return current_pool == this;
}

void ThreadWorkers::run(Shared& shared) {
  std::unique_lock lock(shared.mutex);
  for (;;) {
    shared.wake.wait(lock, [&] { return shared.stopping || !shared.queue.empty(); });
    if (shared.queue.empty()) return;
    Task task = std::move(shared.queue.front());
    shared.queue.pop_front();
    lock.unlock();
    task();
    task = nullptr;
    lock.lock();
  }
}

bool ExecutorWorkers::submit(Task task) {
  boost::asio::post(executor_, std::move(task));
  return true;
}

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

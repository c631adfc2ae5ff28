// The worker pool and the serial actors on it: where decoding and the caller's handlers run.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "net/asio.hpp"

namespace dmss::session {

using Task = std::function<void()>;

class Workers {
 public:
  virtual ~Workers() = default;
  /// Runs `task` on some worker thread. False once the pool has stopped: the caller runs it itself.
  virtual bool submit(Task task) = 0;
  virtual int threads() const = 0;
};

class ThreadWorkers final : public Workers {
 public:
  explicit ThreadWorkers(int threads);
  ~ThreadWorkers() override;
  bool submit(Task task) override;
  int threads() const override { return count_; }
  /// Runs what is queued, then ends the threads. Called on a worker thread it does not wait for that one.
  void stop();
  bool on_worker_thread() const;

 private:
  /// The threads' own share: a task may let go of the pool's last reference.
  struct Shared {
    std::mutex mutex;
    std::condition_variable wake;
    std::deque<Task> queue;
    bool stopping = false;
  };
  static void run(Shared& shared);
  const int count_;
  const std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
  std::vector<std::thread> threads_;  // under the mutex, too
};

/// Runs tasks on an executor; for tests in virtual time and for callers with their own io_context.
class ExecutorWorkers final : public Workers {
 public:
  explicit ExecutorWorkers(net::Executor executor) : executor_(std::move(executor)) {}
  bool submit(Task task) override;
  int threads() const override { return 0; }

 private:
  net::Executor executor_;
};

/// Tasks of one actor run one after another, in order, on any worker. After the pool has stopped they run on the posting thread.
class Actor : public std::enable_shared_from_this<Actor> {
 public:
  explicit Actor(std::shared_ptr<Workers> workers) : workers_(std::move(workers)) {}
  void post(Task task);

 private:
  void schedule();
  void drain();
  std::shared_ptr<Workers> workers_;
  std::mutex mutex_;
  std::deque<Task> queue_;
  bool scheduled_ = false;
};

}  // namespace dmss::session

// The worker pool and the serial actors on it: where decoding and the caller's handlers run.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>

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

/// The thread is in code of the caller's, which may take as long as it likes: the pool may lend another thread meanwhile. Around every
/// call of a handler, and around nothing else.
class HandlerSection {
 public:
  HandlerSection() noexcept;
  ~HandlerSection();
  HandlerSection(const HandlerSection&) = delete;
  HandlerSection& operator=(const HandlerSection&) = delete;
};

template <class F, class... Args>
decltype(auto) call_handler(F&& handler, Args&&... args) {
  const HandlerSection section;
  return std::forward<F>(handler)(std::forward<Args>(args)...);
}

struct Lending {
  int most = 64;
  std::chrono::milliseconds patience{100};  ///< between two looks
  std::chrono::milliseconds idle{5000};     ///< a thread that was lent ends after so long without need of it
};

/// A fixed number of threads, and for every one that a handler keeps for longer than a moment another one, while tasks wait for it.
class ThreadWorkers final : public Workers {
 public:
  explicit ThreadWorkers(int threads, Lending lending = {});
  ~ThreadWorkers() override;
  /// `look_later` is called on any thread when tasks wait: look() is to be called in `Lending::patience`. Without it none is lent before
  /// stop(). Set before the first task.
  void watch(std::function<void()> look_later) { look_later_ = std::move(look_later); }
  /// Any thread but a handler's.
  void look();
  bool submit(Task task) override;
  /// Those that are lent included.
  int threads() const override;
  /// Runs what is queued, then ends the threads. Called on a worker thread it does not wait for that one.
  void stop();
  bool on_worker_thread() const;

 private:
  struct Shared;
  static void run(Shared& shared, bool lent);
  static void lend(const std::shared_ptr<Shared>& shared, const ThreadWorkers* pool);
  const std::shared_ptr<Shared>
      shared_;  // the threads' own share: a task may let go of the pool's last reference
  std::function<void()> look_later_;
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

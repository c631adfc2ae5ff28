// EngineCore: the network thread, the workers and what closes them. Everything made by an engine holds its core.
#pragma once

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <thread>

#include "dmss/engine.hpp"
#include "session/context.hpp"
#include "session/engine/workers.hpp"

namespace dmss::session {

/// Something the engine closes when it ends. Registered on the network thread.
class Closable {
 public:
  virtual ~Closable() = default;
  /// Network thread. Ends every conversation; afterwards nothing of it may keep the io_context busy.
  virtual void close() = 0;
};

class EngineCore : public std::enable_shared_from_this<EngineCore> {
 public:
  /// With threads of its own.
  static std::shared_ptr<EngineCore> start(const EngineOptions& options);
  /// On a caller's io_context, clock and connector, without threads.
  EngineCore(Context context, std::shared_ptr<Workers> workers);
  EngineCore(const EngineOptions& options, std::shared_ptr<ThreadWorkers> workers);
  ~EngineCore();

  const Context& context() const { return *context_; }
  std::shared_ptr<Actor> make_actor() const { return std::make_shared<Actor>(workers_); }
  /// Runs `task` on the network thread; false after the engine has ended (the task is dropped).
  bool post(Task task);
  bool closing() const { return closing_.load(std::memory_order_acquire); }

  void add(std::shared_ptr<Closable> c) { closables_.insert(std::move(c)); }
  void remove(const std::shared_ptr<Closable>& c) { closables_.erase(c); }

  /// Closes everything; the threads end by themselves. Any thread, idempotent.
  void shutdown();
  /// Waits for the threads; returns at once on one of them.
  void join();
  void set_log_level(LogLevel level);
  EngineStats stats() const;

  std::atomic<std::uint64_t> devices{0};
  std::atomic<std::uint64_t> lives{0};
  std::atomic<std::uint64_t> upstreams{0};

 private:
  struct Threads;
  void run_network();
  void look_at_workers_later();

  std::shared_ptr<void> held_;    // first, so that it goes last
  std::unique_ptr<Threads> own_;  // null on a caller's io_context
  std::optional<Context> context_;
  std::shared_ptr<Workers> workers_;
  std::shared_ptr<LogHub> log_hub_;
  std::set<std::shared_ptr<Closable>> closables_;  // network thread
  std::atomic<bool> closing_{false};
  std::mutex mutex_;
  bool ended_ = false;  // under mutex_: the io_context takes nothing any more
};

}  // namespace dmss::session

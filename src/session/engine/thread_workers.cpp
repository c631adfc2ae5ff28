#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <list>
#include <system_error>
#include <thread>
#include <vector>

#include "session/engine/workers.hpp"

namespace dmss::session {
namespace {

/// A thread's own: what it shows of itself to whoever looks, and where it waits.
struct Seat {
  std::atomic<std::uint64_t> section{0};  // odd while in a handler; never the same twice
  std::uint64_t seen = 0;                 // at the latest look; under the pool's mutex
  int depth = 0;                          // a handler may call what calls a handler
  std::condition_variable wake;
  bool called = false;  // under the pool's mutex
};

thread_local const ThreadWorkers* current_pool = nullptr;
thread_local Seat* current_seat = nullptr;

void step(Seat& seat) noexcept {
  seat.section.store(seat.section.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

}  // namespace

HandlerSection::HandlerSection() noexcept {
  if (current_seat != nullptr && current_seat->depth++ == 0) step(*current_seat);
}

HandlerSection::~HandlerSection() {
  if (current_seat != nullptr && --current_seat->depth == 0) step(*current_seat);
}

struct ThreadWorkers::Shared {
  explicit Shared(Lending l) : lending(l) {}

  bool call_idle() {
    if (idle.empty()) return false;
    Seat* seat = idle.back();
    idle.pop_back();
    seat->called = true;
    ++called;
    seat->wake.notify_one();
    return true;
  }

  void wait(std::unique_lock<std::mutex>& lock, Seat& seat) {
    idle.push_back(&seat);
    seat.wake.wait(lock, [&] { return seat.called; });
    seat.called = false;
    --called;
  }

  void call_all() {
    while (call_idle()) {}
    wake_lent.notify_all();
  }

  /// How many have been in one and the same handler since the look before.
  int observe() {
    int stuck = 0;
    for (Seat* seat : seats) {
      const std::uint64_t section = seat->section.load(std::memory_order_relaxed);
      if (section % 2 == 1 && section == std::exchange(seat->seen, section)) ++stuck;
    }
    return stuck;
  }

  const Lending lending;
  std::mutex mutex;
  std::condition_variable wake_lent;  // they idle when the others suffice
  std::condition_variable gone;
  std::deque<Task> queue;
  std::vector<Seat*> seats;
  std::list<std::thread> threads;
  std::list<std::thread> ended;  // of those that were lent; to be joined
  int alive = 0;
  // The one that idles for the shortest time is called first: the caches of its core are warm, and the others may sleep on.
  std::vector<Seat*> idle;
  std::size_t called = 0;  // and not yet awake
  std::size_t idle_lent = 0;
  int lent = 0;
  int retire = 0;         // so many of the lent are to end
  int surplus_looks = 0;  // in a row
  bool watched = false;   // somebody will look
  bool stopping = false;
  bool stopped = false;
};

ThreadWorkers::ThreadWorkers(int threads, Lending lending) : shared_(std::make_shared<Shared>(lending)) {
  std::lock_guard lock(shared_->mutex);
  for (; shared_->alive < threads; ++shared_->alive) {
    shared_->threads.emplace_back([this, shared = shared_] {
      current_pool = this;
      run(*shared, false);
    });
  }
}

ThreadWorkers::~ThreadWorkers() {
  stop();
}

bool ThreadWorkers::submit(Task task) {
  bool ask = false;
  {
    std::lock_guard lock(shared_->mutex);
    if (shared_->stopped) return false;
    shared_->queue.push_back(std::move(task));
    if (!shared_->call_idle() && shared_->queue.size() > shared_->called) {
      shared_->wake_lent.notify_one();
      const bool waits = shared_->queue.size() > shared_->called + shared_->idle_lent;
      if (waits && look_later_ && !shared_->stopping) {
        ask = !std::exchange(shared_->watched, true);
        if (ask) shared_->observe();
      }
    }
  }
  if (ask) look_later_();
  return true;
}

void ThreadWorkers::look() {
  std::list<std::thread> ended;
  bool again = false;
  {
    std::lock_guard lock(shared_->mutex);
    if (shared_->stopping) return;  // stop() looks by itself
    lend(shared_, this);
    ended.swap(shared_->ended);
    again = shared_->watched = !shared_->queue.empty();
  }
  for (std::thread& t : ended) t.join();
  if (again && look_later_) look_later_();
}

/// Under the mutex. As many threads as handlers keep, no more, so that decoding that is merely slow never asks for one.
void ThreadWorkers::lend(const std::shared_ptr<Shared>& shared, const ThreadWorkers* pool) {
  Shared& s = *shared;
  const int stuck = std::min(s.observe(), s.lending.most);
  s.retire = 0;
  if (s.queue.empty()) return;  // the idle end by themselves
  if (s.lent > stuck) {
    if (++s.surplus_looks * s.lending.patience < s.lending.idle) return;
    s.surplus_looks = 0;
    s.retire = s.lent - stuck;
    s.wake_lent.notify_all();
    return;
  }
  s.surplus_looks = 0;
  const int waiting = static_cast<int>(std::min<std::size_t>(s.queue.size(), 64));
  try {
    for (int n = std::min(stuck - s.lent, waiting); n > 0; --n) {
      s.threads.emplace_back([pool, shared] {
        current_pool = pool;
        run(*shared, true);
      });
      ++s.alive;
      ++s.lent;
    }
  } catch (const std::system_error&) {
    // The system has no thread to give: the next look asks again.
  }
}

void ThreadWorkers::stop() {
  const int self = on_worker_thread() ? 1 : 0;
  std::list<std::thread> threads;
  {
    std::unique_lock lock(shared_->mutex);
    shared_->stopping = true;
    shared_->call_all();
    // A handler may be waiting for what only another one, still queued, will bring.
    while (shared_->alive > self) {
      if (shared_->gone.wait_for(lock, shared_->lending.patience) == std::cv_status::timeout)
        lend(shared_, this);
    }
    threads.splice(threads.end(), shared_->threads);
    threads.splice(threads.end(), shared_->ended);
  }
  for (std::thread& t : threads) {
    if (t.get_id() == std::this_thread::get_id()) {
      t.detach();
    } else {
      t.join();
    }
  }
  std::deque<Task> rest;
  {
    std::lock_guard lock(shared_->mutex);
    shared_->stopped = true;
    rest.swap(shared_->queue);
  }
  for (Task& task : rest) task();
}

int ThreadWorkers::threads() const {
  std::lock_guard lock(shared_->mutex);
  return shared_->alive;
}

bool ThreadWorkers::on_worker_thread() const {
  return current_pool == this;
}

void ThreadWorkers::run(Shared& s, bool lent) {
  Seat seat;
  current_seat = &seat;
  std::unique_lock lock(s.mutex);
  s.seats.push_back(&seat);
  const auto called = [&] { return s.stopping || !s.queue.empty() || (lent && s.retire > 0); };
  for (;;) {
    if (lent && s.retire > 0) {
      --s.retire;
      break;
    }
    if (!s.queue.empty()) {
      Task task = std::move(s.queue.front());
      s.queue.pop_front();
      lock.unlock();
      task();
      task = nullptr;
      lock.lock();
    } else if (s.stopping) {
      break;
    } else if (lent) {
      ++s.idle_lent;
      const bool needed = s.wake_lent.wait_for(lock, s.lending.idle, called);
      --s.idle_lent;
      if (!needed) break;
    } else {
      s.wait(lock, seat);
    }
  }
  std::erase(s.seats, &seat);
  current_seat = nullptr;
  --s.alive;
  if (lent) {
    --s.lent;
    const auto self = std::find_if(s.threads.begin(), s.threads.end(), [](const std::thread& t) {
      return t.get_id() == std::this_thread::get_id();
    });
    if (self != s.threads.end()) s.ended.splice(s.ended.end(), s.threads, self);
  }
  s.gone.notify_all();
}

}  // namespace dmss::session

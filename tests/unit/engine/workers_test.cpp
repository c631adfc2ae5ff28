#include "session/engine/workers.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "session/engine/completion.hpp"

using namespace dmss;
using namespace dmss::session;

namespace {

void flush(const std::shared_ptr<Actor>& actor) {
  std::promise<void> done;
  actor->post([&] { done.set_value(); });
  done.get_future().wait();
}

}  // namespace

TEST_CASE("tasks of one actor run in order and never at the same time, posted from many threads") {
  auto pool = std::make_shared<ThreadWorkers>(4);
  auto actor = std::make_shared<Actor>(pool);
  std::atomic<int> inside{0};
  std::atomic<bool> overlapped{false};
  std::vector<std::pair<int, int>> seen;  // only ever touched inside the actor
  std::vector<std::thread> posters;
  for (int p = 0; p < 4; ++p) {
    posters.emplace_back([&, p] {
      for (int i = 0; i < 500; ++i) {
        actor->post([&, p, i] {
          if (inside.fetch_add(1) != 0) overlapped = true;
          seen.emplace_back(p, i);
          inside.fetch_sub(1);
        });
      }
    });
  }
  for (auto& t : posters) t.join();
  flush(actor);
  CHECK_FALSE(overlapped);
  REQUIRE(seen.size() == 2000);
  int next[4] = {};
  for (const auto& [p, i] : seen) CHECK(i == next[p]++);
}

TEST_CASE("one actor's blocked task does not stop another actor") {
  auto pool = std::make_shared<ThreadWorkers>(2);
  auto blocked = std::make_shared<Actor>(pool);
  auto free = std::make_shared<Actor>(pool);
  std::promise<void> open;
  blocked->post([f = open.get_future().share()] { f.wait(); });
  flush(free);
  open.set_value();
  flush(blocked);
}

namespace {

/// A pool of two whose looks the test makes.
struct Lender {
  explicit Lender(Lending lending = {.most = 3}) : pool(std::make_shared<ThreadWorkers>(2, lending)) {
    pool->watch([this] { ++asked; });
  }
  ~Lender() {
    release();
    pool->stop();
  }
  void release() {
    if (!std::exchange(open, true)) gate.set_value();
  }
  /// A task that is in a handler (or not) until release(); returns when it has begun.
  void block(bool in_handler) {
    submit_block(in_handler);
    wait_for_begun(++blocked);
  }
  void submit_block(bool in_handler) {
    pool->submit([this, in_handler, opened = opened] {
      const auto wait = [&] {
        note_begun();
        opened.wait();
      };
      in_handler ? call_handler(wait) : wait();
    });
  }
  void note_begun() {
    std::lock_guard lock(mutex);
    ++begun;
    changed.notify_all();
  }
  void wait_for_begun(int n) {
    std::unique_lock lock(mutex);
    REQUIRE(changed.wait_for(lock, std::chrono::seconds(30), [&] { return begun >= n; }));
  }
  std::future<void> submit() {
    auto done = std::make_shared<std::promise<void>>();
    pool->submit([done] { done->set_value(); });
    return done->get_future();
  }

  std::atomic<int> asked{0};
  std::promise<void> gate;
  std::shared_future<void> opened = gate.get_future().share();
  bool open = false;
  int blocked = 0;
  std::mutex mutex;
  std::condition_variable changed;
  int begun = 0;
  std::shared_ptr<ThreadWorkers> pool;
};

bool runs(const std::future<void>& f) {
  return f.wait_for(std::chrono::seconds(30)) == std::future_status::ready;
}

}  // namespace

TEST_CASE("handlers that keep every worker do not keep what waits: a thread is lent for each") {
  Lender l;
  l.block(true);
  CHECK(runs(l.submit()));  // the other worker
  l.block(true);
  CHECK(l.pool->threads() == 2);
  std::future<void> waits = l.submit();
  CHECK(l.asked > 0);
  for (int i = 0; i < 2; ++i) l.pool->look();
  CHECK(runs(waits));
  CHECK(runs(l.submit()));  // by the same
  CHECK(l.pool->threads() <= 4);
  CHECK(l.pool->threads() > 2);
}

TEST_CASE("lent threads that are kept in turn are followed by others, up to a bound") {
  Lender l;
  for (int i = 0; i < 2; ++i) l.block(true);
  for (int i = 0; i < 5; ++i) l.submit_block(true);
  for (int n = 3; n <= 5; ++n) {
    for (int i = 0; i < 3; ++i) l.pool->look();
    l.wait_for_begun(n);
  }
  for (int i = 0; i < 10; ++i) l.pool->look();
  CHECK(l.pool->threads() == 5);
  l.release();
  l.wait_for_begun(7);
}

TEST_CASE("tasks that are slow outside handlers, or in one handler after the other, get no thread more") {
  Lender l;
  std::vector<std::future<void>> waiting;
  SECTION("slow") {
    for (int i = 0; i < 2; ++i) l.block(false);
    for (int i = 0; i < 10; ++i) waiting.push_back(l.submit());
    for (int i = 0; i < 10; ++i) l.pool->look();
  }
  SECTION("another handler at each look") {
    constexpr int kRounds = 10;
    std::mutex mutex;
    std::condition_variable changed;
    int round = 0;
    for (int i = 0; i < 2; ++i) {
      l.pool->submit([&] {
        for (int n = 0; n < kRounds; ++n) {
          call_handler([&] {
            l.note_begun();
            std::unique_lock lock(mutex);
            changed.wait(lock, [&] { return round > n; });
          });
        }
      });
    }
    l.wait_for_begun(2);
    for (int i = 0; i < 10; ++i) waiting.push_back(l.submit());
    for (int n = 1; n < kRounds; ++n) {
      {
        std::lock_guard lock(mutex);
        round = n;
      }
      changed.notify_all();
      l.wait_for_begun(2 * (n + 1));
      l.pool->look();
      CHECK(l.pool->threads() == 2);
    }
    {
      std::lock_guard lock(mutex);
      round = kRounds;
    }
    changed.notify_all();
    for (const auto& w : waiting) CHECK(runs(w));
  }
  CHECK(l.pool->threads() == 2);
  l.release();
  for (const auto& w : waiting) CHECK(runs(w));
}

TEST_CASE("a lent thread ends when it has had nothing to do for a while, the pool's own stay") {
  struct AtThreadEnd {
    std::promise<void>* ended = nullptr;
    ~AtThreadEnd() {
      if (ended != nullptr) ended->set_value();
    }
  };
  std::promise<void> ended;
  Lender l({.most = 3, .idle = std::chrono::milliseconds(1)});
  for (int i = 0; i < 2; ++i) l.block(true);
  l.pool->submit([&] {
    static thread_local AtThreadEnd at_end;
    at_end.ended = &ended;
  });
  for (int i = 0; i < 2; ++i) l.pool->look();
  CHECK(runs(ended.get_future()));
  CHECK(l.pool->threads() == 2);
  // It may be needed again.
  std::future<void> waits = l.submit();
  for (int i = 0; i < 2; ++i) l.pool->look();
  CHECK(runs(waits));
}

TEST_CASE("a pool that stops still lends: a handler may wait for what is queued behind it") {
  auto pool = std::make_shared<ThreadWorkers>(1, Lending{.patience = std::chrono::milliseconds(1)});
  std::promise<void> begun, comes;
  pool->submit([&] {
    call_handler([&] {
      begun.set_value();
      comes.get_future().wait();
    });
  });
  begun.get_future().wait();
  pool->submit([&] { comes.set_value(); });
  pool->stop();
  CHECK(pool->threads() == 0);
}

TEST_CASE("what was posted before the pool stops runs, and what is posted after runs on the posting thread") {
  auto pool = std::make_shared<ThreadWorkers>(2);
  auto actor = std::make_shared<Actor>(pool);
  int ran = 0;
  for (int i = 0; i < 100; ++i) actor->post([&] { ++ran; });
  pool->stop();
  CHECK(ran == 100);
  std::thread::id where;
  actor->post([&] {
    where = std::this_thread::get_id();
    actor->post([&] { ++ran; });
  });
  CHECK(where == std::this_thread::get_id());
  CHECK(ran == 101);
}

TEST_CASE("tasks of one actor do not overlap on the posting threads either, after the pool has stopped") {
  struct Stopped final : Workers {
    bool submit(Task) override {
      std::this_thread::yield();
      return false;
    }
    int threads() const override { return 0; }
  };
  auto actor = std::make_shared<Actor>(std::make_shared<Stopped>());
  std::atomic<int> inside{0};
  std::atomic<int> overlaps{0};
  std::atomic<int> ran{0};
  std::vector<std::thread> posters;
  for (int p = 0; p < 8; ++p) {
    posters.emplace_back([&] {
      for (int i = 0; i < 10000; ++i) {
        actor->post([&] {
          if (inside.fetch_add(1) != 0) ++overlaps;
          std::this_thread::yield();
          ++ran;
          inside.fetch_sub(1);
        });
      }
    });
  }
  for (auto& t : posters) t.join();
  CHECK(overlaps == 0);
  CHECK(ran == 80000);
}

TEST_CASE("a pool may be let go by a task of its own") {
  struct AtThreadEnd {
    std::promise<void>* ended = nullptr;
    ~AtThreadEnd() {
      if (ended != nullptr) ended->set_value();
    }
  };
  std::promise<void> go, ended;
  auto pool = std::make_shared<ThreadWorkers>(2);
  std::weak_ptr<ThreadWorkers> left = pool;
  pool->submit([keep = pool, &ended, may_go = go.get_future().share()] {
    static thread_local AtThreadEnd at_end;
    at_end.ended = &ended;
    may_go.wait();
  });
  pool.reset();
  CHECK_FALSE(left.expired());
  go.set_value();
  REQUIRE(ended.get_future().wait_for(std::chrono::seconds(30)) == std::future_status::ready);
  CHECK(left.expired());
}

TEST_CASE("a completion is called once: the first answer wins") {
  auto pool = std::make_shared<ThreadWorkers>(1);
  auto actor = std::make_shared<Actor>(pool);
  std::vector<int> answers;
  {
    Completion<int> done(
        actor, [&](Result<int> r) { answers.push_back(r ? *r : -static_cast<int>(r.error().code())); });
    Operation op = done.operation();
    done(7);
    done(8);
    op.cancel();
  }
  flush(actor);
  CHECK(answers == std::vector<int>{7});
}

TEST_CASE("a completion whose owners are all gone says cancelled") {
  auto pool = std::make_shared<ThreadWorkers>(1);
  auto actor = std::make_shared<Actor>(pool);
  std::vector<Errc> answers;
  Operation op;
  {
    Completion<int> done(actor, [&](Result<int> r) { answers.push_back(r.error().code()); });
    op = done.operation();
  }
  op.cancel();
  flush(actor);
  CHECK(answers == std::vector<Errc>{Errc::cancelled});
}

TEST_CASE("cancelling completes at once and the late result is dropped") {
  auto pool = std::make_shared<ThreadWorkers>(1);
  auto actor = std::make_shared<Actor>(pool);
  std::vector<Errc> answers;
  Completion<int> done(actor, [&](Result<int> r) { answers.push_back(r.error().code()); });
  done.operation().cancel();
  CHECK(done.finished());
  done(3);
  flush(actor);
  CHECK(answers == std::vector<Errc>{Errc::cancelled});
}

TEST_CASE("a handler's captures are released after the call") {
  auto pool = std::make_shared<ThreadWorkers>(1);
  auto actor = std::make_shared<Actor>(pool);
  auto token = std::make_shared<int>(1);
  std::weak_ptr<int> watch = token;
  Completion<int> done(actor, [token](Result<int>) {});
  token.reset();
  done(1);
  flush(actor);
  flush(actor);
  CHECK(watch.expired());
}

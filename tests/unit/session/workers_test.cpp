#include "session/engine/workers.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <future>
#include <memory>

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

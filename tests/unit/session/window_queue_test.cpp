// What a window gives up when its handlers cannot keep up.
#include "session/live/window.hpp"

#include <catch2/catch.hpp>
#include <deque>
#include <string>

using namespace dmss;
using namespace dmss::session;
using namespace std::chrono_literals;

namespace {

/// Handlers run when the test says so.
struct HeldWorkers final : Workers {
  bool submit(Task task) override {
    held.push_back(std::move(task));
    return true;
  }
  int threads() const override { return 0; }
  void run() {
    while (!held.empty()) {
      Task task = std::move(held.front());
      held.pop_front();
      task();
    }
  }
  std::deque<Task> held;
};

/// A window that is fed every 100 ms: 'K' a key picture, 'p' a picture that needs the one before, 'a' sound.
struct Scene {
  explicit Scene(Quality quality) {
    LiveOptions options;
    options.quality = quality;
    LiveHandlers handlers;
    handlers.on_packet = [this](const Packet& p) {
      shown += p.kind == MediaKind::audio ? 'a' : p.key ? 'K' : 'p';
      last_time = p.time;
    };
    window = std::make_shared<Window>(std::make_shared<Actor>(workers), clock, options, handlers, Logger());
    window->on_behind = [this](bool lasting) { overloads += lasting ? 1 : 0; };
    window->wait_for_key();
  }
  ~Scene() { workers->run(); }  // what waits holds the window, which holds the workers
  void feed(std::string_view units, std::size_t size = 100) {
    for (char c : units) {
      media::AccessUnit u;
      u.kind = c == 'a' ? MediaKind::audio : MediaKind::video;
      u.key = c == 'K';
      u.data = media::Buffer::copy_of(Bytes(size));
      u.arrived = clock.now();
      u.time = std::chrono::milliseconds(fed++ * 100);
      window->push(u, StreamKind::main);
      clock.advance(100ms, [] {});
    }
  }
  std::string run() {
    workers->run();
    return std::exchange(shown, {});
  }
  std::shared_ptr<HeldWorkers> workers = std::make_shared<HeldWorkers>();
  net::VirtualClock clock;
  std::shared_ptr<Window> window;
  std::string shown;
  MediaTime last_time{};
  int fed = 0;
  int overloads = 0;
};

}  // namespace

TEST_CASE(
    "nothing is shown before the first key picture, and everything after it while the handler keeps up") {
  Scene s(Quality::real_time);
  s.feed("ppapKpap");
  CHECK(s.run() == "aKpap");
  for (int i = 0; i < 100; ++i) {
    s.feed("p");
    CHECK(s.run() == "p");
  }
  CHECK(s.window->stats().dropped == 0);
  CHECK(s.window->stats().packets == 106);
}

TEST_CASE("real time: half a second may wait, then it goes on from the newest key picture") {
  Scene s(Quality::real_time);
  s.feed("KppKpp");
  CHECK(s.run() == "KppKpp");
  s.feed("KppKppp");
  CHECK(s.run() == "Kppp");
  CHECK(s.window->stats().dropped == 3);
}

TEST_CASE("real time: without a key picture to go on from it waits for the next one") {
  Scene s(Quality::real_time);
  s.feed("Kppppppp");
  CHECK(s.run().empty());
  CHECK(s.window->stats().dropped == 7);  // the last one was not even taken in
  s.feed("ppKp");
  CHECK(s.run() == "Kp");
}

TEST_CASE("real time: a key picture that comes too late for the queue replaces it") {
  Scene s(Quality::real_time);
  s.feed("KpppppK");
  CHECK(s.run() == "K");
  CHECK(s.window->stats().dropped == 6);
}

TEST_CASE("pictures whose reference was dropped are not shown, also when sound made the queue overflow") {
  Scene s(Quality::real_time);
  s.feed("Kpppppa");
  s.feed("pp");
  CHECK(s.run() == "a");
  CHECK(s.window->stats().dropped == 6);
  s.feed("pKp");
  CHECK(s.run() == "Kp");
}

TEST_CASE("fluent: two seconds may wait") {
  Scene s(Quality::fluent);
  s.feed("K" + std::string(20, 'p'));
  CHECK(s.run() == "K" + std::string(20, 'p'));
  s.feed("K" + std::string(21, 'p'));
  CHECK(s.run().empty());
  CHECK(s.window->stats().dropped == 22);
}

TEST_CASE("a queue is bounded in bytes whatever its age") {
  Scene s(Quality::fluent);
  s.feed("Kpp", 10u << 20);
  CHECK(s.window->stats().dropped == 0);
  s.feed("p", 10u << 20);
  CHECK(s.window->stats().dropped == 4);
  CHECK(s.run().empty());
}

TEST_CASE("automatic: three overloads within ten seconds ask for the small stream, other policies never do") {
  for (Quality quality : {Quality::automatic, Quality::real_time, Quality::fluent}) {
    Scene s(quality);
    for (int round = 0; round < 2; ++round) {
      s.feed("KpppppK");
      s.run();
    }
    CHECK(s.overloads == 0);
    s.feed("KpppppK");
    CHECK(s.overloads == (quality == Quality::automatic ? 1 : 0));
  }
}

TEST_CASE("automatic: overloads that lie far apart do not add up") {
  Scene s(Quality::automatic);
  for (int round = 0; round < 5; ++round) {
    s.feed("KpppppK");
    s.run();
    for (int i = 0; i < 120; ++i) {
      s.feed("p");
      s.run();
    }
  }
  CHECK(s.overloads == 0);
  CHECK(s.window->stats().dropped > 0);
}

TEST_CASE("a released window shows nothing more") {
  Scene s(Quality::real_time);
  s.feed("Kp");
  s.window->release();
  CHECK(s.run().empty());
}

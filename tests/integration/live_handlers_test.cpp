// What callers do in and around the handlers of live windows: destroying, keeping, blocking.
#include <catch2/catch.hpp>

#include "integration/windows.hpp"

using namespace dmss;
using namespace dmss::test;

TEST_CASE("a live may be destroyed from inside its own handler") {
  RecorderProcess recorder;
  Engine engine(quiet_engine());
  Device device = engine.device(device_options(recorder));
  struct Mine {
    std::promise<void> gone;
    std::mutex mutex;
    Live live;
  };
  const auto mine = std::make_shared<Mine>();
  LiveHandlers h;
  h.on_frame = [mine](const Frame&) {
    std::lock_guard lock(mine->mutex);
    if (!mine->live) return;
    mine->live = Live();
    mine->gone.set_value();
  };
  {
    std::lock_guard lock(mine->mutex);
    mine->live = device.open_live(patient(1), std::move(h));
  }
  CHECK(mine->gone.get_future().wait_for(30s) == std::future_status::ready);
}

TEST_CASE("a frame that is kept outlives its window, device and engine") {
  RecorderProcess recorder;
  Frame kept;
  {
    std::promise<Frame> first;
    std::atomic<bool> taken{false};
    Engine engine(quiet_engine());
    Device device = engine.device(device_options(recorder));
    LiveHandlers h;
    h.on_frame = [&](const Frame& f) {
      if (!taken.exchange(true)) first.set_value(f);
    };
    Live live = device.open_live(patient(7), std::move(h));
    kept = first.get_future().get();
  }
  const auto stamp = media::read_stamp(kept.plane(0).data, kept.plane(0).stride, kept.width(), kept.height());
  REQUIRE(stamp);
  CHECK(stamp->channel == 7);
}

TEST_CASE("as many blocked handlers as workers do not stop the other windows, nor a request's answer") {
  RecorderProcess recorder;
  EngineOptions options = quiet_engine();
  options.workers = 2;
  Engine engine(options);
  Device device = engine.device(device_options(recorder));
  struct Gate {
    std::mutex mutex;
    std::condition_variable changed;
    bool open = false;
    int inside = 0;
  };
  const auto gate = std::make_shared<Gate>();
  const std::shared_ptr<void> opens_at_end(nullptr, [gate](void*) {
    std::lock_guard lock(gate->mutex);
    gate->open = true;
    gate->changed.notify_all();
  });
  LiveHandlers blocking;
  blocking.on_frame = [gate](const Frame&) {
    std::unique_lock lock(gate->mutex);
    ++gate->inside;
    gate->changed.notify_all();
    gate->changed.wait(lock, [&] { return gate->open; });
  };
  Live first = device.open_live(patient(1), blocking);
  Live second = device.open_live(patient(2), blocking);
  {
    std::unique_lock lock(gate->mutex);
    REQUIRE(gate->changed.wait_for(lock, 30s, [&] { return gate->inside == 2; }));
  }
  TestWindow window(3);
  Live third = device.open_live(patient(3), window.handlers());
  CHECK(window.wait_frames(10));
  CHECK(log_in(device).has_value());
  CHECK(snapshot(third).has_value());
  CHECK(engine.stats().threads > 3);
  CHECK(engine.stats().threads <= 5);
  std::lock_guard lock(gate->mutex);
  CHECK(gate->inside == 2);
}

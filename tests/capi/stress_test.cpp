// Everything from many threads and from inside callbacks, meant for ThreadSanitizer and AddressSanitizer.
#include <atomic>
#include <condition_variable>
#include <set>
#include <thread>
#include <vector>

#include "capi/handles.hpp"

using namespace capi;

namespace {

struct Owned;

struct Counters {
  std::atomic<int> made{0}, destroyed{0}, started{0}, completed{0}, frames{0};
  std::mutex mutex;
  std::condition_variable shown;
  std::set<Owned*> alive;

  bool wait_for_frames(int n) {
    std::unique_lock lock(mutex);
    return shown.wait_for(lock, std::chrono::seconds(60), [&] { return frames >= n; });
  }
};

struct Owned {
  Counters* counters = nullptr;
  dmss_live* self = nullptr;
  std::atomic<bool> destroy_inside{false};
  std::mutex mutex;
};

void destroy_owned(void* user) {
  auto* o = static_cast<Owned*>(user);
  ++o->counters->destroyed;
  {
    std::lock_guard lock(o->counters->mutex);
    o->counters->alive.erase(o);
  }
  delete o;
}

void on_frame(void* user, const dmss_frame* frame) {
  auto* o = static_cast<Owned*>(user);
  {
    std::lock_guard lock(o->counters->mutex);
    ++o->counters->frames;
  }
  o->counters->shown.notify_all();
  dmss_frame* kept = dmss_frame_retain(frame);
  dmss_frame_info info = DMSS_FRAME_INFO_INIT;
  dmss_frame_get_info(kept, &info);
  dmss_frame_release(kept);
  dmss_live* mine = nullptr;
  {
    std::lock_guard lock(o->mutex);
    if (o->self == nullptr) return;
    dmss_live_stats stats = DMSS_LIVE_STATS_INIT;
    dmss_live_get_stats(o->self, &stats);
    dmss_live_mute(o->self, stats.frames % 2 == 0);
    if (o->destroy_inside) mine = std::exchange(o->self, nullptr);
  }
  dmss_live_destroy(mine);
}

void on_done(void* user, const dmss_error*) {
  ++static_cast<Counters*>(user)->completed;
}
void on_bytes(void* user, const dmss_error*, dmss_bytes) {
  ++static_cast<Counters*>(user)->completed;
}
void on_text(void* user, const dmss_error*, dmss_str) {
  ++static_cast<Counters*>(user)->completed;
}
void on_login(void* user, const dmss_error*, const dmss_device_info*) {
  ++static_cast<Counters*>(user)->completed;
}

void open_and_play(dmss_device* device, Counters& counters, int channel, bool destroy_inside) {
  auto* owned = new Owned;
  owned->counters = &counters;
  owned->destroy_inside = destroy_inside;
  ++counters.made;
  {
    std::lock_guard lock(counters.mutex);
    counters.alive.insert(owned);
  }
  dmss_live_config c = DMSS_LIVE_CONFIG_INIT;
  c.channel = channel;
  c.on_frame = on_frame;
  c.user_data = owned;
  c.destroy = destroy_owned;
  dmss_live* live = nullptr;
  // The handler may run and end the window before this returns.
  std::unique_lock lock(owned->mutex);
  if (dmss_live_open(device, &c, &live) != DMSS_OK) {
    lock.unlock();
    destroy_owned(owned);
    return;
  }
  if (!destroy_inside) {
    lock.unlock();
    counters.started += 2;
    dmss_live_switch_stream(live, DMSS_STREAM_MAIN, on_done, &counters, nullptr, nullptr);
    dmss_live_pause(live);
    dmss_live_resume(live);
    dmss_live_snapshot(live, 5, on_bytes, &counters, nullptr, nullptr);
    dmss_live_destroy(live);
    return;
  }
  owned->self = live;
}

void on_name(void* user, const dmss_error*, const dmss_channel_name_config*) {
  ++static_cast<Counters*>(user)->completed;
}
void on_capabilities(void* user, const dmss_error*, const dmss_capabilities*) {
  ++static_cast<Counters*>(user)->completed;
}

/// Subscribes and leaves at once, whatever state the subscription has reached.
void on_events_gone(void* user) {
  ++static_cast<Counters*>(user)->completed;
}

void listen(dmss_device* device, Counters& counters) {
  ++counters.started;
  dmss_events_config c = DMSS_EVENTS_CONFIG_INIT;
  c.user_data = &counters;
  c.destroy = on_events_gone;
  dmss_events* events = nullptr;
  if (dmss_events_open(device, &c, &events) != DMSS_OK) return on_events_gone(&counters);
  dmss_events_stats stats = DMSS_EVENTS_STATS_INIT;
  dmss_events_get_stats(events, &stats);
  dmss_events_destroy(events);
}

void use_control(dmss_device* device, Counters& counters, int round) {
  counters.started += 5;
  dmss_channel_name_get(device, 1 + round % 16, on_name, &counters, nullptr, nullptr);
  dmss_device_capabilities(device, 1, 0, on_capabilities, &counters, nullptr, nullptr);
  dmss_operation* operation = nullptr;
  dmss_ptz_command(device, 1, DMSS_PTZ_GOTO_PRESET, 1, 0, {nullptr, 0}, on_done, &counters, nullptr,
                   &operation);
  if (round % 2 == 0) dmss_operation_cancel(operation);
  dmss_operation_destroy(operation);
  dmss_ptz_move_config c = DMSS_PTZ_MOVE_CONFIG_INIT;
  c.channel = 1 + round % 2;
  c.on_started = on_done;
  c.on_stopped = on_done;
  c.user_data = &counters;
  dmss_ptz_move* move = nullptr;
  if (dmss_ptz_move_start(device, &c, &move) != DMSS_OK) counters.completed += 2;
  dmss_ptz_move_stop(move);
  dmss_ptz_move_destroy(move);
  listen(device, counters);
}

void use_device(dmss_device* device, Counters& counters, int round) {
  counters.started += 3;
  dmss_operation* operation = nullptr;
  dmss_device_login(device, 0, 0, on_login, &counters, nullptr, &operation);
  if (round % 3 == 0) dmss_operation_cancel(operation);
  dmss_operation_destroy(operation);
  dmss_device_call(device, dmss_str_from("magicBox.getDeviceType"), {nullptr, 0}, 0, 0, on_text, &counters,
                   nullptr, nullptr);
  dmss_device_snapshot(device, 1 + round % 16, 0, on_bytes, &counters, nullptr, nullptr);
  dmss_device_stats stats = DMSS_DEVICE_STATS_INIT;
  dmss_device_get_stats(device, &stats);
  use_control(device, counters, round);
}

}  // namespace

TEST_CASE(
    "everything at once from many threads: each request completes once, each user_data is destroyed once") {
  RecorderProcess recorder;
  Counters counters;
  for (int round = 0; round < 3; ++round) {
    dmss_engine* engine = make_engine();
    const dmss_device_config config = device_config(recorder);
    dmss_device* shared = make_device(engine, config);
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < 8; ++i) {
          use_device(shared, counters, i);
          open_and_play(shared, counters, 1 + (t * 8 + i) % 16, i % 2 == 0);
          dmss_device* own = make_device(engine, config);
          open_and_play(own, counters, 1 + i, true);
          dmss_device_destroy(own);
          dmss_engine_stats stats = DMSS_ENGINE_STATS_INIT;
          dmss_engine_get_stats(engine, &stats);
          if (i == 4) dmss_device_logout(shared);
        }
      });
    }
    for (auto& t : threads) t.join();
    // The last round is torn down before pictures come.
    if (round < 2) CHECK(counters.wait_for_frames(10 * (round + 1)));
    dmss_device_destroy(shared);
    dmss_engine_destroy(engine);
  }
  CHECK(counters.completed == counters.started);
  // Windows whose handler never ran have not given themselves back; handles outlive their engine.
  std::vector<dmss_live*> left;
  for (Owned* o : counters.alive) {
    if (o->self != nullptr) left.push_back(std::exchange(o->self, nullptr));
  }
  for (dmss_live* live : left) dmss_live_destroy(live);
  CHECK(counters.destroyed == counters.made);
}

TEST_CASE("an engine may be destroyed inside one of its own callbacks") {
  RecorderProcess recorder;
  for (int round = 0; round < 5; ++round) {
    struct State {
      dmss_engine* engine;
      dmss_device* device;
      Board board;
    } state{nullptr, nullptr, {}};
    const auto destroyed = [](void* user) {
      static_cast<State*>(user)->board.note([](Board& b) { ++b.destroyed; });
    };
    dmss_engine_config engine = DMSS_ENGINE_CONFIG_INIT;
    engine.user_data = &state;
    engine.destroy = destroyed;
    state.engine = make_engine(engine);
    const dmss_device_config config = device_config(recorder);
    state.device = make_device(state.engine, config);
    const auto destroy_all = [](void* user, const dmss_error*, const dmss_device_info*) {
      auto* s = static_cast<State*>(user);
      dmss_engine_destroy(s->engine);
      dmss_device_destroy(s->device);
      s->board.note([](Board& b) { ++b.answers; });
    };
    REQUIRE(dmss_device_login(state.device, 0, 0, destroy_all, &state, destroyed, nullptr) == DMSS_OK);
    // The request's and, once the engine's threads are done, the engine's.
    REQUIRE(state.board.wait([](const Board& b) { return b.answers == 1 && b.destroyed == 2; }));
  }
}

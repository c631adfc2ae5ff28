#include "capi/handles.hpp"

using namespace capi;

namespace {

void on_frame(void* user, const dmss_frame* frame) {
  dmss_frame_info info = DMSS_FRAME_INFO_INIT;
  dmss_frame_get_info(frame, &info);
  static_cast<Board*>(user)->note([&](Board& b) {
    ++b.frames;
    b.width = info.width;
    b.height = info.height;
    b.frame_arrived_us = info.arrived_us;
    if (b.kept == nullptr) b.kept = dmss_frame_retain(frame);
  });
}
void on_audio(void* user, const dmss_audio* audio) {
  static_cast<Board*>(user)->note([&](Board& b) { b.audio += audio->sample_count > 0 ? 1 : 0; });
}
void on_packet(void* user, const dmss_packet* packet) {
  static_cast<Board*>(user)->note([&](Board& b) {
    b.packets += packet->data.size > 0 ? 1 : 0;
    b.packet_arrived_us = packet->arrived_us;
  });
}
void on_state(void* user, int32_t state, const dmss_error* why) {
  static_cast<Board*>(user)->note([&](Board& b) {
    b.state = state;
    b.code = why != nullptr ? why->code : 0;
  });
}
void on_bytes(void* user, const dmss_error* error, dmss_bytes bytes) {
  static_cast<Board*>(user)->note([&](Board& b) {
    ++b.answers;
    b.code = error != nullptr ? error->code : 0;
    b.bytes = bytes.size;
  });
}
void on_done(void* user, const dmss_error* error) {
  static_cast<Board*>(user)->note([&](Board& b) {
    ++b.answers;
    b.code = error != nullptr ? error->code : 0;
  });
}

}  // namespace

TEST_CASE(
    "live through the C ABI: pictures, sound, packets, snapshot, switch, statistics, and everything given "
    "back") {
  RecorderProcess recorder;
  dmss_engine* engine = make_engine();
  dmss_device* device = make_device(engine, device_config(recorder));
  Board board;
  dmss_live_config c = DMSS_LIVE_CONFIG_INIT;
  c.channel = 2;
  c.quality = DMSS_QUALITY_FLUENT;
  c.on_frame = on_frame;
  c.on_audio = on_audio;
  c.on_packet = on_packet;
  c.on_state = on_state;
  c.user_data = &board;
  c.destroy = count_destroy;
  const auto monotonic_us = [] {
    return std::chrono::duration_cast<std::chrono::microseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
  };
  const int64_t begin_us = monotonic_us();
  dmss_live* live = nullptr;
  REQUIRE(dmss_live_open(device, &c, &live) == DMSS_OK);
  REQUIRE(board.wait([](const Board& b) { return b.frames >= 20 && b.audio >= 3 && b.packets >= 20; }));
  board.note([&](Board& b) {
    CHECK(b.width == 704);
    const int64_t now_us = monotonic_us();
    for (const int64_t arrived_us : {b.frame_arrived_us, b.packet_arrived_us}) {
      CHECK(arrived_us >= begin_us);
      CHECK(arrived_us <= now_us);
    }
  });

  Board snapshot;
  REQUIRE(dmss_live_snapshot(live, 0, on_bytes, &snapshot, count_destroy, nullptr) == DMSS_OK);
  REQUIRE(snapshot.wait([](const Board& b) { return b.answers == 1 && b.destroyed == 1; }));
  CHECK(snapshot.code == 0);
  CHECK(snapshot.bytes > 1000);

  Board burst;
  const auto on_picture = [](void* user, int32_t index, dmss_bytes jpeg) {
    static_cast<Board*>(user)->note([&](Board& b) {
      if (index == b.packets && jpeg.size > 1000 && jpeg.data[0] == 0xff && jpeg.data[1] == 0xd8) ++b.packets;
    });
  };
  REQUIRE(dmss_live_snapshot_burst(live, 4, 0, 0, on_picture, on_done, &burst, count_destroy, nullptr) ==
          DMSS_OK);
  REQUIRE(burst.wait([](const Board& b) { return b.answers == 1 && b.destroyed == 1; }));
  CHECK(burst.code == 0);
  CHECK(burst.packets == 4);

  Board switched;
  REQUIRE(dmss_live_switch_stream(live, DMSS_STREAM_MAIN, on_done, &switched, count_destroy, nullptr) ==
          DMSS_OK);
  REQUIRE(switched.wait([](const Board& b) { return b.answers == 1 && b.destroyed == 1; }));
  CHECK(switched.code == 0);
  REQUIRE(board.wait([](const Board& b) { return b.width == 1920; }));

  dmss_live_stats stats = DMSS_LIVE_STATS_INIT;
  REQUIRE(dmss_live_get_stats(live, &stats) == DMSS_OK);
  CHECK(stats.state == DMSS_LIVE_PLAYING);
  CHECK(stats.frames >= 20);
  CHECK(stats.first_frame_us > 0);
  CHECK(stats.stream == DMSS_STREAM_MAIN);
  CHECK(std::string(stats.transport, stats.transport_size).rfind("rtsp/tcp 127.0.0.1:", 0) == 0);

  // Children outlive parents.
  dmss_device_destroy(device);
  REQUIRE(dmss_live_stop(live) == DMSS_OK);
  REQUIRE(board.wait([](const Board& b) { return b.state == DMSS_LIVE_STOPPED; }));
  dmss_live_destroy(live);
  dmss_engine_destroy(engine);
  CHECK(board.destroyed == 1);
  dmss_frame_info info = DMSS_FRAME_INFO_INIT;
  REQUIRE(board.kept != nullptr);
  CHECK(dmss_frame_get_info(board.kept, &info) == DMSS_OK);
  CHECK(info.width == 704);
  CHECK(info.plane[0] != nullptr);
  dmss_frame_release(board.kept);
}

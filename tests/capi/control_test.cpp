// Control through the C header: configuration, PTZ, the device's own affairs, events.
#include <algorithm>
#include <vector>

#include "capi/handles.hpp"

using namespace capi;

namespace {

/// Waits for the answer of one request and runs `take` inside its callback.
template <class Value>
struct Answer {
  Board board;
  std::function<void(const Value&)> take;

  static void done(void* user, const dmss_error* error, const Value* value) {
    auto* self = static_cast<Answer*>(user);
    if (value != nullptr && self->take) self->take(*value);
    self->board.note([&](Board& b) {
      ++b.answers;
      b.code = error != nullptr ? error->code : 0;
      if (error != nullptr) b.message = text(error->message);
    });
  }
  static void destroy(void* user) { count_destroy(&static_cast<Answer*>(user)->board); }
  int32_t wait() {
    REQUIRE(board.wait([](const Board& b) { return b.answers == 1 && b.destroyed == 1; }));
    return board.code;
  }
};

struct Done {
  Board board;
  static void done(void* user, const dmss_error* error) {
    static_cast<Done*>(user)->board.note([&](Board& b) {
      ++b.answers;
      b.code = error != nullptr ? error->code : 0;
    });
  }
  static void destroy(void* user) { count_destroy(&static_cast<Done*>(user)->board); }
  int32_t wait(int answers = 1) {
    REQUIRE(board.wait([answers](const Board& b) { return b.answers == answers && b.destroyed == 1; }));
    return board.code;
  }
};

using Written = Answer<dmss_config_written>;

struct Origin {
  dmss_config_origin* held = nullptr;
  ~Origin() { dmss_config_origin_release(held); }
};

std::string read_table(dmss_device* device, const char* name, int32_t channel) {
  struct Text {
    Board board;
    static void done(void* user, const dmss_error* error, dmss_str json) {
      static_cast<Text*>(user)->board.note([&](Board& b) {
        ++b.answers;
        b.code = error != nullptr ? error->code : 0;
        b.json = text(json);
      });
    }
  } answer;
  REQUIRE(dmss_config_read(device, dmss_str_from(name), channel, Text::done, &answer, nullptr, nullptr) ==
          DMSS_OK);
  REQUIRE(answer.board.wait([](const Board& b) { return b.answers == 1; }));
  CHECK(answer.board.code == DMSS_OK);
  return answer.board.json;
}

struct Setup {
  RecorderProcess recorder;
  dmss_engine* engine = make_engine();
  dmss_device* device = make_device(engine, device_config(recorder));
  ~Setup() {
    dmss_device_destroy(device);
    dmss_engine_destroy(engine);
  }
};

}  // namespace

TEST_CASE("motion detection is read, changed and written through the C ABI; a stale origin is a conflict") {
  Setup s;
  Origin origin;
  dmss_motion_detection_config mine{};
  Answer<dmss_motion_detection_config> read;
  std::vector<dmss_motion_window> windows;
  read.take = [&](const dmss_motion_detection_config& c) {
    mine = c;
    windows.assign(c.windows, c.windows + c.window_count);
    for (dmss_motion_window& w : windows) w.name = dmss_str{"Door", 4};
    origin.held = dmss_config_origin_retain(c.item.origin);
  };
  REQUIRE(dmss_motion_detection_get(s.device, 3, read.done, &read, read.destroy, nullptr) == DMSS_OK);
  REQUIRE(read.wait() == DMSS_OK);
  REQUIRE_FALSE(windows.empty());
  CHECK(mine.item.index == 3);

  const std::string before = read_table(s.device, "MotionDetect", 3);
  mine.item.origin = origin.held;
  mine.enable = mine.enable == 0;
  windows[0].region = {};
  windows[0].region.rows[2] = 1u << 5;
  mine.windows = windows.data();
  mine.window_count = windows.size();
  mine.linkage.record_channels = nullptr;
  mine.linkage.record_channel_count = 0;
  const int32_t channels[] = {1, 3};
  mine.linkage.snapshot = 1;
  mine.linkage.snapshot_channels = channels;
  mine.linkage.snapshot_channel_count = 2;
  mine.linkage.alarm_outputs = nullptr;
  mine.linkage.alarm_output_count = 0;
  Written written;
  REQUIRE(dmss_motion_detection_set(s.device, &mine, written.done, &written, written.destroy, nullptr) ==
          DMSS_OK);
  CHECK(written.wait() == DMSS_OK);
  const std::string after = read_table(s.device, "MotionDetect", 3);
  CHECK(after != before);
  CHECK(after.find(std::to_string(1u << (21 - 5))) !=
        std::string::npos);  // this grid has its leftmost column on top

  Written again;
  mine.enable = mine.enable == 0;
  REQUIRE(dmss_motion_detection_set(s.device, &mine, again.done, &again, again.destroy, nullptr) == DMSS_OK);
  CHECK(again.wait() == DMSS_E_CONFLICT);
  CHECK(read_table(s.device, "MotionDetect", 3) == after);
}

TEST_CASE("a channel gets another name through the C ABI; arguments that make no sense are refused at once") {
  Setup s;
  dmss_channel_name_config name{};
  name.item = {sizeof(name), 2, nullptr};
  name.name = dmss_str_from("Yard \xc3\xa4");
  Written written;
  REQUIRE(dmss_channel_name_set(s.device, &name, written.done, &written, written.destroy, nullptr) ==
          DMSS_OK);
  CHECK(written.wait() == DMSS_OK);
  CHECK(read_table(s.device, "ChannelTitle", 2).find("Yard \xc3\xa4") != std::string::npos);

  Written none;
  // Members that the caller's struct lacks would be written as zero.
  name.item.struct_size = sizeof(name) - 1;
  CHECK(dmss_channel_name_set(s.device, &name, none.done, &none, none.destroy, nullptr) ==
        DMSS_E_INVALID_ARGUMENT);
  name.item.struct_size = sizeof(dmss_config_item);
  CHECK(dmss_channel_name_set(s.device, &name, none.done, &none, none.destroy, nullptr) ==
        DMSS_E_INVALID_ARGUMENT);
  name.item.struct_size = 0;
  CHECK(dmss_channel_name_set(s.device, &name, none.done, &none, none.destroy, nullptr) ==
        DMSS_E_INVALID_ARGUMENT);
  dmss_alarm_output_config output{};
  output.item = {sizeof(output), 1, nullptr};
  output.mode = 3;
  CHECK(dmss_alarm_output_set(s.device, &output, none.done, &none, none.destroy, nullptr) ==
        DMSS_E_INVALID_ARGUMENT);
  dmss_network_config network{};
  network.item = {sizeof(network), 0, nullptr};
  network.dns_server_count = 2;
  CHECK(dmss_network_set(s.device, &network, none.done, &none, none.destroy, nullptr) ==
        DMSS_E_INVALID_ARGUMENT);
  CHECK(none.board.destroyed == 0);
}

TEST_CASE("capabilities through the C ABI name the probe that told") {
  Setup s;
  Answer<dmss_capabilities> answer;
  bool has_ptz = false;
  std::string probe;
  int32_t channel = 0;
  std::size_t streams = 0;
  answer.take = [&](const dmss_capabilities& c) {
    for (std::size_t i = 0; i < c.feature_count; ++i) {
      if (c.features[i].feature != DMSS_FEATURE_PTZ) continue;
      has_ptz = c.features[i].support == DMSS_SUPPORT_YES;
      probe = text(c.features[i].probe);
    }
    channel = c.channel;
    streams = c.stream_count;
  };
  REQUIRE(dmss_device_capabilities(s.device, 1, 0, answer.done, &answer, answer.destroy, nullptr) == DMSS_OK);
  CHECK(answer.wait() == DMSS_OK);
  CHECK(channel == 1);
  CHECK(streams >= 2);
  CHECK(has_ptz);
  CHECK_FALSE(probe.empty());
  CHECK(text(dmss_feature_name(DMSS_FEATURE_PTZ_PRESETS)) == "ptz_presets");
}

TEST_CASE("a move through the C ABI starts, and stops when its handle is destroyed") {
  Setup s;
  Done told;
  dmss_ptz_move_config c = DMSS_PTZ_MOVE_CONFIG_INIT;
  c.channel = 1;
  c.action = DMSS_PTZ_RIGHT_UP;
  c.on_started = told.done;
  c.on_stopped = told.done;
  c.user_data = &told;
  c.destroy = told.destroy;
  dmss_ptz_move* move = nullptr;
  REQUIRE(dmss_ptz_move_start(s.device, &c, &move) == DMSS_OK);
  REQUIRE(told.board.wait([](const Board& b) { return b.answers == 1; }));
  CHECK(told.board.code == DMSS_OK);
  dmss_ptz_move_destroy(move);
  CHECK(told.wait(2) == DMSS_OK);
  c.speed = 9;
  CHECK(dmss_ptz_move_start(s.device, &c, &move) == DMSS_E_INVALID_ARGUMENT);
}

TEST_CASE("time, users and disks of the device through the C ABI") {
  Setup s;
  Answer<dmss_device_time> time;
  dmss_device_time now{};
  time.take = [&](const dmss_device_time& t) { now = t; };
  REQUIRE(dmss_admin_get_time(s.device, time.done, &time, time.destroy, nullptr) == DMSS_OK);
  CHECK(time.wait() == DMSS_OK);
  CHECK(now.year >= 2000);

  struct Users {
    Board board;
    static void done(void* user, const dmss_error* error, const dmss_online_user* users, size_t count) {
      static_cast<Users*>(user)->board.note([&](Board& b) {
        ++b.answers;
        b.code = error != nullptr ? error->code : 0;
        for (size_t i = 0; i < count; ++i) b.message += text(users[i].name) + ";";
      });
    }
  } users;
  REQUIRE(dmss_admin_online_users(s.device, Users::done, &users, nullptr, nullptr) == DMSS_OK);
  REQUIRE(users.board.wait([](const Board& b) { return b.answers == 1; }));
  CHECK(users.board.code == DMSS_OK);
  CHECK(users.board.message.find("admin") != std::string::npos);
}

TEST_CASE(
    "events through the C ABI: what the device reports arrives, and the subscription gives everything back") {
  Setup s;
  struct Events {
    Board board;
    std::string codes;
    static void on_event(void* user, const dmss_event* e) {
      auto* self = static_cast<Events*>(user);
      self->board.note([&](Board& b) {
        ++b.answers;
        self->codes += text(e->code) + "/" + std::to_string(e->group) + "/" + std::to_string(e->action) +
                       "/" + std::to_string(e->index) + ";";
      });
    }
    static void on_state(void* user, int32_t state, const dmss_error*) {
      static_cast<Events*>(user)->board.note([&](Board& b) { b.state = state; });
    }
    static void destroy(void* user) { count_destroy(&static_cast<Events*>(user)->board); }
  } told;
  dmss_events_config c = DMSS_EVENTS_CONFIG_INIT;
  c.on_event = Events::on_event;
  c.on_state = Events::on_state;
  c.user_data = &told;
  c.destroy = Events::destroy;
  dmss_events* events = nullptr;
  REQUIRE(dmss_events_open(s.device, &c, &events) == DMSS_OK);
  REQUIRE(told.board.wait([](const Board& b) { return b.state == DMSS_EVENTS_ATTACHED; }));
  s.recorder.post("/event", R"({"code":"VideoMotion","action":"Start","index":2})");
  REQUIRE(told.board.wait([](const Board& b) { return b.answers >= 1; }));
  CHECK(told.codes == "VideoMotion/3/1/3;");
  dmss_events_stats stats = DMSS_EVENTS_STATS_INIT;
  REQUIRE(dmss_events_get_stats(events, &stats) == DMSS_OK);
  CHECK(stats.events == 1);
  REQUIRE(dmss_events_stop(events) == DMSS_OK);
  REQUIRE(told.board.wait([](const Board& b) { return b.state == DMSS_EVENTS_STOPPED; }));
  dmss_events_destroy(events);
  REQUIRE(told.board.wait([](const Board& b) { return b.destroyed == 1; }));
  CHECK(dmss_event_group_of(dmss_str_from("AlarmLocal")) == DMSS_EVENT_SENSOR);
  CHECK(dmss_event_index_of(dmss_str_from("AlarmLocal")) == DMSS_EVENT_INDEX_INPUT);
}

// What a careless or hostile caller may pass.
#include <climits>
#include <cstring>

#include "capi/handles.hpp"

using namespace capi;

namespace {

constexpr dmss_str kLying = {nullptr, 5};

dmss_device_config offline_config() {
  dmss_device_config c = DMSS_DEVICE_CONFIG_INIT;
  c.address = dmss_str_from("192.0.2.1");
  return c;
}

struct Handles {
  Handles() : engine(make_engine()), device(make_device(engine, offline_config())) {}
  ~Handles() {
    dmss_live_destroy(live);
    dmss_device_destroy(device);
    dmss_engine_destroy(engine);
  }
  dmss_engine* engine;
  dmss_device* device;
  dmss_live* live = nullptr;
};

void on_text(void*, const dmss_error*, dmss_str) {}
void on_picture(void*, int32_t, dmss_bytes) {}
void on_bytes(void*, const dmss_error*, dmss_bytes) {}
void on_login(void*, const dmss_error*, const dmss_device_info*) {}

}  // namespace

TEST_CASE("a struct without its size is refused, by functions that read it and by functions that fill it") {
  Handles h;
  dmss_engine_config ec = DMSS_ENGINE_CONFIG_INIT;
  ec.struct_size = 0;
  dmss_engine* engine = h.engine;
  CHECK(dmss_engine_create(&ec, &engine) == DMSS_E_INVALID_ARGUMENT);
  CHECK(engine == nullptr);
  dmss_device_config dc = offline_config();
  dc.struct_size = 3;
  dmss_device* device = h.device;
  CHECK(dmss_device_create(h.engine, &dc, &device) == DMSS_E_INVALID_ARGUMENT);
  CHECK(device == nullptr);
  dmss_live_config lc = DMSS_LIVE_CONFIG_INIT;
  lc.struct_size = 0;
  CHECK(dmss_live_open(h.device, &lc, &h.live) == DMSS_E_INVALID_ARGUMENT);
  dmss_engine_stats es{};
  CHECK(dmss_engine_get_stats(h.engine, &es) == DMSS_E_INVALID_ARGUMENT);
  dmss_device_stats ds{};
  CHECK(dmss_device_get_stats(h.device, &ds) == DMSS_E_INVALID_ARGUMENT);
}

TEST_CASE(
    "structs of a newer header, longer than the library knows, are read and filled as far as it knows them") {
  struct Newer {
    dmss_live_config known = DMSS_LIVE_CONFIG_INIT;
    std::uint64_t unknown = 4711;
  } config;
  config.known.struct_size = sizeof config;
  Handles h;
  REQUIRE(dmss_live_open(h.device, &config.known, &h.live) == DMSS_OK);
  struct {
    dmss_live_stats known = DMSS_LIVE_STATS_INIT;
    std::uint64_t unknown = 4711;
  } stats;
  stats.known.struct_size = sizeof stats;
  stats.known.transport_size = 4711;
  REQUIRE(dmss_live_get_stats(h.live, &stats.known) == DMSS_OK);
  CHECK(stats.known.struct_size == sizeof stats);
  CHECK(stats.known.transport_size == 0);
  CHECK(stats.unknown == 4711);
}

TEST_CASE("every function answers a missing handle, callback or target with an error") {
  Handles h;
  dmss_device_config dc = offline_config();
  dmss_live_config lc = DMSS_LIVE_CONFIG_INIT;
  REQUIRE(dmss_live_open(h.device, &lc, &h.live) == DMSS_OK);
  dmss_device* device = nullptr;
  dmss_live* live = nullptr;
  const dmss_str method = dmss_str_from("a.b");
  const int32_t answers[] = {
      dmss_engine_set_log_level(nullptr, DMSS_LOG_INFO),
      dmss_engine_get_stats(nullptr, nullptr),
      dmss_engine_get_stats(h.engine, nullptr),
      dmss_device_create(nullptr, &dc, &device),
      dmss_device_create(h.engine, nullptr, &device),
      dmss_device_create(h.engine, &dc, nullptr),
      dmss_device_login(h.device, 0, 0, nullptr, nullptr, nullptr, nullptr),
      dmss_device_login(nullptr, 0, 0, on_login, nullptr, nullptr, nullptr),
      dmss_device_logout(nullptr),
      dmss_device_set_credentials(nullptr, method, method),
      dmss_device_call(nullptr, method, method, 0, 0, on_text, nullptr, nullptr, nullptr),
      dmss_device_call(h.device, method, method, 0, 0, nullptr, nullptr, nullptr, nullptr),
      dmss_device_call(h.device, {nullptr, 0}, method, 0, 0, on_text, nullptr, nullptr, nullptr),
      dmss_device_snapshot(nullptr, 1, 0, on_bytes, nullptr, nullptr, nullptr),
      dmss_device_snapshot(h.device, 1, 0, nullptr, nullptr, nullptr, nullptr),
      dmss_device_snapshot(h.device, 0, 0, on_bytes, nullptr, nullptr, nullptr),
      dmss_device_get_stats(nullptr, nullptr),
      dmss_device_get_stats(h.device, nullptr),
      dmss_live_open(nullptr, &lc, &live),
      dmss_live_open(h.device, nullptr, &live),
      dmss_live_open(h.device, &lc, nullptr),
      dmss_live_pause(nullptr),
      dmss_live_resume(nullptr),
      dmss_live_mute(nullptr, 1),
      dmss_live_switch_stream(nullptr, 0, nullptr, nullptr, nullptr, nullptr),
      dmss_live_switch_stream(h.live, 4, nullptr, nullptr, nullptr, nullptr),
      dmss_live_snapshot(nullptr, 0, on_bytes, nullptr, nullptr, nullptr),
      dmss_live_snapshot(h.live, 0, nullptr, nullptr, nullptr, nullptr),
      dmss_live_snapshot(h.live, 1, on_bytes, nullptr, nullptr, nullptr),
      dmss_live_snapshot_burst(nullptr, 1, 0, 0, on_picture, nullptr, nullptr, nullptr, nullptr),
      dmss_live_snapshot_burst(h.live, 1, 0, 0, nullptr, nullptr, nullptr, nullptr, nullptr),
      dmss_live_snapshot_burst(h.live, 0, 0, 0, on_picture, nullptr, nullptr, nullptr, nullptr),
      dmss_live_snapshot_burst(h.live, 21, 0, 0, on_picture, nullptr, nullptr, nullptr, nullptr),
      dmss_live_snapshot_burst(h.live, 1, 32, 0, on_picture, nullptr, nullptr, nullptr, nullptr),
      dmss_live_stop(nullptr),
      dmss_live_get_stats(nullptr, nullptr),
      dmss_live_get_stats(h.live, nullptr),
      dmss_frame_get_info(nullptr, nullptr),
  };
  int n = 0;
  for (int32_t answer : answers) {
    INFO("answer " << n++);
    CHECK(answer == DMSS_E_INVALID_ARGUMENT);
  }
}

TEST_CASE("a text with a size but without data is refused") {
  Handles h;
  dmss_device* device = nullptr;
  for (dmss_str dmss_device_config::* field :
       {&dmss_device_config::address, &dmss_device_config::user, &dmss_device_config::password,
        &dmss_device_config::serial, &dmss_device_config::tls_ca_file}) {
    dmss_device_config c = offline_config();
    c.*field = kLying;
    CHECK(dmss_device_create(h.engine, &c, &device) == DMSS_E_INVALID_ARGUMENT);
  }
  const dmss_str good = dmss_str_from("a.b");
  CHECK(dmss_device_set_credentials(h.device, kLying, good) == DMSS_E_INVALID_ARGUMENT);
  CHECK(dmss_device_set_credentials(h.device, good, kLying) == DMSS_E_INVALID_ARGUMENT);
  CHECK(dmss_device_call(h.device, kLying, good, 0, 0, on_text, nullptr, nullptr, nullptr) ==
        DMSS_E_INVALID_ARGUMENT);
  CHECK(dmss_device_call(h.device, good, kLying, 0, 0, on_text, nullptr, nullptr, nullptr) ==
        DMSS_E_INVALID_ARGUMENT);
}

TEST_CASE("a legacy login is one of those there are") {
  Handles h;
  for (const int legacy : {0, 1, 2, 3, 255}) {
    dmss_device_config c = offline_config();
    c.allow_legacy_login = static_cast<std::uint8_t>(legacy);
    dmss_device* device = nullptr;
    CHECK(dmss_device_create(h.engine, &c, &device) ==
          (legacy <= DMSS_LEGACY_GEN0 ? DMSS_OK : DMSS_E_INVALID_ARGUMENT));
    dmss_device_destroy(device);
  }
}

TEST_CASE("codes that nobody knows are unknown, whatever the number") {
  for (int32_t code : {INT_MIN, INT_MAX, 41, -1000}) CHECK(text(dmss_error_name(code)) == "unknown");
}

TEST_CASE("user_data belongs to the engine until it is destroyed, with and without a log callback") {
  for (bool with_log : {true, false}) {
    Board board;
    dmss_engine_config c = DMSS_ENGINE_CONFIG_INIT;
    c.log_level = DMSS_LOG_OFF;
    if (with_log) c.on_log = [](void*, int32_t, dmss_str, dmss_str) {};
    c.user_data = &board;
    c.destroy = count_destroy;
    dmss_engine* engine = nullptr;
    REQUIRE(dmss_engine_create(&c, &engine) == DMSS_OK);
    CHECK(board.destroyed == 0);
    dmss_engine_destroy(engine);
    CHECK(board.destroyed == 1);
    c.workers = 100000;
    CHECK(dmss_engine_create(&c, &engine) == DMSS_E_INVALID_ARGUMENT);
    CHECK(board.destroyed == 1);
  }
}

TEST_CASE("an address that holds a password is refused, and neither the log nor the error repeats it") {
  struct Log {
    Board board;
    std::mutex mutex;
    std::string text;
  } log;
  dmss_engine_config ec = DMSS_ENGINE_CONFIG_INIT;
  ec.log_level = DMSS_LOG_TRACE;
  ec.user_data = &log;
  ec.on_log = [](void* user, int32_t, dmss_str scope, dmss_str line) {
    auto* l = static_cast<Log*>(user);
    std::lock_guard lock(l->mutex);
    l->text += capi::text(scope) + ": " + capi::text(line) + "\n";
  };
  dmss_engine* engine = nullptr;
  REQUIRE(dmss_engine_create(&ec, &engine) == DMSS_OK);
  dmss_device_config dc = DMSS_DEVICE_CONFIG_INIT;
  dc.address = dmss_str_from("admin:topsecret@192.0.2.1");
  dmss_device* device = make_device(engine, dc);
  const auto done = [](void* user, const dmss_error* error, const dmss_device_info*) {
    static_cast<Log*>(user)->board.note([&](Board& b) {
      ++b.answers;
      b.code = error != nullptr ? error->code : 0;
      if (error != nullptr) b.message = capi::text(error->message) + capi::text(error->connection);
    });
  };
  REQUIRE(dmss_device_login(device, 0, 0, done, &log, nullptr, nullptr) == DMSS_OK);
  REQUIRE(log.board.wait([](const Board& b) { return b.answers == 1; }));
  dmss_device_destroy(device);
  dmss_engine_destroy(engine);
  CHECK(log.board.code == DMSS_E_INVALID_ARGUMENT);
  CHECK(log.board.message.find("topsecret") == std::string::npos);
  CHECK(log.text.find("not logged in") != std::string::npos);
  CHECK(log.text.find("topsecret") == std::string::npos);
}

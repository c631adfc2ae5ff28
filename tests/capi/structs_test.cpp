#include <catch2/catch.hpp>
#include <cstring>
#include <string>

#include "dmss.h"

namespace {

std::string text(dmss_str s) {
  return std::string(s.data == nullptr ? "" : s.data, s.size);
}

struct EngineHolder {
  EngineHolder() {
    dmss_engine_config c = DMSS_ENGINE_CONFIG_INIT;
    c.log_level = DMSS_LOG_OFF;
    REQUIRE(dmss_engine_create(&c, &engine) == DMSS_OK);
  }
  ~EngineHolder() { dmss_engine_destroy(engine); }
  dmss_engine* engine = nullptr;
};

}  // namespace

TEST_CASE("the library says which version it is") {
  CHECK(dmss_abi_version() == DMSS_ABI_VERSION);
  CHECK(std::string(dmss_version()) == "0.1.0");
}

TEST_CASE("every error code has a name, and the names of the C and the C++ side agree") {
  CHECK(text(dmss_error_name(DMSS_E_WRONG_PASSWORD)) == "wrong_password");
  CHECK(text(dmss_error_name(DMSS_E_NO_STORAGE)) == "no_storage");
  CHECK(text(dmss_error_name(-12345)) == "unknown");
  CHECK_FALSE(text(dmss_error_remedy(DMSS_E_LOCKED)).empty());
}

TEST_CASE("the library writes no further than the caller's struct_size") {
  EngineHolder e;
  dmss_engine_stats stats = DMSS_ENGINE_STATS_INIT;
  stats.upstreams = 4711;
  stats.threads = 4711;
  stats.struct_size = offsetof(dmss_engine_stats, upstreams);
  REQUIRE(dmss_engine_get_stats(e.engine, &stats) == DMSS_OK);
  CHECK(stats.struct_size == offsetof(dmss_engine_stats, upstreams));
  CHECK(stats.upstreams == 4711);
  CHECK(stats.threads == 4711);
  stats.struct_size = sizeof stats;
  REQUIRE(dmss_engine_get_stats(e.engine, &stats) == DMSS_OK);
  CHECK(stats.upstreams == 0);
  CHECK(stats.threads >= 2);
}

TEST_CASE("the library reads no further than the caller's struct_size: the rest keeps its defaults") {
  EngineHolder e;
  dmss_device_config c = DMSS_DEVICE_CONFIG_INIT;
  c.address = dmss_str_from("192.0.2.1");
  c.struct_size = offsetof(dmss_device_config, connect_timeout_ms);
  c.connect_timeout_ms = 0;  // invalid, but beyond the caller's struct
  dmss_device* device = nullptr;
  CHECK(dmss_device_create(e.engine, &c, &device) == DMSS_OK);
  dmss_device_destroy(device);
  c.struct_size = sizeof c;
  CHECK(dmss_device_create(e.engine, &c, &device) == DMSS_E_INVALID_ARGUMENT);
  CHECK(device == nullptr);
}

TEST_CASE("a call that fails does not take user_data, one that succeeds gives it back exactly once") {
  int destroyed = 0;
  const auto count = [](void* n) { ++*static_cast<int*>(n); };
  {
    EngineHolder e;
    dmss_device_config c = DMSS_DEVICE_CONFIG_INIT;
    c.user_data = &destroyed;
    c.destroy = count;
    dmss_device* device = nullptr;
    CHECK(dmss_device_create(e.engine, &c, &device) == DMSS_E_INVALID_ARGUMENT);  // no address
    CHECK(destroyed == 0);
    c.address = dmss_str_from("192.0.2.1");
    REQUIRE(dmss_device_create(e.engine, &c, &device) == DMSS_OK);
    dmss_device_destroy(device);
  }
  CHECK(destroyed == 1);
}

TEST_CASE("wrong arguments are refused, and NULL may always be given back") {
  EngineHolder e;
  dmss_engine_destroy(nullptr);
  dmss_device_destroy(nullptr);
  dmss_live_destroy(nullptr);
  dmss_frame_release(nullptr);
  dmss_operation_destroy(nullptr);
  dmss_operation_cancel(nullptr);
  CHECK(dmss_frame_retain(nullptr) == nullptr);
  CHECK(dmss_engine_create(nullptr, nullptr) == DMSS_E_INVALID_ARGUMENT);
  CHECK(dmss_device_login(nullptr, 0, 0, nullptr, nullptr, nullptr, nullptr) == DMSS_E_INVALID_ARGUMENT);
  dmss_device_config c = DMSS_DEVICE_CONFIG_INIT;
  c.address = dmss_str_from("192.0.2.1");
  c.media = 77;
  dmss_device* device = nullptr;
  CHECK(dmss_device_create(e.engine, &c, &device) == DMSS_E_INVALID_ARGUMENT);
  c.media = DMSS_MEDIA_AUTO;
  REQUIRE(dmss_device_create(e.engine, &c, &device) == DMSS_OK);
  dmss_live_config l = DMSS_LIVE_CONFIG_INIT;
  l.channel = 0;
  dmss_live* live = nullptr;
  CHECK(dmss_live_open(device, &l, &live) == DMSS_E_INVALID_ARGUMENT);
  dmss_device_destroy(device);
}

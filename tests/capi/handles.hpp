// Engine and device of a test, and waiting for callbacks, through the C header only.
#pragma once

#include <catch2/catch.hpp>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>

#include "dmss.h"
#include "support/recorder_process.hpp"

namespace capi {

using dmss::test::RecorderProcess;

inline std::string text(dmss_str s) {
  return std::string(s.data == nullptr ? "" : s.data, s.size);
}

inline dmss_engine* make_engine(dmss_engine_config c = DMSS_ENGINE_CONFIG_INIT) {
  c.log_level = DMSS_LOG_OFF;
  dmss_engine* engine = nullptr;
  if (dmss_engine_create(&c, &engine) != DMSS_OK) throw std::runtime_error("no engine");
  return engine;
}

inline dmss_device_config device_config(const RecorderProcess& r,
                                        const char* password = RecorderProcess::kPassword) {
  dmss_device_config c = DMSS_DEVICE_CONFIG_INIT;
  c.address = dmss_str_from("127.0.0.1");
  c.user = dmss_str_from(RecorderProcess::kUser);
  c.password = dmss_str_from(password);
  c.port = static_cast<uint16_t>(r.port("dvrip"));
  c.http_port = static_cast<uint16_t>(r.port("http"));
  c.https_port = static_cast<uint16_t>(r.port("https"));
  c.dhip_port = static_cast<uint16_t>(r.port("dhip"));
  c.rtsp_port = static_cast<uint16_t>(r.port("rtsp"));
  c.rtsps_port = static_cast<uint16_t>(r.port("rtsps"));
  return c;
}

inline dmss_device* make_device(dmss_engine* engine, const dmss_device_config& c) {
  dmss_device* device = nullptr;
  if (dmss_device_create(engine, &c, &device) != DMSS_OK) throw std::runtime_error("no device");
  return device;
}

/// Something callbacks tell the test.
class Board {
 public:
  void note(const std::function<void(Board&)>& f) {
    std::lock_guard lock(mutex_);
    f(*this);
    changed_.notify_all();  // with the lock held: whoever waits may destroy the board at once
  }
  bool wait(const std::function<bool(const Board&)>& f) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(30), [&] { return f(*this); });
  }

  int frames = 0, audio = 0, packets = 0, destroyed = 0, answers = 0;
  int width = 0, height = 0;
  int32_t code = 1, state = -1, tries_left = -2, seconds_left = -2;
  std::string message, serial, json;
  std::size_t bytes = 0;
  int64_t frame_arrived_us = 0, packet_arrived_us = 0;
  dmss_frame* kept = nullptr;

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
};

inline void count_destroy(void* board) {
  static_cast<Board*>(board)->note([](Board& b) { ++b.destroyed; });
}

}  // namespace capi

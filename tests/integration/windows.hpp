// What integration tests watch: a window that records stamps and states, and waits for conditions instead of sleeping.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <vector>

#include "dmss/dmss.hpp"
#include "media/stamp/stamp.hpp"
#include "support/recorder_process.hpp"

namespace dmss::test {

using namespace std::chrono_literals;

inline DeviceOptions device_options(const RecorderProcess& r) {
  DeviceOptions o;
  o.address = "127.0.0.1";
  o.user = RecorderProcess::kUser;
  o.password = Secret(RecorderProcess::kPassword);
  o.port = static_cast<std::uint16_t>(r.port("dvrip"));
  o.http_port = static_cast<std::uint16_t>(r.port("http"));
  o.https_port = static_cast<std::uint16_t>(r.port("https"));
  o.dhip_port = static_cast<std::uint16_t>(r.port("dhip"));
  o.rtsp_port = static_cast<std::uint16_t>(r.port("rtsp"));
  o.rtsps_port = static_cast<std::uint16_t>(r.port("rtsps"));
  return o;
}

/// Silent unless DMSS_TEST_LOG is set.
inline EngineOptions quiet_engine() {
  EngineOptions o;
  o.log_level = std::getenv("DMSS_TEST_LOG") != nullptr ? LogLevel::debug : LogLevel::off;
  return o;
}

template <class T>
Result<T> get(std::future<Result<T>> future, std::chrono::seconds limit = 30s) {
  if (future.wait_for(limit) != std::future_status::ready)
    return Error(Errc::timeout, "the test's own limit");
  return future.get();
}

inline Result<DeviceInfo> log_in(Device& device, LoginOptions options = {}) {
  auto promise = std::make_shared<std::promise<Result<DeviceInfo>>>();
  auto future = promise->get_future();
  device.login([promise](Result<DeviceInfo> r) { promise->set_value(std::move(r)); }, options);
  return get(std::move(future));
}

class TestWindow {
 public:
  struct Seen {
    std::uint64_t frames = 0, missing = 0, wrong = 0, unreadable = 0, packets = 0, audio_blocks = 0,
                  audio_samples = 0;
    int width = 0, height = 0;
    std::optional<media::Stamp> first, last;
    std::vector<std::pair<LiveState, Error>> states;
    StreamKind stream = StreamKind::main;
    Codec codec = Codec::unknown;
    bool time_went_back = false;
    MediaTime last_time{-1};
  };

  explicit TestWindow(int channel) : shared_(std::make_shared<Shared>(channel)) {}

  /// They hold what they write to: a handler may still be finishing when its window is gone.
  LiveHandlers handlers() {
    LiveHandlers h;
    h.on_frame = [s = shared_](const Frame& f) { s->on_frame(f); };
    h.on_audio = [s = shared_](const AudioBlock& a) {
      s->note([&](Seen& seen) {
        ++seen.audio_blocks;
        seen.audio_samples += a.samples.size();
      });
    };
    h.on_packet = [s = shared_](const Packet& p) {
      s->note([&](Seen& seen) { seen.packets += p.kind == MediaKind::video ? 1 : 0; });
    };
    h.on_state = [s = shared_](LiveState state, const Error& why) {
      s->note([&](Seen& seen) { seen.states.emplace_back(state, why); });
    };
    return h;
  }

  /// False when the condition has not come true in time.
  bool wait(const std::function<bool(const Seen&)>& condition, std::chrono::seconds limit = 30s) {
    std::unique_lock lock(shared_->mutex);
    return shared_->changed.wait_for(lock, limit, [&] { return condition(shared_->seen); });
  }
  bool wait_frames(std::uint64_t n, std::chrono::seconds limit = 30s) {
    return wait([n](const Seen& s) { return s.frames >= n; }, limit);
  }
  bool wait_state(LiveState state, std::chrono::seconds limit = 30s) {
    return wait([state](const Seen& s) { return !s.states.empty() && s.states.back().first == state; },
                limit);
  }
  Seen seen() const {
    std::lock_guard lock(shared_->mutex);
    return shared_->seen;
  }
  /// Stamps start anew, e.g. after a reconnect.
  void forget_stamps() {
    shared_->note([](Seen& s) {
      s.first.reset();
      s.last.reset();
      s.frames = s.missing = s.wrong = s.unreadable = 0;
    });
  }

 private:
  struct Shared {
    explicit Shared(int c) : channel(c) {}
    void on_frame(const Frame& f) {
      const auto stamp = media::read_stamp(f.plane(0).data, f.plane(0).stride, f.width(), f.height());
      note([&](Seen& s) {
        ++s.frames;
        s.width = f.width();
        s.height = f.height();
        s.stream = f.stream();
        s.codec = f.codec();
        if (f.time() < s.last_time) s.time_went_back = true;
        s.last_time = f.time();
        if (!stamp) {
          ++s.unreadable;
          return;
        }
        if (stamp->channel != channel) ++s.wrong;
        if (s.last && s.last->loop == stamp->loop)
          s.missing += (stamp->number + stamp->loop - (s.last->number + 1) % stamp->loop) % stamp->loop;
        if (!s.first) s.first = stamp;
        s.last = stamp;
      });
    }
    template <class F>
    void note(F&& f) {
      {
        std::lock_guard lock(mutex);
        f(seen);
      }
      changed.notify_all();
    }

    const int channel;
    std::mutex mutex;
    std::condition_variable changed;
    Seen seen;
  };
  std::shared_ptr<Shared> shared_;
};

/// Slow machines under sanitizers must not drop: what is tested here is what arrives.
inline LiveOptions patient(int channel, StreamKind stream = StreamKind::extra) {
  LiveOptions o;
  o.channel = channel;
  o.stream = stream;
  o.quality = Quality::fluent;
  return o;
}

inline Result<std::vector<std::uint8_t>> snapshot(Live& live) {
  auto promise = std::make_shared<std::promise<Result<std::vector<std::uint8_t>>>>();
  auto future = promise->get_future();
  live.snapshot([promise](Result<std::vector<std::uint8_t>> r) { promise->set_value(std::move(r)); });
  return get(std::move(future));
}

}  // namespace dmss::test

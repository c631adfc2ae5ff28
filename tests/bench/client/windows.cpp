#include "bench/client/windows.hpp"

extern "C" {
#include <libavutil/frame.h>
}

#include <future>
#include <stdexcept>

#include "bench/support/stamp.hpp"

namespace dmss::bench {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto kPatience = 120s;

std::string_view as_view(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace

CountedWindow::CountedWindow(Device& device, int channel, const ClientOptions& options, bool decode)
    : opened_(Clock::now()) {
  LiveOptions o;
  o.channel = channel;
  o.stream = options.stream;
  o.audio = false;
  o.packets_on_network_thread = !options.packets_on_workers;
  // Slow motion under valgrind must not lose pictures.
  if (options.pictures > 0) o.quality = Quality::fluent;
  LiveHandlers handlers;
  if (decode) {
    handlers.on_frame = [this](const Frame& frame) {
      const auto now = Clock::now();
      const auto* native = static_cast<const AVFrame*>(frame.native());
      if (const AVFrameSideData* sei = av_frame_get_side_data(native, AV_FRAME_DATA_SEI_UNREGISTERED))
        note_latency(as_view(sei->data, sei->size), now);
      count(now);
    };
  } else {
    handlers.on_packet = [this](const Packet& packet) {
      bytes_.fetch_add(packet.data.size(), std::memory_order_relaxed);
      if (packet.kind == MediaKind::video) count(packet.arrived);
    };
  }
  handlers.on_state = [this](LiveState state, const Error&) {
    if (state != LiveState::stopped) return;
    std::lock_guard lock(mutex_);
    stopped_ = true;
    changed_.notify_all();
  };
  live_ = device.open_live(o, std::move(handlers));
}

CountedWindow::~CountedWindow() {
  live_.stop();
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return stopped_; });
}

void CountedWindow::count(Clock::time_point now) {
  const std::uint64_t n = pictures_.fetch_add(1, std::memory_order_relaxed) + 1;
  if (n != 1 && n != awaited_.load(std::memory_order_relaxed)) return;
  std::lock_guard lock(mutex_);
  if (n == 1) first_ = now;
  changed_.notify_all();
}

void CountedWindow::note_latency(std::string_view stamped, Clock::time_point now) {
  const auto sent = read_stamp(stamped);
  if (!sent) return;
  std::lock_guard lock(mutex_);
  latencies_.push_back(std::chrono::duration<double, std::milli>(now - *sent).count());
}

double CountedWindow::wait_first() {
  std::unique_lock lock(mutex_);
  if (!changed_.wait_for(lock, kPatience, [this] { return first_ != Clock::time_point(); }))
    throw std::runtime_error("no first picture");
  return std::chrono::duration<double, std::milli>(first_ - opened_).count();
}

void CountedWindow::wait_pictures(std::uint64_t count) {
  std::unique_lock lock(mutex_);
  awaited_ = count;
  if (!changed_.wait_for(lock, kPatience, [&] { return pictures() >= count; }))
    throw std::runtime_error("pictures stopped coming");
}

std::vector<double> CountedWindow::take_latencies() {
  std::lock_guard lock(mutex_);
  return std::exchange(latencies_, {});
}

void log_in(Device& device) {
  auto done = std::make_shared<std::promise<Error>>();
  device.login([done](Result<DeviceInfo> r) { done->set_value(r.error()); });
  if (const Error e = done->get_future().get()) throw std::runtime_error("login: " + e.to_string());
}

}  // namespace dmss::bench

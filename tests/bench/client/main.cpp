// dmss-bench-client: libdmss at work, measured from inside. Prints one JSON object.
#include <algorithm>
#include <cstdio>
#include <future>

#include "bench/client/control.hpp"
#include "bench/client/steady.hpp"
#include "bench/client/windows.hpp"

namespace dmss::bench {
namespace {

Json sorted(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values;
}

Json watch(const ClientOptions& o, bool decode) {
  Engine engine;
  Device device = engine.device(o.device);
  log_in(device);
  std::vector<std::unique_ptr<CountedWindow>> windows;
  for (int i = 0; i < o.windows; ++i)
    windows.push_back(std::make_unique<CountedWindow>(device, i + 1, o, decode));
  if (o.pictures > 0) {
    windows.front()->wait_pictures(static_cast<std::uint64_t>(o.pictures));
    return {{"pictures", windows.front()->pictures()}, {"dropped", windows.front()->live().stats().dropped}};
  }
  std::vector<double> first;
  for (const auto& w : windows) first.push_back(w->wait_first());
  rest(o.warm_up);

  std::uint64_t pictures = 0, bytes = 0, dropped = 0, lost = 0, corrupt = 0, errors = 0, frames = 0;
  double decode_us = 0;
  for (const auto& w : windows) {
    const LiveStats s = w->live().stats();
    pictures -= w->pictures();
    bytes -= w->bytes();
    dropped -= s.dropped;
    frames -= s.frames;
    decode_us -= static_cast<double>(s.decode_time.count());
    w->take_latencies();
  }
  const Usage before = Usage::now();
  rest(o.seconds);
  const Usage after = Usage::now();
  Json out = steady(before, after);
  std::vector<double> latencies;
  for (const auto& w : windows) {
    pictures += w->pictures();
    const LiveStats s = w->live().stats();
    bytes += w->bytes();
    dropped += s.dropped;
    frames += s.frames;
    lost += s.lost;
    corrupt += s.corrupt;
    errors += s.decode_errors;
    decode_us += static_cast<double>(s.decode_time.count());
    const auto more = w->take_latencies();
    latencies.insert(latencies.end(), more.begin(), more.end());
  }
  out.update(Json{{"pictures", pictures},
                  {"bytes", bytes},
                  {"dropped", dropped},
                  {"lost", lost},
                  {"corrupt", corrupt},
                  {"decode_errors", errors}});
  out["transport"] = windows.front()->live().stats().transport;
  out["engine_threads"] = engine.stats().threads;
  out["first_ms"] = sorted(first);
  out["latency_ms"] = sorted(latencies);
  if (frames > 0) out["decode_ms"] = decode_us / 1000 / static_cast<double>(frames);
  return out;
}

Json idle(const ClientOptions& o) {
  Engine engine;
  std::vector<Device> devices;
  for (int i = 0; i < o.windows; ++i) {
    devices.push_back(engine.device(o.device));
    log_in(devices.back());
  }
  rest(o.warm_up);
  const Usage before = Usage::now();
  rest(o.seconds);
  return steady(before, Usage::now());
}

/// One window until its first picture, then away with it.
double first_picture(Device& device, int channel, const ClientOptions& o) {
  CountedWindow window(device, channel, o, true);
  return window.wait_first();
}

Json open(const ClientOptions& o) {
  std::vector<double> cold, fresh, again;
  for (int i = 0; i < o.repeats; ++i) {
    Engine engine;
    {
      Device device = engine.device(o.device);
      cold.push_back(first_picture(device, 1, o));
    }
    Device device = engine.device(o.device);
    log_in(device);
    fresh.push_back(first_picture(device, 1, o));
    again.push_back(first_picture(device, 2, o));
    again.push_back(first_picture(device, 3, o));
  }
  return {{"cold_ms", sorted(cold)}, {"logged_in_ms", sorted(fresh)}, {"reopen_ms", sorted(again)}};
}

Json snapshot(const ClientOptions& o) {
  Engine engine;
  Device device = engine.device(o.device);
  log_in(device);
  CountedWindow window(device, 1, o, true);
  window.wait_pictures(5);
  window.live().pause();
  rest(o.warm_up);
  std::vector<double> cpu_ms;
  std::size_t size = 0;
  for (int i = 0; i < o.repeats; ++i) {
    std::promise<std::size_t> done;
    const Usage before = Usage::now();
    window.live().snapshot(
        [&done](Result<std::vector<std::uint8_t>> jpeg) { done.set_value(jpeg ? jpeg->size() : 0); });
    size = done.get_future().get();
    if (size == 0) throw std::runtime_error("no snapshot");
    cpu_ms.push_back((Usage::now().cpu - before.cpu) * 1000);
  }
  return {{"cpu_ms", sorted(cpu_ms)}, {"bytes", size}};
}

Json run(const ClientOptions& o) {
  if (o.mode == "receive") return watch(o, false);
  if (o.mode == "decode") return watch(o, true);
  if (o.mode == "idle") return idle(o);
  if (o.mode == "open") return open(o);
  if (o.mode == "calls") return calls(o);
  if (o.mode == "events") return events(o);
  if (o.mode == "snapshot") return snapshot(o);
  throw std::runtime_error("no such mode: " + o.mode);
}

}  // namespace
}  // namespace dmss::bench

int main(int argc, char** argv) {
  const dmss::bench::ClientOptions options = dmss::bench::parse_options(argc, argv);
  try {
    std::puts(dmss::bench::run(options).dump().c_str());
  } catch (const std::exception& e) {
    std::fprintf(stderr, "dmss-bench-client: %s\n", e.what());
    return 1;
  }
  return 0;
}

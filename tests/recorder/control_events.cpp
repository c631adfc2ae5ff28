#include "recorder/control_events.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <iterator>

#include "recorder/rpc_instance.hpp"

namespace dmss::recorder {
namespace {

namespace rpc = proto::rpc;

constexpr std::size_t kMaxSteps = 10000;
constexpr std::int64_t kMaxBurst = 10000, kMaxPerSecond = 10000, kMaxSeconds = 3600;
constexpr auto kFloodTick = std::chrono::milliseconds(10);

struct Step {
  std::chrono::milliseconds at;
  DeviceEvent event;
};

net::awaitable<void> run_script(Core& core, std::vector<Step> steps) {
  const net::TimePoint began = core.clock.now();
  for (const Step& step : steps) {
    const net::Duration wait = began + step.at - core.clock.now();
    if (wait > net::Duration::zero()) co_await net::sleep_for(core.clock, wait);
    core.events.raise(step.event);
  }
}

net::awaitable<void> run_flood(Core& core, DeviceEvent event, std::int64_t per_second, std::int64_t total) {
  const net::TimePoint began = core.clock.now();
  const bool numbered = event.data.is_null();
  for (std::int64_t n = 0; n < total;) {
    const auto passed = std::chrono::duration_cast<std::chrono::microseconds>(core.clock.now() - began);
    const std::int64_t due = std::min(total, passed.count() * per_second / 1000000 + 1);
    for (; n < due; ++n) {
      if (numbered) event.data = {{"Number", n}};
      core.events.raise(event);
    }
    if (n < total) co_await net::sleep_for(core.clock, kFloodTick);
  }
}

Result<void> start_script(Core& core, const Json& script) {
  if (!script.is_array() || script.size() > kMaxSteps)
    return Error(Errc::invalid_argument, "a script is a list of at most 10000 events");
  std::vector<Step> steps;
  for (const Json& one : script) {
    if (rpc::text_or(one, "code", "").empty())
      return Error(Errc::invalid_argument, "each step of a script has a code");
    const auto at = std::clamp<std::int64_t>(rpc::int_or(one, "at_ms", 0), 0, 1000 * kMaxSeconds);
    steps.push_back({std::chrono::milliseconds(at), event_of(one)});
  }
  std::stable_sort(steps.begin(), steps.end(), [](const Step& a, const Step& b) { return a.at < b.at; });
  net::asio::co_spawn(core.io, run_script(core, std::move(steps)), net::asio::detached);
  return {};
}

Result<void> set_channel(Core& core, const Json& a) {
  const std::int64_t channel = rpc::int_or(a, "channel", 0);
  if (channel < 1 || channel > core.profile.channels) return Error(Errc::invalid_argument, "no such channel");
  const bool on = rpc::bool_or(a, "on", true);
  core.player.switch_channel(static_cast<int>(channel), on);
  core.events.hold("VideoLoss", static_cast<int>(channel) - 1, !on);
  return {};
}

/// Motion is only seen where detection is on.
Result<void> set_motion(Core& core, const Json& a) {
  const std::int64_t channel = rpc::int_or(a, "channel", 0);
  if (channel < 1 || channel > core.profile.channels) return Error(Errc::invalid_argument, "no such channel");
  const int index = static_cast<int>(channel) - 1;
  const bool on = rpc::bool_or(a, "on", true);
  const Json* row = core.tables.find("MotionDetect[" + std::to_string(index) + "]");
  const bool seen = row != nullptr && rpc::bool_or(*row, "Enable", false);
  if (on && !seen && !rpc::bool_or(a, "force", false)) return {};
  const Json* data = rpc::member(a, "data");
  core.events.hold("VideoMotion", index, on, data != nullptr ? *data : Json(nullptr));
  return {};
}

Result<void> set_head(Core& core, const Json& a) {
  const auto channel = static_cast<int>(std::clamp<std::int64_t>(rpc::int_or(a, "channel", 0), 0, 1 << 16));
  PtzModel* head = core.ptz.head(channel);
  if (head == nullptr) return Error(Errc::invalid_argument, "no head at that channel");
  for (const char* action : {"start", "stop"}) {
    const std::string code = rpc::text_or(a, action, "");
    if (code.empty()) continue;
    PtzModel::Arguments arguments{};
    const std::vector<double> given = numbers_of(a, "args");
    std::copy_n(given.begin(), std::min(given.size(), arguments.size()), arguments.begin());
    const bool done = core.ptz.code(channel, action == std::string("start"), code, arguments);
    core.ptz.note(channel, "control", action, a, done);
    if (!done) return Error(Errc::invalid_argument, "the head does not know that code");
  }
  if (const Json* preset = rpc::member(a, "preset")) {
    const std::int64_t index = rpc::int_or(*preset, "index", 0);
    if (index < 1 || index > PtzModel::kMaxPreset) return Error(Errc::invalid_argument, "no such preset");
    head->put_preset(static_cast<int>(index),
                     {rpc::text_or(*preset, "name", ""), static_cast<int>(rpc::int_or(*preset, "type", 0)),
                      head->position()});
  }
  if (const Json* to = rpc::member(a, "place")) {
    PtzPosition at = head->position();
    const auto read = [&](const char* key, double& value) {
      if (const Json* v = rpc::member(*to, key); v != nullptr && v->is_number()) value = v->get<double>();
    };
    read("pan", at.pan);
    read("tilt", at.tilt);
    read("zoom", at.zoom);
    read("focus", at.focus);
    read("iris", at.iris);
    head->place(at);
  }
  return {};
}

Result<void> set_input(Core& core, const Json& a, bool net) {
  const int index = static_cast<int>(std::clamp<std::int64_t>(rpc::int_or(a, "index", 0), -1, 1 << 16));
  const bool on = rpc::bool_or(a, "on", true);
  const bool force = rpc::bool_or(a, "force", false);
  AlarmIo& io = core.alarm_io;
  if (net ? io.set_net_alarm(index, on, force) : io.set_input(index, on, force)) return {};
  return Error(Errc::invalid_argument, "no such input");
}

Result<void> set_trouble(Core& core, const Json& a) {
  const std::string code = rpc::text_or(a, "code", "");
  if (code.empty()) return Error(Errc::invalid_argument, "a trouble has a code");
  const DeviceEvent e = event_of(a);
  core.events.hold(code, e.index, rpc::bool_or(a, "on", true), e.data);
  return {};
}

}  // namespace

Result<int> control_event(Core& core, const std::string& json) {
  const Result<Json> parsed = rpc::parse_json(json);
  const Error wrong(Errc::invalid_argument, "an event is an object with a code, or with a script");
  if (!parsed || !parsed->is_object()) return wrong;
  if (const Json* script = rpc::member(*parsed, "script")) {
    if (Result<void> started = start_script(core, *script); !started) return started.error();
    return 0;
  }
  DeviceEvent event = event_of(*parsed);
  if (event.code.empty()) return wrong;
  if (const std::int64_t channel = rpc::int_or(*parsed, "channel", 0); channel > 0)
    event.index = static_cast<int>(std::min<std::int64_t>(channel, 65535)) - 1;
  if (const Json* flood = rpc::member(*parsed, "flood")) {
    const auto per_second =
        std::clamp<std::int64_t>(rpc::int_or(*flood, "per_second", 100), 1, kMaxPerSecond);
    const auto seconds = std::clamp<std::int64_t>(rpc::int_or(*flood, "seconds", 1), 1, kMaxSeconds);
    net::asio::co_spawn(core.io, run_flood(core, std::move(event), per_second, per_second * seconds),
                        net::asio::detached);
    return 0;
  }
  int reached = 0;
  for (auto n = std::clamp<std::int64_t>(rpc::int_or(*parsed, "burst", 1), 1, kMaxBurst); n > 0; --n)
    reached += core.events.raise(event);
  return reached;
}

bool is_happening(const std::string& path) {
  static constexpr std::string_view kPaths[] = {"/input",   "/net_input", "/motion",
                                                "/trouble", "/channel",   "/ptz"};
  return std::find(std::begin(kPaths), std::end(kPaths), path) != std::end(kPaths);
}

Result<void> control_happening(Core& core, const std::string& path, const Json& arguments) {
  if (path == "/input") return set_input(core, arguments, false);
  if (path == "/net_input") return set_input(core, arguments, true);
  if (path == "/motion") return set_motion(core, arguments);
  if (path == "/trouble") return set_trouble(core, arguments);
  if (path == "/channel") return set_channel(core, arguments);
  return set_head(core, arguments);
}

}  // namespace dmss::recorder

#include "recorder/alarm_io.hpp"

#include <algorithm>

#include "recorder/linkage.hpp"

namespace dmss::recorder {
namespace {

namespace rpc = proto::rpc;

constexpr int kMaxSlots = 32;  // of a state's bits

std::string row_path(const std::string& table, int index) {
  return table + "[" + std::to_string(index) + "]";
}

}  // namespace

AlarmIo::AlarmIo(const Tables& tables, EventHub& events, const net::Clock& clock)
    : tables_(tables), events_(events), clock_(clock) {
  events.observe([this](const DeviceEvent& e) { link(e); });
}

int AlarmIo::rows(const char* table, int fallback) const {
  const Json* t = tables_.find(table);
  return t != nullptr && t->is_array() ? std::min(static_cast<int>(t->size()), kMaxSlots) : fallback;
}

bool AlarmIo::enabled(const std::string& table, int index) const {
  const Json* row = tables_.find(row_path(table, index));
  return row == nullptr || rpc::bool_or(*row, "Enable", true);
}

bool AlarmIo::set_input(int index, bool on, bool force) {
  if (index < 0 || index >= inputs()) return false;
  const std::uint32_t bit = 1u << index;
  inputs_ = on ? inputs_ | bit : inputs_ & ~bit;
  // What was raised ends, even if the input was disabled in between.
  if (!on || force || enabled("Alarm", index)) events_.hold("AlarmLocal", index, on);
  return true;
}

bool AlarmIo::set_net_alarm(int index, bool on, bool force) {
  if (index < 0 || index >= net_inputs()) return false;
  if (!on || force || enabled("NetAlarm", index)) events_.hold("NetAlarm", index, on);
  return true;
}

void AlarmIo::link(const DeviceEvent& e) {
  const Json* handler = event_handler(tables_, e);
  if (e.action == "Stop") {
    const auto latch = handler != nullptr ? rpc::int_or(*handler, "AlarmOutLatch", 0) : 0;
    const auto until = clock_.now() + std::chrono::seconds(std::clamp<std::int64_t>(latch, 0, 3600));
    for (auto& [index, out] : outputs_) {
      if (out.held.erase({e.code, e.index}) > 0) out.until = std::max(out.until, until);
    }
    return;
  }
  if (e.action != "Start" || handler == nullptr || !rpc::bool_or(*handler, "AlarmOutEnable", false)) return;
  for (const int output : linked(*handler, "AlarmOutChannels")) {
    if (output < outputs()) outputs_[output].held.insert({e.code, e.index});
  }
}

std::uint32_t AlarmIo::output_state() const {
  std::uint32_t state = 0;
  for (int i = 0; i < outputs(); ++i) {
    const Json* row = tables_.find(row_path("AlarmOut", i));
    const std::int64_t mode = row != nullptr ? rpc::int_or(*row, "Mode", 0) : 0;
    const auto out = outputs_.find(i);
    const bool linked =
        out != outputs_.end() && (!out->second.held.empty() || clock_.now() < out->second.until);
    if (mode == 1 || (mode == 0 && linked)) state |= 1u << i;
  }
  return state;
}

Json AlarmIo::to_json() const {
  return {{"inputs", inputs_}, {"outputs", output_state()}};
}

}  // namespace dmss::recorder

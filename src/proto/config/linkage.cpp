#include "proto/config/linkage.hpp"

#include <algorithm>

#include "proto/config/schedule.hpp"

namespace dmss::proto::config {
namespace {

constexpr int kMaxChannel = 1024;
constexpr int kMaxDither = 600;
constexpr int kMaxDelay = 300;
constexpr int kLeastRecordDelay = 10;

/// Indexes ascend and do not repeat, so a list of 0 and 1 that does otherwise has one for each channel.
bool is_flags(const Json& list) {
  bool ascends = true;
  std::int64_t last = -1;
  for (const Json& leaf : list) {
    const auto n = as_int(leaf);
    if (!n || *n < 0 || *n > 1) return false;
    if (leaf.is_boolean()) ascends = false;
    if (*n <= last) ascends = false;
    last = *n;
  }
  return !ascends && !list.empty();
}

std::vector<int> sorted(std::vector<int> channels) {
  std::sort(channels.begin(), channels.end());
  channels.erase(std::unique(channels.begin(), channels.end()), channels.end());
  return channels;
}

void check_channels(const char* field, const std::vector<int>& value, const std::vector<int>& before,
                    Ranges& out) {
  if (value == before) return;
  for (int channel : value) {
    if (channel < 1 || channel > kMaxChannel)
      return out.fail(field, "has " + std::to_string(channel) + "; channels are numbered from 1 to 1024");
  }
}

}  // namespace

std::vector<int> read_channels(const Json* list) {
  std::vector<int> out;
  if (list == nullptr || !list->is_array()) return out;
  const bool flags = is_flags(*list);
  for (std::size_t i = 0; i < std::min<std::size_t>(list->size(), kMaxChannel); ++i) {
    const auto n = as_int((*list)[i]);
    if (!n) continue;
    if (flags && *n == 1) out.push_back(static_cast<int>(i) + 1);
    if (!flags && *n >= 0 && *n < kMaxChannel) out.push_back(static_cast<int>(*n) + 1);
  }
  return sorted(std::move(out));
}

void apply_channels(const std::vector<int>& value, const std::vector<int>& before, const char* key,
                    Edit& edit) {
  const std::vector<int> wanted = sorted(value);
  if (wanted == sorted(before) || edit.failed()) return;
  Json* list = edit.find(key);
  // Devices write an empty list as null, too.
  if (list == nullptr || !(list->is_array() || list->is_null())) return edit.lacks(key);
  if (list->is_array() && is_flags(*list)) {
    for (int channel : wanted) {
      if (channel > static_cast<int>(list->size()))
        return edit.fail(Error(Errc::invalid_argument, edit.where() + key + ": the device has " +
                                                           std::to_string(list->size()) + " of them"));
    }
    for (std::size_t i = 0; i < list->size(); ++i) {
      const bool on = std::binary_search(wanted.begin(), wanted.end(), static_cast<int>(i) + 1);
      if ((*as_int((*list)[i]) == 1) != on) put((*list)[i], on);
    }
    return;
  }
  const bool as_texts = list->is_array() && !list->empty() && list->front().is_string();
  *list = Json::array();
  for (int channel : wanted) {
    if (as_texts)
      list->push_back(std::to_string(channel - 1));
    else
      list->push_back(channel - 1);
  }
}

Linkage read_linkage(const View& handler) {
  Linkage l;
  l.period = read_schedule(handler.find("TimeSection"));
  l.anti_dither = handler.number("Dejitter", l.anti_dither);
  l.record = handler.flag("RecordEnable", l.record);
  l.record_channels = read_channels(handler.find("RecordChannels"));
  l.record_delay = handler.number("RecordLatch", l.record_delay);
  l.alarm_output = handler.flag("AlarmOutEnable", l.alarm_output);
  l.alarm_outputs = read_channels(handler.find("AlarmOutChannels"));
  l.alarm_output_delay = handler.number("AlarmOutLatch", l.alarm_output_delay);
  l.snapshot = handler.flag("SnapshotEnable", l.snapshot);
  l.snapshot_channels = read_channels(handler.find("SnapshotChannels"));
  return l;
}

void apply_linkage(const Linkage& value, const Linkage& before, Edit& handler) {
  apply_schedule(value.period, before.period, "TimeSection", handler);
  handler.number("Dejitter", value.anti_dither, before.anti_dither);
  handler.flag("RecordEnable", value.record, before.record);
  apply_channels(value.record_channels, before.record_channels, "RecordChannels", handler);
  handler.number("RecordLatch", value.record_delay, before.record_delay);
  handler.flag("AlarmOutEnable", value.alarm_output, before.alarm_output);
  apply_channels(value.alarm_outputs, before.alarm_outputs, "AlarmOutChannels", handler);
  handler.number("AlarmOutLatch", value.alarm_output_delay, before.alarm_output_delay);
  handler.flag("SnapshotEnable", value.snapshot, before.snapshot);
  apply_channels(value.snapshot_channels, before.snapshot_channels, "SnapshotChannels", handler);
}

void check_linkage(const Linkage& value, const Linkage& before, Ranges& out) {
  check_schedule(value.period, before.period, 1u, "linkage.period", out);
  out.within("linkage.anti_dither", value.anti_dither, before.anti_dither, 0, kMaxDither);
  out.within("linkage.record_delay", value.record_delay, before.record_delay, kLeastRecordDelay, kMaxDelay);
  out.within("linkage.alarm_output_delay", value.alarm_output_delay, before.alarm_output_delay, 0, kMaxDelay);
  check_channels("linkage.record_channels", value.record_channels, before.record_channels, out);
  check_channels("linkage.alarm_outputs", value.alarm_outputs, before.alarm_outputs, out);
  check_channels("linkage.snapshot_channels", value.snapshot_channels, before.snapshot_channels, out);
}

}  // namespace dmss::proto::config

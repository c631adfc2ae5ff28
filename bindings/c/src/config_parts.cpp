#include "config_values.hpp"

namespace dmss::c {
namespace {

constexpr std::size_t kMaxNumbers = 4096;
constexpr std::size_t kMaxWindows = 64;

void days_to_c(const Schedule::Day& from, dmss_period (&to)[6]) {
  for (std::size_t i = 0; i < from.size(); ++i) to[i] = {from[i].begin, from[i].end, from[i].mask};
}

Schedule::Day day_from_c(const dmss_period (&from)[6]) {
  Schedule::Day day;
  for (std::size_t i = 0; i < day.size(); ++i) day[i] = {from[i].begin, from[i].end, from[i].mask};
  return day;
}

std::vector<int> numbers(const int32_t* data, std::size_t count) {
  if (count > kMaxNumbers || (data == nullptr && count != 0)) throw BadArgument{};
  return std::vector<int>(data, data + count);
}

}  // namespace

std::string checked(dmss_str s) {
  if (!sound(s)) throw BadArgument{};
  return copy(s);
}

dmss_schedule to_c(const Schedule& s) {
  dmss_schedule out{};
  for (std::size_t d = 0; d < s.days.size(); ++d) days_to_c(s.days[d], out.days[d]);
  if (s.holiday) days_to_c(*s.holiday, out.holiday);
  out.has_holiday = s.holiday ? 1 : 0;
  return out;
}

Schedule from_c(const dmss_schedule& s) {
  Schedule out;
  for (std::size_t d = 0; d < out.days.size(); ++d) out.days[d] = day_from_c(s.days[d]);
  if (s.has_holiday != 0) out.holiday = day_from_c(s.holiday);
  return out;
}

dmss_linkage to_c(const Linkage& l, Arena& arena) {
  const auto list = [&](const std::vector<int>& from) -> const std::vector<int32_t>& {
    return arena.numbers.emplace_back(from.begin(), from.end());
  };
  const auto &record = list(l.record_channels), &outputs = list(l.alarm_outputs),
             &snapshot = list(l.snapshot_channels);
  dmss_linkage out{};
  out.period = to_c(l.period);
  out.anti_dither = l.anti_dither;
  out.record = l.record ? 1 : 0;
  out.record_channels = record.data();
  out.record_channel_count = record.size();
  out.record_delay = l.record_delay;
  out.alarm_output = l.alarm_output ? 1 : 0;
  out.alarm_outputs = outputs.data();
  out.alarm_output_count = outputs.size();
  out.alarm_output_delay = l.alarm_output_delay;
  out.snapshot = l.snapshot ? 1 : 0;
  out.snapshot_channels = snapshot.data();
  out.snapshot_channel_count = snapshot.size();
  return out;
}

Linkage from_c(const dmss_linkage& l) {
  Linkage out;
  out.period = from_c(l.period);
  out.anti_dither = l.anti_dither;
  out.record = l.record != 0;
  out.record_channels = numbers(l.record_channels, l.record_channel_count);
  out.record_delay = l.record_delay;
  out.alarm_output = l.alarm_output != 0;
  out.alarm_outputs = numbers(l.alarm_outputs, l.alarm_output_count);
  out.alarm_output_delay = l.alarm_output_delay;
  out.snapshot = l.snapshot != 0;
  out.snapshot_channels = numbers(l.snapshot_channels, l.snapshot_channel_count);
  return out;
}

void to_c(const std::vector<MotionWindow>& windows, Arena& arena, const dmss_motion_window*& data,
          std::size_t& count) {
  auto& rows = arena.windows.emplace_back();
  for (const MotionWindow& w : windows) {
    dmss_motion_window row{w.id, w.sensitivity, w.threshold, {}, view(w.name)};
    std::copy(w.region.rows().begin(), w.region.rows().end(), row.region.rows);
    rows.push_back(row);
  }
  data = rows.data();
  count = rows.size();
}

std::vector<MotionWindow> from_c(const dmss_motion_window* data, std::size_t count) {
  if (count > kMaxWindows || (data == nullptr && count != 0)) throw BadArgument{};
  std::vector<MotionWindow> out;
  for (std::size_t i = 0; i < count; ++i) {
    std::array<std::uint32_t, Region::kRows> rows{};
    std::copy(std::begin(data[i].region.rows), std::end(data[i].region.rows), rows.begin());
    MotionWindow w;
    w.id = data[i].id;
    w.name = checked(data[i].name);
    w.sensitivity = data[i].sensitivity;
    w.threshold = data[i].threshold;
    w.region = Region::from_rows(rows);
    out.push_back(std::move(w));
  }
  return out;
}

dmss_stream_format to_c(const StreamFormat& f) {
  return {f.video ? 1 : 0,
          f.audio ? 1 : 0,
          f.width,
          f.height,
          f.frame_rate,
          f.bit_rate,
          static_cast<int32_t>(f.bit_rate_control),
          f.key_frame_interval,
          f.quality,
          view(f.codec),
          view(f.profile),
          view(f.audio_codec)};
}

StreamFormat from_c(const dmss_stream_format& f) {
  StreamFormat out;
  out.video = f.video != 0;
  out.audio = f.audio != 0;
  out.width = f.width;
  out.height = f.height;
  out.frame_rate = f.frame_rate;
  out.bit_rate = f.bit_rate;
  out.bit_rate_control = checked_enum(f.bit_rate_control, StreamFormat::BitRateControl::variable);
  out.key_frame_interval = f.key_frame_interval;
  out.quality = f.quality;
  out.codec = checked(f.codec);
  out.profile = checked(f.profile);
  out.audio_codec = checked(f.audio_codec);
  return out;
}

}  // namespace dmss::c

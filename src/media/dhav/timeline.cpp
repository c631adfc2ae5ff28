#include "media/dhav/timeline.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace dmss::media::dhav {
namespace {

constexpr std::int64_t kWrap = 65536;
constexpr std::int64_t kMaxDrift =
    2000;  // ms between running clock and date before the date counts as set anew

}  // namespace

void Timeline::anchor(std::int64_t date, std::uint16_t ms) {
  anchor_date_ = date;
  anchor_ms_ = ms;
}

Moment Timeline::next(const Header& h, int frame_rate) {
  const auto date = unpack_date(h.date);
  const std::int64_t seconds = date ? date_seconds(*date) : last_date_;
  Moment m;
  if (!started_) {
    started_ = true;
    anchor(seconds, h.milliseconds);
    last_date_ = seconds;
    has_date_ = date.has_value();
  }
  // Without a date only the counter is left: the frame is near the one before.
  const std::int64_t by_date = date ? (seconds - anchor_date_) * 1000 : last_ms_ - segment_start_ms_;
  const std::int64_t difference = static_cast<std::int64_t>(h.milliseconds) - anchor_ms_;
  const std::int64_t wraps =
      std::llround(static_cast<double>(by_date - difference) / static_cast<double>(kWrap));
  std::int64_t elapsed = difference + wraps * kWrap;
  const bool date_set =
      date && (!has_date_ || seconds < last_date_ - 1 || std::llabs(elapsed - by_date) > kMaxDrift);
  has_date_ = has_date_ || date;
  if (date_set) {
    // The running milliseconds are the only thing left to go by: they say how far this frame is from the one before.
    const auto step = static_cast<std::uint16_t>(
        h.milliseconds - static_cast<std::uint16_t>(last_ms_ - segment_start_ms_ + anchor_ms_));
    segment_start_ms_ = last_ms_ + (step < kWrap / 2 ? step : 0);
    anchor(seconds, h.milliseconds);
    elapsed = 0;
    m.discontinuity = true;
    last_video_ms_.reset();
  }
  last_date_ = seconds;
  std::int64_t now = segment_start_ms_ + elapsed;
  if (h.is_video()) {
    const auto frames = static_cast<std::int32_t>(h.number - last_video_number_);
    if (last_video_ms_ && now == *last_video_ms_ && frames > 0 && frames < 1000 && frame_rate > 0)
      now += frames * 1000 / frame_rate;
    last_video_ms_ = segment_start_ms_ + elapsed;
    last_video_number_ = h.number;
  }
  last_ms_ = std::max(last_ms_, segment_start_ms_ + elapsed);
  m.time = std::chrono::milliseconds(now);
  if (date) m.local_us = (anchor_date_ * 1000 + elapsed) * 1000;
  return m;
}

}  // namespace dmss::media::dhav

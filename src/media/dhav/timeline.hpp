// Timeline: a monotonic clock out of DHAV's 16-bit milliseconds and packed date (protocol media.md §1.9).
#pragma once

#include <optional>

#include "media/dhav/frame.hpp"

namespace dmss::media::dhav {

struct Moment {
  MediaTime time{0};
  /// Device-local date of the frame as microseconds, with the milliseconds of the running clock; the zone is not known.
  std::optional<std::int64_t> local_us;
  bool discontinuity = false;  ///< the device's clock was set: a new segment begins
};

/// One stream; sound and pictures share it.
class Timeline {
 public:
  /// `frame_rate` (0 = not known) and the frame number step in where the milliseconds stand still between two pictures.
  Moment next(const Header& header, int frame_rate);

 private:
  void anchor(std::int64_t date, std::uint16_t ms);

  bool started_ = false;
  bool has_date_ = false;
  std::int64_t anchor_date_ = 0;  // seconds
  std::uint16_t anchor_ms_ = 0;
  std::int64_t segment_start_ms_ = 0;  // stream time at the anchor
  std::int64_t last_ms_ = 0;           // stream time of the latest frame
  std::int64_t last_date_ = 0;
  std::optional<std::int64_t> last_video_ms_;
  std::uint32_t last_video_number_ = 0;
};

}  // namespace dmss::media::dhav

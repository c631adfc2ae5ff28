// Demuxer: a byte stream of DHAV frames, cut anywhere, damaged anywhere (protocol media.md §1.8).
#pragma once

#include <functional>
#include <vector>

#include "media/dhav/frame.hpp"

namespace dmss::media::dhav {

struct DemuxerStats {
  std::uint64_t frames = 0;
  std::uint64_t skipped = 0;  ///< bytes thrown away while looking for a frame
  std::uint64_t resyncs = 0;
};

/// Something else than DHAV, recognised at the start of a stream.
enum class Foreign { none, raw_mpeg4 /**< "Dahua_ZH" */, old_stream /**< 00 00 01 Fx */, mpeg_ps, avi, mp4 };

class Demuxer {
 public:
  explicit Demuxer(std::size_t max_frame = 8u << 20) : max_frame_(max_frame) {}

  /// Calls `on_frame` for each whole frame; its views are valid during the call. Frames that lie completely in `data` are not copied.
  void push(ByteView data, const std::function<void(const Frame&)>& on_frame);

  const DemuxerStats& stats() const noexcept { return stats_; }
  /// Set while nothing but foreign bytes has been seen.
  Foreign foreign() const noexcept { return stats_.frames == 0 ? foreign_ : Foreign::none; }

 private:
  /// Bytes used from the front of `in`; 0 = more must come.
  std::size_t take(ByteView in, const std::function<void(const Frame&)>& on_frame);
  std::size_t resync(ByteView in);
  void sniff(ByteView in);
  ByteView held() const { return ByteView(held_).subspan(held_start_); }

  const std::size_t max_frame_;
  Bytes held_;
  std::size_t held_start_ = 0;  // what is before it has been used
  DemuxerStats stats_;
  Foreign foreign_ = Foreign::none;
  bool lost_ = false;
};

}  // namespace dmss::media::dhav

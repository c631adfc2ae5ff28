// VideoDecoder: access units in, pictures out, with no added delay (protocol media.md §5.1–5.4). One stream, one thread at a time.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "dmss/media.hpp"
#include "media/access_unit.hpp"

namespace dmss::media {

struct VideoDecoderOptions {
  int channel = 0;        ///< only passed on to the frames
  bool hardware = false;  ///< try FFmpeg's device decoders; software where that fails
  /// Also pictures that lost data or that the decoder found errors in. Off: nothing from a loss to the next clean key frame, and a
  /// key frame with parts missing is a loss. But where not one picture could be shown for VideoDecoder::kPatience, as with large key frames over a
  /// lossy UDP path, the next key frame is shown as it is, with what follows it up to the next loss: a damaged picture now and then
  /// tells more than a window that stays black. All of these are Frame::corrupt().
  bool show_corrupt = false;
  int threads = 0;  ///< 0, 1: one thread. More: frame threads, each adds a picture of delay
  std::size_t max_pixels = 16384u * 8192u;
};

enum class DecodeOutcome {
  ok,       ///< the unit was taken; a picture came or comes with a later unit
  waiting,  ///< thrown away: it is damaged, or no clean key frame has come yet
  error,    ///< the decoder refused it, or a picture was held back because the decoder found errors in it
};

class VideoDecoder {
 public:
  /// Of the units' arrival.
  static constexpr std::chrono::seconds kPatience{5};

  explicit VideoDecoder(VideoDecoderOptions options);
  ~VideoDecoder();
  VideoDecoder(const VideoDecoder&) = delete;
  VideoDecoder& operator=(const VideoDecoder&) = delete;

  /// A change of codec, parameter sets or size in mid-stream is followed.
  DecodeOutcome decode(const AccessUnit& unit, StreamKind stream, const std::function<void(Frame)>& on_frame);
  /// "h264", "h264 (vaapi)"; empty before the first unit.
  std::string_view description() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dmss::media

// VideoDecoder: access units in, pictures out, with no added delay (protocol media.md §5.1–5.4). One stream, one thread at a time.
#pragma once

#include <functional>
#include <memory>

#include "dmss/media.hpp"
#include "media/access_unit.hpp"

namespace dmss::media {

struct VideoDecoderOptions {
  int channel = 0;        ///< only passed on to the frames
  bool hardware = false;  ///< try FFmpeg's device decoders; software where that fails
  bool show_corrupt =
      false;        ///< also pictures that lost data; off: nothing from a loss to the next key frame
  int threads = 0;  ///< 0, 1: one thread. More: frame threads, each adds a picture of delay
  std::size_t max_pixels = 16384u * 8192u;
};

enum class DecodeOutcome {
  ok,       ///< the unit was taken; a picture came or comes with a later unit
  waiting,  ///< thrown away: no key frame yet
  error,    ///< the decoder refused it
};

class VideoDecoder {
 public:
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

// What a dmss::Frame refers to.
#pragma once

extern "C" {
#include <libavutil/frame.h>
}

#include "dmss/media.hpp"

struct dmss::Frame::Impl {
  Impl() : picture(av_frame_alloc()) {}
  ~Impl() { av_frame_free(&picture); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  AVFrame* picture;
  MediaTime time{0};
  std::optional<std::int64_t> wall_us;
  std::chrono::steady_clock::time_point arrived;
  bool key = false;
  bool corrupt = false;
  std::int32_t channel = 0;
  StreamKind stream = StreamKind::main;
  Codec codec = Codec::unknown;
};

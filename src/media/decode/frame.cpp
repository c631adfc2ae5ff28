#include "media/decode/frame.hpp"

extern "C" {
#include <libavutil/pixdesc.h>
}

namespace dmss {
namespace {

PixelFormat pixel_format(const AVFrame& f) {
  switch (f.format) {
    case AV_PIX_FMT_YUV420P:
    case AV_PIX_FMT_YUVJ420P: return PixelFormat::i420;
    case AV_PIX_FMT_NV12: return PixelFormat::nv12;
    case AV_PIX_FMT_YUV422P:
    case AV_PIX_FMT_YUVJ422P: return PixelFormat::i422;
    case AV_PIX_FMT_YUV444P:
    case AV_PIX_FMT_YUVJ444P: return PixelFormat::i444;
    case AV_PIX_FMT_YUV420P10LE: return PixelFormat::i420_10;
    default: return f.hw_frames_ctx != nullptr ? PixelFormat::hardware : PixelFormat::unknown;
  }
}

}  // namespace

std::int32_t Frame::width() const noexcept {
  return impl_ ? impl_->picture->width : 0;
}
std::int32_t Frame::height() const noexcept {
  return impl_ ? impl_->picture->height : 0;
}
PixelFormat Frame::format() const noexcept {
  return impl_ ? pixel_format(*impl_->picture) : PixelFormat::unknown;
}

std::int32_t Frame::plane_count() const noexcept {
  if (!impl_ || format() == PixelFormat::hardware) return 0;
  const int n = av_pix_fmt_count_planes(static_cast<AVPixelFormat>(impl_->picture->format));
  return n > 0 ? n : 0;
}

Frame::Plane Frame::plane(std::int32_t index) const noexcept {
  if (index < 0 || index >= plane_count()) return {};
  return {impl_->picture->data[index], impl_->picture->linesize[index]};
}

bool Frame::full_range() const noexcept {
  if (!impl_) return false;
  const auto format = static_cast<AVPixelFormat>(impl_->picture->format);
  return impl_->picture->color_range == AVCOL_RANGE_JPEG || format == AV_PIX_FMT_YUVJ420P ||
         format == AV_PIX_FMT_YUVJ422P || format == AV_PIX_FMT_YUVJ444P;
}

std::array<std::int32_t, 3> Frame::colour() const noexcept {
  if (!impl_) return {2, 2, 2};
  return {impl_->picture->color_primaries, impl_->picture->color_trc, impl_->picture->colorspace};
}

bool Frame::key() const noexcept {
  return impl_ && impl_->key;
}
bool Frame::corrupt() const noexcept {
  return impl_ && impl_->corrupt;
}
MediaTime Frame::time() const noexcept {
  return impl_ ? impl_->time : MediaTime(0);
}
std::optional<std::int64_t> Frame::wall_us() const noexcept {
  return impl_ ? impl_->wall_us : std::nullopt;
}
std::chrono::steady_clock::time_point Frame::arrived() const noexcept {
  return impl_ ? impl_->arrived : std::chrono::steady_clock::time_point();
}
std::int32_t Frame::channel() const noexcept {
  return impl_ ? impl_->channel : 0;
}
StreamKind Frame::stream() const noexcept {
  return impl_ ? impl_->stream : StreamKind::main;
}
Codec Frame::codec() const noexcept {
  return impl_ ? impl_->codec : Codec::unknown;
}
const void* Frame::native() const noexcept {
  return impl_ ? impl_->picture : nullptr;
}

}  // namespace dmss

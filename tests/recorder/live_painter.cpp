#include "recorder/live_painter.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "media/stamp/stamp.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/opt.h>
}

namespace dmss::recorder {
namespace {

constexpr double kPanRange = 3600, kTiltRange = 1050, kTiltLow = -150;  // tenths of a degree
constexpr std::uint8_t kViewLuma = 210;

/// A still ramp: cheap to code, since nothing but stamps and view changes.
void draw_background(AVFrame& f, int channel) {
  for (int y = 0; y < f.height; ++y) {
    std::uint8_t* row = f.data[0] + static_cast<std::ptrdiff_t>(y) * f.linesize[0];
    for (int x = 0; x < f.width; ++x)
      row[x] =
          static_cast<std::uint8_t>(60 + (x / 32 + y / 32) % 2 * 12 + x * 60 / f.width + y * 30 / f.height);
  }
  for (int p = 1; p < 3; ++p) {
    const double turn = 0.7 * channel + (p == 1 ? 0 : 3.14159265358979 / 2);
    const int level = static_cast<int>(128 + 40 * std::cos(turn));
    for (int y = 0; y < f.height / 2; ++y)
      std::memset(f.data[p] + static_cast<std::ptrdiff_t>(y) * f.linesize[p], level,
                  static_cast<std::size_t>(f.width / 2));
  }
}

AVCodecContext* open_encoder(const ClipSpec& s) {
  const bool h264 = s.codec == Codec::h264;
  if (!h264 && s.codec != Codec::h265) return nullptr;
  const AVCodec* codec = avcodec_find_encoder_by_name(h264 ? "libx264" : "libx265");
  if (codec == nullptr) return nullptr;
  AVCodecContext* c = avcodec_alloc_context3(codec);
  c->width = s.width;
  c->height = s.height;
  c->time_base = {1, std::max(1, s.fps)};
  c->framerate = {std::max(1, s.fps), 1};
  c->gop_size = 10 * std::max(1, s.gop);  // key frames are asked for one by one
  c->max_b_frames = 0;
  c->thread_count = 1;
  c->bit_rate = 1000LL * s.kbps;
  c->pix_fmt = AV_PIX_FMT_YUVJ420P;
  c->color_range = AVCOL_RANGE_JPEG;
  av_opt_set(c->priv_data, "preset", "ultrafast", 0);
  av_opt_set(c->priv_data, "tune", "zerolatency", 0);
  av_opt_set(c->priv_data, "forced-idr", "1", 0);
  if (h264) {
    av_opt_set(c->priv_data, "x264-params", "scenecut=0:slices=1:sliced-threads=0:log-level=none", 0);
  } else {
    av_opt_set(c->priv_data, "x265-params",
               "scenecut=0:log-level=none:repeat-headers=1:pools=none:frame-threads=1", 0);
  }
  if (avcodec_open2(c, codec, nullptr) >= 0) return c;
  avcodec_free_context(&c);
  return nullptr;
}

}  // namespace

struct LivePainter::Encoder {
  AVCodecContext* context = nullptr;
  AVFrame* frame = nullptr;
  AVPacket* packet = nullptr;
  Bytes background;  // what the view covers
  int view_x = 0, view_y = 0, view_width = 0, view_height = 0;

  ~Encoder() {
    avcodec_free_context(&context);
    av_frame_free(&frame);
    av_packet_free(&packet);
  }
};

LivePainter::LivePainter(const ClipSpec& spec) : spec_(spec), encoder_(std::make_unique<Encoder>()) {
  av_log_set_level(AV_LOG_FATAL);
  Encoder& e = *encoder_;
  e.context = open_encoder(spec);
  if (e.context == nullptr) return;
  e.packet = av_packet_alloc();
  e.frame = av_frame_alloc();
  e.frame->format = e.context->pix_fmt;
  e.frame->width = spec.width;
  e.frame->height = spec.height;
  e.frame->color_range = AVCOL_RANGE_JPEG;
  if (av_frame_get_buffer(e.frame, 0) < 0) avcodec_free_context(&e.context);
  if (e.context != nullptr) draw_background(*e.frame, spec.channel);
}

LivePainter::~LivePainter() = default;

/// A bright field where the camera looks: for people, the stamp is for programs.
void LivePainter::draw_view(const media::PositionStamp& p) {
  Encoder& e = *encoder_;
  AVFrame& f = *e.frame;
  const auto row = [&](int y) {
    return f.data[0] + static_cast<std::ptrdiff_t>(e.view_y + y) * f.linesize[0] + e.view_x;
  };
  const auto width = [&] { return static_cast<std::size_t>(e.view_width); };
  for (int y = 0; y < e.view_height; ++y)
    std::memcpy(row(y), e.background.data() + static_cast<std::size_t>(y) * width(), width());

  const double factor = std::max<double>(1, p.zoom / 100.0);
  e.view_width = std::max(8, static_cast<int>(f.width / 6 / std::sqrt(factor)));
  e.view_height = std::max(8, static_cast<int>(f.height / 6 / std::sqrt(factor)));
  const double across = std::clamp(p.pan / kPanRange, 0.0, 1.0);
  const double down = 1 - std::clamp((p.tilt - kTiltLow) / kTiltRange, 0.0, 1.0);
  e.view_x = static_cast<int>(across * (f.width - e.view_width));
  e.view_y = f.height / 2 + static_cast<int>(down * (f.height / 2 - e.view_height));
  e.background.resize(width() * static_cast<std::size_t>(e.view_height));
  for (int y = 0; y < e.view_height; ++y) {
    std::memcpy(e.background.data() + static_cast<std::size_t>(y) * width(), row(y), width());
    std::memset(row(y), kViewLuma, width());
  }
}

void LivePainter::draw(std::uint32_t number, const media::PositionStamp& position) {
  AVFrame& f = *encoder_->frame;
  draw_view(position);
  const media::Stamp stamp{static_cast<std::uint8_t>(spec_.channel), number,
                           static_cast<std::uint16_t>(spec_.pictures)};
  media::draw_stamp(stamp, f.data[0], f.linesize[0], f.width, f.height);
  media::draw_position(position, f.data[0], f.linesize[0], f.width, f.height);
}

std::optional<LivePainter::Picture> LivePainter::paint(std::uint32_t number,
                                                       const media::PositionStamp& position) {
  Encoder& e = *encoder_;
  if (e.context == nullptr || av_frame_make_writable(e.frame) < 0) return std::nullopt;
  draw(number, position);
  const bool key = !started_ || number % static_cast<std::uint32_t>(std::max(1, spec_.gop)) == 0;
  e.frame->pict_type = key ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
  e.frame->pts = started_ ? e.frame->pts + 1 : 0;
  started_ = true;
  av_packet_unref(e.packet);
  if (avcodec_send_frame(e.context, e.frame) < 0 || avcodec_receive_packet(e.context, e.packet) < 0)
    return std::nullopt;
  return Picture{{e.packet->data, static_cast<std::size_t>(e.packet->size)},
                 (e.packet->flags & AV_PKT_FLAG_KEY) != 0};
}

}  // namespace dmss::recorder

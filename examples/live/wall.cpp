#include "wall.hpp"

#include <cmath>
#include <fstream>
#include <memory>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libswscale/swscale.h>
}

namespace {

constexpr int kTileWidth = 480;
constexpr int kTileHeight = 270;

struct FreeFrame {
  void operator()(AVFrame* f) const { av_frame_free(&f); }
};
struct FreePacket {
  void operator()(AVPacket* p) const { av_packet_free(&p); }
};
struct FreeContext {
  void operator()(AVCodecContext* c) const { avcodec_free_context(&c); }
};
using FramePtr = std::unique_ptr<AVFrame, FreeFrame>;

FramePtr blank_picture(int width, int height) {
  FramePtr f(av_frame_alloc());
  f->format = AV_PIX_FMT_YUVJ420P;
  f->width = width;
  f->height = height;
  if (av_frame_get_buffer(f.get(), 0) < 0) return nullptr;
  for (int p = 0; p < 3; ++p) {
    const int rows = p == 0 ? height : height / 2;
    for (int y = 0; y < rows; ++y)
      std::fill_n(f->data[p] + y * f->linesize[p], p == 0 ? width : width / 2, p == 0 ? 16 : 128);
  }
  return f;
}

void draw_tile(AVFrame& wall, int column, int row, const AVFrame& picture) {
  SwsContext* sws = sws_getContext(picture.width, picture.height, static_cast<AVPixelFormat>(picture.format),
                                   kTileWidth - 2, kTileHeight - 2, AV_PIX_FMT_YUVJ420P, SWS_AREA, nullptr,
                                   nullptr, nullptr);
  if (sws == nullptr) return;
  std::uint8_t* to[4] = {};
  for (int p = 0; p < 3; ++p) {
    const int shift = p == 0 ? 0 : 1;
    to[p] = wall.data[p] + (row * kTileHeight >> shift) * wall.linesize[p] + (column * kTileWidth >> shift);
  }
  sws_scale(sws, picture.data, picture.linesize, 0, picture.height, to, wall.linesize);
  sws_freeContext(sws);
}

bool encode_jpeg(const AVFrame& picture, const std::string& path) {
  const AVCodec* codec = avcodec_find_encoder(AV_CODEC_ID_MJPEG);
  if (codec == nullptr) return false;
  std::unique_ptr<AVCodecContext, FreeContext> c(avcodec_alloc_context3(codec));
  c->width = picture.width;
  c->height = picture.height;
  c->pix_fmt = AV_PIX_FMT_YUVJ420P;
  c->time_base = {1, 25};
  c->flags |= AV_CODEC_FLAG_QSCALE;
  c->global_quality = FF_QP2LAMBDA * 3;
  if (avcodec_open2(c.get(), codec, nullptr) < 0) return false;
  std::unique_ptr<AVPacket, FreePacket> packet(av_packet_alloc());
  if (avcodec_send_frame(c.get(), &picture) < 0 || avcodec_receive_packet(c.get(), packet.get()) < 0)
    return false;
  std::ofstream out(path, std::ios::binary);
  out.write(reinterpret_cast<const char*>(packet->data), packet->size);
  return out.good();
}

}  // namespace

Wall::Wall(int windows) : newest_(static_cast<std::size_t>(windows)) {}

void Wall::put(int window, const dmss::Frame& frame) {
  std::lock_guard lock(mutex_);
  newest_[static_cast<std::size_t>(window)] = frame;
}

bool Wall::write_jpeg(const std::string& path) const {
  std::lock_guard lock(mutex_);
  const int columns = static_cast<int>(std::ceil(std::sqrt(static_cast<double>(newest_.size()))));
  const int rows = (static_cast<int>(newest_.size()) + columns - 1) / columns;
  FramePtr wall = blank_picture(columns * kTileWidth, rows * kTileHeight);
  if (!wall) return false;
  for (std::size_t i = 0; i < newest_.size(); ++i) {
    const auto* picture = static_cast<const AVFrame*>(newest_[i].native());
    if (picture != nullptr)
      draw_tile(*wall, static_cast<int>(i) % columns, static_cast<int>(i) / columns, *picture);
  }
  return encode_jpeg(*wall, path);
}

#include "media/decode/jpeg.hpp"

#include <initializer_list>
#include <memory>
#include <utility>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/opt.h>
#include <libswscale/swscale.h>
}

#include "media/decode/full_range.hpp"

namespace dmss::media {
namespace {

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

/// By libswscale, for every format it reads.
bool convert_any(const AVFrame& in, SampleMeaning meaning, AVFrame& out) {
  SwsContext* sws = sws_alloc_context();
  if (sws == nullptr) return false;
  const int source_range = meaning.full_range ? 1 : 0;
  // The ranges decide which conversion sws_init_context() takes; set later they would leave the samples as they are.
  for (const auto& [option, value] :
       std::initializer_list<std::pair<const char*, int>>{{"srcw", in.width},
                                                          {"srch", in.height},
                                                          {"src_format", in.format},
                                                          {"src_range", source_range},
                                                          {"dstw", in.width},
                                                          {"dsth", in.height},
                                                          {"dst_format", AV_PIX_FMT_YUV420P},
                                                          {"dst_range", 1},
                                                          {"sws_flags", SWS_BILINEAR}}) {
    av_opt_set_int(sws, option, value, 0);
  }
  const bool ready = sws_init_context(sws, nullptr, nullptr) >= 0;
  if (ready) {
    const int* matrix = sws_getCoefficients(meaning.bt709 ? SWS_CS_ITU709 : SWS_CS_ITU601);
    sws_setColorspaceDetails(sws, matrix, source_range, sws_getCoefficients(SWS_CS_ITU601), 1, 0, 1 << 16,
                             1 << 16);
    sws_scale(sws, in.data, in.linesize, 0, in.height, out.data, out.linesize);
  }
  sws_freeContext(sws);
  return ready;
}

/// The picture as viewers take a JPEG to be: full-range 4:2:0, BT.601. A mere reference when it is already that.
FramePtr full_range_420(const Frame& frame, const AVFrame& picture) {
  FramePtr out(av_frame_alloc());
  const SampleMeaning meaning{frame.full_range(), picture.colorspace == AVCOL_SPC_BT709};
  const bool i420 = frame.format() == PixelFormat::i420;
  if (i420 && meaning.full_range && !meaning.bt709) {
    if (av_frame_ref(out.get(), &picture) < 0) return nullptr;
    out->format = AV_PIX_FMT_YUVJ420P;
    return out;
  }
  out->format = AV_PIX_FMT_YUVJ420P;
  out->width = picture.width;
  out->height = picture.height;
  if (av_frame_get_buffer(out.get(), 0) < 0) return nullptr;
  if (i420) {
    to_full_range_601(
        {picture.data[0], picture.data[1], picture.data[2], picture.linesize[0], picture.linesize[1]},
        meaning, picture.width, picture.height,
        {out->data[0], out->data[1], out->data[2], out->linesize[0], out->linesize[1]});
  } else if (!convert_any(picture, meaning, *out)) {
    return nullptr;
  }
  return out;
}

}  // namespace

Result<std::vector<std::uint8_t>> encode_jpeg(const Frame& frame, int quality) {
  const auto* picture = static_cast<const AVFrame*>(frame.native());
  if (picture == nullptr || frame.plane_count() == 0)
    return Error(Errc::unsupported, "the picture is not in memory");
  FramePtr source = full_range_420(frame, *picture);
  const AVCodec* codec = avcodec_find_encoder(AV_CODEC_ID_MJPEG);
  if (!source || codec == nullptr) return Error(Errc::internal, "no JPEG conversion for this pixel format");

  std::unique_ptr<AVCodecContext, FreeContext> context(avcodec_alloc_context3(codec));
  context->width = source->width;
  context->height = source->height;
  context->pix_fmt = AV_PIX_FMT_YUVJ420P;
  context->color_range = AVCOL_RANGE_JPEG;
  context->time_base = {1, 25};
  context->thread_count = 1;
  context->flags |= AV_CODEC_FLAG_QSCALE;
  context->global_quality = FF_QP2LAMBDA * quality;
  source->quality = context->global_quality;
  source->pict_type = AV_PICTURE_TYPE_NONE;
  std::unique_ptr<AVPacket, FreePacket> packet(av_packet_alloc());
  if (avcodec_open2(context.get(), codec, nullptr) < 0 ||
      avcodec_send_frame(context.get(), source.get()) < 0 ||
      avcodec_receive_packet(context.get(), packet.get()) < 0) {
    return Error(Errc::internal, "the JPEG encoder refused the picture");
  }
  return std::vector<std::uint8_t>(packet->data, packet->data + packet->size);
}

}  // namespace dmss::media

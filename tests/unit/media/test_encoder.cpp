#include "test_encoder.hpp"

#include <cmath>
#include <cstring>
#include <memory>
#include <stdexcept>

#include "media/stamp/stamp.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/opt.h>
}

namespace dmss::media {
namespace {

struct Free {
  void operator()(AVCodecContext* c) const { avcodec_free_context(&c); }
  void operator()(AVFrame* f) const { av_frame_free(&f); }
  void operator()(AVPacket* p) const { av_packet_free(&p); }
};
using Context = std::unique_ptr<AVCodecContext, Free>;
using Picture = std::unique_ptr<AVFrame, Free>;
using Coded = std::unique_ptr<AVPacket, Free>;

void need(bool ok, const char* what) {
  if (!ok) throw std::runtime_error(what);
}

const char* encoder_name(Codec c) {
  switch (c) {
    case Codec::h264: return "libx264";
    case Codec::h265: return "libx265";
    case Codec::mpeg4: return "mpeg4";
    default: return "mjpeg";
  }
}

Context open_video(const EncoderSettings& s) {
  av_log_set_level(AV_LOG_PANIC);
  const AVCodec* codec = avcodec_find_encoder_by_name(encoder_name(s.codec));
  need(codec != nullptr, "no encoder");
  Context c(avcodec_alloc_context3(codec));
  c->width = s.width;
  c->height = s.height;
  c->time_base = {1, 25};
  c->gop_size = s.gop;
  c->max_b_frames = s.b_frames;
  c->thread_count = 1;
  if (s.chroma_422) {
    c->pix_fmt = s.full_range ? AV_PIX_FMT_YUVJ422P : AV_PIX_FMT_YUV422P;
  } else {
    c->pix_fmt = s.full_range ? AV_PIX_FMT_YUVJ420P : AV_PIX_FMT_YUV420P;
  }
  c->color_range = s.full_range ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
  if (s.bt709) c->colorspace = AVCOL_SPC_BT709;
  c->strict_std_compliance = FF_COMPLIANCE_UNOFFICIAL;
  if (s.codec == Codec::h264) {
    av_opt_set(c->priv_data, "preset", "ultrafast", 0);
    if (s.b_frames == 0) av_opt_set(c->priv_data, "tune", "zerolatency", 0);
  } else if (s.codec == Codec::h265) {
    av_opt_set(c->priv_data, "preset", "ultrafast", 0);
    av_opt_set(c->priv_data, "tune", "zerolatency", 0);
    av_opt_set(c->priv_data, "x265-params", "log-level=error:repeat-headers=1:pools=none", 0);
  } else if (s.codec == Codec::mjpeg) {
    c->flags |= AV_CODEC_FLAG_QSCALE;
    c->global_quality = FF_QP2LAMBDA * 3;
    av_opt_set(c->priv_data, "huffman", s.standard_huffman ? "default" : "optimal", 0);
  }
  need(avcodec_open2(c.get(), codec, nullptr) >= 0, "encoder does not open");
  return c;
}

void collect(AVCodecContext* c, const std::function<void(const AVPacket&)>& on_packet) {
  Coded packet(av_packet_alloc());
  while (avcodec_receive_packet(c, packet.get()) >= 0) {
    on_packet(*packet);
    av_packet_unref(packet.get());
  }
}

ByteView view(const AVPacket& p) {
  return {p.data, static_cast<std::size_t>(p.size)};
}

Bytes adts_header(int rate_index, int channels, std::size_t size) {
  const auto n = static_cast<unsigned>(size + 7);
  return {0xff,
          0xf1,
          static_cast<std::uint8_t>(1 << 6 | rate_index << 2 | channels >> 2),
          static_cast<std::uint8_t>((channels & 3) << 6 | static_cast<int>(n >> 11)),
          static_cast<std::uint8_t>(n >> 3),
          static_cast<std::uint8_t>((n & 7) << 5 | 0x1f),
          0xfc};
}

}  // namespace

std::vector<AccessUnit> encode_pictures(const EncoderSettings& s, int count, const Paint& paint) {
  const Context c = open_video(s);
  std::vector<AccessUnit> units;
  const auto keep = [&](const AVPacket& p) {
    AccessUnit u;
    u.codec = s.codec;
    u.key = (p.flags & AV_PKT_FLAG_KEY) != 0;
    u.time = MediaTime(p.pts * 40'000);
    u.data = Buffer::copy_of(view(p));
    units.push_back(std::move(u));
  };
  for (int n = 0; n < count; ++n) {
    const Picture picture(av_frame_alloc());
    picture->format = c->pix_fmt;
    picture->width = s.width;
    picture->height = s.height;
    picture->color_range = c->color_range;
    picture->pts = n;
    picture->quality = c->global_quality;
    need(av_frame_get_buffer(picture.get(), 0) >= 0, "no memory");
    Canvas canvas{{}, {}, s.width, s.height, s.chroma_422 ? s.height : s.height / 2};
    for (int i = 0; i < 3; ++i) {
      canvas.plane[i] = picture->data[i];
      canvas.stride[i] = picture->linesize[i];
    }
    paint(canvas, n);
    need(avcodec_send_frame(c.get(), picture.get()) >= 0, "the encoder refused a picture");
    collect(c.get(), keep);
  }
  avcodec_send_frame(c.get(), nullptr);
  collect(c.get(), keep);
  return units;
}

std::vector<AccessUnit> encode_stamped(const EncoderSettings& s, int count) {
  return encode_pictures(s, count, [&](const Canvas& c, int number) {
    for (int y = 0; y < c.height; ++y) {
      for (int x = 0; x < c.width; ++x)
        c.plane[0][y * c.stride[0] + x] = static_cast<std::uint8_t>(40 + (x / 2 + y / 3 + number * 4) % 160);
    }
    for (int y = 0; y < c.height / 2; ++y) {
      std::memset(c.plane[1] + y * c.stride[1], 110, static_cast<std::size_t>(c.width / 2));
      std::memset(c.plane[2] + y * c.stride[2], 140, static_cast<std::size_t>(c.width / 2));
    }
    const Stamp stamp{3, static_cast<std::uint32_t>(number), static_cast<std::uint16_t>(count)};
    draw_stamp(stamp, c.plane[0], c.stride[0], c.width, c.height);
  });
}

std::vector<AccessUnit> encode_aac(int rate, int channels, int frames, bool adts) {
  const AVCodec* codec = avcodec_find_encoder(AV_CODEC_ID_AAC);
  need(codec != nullptr, "no AAC encoder");
  const Context c(avcodec_alloc_context3(codec));
  c->sample_rate = rate;
  c->sample_fmt = AV_SAMPLE_FMT_FLTP;
  c->bit_rate = 64'000;
  c->time_base = {1, rate};
  c->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  av_channel_layout_default(&c->ch_layout, channels);
  need(avcodec_open2(c.get(), codec, nullptr) >= 0, "the AAC encoder does not open");
  const int rate_index = (c->extradata[0] & 7) << 1 | c->extradata[1] >> 7;
  std::vector<AccessUnit> units;
  const auto keep = [&](const AVPacket& p) {
    Bytes data = adts ? adts_header(rate_index, channels, static_cast<std::size_t>(p.size)) : Bytes();
    data.insert(data.end(), p.data, p.data + p.size);
    AccessUnit u;
    u.kind = MediaKind::audio;
    u.codec = Codec::aac;
    u.sample_rate = rate;
    u.channels = channels;
    u.data = Buffer::copy_of(data);
    units.push_back(std::move(u));
  };
  for (int n = 0; n < frames; ++n) {
    const Picture sound(av_frame_alloc());
    sound->format = AV_SAMPLE_FMT_FLTP;
    sound->nb_samples = c->frame_size;
    sound->sample_rate = rate;
    av_channel_layout_copy(&sound->ch_layout, &c->ch_layout);
    need(av_frame_get_buffer(sound.get(), 0) >= 0, "no memory");
    for (int ch = 0; ch < channels; ++ch) {
      auto* out = reinterpret_cast<float*>(sound->extended_data[ch]);
      for (int i = 0; i < c->frame_size; ++i)
        out[i] = 0.5f * std::sin(6.2831853f * 440.0f * static_cast<float>(n * c->frame_size + i) /
                                 static_cast<float>(rate));
    }
    sound->pts = static_cast<std::int64_t>(n) * c->frame_size;
    need(avcodec_send_frame(c.get(), sound.get()) >= 0, "the AAC encoder refused");
    collect(c.get(), keep);
  }
  avcodec_send_frame(c.get(), nullptr);
  collect(c.get(), keep);
  return units;
}

std::vector<AccessUnit> encode_g726(int bits, double frequency, int samples) {
  const AVCodec* codec = avcodec_find_encoder_by_name("g726le");
  need(codec != nullptr, "no G.726 encoder");
  const Context c(avcodec_alloc_context3(codec));
  c->sample_rate = 8000;
  c->sample_fmt = AV_SAMPLE_FMT_S16;
  c->bit_rate = bits * 8000;
  c->time_base = {1, 8000};
  av_channel_layout_default(&c->ch_layout, 1);
  need(avcodec_open2(c.get(), codec, nullptr) >= 0, "the G.726 encoder does not open");
  std::vector<AccessUnit> units;
  const auto keep = [&](const AVPacket& p) {
    AccessUnit u;
    u.kind = MediaKind::audio;
    u.sample_rate = 8000;
    u.channels = 1;
    u.data = Buffer::copy_of(view(p));
    units.push_back(std::move(u));
  };
  const int frame_size = c->frame_size > 0 ? c->frame_size : 400;
  for (int done = 0; done < samples; done += frame_size) {
    const Picture sound(av_frame_alloc());
    sound->format = AV_SAMPLE_FMT_S16;
    sound->nb_samples = frame_size;
    sound->sample_rate = 8000;
    av_channel_layout_copy(&sound->ch_layout, &c->ch_layout);
    need(av_frame_get_buffer(sound.get(), 0) >= 0, "no memory");
    auto* out = reinterpret_cast<std::int16_t*>(sound->data[0]);
    for (int i = 0; i < frame_size; ++i)
      out[i] = static_cast<std::int16_t>(12'000 * std::sin(6.2831853 * frequency * (done + i) / 8000));
    sound->pts = done;
    need(avcodec_send_frame(c.get(), sound.get()) >= 0, "the G.726 encoder refused");
    collect(c.get(), keep);
  }
  avcodec_send_frame(c.get(), nullptr);
  collect(c.get(), keep);
  return units;
}

}  // namespace dmss::media

#include "media/decode/audio_decoder.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "media/decode/g711.hpp"
#include "media/decode/quiet.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
}

namespace dmss::media {
namespace {

constexpr std::size_t kMaxSamples = 1u << 20;

int g726_bits(Codec c) {
  switch (c) {
    case Codec::g726_16: return 2;
    case Codec::g726_24: return 3;
    case Codec::g726_32: return 4;
    case Codec::g726_40: return 5;
    default: return 0;
  }
}

bool is_adts(ByteView b) {
  return b.size() >= 7 && b[0] == 0xff && (b[1] & 0xf6) == 0xf0;
}

std::int16_t to_s16(float v) {
  return static_cast<std::int16_t>(std::lrintf(std::clamp(v, -1.0f, 1.0f) * 32767.0f));
}

/// The two bytes of an AAC-LC AudioSpecificConfig (ISO/IEC 14496-3 §1.6.2.1).
std::uint16_t aac_config(int sample_rate, int channels) {
  constexpr int kRates[] = {96000, 88200, 64000, 48000, 44100, 32000, 24000,
                            22050, 16000, 12000, 11025, 8000,  7350};
  const auto* at = std::find(std::begin(kRates), std::end(kRates), sample_rate);
  const int index = at == std::end(kRates) ? 8 : static_cast<int>(at - std::begin(kRates));
  return static_cast<std::uint16_t>(2 << 11 | index << 7 | std::clamp(channels, 1, 7) << 3);
}

}  // namespace

class AudioDecoder::Impl {
 public:
  Impl() : packet_(av_packet_alloc()), frame_(av_frame_alloc()) { quiet_ffmpeg(); }
  ~Impl() {
    avcodec_free_context(&context_);
    av_packet_free(&packet_);
    av_frame_free(&frame_);
  }

  bool decode(const AccessUnit& unit, const std::function<void(const AudioBlock&)>& on_block) {
    const ByteView in = unit.data.view();
    if (in.empty() || in.size() > kMaxSamples) return false;
    switch (unit.codec) {
      case Codec::pcm_alaw:
        samples_.resize(in.size());
        decode_alaw(in, samples_.data());
        return give(unit, on_block);
      case Codec::pcm_mulaw:
        samples_.resize(in.size());
        decode_mulaw(in, samples_.data());
        return give(unit, on_block);
      case Codec::pcm_s16le:
      case Codec::pcm_s16be:
        samples_.resize(in.size() / 2);
        for (std::size_t i = 0; i < samples_.size(); ++i) {
          const std::uint8_t* p = &in[i * 2];
          samples_[i] =
              static_cast<std::int16_t>(unit.codec == Codec::pcm_s16le ? load_le16(p) : load_be16(p));
        }
        return give(unit, on_block);
      case Codec::pcm_s8:
        samples_.resize(in.size());
        for (std::size_t i = 0; i < in.size(); ++i)
          samples_[i] = static_cast<std::int16_t>(static_cast<std::int8_t>(in[i]) * 256);
        return give(unit, on_block);
      default: return decode_by_libavcodec(unit, on_block);
    }
  }

 private:
  bool give(const AccessUnit& unit, const std::function<void(const AudioBlock&)>& on_block) {
    AudioBlock block;
    block.samples = samples_;
    block.sample_rate = unit.sample_rate > 0 ? unit.sample_rate : 8000;
    block.channels = std::max(unit.channels, 1);
    block.time = unit.time;
    block.wall_us = unit.wall_us;
    on_block(block);
    return true;
  }

  bool open(const AccessUnit& unit, bool adts) {
    avcodec_free_context(&context_);
    codec_ = unit.codec;
    rate_ = unit.sample_rate;
    channels_ = unit.channels;
    adts_ = adts;
    const bool g726 = g726_bits(unit.codec) != 0;
    const AVCodec* decoder = avcodec_find_decoder(unit.codec == Codec::aac ? AV_CODEC_ID_AAC
                                                  : g726                   ? AV_CODEC_ID_ADPCM_G726LE
                                                                           : AV_CODEC_ID_NONE);
    if (decoder == nullptr) return false;
    context_ = avcodec_alloc_context3(decoder);
    context_->sample_rate = unit.sample_rate > 0 ? unit.sample_rate : 8000;
    av_channel_layout_default(&context_->ch_layout, std::max(unit.channels, 1));
    if (g726) context_->bits_per_coded_sample = g726_bits(unit.codec);
    if (unit.codec == Codec::aac && !adts) {
      context_->extradata = static_cast<std::uint8_t*>(av_mallocz(2 + AV_INPUT_BUFFER_PADDING_SIZE));
      context_->extradata_size = 2;
      store_be16(context_->extradata, aac_config(context_->sample_rate, unit.channels));
    }
    if (avcodec_open2(context_, decoder, nullptr) < 0) {
      avcodec_free_context(&context_);
      return false;
    }
    return true;
  }

  bool decode_by_libavcodec(const AccessUnit& unit, const std::function<void(const AudioBlock&)>& on_block) {
    const bool adts = unit.codec == Codec::aac && is_adts(unit.data.view());
    const bool same = context_ != nullptr && unit.codec == codec_ && unit.sample_rate == rate_ &&
                      unit.channels == channels_ && adts == adts_;
    if (!same && !open(unit, adts)) return false;
    packet_->buf = unit.data.make_ref();
    packet_->data = const_cast<std::uint8_t*>(unit.data.data());  // libavcodec does not write to it
    packet_->size = static_cast<int>(unit.data.size());
    const int sent = avcodec_send_packet(context_, packet_);
    av_packet_unref(packet_);
    if (sent < 0) return false;
    while (avcodec_receive_frame(context_, frame_) >= 0) {
      AccessUnit out;
      out.sample_rate = frame_->sample_rate;
      out.channels = frame_->ch_layout.nb_channels;
      out.time = unit.time;
      out.wall_us = unit.wall_us;
      if (interleave(*frame_)) give(out, on_block);
      av_frame_unref(frame_);
    }
    return true;
  }

  bool interleave(const AVFrame& f) {
    const auto channels = static_cast<std::size_t>(f.ch_layout.nb_channels);
    const auto count = static_cast<std::size_t>(f.nb_samples);
    samples_.resize(count * channels);
    if (f.format == AV_SAMPLE_FMT_FLTP) {
      for (std::size_t c = 0; c < channels; ++c) {
        const auto* in = reinterpret_cast<const float*>(f.extended_data[c]);
        for (std::size_t i = 0; i < count; ++i) samples_[i * channels + c] = to_s16(in[i]);
      }
      return true;
    }
    if (f.format == AV_SAMPLE_FMT_S16 || (f.format == AV_SAMPLE_FMT_S16P && channels == 1)) {
      const auto* in = reinterpret_cast<const std::int16_t*>(f.extended_data[0]);
      std::copy_n(in, samples_.size(), samples_.begin());
      return true;
    }
    return false;
  }

  AVCodecContext* context_ = nullptr;
  AVPacket* packet_;
  AVFrame* frame_;
  Codec codec_ = Codec::unknown;
  int rate_ = 0;
  int channels_ = 0;
  bool adts_ = false;
  std::vector<std::int16_t> samples_;
};

AudioDecoder::AudioDecoder() : impl_(std::make_unique<Impl>()) {}
AudioDecoder::~AudioDecoder() = default;
bool AudioDecoder::decode(const AccessUnit& unit, const std::function<void(const AudioBlock&)>& on_block) {
  return impl_->decode(unit, on_block);
}

}  // namespace dmss::media

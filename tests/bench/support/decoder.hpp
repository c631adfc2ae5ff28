// Decoder: libavcodec on one thread without delay, and nothing around it.
#pragma once

extern "C" {
#include <libavcodec/avcodec.h>
}

#include <memory>
#include <stdexcept>
#include <string_view>

#include "base/bytes.hpp"

namespace dmss::bench {

class Decoder {
 public:
  explicit Decoder(AVCodecID codec = AV_CODEC_ID_H264) {
    const AVCodec* found = avcodec_find_decoder(codec);
    context_.reset(avcodec_alloc_context3(found));
    context_->thread_count = 1;
    context_->flags |= AV_CODEC_FLAG_LOW_DELAY;
    if (avcodec_open2(context_.get(), found, nullptr) < 0) throw std::runtime_error("no decoder");
  }

  /// Calls f(const AVFrame&) for each picture; `unit` has padding behind it.
  template <class F>
  void decode(ByteView unit, F&& f) {
    packet_->data = const_cast<std::uint8_t*>(unit.data());
    packet_->size = static_cast<int>(unit.size());
    packet_->pts = next_++;
    if (avcodec_send_packet(context_.get(), packet_.get()) < 0) throw std::runtime_error("cannot decode");
    while (avcodec_receive_frame(context_.get(), frame_.get()) == 0) {
      f(static_cast<const AVFrame&>(*frame_));
      av_frame_unref(frame_.get());
    }
  }

 private:
  struct Free {
    void operator()(AVCodecContext* p) const { avcodec_free_context(&p); }
    void operator()(AVPacket* p) const { av_packet_free(&p); }
    void operator()(AVFrame* p) const { av_frame_free(&p); }
  };
  std::unique_ptr<AVCodecContext, Free> context_;
  std::unique_ptr<AVPacket, Free> packet_{av_packet_alloc()};
  std::unique_ptr<AVFrame, Free> frame_{av_frame_alloc()};
  std::int64_t next_ = 0;
};

/// The user data that a picture carries; empty when there is none.
inline std::string_view user_data(const AVFrame& frame) {
  const AVFrameSideData* sei = av_frame_get_side_data(&frame, AV_FRAME_DATA_SEI_UNREGISTERED);
  if (sei == nullptr) return {};
  return {reinterpret_cast<const char*>(sei->data), sei->size};
}

}  // namespace dmss::bench

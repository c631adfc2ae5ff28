#include "media/decode/video_decoder.hpp"

#include <array>
#include <string>

#include "media/decode/frame.hpp"
#include "media/decode/parameter_sets.hpp"
#include "media/decode/quiet.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/hwcontext.h>
}

namespace dmss::media {
namespace {

constexpr int kHardwareErrorsBeforeSoftware = 5;
constexpr int kSmallestHardwareWidth = 352;  // smaller pictures cost more on the device than on the processor
constexpr int kFramesForCaller = 4;

AVCodecID codec_id(Codec c) {
  switch (c) {
    case Codec::h264: return AV_CODEC_ID_H264;
    case Codec::h265: return AV_CODEC_ID_HEVC;
    case Codec::mjpeg: return AV_CODEC_ID_MJPEG;
    case Codec::mpeg4: return AV_CODEC_ID_MPEG4;
    default: return AV_CODEC_ID_NONE;
  }
}

/// What travels through the decoder with a unit and comes out with its picture.
struct Ticket {
  MediaTime time{0};
  std::optional<std::int64_t> wall_us;
  std::chrono::steady_clock::time_point arrived;
  bool key = false;
  bool corrupt = false;
  StreamKind stream = StreamKind::main;
};

}  // namespace

class VideoDecoder::Impl {
 public:
  explicit Impl(VideoDecoderOptions options) : options_(options), packet_(av_packet_alloc()) {
    quiet_ffmpeg();
  }
  ~Impl() {
    close();
    av_packet_free(&packet_);
  }

  DecodeOutcome decode(const AccessUnit& unit, StreamKind stream,
                       const std::function<void(Frame)>& on_frame) {
    if (unit.data.empty()) return DecodeOutcome::error;  // libavcodec would take it for the end of the stream
    if (!starved_since_) starved_since_ = unit.arrived;
    if (unit.corrupt && !options_.show_corrupt) {
      if (!unit.key || !out_of_patience(unit.arrived)) {
        waiting_for_key_ = true;
        return DecodeOutcome::waiting;
      }
      lenient_ = true;
    }
    if (unit.codec != codec_ || context_ == nullptr) {
      if (!unit.key) return DecodeOutcome::waiting;
      if (!open(unit.codec, options_.hardware && !hardware_failed_)) return DecodeOutcome::error;
    }
    if (waiting_for_key_ && !unit.key) return DecodeOutcome::waiting;
    waiting_for_key_ = false;
    if (!drop_stale_delay(unit, on_frame)) return DecodeOutcome::error;
    return send(unit, stream, on_frame);
  }

  std::string_view description() const { return description_; }

 private:
  bool out_of_patience(std::chrono::steady_clock::time_point now) const {
    return starved_since_ && now - *starved_since_ >= kPatience;
  }

  /// libavcodec never lowers a delay that a stream has once asked for, or that damage has made it believe in. False: the decoder
  /// does not open again.
  bool drop_stale_delay(const AccessUnit& unit, const std::function<void(Frame)>& on_frame) {
    const std::uint64_t sets = parameter_set_digest(unit.codec, unit.data.view());
    if (!unit.key) {
      damaged_ = damaged_ || unit.corrupt || sets != 0;
      return true;
    }
    const bool stale = damaged_ || (sets != 0 && sets != sets_);
    damaged_ = unit.corrupt;
    if (sets != 0) sets_ = sets;
    if (!stale || context_->has_b_frames == 0) return true;
    avcodec_send_packet(context_, nullptr);
    receive(on_frame);
    damaged_ = unit.corrupt;
    return open(unit.codec, options_.hardware && !hardware_failed_);
  }

  bool open(Codec codec, bool hardware) {
    close();
    codec_ = codec;
    const AVCodec* decoder = avcodec_find_decoder(codec_id(codec));
    if (decoder == nullptr) return false;
    context_ = avcodec_alloc_context3(decoder);
    context_->thread_count = options_.threads > 1 ? options_.threads : 1;
    if (options_.threads > 1) {
      context_->thread_type = FF_THREAD_FRAME;
    } else {
      context_->flags |= AV_CODEC_FLAG_LOW_DELAY;
    }
    context_->max_pixels = static_cast<std::int64_t>(options_.max_pixels);
    // Applied by the decoder, a film grain message (or a damaged one) gives pictures nobody has written, with no error.
    context_->export_side_data |= AV_CODEC_EXPORT_DATA_FILM_GRAIN;
    context_->opaque = this;
    description_ = name(codec);
    if (hardware) use_hardware(*decoder);
    if (avcodec_open2(context_, decoder, nullptr) < 0) {
      close();
      return false;
    }
    return true;
  }

  void close() {
    avcodec_free_context(&context_);
    av_buffer_unref(&device_);
    hardware_format_ = AV_PIX_FMT_NONE;
    hardware_errors_ = 0;
  }

  void use_hardware(const AVCodec& decoder) {
    for (int i = 0; const AVCodecHWConfig* config = avcodec_get_hw_config(&decoder, i); ++i) {
      if ((config->methods & AV_CODEC_HW_CONFIG_METHOD_HW_DEVICE_CTX) == 0) continue;
      if (av_hwdevice_ctx_create(&device_, config->device_type, nullptr, nullptr, 0) < 0) continue;
      context_->hw_device_ctx = av_buffer_ref(device_);
      context_->extra_hw_frames = kFramesForCaller;
      hardware_format_ = config->pix_fmt;
      context_->get_format = [](AVCodecContext* c, const AVPixelFormat* offered) {
        const auto* self = static_cast<const Impl*>(c->opaque);
        for (const AVPixelFormat* f = offered; *f != AV_PIX_FMT_NONE; ++f) {
          if (*f == self->hardware_format_ && c->width >= kSmallestHardwareWidth) return *f;
        }
        return avcodec_default_get_format(c, offered);
      };
      description_ += std::string(" (") + av_hwdevice_get_type_name(config->device_type) + ")";
      return;
    }
  }

  DecodeOutcome send(const AccessUnit& unit, StreamKind stream, const std::function<void(Frame)>& on_frame) {
    av_packet_unref(packet_);
    packet_->buf = unit.data.make_ref();
    packet_->data = const_cast<std::uint8_t*>(unit.data.data());  // libavcodec does not write to it
    packet_->size = static_cast<int>(unit.data.size());
    packet_->pts = static_cast<std::int64_t>(sent_);
    if (unit.key) {
      packet_->flags |= AV_PKT_FLAG_KEY;
      latest_key_ = sent_;
    }
    tickets_[sent_ % tickets_.size()] = {unit.time, unit.wall_us, unit.arrived,
                                         unit.key,  unit.corrupt, stream};
    ++sent_;

    const int sent = avcodec_send_packet(context_, packet_);
    av_packet_unref(packet_);
    if (sent < 0 && sent != AVERROR(EAGAIN)) return refused(unit, stream, on_frame);
    return receive(on_frame) ? DecodeOutcome::ok : DecodeOutcome::error;
  }

  DecodeOutcome refused(const AccessUnit& unit, StreamKind stream,
                        const std::function<void(Frame)>& on_frame) {
    if (hardware_format_ != AV_PIX_FMT_NONE && ++hardware_errors_ >= kHardwareErrorsBeforeSoftware) {
      hardware_failed_ = true;
      if (unit.key && open(unit.codec, false)) return send(unit, stream, on_frame);
      close();
    }
    if (!options_.show_corrupt) waiting_for_key_ = true;
    damaged_ = tainted_ = true;
    return DecodeOutcome::error;
  }

  /// False: a picture was held back because the decoder found errors in it.
  bool receive(const std::function<void(Frame)>& on_frame) {
    bool clean = true;
    for (;;) {
      if (!spare_) spare_ = std::make_shared<Frame::Impl>();
      if (avcodec_receive_frame(context_, spare_->picture) < 0) return clean;
      AVFrame& picture = *spare_->picture;
      hardware_errors_ = 0;
      const auto index = static_cast<std::uint64_t>(picture.pts);
      const Ticket& ticket = tickets_[index % tickets_.size()];
      const bool errors = (picture.flags & AV_FRAME_FLAG_CORRUPT) != 0 || picture.decode_error_flags != 0;
      if (!to_be_shown(ticket, index, errors)) {
        clean = clean && !errors;
        av_frame_unref(&picture);
        continue;
      }
      if (picture.format == hardware_format_ && !download(picture)) continue;
      starved_since_.reset();
      std::shared_ptr<Frame::Impl> impl = std::move(spare_);
      impl->time = ticket.time;
      impl->wall_us = ticket.wall_us;
      impl->arrived = ticket.arrived;
      impl->corrupt = tainted_;
      impl->stream = ticket.stream;
      impl->key = impl->picture->key_frame != 0;
      impl->channel = options_.channel;
      impl->codec = codec_;
      on_frame(Frame(std::shared_ptr<const Frame::Impl>(std::move(impl))));
    }
  }

  /// Follows the damage from picture to picture: what builds on a damaged one is damaged, up to a clean key frame.
  bool to_be_shown(const Ticket& ticket, std::uint64_t index, bool errors) {
    if (ticket.key) key_out_ = index;
    if (ticket.key && !ticket.corrupt && !errors) {
      tainted_ = lenient_ = false;
      return true;
    }
    if (ticket.corrupt || errors) damaged_ = tainted_ = true;
    if (!tainted_ || options_.show_corrupt) return true;
    // A stream whose every key frame makes the decoder complain, though nothing is missing, plays as well.
    if (ticket.key && out_of_patience(ticket.arrived)) lenient_ = true;
    if (lenient_) return true;
    // One from before the latest key frame, in decoding or in showing, says nothing against what follows that.
    if (key_out_ == latest_key_) waiting_for_key_ = true;
    return false;
  }

  static bool download(AVFrame& picture) {
    AVFrame* software = av_frame_alloc();
    bool ok =
        av_hwframe_transfer_data(software, &picture, 0) >= 0 && av_frame_copy_props(software, &picture) >= 0;
    if (ok) {
      av_frame_unref(&picture);
      av_frame_move_ref(&picture, software);
    }
    av_frame_free(&software);
    return ok;
  }

  const VideoDecoderOptions options_;
  AVPacket* packet_;
  AVCodecContext* context_ = nullptr;
  AVBufferRef* device_ = nullptr;
  AVPixelFormat hardware_format_ = AV_PIX_FMT_NONE;
  int hardware_errors_ = 0;
  bool hardware_failed_ = false;
  Codec codec_ = Codec::unknown;
  std::string description_;
  bool waiting_for_key_ = true;
  std::uint64_t sets_ = 0;        // digest of the parameter sets in use
  bool damaged_ = false;          // something since the last key frame may have misled the decoder
  bool tainted_ = false;          // the pictures that come out build on a damaged one
  bool lenient_ = false;          // such pictures are shown, as there was nothing else to show
  std::uint64_t latest_key_ = 0;  // in the order of sent_
  std::uint64_t key_out_ = 0;     // whose picture has come out
  std::optional<std::chrono::steady_clock::time_point>
      starved_since_;  // the first unit after the last picture shown
  std::shared_ptr<Frame::Impl> spare_;
  std::uint64_t sent_ = 0;
  std::array<Ticket, 64> tickets_{};  // more than any decoder holds back
};

VideoDecoder::VideoDecoder(VideoDecoderOptions options) : impl_(std::make_unique<Impl>(options)) {}
VideoDecoder::~VideoDecoder() = default;

DecodeOutcome VideoDecoder::decode(const AccessUnit& unit, StreamKind stream,
                                   const std::function<void(Frame)>& on_frame) {
  return impl_->decode(unit, stream, on_frame);
}

std::string_view VideoDecoder::description() const {
  return impl_->description();
}

}  // namespace dmss::media

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

#include "bench/floor/jobs.hpp"
#include "bench/support/decoder.hpp"
#include "bench/support/usage.hpp"
#include "media/rtp/packetiser.hpp"

namespace dmss::bench {
namespace {

constexpr std::size_t kPadding = AV_INPUT_BUFFER_PADDING_SIZE;
constexpr int kJpegQuality = 3;

/// The pictures of a file, Annex-B, each with padding behind it.
class Pictures {
 public:
  explicit Pictures(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    const Bytes stream{std::istreambuf_iterator<char>(in), {}};
    Bytes unit;
    bool has_slice = false;
    const auto flush = [&] {
      if (has_slice) {
        unit.resize(unit.size() + kPadding);
        units_.push_back(std::move(unit));
      }
      unit = {};
      has_slice = false;
    };
    media::for_each_nal(stream, [&](ByteView nal) {
      const int type = nal[0] & 0x1f;
      const bool slice = type == 1 || type == 5;
      if (has_slice && (!slice || (nal[1] & 0x80) != 0)) flush();
      const std::uint8_t start[] = {0, 0, 0, 1};
      unit.insert(unit.end(), start, start + 4);
      unit.insert(unit.end(), nal.begin(), nal.end());
      has_slice = has_slice || slice;
    });
    flush();
    if (units_.empty()) throw std::runtime_error("no H.264 in " + file);
  }

  ByteView operator[](std::size_t i) const {
    const Bytes& u = units_[i % units_.size()];
    return ByteView(u).first(u.size() - kPadding);
  }

 private:
  std::vector<Bytes> units_;
};

nlohmann::json sorted(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values;
}

}  // namespace

nlohmann::json decode_memory(const FloorOptions& o) {
  const Pictures pictures(o.clip);
  std::uint64_t shown = 0;
  const auto show = [&shown](const AVFrame&) { ++shown; };
  if (o.pictures > 0) {
    Decoder decoder;
    for (int i = 0; i < o.pictures; ++i) decoder.decode(pictures[static_cast<std::size_t>(i)], show);
    return {{"pictures", shown}};
  }
  std::vector<Decoder> decoders(static_cast<std::size_t>(o.streams));
  Usage before = Usage::now();
  const auto start = before.at;
  bool warm = false;
  for (std::size_t n = 0;; ++n) {
    for (std::size_t i = 0; i < decoders.size(); ++i) {
      const double share = static_cast<double>(i) / static_cast<double>(decoders.size());
      const std::chrono::duration<double> due((static_cast<double>(n) + share) / o.fps);
      std::this_thread::sleep_until(start + std::chrono::duration_cast<std::chrono::nanoseconds>(due));
      decoders[i].decode(pictures[n], show);
    }
    const double spent = static_cast<double>(n + 1) / o.fps;
    if (!warm && spent >= o.warm_up) {
      warm = true;
      before = Usage::now();
      shown = 0;
    }
    if (spent >= o.warm_up + o.seconds) break;
  }
  const Usage after = Usage::now();
  return {{"cpu_s", after.cpu - before.cpu},
          {"wall_s", std::chrono::duration<double>(after.at - before.at).count()},
          {"wakeups", after.switches - before.switches},
          {"pictures", shown}};
}

nlohmann::json decode_first(const FloorOptions& o) {
  const Pictures pictures(o.clip);
  std::vector<double> cpu_ms;
  for (int i = 0; i < o.repeats; ++i) {
    const Usage before = Usage::now();
    Decoder decoder;
    decoder.decode(pictures[0], [](const AVFrame&) {});
    cpu_ms.push_back((Usage::now().cpu - before.cpu) * 1000);
  }
  return {{"cpu_ms", sorted(cpu_ms)}};
}

nlohmann::json encode_jpeg(const FloorOptions& o) {
  const Pictures pictures(o.clip);
  Decoder decoder;
  std::vector<double> cpu_ms;
  int size = 0;
  for (std::size_t i = 0; cpu_ms.size() < static_cast<std::size_t>(o.repeats); ++i) {
    decoder.decode(pictures[i], [&](const AVFrame& frame) {
      const Usage before = Usage::now();
      const AVCodec* codec = avcodec_find_encoder(AV_CODEC_ID_MJPEG);
      AVCodecContext* encoder = avcodec_alloc_context3(codec);
      encoder->width = frame.width;
      encoder->height = frame.height;
      encoder->pix_fmt = AV_PIX_FMT_YUVJ420P;
      encoder->time_base = {1, 25};
      encoder->thread_count = 1;
      encoder->flags |= AV_CODEC_FLAG_QSCALE;
      encoder->global_quality = FF_QP2LAMBDA * kJpegQuality;
      if (avcodec_open2(encoder, codec, nullptr) < 0) throw std::runtime_error("no JPEG encoder");
      AVFrame* copy = av_frame_clone(&frame);
      copy->format = AV_PIX_FMT_YUVJ420P;
      copy->quality = encoder->global_quality;
      AVPacket* packet = av_packet_alloc();
      avcodec_send_frame(encoder, copy);
      avcodec_receive_packet(encoder, packet);
      size = packet->size;
      av_packet_free(&packet);
      av_frame_free(&copy);
      avcodec_free_context(&encoder);
      if (i >= 5) cpu_ms.push_back((Usage::now().cpu - before.cpu) * 1000);
    });
  }
  return {{"cpu_ms", sorted(cpu_ms)}, {"bytes", size}};
}

}  // namespace dmss::bench

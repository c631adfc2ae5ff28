// Sound payloads: samples as they are (RFC 3551) and AAC (RFC 3640).
#include "media/rtp/audio.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "proto/rtsp/message.hpp"

namespace dmss::media {
namespace {

class PlainAudio final : public Depacketiser {
 public:
  PlainAudio(Codec codec, int rate, int channels, Emit emit)
      : Depacketiser(std::move(emit)), codec_(codec), rate_(std::max(rate, 1)), channels_(channels) {}

  void push(const proto::rtp::Packet& packet, std::int64_t ticks, bool lost,
            std::chrono::steady_clock::time_point arrived) override {
    if (packet.payload.empty()) {
      ++malformed_;
      return;
    }
    if (!has_first_) {
      has_first_ = true;
      first_ticks_ = ticks;
    }
    AccessUnit u;
    u.kind = MediaKind::audio;
    u.codec = codec_;
    u.key = true;
    u.discontinuity = lost;
    u.time = MediaTime((ticks - first_ticks_) * 1'000'000 / rate_);
    u.sample_rate = rate_;
    u.channels = channels_;
    u.arrived = arrived;
    u.data = Buffer::copy_of(packet.payload);
    emit_(std::move(u));
  }

 private:
  const Codec codec_;
  const int rate_;
  const int channels_;
  bool has_first_ = false;
  std::int64_t first_ticks_ = 0;
};

/// RFC 3640 mode AAC-hbr; AU sizes and index lengths from the SDP with Dahua's values as defaults.
class Aac final : public Depacketiser {
 public:
  Aac(AacFormat format, Emit emit) : Depacketiser(std::move(emit)), format_(format), unit_(kMaxAacUnit) {
    format_.rate = std::max(format_.rate, 1);
    if (format_.clock <= 0) format_.clock = format_.rate;
  }

  void push(const proto::rtp::Packet& packet, std::int64_t ticks, bool lost,
            std::chrono::steady_clock::time_point arrived) override {
    if (!has_first_) {
      has_first_ = true;
      first_ticks_ = ticks;
    }
    arrived_ = arrived;
    const MediaTime time((ticks - first_ticks_) * 1'000'000 / format_.clock);
    gap_ = gap_ || lost;
    if (lost || ticks != unit_ticks_) {
      gap_ = gap_ || !unit_.empty();  // the rest of a unit in fragments never came
      unit_.clear();
    }
    unit_ticks_ = ticks;
    const ByteView in = packet.payload;
    if (in.size() < 4) {
      ++malformed_;
      return;
    }
    // Some cameras send bare ADTS frames instead of AU headers.
    if (in[0] == 0xff && (in[1] & 0xf6) == 0xf0) {
      give(in, time);
      return;
    }
    const std::size_t header_bits = load_be16(in.data());
    const std::size_t header_bytes = (header_bits + 7) / 8;
    const auto bits_each = static_cast<std::size_t>(format_.size_bits + format_.index_bits);
    if (bits_each == 0 || bits_each > 32 || header_bits < bits_each || header_bytes > in.size() - 2) {
      ++malformed_;
      return;
    }
    const std::size_t count = header_bits / bits_each;
    ByteView data = in.subspan(2 + header_bytes);
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t size =
          read_bits(in.subspan(2, header_bytes), i * bits_each, static_cast<std::size_t>(format_.size_bits));
      if (count == 1 && (size > data.size() || !unit_.empty())) return fragment(data, size, time);
      if (size == 0 || size > data.size()) {
        ++malformed_;
        return;
      }
      give(data.first(size),
           time + MediaTime(static_cast<std::int64_t>(i) * kSamplesPerUnit * 1'000'000 / format_.rate));
      data = data.subspan(size);
    }
  }

 private:
  static constexpr std::size_t kMaxAacUnit = 8192;
  static constexpr std::int64_t kSamplesPerUnit = 1024;

  static std::size_t read_bits(ByteView in, std::size_t at, std::size_t n) {
    std::size_t v = 0;
    for (std::size_t i = at; i < at + n; ++i) v = v << 1 | (in[i / 8] >> (7 - i % 8) & 1u);
    return v;
  }

  void fragment(ByteView part, std::size_t whole, MediaTime time) {
    if (!unit_.append(part) || whole > kMaxAacUnit) {
      ++malformed_;
      unit_.clear();
      return;
    }
    if (unit_.size() < whole) return;
    const Buffer complete = unit_.take();
    give(complete.view(), time);
  }

  void give(ByteView data, MediaTime time) {
    AccessUnit u;
    u.kind = MediaKind::audio;
    u.codec = Codec::aac;
    u.key = true;
    u.discontinuity = std::exchange(gap_, false);
    u.time = time;
    u.sample_rate = format_.rate;
    u.channels = format_.channels;
    u.arrived = arrived_;
    u.data = Buffer::copy_of(data);
    emit_(std::move(u));
  }

  AacFormat format_;
  BufferBuilder unit_;
  std::chrono::steady_clock::time_point arrived_;
  std::int64_t unit_ticks_ = 0;
  bool gap_ = false;
  bool has_first_ = false;
  std::int64_t first_ticks_ = 0;
};

int small_number(std::string_view text, int otherwise, int limit) {
  const auto n = proto::rtsp::to_number(text);
  return n && *n <= static_cast<std::uint64_t>(limit) ? static_cast<int>(*n) : otherwise;
}

}  // namespace

std::unique_ptr<Depacketiser> make_plain_audio(Codec codec, int rate, int channels, Depacketiser::Emit emit) {
  return std::make_unique<PlainAudio>(codec, rate, channels, std::move(emit));
}

std::unique_ptr<Depacketiser> make_aac(AacFormat format, Depacketiser::Emit emit) {
  return std::make_unique<Aac>(format, std::move(emit));
}

AacFormat aac_format(const proto::rtsp::Track& track) {
  static constexpr int kRates[] = {96000, 88200, 64000, 48000, 44100, 32000, 24000,
                                   22050, 16000, 12000, 11025, 8000,  7350};
  AacFormat f;
  f.rate = f.clock = track.clock_rate > 0 ? track.clock_rate : 16000;
  f.channels = track.channels;
  f.size_bits = small_number(track.parameter("sizelength"), 13, 16);
  f.index_bits = small_number(track.parameter("indexlength"), 3, 16);
  // AudioSpecificConfig: 5 bits object type, 4 bits rate index, 4 bits channels.
  const std::string config(track.parameter("config").substr(0, 4));
  if (config.size() == 4) {
    const unsigned long bits = std::strtoul(config.c_str(), nullptr, 16);
    const std::size_t index = bits >> 7 & 15;
    if (index < std::size(kRates)) f.rate = kRates[index];
    const int channels = static_cast<int>(bits >> 3 & 15);
    if (channels >= 1 && channels <= 7) f.channels = channels;
  }
  return f;
}

}  // namespace dmss::media

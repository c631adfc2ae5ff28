#include "media/decode/audio_decoder.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "media/decode/g711.hpp"
#include "rtp_feed.hpp"
#include "test_encoder.hpp"

extern "C" {
#include <libavutil/log.h>
}

using namespace dmss;
using namespace dmss::media;

namespace {

struct Speaker {
  bool play(const AccessUnit& u) {
    return decoder.decode(u, [this](const AudioBlock& b) {
      samples.insert(samples.end(), b.samples.begin(), b.samples.end());
      rate = b.sample_rate;
      channels = b.channels;
      time = b.time;
      wall_us = b.wall_us;
      ++blocks;
    });
  }
  AudioDecoder decoder;
  std::vector<std::int16_t> samples;
  int rate = 0, channels = 0, blocks = 0;
  MediaTime time{};
  std::optional<std::int64_t> wall_us;
};

AccessUnit sound(Codec codec, const Bytes& data, int rate = 8000, int channels = 1) {
  AccessUnit u;
  u.kind = MediaKind::audio;
  u.codec = codec;
  u.sample_rate = rate;
  u.channels = channels;
  u.data = Buffer::copy_of(data);
  return u;
}

using Samples = std::vector<std::int16_t>;

/// How much of the signal's energy is at `frequency`, 0 … 1 (Goertzel's way).
double share(const Samples& s, double frequency, int rate) {
  double re = 0, im = 0, energy = 0;
  for (std::size_t i = 0; i < s.size(); ++i) {
    const double angle = 2 * 3.14159265358979 * frequency * static_cast<double>(i) / rate;
    re += s[i] * std::cos(angle);
    im += s[i] * std::sin(angle);
    energy += static_cast<double>(s[i]) * s[i];
  }
  return energy == 0 ? 0 : 2 * (re * re + im * im) / (energy * static_cast<double>(s.size()));
}

}  // namespace

TEST_CASE("audio: G.711 of both laws, with time and wall clock of its unit") {
  const Bytes codes = filler(200);
  Samples alaw(200), mulaw(200);
  decode_alaw(codes, alaw.data());
  decode_mulaw(codes, mulaw.data());
  Speaker s;
  AccessUnit u = sound(Codec::pcm_alaw, codes, 16000, 2);
  u.time = MediaTime(5);
  u.wall_us = 77;
  REQUIRE(s.play(u));
  CHECK(s.samples == alaw);
  CHECK(s.rate == 16000);
  CHECK(s.channels == 2);
  CHECK(s.time == MediaTime(5));
  CHECK(s.wall_us == 77);
  s.samples.clear();
  REQUIRE(s.play(sound(Codec::pcm_mulaw, codes, 0, 0)));
  CHECK(s.samples == mulaw);
  CHECK(s.rate == 8000);
  CHECK(s.channels == 1);
  CHECK_FALSE(s.wall_us);
}

TEST_CASE("audio: linear samples of either byte order and of eight bits") {
  const Bytes data = {0x00, 0x80, 0xff, 0x7f, 0x34, 0x12};
  Speaker s;
  s.play(sound(Codec::pcm_s16le, data));
  CHECK(s.samples == Samples{-32768, 32767, 0x1234});
  s.samples.clear();
  s.play(sound(Codec::pcm_s16be, data));
  CHECK(s.samples == Samples{0x0080, static_cast<std::int16_t>(0xff7f), 0x3412});
  s.samples.clear();
  s.play(sound(Codec::pcm_s8, {0x80, 0x7f, 0x00, 0xff}));
  CHECK(s.samples == Samples{-32768, 0x7f00, 0, -256});
  s.samples.clear();
  s.play(sound(Codec::pcm_s16le, {1, 0, 2}));
  CHECK(s.samples == Samples{1});
}

TEST_CASE("audio: AAC with and without ADTS gives the tone that was coded") {
  for (const bool adts : {true, false}) {
    for (const int rate : {8000, 16000, 44100, 48000}) {
      for (const int channels : {1, 2}) {
        INFO((adts ? "ADTS " : "bare ") << rate << " " << channels);
        Speaker s;
        for (const AccessUnit& u : encode_aac(rate, channels, 12, adts)) CHECK(s.play(u));
        CHECK(s.rate == rate);
        CHECK(s.channels == channels);
        CHECK(s.blocks >= 12);
        Samples left;
        for (std::size_t i = 0; i < s.samples.size(); i += static_cast<std::size_t>(channels))
          left.push_back(s.samples[i]);
        REQUIRE(left.size() > 8 * 1024);
        const Samples middle(left.begin() + 3072, left.begin() + 3072 + 4096);
        CHECK(share(middle, 440, rate) > 0.9);
      }
    }
  }
}

TEST_CASE("audio: G.726 in the order of RTP, at each of its rates") {
  for (const auto& [codec, bits] : {std::pair{Codec::g726_16, 2}, std::pair{Codec::g726_24, 3},
                                    std::pair{Codec::g726_32, 4}, std::pair{Codec::g726_40, 5}}) {
    INFO(name(codec));
    const auto units = encode_g726(bits, 440, 4000);
    Speaker s;
    for (const AccessUnit& u : units) {
      AccessUnit mine = u;
      mine.codec = codec;
      CHECK(s.play(mine));
    }
    REQUIRE(s.samples.size() >= 3900);
    CHECK(share({s.samples.begin() + 1000, s.samples.begin() + 3800}, 440, 8000) > (bits == 2 ? 0.7 : 0.9));
  }
}

TEST_CASE("audio: a change of codec or rate in mid-stream is followed") {
  Speaker s;
  for (const AccessUnit& u : encode_aac(16000, 1, 4, true)) CHECK(s.play(u));
  CHECK(s.rate == 16000);
  CHECK(s.play(sound(Codec::pcm_alaw, filler(160))));
  CHECK(s.rate == 8000);
  for (const AccessUnit& u : encode_aac(48000, 2, 4, false)) CHECK(s.play(u));
  CHECK(s.rate == 48000);
  CHECK(s.channels == 2);
}

TEST_CASE("audio: nothing and unknown codecs are refused") {
  Speaker s;
  CHECK_FALSE(s.play(sound(Codec::pcm_alaw, {})));
  CHECK_FALSE(s.play(sound(Codec::aac, {})));
  CHECK_FALSE(s.play(sound(Codec::unknown, filler(20))));
  CHECK_FALSE(s.play(sound(Codec::h264, filler(20))));
  CHECK_FALSE(s.play(sound(Codec::pcm_alaw, Bytes((1u << 20) + 1, 1))));
  CHECK(s.blocks == 0);
}

TEST_CASE("audio: garbage is survived and good sound heard again") {
  std::uint32_t seed = 4711;
  const auto random = [&] { return (seed = seed * 1664525u + 1013904223u) >> 8; };
  for (const bool adts : {true, false}) {
    const auto units = encode_aac(16000, 1, 12, adts);
    Speaker s;
    for (int round = 0; round < 200; ++round) {
      Bytes data = bytes_of(units[random() % units.size()].data.view());
      for (std::uint32_t n = 1 + random() % 10; n > 0; --n)
        data[random() % data.size()] = static_cast<std::uint8_t>(random());
      if (round % 5 == 0) data.resize(1 + random() % data.size());
      s.play(sound(Codec::aac, data, 16000));
    }
    s.samples.clear();
    for (int loop = 0; loop < 2; ++loop) {
      for (const AccessUnit& u : units) CHECK(s.play(u));
    }
    REQUIRE(s.samples.size() >= 12 * 1024);
    CHECK(s.rate == 16000);
    CHECK(share({s.samples.end() - 6 * 1024, s.samples.end() - 2 * 1024}, 440, 16000) > 0.9);
  }
}

TEST_CASE("audio: broken AAC does not make FFmpeg talk to the process's standard error") {
  // The encoder of the other tests quiets it, too: by itself this test begins with FFmpeg's own level.
  Speaker speaker;
  AccessUnit u;
  u.kind = MediaKind::audio;
  u.codec = Codec::aac;
  u.sample_rate = 16000;
  u.channels = 1;
  u.data = Buffer::copy_of(filler(100));
  speaker.play(u);
  CHECK(av_log_get_level() <= AV_LOG_PANIC);
}

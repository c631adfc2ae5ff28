#include "media/decode/video_decoder.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <utility>

#include "media/stamp/stamp.hpp"
#include "rtp_feed.hpp"
#include "test_encoder.hpp"

using namespace dmss;
using namespace dmss::media;

namespace {

struct Screen {
  explicit Screen(VideoDecoderOptions options = {}) : decoder(options) {}
  DecodeOutcome show(const AccessUnit& u, StreamKind stream = StreamKind::main) {
    return decoder.decode(u, stream, [this](Frame f) { frames.push_back(std::move(f)); });
  }
  std::optional<Stamp> stamp(std::size_t i) const {
    const Frame& f = frames.at(i);
    return read_stamp(f.plane(0).data, f.plane(0).stride, f.width(), f.height());
  }
  VideoDecoder decoder;
  std::vector<Frame> frames;
};

EncoderSettings settings(Codec codec, int width = 352, int height = 288) {
  EncoderSettings s;
  s.codec = codec;
  s.width = width;
  s.height = height;
  return s;
}

AccessUnit unit_of(Codec codec, const Bytes& data, bool key) {
  AccessUnit u;
  u.codec = codec;
  u.key = key;
  u.data = Buffer::copy_of(data);
  return u;
}

constexpr Codec kCodecs[] = {Codec::h264, Codec::h265, Codec::mjpeg};

}  // namespace

TEST_CASE("video: unit n gives picture n at once, with all that belongs to it") {
  for (const Codec codec : kCodecs) {
    INFO(name(codec));
    auto units = encode_stamped(settings(codec), 25);
    REQUIRE(units.size() == 25);
    VideoDecoderOptions options;
    options.channel = 7;
    Screen s(options);
    CHECK(s.decoder.description().empty());
    for (std::size_t n = 0; n < units.size(); ++n) {
      units[n].wall_us = static_cast<std::int64_t>(n) + 1000;
      units[n].arrived += std::chrono::milliseconds(n);
      REQUIRE(s.show(units[n], StreamKind::extra) == DecodeOutcome::ok);
      REQUIRE(s.frames.size() == n + 1);
      const Frame& f = s.frames[n];
      CHECK(s.stamp(n) == Stamp{3, static_cast<std::uint32_t>(n), 25});
      CHECK(f.width() == 352);
      CHECK(f.height() == 288);
      CHECK(f.format() == PixelFormat::i420);
      CHECK(f.plane_count() == 3);
      CHECK(f.full_range());
      CHECK(f.time() == MediaTime(static_cast<std::int64_t>(n) * 40'000));
      CHECK(f.wall_us() == static_cast<std::int64_t>(n) + 1000);
      CHECK(f.arrived() == units[n].arrived);
      CHECK(f.channel() == 7);
      CHECK(f.stream() == StreamKind::extra);
      CHECK(f.codec() == codec);
      CHECK(f.key() == units[n].key);
      CHECK_FALSE(f.corrupt());
    }
    CHECK(s.decoder.description() == name(codec));
  }
}

TEST_CASE("video: nothing is decoded before the first key frame") {
  for (const Codec codec : {Codec::h264, Codec::h265}) {
    const auto units = encode_stamped(settings(codec), 12);
    REQUIRE_FALSE(units[4].key);
    REQUIRE(units[10].key);
    Screen s;
    for (std::size_t n = 4; n < 10; ++n) CHECK(s.show(units[n]) == DecodeOutcome::waiting);
    CHECK(s.frames.empty());
    CHECK(s.show(units[10]) == DecodeOutcome::ok);
    REQUIRE(s.frames.size() == 1);
    CHECK(s.stamp(0)->number == 10);
  }
}

TEST_CASE("video: a change of size and parameter sets in mid-stream is followed") {
  for (const Codec codec : kCodecs) {
    INFO(name(codec));
    const auto small = encode_stamped(settings(codec, 352, 288), 5);
    const auto large = encode_stamped(settings(codec, 704, 576), 5);
    Screen s;
    for (const auto* clip : {&small, &large, &small}) {
      for (const AccessUnit& u : *clip) CHECK(s.show(u) == DecodeOutcome::ok);
    }
    REQUIRE(s.frames.size() == 15);
    for (std::size_t n = 0; n < 15; ++n) {
      INFO(n);
      CHECK(s.frames[n].width() == (n / 5 == 1 ? 704 : 352));
      const auto stamp = s.stamp(n);
      REQUIRE(stamp);
      CHECK(stamp->number == n % 5);
    }
  }
}

TEST_CASE("video: a change of codec in mid-stream waits for its key frame") {
  const auto h264 = encode_stamped(settings(Codec::h264), 3);
  const auto h265 = encode_stamped(settings(Codec::h265), 3);
  Screen s;
  CHECK(s.show(h264[0]) == DecodeOutcome::ok);
  CHECK(s.show(h265[1]) == DecodeOutcome::waiting);
  CHECK(s.show(h265[0]) == DecodeOutcome::ok);
  CHECK(s.show(h265[1]) == DecodeOutcome::ok);
  REQUIRE(s.frames.size() == 3);
  CHECK(s.frames[0].codec() == Codec::h264);
  CHECK(s.frames[2].codec() == Codec::h265);
  CHECK(s.decoder.description() == "h265");
  CHECK(s.show(unit_of(Codec::unknown, filler(20), true)) == DecodeOutcome::error);
}

TEST_CASE("video: after a loss nothing is shown until the next clean key frame, unless asked for") {
  auto units = encode_stamped(settings(Codec::h264), 41);
  units[4].corrupt = true;
  units[20].corrupt = true;
  REQUIRE(units[20].key);
  const auto in_damaged_group = [](std::size_t n) { return (n >= 4 && n < 10) || (n >= 20 && n < 30); };
  SECTION("clean") {
    Screen s;
    for (std::size_t n = 0; n < units.size(); ++n)
      CHECK(s.show(units[n]) == (in_damaged_group(n) ? DecodeOutcome::waiting : DecodeOutcome::ok));
    REQUIRE(s.frames.size() == 25);
    CHECK(s.stamp(4)->number == 10);
    CHECK(s.stamp(14)->number == 30);
    for (const Frame& f : s.frames) CHECK_FALSE(f.corrupt());
  }
  SECTION("all: what builds on damage says so") {
    VideoDecoderOptions options;
    options.show_corrupt = true;
    Screen s(options);
    for (const AccessUnit& u : units) CHECK(s.show(u) == DecodeOutcome::ok);
    REQUIRE(s.frames.size() == 41);
    for (std::size_t n = 0; n < units.size(); ++n) {
      INFO(n);
      CHECK(s.frames[n].corrupt() == in_damaged_group(n));
    }
  }
}

namespace {

/// The same with its middle overwritten, as nobody would know without decoding.
AccessUnit scribbled(const AccessUnit& unit) {
  Bytes data = bytes_of(unit.data.view());
  const std::size_t middle = data.size() / 2;
  for (std::size_t n = 0; n < 40 && middle + n < data.size(); ++n)
    data[middle + n] = static_cast<std::uint8_t>(0x55 + 31 * n);
  AccessUnit u = unit;
  u.data = Buffer::copy_of(data);
  return u;
}

void arrive_40_ms_apart(std::vector<AccessUnit>& units) {
  for (std::size_t n = 0; n < units.size(); ++n) units[n].arrived += std::chrono::milliseconds(40 * n);
}

}  // namespace

TEST_CASE("video: a picture with errors that only the decoder finds is a loss, too") {
  for (const int threads : {1, 2}) {
    for (const std::size_t damaged : {10u, 13u}) {
      INFO(threads << " threads, unit " << damaged);
      auto units = encode_stamped(settings(Codec::h264), 40);
      units[damaged] = scribbled(units[damaged]);
      VideoDecoderOptions options;
      options.threads = threads;
      Screen s(options);
      int errors = 0;
      for (const AccessUnit& u : units) errors += s.show(u) == DecodeOutcome::error ? 1 : 0;
      CHECK(errors == 1);
      REQUIRE(s.frames.size() >= damaged + 19);
      for (std::size_t i = 0; i < s.frames.size(); ++i) {
        REQUIRE(s.stamp(i));
        CHECK(s.stamp(i)->number == (i < damaged ? i : i - damaged + 20));
        CHECK_FALSE(s.frames[i].corrupt());
      }
      options.show_corrupt = true;
      Screen all(options);
      for (const AccessUnit& u : units) all.show(u);
      REQUIRE(all.frames.size() >= 39);
      for (std::size_t n = 0; n < all.frames.size(); ++n)
        CHECK(all.frames[n].corrupt() == (n >= damaged && n < 20));
    }
  }
}

TEST_CASE(
    "video: a window whose key frames are all damaged shows one after some seconds, up to the next loss") {
  auto units = encode_stamped(settings(Codec::h264), 400);  // 16 s, a key frame each 400 ms
  arrive_40_ms_apart(units);
  for (std::size_t n = 0; n < 360; n += 10) units[n].corrupt = true;
  for (std::size_t n = 3; n < 360; n += 10) units[n].corrupt = true;
  Screen s;
  for (const AccessUnit& u : units) s.show(u);
  std::vector<std::size_t> shown;
  for (std::size_t i = 0; i < s.frames.size(); ++i) {
    REQUIRE(s.stamp(i));
    shown.push_back(s.stamp(i)->number);
    CHECK(s.frames[i].corrupt() == (shown.back() < 360));
  }
  std::vector<std::size_t> expected{130, 131, 132, 260, 261, 262};
  for (std::size_t n = 360; n < 400; ++n) expected.push_back(n);
  CHECK(shown == expected);
}

TEST_CASE("video: a stream whose key frames the decoder never likes plays after some seconds") {
  auto units = encode_stamped(settings(Codec::h264), 300);
  arrive_40_ms_apart(units);
  for (std::size_t n = 0; n < 300; n += 10) units[n] = scribbled(units[n]);
  Screen s;
  for (const AccessUnit& u : units) s.show(u);
  REQUIRE(s.frames.size() == 170);
  for (std::size_t i = 0; i < s.frames.size(); ++i) {
    CHECK(s.frames[i].time() == units[130 + i].time);
    CHECK(s.frames[i].corrupt());
  }
}

TEST_CASE("video: a kept frame outlives its decoder") {
  const auto units = encode_stamped(settings(Codec::h264), 4);
  std::vector<Frame> kept;
  {
    Screen s;
    for (const AccessUnit& u : units) s.show(u);
    kept = s.frames;
  }
  REQUIRE(kept.size() == 4);
  for (std::uint32_t n = 0; n < 4; ++n) {
    const Frame& f = kept[n];
    const auto stamp = read_stamp(f.plane(0).data, f.plane(0).stride, f.width(), f.height());
    REQUIRE(stamp);
    CHECK(stamp->number == n);
  }
}

TEST_CASE("video: garbage is survived and the next key frame shows again") {
  std::uint32_t seed = 12345;
  const auto random = [&] { return (seed = seed * 1664525u + 1013904223u) >> 8; };
  for (const Codec codec : kCodecs) {
    INFO(name(codec));
    const auto units = encode_stamped(settings(codec), 10);
    Screen s;
    for (int round = 0; round < 60; ++round) {
      Bytes data = bytes_of(units[random() % 10].data.view());
      for (std::uint32_t n = 1 + random() % 20; n > 0; --n)
        data[random() % data.size()] = static_cast<std::uint8_t>(random());
      if (round % 5 == 0) data.resize(1 + random() % data.size());
      if (round % 7 == 0) data = filler(1 + random() % 500);
      s.show(unit_of(codec, data, random() % 2 == 0));
    }
    for (int loop = 0; loop < 3; ++loop) {
      for (const AccessUnit& u : units) {
        s.frames.clear();
        CHECK(s.show(u) == DecodeOutcome::ok);
        REQUIRE_FALSE(s.frames.empty());
        CHECK((s.frames.size() == 1 || (loop == 0 && u.key)));  // what damage had held back comes first
        CHECK(s.frames.back().time() == u.time);
        const auto stamp = s.stamp(s.frames.size() - 1);
        REQUIRE(stamp);
        CHECK(MediaTime(stamp->number * 40'000) == u.time);
      }
    }
  }
}

TEST_CASE("video: parameter sets that ask for a delay are forgotten with the next ones") {
  auto delayed = settings(Codec::h264);
  delayed.b_frames = 3;
  const auto reordered = encode_stamped(delayed, 20);
  const auto units = encode_stamped(settings(Codec::h264), 20);
  Screen s;
  for (const AccessUnit& u : reordered) s.show(u);
  REQUIRE(s.frames.size() < reordered.size());
  s.show(units[0]);
  CHECK(s.frames.size() == reordered.size() + 1);
  for (std::size_t n = 0; n < reordered.size(); ++n) CHECK(s.stamp(n)->number == n);
  s.frames.clear();
  for (std::size_t n = 1; n < units.size(); ++n) {
    s.show(units[n]);
    REQUIRE(s.frames.size() == n);
    CHECK(s.stamp(n - 1)->number == n);
  }
}

TEST_CASE("video: a damaged parameter set is forgotten with the next good one") {
  for (const Codec codec : {Codec::h264, Codec::h265}) {
    INFO(name(codec));
    const auto units = encode_stamped(settings(codec, 176, 144), 6);
    const Bytes key = bytes_of(units[0].data.view());
    Screen s;
    for (std::size_t bit = 5 * 8; bit < 100 * 8; ++bit) {
      INFO(bit);
      Bytes data = key;
      data[bit / 8] = static_cast<std::uint8_t>(data[bit / 8] ^ 1 << bit % 8);
      s.show(unit_of(codec, data, true));
      for (std::size_t n = 1; n < units.size(); ++n) s.show(units[n]);
      for (const AccessUnit& u : units) {
        s.frames.clear();
        REQUIRE(s.show(u) == DecodeOutcome::ok);
        REQUIRE_FALSE(s.frames.empty());
        REQUIRE((s.frames.size() == 1 || u.key));
        REQUIRE(s.frames.back().time() == u.time);
        REQUIRE(s.stamp(s.frames.size() - 1));
        REQUIRE(MediaTime(s.stamp(s.frames.size() - 1)->number * 40'000) == u.time);
      }
    }
  }
}

TEST_CASE("video: pictures coded out of order come out in order, none is lost") {
  for (const int threads : {1, 2}) {
    for (const int b_frames : {1, 2, 3}) {
      INFO(threads << " threads, " << b_frames << " between");
      auto with = settings(Codec::h264);
      with.b_frames = b_frames;
      const auto units = encode_stamped(with, 60);
      REQUIRE(std::any_of(units.begin(), units.end(), [last = MediaTime(-1)](const AccessUnit& u) mutable {
        return std::exchange(last, u.time) > u.time;
      }));
      VideoDecoderOptions options;
      options.threads = threads;
      Screen s(options);
      for (const AccessUnit& u : units) CHECK(s.show(u) == DecodeOutcome::ok);
      CHECK(s.frames.size() + 5 >= units.size());
      for (std::size_t n = 0; n < s.frames.size(); ++n) {
        REQUIRE(s.stamp(n));
        CHECK(s.stamp(n)->number == n);
        CHECK(s.frames[n].time() == MediaTime(static_cast<std::int64_t>(n) * 40'000));
      }
    }
  }
}

TEST_CASE("video: two threads cost one picture of delay and nothing else") {
  for (const Codec codec : {Codec::h264, Codec::h265}) {
    INFO(name(codec));
    const auto units = encode_stamped(settings(codec), 40);
    VideoDecoderOptions options;
    options.threads = 2;
    Screen s(options);
    for (std::size_t n = 0; n < units.size(); ++n) {
      CHECK(s.show(units[n]) == DecodeOutcome::ok);
      REQUIRE(s.frames.size() == n);
    }
    for (std::size_t n = 0; n < s.frames.size(); ++n) {
      CHECK(s.stamp(n)->number == n);
      CHECK(s.frames[n].time() == units[n].time);
    }
  }
}

TEST_CASE("video: hardware that is not there leaves the processor, silently") {
  for (const Codec codec : kCodecs) {
    INFO(name(codec));
    const auto units = encode_stamped(settings(codec), 12);
    VideoDecoderOptions options;
    options.hardware = true;
    Screen s(options);
    for (std::size_t n = 0; n < units.size(); ++n) {
      REQUIRE(s.show(units[n]) == DecodeOutcome::ok);
      REQUIRE(s.frames.size() == n + 1);
      CHECK(s.stamp(n)->number == n);
    }
    CHECK(s.decoder.description().starts_with(name(codec)));
  }
}

TEST_CASE("video: a film grain message does not replace the pictures") {
  const std::pair<Codec, Bytes> messages[] = {
      {Codec::h264, {0, 0, 0, 1, 0x06, 0x13, 0x02, 0x00, 0x82, 0x80}},
      {Codec::h265, {0, 0, 0, 1, 0x4e, 0x01, 0x13, 0x02, 0x00, 0x84, 0x80}}};
  for (const auto& [codec, sei] : messages) {
    INFO(name(codec));
    const auto units = encode_stamped(settings(codec), 20);
    Screen s;
    for (std::size_t n = 0; n < units.size(); ++n) {
      Bytes data = bytes_of(units[n].data.view());
      if (n == 3) data = sei + data;
      CHECK(s.show(unit_of(codec, data, units[n].key)) == DecodeOutcome::ok);
      REQUIRE(s.frames.size() == n + 1);
      CHECK(s.stamp(n) == Stamp{3, static_cast<std::uint32_t>(n), 20});
    }
  }
}

TEST_CASE("video: damaged pictures leave no delay behind") {
  std::uint32_t seed = 999;
  const auto random = [&] { return (seed = seed * 1664525u + 1013904223u) >> 8; };
  for (const Codec codec : kCodecs) {
    INFO(name(codec));
    const auto units = encode_stamped(settings(codec), 20);
    VideoDecoderOptions options;
    options.show_corrupt = true;
    Screen s(options);
    for (int loop = 0; loop < 5; ++loop) {
      for (const AccessUnit& u : units) {
        Bytes data = bytes_of(u.data.view());
        const std::size_t half = data.size() / 2;
        for (int n = 0; n < 5; ++n) data[half + random() % half] = static_cast<std::uint8_t>(random() | 4);
        s.show(unit_of(codec, data, u.key));
      }
    }
    s.frames.clear();
    for (std::size_t n = 0; n < units.size(); ++n) {
      CHECK(s.show(units[n]) == DecodeOutcome::ok);
      REQUIRE(s.frames.size() == n + 1);
      REQUIRE(s.stamp(n));
      CHECK(s.stamp(n)->number == n);
    }
  }
}

TEST_CASE("video: an empty unit does not end the stream") {
  const auto units = encode_stamped(settings(Codec::h264), 3);
  Screen s;
  CHECK(s.show(unit_of(Codec::h264, {}, true)) == DecodeOutcome::error);
  for (const AccessUnit& u : units) {
    CHECK(s.show(u) == DecodeOutcome::ok);
    CHECK(s.show(unit_of(Codec::h264, {}, false)) == DecodeOutcome::error);
  }
  CHECK(s.frames.size() == 3);
}

TEST_CASE("video: pictures above the allowed number of pixels are refused") {
  const auto units = encode_stamped(settings(Codec::h264), 1);
  VideoDecoderOptions options;
  options.max_pixels = 352 * 288 - 1;
  Screen s(options);
  s.show(units[0]);
  CHECK(s.frames.empty());
}

TEST_CASE("video: an empty frame has no picture") {
  const Frame f;
  CHECK_FALSE(f);
  CHECK(f.width() == 0);
  CHECK(f.height() == 0);
  CHECK(f.format() == PixelFormat::unknown);
  CHECK(f.plane_count() == 0);
  CHECK(f.plane(0).data == nullptr);
  CHECK_FALSE(f.full_range());
  CHECK(f.colour() == std::array<std::int32_t, 3>{2, 2, 2});
  CHECK(f.native() == nullptr);
}

TEST_CASE("video: planes beyond the last one are empty") {
  Screen s;
  s.show(encode_stamped(settings(Codec::mjpeg), 1).at(0));
  REQUIRE(s.frames.size() == 1);
  for (const int i : {-1, 3, 100}) CHECK(s.frames[0].plane(i).data == nullptr);
  for (const int i : {0, 1, 2}) CHECK(s.frames[0].plane(i).stride >= (i == 0 ? 352 : 176));
}

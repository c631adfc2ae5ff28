#include "media/rtp/packetiser.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "media/rtp/audio.hpp"
#include "media/rtp/h26x.hpp"
#include "rtp_feed.hpp"

using namespace dmss;
using namespace dmss::media;

namespace {

std::vector<Bytes> nals_of(const Bytes& unit) {
  std::vector<Bytes> out;
  for_each_nal(unit, [&](ByteView n) { out.push_back(bytes_of(n)); });
  return out;
}

/// Payloads of one unit pushed into `f`; checks sizes and the marker.
void send(Feed& f, Codec codec, const Bytes& unit, std::size_t mtu, std::int64_t ticks) {
  bool ended = false;
  packetise(codec, unit, mtu, [&](const RtpPayload& p) {
    REQUIRE_FALSE(ended);
    REQUIRE(p.head.size() + p.body.size() <= mtu);
    ended = p.marker;
    f.push(bytes_of(p.head) + bytes_of(p.body), ticks, p.marker);
  });
  REQUIRE(ended);
}

}  // namespace

TEST_CASE("NAL units are found behind start codes of three and four bytes") {
  CHECK(nals_of({}).empty());
  CHECK(nals_of({0, 0, 1}).empty());
  CHECK(nals_of({0x65, 1, 2}).empty());
  CHECK(nals_of({0, 0, 0, 1, 0, 0, 1}).empty());
  CHECK(nals_of({0, 0, 1, 0x65}) == std::vector<Bytes>{{0x65}});
  CHECK(nals_of({0, 0, 0, 1, 0x67, 1, 0, 0, 0, 1, 0x68, 2, 0, 0, 1, 0x65, 3, 0}) ==
        std::vector<Bytes>{{0x67, 1}, {0x68, 2}, {0x65, 3, 0}});
  CHECK(nals_of({9, 9, 0, 0, 1, 0x41, 5}) == std::vector<Bytes>{{0x41, 5}});
}

TEST_CASE("a picture of any size comes back from its packets") {
  std::mt19937 random(7);
  const auto below = [&](std::size_t n) { return random() % n; };
  for (const Codec codec : {Codec::h264, Codec::h265}) {
    INFO(name(codec));
    Feed f([&](Depacketiser::Emit emit) {
      return codec == Codec::h264 ? make_h264_depacketiser({}, std::move(emit))
                                  : make_h265_depacketiser({}, std::move(emit));
    });
    for (std::size_t round = 0; round < 300; ++round) {
      const std::size_t mtu = 20 + below(1400);
      // Around the border between whole and fragmented, and anywhere.
      const std::size_t size = round % 3 == 0 ? mtu - 3 + below(7) : 3 + below(20'000);
      const bool key = round % 10 == 0;
      std::vector<Bytes> nals;
      if (codec == Codec::h264) {
        if (key) nals = {{0x67, 0x64, 0x1f}, {0x68, 0xee}};
        nals.push_back(Bytes{static_cast<std::uint8_t>(key ? 0x65 : 0x41)} + filler(size));
      } else {
        if (key) nals = {{0x40, 1, 2}, {0x42, 1, 3}, {0x44, 1, 4}};
        nals.push_back(Bytes{static_cast<std::uint8_t>(key ? 0x26 : 0x02), 1} + filler(size));
      }
      send(f, codec, annexb(nals), mtu, static_cast<std::int64_t>(round) * 3600);
      REQUIRE(f.units.size() == round + 1);
      CHECK(f.data(round) == annexb(nals));
      CHECK(f.units[round].key == key);
      CHECK_FALSE(f.units[round].corrupt);
      CHECK(f.units[round].time == MediaTime(static_cast<std::int64_t>(round) * 40'000));
    }
    CHECK(f.depacketiser->malformed() == 0);
  }
}

TEST_CASE("sound comes back from its packets") {
  Feed g711(
      [](Depacketiser::Emit emit) { return make_plain_audio(Codec::pcm_alaw, 8000, 1, std::move(emit)); });
  const Bytes sound = filler(1000);
  send(g711, Codec::pcm_alaw, sound, 160, 0);
  REQUIRE(g711.units.size() == 7);
  Bytes joined;
  for (std::size_t i = 0; i < g711.units.size(); ++i) joined = joined + g711.data(i);
  CHECK(joined == sound);

  Feed aac([](Depacketiser::Emit emit) { return make_aac({}, std::move(emit)); });
  for (const std::size_t n : {1u, 2u, 255u, 256u, 1300u}) send(aac, Codec::aac, filler(n), 1400, 0);
  REQUIRE(aac.units.size() == 5);
  CHECK(aac.data(0) == filler(1));
  CHECK(aac.data(4) == filler(1300));
}

TEST_CASE("nothing makes no packets") {
  for (const Codec codec : {Codec::h264, Codec::h265, Codec::pcm_alaw}) {
    int n = 0;
    packetise(codec, {}, 1400, [&](const RtpPayload&) { ++n; });
    CHECK(n == 0);
  }
}

TEST_CASE("a track gets the depacketiser of its codec") {
  proto::rtsp::Track t;
  const auto make = [&](const char* encoding) {
    t.encoding = encoding;
    return make_depacketiser(t, [](AccessUnit) {});
  };
  t.kind = proto::rtsp::Track::Kind::video;
  for (const char* encoding : {"H264", "H265", "JPEG"}) {
    INFO(encoding);
    CHECK(make(encoding));
  }
  t.kind = proto::rtsp::Track::Kind::audio;
  for (const char* encoding : {"PCMA", "PCMU", "L16", "G726-16", "G726-32", "MPEG4-GENERIC"}) {
    INFO(encoding);
    CHECK(make(encoding));
  }
  CHECK_FALSE(make("G723.1"));
  t.kind = proto::rtsp::Track::Kind::application;
  CHECK_FALSE(make("vnd.onvif.metadata"));
}

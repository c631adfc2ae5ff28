#include "media/rtp/audio.hpp"

#include <catch2/catch.hpp>

#include "rtp_feed.hpp"

using namespace dmss;
using namespace dmss::media;

namespace {

Feed plain(Codec codec, int rate, int channels = 1) {
  return Feed(
      [&](Depacketiser::Emit emit) { return make_plain_audio(codec, rate, channels, std::move(emit)); });
}

Feed aac(AacFormat format = {}) {
  return Feed([&](Depacketiser::Emit emit) { return make_aac(format, std::move(emit)); });
}

/// RFC 3640 mode AAC-hbr: 13 bits of size and 3 of index for each unit. `sizes` may differ from what follows.
Bytes payload(const std::vector<std::size_t>& sizes, const Bytes& data) {
  Bytes out;
  Writer w(out);
  w.be16(static_cast<std::uint16_t>(sizes.size() * 16));
  for (std::size_t n : sizes) w.be16(static_cast<std::uint16_t>(n << 3));
  w.bytes(data);
  return out;
}

Bytes slice(const Bytes& b, std::size_t at, std::size_t n) {
  return bytes_of(ByteView(b).subspan(at, n));
}

}  // namespace

TEST_CASE("plain sound: a packet is a unit, whatever the codec") {
  for (const Codec codec :
       {Codec::pcm_alaw, Codec::pcm_mulaw, Codec::pcm_s16be, Codec::g726_16, Codec::g726_32}) {
    INFO(name(codec));
    Feed f = plain(codec, 8000, 2);
    const Bytes sound = filler(160);
    f.push(sound, 1000);
    f.push(sound, 1000 + 320, true, true);
    REQUIRE(f.units.size() == 2);
    CHECK(f.units[0].kind == MediaKind::audio);
    CHECK(f.units[0].codec == codec);
    CHECK(f.units[0].key);
    CHECK(f.units[0].sample_rate == 8000);
    CHECK(f.units[0].channels == 2);
    CHECK(f.units[0].time == MediaTime(0));
    CHECK_FALSE(f.units[0].discontinuity);
    CHECK(f.data(0) == sound);
    CHECK(f.units[1].time == MediaTime(40'000));
    CHECK(f.units[1].discontinuity);
  }
}

TEST_CASE("plain sound: empty packets are counted, and a rate of nothing divides nothing") {
  Feed f = plain(Codec::pcm_alaw, 0);
  f.push({}, 0);
  CHECK(f.units.empty());
  CHECK(f.depacketiser->malformed() == 1);
  f.push({1}, 5);
  REQUIRE(f.units.size() == 1);
  CHECK(f.units[0].time == MediaTime(0));
}

TEST_CASE("AAC: several units in one packet, each at its own time") {
  Feed f = aac({16000, 1, 13, 3});
  const Bytes a = filler(20), b = filler(31, 5), c = filler(1, 9);
  f.push(payload({a.size()}, a), 0, true);
  f.push(payload({a.size(), b.size(), c.size()}, a + b + c), 1024, true, true);
  REQUIRE(f.units.size() == 4);
  CHECK(f.data(0) == a);
  CHECK(f.data(1) == a);
  CHECK(f.data(2) == b);
  CHECK(f.data(3) == c);
  CHECK(f.units[1].time == MediaTime(64'000));
  CHECK(f.units[2].time == MediaTime(128'000));
  CHECK(f.units[3].time == MediaTime(192'000));
  CHECK(f.units[1].discontinuity);
  CHECK_FALSE(f.units[2].discontinuity);
  CHECK(f.units[0].sample_rate == 16000);
  CHECK(f.units[0].codec == Codec::aac);
  CHECK(f.depacketiser->malformed() == 0);
}

TEST_CASE("AAC: time stamps count the clock of the description, units last by the rate of the config") {
  proto::rtsp::Track t;
  t.encoding = "MPEG4-GENERIC";
  t.clock_rate = 90000;
  t.fmtp = {{"config", "1408"}};
  const AacFormat format = aac_format(t);
  CHECK(format.clock == 90000);
  REQUIRE(format.rate == 16000);
  Feed f = aac(format);
  const Bytes a = filler(20);
  f.push(payload({20}, a), 7, true);
  f.push(payload({20, 20, 20}, a + a + a), 7 + 5760, true);
  f.push(payload({40}, a), 7 + 4 * 5760);
  f.push(payload({40}, a), 7 + 4 * 5760, true);
  REQUIRE(f.units.size() == 5);
  for (std::size_t n = 0; n < 5; ++n) {
    CHECK(f.units[n].time == MediaTime(static_cast<std::int64_t>(n) * 64'000));
    CHECK(f.units[n].sample_rate == 16000);
  }
}

TEST_CASE("AAC: other widths of size and index") {
  Feed f = aac({8000, 1, 6, 2});
  // Two headers of eight bits: sizes 3 and 2.
  f.push(Bytes{0x00, 0x10, 3 << 2, 2 << 2, 1, 2, 3, 4, 5}, 0, true);
  REQUIRE(f.units.size() == 2);
  CHECK(f.data(0) == Bytes{1, 2, 3});
  CHECK(f.data(1) == Bytes{4, 5});
}

TEST_CASE("AAC: a unit in fragments of any size") {
  const Bytes unit = filler(100);
  for (std::size_t size = 1; size < unit.size(); ++size) {
    Feed f = aac();
    for (std::size_t at = 0; at < unit.size(); at += size) {
      const std::size_t n = std::min(size, unit.size() - at);
      f.push(payload({unit.size()}, slice(unit, at, n)), 0, at + n == unit.size());
    }
    REQUIRE(f.units.size() == 1);
    CHECK(f.data(0) == unit);
    CHECK(f.units[0].time == MediaTime(0));
  }
}

TEST_CASE("AAC: a unit that lost a fragment is left out and the next one is whole") {
  const Bytes unit = filler(90), next = filler(40, 7);
  for (std::size_t gone = 0; gone < 3; ++gone) {
    INFO(gone);
    Feed f = aac();
    bool lost = false;
    for (std::size_t i = 0; i < 3; ++i) {
      if (i != gone) f.push(payload({90}, slice(unit, i * 30, 30)), 0, i == 2, std::exchange(lost, false));
      if (i == gone) lost = true;
    }
    f.push(payload({next.size()}, next), 1024, true, lost);
    f.push(payload({next.size()}, next), 2048, true);
    REQUIRE(f.units.size() == 2);
    CHECK(f.data(0) == next);
    CHECK(f.units[0].discontinuity);
    CHECK_FALSE(f.units[1].discontinuity);
  }
}

TEST_CASE("AAC: a loss before a unit in fragments is told with that unit") {
  const Bytes unit = filler(60);
  Feed f = aac();
  f.push(payload({60}, slice(unit, 0, 30)), 0, false, true);
  f.push(payload({60}, slice(unit, 30, 30)), 0, true);
  REQUIRE(f.units.size() == 1);
  CHECK(f.data(0) == unit);
  CHECK(f.units[0].discontinuity);
}

TEST_CASE("AAC: fragments that stop short do not reach into the units after them") {
  const Bytes unit = filler(60), next = filler(20, 3);
  Feed f = aac();
  f.push(payload({60}, slice(unit, 0, 30)), 0);
  f.push(payload({next.size(), next.size()}, next + next), 1024, true);
  f.push(payload({60}, slice(unit, 0, 30)), 4096);
  f.push(payload({60}, slice(unit, 0, 30)), 5120);
  f.push(payload({60}, slice(unit, 30, 30)), 5120, true);
  REQUIRE(f.units.size() == 3);
  CHECK(f.data(0) == next);
  CHECK(f.data(1) == next);
  CHECK(f.data(2) == unit);
}

TEST_CASE("AAC: bare ADTS frames pass as they are") {
  Feed f = aac();
  const Bytes frame = Bytes{0xff, 0xf1, 0x60, 0x40, 0x02, 0x1f, 0xfc} + filler(9);
  f.push(frame, 0, true);
  REQUIRE(f.units.size() == 1);
  CHECK(f.data(0) == frame);
}

TEST_CASE("AAC: headers that lie are counted") {
  const Bytes data = filler(10);
  const std::vector<Bytes> bad = {{},
                                  {0, 16, 0},
                                  payload({}, data),              // no header at all
                                  Bytes{0xff, 0xff, 1, 2, 3, 4},  // longer than the packet
                                  Bytes{0x00, 0x08, 1, 2, 3, 4},  // shorter than one header
                                  payload({0}, data),             // a unit of nothing
                                  payload({5, 6}, data),          // the second is cut
                                  payload({5, 0}, data)};
  for (std::size_t i = 0; i < bad.size(); ++i) {
    INFO(i);
    Feed f = aac();
    f.push(bad[i], 0, true);
    CHECK(f.depacketiser->malformed() == 1);
    CHECK(f.units.size() == (i < 6 ? 0u : 1u));
  }
  Feed none = aac({8000, 1, 0, 0});
  none.push(payload({10}, data), 0, true);
  CHECK(none.depacketiser->malformed() == 1);
  Feed wide = aac({8000, 1, 16, 16});
  wide.push(Bytes{0, 32, 0xff, 0xff, 0, 0, 1}, 0, true);
  CHECK(wide.units.empty());
  CHECK(wide.depacketiser->malformed() == 1);
}

TEST_CASE("AAC: the format comes from the description, config first") {
  proto::rtsp::Track t;
  t.clock_rate = 48000;
  t.channels = 1;
  const auto with = [&](std::vector<std::pair<std::string, std::string>> fmtp) {
    t.fmtp = std::move(fmtp);
    return aac_format(t);
  };
  AacFormat f = with({});
  CHECK(f.rate == 48000);
  CHECK(f.size_bits == 13);
  CHECK(f.index_bits == 3);
  f = with({{"sizelength", "6"}, {"indexlength", "2"}, {"config", "1188"}});
  CHECK(f.rate == 48000);
  CHECK(f.channels == 1);
  CHECK(f.size_bits == 6);
  CHECK(f.index_bits == 2);
  f = with({{"config", "1408"}});
  CHECK(f.rate == 16000);
  f = with({{"config", "1210"}});
  CHECK(f.rate == 44100);
  CHECK(f.channels == 2);
  f = with({{"config", "zz"}, {"sizelength", "17"}, {"indexlength", "-1"}});
  CHECK(f.rate == 48000);
  CHECK(f.size_bits == 13);
  CHECK(f.index_bits == 3);
  f = with({{"config", "1780"}});  // rate index 15: the rate follows in clear
  CHECK(f.rate == 48000);
  t.clock_rate = 0;
  CHECK(with({}).rate == 16000);
}

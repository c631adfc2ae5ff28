#include <catch2/catch.hpp>

#include "media/rtp/h26x.hpp"
#include "rtp_feed.hpp"

using namespace dmss;
using namespace dmss::media;

namespace {

const Bytes kVps = {0x40, 0x01, 0x0c, 0x01};
const Bytes kSps = {0x42, 0x01, 0x01, 0x01, 0x60};
const Bytes kPps = {0x44, 0x01, 0xc0, 0xf3};
const Bytes kSei = {0x4e, 0x01, 0x05, 0x80};
const Bytes kIdr = Bytes{0x26, 0x01} + filler(40);
const Bytes kSlice = Bytes{0x02, 0x01} + filler(30, 9);

Feed h265(Bytes sets = {}) {
  return Feed(
      [&](Depacketiser::Emit emit) { return make_h265_depacketiser(std::move(sets), std::move(emit)); });
}

/// FU fragments of a NAL unit.
std::vector<Bytes> fragments(const Bytes& nal, std::size_t size) {
  std::vector<Bytes> out;
  for (std::size_t at = 2; at < nal.size(); at += size) {
    const std::size_t n = std::min(size, nal.size() - at);
    const int flags = (at == 2 ? 0x80 : 0) | (at + n == nal.size() ? 0x40 : 0);
    const Bytes head = {static_cast<std::uint8_t>((nal[0] & 0x81) | 49 << 1), nal[1],
                        static_cast<std::uint8_t>(flags | nal[0] >> 1)};
    out.push_back(head + bytes_of(ByteView(nal).subspan(at, n)));
  }
  return out;
}

Bytes aggregate(const std::vector<Bytes>& nals) {
  Bytes out = {0x60, 0x01};
  Writer w(out);
  for (const Bytes& n : nals) w.be16(static_cast<std::uint16_t>(n.size())).bytes(n);
  return out;
}

}  // namespace

TEST_CASE("H.265: single NAL units up to the marker are one unit") {
  Feed f = h265();
  for (const Bytes& nal : {kVps, kSps, kPps}) f.push(nal, 0);
  f.push(kIdr, 0, true);
  f.push(kSlice, 90'000, true);
  REQUIRE(f.units.size() == 2);
  CHECK(f.data(0) == annexb({kVps, kSps, kPps, kIdr}));
  CHECK(f.units[0].codec == Codec::h265);
  CHECK(f.units[0].key);
  CHECK(f.data(1) == annexb({kSlice}));
  CHECK_FALSE(f.units[1].key);
  CHECK(f.units[1].time == MediaTime(1'000'000));
}

TEST_CASE("H.265: every kind of random access picture is a key frame and gets the parameter sets") {
  const Bytes sets = annexb({kVps, kSps, kPps});
  for (int type = 0; type < 32; ++type) {
    INFO(type);
    Feed f = h265(sets);
    const Bytes nal = Bytes{static_cast<std::uint8_t>(type << 1), 0x01} + filler(5);
    f.push(nal, 0, true);
    REQUIRE(f.units.size() == 1);
    CHECK(f.units[0].key == (type >= 16 && type <= 21));
    CHECK(f.data(0) == (f.units[0].key ? sets + annexb({nal}) : annexb({nal})));
  }
}

TEST_CASE("H.265: aggregates are taken apart") {
  Feed f = h265();
  f.push(aggregate({kVps, kSps, kPps, kSei}), 0);
  f.push(aggregate({kIdr}), 0, true);
  REQUIRE(f.units.size() == 1);
  CHECK(f.data(0) == annexb({kVps, kSps, kPps, kSei, kIdr}));
  CHECK(f.depacketiser->malformed() == 0);
}

TEST_CASE("H.265: an aggregate with a size that lies spoils its unit only") {
  for (const int size : {0, 1, 5, 0xffff}) {
    INFO(size);
    Feed f = h265();
    Bytes bad = aggregate({kSlice});
    Writer(bad).be16(static_cast<std::uint16_t>(size)).bytes(Bytes{0x02, 0x01, 0x43});
    f.push(bad, 0, true);
    f.push(kSlice, 1, true);
    REQUIRE(f.units.size() == 2);
    CHECK(f.data(0) == annexb({kSlice}));
    CHECK(f.units[0].corrupt);
    CHECK_FALSE(f.units[1].corrupt);
    CHECK(f.depacketiser->malformed() == 1);
  }
}

TEST_CASE("H.265: fragments of every size make the NAL unit again") {
  // The layer id's upper bit lives in the first byte and must survive.
  for (const std::uint8_t layer_bit : {0, 1}) {
    Bytes nal = kIdr;
    nal[0] |= layer_bit;
    for (std::size_t size = 1; size <= nal.size(); ++size) {
      Feed f = h265();
      const auto parts = fragments(nal, size);
      for (std::size_t i = 0; i < parts.size(); ++i) f.push(parts[i], 0, i + 1 == parts.size());
      REQUIRE(f.units.size() == 1);
      CHECK(f.data(0) == annexb({nal}));
      CHECK(f.units[0].key);
      CHECK_FALSE(f.units[0].corrupt);
    }
  }
}

TEST_CASE("H.265: whatever fragment is lost, its unit is corrupt and the next one is not") {
  const auto parts = fragments(kIdr, 10);
  REQUIRE(parts.size() == 4);
  for (std::size_t gone = 0; gone < parts.size(); ++gone) {
    INFO(gone);
    Feed f = h265();
    f.push(kSlice, 0, true);
    bool lost = false;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (i != gone) f.push(parts[i], 1, i + 1 == parts.size(), std::exchange(lost, false));
      if (i == gone) lost = true;
    }
    f.push(kSlice, 2, true, lost);
    f.push(kSlice, 3, true);
    REQUIRE(f.units.size() == (gone == 0 ? 3 : 4));
    CHECK(f.units[1].corrupt);
    CHECK_FALSE(f.units.back().corrupt);
    CHECK(f.data(f.units.size() - 1) == annexb({kSlice}));
  }
}

TEST_CASE("H.265: a fragment that never ends spoils its unit") {
  const auto parts = fragments(kIdr, 10);
  Feed f = h265();
  f.push(parts[0], 0);
  f.push(kSlice, 0, true);
  f.push(parts[0], 1);
  f.push(kSlice, 2, true);
  REQUIRE(f.units.size() == 3);
  CHECK(f.units[0].corrupt);
  CHECK(f.units[1].corrupt);
  CHECK_FALSE(f.units[2].corrupt);
}

TEST_CASE("H.265: a last fragment that comes twice adds nothing") {
  Feed f = h265();
  const auto parts = fragments(kIdr, 20);
  f.push(parts[0], 0);
  f.push(parts[1], 0);
  f.push(parts[1], 0, true);
  REQUIRE(f.units.size() == 1);
  CHECK(f.data(0) == annexb({kIdr}));
}

TEST_CASE("H.265: without markers a new time stamp ends the unit, but not inside a NAL unit") {
  Feed f = h265();
  const auto parts = fragments(kIdr, 20);
  for (const Bytes& nal : {kVps, kSps, kPps, parts[0]}) f.push(nal, 0);
  f.push(parts[1], 7);
  f.push(kSlice, 3600);
  REQUIRE(f.units.size() == 1);
  CHECK(f.data(0) == annexb({kVps, kSps, kPps, kIdr}));
  CHECK_FALSE(f.units[0].corrupt);
  f.push(kSlice, 7200);
  CHECK(f.units.size() == 2);
}

TEST_CASE("H.265: NAL units glued together with start codes are seen") {
  Feed f = h265(annexb({kVps}));
  const Bytes glued = kVps + Bytes{0, 0, 0, 1} + kSps + Bytes{0, 0, 0, 1} + kPps + Bytes{0, 0, 1} + kIdr;
  f.push(glued, 0, true);
  REQUIRE(f.units.size() == 1);
  CHECK(f.units[0].key);
  CHECK(f.data(0) == annexb({glued}));
}

TEST_CASE("H.265: payloads that mean nothing are counted and left out") {
  Feed f = h265();
  const std::vector<Bytes> bad = {
      {}, {0x26}, {0x62, 0x01}, {0x62, 0x01, 0x93}, {0x64, 0x01, 0x00}, {0x7e, 0x01, 0x00}};
  for (const Bytes& b : bad) f.push(b, 0);
  CHECK(f.depacketiser->malformed() == bad.size());
  f.push(Bytes{0x60, 0x01}, 0);
  f.push(kSlice, 0, true);
  REQUIRE(f.units.size() == 1);
  CHECK(f.data(0) == annexb({kSlice}));
}

TEST_CASE("H.265: payloads of H.264 are soon known for what they are, whatever their importance bits") {
  const std::uint8_t importance = GENERATE(0x00, 0x20, 0x40, 0x60);
  CAPTURE(importance);
  const auto head = [&](int type) { return static_cast<std::uint8_t>(importance | type); };
  Feed f = h265();
  for (const Bytes& nal : {kVps, kSps, kPps}) f.push(nal, 0);
  f.push(kIdr, 0, true);
  // SEI, parameter sets and a key frame in fragments, then pictures in fragments.
  const auto picture = [&](std::uint8_t type, std::int64_t ticks) {
    f.push(Bytes{0x06, 0x05, 0x01, 0x80}, ticks);
    for (int i = 0; i < 4; ++i) {
      const int flags = i == 0 ? 0x80 : i == 3 ? 0x40 : 0;
      f.push(Bytes{head(28), static_cast<std::uint8_t>(flags | type)} + filler(20), ticks, i == 3);
    }
  };
  f.push(Bytes{head(7), 0x64, 0, 0x1f}, 3600);
  f.push(Bytes{head(8), 0xee, 0x3c, 0x80}, 3600);
  picture(5, 3600);
  for (int i = 2; i < 5; ++i) picture(1, i * 3600);
  CHECK(f.depacketiser->contradicted());
}

TEST_CASE("H.265: every kind of unit that encoders send agrees with the codec") {
  Feed f = h265();
  for (int round = 0; round < 20; ++round) {
    for (const Bytes& nal : {kVps, kSps, kPps, kSei, Bytes{0x46, 0x01, 0x50}}) f.push(nal, round * 7200);
    for (const Bytes& part : fragments(kIdr, 9)) f.push(part, round * 7200);
    f.push(aggregate({kSlice, kSlice}), round * 7200 + 3600, true);
  }
  CHECK_FALSE(f.depacketiser->contradicted());
  CHECK(f.depacketiser->malformed() == 0);
}

#include <catch2/catch.hpp>

#include "media/rtp/h26x.hpp"
#include "rtp_feed.hpp"

using namespace dmss;
using namespace dmss::media;

namespace {

const Bytes kSps = {0x67, 0x64, 0x00, 0x1f, 0xac};
const Bytes kPps = {0x68, 0xee, 0x3c, 0x80};
const Bytes kSei = {0x06, 0x05, 0x01, 0x80};
const Bytes kIdr = Bytes{0x65} + filler(40);
const Bytes kSlice = Bytes{0x41} + filler(30, 9);

Feed h264(Bytes sets = {}) {
  return Feed(
      [&](Depacketiser::Emit emit) { return make_h264_depacketiser(std::move(sets), std::move(emit)); });
}

/// FU-A fragments of a NAL unit.
std::vector<Bytes> fragments(const Bytes& nal, std::size_t size) {
  std::vector<Bytes> out;
  for (std::size_t at = 1; at < nal.size(); at += size) {
    const std::size_t n = std::min(size, nal.size() - at);
    const int flags = (at == 1 ? 0x80 : 0) | (at + n == nal.size() ? 0x40 : 0);
    const Bytes head = {static_cast<std::uint8_t>((nal[0] & 0xe0) | 28),
                        static_cast<std::uint8_t>(flags | (nal[0] & 0x1f))};
    out.push_back(head + bytes_of(ByteView(nal).subspan(at, n)));
  }
  return out;
}

Bytes stap(const std::vector<Bytes>& nals) {
  Bytes out = {0x78};
  Writer w(out);
  for (const Bytes& n : nals) w.be16(static_cast<std::uint16_t>(n.size())).bytes(n);
  return out;
}

}  // namespace

TEST_CASE("H.264: single NAL units up to the marker are one unit") {
  Feed f = h264();
  f.arrived += std::chrono::milliseconds(7);
  f.push(kSps, 9000);
  f.push(kPps, 9000);
  f.push(kIdr, 9000, true);
  f.push(kSlice, 9000 + 3600, true);
  REQUIRE(f.units.size() == 2);
  CHECK(f.data(0) == annexb({kSps, kPps, kIdr}));
  CHECK(f.units[0].kind == MediaKind::video);
  CHECK(f.units[0].codec == Codec::h264);
  CHECK(f.units[0].key);
  CHECK_FALSE(f.units[0].corrupt);
  CHECK(f.units[0].time == MediaTime(0));
  CHECK(f.units[0].arrived == f.arrived);
  CHECK(f.data(1) == annexb({kSlice}));
  CHECK_FALSE(f.units[1].key);
  CHECK(f.units[1].time == MediaTime(40'000));
  CHECK(f.depacketiser->malformed() == 0);
}

TEST_CASE("H.264: parameter sets of the description go in front of key frames that do not carry them all") {
  const Bytes sets = annexb({kSps, kPps});
  Feed f = h264(sets);
  f.push(kIdr, 0, true);
  f.push(kSlice, 1, true);
  f.push(kSps, 2);
  f.push(kIdr, 2, true);
  f.push(kIdr, 3, true);
  f.push(kSps, 4);
  f.push(kPps, 4);
  f.push(kIdr, 4, true);
  REQUIRE(f.units.size() == 5);
  CHECK(f.data(0) == sets + annexb({kIdr}));
  CHECK(f.data(1) == annexb({kSlice}));
  CHECK(f.data(2) == sets + annexb({kSps, kIdr}));
  CHECK(f.data(3) == sets + annexb({kIdr}));
  CHECK(f.data(4) == annexb({kSps, kPps, kIdr}));
}

TEST_CASE("H.264: parameter sets sent as a unit of their own wait for their picture") {
  Feed f = h264();
  f.push(kSps, 100, true);
  f.push(kPps, 100, true);
  CHECK(f.units.empty());
  f.push(kIdr, 200, true);
  REQUIRE(f.units.size() == 1);
  CHECK(f.data(0) == annexb({kSps, kPps, kIdr}));
}

TEST_CASE("H.264: aggregates are taken apart") {
  Feed f = h264();
  f.push(stap({kSps, kPps, kSei}), 0);
  f.push(kIdr, 0, true);
  f.push(Bytes{0x79, 0x12, 0x34} + bytes_of(ByteView(stap({kSei, kSlice})).subspan(1)), 1, true);  // STAP-B
  REQUIRE(f.units.size() == 2);
  CHECK(f.data(0) == annexb({kSps, kPps, kSei, kIdr}));
  CHECK(f.units[0].key);
  CHECK(f.data(1) == annexb({kSei, kSlice}));
  CHECK(f.depacketiser->malformed() == 0);
}

TEST_CASE("H.264: an aggregate with a size that lies spoils its unit only") {
  for (const int size : {0, 5, 0xffff}) {
    INFO(size);
    Feed f = h264();
    Bytes bad = stap({kSlice});
    Writer(bad).be16(static_cast<std::uint16_t>(size)).bytes(Bytes{0x41, 0x42, 0x43});
    f.push(bad, 0, true);
    f.push(kSlice, 1, true);
    REQUIRE(f.units.size() == 2);
    CHECK(f.data(0) == annexb({kSlice}));
    CHECK(f.units[0].corrupt);
    CHECK_FALSE(f.units[1].corrupt);
    CHECK(f.depacketiser->malformed() == 1);
  }
}

TEST_CASE("H.264: fragments of every size make the NAL unit again") {
  for (std::size_t size = 1; size <= kIdr.size(); ++size) {
    Feed f = h264();
    const auto parts = fragments(kIdr, size);
    for (std::size_t i = 0; i < parts.size(); ++i) f.push(parts[i], 0, i + 1 == parts.size());
    REQUIRE(f.units.size() == 1);
    CHECK(f.data(0) == annexb({kIdr}));
    CHECK(f.units[0].key);
    CHECK_FALSE(f.units[0].corrupt);
  }
}

TEST_CASE("H.264: FU-B carries a decoding order number that is skipped") {
  Feed f = h264();
  const auto parts = fragments(kSlice, 20);
  REQUIRE(parts.size() == 2);
  f.push(Bytes{0x5d, parts[0][1], 0x00, 0x07} + bytes_of(ByteView(parts[0]).subspan(2)), 0);
  f.push(parts[1], 0, true);
  REQUIRE(f.units.size() == 1);
  CHECK(f.data(0) == annexb({kSlice}));
}

TEST_CASE("H.264: whatever fragment is lost, its unit is corrupt and the next one is not") {
  const auto parts = fragments(kIdr, 10);
  REQUIRE(parts.size() == 4);
  for (std::size_t gone = 0; gone < parts.size(); ++gone) {
    INFO(gone);
    Feed f = h264();
    f.push(kSlice, 0, true);
    bool lost = false;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (i != gone) f.push(parts[i], 1, i + 1 == parts.size(), std::exchange(lost, false));
      if (i == gone) lost = true;
    }
    f.push(kSlice, 2, true, lost);
    f.push(kSlice, 3, true);
    // Nothing shows a picture when its first fragment is gone: that NAL unit's rest has no use.
    REQUIRE(f.units.size() == (gone == 0 ? 3 : 4));
    CHECK(f.units[1].corrupt);
    CHECK_FALSE(f.units.back().corrupt);
    CHECK(f.data(f.units.size() - 1) == annexb({kSlice}));
  }
}

TEST_CASE("H.264: a loss across the border of two units spoils both") {
  Feed f = h264();
  f.push(kSlice, 0);
  f.push(kSlice, 1, true, true);
  f.push(kSlice, 2, true);
  REQUIRE(f.units.size() == 3);
  CHECK(f.units[0].corrupt);
  CHECK(f.units[1].corrupt);
  CHECK_FALSE(f.units[2].corrupt);
}

TEST_CASE("H.264: a fragment that never ends spoils its unit") {
  const auto parts = fragments(kIdr, 10);
  SECTION("a new time stamp follows") {
    Feed f = h264();
    f.push(parts[0], 0);
    f.push(kSlice, 1, true);
    REQUIRE(f.units.size() == 2);
    CHECK(f.units[0].corrupt);
    CHECK_FALSE(f.units[1].corrupt);
  }
  SECTION("another NAL unit of the picture follows") {
    Feed f = h264();
    f.push(parts[0], 0);
    f.push(kSlice, 0, true);
    REQUIRE(f.units.size() == 1);
    CHECK(f.units[0].corrupt);
  }
  SECTION("another first fragment follows") {
    Feed f = h264();
    f.push(parts[0], 0);
    for (std::size_t i = 0; i < parts.size(); ++i) f.push(parts[i], 0, i + 1 == parts.size());
    REQUIRE(f.units.size() == 1);
    CHECK(f.units[0].corrupt);
  }
  SECTION("the marker follows") {
    Feed f = h264();
    f.push(parts[0], 0);
    f.push(parts[1], 0, true);
    REQUIRE(f.units.size() == 1);
    CHECK(f.units[0].corrupt);
  }
}

TEST_CASE("H.264: a last fragment that comes twice adds nothing") {
  Feed f = h264();
  const auto parts = fragments(kIdr, 20);
  f.push(parts[0], 0);
  f.push(parts[1], 0);
  f.push(parts[1], 0, true);
  REQUIRE(f.units.size() == 1);
  CHECK(f.data(0) == annexb({kIdr}));
}

TEST_CASE("H.264: without markers a new time stamp ends the unit") {
  Feed f = h264();
  f.push(kSps, 0);
  f.push(kIdr, 0);
  f.push(kSlice, 3600);
  f.push(kSlice, 3600);
  REQUIRE(f.units.size() == 1);
  CHECK(f.data(0) == annexb({kSps, kIdr}));
  CHECK(f.units[0].time == MediaTime(0));
  f.push(kSlice, 7200);
  REQUIRE(f.units.size() == 2);
  CHECK(f.data(1) == annexb({kSlice, kSlice}));
  CHECK(f.units[1].time == MediaTime(40'000));
}

TEST_CASE("H.264: a time stamp that changes inside a NAL unit does not cut it") {
  Feed f = h264();
  const auto parts = fragments(kIdr, 20);
  f.push(parts[0], 0);
  f.push(parts[1], 5, true);
  f.push(kSlice, 3600, true);
  REQUIRE(f.units.size() == 2);
  CHECK(f.data(0) == annexb({kIdr}));
  CHECK_FALSE(f.units[0].corrupt);
}

TEST_CASE("H.264: a fragment that is first and last is a whole NAL unit") {
  Feed f = h264();
  f.push(Bytes{0x7c, 0xc5} + bytes_of(ByteView(kIdr).subspan(1)), 0, true);
  REQUIRE(f.units.size() == 1);
  CHECK(f.data(0) == annexb({kIdr}));
  CHECK_FALSE(f.units[0].corrupt);
}

TEST_CASE("H.264: NAL units glued together with start codes are seen") {
  Feed f = h264(annexb({kSps, kPps}));
  const Bytes glued = kSps + Bytes{0, 0, 0, 1} + kPps + Bytes{0, 0, 1} + kIdr;
  f.push(glued, 0, true);
  REQUIRE(f.units.size() == 1);
  CHECK(f.units[0].key);
  CHECK(f.data(0) == annexb({glued}));
}

TEST_CASE("H.264: payloads that mean nothing are counted and left out") {
  Feed f = h264();
  const std::vector<Bytes> bad = {{},        {0x7c},    {0x7c, 0x85}, {0x7d, 0x85, 0, 1}, {0x00, 1, 2},
                                  {0x7a, 1}, {0x7b, 1}, {0x7e, 1},    {0x7f, 1}};
  for (const Bytes& b : bad) f.push(b, 0);
  CHECK(f.depacketiser->malformed() == bad.size());
  f.push(Bytes{0x78}, 0);
  f.push(Bytes{0x79, 0, 0}, 0);
  f.push(kSlice, 0, true);
  REQUIRE(f.units.size() == 1);
  CHECK(f.data(0) == annexb({kSlice}));
}

TEST_CASE("H.264: a unit that never ends is dropped at the limit and the stream goes on") {
  Feed f = h264();
  const Bytes start = Bytes{0x7c, 0x85} + filler(60'000);
  const Bytes middle = Bytes{0x7c, 0x05} + filler(60'000);
  f.push(start, 0);
  for (std::size_t sent = 60'000; sent <= kMaxAccessUnit; sent += 60'000) f.push(middle, 0);
  CHECK(f.depacketiser->malformed() == 1);
  f.push(kSlice, 1, true);
  f.push(kSlice, 2, true);
  REQUIRE(f.units.size() == 2);
  CHECK(f.units[0].corrupt);
  CHECK_FALSE(f.units[1].corrupt);
}

TEST_CASE("H.264: a key frame at the limit is whole with the parameter sets, beyond it there is none") {
  const Bytes sets = annexb({kSps, kPps});
  for (const std::size_t size : {kMaxAccessUnit - sets.size() + 1, kMaxAccessUnit, kMaxAccessUnit + 1}) {
    INFO(size);
    Feed f = h264(sets);
    std::size_t left = size - 5;  // start code and NAL header
    for (bool first = true; left != 0; first = false) {
      const std::size_t n = std::min<std::size_t>(left, 60'000);
      left -= n;
      const auto flags = static_cast<std::uint8_t>((first ? 0x80 : 0) | (left == 0 ? 0x40 : 0) | 5);
      f.push(Bytes{0x7c, flags} + filler(n), 0, left == 0);
    }
    f.push(kSlice, 3600, true);
    f.push(kSlice, 7200, true);
    if (size <= kMaxAccessUnit) {
      REQUIRE(f.units.size() == 3);
      CHECK(f.units[0].key);
      CHECK_FALSE(f.units[0].corrupt);
      CHECK(f.units[0].data.size() == sets.size() + size);
      CHECK_FALSE(f.units[1].corrupt);
      CHECK(f.depacketiser->malformed() == 0);
    } else {
      REQUIRE(f.units.size() == 2);
      CHECK(f.data(0) == annexb({kSlice}));
      CHECK(f.units[0].corrupt);
      CHECK_FALSE(f.units[1].corrupt);
      CHECK(f.depacketiser->malformed() == 1);
    }
  }
}

TEST_CASE("H.264: payloads of H.265 are not taken for pictures and are soon known for what they are") {
  Feed f = h264();
  f.push(kSps, 0);
  f.push(kPps, 0);
  f.push(kIdr, 0, true);
  REQUIRE(f.units.size() == 1);
  for (const Bytes& nal : {Bytes{0x40, 1, 2}, Bytes{0x42, 1, 2}, Bytes{0x44, 1, 2}, Bytes{0x4e, 1, 5}})
    f.push(nal, 90'000);
  CHECK_FALSE(f.depacketiser->contradicted());
  for (int i = 0; i < 5; ++i) f.push(Bytes{0x62, 1, 0x13} + filler(20), 90'000, i == 4);
  CHECK(f.depacketiser->contradicted());
  CHECK(f.units.size() == 1);
}

TEST_CASE("H.264: payloads that mean nothing, here and there, do not make another codec of it") {
  Feed f = h264();
  for (int i = 0; i < 100; ++i) {
    f.push(Bytes{0x00, 1, 2}, i * 3600);
    f.push(kIdr, i * 3600);
    f.push(kSlice, i * 3600, true);
  }
  CHECK_FALSE(f.depacketiser->contradicted());
  CHECK(f.units.size() == 100);
}

#include "media/rtp/jpeg.hpp"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <map>
#include <numeric>

#include "rtp_feed.hpp"
#include "test_encoder.hpp"

using namespace dmss;
using namespace dmss::media;

namespace {

// ISO/IEC 10918-1 tables K.1 and K.2, row by row.
constexpr std::array<int, 64> kLuma = {16, 11, 10, 16, 24,  40,  51,  61,  12, 12, 14, 19, 26,  58,  60,  55,
                                       14, 13, 16, 24, 40,  57,  69,  56,  14, 17, 22, 29, 51,  87,  80,  62,
                                       18, 22, 37, 56, 68,  109, 103, 77,  24, 35, 55, 64, 81,  104, 113, 92,
                                       49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99};
constexpr std::array<int, 64> kChroma = {17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99,
                                         24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99, 99, 99,
                                         99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
                                         99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99};

/// Along the diagonals, as JPEG stores tables; scaled by RFC 2435 §4.2.
Bytes stored(const std::array<int, 64>& rows, int quality) {
  const int scale = quality < 50 ? 5000 / quality : 200 - quality * 2;
  Bytes out;
  for (int sum = 0; sum < 15; ++sum) {
    for (int i = 0; i <= sum; ++i) {
      const int y = sum % 2 == 0 ? sum - i : i, x = sum - y;
      if (x > 7 || y > 7) continue;
      const int value = (rows[static_cast<std::size_t>(y * 8 + x)] * scale + 50) / 100;
      out.push_back(static_cast<std::uint8_t>(std::clamp(value, 1, 255)));
    }
  }
  return out;
}

struct Segment {
  int marker = 0;
  Bytes body;
};

/// A JPEG file in its parts; the scan is the body of marker 0.
std::vector<Segment> parse(const Bytes& jpeg) {
  std::vector<Segment> out;
  Reader r(jpeg);
  REQUIRE(r.be16() == 0xffd8);
  for (;;) {
    Segment s;
    s.marker = r.be16();
    const std::size_t size = r.be16();
    s.body = bytes_of(r.bytes(size - 2));
    REQUIRE_FALSE(r.failed());
    out.push_back(s);
    if (s.marker == 0xffda) break;
  }
  const ByteView rest = r.rest();
  REQUIRE(rest.size() >= 2);
  CHECK(load_be16(&rest[rest.size() - 2]) == 0xffd9);
  out.push_back({0, bytes_of(rest.first(rest.size() - 2))});
  return out;
}

std::vector<Bytes> bodies(const std::vector<Segment>& segments, int marker) {
  std::vector<Bytes> out;
  for (const Segment& s : segments) {
    if (s.marker == marker) out.push_back(s.body);
  }
  return out;
}

/// By class and number; they may stand in one segment or in several.
std::map<int, Bytes> huffman_tables(const std::vector<Segment>& segments) {
  std::map<int, Bytes> out;
  for (const Bytes& body : bodies(segments, 0xffc4)) {
    Reader r(body);
    while (r.left() != 0) {
      const int id = r.u8();
      const Bytes counts = bytes_of(r.bytes(16));
      const auto values = std::accumulate(counts.begin(), counts.end(), std::size_t{0});
      out[id] = counts + bytes_of(r.bytes(values));
      REQUIRE_FALSE(r.failed());
    }
  }
  return out;
}

struct Head {
  int type = 1, quality = 50, width = 64, height = 32;
  std::optional<int> restart;
  std::optional<Bytes> tables;  ///< goes out with the first packet
};

Bytes payload(const Head& h, std::size_t offset, const Bytes& scan) {
  Bytes out;
  Writer w(out);
  w.u8(0).u8(static_cast<std::uint8_t>(offset >> 16)).be16(static_cast<std::uint16_t>(offset));
  w.u8(static_cast<std::uint8_t>(h.type)).u8(static_cast<std::uint8_t>(h.quality));
  w.u8(static_cast<std::uint8_t>(h.width / 8)).u8(static_cast<std::uint8_t>(h.height / 8));
  if (h.restart) w.be16(static_cast<std::uint16_t>(*h.restart)).be16(0xffff);
  if (h.tables && offset == 0) w.be16(0).be16(static_cast<std::uint16_t>(h.tables->size())).bytes(*h.tables);
  w.bytes(scan);
  return out;
}

Feed mjpeg() {
  return Feed([](Depacketiser::Emit emit) { return make_mjpeg_depacketiser(std::move(emit)); });
}

const Bytes kScan = filler(50);

}  // namespace

TEST_CASE("MJPEG: the quantiser tables follow from Q") {
  for (int q = 1; q <= 99; ++q) {
    INFO(q);
    Feed f = mjpeg();
    Head h;
    h.quality = q;
    f.push(payload(h, 0, kScan), 0, true);
    REQUIRE(f.units.size() == 1);
    const auto dqt = bodies(parse(f.data(0)), 0xffdb);
    REQUIRE(dqt.size() == 2);
    CHECK(dqt[0] == Bytes{0} + stored(kLuma, q));
    CHECK(dqt[1] == Bytes{1} + stored(kChroma, q));
  }
}

TEST_CASE("MJPEG: a picture of the encoder comes back, headers and all") {
  EncoderSettings settings;
  settings.codec = Codec::mjpeg;
  settings.width = 176;
  settings.height = 144;
  const auto coded = encode_stamped(settings, 1);
  const Bytes original = bytes_of(coded.at(0).data.view());
  const auto want = parse(original);
  const auto dqt = bodies(want, 0xffdb);
  REQUIRE_FALSE(dqt.empty());
  Head h;
  h.quality = 255;
  h.width = 176;
  h.height = 144;
  Bytes tables;
  for (const Bytes& d : dqt) {
    for (std::size_t at = 0; at + 65 <= d.size(); at += 65)
      tables = tables + bytes_of(ByteView(d).subspan(at + 1, 64));
  }
  if (tables.size() == 64) tables = tables + tables;
  h.tables = tables;
  const Bytes& scan = want.back().body;

  Feed f = mjpeg();
  constexpr std::size_t kPiece = 500;
  for (std::size_t at = 0; at < scan.size(); at += kPiece) {
    const std::size_t n = std::min(kPiece, scan.size() - at);
    f.push(payload(h, at, bytes_of(ByteView(scan).subspan(at, n))), 90, at + n == scan.size());
  }
  REQUIRE(f.units.size() == 1);
  CHECK(f.units[0].key);
  CHECK(f.units[0].codec == Codec::mjpeg);
  const auto got = parse(f.data(0));
  CHECK(got.back().body == scan);
  CHECK(bodies(got, 0xffdb) == std::vector<Bytes>{Bytes{0} + bytes_of(ByteView(tables).first(64)),
                                                  Bytes{1} + bytes_of(ByteView(tables).subspan(64))});
  CHECK(huffman_tables(got).size() == 4);
  CHECK(huffman_tables(got) == huffman_tables(want));
}

TEST_CASE("MJPEG: the types say how colour is sampled") {
  for (const int type : {0, 1, 64, 65}) {
    INFO(type);
    Feed f = mjpeg();
    Head h;
    h.type = type;
    if (type >= 64) h.restart = 4;
    f.push(payload(h, 0, kScan), 0, true);
    REQUIRE(f.units.size() == 1);
    const auto parts = parse(f.data(0));
    const Bytes sof = bodies(parts, 0xffc0).at(0);
    const auto luma = static_cast<std::uint8_t>(type % 64 == 0 ? 0x21 : 0x22);
    CHECK(sof == Bytes{8, 0, 32, 0, 64, 3, 1, luma, 0, 2, 0x11, 1, 3, 0x11, 1});
    const auto dri = bodies(parts, 0xffdd);
    if (type < 64) CHECK(dri.empty());
    if (type >= 64) CHECK(dri == std::vector<Bytes>{{0, 4}});
    CHECK(parts.back().body == kScan);
  }
}

TEST_CASE("MJPEG: tables in band are remembered for the pictures that leave them out") {
  Feed f = mjpeg();
  Head h;
  h.quality = 200;
  h.tables = Bytes();
  f.push(payload(h, 0, kScan), 0, true);
  CHECK(f.units.empty());
  CHECK(f.depacketiser->malformed() == 1);
  const Bytes tables = filler(128);
  h.tables = tables;
  f.push(payload(h, 0, kScan), 1, true);
  h.tables = Bytes();
  f.push(payload(h, 0, kScan), 2, true);
  REQUIRE(f.units.size() == 2);
  CHECK(f.data(0) == f.data(1));
  CHECK(bodies(parse(f.data(1)), 0xffdb).at(0) == Bytes{0} + bytes_of(ByteView(tables).first(64)));
  CHECK(bodies(parse(f.data(1)), 0xffdb).at(1) == Bytes{1} + bytes_of(ByteView(tables).subspan(64)));
  // One table serves both.
  h.tables = filler(64, 3);
  f.push(payload(h, 0, kScan), 3, true);
  REQUIRE(f.units.size() == 3);
  CHECK(bodies(parse(f.data(2)), 0xffdb).at(1) == Bytes{1} + filler(64, 3));
}

TEST_CASE("MJPEG: a picture with a hole is left out, the next one is whole") {
  const Head h;
  for (int gone = 0; gone < 3; ++gone) {
    for (const bool told : {false, true}) {
      if (gone == 2 && !told) continue;  // nothing says that it is not whole
      INFO(gone << (told ? " told" : ""));
      Feed f = mjpeg();
      bool lost = false;
      for (int i = 0; i < 3; ++i) {
        if (i != gone)
          f.push(payload(h, static_cast<std::size_t>(i) * 10, filler(10)), 0, i == 2,
                 std::exchange(lost, false));
        if (i == gone) lost = told;
      }
      f.push(payload(h, 0, kScan), 3600, true, lost);
      REQUIRE(f.units.size() == 1);
      CHECK(f.units[0].time == MediaTime(40'000));
      CHECK(parse(f.data(0)).back().body == kScan);
    }
  }
}

TEST_CASE("MJPEG: without markers a new time stamp ends the picture") {
  Feed f = mjpeg();
  const Head h;
  for (int n = 0; n < 4; ++n) {
    f.arrived += std::chrono::milliseconds(40);
    f.push(payload(h, 0, filler(10)), n * 3600);
    f.push(payload(h, 10, filler(20, static_cast<std::uint8_t>(n))), n * 3600);
    REQUIRE(f.units.size() == static_cast<std::size_t>(n));
  }
  for (std::size_t n = 0; n < 3; ++n) {
    CHECK(f.units[n].time == MediaTime(static_cast<std::int64_t>(n) * 40'000));
    CHECK(f.units[n].arrived.time_since_epoch() == std::chrono::milliseconds(40 * (n + 1)));
    CHECK(parse(f.data(n)).back().body == filler(10) + filler(20, static_cast<std::uint8_t>(n)));
  }
  SECTION("a loss may have taken the end") {
    f.push(payload(h, 0, kScan), 14400, false, true);
    CHECK(f.units.size() == 3);
    f.push(payload(h, 0, kScan), 18000);
    REQUIRE(f.units.size() == 4);
    CHECK(parse(f.data(3)).back().body == kScan);
    CHECK(f.units[3].time == MediaTime(160'000));
  }
  SECTION("a packet of no use ends it too") {
    f.push({1}, 14400);
    CHECK(f.units.size() == 4);
    f.push(payload(h, 30, kScan), 14400);
    f.push(payload(h, 0, kScan), 18000, true);
    REQUIRE(f.units.size() == 5);
    CHECK(parse(f.data(4)).back().body == kScan);
  }
  SECTION("the rest of a scan under another time stamp belongs to it") {
    f.push(payload(h, 30, filler(5)), 14400, true);
    REQUIRE(f.units.size() == 4);
    CHECK(parse(f.data(3)).back().body == filler(10) + filler(20, 3) + filler(5));
  }
}

TEST_CASE("MJPEG: a packet that comes twice does no harm to the next picture") {
  Feed f = mjpeg();
  const Head h;
  f.push(payload(h, 0, filler(10)), 0);
  f.push(payload(h, 0, filler(10)), 0);
  f.push(payload(h, 10, filler(10)), 0, true);
  f.push(payload(h, 10, filler(10)), 0, true);
  f.push(payload(h, 0, kScan), 1, true);
  REQUIRE(f.units.size() == 2);
  CHECK(parse(f.data(0)).back().body == filler(10) + filler(10));
  CHECK(parse(f.data(1)).back().body == kScan);
}

TEST_CASE("MJPEG: what cannot be a picture is counted") {
  const auto refused = [](const Bytes& p) {
    Feed f = mjpeg();
    f.push(p, 0, true);
    return f.units.empty() && f.depacketiser->malformed() == 1;
  };
  const Bytes good = payload(Head(), 0, kScan);
  for (std::size_t n = 0; n < 8; ++n) CHECK(refused(bytes_of(ByteView(good).first(n))));
  Head h;
  for (const int type : {2, 63, 66, 127, 128, 255}) {
    h.type = type;
    CHECK(refused(payload(h, 0, kScan)));
  }
  h = {};
  h.quality = 0;
  CHECK(refused(payload(h, 0, kScan)));
  h = {};
  h.width = 0;
  CHECK(refused(payload(h, 0, kScan)));
  h = {};
  h.height = 0;
  CHECK(refused(payload(h, 0, kScan)));
  h = {};
  h.type = 64;
  CHECK(refused(bytes_of(ByteView(payload(h, 0, {})).first(8))));
  for (const std::size_t size : {1u, 63u, 65u, 127u, 129u, 256u}) {
    h = {};
    h.quality = 255;
    h.tables = filler(size);
    CHECK(refused(payload(h, 0, kScan)));
  }
  h.tables = filler(128);
  CHECK(refused(bytes_of(ByteView(payload(h, 0, {})).first(100))));
}

TEST_CASE("MJPEG: a picture without a scan is none") {
  Feed f = mjpeg();
  f.push(payload(Head(), 0, {}), 0, true);
  CHECK(f.units.empty());
  f.push(payload(Head(), 0, kScan), 1, true);
  CHECK(f.units.size() == 1);
}

TEST_CASE("MJPEG: a picture at the limit has its end or is left out") {
  const Head h;
  Feed small = mjpeg();
  small.push(payload(h, 0, kScan), 0, true);
  const std::size_t around = small.units.at(0).data.size() - kScan.size();
  for (const std::size_t over : {0u, 1u, 2u, 3u}) {
    INFO(over);
    Feed f = mjpeg();
    const std::size_t scan = kMaxAccessUnit - around + over;
    for (std::size_t at = 0; at < scan; at += 60'000) {
      const std::size_t n = std::min<std::size_t>(60'000, scan - at);
      f.push(payload(h, at, filler(n)), 0, at + n == scan);
    }
    f.push(payload(h, 0, kScan), 3600, true);
    REQUIRE(f.units.size() == (over == 0 ? 2u : 1u));
    if (over == 0) CHECK(f.units[0].data.size() == kMaxAccessUnit);
    CHECK(bytes_of(f.units[0].data.view().last(2)) == Bytes{0xff, 0xd9});
    CHECK(f.depacketiser->malformed() == (over == 0 ? 0u : 1u));
    CHECK(f.data(f.units.size() - 1) == small.data(0));
  }
}

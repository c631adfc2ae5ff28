#include "media/decode/parameter_sets.hpp"

#include <catch2/catch.hpp>

#include "rtp_feed.hpp"

using namespace dmss;
using namespace dmss::media;

namespace {

const Bytes kSps = {0x67, 0x64, 0x00, 0x1f, 0xac};
const Bytes kPps = {0x68, 0xee, 0x3c, 0x80};
const Bytes kSei = {0x06, 0x05, 0x01, 0x80};
const Bytes kIdr = {0x65, 0x88, 0x80, 0x10};

std::uint64_t h264(const std::vector<Bytes>& nals) {
  return parameter_set_digest(Codec::h264, annexb(nals));
}

}  // namespace

TEST_CASE("parameter sets: the digest follows them and nothing else") {
  const auto sets = h264({kSps, kPps, kIdr});
  CHECK(sets != 0);
  CHECK(h264({kSps, kPps, Bytes{0x65, 1, 2, 3}}) == sets);
  CHECK(h264({kSps, kPps, kIdr, kSps}) == sets);
  CHECK(h264({kPps, kSps, kIdr}) != sets);
  CHECK(h264({kSps, kIdr}) != sets);
  for (std::size_t i = 1; i < kSps.size(); ++i) {
    Bytes other = kSps;
    other[i] ^= 1;
    CHECK(h264({other, kPps, kIdr}) != sets);
  }
  const auto after_sei = h264({kSei, kSps, kPps, kIdr});
  CHECK(h264({Bytes{0x06, 0x05, 0x01, 0x77}, kSps, kPps, kIdr}) == after_sei);
}

TEST_CASE("parameter sets: none in front of a slice, in other codecs, in scraps") {
  CHECK(h264({kIdr}) == 0);
  CHECK(h264({kSei, kIdr, kSps}) == 0);
  CHECK(parameter_set_digest(Codec::mjpeg, annexb({kSps})) == 0);
  CHECK(parameter_set_digest(Codec::h264, {}) == 0);
  const Bytes start = annexb({kSps});
  for (std::size_t n = 0; n < 5; ++n) CHECK(parameter_set_digest(Codec::h264, ByteView(start).first(n)) == 0);
}

TEST_CASE("parameter sets: H.265 has three kinds") {
  const Bytes slice = {0x26, 0x01, 0xaf};
  for (int type = 0; type < 64; ++type) {
    INFO(type);
    const Bytes nal = {static_cast<std::uint8_t>(type << 1), 0x01, 0x40};
    CHECK((parameter_set_digest(Codec::h265, annexb({nal, slice})) != 0) == (type >= 32 && type <= 34));
  }
}

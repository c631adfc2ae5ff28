#include "media/decode/g711.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <vector>

using namespace dmss::media;

namespace {

std::int16_t from_alaw(int code) {
  const auto in = static_cast<std::uint8_t>(code);
  std::int16_t out = 0;
  decode_alaw({&in, 1}, &out);
  return out;
}
std::int16_t from_mulaw(int code) {
  const auto in = static_cast<std::uint8_t>(code);
  std::int16_t out = 0;
  decode_mulaw({&in, 1}, &out);
  return out;
}
std::uint8_t to_alaw(int sample) {
  const auto in = static_cast<std::int16_t>(sample);
  std::uint8_t out = 0;
  encode_alaw({&in, 1}, &out);
  return out;
}
std::uint8_t to_mulaw(int sample) {
  const auto in = static_cast<std::int16_t>(sample);
  std::uint8_t out = 0;
  encode_mulaw({&in, 1}, &out);
  return out;
}

/// ITU-T G.711 table 1: decoder output y on a 13-bit scale. Segment 1 has steps of 2 from 1, each further
/// segment doubles them. Even bits are inverted on the line.
int alaw_of_table(int code) {
  const int c = code ^ 0x55;
  const int segment = c >> 4 & 7, step = c & 15;
  const int y = segment == 0 ? 2 * step + 1 : (2 * step + 33) << (segment - 1);
  return ((c & 0x80) != 0 ? y : -y) * 8;
}

/// Table 2: y on a 14-bit scale, all bits inverted on the line.
int mulaw_of_table(int code) {
  const int c = ~code & 0xff;
  const int y = ((2 * (c & 15) + 33) << (c >> 4 & 7)) - 33;
  return ((c & 0x80) != 0 ? -y : y) * 4;
}

}  // namespace

TEST_CASE("G.711: all 256 codes of both laws decode as the tables say") {
  for (int code = 0; code < 256; ++code) {
    INFO(code);
    CHECK(from_alaw(code) == alaw_of_table(code));
    CHECK(from_mulaw(code) == mulaw_of_table(code));
  }
}

TEST_CASE("G.711: the ends of the scale and silence have their known values") {
  CHECK(from_alaw(0xaa) == 32256);
  CHECK(from_alaw(0x2a) == -32256);
  CHECK(from_alaw(0xd5) == 8);
  CHECK(from_alaw(0x55) == -8);
  CHECK(from_mulaw(0x80) == 32124);
  CHECK(from_mulaw(0x00) == -32124);
  CHECK(from_mulaw(0xff) == 0);
  CHECK(from_mulaw(0x7f) == 0);
}

TEST_CASE("G.711: what was decoded is coded as it was") {
  for (int code = 0; code < 256; ++code) {
    INFO(code);
    CHECK(to_alaw(from_alaw(code)) == code);
    if (code != 0x7f) CHECK(to_mulaw(from_mulaw(code)) == code);
  }
  CHECK(to_mulaw(0) == 0xff);
}

TEST_CASE("G.711: every sample goes to a code near it, and louder never becomes quieter") {
  int last_a = -40'000, last_mu = -40'000;
  for (int sample = -32768; sample <= 32767; ++sample) {
    const int a = from_alaw(to_alaw(sample)), mu = from_mulaw(to_mulaw(sample));
    const int size = std::abs(sample);
    // Half a step: 1/32 of the sample, and at least that of the first segment; more where the scale ends.
    if (size <= 32256) REQUIRE(std::abs(a - sample) <= size / 32 + 16);
    if (size <= 32124) REQUIRE(std::abs(mu - sample) <= (size + 132) / 32 + 8);
    REQUIRE(a >= last_a);
    REQUIRE(mu >= last_mu);
    last_a = a;
    last_mu = mu;
  }
}

TEST_CASE("G.711: runs are coded sample by sample, and nothing is nothing") {
  std::vector<std::uint8_t> codes(256);
  for (std::size_t i = 0; i < codes.size(); ++i) codes[i] = static_cast<std::uint8_t>(i);
  std::vector<std::int16_t> samples(257, 77);
  decode_alaw(codes, samples.data());
  for (int i = 0; i < 256; ++i) CHECK(samples[static_cast<std::size_t>(i)] == from_alaw(i));
  CHECK(samples[256] == 77);
  decode_mulaw({}, samples.data());
  CHECK(samples[0] == from_alaw(0));
}

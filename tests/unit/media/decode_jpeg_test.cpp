#include "media/decode/jpeg.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>

#include "media/decode/video_decoder.hpp"
#include "rtp_feed.hpp"
#include "test_encoder.hpp"

using namespace dmss;
using namespace dmss::media;

namespace {

constexpr int kWidth = 512, kHeight = 64;

Frame decode(Codec codec, const Bytes& data) {
  AccessUnit u;
  u.codec = codec;
  u.key = true;
  u.data = Buffer::copy_of(data);
  Frame out;
  VideoDecoder decoder({});
  decoder.decode(u, StreamKind::main, [&](Frame f) { out = std::move(f); });
  REQUIRE(out);
  return out;
}

int at(const Frame& f, int plane, int x, int y) {
  return f.plane(plane).data[y * f.plane(plane).stride + x];
}

/// One picture with a grey ramp from `first` to `last` in steps of two columns, colours all the same.
Frame ramp(bool full_range, int first, int last, int cb = 128, int cr = 128) {
  EncoderSettings s;
  s.codec = Codec::mjpeg;
  s.width = kWidth;
  s.height = kHeight;
  s.full_range = full_range;
  const auto units = encode_pictures(s, 1, [&](const Canvas& c, int) {
    for (int y = 0; y < c.height; ++y) {
      for (int x = 0; x < c.width; ++x)
        c.plane[0][y * c.stride[0] + x] =
            static_cast<std::uint8_t>(first + (last - first) * (x / 2) / (c.width / 2 - 1));
    }
    for (int y = 0; y < c.height / 2; ++y) {
      for (int x = 0; x < c.width / 2; ++x) {
        c.plane[1][y * c.stride[1] + x] = static_cast<std::uint8_t>(cb);
        c.plane[2][y * c.stride[2] + x] = static_cast<std::uint8_t>(cr);
      }
    }
  });
  return decode(Codec::mjpeg, bytes_of(units.at(0).data.view()));
}

Frame again(const Frame& f, int quality) {
  const auto jpeg = encode_jpeg(f, quality);
  REQUIRE(jpeg.has_value());
  const Bytes& bytes = jpeg.value();
  REQUIRE(bytes.size() > 100);
  CHECK(load_be16(bytes.data()) == 0xffd8);
  CHECK(load_be16(&bytes[bytes.size() - 2]) == 0xffd9);
  return decode(Codec::mjpeg, bytes);
}

}  // namespace

TEST_CASE("JPEG: a full-range grey ramp keeps its greys, black and white among them") {
  const Frame original = ramp(true, 0, 255);
  REQUIRE(original.full_range());
  const Frame copy = again(original, 2);
  CHECK(copy.width() == kWidth);
  CHECK(copy.height() == kHeight);
  CHECK(copy.full_range());
  for (int x = 0; x < kWidth; ++x) {
    INFO(x);
    REQUIRE(std::abs(at(copy, 0, x, 20) - x / 2) <= 2);
    REQUIRE(std::abs(at(copy, 1, x / 2, 10) - 128) <= 2);
  }
}

TEST_CASE("JPEG: colours stay") {
  const Frame copy = again(ramp(true, 60, 200, 90, 170), 2);
  for (int x = 0; x < kWidth / 2; ++x) {
    REQUIRE(std::abs(at(copy, 1, x, 10) - 90) <= 2);
    REQUIRE(std::abs(at(copy, 2, x, 10) - 170) <= 2);
  }
}

namespace {

/// Left half and right half of one luma each, one colour.
Frame halves(const EncoderSettings& s, int left, int right, int cb, int cr) {
  const auto units = encode_pictures(s, 1, [&](const Canvas& c, int) {
    for (int y = 0; y < c.height; ++y) {
      for (int x = 0; x < c.width; ++x)
        c.plane[0][y * c.stride[0] + x] = static_cast<std::uint8_t>(x < c.width / 2 ? left : right);
    }
    for (int y = 0; y < c.chroma_height; ++y) {
      for (int x = 0; x < c.width / 2; ++x) {
        c.plane[1][y * c.stride[1] + x] = static_cast<std::uint8_t>(cb);
        c.plane[2][y * c.stride[2] + x] = static_cast<std::uint8_t>(cr);
      }
    }
  });
  return decode(s.codec, bytes_of(units.at(0).data.view()));
}

EncoderSettings limited(bool bt709) {
  EncoderSettings s;
  s.width = kWidth;
  s.height = kHeight;
  s.full_range = false;
  s.bt709 = bt709;
  return s;
}

}  // namespace

TEST_CASE("JPEG: a limited-range picture is stretched to full range") {
  for (const auto& [bt709, chroma_422] :
       {std::pair{false, false}, {true, false}, {false, true}, {true, true}}) {
    INFO(bt709 << chroma_422);
    EncoderSettings s = limited(bt709);
    s.chroma_422 = chroma_422;
    const Frame original = halves(s, 16, 235, 128, 128);
    REQUIRE((original.format() == PixelFormat::i422) == chroma_422);
    REQUIRE_FALSE(original.full_range());
    REQUIRE((original.colour()[2] == 1) == bt709);
    const Frame copy = again(original, 2);
    CHECK(at(copy, 0, 40, 20) <= 3);
    CHECK(at(copy, 0, kWidth - 40, 20) >= 252);
    CHECK(std::abs(at(copy, 1, 20, 10) - 128) <= 2);
  }
}

TEST_CASE("JPEG: a BT.709 picture gets the matrix that JPEG viewers assume") {
  // Red of 75 % in limited-range BT.709; BT.601 in full range: Y 57, Cb 96, Cr 224.
  for (const bool chroma_422 : {false, true}) {
    INFO(chroma_422);
    EncoderSettings s = limited(true);
    s.chroma_422 = chroma_422;
    const Frame copy = again(halves(s, 51, 51, 109, 212), 2);
    CHECK(std::abs(at(copy, 0, 100, 20) - 57) <= 4);
    CHECK(std::abs(at(copy, 1, 50, 10) - 96) <= 4);
    CHECK(std::abs(at(copy, 2, 50, 10) - 224) <= 4);
  }
}

TEST_CASE("JPEG: a full-range BT.709 picture gets that matrix, too, grey and range stay") {
  EncoderSettings s = limited(true);
  s.full_range = true;
  // Red of 75 %: BT.709 Y 41, Cb 106, Cr 224; BT.601 Y 57, Cb 96, Cr 224.
  const Frame red = halves(s, 41, 41, 106, 224);
  REQUIRE(red.full_range());
  REQUIRE(red.colour()[2] == 1);
  const Frame copy = again(red, 2);
  CHECK(copy.full_range());
  CHECK(std::abs(at(copy, 0, 100, 20) - 57) <= 2);
  CHECK(std::abs(at(copy, 1, 50, 10) - 96) <= 2);
  CHECK(std::abs(at(copy, 2, 50, 10) - 224) <= 2);

  const Frame grey = again(halves(s, 0, 255, 128, 128), 2);
  CHECK(at(grey, 0, 40, 20) <= 2);
  CHECK(at(grey, 0, kWidth - 40, 20) >= 253);
  CHECK(std::abs(at(grey, 1, 20, 10) - 128) <= 2);
  CHECK(std::abs(at(grey, 2, 20, 10) - 128) <= 2);
}

TEST_CASE("JPEG: less quality, fewer bytes") {
  EncoderSettings s;
  const Frame f = decode(Codec::h264, bytes_of(encode_stamped(s, 1).at(0).data.view()));
  const auto best = encode_jpeg(f, 2), middle = encode_jpeg(f, 8), worst = encode_jpeg(f, 31);
  REQUIRE(best.has_value());
  REQUIRE(middle.has_value());
  REQUIRE(worst.has_value());
  CHECK(best.value().size() > middle.value().size());
  CHECK(middle.value().size() > worst.value().size());
}

TEST_CASE("JPEG: no picture, no file") {
  const auto none = encode_jpeg(Frame(), 3);
  REQUIRE_FALSE(none.has_value());
  CHECK(none.error().code() == Errc::unsupported);
}

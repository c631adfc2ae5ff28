#include "media/stamp/stamp.hpp"

#include <catch2/catch.hpp>
#include <vector>

#include "media/decode/video_decoder.hpp"
#include "test_encoder.hpp"

using namespace dmss::media;

namespace {

struct Luma {
  Luma(int w, int h, int padding = 0)
      : width(w), height(h), stride(w + padding), bytes(static_cast<std::size_t>(stride * h), 90) {}
  void draw(const Stamp& s) { draw_stamp(s, bytes.data(), stride, width, height); }
  std::optional<Stamp> read() const { return read_stamp(bytes.data(), stride, width, height); }
  int width, height, stride;
  std::vector<std::uint8_t> bytes;
};

constexpr std::pair<int, int> kSizes[] = {{128, 64},    {352, 288},   {704, 576},  {1280, 720},
                                          {1920, 1080}, {2560, 1440}, {3840, 2160}};

}  // namespace

TEST_CASE("stamp: what is drawn is read, whatever the picture's size and stride") {
  for (const auto& [width, height] : kSizes) {
    for (const int padding : {0, 32}) {
      INFO(width << "x" << height << "+" << padding);
      Luma picture(width, height, padding);
      for (const Stamp& s : {Stamp{1, 0, 1}, Stamp{255, 0xffffffff, 0xffff}, Stamp{0xaa, 0x12345678, 0x9abc},
                             Stamp{64, 24, 25}, Stamp{0, 1, 2}}) {
        picture.draw(s);
        CHECK(picture.read() == s);
      }
    }
  }
}

TEST_CASE("stamp: it survives noise, darkness and blur") {
  for (const auto& [width, height] : kSizes) {
    INFO(width << "x" << height);
    Luma picture(width, height);
    const Stamp s{7, 1234, 5000};
    picture.draw(s);
    std::uint32_t seed = 5;
    for (std::uint8_t& b : picture.bytes) {
      seed = seed * 1664525u + 1013904223u;
      b = static_cast<std::uint8_t>(b * 3 / 4 + 20 + (seed >> 24) % 40);
    }
    for (std::size_t i = 1; i + 1 < picture.bytes.size(); ++i)
      picture.bytes[i] =
          static_cast<std::uint8_t>((picture.bytes[i - 1] + picture.bytes[i] + picture.bytes[i + 1]) / 3);
    CHECK(picture.read() == s);
  }
}

TEST_CASE("stamp: one wrong cell is noticed") {
  Luma clean(352, 288);
  clean.draw({3, 77, 100});
  constexpr int kCell = 8;
  for (int cell = 0; cell < 72; ++cell) {
    INFO(cell);
    Luma picture = clean;
    const int x = kCell / 2 + cell % 12 * kCell, y = kCell / 2 + cell / 12 * kCell;
    for (int row = y; row < y + kCell; ++row) {
      for (int column = x; column < x + kCell; ++column) {
        std::uint8_t& b = picture.bytes[static_cast<std::size_t>(row * picture.stride + column)];
        b = static_cast<std::uint8_t>(255 - b);
      }
    }
    CHECK_FALSE(picture.read());
  }
}

TEST_CASE("stamp: no stamp in plain pictures, in small ones, or with a loop of nothing") {
  for (const int level : {0, 90, 127, 128, 255}) {
    Luma picture(352, 288);
    picture.bytes.assign(picture.bytes.size(), static_cast<std::uint8_t>(level));
    CHECK_FALSE(picture.read());
  }
  for (const auto& [width, height] :
       {std::pair{103, 64}, std::pair{128, 55}, std::pair{8, 8}, std::pair{1, 1}}) {
    Luma small(width, height);
    const auto before = small.bytes;
    small.draw({1, 2, 3});
    CHECK(small.bytes == before);
    CHECK_FALSE(small.read());
  }
  Luma picture(352, 288);
  picture.draw({1, 2, 0});
  CHECK_FALSE(picture.read());
  CHECK_FALSE(read_stamp(nullptr, 352, 352, 288));
}

TEST_CASE("stamp: it survives each codec at the sizes of the streams") {
  for (const dmss::Codec codec : {dmss::Codec::h264, dmss::Codec::h265, dmss::Codec::mjpeg}) {
    for (const auto& [width, height] : {std::pair{352, 288}, std::pair{704, 576}, std::pair{1920, 1080}}) {
      INFO(name(codec) << " " << width << "x" << height);
      EncoderSettings settings;
      settings.codec = codec;
      settings.width = width;
      settings.height = height;
      VideoDecoder decoder({});
      std::uint32_t n = 0;
      for (const AccessUnit& u : encode_stamped(settings, 3)) {
        decoder.decode(u, dmss::StreamKind::main, [&](const dmss::Frame& f) {
          CHECK(f.width() == width);
          CHECK(f.height() == height);
          CHECK(read_stamp(f.plane(0).data, f.plane(0).stride, f.width(), f.height()) == Stamp{3, n, 3});
          ++n;
        });
      }
      CHECK(n == 3);
    }
  }
}

#include <catch2/catch.hpp>
#include <vector>

#include "media/decode/video_decoder.hpp"
#include "media/stamp/position_stamp.hpp"
#include "media/stamp/stamp.hpp"
#include "test_encoder.hpp"

using namespace dmss::media;

namespace {

struct Luma {
  Luma(int w, int h, int padding = 0)
      : width(w), height(h), stride(w + padding), bytes(static_cast<std::size_t>(stride * h), 90) {}
  void draw(const PositionStamp& s) { draw_position(s, bytes.data(), stride, width, height); }
  std::optional<PositionStamp> read() const { return read_position(bytes.data(), stride, width, height); }
  int width, height, stride;
  std::vector<std::uint8_t> bytes;
};

constexpr PositionStamp kStamps[] = {{0, 0, 100, 0},
                                     {3599, 900, 2500, 255},
                                     {-1, -150, 0xffff, 0xaa},
                                     {INT16_MIN, INT16_MAX, 0, 1},
                                     {0x1234, 0x5678, 0x9abc, 0xde}};

}  // namespace

TEST_CASE("position stamp: what is drawn is read, whatever the picture's size and stride") {
  for (const auto& [width, height] : {std::pair{128, 112}, std::pair{352, 288}, std::pair{640, 360},
                                      std::pair{704, 576}, std::pair{1920, 1080}, std::pair{3840, 2160}}) {
    for (const int padding : {0, 32}) {
      for (const PositionStamp& s : kStamps) {
        INFO(width << "x" << height << "+" << padding << " pan " << s.pan);
        Luma picture(width, height, padding);
        picture.draw(s);
        CHECK(picture.read() == s);
      }
    }
  }
}

TEST_CASE("position stamp: it and the frame stamp leave each other alone") {
  Luma picture(352, 288);
  const Stamp frame{7, 1234, 5000};
  const PositionStamp position{1800, -150, 2500, 128};
  draw_stamp(frame, picture.bytes.data(), picture.stride, picture.width, picture.height);
  CHECK_FALSE(picture.read());
  picture.draw(position);
  CHECK(read_stamp(picture.bytes.data(), picture.stride, picture.width, picture.height) == frame);
  CHECK(picture.read() == position);
  draw_stamp({8, 1, 2}, picture.bytes.data(), picture.stride, picture.width, picture.height);
  CHECK(picture.read() == position);
}

TEST_CASE("position stamp: one wrong cell is noticed") {
  Luma clean(352, 288);
  clean.draw({-1234, 567, 890, 12});
  constexpr int kCell = 8;
  for (int cell = 0; cell < 72; ++cell) {
    INFO(cell);
    Luma picture = clean;
    const int x = kCell / 2 + cell % 12 * kCell, y = kCell / 2 + (7 + cell / 12) * kCell;
    for (int row = y; row < y + kCell; ++row) {
      for (int column = x; column < x + kCell; ++column) {
        std::uint8_t& b = picture.bytes[static_cast<std::size_t>(row * picture.stride + column)];
        b = static_cast<std::uint8_t>(255 - b);
      }
    }
    CHECK_FALSE(picture.read());
  }
}

TEST_CASE("position stamp: none in plain pictures, and none drawn where it does not fit") {
  for (const int level : {0, 90, 127, 128, 255}) {
    Luma picture(352, 288);
    picture.bytes.assign(picture.bytes.size(), static_cast<std::uint8_t>(level));
    CHECK_FALSE(picture.read());
  }
  for (const auto& [width, height] : {std::pair{103, 288}, std::pair{128, 111}, std::pair{1, 1}}) {
    Luma small(width, height);
    const auto before = small.bytes;
    small.draw({1, 2, 3, 4});
    CHECK(small.bytes == before);
    CHECK_FALSE(small.read());
  }
  CHECK_FALSE(read_position(nullptr, 352, 352, 288));
}

TEST_CASE("position stamp: it survives each codec at the sizes of the streams") {
  for (const dmss::Codec codec : {dmss::Codec::h264, dmss::Codec::h265, dmss::Codec::mjpeg}) {
    for (const auto& [width, height] : {std::pair{352, 288}, std::pair{704, 576}, std::pair{1920, 1080}}) {
      INFO(name(codec) << " " << width << "x" << height);
      EncoderSettings settings;
      settings.codec = codec;
      settings.width = width;
      settings.height = height;
      const auto paint = [](const Canvas& c, int number) {
        for (int p = 0; p < 3; ++p) {
          for (int y = 0; y < (p == 0 ? c.height : c.height / 2); ++y) {
            for (int x = 0; x < (p == 0 ? c.width : c.width / 2); ++x)
              c.plane[p][y * c.stride[p] + x] = static_cast<std::uint8_t>(p == 0 ? x + y + 5 * number : 128);
          }
        }
        draw_stamp({3, static_cast<std::uint32_t>(number), 5}, c.plane[0], c.stride[0], c.width, c.height);
        draw_position(kStamps[number], c.plane[0], c.stride[0], c.width, c.height);
      };
      VideoDecoder decoder({});
      std::uint32_t n = 0;
      for (const AccessUnit& u : encode_pictures(settings, 5, paint)) {
        decoder.decode(u, dmss::StreamKind::main, [&](const dmss::Frame& f) {
          CHECK(read_stamp(f.plane(0).data, f.plane(0).stride, f.width(), f.height()) == Stamp{3, n, 5});
          CHECK(read_position(f.plane(0).data, f.plane(0).stride, f.width(), f.height()) == kStamps[n]);
          ++n;
        });
      }
      CHECK(n == 5);
    }
  }
}

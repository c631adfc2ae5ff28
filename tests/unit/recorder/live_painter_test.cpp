#include "recorder/live_painter.hpp"

#include <catch2/catch.hpp>

#include "media/decode/video_decoder.hpp"
#include "media/stamp/stamp.hpp"

using namespace dmss;
using namespace dmss::recorder;

TEST_CASE("live painter: decoded pictures show channel, number and position") {
  for (const Codec codec : {Codec::h264, Codec::h265}) {
    for (const auto& [width, height] : {std::pair{352, 288}, std::pair{704, 576}, std::pair{1920, 1080}}) {
      INFO(name(codec) << " " << width << "x" << height);
      const ClipSpec spec{2, codec, width, height, 15, 512, 30, 10};
      LivePainter painter(spec);
      media::VideoDecoder decoder({});
      constexpr std::uint32_t kFirst = 25;  // in the middle of the loop
      std::uint32_t painted = 0, shown = 0;
      const auto position = [](std::uint32_t n) {
        return media::PositionStamp{
            static_cast<std::int16_t>(97 * n), static_cast<std::int16_t>(-150 + 50 * n),
            static_cast<std::uint16_t>(100 + 80 * n), static_cast<std::uint8_t>(11 * n)};
      };
      for (; painted < 20; ++painted) {
        const std::uint32_t number = (kFirst + painted) % 30;
        const auto picture = painter.paint(number, position(painted));
        REQUIRE(picture);
        CHECK(picture->key == (painted == 0 || number % 10 == 0));
        media::AccessUnit unit;
        unit.codec = codec;
        unit.key = picture->key;
        unit.time = MediaTime(painted * 66666);
        unit.data = media::Buffer::copy_of(picture->data);
        decoder.decode(unit, StreamKind::main, [&](const Frame& f) {
          CHECK(media::read_stamp(f.plane(0).data, f.plane(0).stride, f.width(), f.height()) ==
                media::Stamp{2, (kFirst + shown) % 30, 30});
          CHECK(media::read_position(f.plane(0).data, f.plane(0).stride, f.width(), f.height()) ==
                position(shown));
          ++shown;
        });
      }
      CHECK(shown == painted);
    }
  }
}

TEST_CASE("live painter: no pictures of codecs it has no encoder for") {
  LivePainter painter({1, Codec::mjpeg, 352, 288, 15, 512, 30, 10});
  CHECK_FALSE(painter.paint(0, {}));
}

// JPEGs that the device makes, on the control connection of 37777 (protocol dvrip-dhip.md §5.3).
#include <catch2/catch.hpp>

#include "proto/dvrip/media_frame.hpp"
#include "scenario/dvrip_device.hpp"
#include "scenario/virtual_world.hpp"

using namespace dmss;
using namespace dmss::scenario;

namespace {

constexpr std::uint16_t kPort = 37777;

struct Scene {
  Scene() {
    world.connector().serve(kPort, recorder.script());
    device = world.device(world.options());
    device.login({});
    world.settle();
    REQUIRE(device.stats().state == DeviceState::online);
  }
  Answer<std::vector<std::uint8_t>> ask(int channel) {
    Answer<std::vector<std::uint8_t>> answer;
    CallOptions options;
    options.timeout = 3s;
    device.snapshot(channel, answer.handler(), options);
    world.settle();
    return answer;
  }
  void send(ByteView bytes) {
    world.connector().peers(kPort).at(0)->send(bytes);
    world.settle();
  }
  DvripDevice recorder;
  VirtualWorld world;
  Device device;
};

Bytes jpeg(std::uint8_t mark) {
  return {0xff, 0xd8, mark, mark, mark, mark, mark, mark, 0xff, 0xd9};
}

Bytes frames(std::uint8_t mark) {
  Bytes out;
  proto::dvrip::append_snapshot(out, 0, jpeg(mark), 3);
  return out;
}

}  // namespace

TEST_CASE("a picture comes whole, wherever the connection cuts it") {
  const Bytes all = frames(1);
  for (std::size_t cut = 0; cut <= all.size(); ++cut) {
    CAPTURE(cut);
    Scene s;
    auto first = s.ask(1);
    s.send(ByteView(all).first(cut));
    s.send(ByteView(all).subspan(cut));
    REQUIRE(first.ok());
    CHECK(first.value() == jpeg(1));
    auto second = s.ask(2);
    s.send(frames(2));
    REQUIRE(second.ok());
    CHECK(second.value() == jpeg(2));
  }
}

TEST_CASE("the end of a picture that comes after its last byte is not the next picture's") {
  Scene s;
  const Bytes all = frames(1);
  auto first = s.ask(1);
  s.send(ByteView(all).first(all.size() - proto::dvrip::kHeaderSize));
  REQUIRE(first.ok());
  auto second = s.ask(2);
  s.send(ByteView(all).last(proto::dvrip::kHeaderSize));
  CHECK(second.count() == 0);
  s.send(frames(2));
  REQUIRE(second.ok());
  CHECK(second.value() == jpeg(2));
}

TEST_CASE("a picture that comes too late is never taken for another channel's") {
  const std::size_t before = GENERATE(std::size_t{0}, std::size_t{35}, std::size_t{70});
  Scene s;
  const Bytes late = frames(1);
  auto first = s.ask(1);
  s.send(ByteView(late).first(before));
  s.world.advance(3s);
  CHECK(first.error() == Errc::timeout);
  auto hasty = s.ask(2);
  CHECK(hasty.error() == Errc::device_busy);
  s.send(ByteView(late).subspan(before));
  auto second = s.ask(2);
  CHECK(second.count() == 0);
  s.send(frames(2));
  REQUIRE(second.ok());
  CHECK(second.value() == jpeg(2));
}

TEST_CASE("a picture that never comes blocks the next one for a while only") {
  Scene s;
  auto first = s.ask(1);
  s.world.advance(3s);
  CHECK(first.error() == Errc::timeout);
  s.world.advance(10s);
  auto second = s.ask(2);
  s.send(frames(2));
  REQUIRE(second.ok());
  CHECK(second.value() == jpeg(2));
}

TEST_CASE("a channel without a picture says so") {
  Scene s;
  auto answer = s.ask(9);
  Bytes none;
  proto::dvrip::append_snapshot(none, 0, {});
  s.send(none);
  CHECK(answer.error() == Errc::no_such_channel);
}

// JPEGs that the device makes, on the control connection of 37777 (protocol dvrip-dhip.md §5.3).
#include <catch2/catch.hpp>

#include "proto/dvrip/media_frame.hpp"
#include "scenario/dvrip_device.hpp"
#include "scenario/rpc_device.hpp"
#include "scenario/virtual_world.hpp"

using namespace dmss;
using namespace dmss::scenario;

namespace {

constexpr std::uint16_t kPort = 37777;

struct Scene {
  Scene() {
    world.connector().serve(kPort, recorder.script());
    DeviceOptions options = world.options();
    options.http_port = options.https_port = 0;
    device = world.device(options);
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
  auto second = s.ask(2);
  s.send(ByteView(late).subspan(before));
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
  auto hasty = s.ask(3);
  s.world.advance(10s);
  CHECK(hasty.error() == Errc::timeout);
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

TEST_CASE("pictures that are asked for at the same time are made one after the other") {
  Scene s;
  std::vector<Answer<std::vector<std::uint8_t>>> answers;
  for (int channel = 1; channel <= 5; ++channel) answers.push_back(s.ask(channel));
  for (std::uint8_t i = 0; i < 5; ++i) {
    CHECK(answers[i].count() == 0);
    s.send(frames(i));
    REQUIRE(answers[i].ok());
    CHECK(answers[i].value() == jpeg(i));
  }
}

TEST_CASE("pictures that wait for their turn are answered when the connection is lost") {
  Scene s;
  std::vector<Answer<std::vector<std::uint8_t>>> answers;
  for (int channel = 1; channel <= 3; ++channel) answers.push_back(s.ask(channel));
  s.world.connector().refuse(kPort);
  s.recorder.reset_all();
  s.world.settle();
  for (const auto& a : answers) CHECK(a.error() == Errc::connection_lost);
  s.device = {};
  s.world.check_nothing_left();
}

namespace {

/// snapshot.cgi of a device that asks for no password.
struct Pictures {
  Script script() {
    return conversation(http_protocol(), [this](const Bytes& request) {
      asked += as_text(request).find("/cgi-bin/snapshot.cgi?channel=2 ") != std::string_view::npos ? 1 : 0;
      const Bytes body = jpeg(7);
      const std::string head =
          "HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: " + std::to_string(body.size()) +
          "\r\n\r\n";
      Bytes answer(head.begin(), head.end());
      answer.insert(answer.end(), body.begin(), body.end());
      return answer;
    });
  }
  int asked = 0;
};

}  // namespace

TEST_CASE("a device that makes no picture on 37777 is asked by CGI, and from then on at once") {
  DvripDevice recorder;
  Pictures pictures;
  VirtualWorld world;
  world.connector().serve(kPort, recorder.script());
  world.connector().serve(80, pictures.script());
  Device device = world.device(world.options());
  Answer<std::vector<std::uint8_t>> first, second;
  device.snapshot(2, first.handler());
  world.advance(5s);  // half the timeout
  REQUIRE(first.ok());
  CHECK(first.value() == jpeg(7));
  device.snapshot(2, second.handler());
  world.settle();
  CHECK(second.ok());
  CHECK(pictures.asked == 2);
}

TEST_CASE("on DHIP pictures come by CGI") {
  RpcDevice recorder;
  Pictures pictures;
  VirtualWorld world;
  world.connector().serve(5000, recorder.dhip());
  DeviceOptions options = world.options(ControlRoute::dhip);
  options.password = Secret(kRpcPassword);
  Answer<std::vector<std::uint8_t>> answer;
  SECTION("where the device has it") {
    world.connector().serve(80, pictures.script());
    Device device = world.device(options);
    device.snapshot(2, answer.handler());
    world.settle();
    REQUIRE(answer.ok());
    CHECK(answer.value() == jpeg(7));
  }
  SECTION("else they are unsupported") {
    options.http_port = GENERATE(0, 80);
    options.https_port = 0;
    Device device = world.device(options);
    device.snapshot(2, answer.handler());
    world.settle();
    CHECK(answer.error() == Errc::unsupported);
  }
}

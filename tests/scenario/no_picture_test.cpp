// Streams that arrive and show nothing: without key frames, of another codec, undecodable.
#include <catch2/catch.hpp>

#include "scenario/dvrip_device.hpp"
#include "scenario/rtsp_device.hpp"
#include "scenario/virtual_world.hpp"

using namespace dmss;
using namespace dmss::scenario;

namespace {

struct Told {
  LiveState state;
  Errc why;
  net::TimePoint at;
};

struct Scene {
  explicit Scene(MediaRoute route, bool decodes = false) {
    world.connector().serve(37777, dvrip.script());
    world.connector().serve(554, rtsp.script());
    DeviceOptions o = world.options();
    o.media = route;
    device = world.device(o);
    Answer<DeviceInfo> login;
    device.login(login.handler());
    world.advance(5s);
    REQUIRE(login.ok());
    LiveHandlers h;
    h.on_packet = [this](const Packet& p) { packets += p.kind == MediaKind::video ? 1 : 0; };
    if (decodes) h.on_frame = [](const Frame&) {};
    h.on_state = [this](LiveState state, const Error& why) {
      told.push_back({state, why.code(), world.now()});
    };
    live = device.open_live({}, std::move(h));
    world.settle();
    begin = world.now();
  }
  /// A picture a second.
  void play(int seconds, bool key) {
    for (int i = 0; i < seconds; ++i) {
      key ? rtsp.send_frames() : rtsp.send_predicted();
      key ? dvrip.send_frames() : dvrip.send_predicted();
      world.advance(1s);
    }
  }
  LiveState state() const { return told.back().state; }
  std::vector<int> seconds_of(Errc why) const {
    std::vector<int> out;
    for (const Told& t : told) {
      if (t.why == why)
        out.push_back(
            static_cast<int>(std::chrono::duration_cast<std::chrono::seconds>(t.at - begin).count()));
    }
    return out;
  }

  DvripDevice dvrip;
  RtspDevice rtsp;
  std::vector<Told> told;
  int packets = 0;
  net::TimePoint begin;
  VirtualWorld world;
  Device device;
  Live live;
};

}  // namespace

TEST_CASE("a stream without key frames does not play: it is named, opened anew, and never given up") {
  const MediaRoute route = GENERATE(MediaRoute::rtsp, MediaRoute::dvrip);
  Scene s(route);
  s.play(9, false);
  CHECK(s.state() == LiveState::opening);
  s.play(291, false);
  CHECK(s.packets == 0);
  CHECK(s.state() == LiveState::reconnecting);
  const auto at = s.seconds_of(Errc::no_key_frame);
  // After 10, 20, 40 and then 60 seconds each.
  CAPTURE(at);
  REQUIRE(at.size() == 6);
  CHECK(at[0] == 10);
  CHECK(at[1] >= 30);
  CHECK(at[1] <= 32);
  CHECK(at[2] >= 70);
  CHECK(at[2] <= 74);
  CHECK(at[5] - at[4] >= 60);
  CHECK(at[5] - at[4] <= 62);
  for (const Told& t : s.told) CHECK(t.state != LiveState::playing);

  s.play(1, true);
  CHECK(s.state() == LiveState::playing);
  CHECK(s.packets == 1);
  s.play(30, false);
  CHECK(s.state() == LiveState::playing);
  CHECK(s.packets == 31);
}

TEST_CASE("a codec that changes in mid-stream is described anew at once, and the window goes on") {
  Scene s(MediaRoute::rtsp);
  s.play(20, true);
  REQUIRE(s.state() == LiveState::playing);
  const auto describes = [&] {
    const auto m = s.rtsp.methods();
    return std::count(m.begin(), m.end(), "DESCRIBE");
  };
  REQUIRE(describes() == 1);
  const int before = s.packets;
  s.rtsp.send(std::vector<Bytes>(8, from_hex("62 01 93 55 55 55")));
  s.world.advance(20ms);  // the goodbye
  CHECK(describes() == 2);
  CHECK(s.told.back().why == Errc::decode_failed);
  CHECK(s.state() == LiveState::reconnecting);
  s.play(1, true);
  CHECK(s.state() == LiveState::playing);
  CHECK(s.packets == before + 1);
}

TEST_CASE("pictures that no decoder takes are named after ten seconds and the stream is opened anew") {
  const bool decodes = GENERATE(true, false);
  Scene s(MediaRoute::rtsp, decodes);
  s.play(9, true);
  CHECK(s.state() == LiveState::playing);
  s.play(111, true);
  const auto at = s.seconds_of(Errc::decode_failed);
  if (!decodes) {
    CHECK(at.empty());
    CHECK(s.state() == LiveState::playing);
    return;
  }
  REQUIRE(at.size() == 3);
  CHECK(at[0] >= 10);
  CHECK(at[0] <= 11);
  CHECK(at[1] - at[0] >= 20);
  CHECK(at[2] - at[1] >= 40);
  CHECK(s.state() == LiveState::reconnecting);
}

TEST_CASE("a window that joins where no key frame comes any more has the stream opened anew") {
  Scene s(MediaRoute::rtsp);
  s.play(1, true);
  s.play(400, false);  // more than the cache of the latest pictures holds
  REQUIRE(s.state() == LiveState::playing);
  int joined = 0;
  LiveHandlers h;
  h.on_packet = [&](const Packet&) { ++joined; };
  Live second = s.device.open_live({}, std::move(h));
  s.play(29, false);
  CHECK(joined == 0);
  CHECK(s.state() == LiveState::playing);
  s.play(2, false);
  CHECK(s.seconds_of(Errc::no_key_frame).size() == 1);
  s.play(2, true);
  CHECK(joined == 2);
  CHECK(s.state() == LiveState::playing);
}

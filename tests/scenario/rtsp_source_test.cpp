// One RTSP stream: DESCRIBE, SETUP, PLAY and what goes wrong on the way.
#include "scenario/rtsp_scene.hpp"

using namespace dmss;
using namespace dmss::scenario;
using Scene = RtspScene;

namespace {

// With a device that asks for credentials.
constexpr const char* kSteps[] = {"DESCRIBE", "DESCRIBE with credentials", "SETUP of video", "SETUP of audio",
                                  "PLAY"};

Errc expected(Fault fault) {
  switch (fault) {
    case Fault::close:
    case Fault::reset:
    case Fault::half_then_close: return Errc::connection_lost;
    case Fault::silence:
    case Fault::half_then_silence: return Errc::timeout;
    case Fault::nonsense: return Errc::malformed;
    case Fault::oversize: return Errc::too_large;
    case Fault::none: break;
  }
  return Errc::ok;
}

}  // namespace

TEST_CASE("an RTSP stream opens by DESCRIBE, SETUP and PLAY, and gives pictures") {
  Scene scene;
  scene.device.digest = false;
  scene.open();
  REQUIRE(scene.completions == 1);
  REQUIRE(*scene.opened);
  CHECK(scene.device.methods() == std::vector<std::string>{"DESCRIBE", "SETUP", "SETUP", "PLAY"});
  CHECK(scene.device.heard[0].uri == "rtsp://192.0.2.10/cam/realmonitor?channel=1&subtype=1");
  CHECK(scene.device.heard[1].uri == "rtsp://192.0.2.10/cam/realmonitor?channel=1&subtype=1/trackID=0");
  CHECK(scene.device.heard[3].get("Session") == "634214675641");
  CHECK((*scene.opened)->route == MediaRoute::rtsp);
  CHECK((*scene.opened)->transport == "rtsp/tcp 192.0.2.10:554");
  CHECK((*scene.opened)->video == Codec::h264);
  CHECK((*scene.opened)->audio == Codec::pcm_alaw);
  CHECK(scene.told_credentials == 0);
  scene.run();
  scene.play(10);
  CHECK(scene.sink.units.size() >= 9);
  for (const auto& unit : scene.sink.units) CHECK(unit.key);
  CHECK_FALSE(scene.ended);
  scene.source->close();
  scene.world.settle();
  REQUIRE(scene.ended);
  CHECK(*scene.ended == Errc::cancelled);
}

TEST_CASE(
    "a 401 is answered with a digest for each request's own method and address, the password judged once") {
  Scene scene;
  scene.open();
  REQUIRE(*scene.opened);
  CHECK(scene.device.methods() == std::vector<std::string>{"DESCRIBE", "DESCRIBE", "SETUP", "SETUP", "PLAY"});
  CHECK(scene.device.heard[0].get("Authorization").empty());
  CHECK(scene.device.with_credentials == 4);
  CHECK(scene.told_credentials == 1);
}

TEST_CASE("a wrong RTSP password goes out in one request") {
  Scene scene;
  scene.device.takes_password = false;
  scene.open();
  REQUIRE(scene.completions == 1);
  CHECK(scene.opened->error() == Errc::wrong_password);
  CHECK(scene.opened->error().device_code() == 401);
  CHECK(scene.device.with_credentials == 1);
  CHECK(scene.device.heard.size() == 2);
}

TEST_CASE("a nonce that went stale is renewed and says nothing against the password") {
  Scene scene;
  scene.device.stale_once = true;
  scene.open();
  REQUIRE(*scene.opened);
  CHECK(scene.device.methods() ==
        std::vector<std::string>{"DESCRIBE", "DESCRIBE", "DESCRIBE", "SETUP", "SETUP", "PLAY"});
}

TEST_CASE("a device that closes the connection with its challenge is answered on another one") {
  Scene scene;
  SECTION("at once") {
    scene.device.closes_with_challenge = true;
  }
  SECTION("as it says") {
    scene.device.says_close = true;
  }
  scene.open();
  REQUIRE(scene.completions == 1);
  REQUIRE(*scene.opened);
  CHECK(scene.device.methods() == std::vector<std::string>{"DESCRIBE", "DESCRIBE", "SETUP", "SETUP", "PLAY"});
  CHECK(scene.world.connector().attempts().size() == 2);
  scene.run();
  scene.play(10);
  CHECK(scene.sink.units.size() >= 9);
  scene.world.connector().peers(Scene::kPort).at(1)->close();
  scene.world.settle();
  REQUIRE(scene.ended);
  CHECK(*scene.ended == Errc::connection_lost);
}

TEST_CASE("one that challenges and closes again and again hears a wrong password once") {
  Scene scene;
  scene.device.closes_with_challenge = true;
  scene.device.takes_password = false;
  scene.open();
  REQUIRE(scene.completions == 1);
  CHECK(scene.opened->error() == Errc::wrong_password);
  CHECK(scene.world.connector().attempts().size() == 2);
  CHECK(scene.device.with_credentials == 1);
}

TEST_CASE("a device that wants no Range is asked to play without one") {
  Scene scene;
  scene.device.takes_range = false;
  scene.open();
  REQUIRE(*scene.opened);
  CHECK(scene.device.methods().back() == "PLAY");
  CHECK(scene.device.heard.back().get("Range").empty());
  scene.run();
  scene.play(5);
  CHECK(scene.sink.units.size() >= 4);
}

TEST_CASE("a fault at any step of opening an RTSP stream ends it once, with its own error") {
  for (int step = 0; step < static_cast<int>(std::size(kSteps)); ++step) {
    for (const Fault fault : kFaults) {
      DYNAMIC_SECTION(kSteps[step] << ": " << name(fault)) {
        Scene scene(step, fault);
        scene.open();
        scene.world.advance(9s);
        if (expected(fault) == Errc::timeout) CHECK(scene.completions == 0);
        scene.world.advance(1s);
        REQUIRE(scene.completions == 1);
        CHECK(name(scene.opened->error().code()) == name(expected(fault)));
        CHECK(scene.opened->error().connection().ends_with("tcp 192.0.2.10:554"));
        CHECK(scene.told_credentials == (step == 0 ? 0 : 1));
        CHECK(scene.world.connector().attempts().size() == 1);
        scene.source->close();
        scene.source.reset();
        scene.world.check_nothing_left();
        CHECK(scene.completions == 1);
      }
    }
  }
}

TEST_CASE("an RTSP refusal is told with the device's status") {
  struct Row {
    const char* method;
    int status;
    Errc code;
  };
  const auto row =
      GENERATE(Row{"DESCRIBE", 404, Errc::no_such_channel}, Row{"DESCRIBE", 400, Errc::no_such_channel},
               Row{"DESCRIBE", 403, Errc::no_permission}, Row{"DESCRIBE", 503, Errc::device_busy},
               Row{"DESCRIBE", 500, Errc::device_error}, Row{"SETUP", 453, Errc::stream_limit},
               Row{"SETUP", 461, Errc::unsupported}, Row{"PLAY", 453, Errc::stream_limit},
               Row{"PLAY", 454, Errc::session_expired}, Row{"PLAY", 551, Errc::unsupported});
  Scene scene;
  scene.device.refusals[row.method] = row.status;
  scene.open();
  REQUIRE(scene.completions == 1);
  CHECK(scene.opened->error() == row.code);
  CHECK(scene.opened->error().device_code() == row.status);
}

TEST_CASE("sound that cannot be had does not cost the pictures") {
  Scene scene;
  scene.device.refusals["SETUP/trackID=1"] = GENERATE(453, 461, 500);
  scene.open();
  REQUIRE(*scene.opened);
  CHECK((*scene.opened)->audio == Codec::unknown);
  CHECK((*scene.opened)->video == Codec::h264);
}

TEST_CASE("sound without pictures is silence where there should be pictures") {
  Scene scene;
  scene.open();
  scene.run();
  scene.play(5);
  const auto units = scene.sink.units.size();
  for (int i = 0; i < 20; ++i) {
    scene.device.send_sound();
    scene.world.advance(1s);
  }
  CHECK(scene.sink.units.size() > units);
  REQUIRE(scene.ended);
  CHECK(*scene.ended == Errc::no_media);
}

TEST_CASE("junk ends a connection only when nothing else comes") {
  Scene scene;
  scene.open();
  scene.run();
  const Bytes junk(700'000, 0x80);
  for (int i = 0; i < 4; ++i) {
    scene.world.connector().peers(Scene::kPort).at(0)->send(junk);
    scene.play(1);
  }
  CHECK_FALSE(scene.ended);
  CHECK(scene.sink.units.size() == 4);
  CHECK(scene.source->stats().skipped == 4 * junk.size());
  scene.world.connector().peers(Scene::kPort).at(0)->send(junk);
  scene.world.connector().peers(Scene::kPort).at(0)->send(junk);
  scene.world.settle();
  REQUIRE(scene.ended);
  CHECK(*scene.ended == Errc::malformed);
}

TEST_CASE("another codec under the same payload type ends the stream, so that it is described anew") {
  Scene scene;
  scene.open();
  scene.run();
  scene.play(3);
  REQUIRE(scene.sink.units.size() == 3);
  // H.265: parameter sets and fragments of a key frame.
  std::vector<Bytes> nals = {from_hex("40 01 0c 01"), from_hex("42 01 01 01"), from_hex("44 01 c1 72")};
  for (int i = 0; i < 8; ++i) nals.push_back(from_hex("62 01 13 55 55 55"));
  scene.device.send(nals);
  scene.world.settle();
  REQUIRE(scene.ended);
  CHECK(*scene.ended == Errc::decode_failed);
  CHECK(scene.ended->connection().ends_with("tcp 192.0.2.10:554"));
  CHECK(scene.sink.units.size() == 3);
}

TEST_CASE("another payload type ends the stream when it stays, not when it comes between") {
  const bool stays = GENERATE(true, false);
  Scene scene;
  scene.open();
  scene.run();
  scene.play(3);
  for (int i = 0; i < 20; ++i) {
    scene.device.payload_type = 98;
    scene.play(1);
    scene.device.payload_type = 96;
    if (!stays) scene.play(1);
  }
  REQUIRE(scene.ended.has_value() == stays);
  if (stays) CHECK(*scene.ended == Errc::decode_failed);
}

TEST_CASE("packets of which no picture can be made end the stream after ten seconds") {
  Scene scene;
  scene.open();
  scene.run();
  scene.play(3);
  for (int i = 0; i < 9; ++i) {
    scene.device.send({from_hex("7e 01 02 03")});
    scene.world.advance(1s);
  }
  CHECK_FALSE(scene.ended);
  for (int i = 0; i < 7; ++i) {
    scene.device.send({from_hex("7e 01 02 03")});
    scene.world.advance(1s);
  }
  REQUIRE(scene.ended);
  CHECK(*scene.ended == Errc::decode_failed);
}

TEST_CASE(
    "pictures without a key frame end the stream after ten seconds as no_key_frame, after one they may") {
  const bool begins_with_key = GENERATE(false, true);
  Scene scene;
  scene.open();
  scene.run();
  if (begins_with_key) scene.play(1);
  for (int i = 0; i < 10; ++i) {
    scene.device.send_predicted();
    scene.world.advance(1s);
  }
  CHECK_FALSE(scene.ended);
  for (int i = 0; i < 10; ++i) {
    scene.device.send_predicted();
    scene.world.advance(1s);
  }
  REQUIRE(scene.ended.has_value() == !begins_with_key);
  if (!begins_with_key) CHECK(*scene.ended == Errc::no_key_frame);
}

TEST_CASE(
    "a sender that starts anew: the clock goes on, what it left unfinished is not shown, losses still "
    "count") {
  const bool key_first = GENERATE(true, false);
  Scene scene;
  scene.open();
  scene.run();
  scene.play(3);
  scene.device.drop_next = 5;
  scene.play(2);
  REQUIRE(scene.sink.units.size() == 5);
  REQUIRE(scene.source->stats().lost == 5);
  scene.device.send({from_hex("41 9a 24 00")}, false);
  scene.device.restart_sender(0x12345678);
  const std::size_t before = scene.sink.units.size();
  key_first ? scene.device.send_frames() : scene.device.send_predicted();
  scene.world.advance(1s);
  scene.play(2);
  REQUIRE(scene.sink.units.size() == before + 3);
  CHECK(scene.sink.units[before].discontinuity);
  CHECK(scene.sink.units[before].corrupt == !key_first);
  for (std::size_t i = 1; i < scene.sink.units.size(); ++i) {
    const MediaTime step = scene.sink.units[i].time - scene.sink.units[i - 1].time;
    CHECK(step >= MediaTime(0));
    CHECK(step <= MediaTime(1'100'000));
  }
  CHECK(scene.source->stats().lost == 5);
  CHECK_FALSE(scene.ended);
}

namespace {

/// Nothing ever comes, as from behind a NAT.
struct DeafPorts final : net::UdpPair {
  std::uint16_t port() const override { return 50000; }
  void receive(const std::string&, OnDatagram) override {}
  void send(bool, std::uint16_t, ByteView) override {}
  void close() override {}
};

}  // namespace

TEST_CASE(
    "a device whose datagrams never come is asked for TCP at once for five minutes, then for UDP again") {
  Scene scene;
  session::RtspTarget target;
  target.endpoint = {"192.0.2.10", Scene::kPort};
  target.credentials = {"admin", Secret("donotuse")};
  target.udp = true;
  target.memory = std::make_shared<session::RtspMemory>(scene.world.core()->context());
  int udp_ports = 0;
  target.open_udp = [&](net::Executor, bool) -> Result<std::shared_ptr<net::UdpPair>> {
    ++udp_ports;
    return std::shared_ptr<net::UdpPair>(std::make_shared<DeafPorts>());
  };
  const auto opens_in = [&](Duration limit) {
    scene.opened.reset();
    scene.source = session::make_rtsp_source(scene.world.core()->context(), target, {}, scene.sink);
    scene.open();
    scene.world.advance(limit);
    const bool opened = scene.opened && *scene.opened;
    if (opened) CHECK((*scene.opened)->transport == "rtsp/tcp 192.0.2.10:554");
    scene.source->close();
    scene.world.settle();
    return opened;
  };
  CHECK_FALSE(opens_in(2s));
  CHECK(opens_in(3s));
  CHECK(udp_ports == 4);
  CHECK(opens_in(0s));
  scene.world.advance(4min);
  CHECK(opens_in(0s));
  CHECK(udp_ports == 4);
  scene.world.advance(1min);
  CHECK_FALSE(opens_in(2s));
  CHECK(udp_ports == 6);
  target.memory->close();
}

TEST_CASE("a stream that falls silent ends as no_media after ten seconds, checked every five") {
  Scene scene;
  scene.open();
  scene.run();
  scene.play(12);
  scene.world.advance(9s);
  CHECK_FALSE(scene.ended);
  scene.world.advance(6s);
  REQUIRE(scene.ended);
  CHECK(*scene.ended == Errc::no_media);
}

TEST_CASE("a stream that breaks while it plays says how") {
  const bool reset = GENERATE(true, false);
  Scene scene;
  scene.open();
  scene.run();
  scene.play(3);
  {
    auto peer = scene.world.connector().peers(Scene::kPort).at(0);
    reset ? peer->reset() : peer->close();
  }
  scene.world.settle();
  REQUIRE(scene.ended);
  CHECK(*scene.ended == Errc::connection_lost);
}

TEST_CASE("pictures arrive whole whatever the pieces in which the bytes come") {
  const std::size_t piece = GENERATE(range<std::size_t>(1, 24));
  Scene scene;
  scene.world.connector().serve(Scene::kPort, [&](Peer& peer) {
    peer.split(piece);
    return scene.device.script()(peer);
  });
  scene.open();
  REQUIRE(*scene.opened);
  scene.run();
  scene.play(5);
  CHECK(scene.sink.units.size() >= 4);
  CHECK(scene.source->stats().lost == 0);
  CHECK(scene.source->stats().skipped == 0);
}

TEST_CASE("stopping says TEARDOWN, and does not wait for a device that is gone") {
  const bool gone = GENERATE(false, true);
  Scene scene;
  scene.open();
  scene.run();
  scene.play(2);
  if (gone) {
    scene.world.connector().peers(Scene::kPort).at(0)->reset();
    scene.world.settle();
  }
  auto task = [](std::shared_ptr<session::MediaSource> s) -> awaitable<void> { co_await s->stop(); };
  session::spawn(scene.world.executor(), task(scene.source), Logger());
  scene.source.reset();
  scene.world.advance(2s);
  CHECK((scene.device.methods().back() == "TEARDOWN") == !gone);
  scene.world.check_nothing_left();
}

TEST_CASE("an answer whose length is no number ends the stream at once, as malformed") {
  const std::string method = GENERATE("DESCRIBE", "SETUP", "PLAY");
  const std::string length = GENERATE("-1", "abc");
  CAPTURE(method, length);
  Scene s;
  s.device.extra_headers[method] = {"Content-Length", length};
  s.open();
  REQUIRE(s.opened);
  CHECK(s.opened->error() == Errc::malformed);
  CHECK(s.completions == 1);
}

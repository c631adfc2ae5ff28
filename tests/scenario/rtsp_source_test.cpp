// One RTSP stream: DESCRIBE, SETUP, PLAY and what goes wrong on the way.
#include <catch2/catch.hpp>

#include "scenario/rtsp_device.hpp"
#include "scenario/virtual_world.hpp"
#include "session/engine/spawn.hpp"
#include "session/live/rtsp_source.hpp"

using namespace dmss;
using namespace dmss::scenario;
using session::MediaSource;
using session::SourceInfo;

namespace {

constexpr std::uint16_t kPort = 554;

struct Sink final : session::MediaSink {
  void on_access_unit(media::AccessUnit&& unit) override { units.push_back(std::move(unit)); }
  void on_notice(Error) override {}
  std::vector<media::AccessUnit> units;
};

struct Scene {
  explicit Scene(int step = -1, Fault fault = Fault::none) {
    device.digest = true;
    world.connector().serve(kPort, device.script(step, fault));
    session::RtspTarget target;
    target.endpoint = {"192.0.2.10", kPort};
    target.credentials = {"admin", Secret("donotuse")};
    target.on_credentials_sent = [this] { ++told_credentials; };
    source = session::make_rtsp_source(world.core()->context(), std::move(target), {}, sink);
  }
  void open() {
    auto task = [](Scene& s) -> awaitable<void> {
      s.opened = co_await s.source->open();
      ++s.completions;
    };
    session::spawn(world.executor(), task(*this), Logger());
    world.settle();
  }
  void run() {
    REQUIRE(opened);
    REQUIRE(*opened);
    auto task = [](Scene& s) -> awaitable<void> { s.ended = co_await s.source->run(); };
    session::spawn(world.executor(), task(*this), Logger());
    world.settle();
  }
  void play(int seconds) {
    for (int i = 0; i < seconds; ++i) {
      device.send_frames();
      world.advance(1s);
    }
  }
  std::vector<net::TimePoint> times_of(std::string_view method) {
    std::vector<net::TimePoint> out;
    for (const auto& h : world.connector().peers(kPort).at(0)->heard()) {
      if (as_text(h.bytes).starts_with(method)) out.push_back(h.at);
    }
    return out;
  }

  RtspDevice device;
  Sink sink;
  int told_credentials = 0;
  int completions = 0;
  std::optional<Result<SourceInfo>> opened;
  std::optional<Error> ended;
  VirtualWorld world;
  std::shared_ptr<MediaSource> source;
};

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

TEST_CASE(
    "keep-alives go out well inside the time that the server announced, and reports every five seconds") {
  const auto timeout = GENERATE(std::string("10"), std::string("15"), std::string("20"), std::string("30"),
                                std::string("60"), std::string("3600"));
  CAPTURE(timeout);
  Scene scene;
  scene.device.session_timeout = timeout;
  scene.open();
  const net::TimePoint played = scene.world.now();
  scene.run();
  scene.play(300);
  std::vector<net::TimePoint> at = scene.times_of("GET_PARAMETER");
  const auto limit = std::min<Duration>(std::chrono::seconds(std::stoi(timeout)) / 2, 30s);
  REQUIRE(at.size() >= 9);
  CHECK(at.size() <= 60);
  net::TimePoint last = played;
  for (const net::TimePoint t : at) {
    CHECK(t - last <= limit);
    last = t;
  }
  CHECK(scene.device.heard.back().get("Session") == "634214675641");
  CHECK(scene.device.reports >= 58);
  CHECK_FALSE(scene.ended);
}

TEST_CASE("a keep-alive that is refused, even as an unknown session, ends nothing while pictures come") {
  Scene scene;
  scene.device.refusals["GET_PARAMETER"] = GENERATE(454, 501, 551);
  scene.open();
  scene.run();
  scene.play(300);
  CHECK_FALSE(scene.ended);
  CHECK(scene.sink.units.size() >= 299);
  CHECK(scene.device.methods().back() == "GET_PARAMETER");
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
    auto peer = scene.world.connector().peers(kPort).at(0);
    reset ? peer->reset() : peer->close();
  }
  scene.world.settle();
  REQUIRE(scene.ended);
  CHECK(*scene.ended == Errc::connection_lost);
}

TEST_CASE("pictures arrive whole whatever the pieces in which the bytes come") {
  const std::size_t piece = GENERATE(range<std::size_t>(1, 24));
  Scene scene;
  scene.world.connector().serve(kPort, [&](Peer& peer) {
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
    scene.world.connector().peers(kPort).at(0)->reset();
    scene.world.settle();
  }
  auto task = [](std::shared_ptr<MediaSource> s) -> awaitable<void> { co_await s->stop(); };
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

// One stream over 37777: AddObject, sub-connection, AckSubChannel, Monitor, and what goes wrong on the way.
#include <catch2/catch.hpp>

#include "proto/dvrip/legacy.hpp"
#include "proto/dvrip/text.hpp"
#include "scenario/dvrip_device.hpp"
#include "scenario/virtual_world.hpp"
#include "session/control/control_link.hpp"
#include "session/engine/spawn.hpp"
#include "session/live/dvrip_source.hpp"

using namespace dmss;
using namespace dmss::scenario;
using session::SourceInfo;

namespace {

constexpr std::uint16_t kPort = 37777;

struct Sink final : session::MediaSink {
  void on_access_unit(media::AccessUnit&& unit) override { units.push_back(std::move(unit)); }
  void on_notice(Error) override {}
  std::vector<media::AccessUnit> units;
};

/// A text request of the client as "Method ParameterName state".
std::string said(const Bytes& frame) {
  const auto parsed = proto::dvrip::parse_frame(frame);
  if (parsed.value().header.command() != proto::dvrip::Command::text) return {};
  const auto text = proto::dvrip::Text::parse(parsed.value().body);
  return std::string(text->method()) + " " + std::string(text->parameter());
}

struct Scene {
  /// The fault meets the text request that begins with `what`, on whichever connection it comes.
  explicit Scene(std::string what = "", Fault fault = Fault::none) {
    world.connector().serve(kPort, [this, what, fault](Peer& peer) { return serve(peer, what, fault); });
    session::LinkOptions options;
    options.endpoint = {"192.0.2.10", kPort};
    options.credentials = {"admin", Secret("donotuse")};
    link = session::make_dvrip_link(world.core()->context(), options);
    auto task = [](std::shared_ptr<session::DvripLink> l) -> awaitable<void> {
      if (co_await l->login()) co_await l->run();
    };
    session::spawn(world.executor(), task(link), Logger());
    world.settle();
    source = session::make_dvrip_source(world.core()->context(), link, {2, StreamKind::extra, true}, Secret(),
                                        "", sink);
  }
  awaitable<void> serve(Peer& peer, std::string what, Fault fault) {
    const Protocol protocol = dvrip_protocol();
    for (;;) {
      std::optional<Bytes> frame = co_await peer.next(protocol.framer);
      if (!frame) co_return;
      const Bytes words = device.answer(*frame, &peer);
      if (what.empty() || !said(*frame).starts_with(what)) {
        if (!words.empty()) peer.send(words);
        continue;
      }
      if (fault == Fault::silence) continue;
      if (fault == Fault::reset) peer.reset();
      if (fault == Fault::close || fault == Fault::reset) co_return;
      if (fault == Fault::half_then_close) {
        peer.send(ByteView(words).first(words.size() / 2));
        co_return;
      }
      peer.send(fault == Fault::nonsense ? protocol.nonsense : protocol.oversize);
      co_await peer.stay_silent();
      co_return;
    }
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
  void end() {
    source->close();
    link->close();
    source.reset();
    link.reset();
    world.check_nothing_left();
  }

  DvripDevice device;
  Sink sink;
  int completions = 0;
  std::optional<Result<SourceInfo>> opened;
  std::optional<Error> ended;
  VirtualWorld world;
  std::shared_ptr<session::DvripLink> link;
  std::shared_ptr<session::MediaSource> source;
};

constexpr const char* kAddObject = "AddObject Dahua.Device.Network.ControlConnection.Passive";
constexpr const char* kAck = "GetParameterNames Dahua.Device.Network.ControlConnection.AckSubChannel";
constexpr const char* kMonitorStart = "GetParameterNames Dahua.Device.Network.Monitor.General";

}  // namespace

TEST_CASE("a 37777 stream is set up in the notes' order and gives pictures") {
  Scene scene;
  scene.open();
  REQUIRE(scene.completions == 1);
  REQUIRE(*scene.opened);
  CHECK((*scene.opened)->route == MediaRoute::dvrip);
  CHECK((*scene.opened)->transport == "dvrip/tcp 192.0.2.10:37777");
  {
    const auto peers = scene.world.connector().peers(kPort);
    REQUIRE(peers.size() == 2);
    const auto& control = peers[0]->heard();
    REQUIRE(control.size() == 4);
    CHECK(said(control[2].bytes) == kAddObject);
    CHECK(said(control[3].bytes) == kMonitorStart);
    REQUIRE(peers[1]->heard().size() == 1);
    CHECK(said(peers[1]->heard()[0].bytes) == kAck);
  }
  REQUIRE(scene.device.streams().size() == 1);
  CHECK(scene.device.streams()[0].channel == 1);
  CHECK(scene.device.streams()[0].stream == 1);
  scene.run();
  scene.play(8);
  CHECK(scene.sink.units.size() >= 7);
  CHECK_FALSE(scene.ended);
  scene.end();
  REQUIRE(scene.ended);
  CHECK(*scene.ended == Errc::cancelled);
}

TEST_CASE("a fault at any step of opening a 37777 stream ends it once, with its own error") {
  struct Row {
    const char* what;
    Fault fault;
    Errc code;
  };
  const std::vector<Row> rows = {
      {kAddObject, Fault::close, Errc::connection_lost},
      {kAddObject, Fault::reset, Errc::connection_lost},
      {kAddObject, Fault::half_then_close, Errc::connection_lost},
      {kAddObject, Fault::nonsense, Errc::too_large},
      {kAddObject, Fault::oversize, Errc::too_large},
      {kAck, Fault::close, Errc::connection_lost},
      {kAck, Fault::reset, Errc::connection_lost},
      {kAck, Fault::half_then_close, Errc::connection_lost},
      {kAck, Fault::silence, Errc::timeout},
      {kAck, Fault::nonsense, Errc::too_large},
      {kAck, Fault::oversize, Errc::too_large},
      {kMonitorStart, Fault::close, Errc::connection_lost},
      {kMonitorStart, Fault::reset, Errc::connection_lost},
      {kMonitorStart, Fault::oversize, Errc::too_large},
  };
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.what << ": " << name(row.fault)) {
      Scene scene(row.what, row.fault);
      scene.open();
      scene.world.advance(10s);
      REQUIRE(scene.completions == 1);
      CHECK(name(scene.opened->error().code()) == name(row.code));
      CHECK(scene.opened->error().connection().find("192.0.2.10:37777") != std::string_view::npos);
      scene.end();
      CHECK(scene.completions == 1);
    }
  }
}

TEST_CASE("firmware that never answers the start streams all the same") {
  Scene scene(kMonitorStart, Fault::silence);
  scene.open();
  scene.world.advance(3s);
  REQUIRE(scene.completions == 1);
  REQUIRE(*scene.opened);
  scene.run();
  scene.play(3);
  CHECK(scene.sink.units.size() >= 2);
}

TEST_CASE("a device without sub-connections is spoken to in the old dialect") {
  Scene scene;
  scene.device.sub_connections = false;
  scene.open();
  REQUIRE(*scene.opened);
  const auto peers = scene.world.connector().peers(kPort);
  REQUIRE(peers.size() == 2);
  const auto tie = proto::dvrip::parse_frame(peers[1]->heard().at(0).bytes).value();
  CHECK(tie.header.command() == proto::dvrip::Command::tie);
  CHECK(tie.header.session() == kSession);
  const auto live = proto::dvrip::parse_frame(peers[0]->heard().back().bytes).value();
  const auto command = proto::dvrip::parse_live(live.header, live.body);
  REQUIRE(command.flags);
  CHECK(command.flags->on[1]);
  CHECK_FALSE(command.flags->on[0]);
  CHECK(command.flags->stream[1] == 1);
}

TEST_CASE(
    "in the old dialect the start follows the acknowledgement or half a second, and is repeated while "
    "nothing comes") {
  const bool acknowledges = GENERATE(true, false);
  const int deaf = GENERATE(0, 1, 2);
  CAPTURE(acknowledges, deaf);
  Scene scene;
  scene.device.sub_connections = false;
  scene.device.acknowledges_ties = acknowledges;
  scene.device.deaf_to_starts = deaf;
  scene.open();
  scene.run();
  CHECK(scene.device.starts == (acknowledges ? 1 : 0));
  if (!acknowledges) scene.world.advance(500ms);
  CHECK(scene.device.starts == 1);
  scene.play(2 * deaf + 1);
  CHECK(scene.device.streams().size() == 1);
  scene.play(20);
  CHECK(scene.device.starts == 1 + deaf);
  CHECK(scene.sink.units.size() >= 19);
  CHECK_FALSE(scene.ended);
}

TEST_CASE("two streams of a channel share one tie in the old dialect: the newest is sent, the others go on") {
  const bool newest_leaves_first = GENERATE(false, true);
  Scene scene;
  scene.device.sub_connections = false;
  scene.open();
  scene.run();
  scene.play(3);
  const std::size_t before = scene.sink.units.size();
  REQUIRE(before >= 2);

  Sink main_sink;
  auto main = session::make_dvrip_source(scene.world.core()->context(), scene.link,
                                         {2, StreamKind::main, true}, Secret(), "", main_sink);
  std::optional<Error> main_ended;
  auto play = [](std::shared_ptr<session::MediaSource> s, std::optional<Error>& ended) -> awaitable<void> {
    if (co_await s->open()) ended = co_await s->run();
  };
  session::spawn(scene.world.executor(), play(main, main_ended), Logger());
  scene.world.settle();
  REQUIRE(scene.device.streams().size() == 1);
  CHECK(scene.device.streams()[0].stream == 0);
  scene.play(20);
  CHECK(main_sink.units.size() >= 19);
  CHECK(scene.sink.units.size() >= before + 19);

  auto stop = [](std::shared_ptr<session::MediaSource> s) -> awaitable<void> { co_await s->stop(); };
  session::spawn(scene.world.executor(), stop(newest_leaves_first ? main : scene.source), Logger());
  scene.world.settle();
  REQUIRE(scene.device.streams().size() == 1);
  CHECK(scene.device.streams()[0].stream == (newest_leaves_first ? 1 : 0));
  Sink& rest = newest_leaves_first ? scene.sink : main_sink;
  const std::size_t so_far = rest.units.size();
  scene.play(20);
  CHECK(rest.units.size() >= so_far + 19);
  CHECK((newest_leaves_first ? main_ended : scene.ended).has_value());
  CHECK_FALSE((newest_leaves_first ? scene.ended : main_ended).has_value());

  session::spawn(scene.world.executor(), stop(newest_leaves_first ? scene.source : main), Logger());
  scene.world.settle();
  CHECK(scene.device.streams().empty());
  main.reset();
  scene.end();
}

TEST_CASE("in the old dialect a tie that is gone leaves its successor alone, and a refusal is told as such") {
  Scene scene;
  scene.device.sub_connections = false;
  scene.open();
  scene.run();
  scene.play(1);
  auto tie = scene.world.connector().peers(kPort).at(1);
  Sink sinks[2];
  std::optional<Error> ended[2];
  std::shared_ptr<session::MediaSource> later[2];
  auto play = [](std::shared_ptr<session::MediaSource> s, std::optional<Error>& e) -> awaitable<void> {
    if (co_await s->open()) e = co_await s->run();
  };
  const auto add = [&](int i) {
    later[i] = session::make_dvrip_source(scene.world.core()->context(), scene.link,
                                          {2, StreamKind::main, true}, Secret(), "", sinks[i]);
    session::spawn(scene.world.executor(), play(later[i], ended[i]), Logger());
    scene.world.settle();
  };
  add(0);
  SECTION("broken") {
    tie->reset();
    scene.world.settle();
    REQUIRE(scene.ended);
    CHECK(*scene.ended == Errc::connection_lost);
    REQUIRE(ended[0]);
    later[0]->close();
    add(1);
    scene.source->close();
    scene.world.settle();
    REQUIRE(scene.device.streams().size() == 1);
    scene.play(3);
    CHECK(sinks[1].units.size() >= 2);
  }
  SECTION("refused") {
    Bytes refusal(32, 0);
    refusal[0] = 0xbc;
    refusal[16] = 2;
    tie->send(refusal);
    scene.world.settle();
    REQUIRE(scene.ended);
    CHECK(*scene.ended == Errc::no_stream);
    CHECK(scene.ended->device_code() == 2);
    REQUIRE(ended[0]);
    CHECK(*ended[0] == Errc::no_stream);
  }
  tie.reset();
  for (auto& s : later) {
    if (s) s->close();
    s.reset();
  }
  scene.end();
}

TEST_CASE("37777 pictures without a key frame end the stream after ten seconds as no_key_frame") {
  Scene scene;
  scene.open();
  scene.run();
  for (int i = 0; i < 10; ++i) {
    scene.device.send_predicted();
    scene.world.advance(1s);
  }
  CHECK_FALSE(scene.ended);
  scene.device.send_predicted();
  scene.world.settle();
  scene.device.send_predicted();
  scene.world.settle();
  REQUIRE(scene.ended);
  CHECK(*scene.ended == Errc::no_key_frame);
  CHECK(scene.sink.units.empty());
}

TEST_CASE("a 37777 stream that falls silent ends as no_media after ten seconds, checked every five") {
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

TEST_CASE(
    "a stream that is stopped is stopped and deleted on the device, within two seconds even when it is "
    "silent") {
  const bool silent = GENERATE(false, true);
  Scene scene;
  scene.open();
  scene.run();
  scene.play(2);
  scene.device.silent = silent;
  bool stopped = false;
  auto task = [](std::shared_ptr<session::MediaSource> s, bool& done) -> awaitable<void> {
    co_await s->stop();
    done = true;
  };
  session::spawn(scene.world.executor(), task(scene.source, stopped), Logger());
  scene.world.advance(2s);
  CHECK(stopped);
  CHECK(scene.device.streams().empty());
  if (!silent) CHECK(scene.device.deleted_objects == 1);
}

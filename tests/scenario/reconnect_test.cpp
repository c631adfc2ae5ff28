// A control session on 37777 that is kept alive, lost and restored with everything that was open on it.
#include <catch2/catch.hpp>

#include <set>

#include "scenario/dvrip_device.hpp"
#include "scenario/virtual_world.hpp"

using namespace dmss;
using namespace dmss::scenario;

namespace {

constexpr std::uint16_t kPort = 37777;
constexpr Duration kPeriod = 10s;

struct Scene {
  Scene() {
    world.connector().serve(kPort, recorder.script());
    DeviceOptions options = world.options();
    options.media = MediaRoute::dvrip;
    DeviceHandlers handlers;
    handlers.on_state = [this](DeviceState state, const Error& why) {
      states.emplace_back(state, why.code());
    };
    device = world.device(options, handlers);
  }
  void log_in() {
    Answer<DeviceInfo> login;
    device.login(login.handler());
    world.settle();
    REQUIRE(login.ok());
  }
  /// The recorder sends a picture a second on each stream.
  void play(int seconds) {
    for (int i = 0; i < seconds; ++i) {
      recorder.send_frames();
      world.advance(1s);
    }
  }
  std::vector<net::TimePoint> attempts() {
    std::vector<net::TimePoint> out;
    for (const auto& a : world.connector().attempts()) out.push_back(a.at);
    return out;
  }
  DvripDevice recorder;
  std::vector<std::pair<DeviceState, Errc>> states;
  VirtualWorld world;
  Device device;
};

struct Watch {
  LiveHandlers handlers() {
    LiveHandlers h;
    h.on_state = [s = states](LiveState state, const Error&) { s->push_back(state); };
    h.on_packet = [n = packets](const Packet&) { ++*n; };
    return h;
  }
  std::shared_ptr<std::vector<LiveState>> states = std::make_shared<std::vector<LiveState>>();
  std::shared_ptr<int> packets = std::make_shared<int>(0);
};

LiveOptions channel(int n) {
  LiveOptions o;
  o.channel = n;
  return o;
}

}  // namespace

TEST_CASE("a session that the device answers is kept alive once a period, and nothing else happens") {
  Scene scene;
  scene.log_in();
  const net::TimePoint begin = scene.world.now();
  scene.world.advance(1h);
  CHECK(scene.recorder.keep_alives == 360);
  {
    const auto& heard = scene.world.connector().peers(kPort).at(0)->heard();
    for (int i = 0; i < 360; ++i) {
      const auto& message = heard.at(heard.size() - 360 + static_cast<std::size_t>(i));
      CHECK(message.bytes[0] == 0xa1);
      CHECK(message.at - begin == kPeriod * (i + 1));
    }
  }
  CHECK(scene.attempts().size() == 1);
  CHECK(scene.device.stats().state == DeviceState::online);
  scene.device = {};
  scene.world.check_nothing_left();
}

TEST_CASE("a silent device is lost two periods after its last word, wherever in the period that was") {
  const Duration last_word =
      GENERATE(Duration(10s), Duration(10s + 1ms), Duration(14s), Duration(19s), Duration(20s));
  CAPTURE(last_word.count());
  Scene scene;
  scene.log_in();
  scene.world.advance(last_word);
  scene.recorder.silent = true;
  // A word that nobody asked for counts as one.
  scene.world.connector().peers(kPort).at(0)->send(from_hex(
      "69 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"));
  scene.world.advance(2 * kPeriod - 1ms);
  CHECK(scene.states.back().first == DeviceState::online);
  scene.world.advance(1ms);
  CHECK(scene.states.back().first == DeviceState::waiting);
  CHECK(scene.states.back().second == Errc::device_offline);
}

TEST_CASE("a word in time saves a session that has missed a keep-alive") {
  Scene scene;
  scene.log_in();
  scene.recorder.silent = true;
  for (int i = 0; i < 100; ++i) {
    scene.world.advance(2 * kPeriod - 1ms);
    scene.world.connector().peers(kPort).at(0)->send(from_hex(
        "69 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"));
    scene.world.settle();
  }
  CHECK(scene.device.stats().state == DeviceState::online);
  CHECK(scene.attempts().size() == 1);
}

TEST_CASE("a lost device is tried again after pauses that double, with jitter, up to a minute") {
  std::set<Duration::rep> third_pauses;
  for (int round = 0; round < 10; ++round) {
    Scene scene;
    scene.log_in();
    scene.world.connector().refuse(kPort);
    scene.recorder.reset_all();
    scene.world.advance(1h);
    const auto at = scene.attempts();
    REQUIRE(at.size() > 50);
    CHECK(at[1] - at[0] <= 250ms);
    Duration longest = 1s;
    for (std::size_t i = 2; i < at.size(); ++i) {
      CAPTURE(i);
      CHECK(at[i] - at[i - 1] >= longest / 2);
      CHECK(at[i] - at[i - 1] <= longest);
      longest = std::min<Duration>(longest * 2, 60s);
    }
    third_pauses.insert((at[4] - at[3]).count());
    CHECK(scene.recorder.digest_logins == 1);
    scene.device = {};
    scene.world.check_nothing_left();
  }
  CHECK(third_pauses.size() > 1);
}

TEST_CASE("the pauses begin anew after a session that came back and stayed") {
  Scene scene;
  scene.log_in();
  for (int i = 0; i < 3; ++i) {
    scene.world.connector().refuse(kPort);
    scene.recorder.reset_all();
    scene.world.advance(10min);
    scene.world.connector().serve(kPort, scene.recorder.script());
    scene.world.advance(1min);
    REQUIRE(scene.device.stats().state == DeviceState::online);
    scene.world.advance(kPeriod);  // and stays
    const std::size_t before = scene.attempts().size();
    const net::TimePoint lost = scene.world.now();
    scene.recorder.reset_all();
    scene.world.advance(1s);
    REQUIRE(scene.attempts().size() == before + 1);
    CHECK(scene.attempts().back() - lost <= 250ms);
    CHECK(scene.device.stats().state == DeviceState::online);
  }
  CHECK(scene.device.stats().reconnects == 6);
}

TEST_CASE("somebody who asks does not wait for the end of a pause") {
  Scene scene;
  scene.log_in();
  scene.world.connector().refuse(kPort);
  scene.recorder.reset_all();
  scene.world.advance(1h);
  scene.world.connector().serve(kPort, scene.recorder.script());
  scene.log_in();
  CHECK(scene.device.stats().state == DeviceState::online);
}

TEST_CASE("streams that were open play again after the control session came back") {
  Scene scene;
  Watch gate, yard;
  Live first = scene.device.open_live(channel(1), gate.handlers());
  Live second = scene.device.open_live(channel(2), yard.handlers());
  scene.play(5);
  CHECK(*gate.packets >= 4);
  CHECK(*yard.packets >= 4);
  REQUIRE(scene.recorder.streams().size() == 2);
  CHECK(scene.recorder.digest_logins == 1);

  scene.world.connector().refuse(kPort);
  scene.recorder.reset_all();
  scene.world.advance(5min);
  CHECK(gate.states->back() == LiveState::reconnecting);
  CHECK(yard.states->back() == LiveState::reconnecting);
  const int before = *gate.packets;

  scene.world.connector().serve(kPort, scene.recorder.script());
  scene.play(64);
  CHECK(*gate.packets >= before + 2);
  CHECK(gate.states->back() == LiveState::playing);
  CHECK(yard.states->back() == LiveState::playing);
  CHECK(first.stats().restarts == 1);
  CHECK(second.stats().restarts == 1);
  CHECK(scene.recorder.digest_logins == 2);
  std::set<int> channels;
  for (const auto& s : scene.recorder.streams()) channels.insert(s.channel);
  CHECK(channels == std::set<int>{0, 1});

  first = {};
  second = {};
  scene.device = {};
  scene.world.check_nothing_left();
}

TEST_CASE("a device that vanishes without a word takes its streams down and brings them back") {
  Scene scene;
  Watch gate;
  Live window = scene.device.open_live(channel(1), gate.handlers());
  scene.play(5);
  REQUIRE(gate.states->back() == LiveState::playing);
  scene.recorder.silent = true;
  scene.world.advance(2 * kPeriod);
  CHECK(gate.states->back() == LiveState::reconnecting);
  CHECK(scene.device.stats().state != DeviceState::online);
  scene.world.advance(10min);
  scene.recorder.silent = false;
  scene.play(110);  // the longest pauses of session and stream, and an attempt that was under way
  CHECK(gate.states->back() == LiveState::playing);
  window = {};
  scene.device = {};
  scene.world.check_nothing_left();
}

TEST_CASE("closing while a stream waits to be opened again does not wait with it") {
  const bool whole_device = GENERATE(true, false);
  Scene scene;
  Live window = scene.device.open_live(channel(1), {});
  scene.world.advance(3min);  // never a picture: the pauses have grown to half a minute
  scene.world.connector().refuse(kPort);
  scene.recorder.reset_all();
  for (int i = 0; i < 40 && window.stats().state != LiveState::reconnecting; ++i) scene.world.advance(1s);
  REQUIRE(window.stats().state == LiveState::reconnecting);
  if (whole_device) scene.world.shut_down();
  window = {};
  scene.device = {};
  scene.world.check_nothing_left();
}

TEST_CASE("a media connection that breaks alone is opened again at once on the same session") {
  Scene scene;
  Watch gate;
  Live window = scene.device.open_live(channel(1), gate.handlers());
  scene.play(3);
  REQUIRE(scene.recorder.streams().size() == 1);
  scene.recorder.streams()[0].media->reset();
  scene.play(3);
  CHECK(*gate.states ==
        std::vector{LiveState::opening, LiveState::playing, LiveState::reconnecting, LiveState::playing});
  CHECK(scene.recorder.digest_logins == 1);
  CHECK(scene.recorder.deleted_objects == 1);
  CHECK(scene.device.stats().state == DeviceState::online);
}

TEST_CASE("without reconnect a lost session stays lost, with its reason, until somebody asks") {
  DvripDevice recorder;
  VirtualWorld world;
  world.connector().serve(kPort, recorder.script());
  DeviceOptions options = world.options();
  options.reconnect = false;
  Device device = world.device(options);
  Answer<DeviceInfo> login;
  device.login(login.handler());
  world.settle();
  REQUIRE(login.ok());
  recorder.reset_all();
  world.advance(1h);
  CHECK(device.stats().state == DeviceState::idle);
  CHECK(world.connector().attempts().size() == 1);
  Answer<DeviceInfo> again;
  device.login(again.handler());
  world.settle();
  CHECK(again.ok());
}

TEST_CASE("a login right after a logout gets a session of its own") {
  Scene scene;
  scene.log_in();
  scene.device.logout();
  Answer<DeviceInfo> login;
  scene.device.login(login.handler());
  scene.world.advance(1min);
  REQUIRE(login.count() == 1);
  CHECK(login.ok());
  CHECK(scene.recorder.logouts == 1);
  CHECK(scene.recorder.digest_logins == 2);
  CHECK(scene.device.stats().state == DeviceState::online);
}

TEST_CASE("a logout in the middle of a login ends it, and a login right after begins anew") {
  const int step = GENERATE(0, 1, 2, 4);
  CAPTURE(step);
  DvripDevice recorder;
  int connections = 0;
  VirtualWorld world;
  world.connector().serve(kPort, [&](Peer& peer) {
    const Fault fault = ++connections == 1 ? Fault::silence : Fault::none;
    return converse(peer, dvrip_protocol(), [&](const Bytes& f) { return recorder.answer(f); }, step, fault);
  });
  Device device = world.device(world.options());
  Answer<DeviceInfo> first, second;
  device.login(first.handler());
  world.advance(1s);
  REQUIRE(first.count() == 0);
  device.logout();
  device.login(second.handler());
  world.advance(1s);
  CHECK(first.count() == 1);
  CHECK(first.error() == Errc::cancelled);
  CHECK(second.count() == 1);
  CHECK(second.ok());
  CHECK(connections == 2);
  device = {};
  world.check_nothing_left();
}

TEST_CASE("a device that logs out while it waits for its turn to log in stays logged out") {
  DvripDevice recorder;
  VirtualWorld world;
  world.connector().serve(
      kPort,
      conversation(dvrip_protocol(), [&](const Bytes& f) { return recorder.answer(f); }, 1, Fault::silence));
  Device first = world.device(world.options());
  Device second = world.device(world.options());
  Answer<DeviceInfo> a, b;
  first.login(a.handler());
  second.login(b.handler());
  world.advance(1s);
  second.logout();
  world.advance(1min);
  CHECK(a.error() == Errc::timeout);
  CHECK(b.count() == 1);
  CHECK(b.error() == Errc::cancelled);
  CHECK(recorder.digest_logins == 1);
  CHECK(second.stats().state == DeviceState::idle);
}

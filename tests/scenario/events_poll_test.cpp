// Devices that tell nothing unasked: neither push nor a stream.
#include <catch2/catch.hpp>

#include "scenario/event_scene.hpp"

using namespace dmss;
using namespace dmss::scenario;

namespace {

using Told = std::vector<std::string>;
constexpr auto kStart = EventAction::start;
constexpr auto kStop = EventAction::stop;

struct PollScene : EventScene {
  explicit PollScene(ControlRoute control = ControlRoute::http) : EventScene(control) {
    device.cgi_status = 501;
    device.rpc_events = false;
  }
};

}  // namespace

TEST_CASE("what is on is asked for again and again, and told as events") {
  PollScene s(GENERATE(ControlRoute::http, ControlRoute::dhip));
  s.device.happen("VideoLoss", kStart, 1);
  s.subscribe();
  s.world.advance(5s);
  REQUIRE(s.watch.state() == EventState::attached);
  CHECK(s.subscription.stats().route == EventRoute::poll);
  CHECK(name(EventRoute::poll) == "poll");
  CHECK(s.watch.words() == Told{"*VideoLoss Start 2"});
  s.device.raise("VideoMotion", kStart, 0);
  s.world.advance(6s);
  s.device.raise("VideoMotion", kStop, 0);
  s.device.raise("VideoLoss", kStop, 1);
  s.world.advance(6s);
  Told words = s.watch.words();
  std::sort(words.begin() + 2, words.end());
  CHECK(words == Told{"*VideoLoss Start 2", "VideoMotion Start 1", "VideoLoss Stop 2", "VideoMotion Stop 1"});
  CHECK(s.watch.gaps().empty());
  s.device.raise("AlarmLocal", kStart, 3);
  s.world.advance(2h);
  CHECK(s.watch.words().back() == "AlarmLocal Start 4");
  CHECK(s.watch.gaps().empty());
  CHECK(s.watch.words().size() == 5);
  CHECK(s.subscription.stats().attaches <= 3);
  s.check_nothing_left();
}

TEST_CASE("only what is wanted is asked for, once a heartbeat") {
  PollScene s;
  EventOptions o;
  o.codes = {"VideoMotion", "SomethingNew"};
  o.heartbeat = std::chrono::seconds(30);
  s.subscribe(o);
  s.world.advance(1min);
  const int before = s.device.state_requests;
  s.world.advance(1h);
  CHECK(s.device.state_requests - before >= 2 * 115);
  CHECK(s.device.state_requests - before <= 2 * 121);
  s.device.raise("VideoLoss", kStart, 0);
  s.device.raise("SomethingNew", kStart, 0);
  s.world.advance(31s);
  CHECK(s.watch.words() == Told{"SomethingNew Start 1"});

  SECTION("and for what another wants who comes later") {
    EventWatch other;
    EventOptions losses;
    losses.codes = {"VideoLoss"};
    EventSubscription second = s.sdk.events(losses, other.handlers());
    s.world.advance(1s);
    CHECK(other.words() == Told{"*VideoLoss Start 1"});
    s.device.raise("VideoLoss", kStop, 0);
    s.world.advance(6s);
    CHECK(other.words() == Told{"*VideoLoss Start 1", "VideoLoss Stop 1"});
    CHECK(s.watch.words().size() == 1);
  }
}

TEST_CASE("a device that is asked and goes away leaves a gap, and the state as it is") {
  PollScene s;
  s.subscribe();
  s.device.raise("VideoMotion", kStart, 0);
  s.world.advance(1min);
  SECTION("the connection") {
    s.device.reboot(false);
    s.world.connector().refuse(80);
    s.device.happen("VideoMotion", kStop, 0);
    s.device.happen("AlarmLocal", kStart, 1);
    s.world.advance(2min);
    CHECK(s.watch.state() == EventState::interrupted);
    s.world.connector().serve(80, s.device.http());
  }
  SECTION("the answers") {
    s.device.rpc.ignores = "eventManager.getEventIndexes";
    s.device.silent_cgi = true;
    s.device.happen("VideoMotion", kStop, 0);
    s.world.advance(20min);
    CHECK(s.watch.state() == EventState::interrupted);
    s.device.rpc.ignores.clear();
    s.device.silent_cgi = false;
  }
  s.come_back();
  CHECK(s.watch.state() == EventState::attached);
  CHECK(s.watch.on() == s.device.on);
  CHECK(s.watch.gaps().size() == 1);
  CHECK(s.watch.words().back().starts_with("*"));
}

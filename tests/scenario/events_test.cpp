// Events pushed over the control session: attached, lost, attached again, and the state that is told in the end.
#include <catch2/catch.hpp>

#include "scenario/event_scene.hpp"

using namespace dmss;
using namespace dmss::scenario;

namespace {

using Told = std::vector<std::string>;
constexpr auto kStart = EventAction::start;
constexpr auto kStop = EventAction::stop;
constexpr auto kPulse = EventAction::pulse;

EventOptions codes(std::vector<std::string> list) {
  EventOptions o;
  o.codes = std::move(list);
  return o;
}

}  // namespace

TEST_CASE("what the device reports reaches the caller, with its data") {
  EventScene s;
  s.subscribe();
  REQUIRE(s.watch.states() == std::vector{EventState::attaching, EventState::attached});
  s.device.raise("VideoMotion", kStart, 2, {{"Name", "Yard"}, {"UTC", 1795694401}});
  s.device.raise("VideoMotion", kStop, 2);
  s.device.raise("DoorStatus", kPulse, -1);
  s.device.raise("NTPAdjustTime", kPulse, -1);
  s.world.settle();
  CHECK(s.watch.words() == Told{"VideoMotion Start 3", "VideoMotion Stop 3", "DoorStatus Pulse 0"});
  CHECK(s.watch.events()[0].name == "Yard");
  CHECK(s.watch.events()[0].group == EventGroup::motion);
  CHECK(s.watch.events()[0].received == s.world.clock().wall_now());
  const EventStats stats = s.subscription.stats();
  CHECK(stats.route == EventRoute::rpc);
  CHECK(stats.events == 3);
  CHECK(stats.filtered == 1);
  CHECK(stats.attaches == 1);
  CHECK(s.watch.gaps().empty());
  s.check_nothing_left();
  CHECK(s.device.detaches == 1);
  CHECK(s.watch.states().size() == 2);  // destroying is silent
}

TEST_CASE("only what was asked for is told, and only that is asked of the device") {
  EventScene s;
  EventOptions o = codes({"AlarmLocal"});
  o.groups = {EventGroup::motion};
  o.channels = {1, 2};
  s.subscribe(o);
  CHECK(s.device.last_codes ==
        R"(["AlarmLocal","HeadDetection","MDResult","Reboot","TimeChange","VideoMotion","VideoMotionInfo"])");
  s.device.raise("VideoMotion", kStart, 1);
  s.device.raise("VideoMotion", kStart, 2);
  s.device.raise("AlarmLocal", kStart, 9);  // an input, not a channel
  s.device.raise("VideoLoss", kStart, 0);
  s.device.raise("TimeChange", kPulse, -1);
  s.world.settle();
  CHECK(s.watch.words() == Told{"VideoMotion Start 2", "AlarmLocal Start 10"});
  CHECK(s.subscription.stats().filtered == 2);
}

TEST_CASE("an event in one piece with the answer to attach is not lost") {
  EventScene s;
  s.device.event_with_attach = true;
  s.device.sends_sid = GENERATE(true, false);
  s.subscribe();
  CHECK(s.watch.words() == Told{"AlarmLocal Pulse 8"});
}

TEST_CASE("events of somebody else's attachment on the same session are not ours") {
  EventScene s;
  s.subscribe();
  Answer<std::string> other;
  s.sdk.call("eventManager.attach", R"({"codes":["All"]})", other.handler());
  s.world.settle();
  REQUIRE(other.ok());
  s.device.raise("VideoMotion", kStart, 0);
  s.world.settle();
  CHECK(s.watch.words().size() == 1);
  CHECK(s.subscription.stats().duplicates == 0);
}

TEST_CASE("a device that sends no SID is understood by the id it repeats") {
  EventScene s;
  s.device.sends_sid = false;
  s.subscribe();
  s.device.raise("VideoMotion", kStart, 0);
  s.world.settle();
  CHECK(s.watch.words() == Told{"VideoMotion Start 1"});
}

TEST_CASE("what is on already is told at the beginning, to everyone who comes") {
  EventScene s;
  s.device.happen("VideoLoss", kStart, 1);
  s.device.happen("AlarmLocal", kStart, 0);
  s.subscribe();
  CHECK(s.watch.words() == Told{"*AlarmLocal Start 1", "*VideoLoss Start 2"});
  s.device.raise("VideoMotion", kStart, 4);
  s.world.settle();
  EventWatch late;
  EventSubscription second = s.sdk.events({}, late.handlers());
  s.world.settle();
  CHECK(late.words() == Told{"*AlarmLocal Start 1", "*VideoLoss Start 2", "*VideoMotion Start 5"});
  CHECK(s.device.rpc_attaches == 1);
  CHECK(s.watch.gaps().empty());
}

TEST_CASE("whatever breaks while attaching, events come in the end, and the device is not hammered") {
  for (int step = 0; step < 12; ++step) {
    for (const Fault fault : kFaults) {
      CAPTURE(step, name(fault));
      EventScene s;
      int connections = 0;
      s.world.connector().serve(5000, [&](Peer& peer) {
        const bool first = ++connections == 1;
        return s.device.dhip(first ? step : -1, first ? fault : Fault::none)(peer);
      });
      s.subscribe();
      s.world.advance(4min);
      if (s.watch.state() == EventState::failed) {
        // The session itself does not come back by itself from this.
        CHECK(s.watch.why() == Errc::too_large);
        s.sdk.login({});
        s.world.advance(5s);
      }
      REQUIRE(s.watch.state() == EventState::attached);
      CHECK(s.device.listeners() == 1);
      s.device.raise("VideoMotion", kStart, 0);
      s.world.settle();
      CHECK(s.watch.on().contains({"VideoMotion", 0}));
      CHECK(s.subscription.stats().attaches <= 6);
      s.check_nothing_left();
    }
  }
}

TEST_CASE("a device that refuses to attach is asked less and less often, and not for ever in vain") {
  EventScene s;
  s.device.attach_error = R"({"result":false,"error":{"code":268894212,"message":"Server internal error!"}})";
  s.subscribe();
  CHECK(s.watch.state() == EventState::interrupted);
  CHECK(s.watch.why() == Errc::device_error);
  s.world.advance(1h);
  const int asked = s.device.rpc_attaches;
  CHECK(asked >= 60);
  CHECK(asked <= 130);
  CHECK(s.subscription.stats().attaches == static_cast<std::uint64_t>(asked));
  s.device.attach_error.clear();
  s.world.advance(1min);
  CHECK(s.watch.state() == EventState::attached);
  CHECK(s.watch.gaps().empty());  // nothing was promised before
}

TEST_CASE("a device whose session drops each attachment is not attached to more than once a second") {
  EventScene s;
  s.subscribe();
  for (int i = 0; i < 600; ++i) {
    s.device.reboot(false);
    s.world.advance(100ms);
  }
  CHECK(s.device.rpc_attaches <= 61);
  s.come_back();
  CHECK(s.watch.state() == EventState::attached);
}

TEST_CASE("refused credentials fail the subscription until there are others") {
  EventScene s;
  s.device.rpc.verdict =
      R"({"result":false,"error":{"code":268632085,"message":"User or password not valid!"}})";
  s.subscribe();
  CHECK(s.watch.state() == EventState::failed);
  CHECK(s.watch.why() == Errc::wrong_password);
  s.world.advance(1h);
  CHECK(s.device.rpc.hashes == 1);
  s.device.rpc.verdict.clear();
  s.sdk.set_credentials("admin", Secret("another"));
  s.world.advance(5s);
  CHECK(s.watch.state() == EventState::attached);
}

TEST_CASE("a device without push over JSON-RPC is listened to by CGI") {
  EventScene s;
  s.device.rpc_events = false;
  s.subscribe();
  s.world.advance(5s);
  REQUIRE(s.watch.state() == EventState::attached);
  CHECK(s.subscription.stats().route == EventRoute::cgi);
  s.device.raise("VideoMotion", kStart, 0);
  s.world.settle();
  CHECK(s.watch.words() == Told{"VideoMotion Start 1"});
  CHECK(s.device.rpc_attaches == 1);
  s.check_nothing_left();
}

TEST_CASE("a device that does not answer attach on its control port is listened to by CGI") {
  EventScene s;
  s.device.rpc.ignores = "eventManager.attach";
  const auto attaches = [&] {
    return std::count_if(s.device.rpc.heard.begin(), s.device.rpc.heard.end(), [](const auto& request) {
      return request.value("method", "") == "eventManager.attach";
    });
  };
  s.subscribe();
  s.world.advance(12s);
  REQUIRE(s.watch.state() == EventState::attached);
  CHECK(s.subscription.stats().route == EventRoute::cgi);
  s.device.raise("VideoMotion", kStart, 0);
  s.world.settle();
  CHECK(s.watch.words() == Told{"VideoMotion Start 1"});
  s.world.advance(5h);
  CHECK(attaches() == 1);
  CHECK(s.watch.gaps().empty());
  s.check_nothing_left();
}

TEST_CASE("without CGI either, attach is tried again until it is answered") {
  EventScene s;
  s.world.connector().refuse(80);
  s.device.tells_state = false;
  s.device.rpc.ignores = "eventManager.attach";
  s.subscribe();
  s.world.advance(30s);
  CHECK(s.watch.state() == EventState::interrupted);
  s.world.advance(1h);
  CHECK(s.watch.state() == EventState::interrupted);
  CHECK(s.subscription.stats().attaches >= 20);
  CHECK(s.subscription.stats().attaches <= 160);
  s.device.rpc.ignores.clear();
  s.world.advance(3min);
  CHECK(s.watch.state() == EventState::attached);
  CHECK(s.subscription.stats().route == EventRoute::rpc);
  CHECK(s.watch.gaps().empty());
}

TEST_CASE(
    "a device that does not tell its state on the control port is asked by CGI, the first time after a "
    "while") {
  EventScene s;
  s.device.rpc.ignores = "eventManager.getEventIndexes";
  s.device.happen("VideoLoss", kStart, 1);
  s.device.happen("VideoMotion", kStart, 0);
  s.subscribe();
  s.world.advance(5s);
  CHECK(s.watch.words() == Told{"*VideoLoss Start 2", "*VideoMotion Start 1"});
}

TEST_CASE("asked for pushed events only, a device without them fails the subscription") {
  EventScene s;
  s.device.rpc_events = false;
  EventOptions o;
  o.route = EventRoute::rpc;
  s.subscribe(o);
  CHECK(s.watch.state() == EventState::failed);
  CHECK(s.watch.why() == Errc::unsupported);
  s.world.advance(1h);
  CHECK(s.device.rpc_attaches == 1);
}

TEST_CASE("a second subscription with other codes widens the one attachment, without a gap") {
  EventScene s;
  s.subscribe(codes({"VideoMotion"}));
  s.world.advance(2min);
  EventWatch other;
  EventSubscription second = s.sdk.events(codes({"VideoLoss"}), other.handlers());
  s.world.advance(5s);
  CHECK(s.device.rpc_attaches == 2);
  CHECK(s.device.last_codes == R"(["All"])");
  CHECK(s.device.listeners() == 1);
  CHECK(s.watch.gaps().empty());
  s.device.raise("VideoMotion", kStart, 0);
  s.device.raise("VideoLoss", kStart, 0);
  s.world.settle();
  CHECK(s.watch.words() == Told{"VideoMotion Start 1"});
  CHECK(other.words() == Told{"VideoLoss Start 1"});
  s.device.happen("AlarmLocal", kStart, 2);  // nobody asked, nobody was told
  EventWatch third;
  EventSubscription more = s.sdk.events(codes({"AlarmLocal"}), third.handlers());
  s.world.advance(2min);
  CHECK(s.device.rpc_attaches == 2);
  CHECK(third.words() == Told{"*AlarmLocal Start 3"});
  CHECK(s.watch.words().size() == 1);
  CHECK(other.words().size() == 1);
  CHECK(s.watch.gaps().empty());
  CHECK(third.gaps().empty());
}

TEST_CASE("events that are told twice are delivered once, and two pulses are two") {
  EventScene s;
  s.subscribe();
  s.device.copies = 2;
  s.device.raise("CrossLineDetection", kPulse, 0, {{"EventID", 7}, {"UTC", 1795694401}});
  s.device.raise("CrossLineDetection", kPulse, 0, {{"EventID", 8}, {"UTC", 1795694401}});
  s.device.raise("VideoMotion", kStart, 0, {{"UTC", 1795694401}});
  s.world.settle();
  CHECK(s.watch.words() ==
        Told{"CrossLineDetection Pulse 1", "CrossLineDetection Pulse 1", "VideoMotion Start 1"});
  CHECK(s.subscription.stats().duplicates == 3);
  s.device.copies = 1;
  for (int i = 0; i < 3; ++i) s.device.raise("AlarmLocal", kPulse, 0, {{"UTC", 1795694402}});
  s.device.raise("VideoMotion", kStop, 0, {{"UTC", 1795694402}});
  s.device.raise("VideoMotion", kStart, 0, {{"UTC", 1795694402}});
  s.device.raise("VideoMotion", kStop, 0, {{"UTC", 1795694402}});
  s.device.raise("VideoMotion", kStart, 0, {{"UTC", 1795694402}});
  s.world.settle();
  CHECK(s.watch.events().size() == 10);
  CHECK(s.subscription.stats().duplicates == 3);
}

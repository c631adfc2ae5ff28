// What a caller is told when events may have been missed, and that the state is true afterwards.
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

TEST_CASE("after a gap the caller learns from when to when, and the state as it is") {
  const bool half_open = GENERATE(false, true);
  CAPTURE(half_open);
  EventScene s;
  s.subscribe();
  s.device.raise("VideoMotion", kStart, 0);
  s.device.raise("VideoBlind", kStart, 3);
  s.world.advance(1min);
  const auto lost = s.world.clock().wall_now();
  s.device.reboot(half_open);
  s.world.connector().refuse(5000);
  s.device.happen("VideoMotion", kStop, 0);
  s.device.happen("AlarmLocal", kStart, 1);
  s.world.advance(30s);
  CHECK(s.watch.state() == EventState::interrupted);
  s.world.connector().serve(5000, s.device.dhip());
  s.come_back();
  REQUIRE(s.watch.state() == EventState::attached);
  REQUIRE(s.watch.gaps().size() == 1);
  const EventGap gap = s.watch.gaps()[0];
  CHECK(gap.begin <= lost);
  CHECK(gap.begin >= lost - 10s);  // a keep-alive
  CHECK(gap.end > lost);
  CHECK(gap.end <= s.world.clock().wall_now());
  CHECK(gap.why);
  Told words = s.watch.words();
  REQUIRE(words.size() == 4);
  std::sort(words.begin() + 2, words.end());  // what was missed has no order
  CHECK(words ==
        Told{"VideoMotion Start 1", "VideoBlind Start 4", "*AlarmLocal Start 2", "*VideoMotion Stop 1"});
  CHECK(s.watch.on() == s.device.on);
  CHECK(s.subscription.stats().recovered == 2);
  CHECK(s.subscription.stats().gaps == 1);
  CHECK(s.device.listeners() == 1);
  s.check_nothing_left();
}

TEST_CASE("a device that cannot tell its state leaves nothing on after a gap") {
  EventScene s;
  s.device.tells_state = false;
  s.subscribe();
  s.device.raise("VideoMotion", kStart, 0);
  s.world.settle();
  s.device.reboot(false);
  s.come_back();
  CHECK(s.watch.words() == Told{"VideoMotion Start 1", "*VideoMotion Stop 1"});
}

TEST_CASE("an event that comes while the device's state is read counts more than what was read") {
  EventScene s;
  s.subscribe();
  s.device.raise("VideoMotion", kStart, 0);
  s.world.settle();
  s.device.reboot(false);
  // The answer says on; the end comes before it is read.
  s.device.rpc.more = [&, more = s.device.rpc.more](const proto::rpc::Json& request) {
    auto answer = more(request);
    if (request.value("method", "") == "eventManager.getEventIndexes" &&
        request["params"].value("code", "") == "VideoMotion" && s.device.is_on("VideoMotion", 0))
      s.device.raise("VideoMotion", kStop, 0);
    return answer;
  };
  s.come_back();
  CHECK(s.watch.words() == Told{"VideoMotion Start 1", "VideoMotion Stop 1"});
}

TEST_CASE("what nobody wanted when there was a gap is not told as it was before") {
  EventScene s;
  EventWatch other;
  EventSubscription second = s.sdk.events(codes({"VideoLoss"}), other.handlers());
  s.world.advance(5s);
  s.subscribe(codes({"VideoMotion"}));
  s.world.advance(5s);
  REQUIRE(s.device.last_codes == R"(["All"])");
  s.device.raise("AlarmLocal", kStart, 0);
  s.device.raise("AlarmLocal", kStart, 1);
  s.world.advance(1min);
  s.device.reboot(false);
  s.device.happen("AlarmLocal", kStop, 0);
  s.device.tells_state = GENERATE(true, false);
  s.come_back();
  EventWatch late;
  EventSubscription third = s.sdk.events(codes({"AlarmLocal"}), late.handlers());
  s.world.settle();
  CHECK(late.words() == (s.device.tells_state ? Told{"*AlarmLocal Start 2"} : Told{}));
  CHECK(late.gaps().empty());
  s.device.raise("AlarmLocal", kStart, 5);
  s.world.advance(10min);
  CHECK(late.words().back() == "AlarmLocal Start 6");
  EventWatch later;
  EventSubscription fourth = s.sdk.events(codes({"AlarmLocal"}), later.handlers());
  s.world.settle();
  CHECK(later.on() == late.on());
}

TEST_CASE("who comes while the state after a gap is not known yet is told when it is") {
  EventScene s;
  s.subscribe();
  s.device.raise("VideoMotion", kStart, 0);
  s.device.raise("VideoLoss", kStart, 1);
  s.world.advance(1min);
  s.device.rpc.ignores = "eventManager.getEventIndexes";
  s.device.silent_cgi = true;
  s.device.reboot(false);
  s.device.happen("VideoMotion", kStop, 0);
  s.come_back(20s);
  REQUIRE(s.watch.state() == EventState::attached);
  EventWatch late;
  EventSubscription second = s.sdk.events({}, late.handlers());
  s.world.settle();
  CHECK(late.words().empty());
  s.device.rpc.ignores.clear();
  s.world.advance(2min);
  CHECK(s.watch.on() == s.device.on);
  CHECK(late.on() == s.device.on);
  const Told words = late.words();
  CHECK(std::count(words.begin(), words.end(), "*VideoLoss Start 2") == 1);
}

TEST_CASE("a stream that lives but has gone deaf is found out, told as a gap and attached anew") {
  EventScene s;
  s.subscribe();
  s.device.raise("VideoMotion", kStart, 0);
  s.world.advance(5min);
  const auto before = s.world.clock().wall_now();
  s.device.deaf = 1'000'000;
  s.device.raise("VideoMotion", kStop, 0);
  s.device.raise("AlarmLocal", kStart, 0);
  s.world.advance(2h);
  CHECK(s.watch.on() == s.device.on);
  CHECK(s.device.rpc_attaches >= 2);
  REQUIRE_FALSE(s.watch.gaps().empty());
  CHECK(s.watch.gaps()[0].begin <= before);
  CHECK(s.watch.gaps()[0].end >= before);
  CHECK(s.watch.states() == std::vector{EventState::attaching, EventState::attached});
  CHECK(s.device.listeners() == 1);
}

TEST_CASE("silence alone is no gap: the attachment is renewed beside the old one") {
  EventScene s;
  s.subscribe();
  s.world.advance(10h);
  CHECK(s.device.rpc_attaches >= 10);
  CHECK(s.device.rpc_attaches <= 11);
  CHECK(s.device.detaches == s.device.rpc_attaches - 1);
  CHECK(s.watch.gaps().empty());
  CHECK(s.watch.events().empty());
  EventScene never;
  EventOptions o;
  o.renew = std::chrono::minutes(0);
  never.subscribe(o);
  never.world.advance(24h);
  CHECK(never.device.rpc_attaches == 1);
}

TEST_CASE("an announced restart after which the session still stands is attached to anew") {
  EventScene s;
  s.subscribe(codes({"VideoMotion"}));
  s.device.raise("Reboot", kPulse, -1);
  const auto announced = s.world.clock().wall_now();
  s.world.advance(50s);
  CHECK(s.device.rpc_attaches == 1);
  s.world.advance(20s);
  CHECK(s.device.rpc_attaches == 2);
  REQUIRE(s.watch.gaps().size() == 1);
  CHECK(s.watch.gaps()[0].begin == announced);
  s.device.raise("TimeChange", kPulse, -1);
  s.world.advance(2min);
  CHECK(s.device.rpc_attaches == 3);
  CHECK(s.watch.gaps().size() == 1);
  CHECK(s.watch.events().empty());
}

TEST_CASE("gaps are told by the clock of the moment, whatever it was set to in between") {
  EventScene s;
  s.subscribe();
  s.world.connector().refuse(5000);
  s.device.reboot(false);
  s.world.advance(1min);
  s.world.clock().shift_wall(-48h);
  s.world.connector().serve(5000, s.device.dhip());
  s.come_back();
  REQUIRE(s.watch.gaps().size() == 1);
  const EventGap gap = s.watch.gaps()[0];
  CHECK(gap.end > gap.begin + 1min);
  CHECK(gap.end < gap.begin + 3min);
  CHECK(gap.end <= s.world.clock().wall_now());
}

TEST_CASE("what is on of codes that were not asked for before is news to a wider attachment, no gap") {
  EventScene s;
  s.device.happen("VideoLoss", kStart, 1);
  s.subscribe(codes({"VideoMotion"}));
  s.world.advance(2min);
  REQUIRE(s.watch.events().empty());
  EventWatch other;
  EventSubscription second = s.sdk.events(codes({"VideoLoss"}), other.handlers());
  s.world.advance(10s);
  CHECK(s.device.rpc_attaches == 2);
  CHECK(other.words() == Told{"*VideoLoss Start 2"});
  CHECK(other.gaps().empty());
  CHECK(s.watch.gaps().empty());

  SECTION("from then on it proves what was missed") {
    s.device.happen("VideoLoss", kStop, 1);
    s.world.advance(70min);
    CHECK(other.words() == Told{"*VideoLoss Start 2", "*VideoLoss Stop 2"});
    CHECK(other.gaps().size() == 1);
  }
}

TEST_CASE("a renewal that the device refuses leaves the attachment that lives") {
  EventScene s;
  EventOptions o;
  o.route = GENERATE(EventRoute::cgi, EventRoute::rpc);
  s.device.most_streams = 1;
  s.subscribe(o);
  REQUIRE(s.watch.state() == EventState::attached);
  s.device.attach_error = R"({"result":false,"error":{"code":268894212,"message":"Server internal error!"}})";
  s.world.advance(3h);
  CHECK(s.watch.states() == std::vector{EventState::attaching, EventState::attached});
  CHECK(s.watch.gaps().empty());
  CHECK(s.device.listeners() == 1);
  const int asked = s.device.rpc_attaches + s.device.cgi_attaches;
  CHECK(asked >= 3);
  CHECK(asked <= 40);
  s.device.raise("VideoMotion", kStart, 0);
  s.world.settle();
  CHECK(s.watch.words() == Told{"VideoMotion Start 1"});
}

// Events as a long multipart answer, for devices and routes without push.
#include <catch2/catch.hpp>

#include "proto/events/multipart.hpp"
#include "scenario/event_scene.hpp"

using namespace dmss;
using namespace dmss::scenario;

namespace {

using Told = std::vector<std::string>;
constexpr auto kStart = EventAction::start;
constexpr auto kStop = EventAction::stop;
constexpr auto kPulse = EventAction::pulse;

struct CgiScene : EventScene {
  CgiScene() : EventScene(ControlRoute::http) {}
  void beat() {
    device.write_streams(proto::events::write_part("myboundary", "Heartbeat"));
    world.settle();
  }
};

}  // namespace

TEST_CASE("over HTTP the events come as a stream of their own") {
  CgiScene s;
  EventOptions o;
  o.heartbeat = std::chrono::seconds(20);
  s.subscribe(o);
  REQUIRE(s.watch.state() == EventState::attached);
  CHECK(s.subscription.stats().route == EventRoute::cgi);
  CHECK(s.device.rpc_attaches == 0);
  const auto attach =
      std::find_if(s.device.targets.begin(), s.device.targets.end(),
                   [](const std::string& t) { return t.find("attach") != std::string::npos; });
  REQUIRE(attach != s.device.targets.end());
  CHECK(*attach == "/cgi-bin/eventManager.cgi?action=attach&codes=[All]&heartbeat=20");
  s.device.raise("VideoMotion", kStart, 2, {{"RegionName", {"Region1"}}});
  s.world.settle();
  CHECK(s.watch.words() == Told{"VideoMotion Start 3"});
  CHECK(s.watch.events()[0].name == "Region1");
  s.world.advance(1h);
  CHECK(s.watch.state() == EventState::attached);
  CHECK(s.subscription.stats().malformed == 0);
  s.check_nothing_left();
  CHECK(s.device.listeners() == 0);
}

TEST_CASE("a stream that falls silent for two heartbeats is opened anew, with a gap from its last word") {
  CgiScene s;
  s.subscribe();
  s.world.advance(1min);
  const auto last = s.world.clock().wall_now();
  s.beat();
  s.device.heartbeats = false;
  s.world.advance(9999ms);
  CHECK(s.watch.gaps().empty());
  s.device.heartbeats = true;
  s.world.advance(5s);
  CHECK(s.watch.state() == EventState::attached);
  REQUIRE(s.watch.gaps().size() == 1);
  CHECK(s.watch.gaps()[0].begin == last);
  CHECK(s.watch.gaps()[0].end >= last + 10s);
  CHECK(s.watch.gaps()[0].end <= last + 12s);
  CHECK(s.watch.gaps()[0].why == Errc::device_offline);
  CHECK(s.device.cgi_attaches == 2);
}

TEST_CASE("a heartbeat that is late is no gap") {
  CgiScene s;
  s.subscribe();
  s.world.advance(20s);
  s.device.heartbeats = false;
  SECTION("when anything else comes") {
    for (int i = 0; i < 20; ++i) {
      s.device.write_streams(i % 2 == 0 ? "\r\n" : "--myboundary\r\n");
      s.world.advance(9s);
    }
    CHECK(s.watch.gaps().empty());
    s.world.advance(2s);
    CHECK(s.watch.gaps().size() == 1);
  }
  SECTION("when it comes within two periods; a device that is late always is waited for longer") {
    for (int i = 0; i < 10; ++i) {
      s.world.advance(4s);
      s.beat();
      s.world.advance(5s);
    }
    s.beat();
    s.world.advance(17s);
    CHECK(s.watch.gaps().empty());
    s.world.advance(3s);
    CHECK(s.watch.gaps().size() == 1);
  }
}

TEST_CASE("a device that sends no heartbeats is taken at its word, and its events are kept") {
  CgiScene s;
  s.device.tells_state = false;
  s.device.heartbeats = false;
  s.device.refuses_keepalive = GENERATE(false, true);
  s.subscribe();
  s.world.advance(20s);
  REQUIRE(s.watch.state() == EventState::attached);
  const int asked = s.device.refuses_keepalive ? 3 : 2;
  CHECK(s.device.cgi_attaches == asked);
  CHECK(s.watch.gaps().size() == 1);
  s.device.raise("VideoMotion", kStart, 0);
  s.world.advance(50min);
  CHECK(s.device.cgi_attaches == asked);
  CHECK(s.watch.gaps().size() == 1);
  CHECK(s.watch.words() == Told{"VideoMotion Start 1"});

  SECTION("it is attached to anew by the rules for silence") {
    s.world.advance(10h);
    CHECK(s.subscription.stats().attaches >= 10);
    CHECK(s.subscription.stats().attaches <= 13);
    CHECK(s.watch.gaps().size() == 1);
    CHECK(s.device.listeners() == 1);
  }
  SECTION("when heartbeats come, their absence is noticed again") {
    s.device.heartbeats = true;
    s.world.advance(1min);
    s.device.heartbeats = false;
    s.world.advance(11s);
    s.device.heartbeats = true;
    s.world.advance(1min);
    CHECK(s.watch.gaps().size() == 2);
    CHECK(s.watch.state() == EventState::attached);
    s.world.advance(30min);
    CHECK(s.device.cgi_attaches == asked + 1);
  }
  SECTION("a loss shows when the control session has been away") {
    s.world.connector().refuse(80);
    s.device.reboot(true);
    s.world.advance(3min);
    s.world.connector().serve(80, s.device.http());
    s.come_back();
    CHECK(s.watch.state() == EventState::attached);
    CHECK(s.watch.gaps().size() == 2);
    CHECK(s.device.listeners() == 1);
    CHECK(s.watch.on().empty());
  }
}

TEST_CASE("a device that ceases to send heartbeats is taken at its word after two streams") {
  CgiScene s;
  s.subscribe();
  s.world.advance(1min);
  s.device.heartbeats = false;
  s.world.advance(20min);
  CHECK(s.watch.state() == EventState::attached);
  CHECK(s.device.cgi_attaches == 4);
  s.world.advance(30min);
  CHECK(s.device.cgi_attaches == 4);
  CHECK(s.watch.gaps().size() == 3);
}

TEST_CASE("older firmware is asked for heartbeats in its own word") {
  CgiScene s;
  s.device.heartbeat_word = "keepalive";
  s.subscribe();
  s.world.advance(1min);
  CHECK(s.device.cgi_attaches == 2);
  const auto asked = std::find_if(s.device.targets.rbegin(), s.device.targets.rend(),
                                  [](const std::string& t) { return t.find("attach") != std::string::npos; });
  REQUIRE(asked != s.device.targets.rend());
  CHECK(asked->ends_with("&heartbeat=5&keepalive=5"));
  CHECK(s.watch.gaps().size() == 1);
  s.device.reboot(true);
  s.world.advance(11s);
  CHECK(s.watch.gaps().size() == 2);
}

TEST_CASE("a device with a period of its own is given two of them") {
  CgiScene s;
  s.device.own_heartbeat = std::chrono::seconds(20);
  s.subscribe();
  s.world.advance(10min);
  CHECK(s.device.cgi_attaches == 2);
  CHECK(s.watch.gaps().size() == 1);
  s.device.heartbeats = false;
  s.world.advance(20s);
  CHECK(s.watch.gaps().size() == 1);
  s.world.advance(22s);
  CHECK(s.watch.gaps().size() == 2);
  s.device.heartbeats = true;
  s.world.advance(30min);
  CHECK(s.device.cgi_attaches <= 4);
  CHECK(s.watch.gaps().size() <= 3);
}

TEST_CASE("after a lost stream the state is read by CGI and told") {
  CgiScene s;
  s.subscribe();
  s.device.raise("AlarmLocal", kStart, 0);
  s.device.raise("VideoLoss", kStart, 1);
  s.device.raise("VideoMotion", kStart, 1);
  s.world.advance(1min);
  s.device.happen("AlarmLocal", kStop, 0);
  s.device.happen("VideoLoss", kStop, 1);
  s.device.happen("AlarmLocal", kStart, 3);
  s.device.reboot(false);
  s.come_back();
  CHECK(s.watch.on() == s.device.on);
  CHECK(s.watch.gaps().size() == 1);
  CHECK(s.subscription.stats().recovered == 3);
}

TEST_CASE("a device that refuses a list of codes is asked for everything, which is filtered here") {
  CgiScene s;
  s.device.longest_list = 3;
  EventOptions o;
  o.codes = {"VideoMotion", "VideoLoss", "AlarmLocal"};
  s.subscribe(o);
  REQUIRE(s.watch.state() == EventState::attached);
  CHECK(s.device.last_codes == "[All]");
  CHECK(s.device.cgi_attaches == 2);
  s.device.raise("VideoBlind", kStart, 0);
  s.device.raise("VideoLoss", kStart, 0);
  s.world.settle();
  CHECK(s.watch.words() == Told{"VideoLoss Start 1"});
  s.device.reboot(false);
  s.come_back();
  CHECK(s.device.cgi_attaches == 3);  // it is remembered
}

TEST_CASE("the same goes for a list of codes in JSON-RPC") {
  EventScene s;
  s.device.rpc.more = [&, more = s.device.rpc.more](const proto::rpc::Json& request) {
    std::optional<proto::rpc::Json> refusal;
    if (request.value("method", "") == "eventManager.attach" && request["params"]["codes"].size() > 1) {
      refusal = proto::rpc::Json::parse(
          R"({"result":false,"error":{"code":268894211,"message":"Invalid param!"}})");
    }
    return refusal ? refusal : more(request);
  };
  EventOptions o;
  o.codes = {"VideoMotion"};
  s.subscribe(o);
  REQUIRE(s.watch.state() == EventState::attached);
  CHECK(s.device.last_codes == R"(["All"])");
  s.device.raise("VideoBlind", kStart, 0);
  s.device.raise("VideoMotion", kStart, 0);
  s.world.settle();
  CHECK(s.watch.words() == Told{"VideoMotion Start 1"});
}

TEST_CASE("a device with neither a stream of events nor a state says so and is left alone") {
  CgiScene s;
  s.device.cgi_status = GENERATE(404, 501);
  SECTION("on the automatic route, when it cannot be asked either") {
    s.device.tells_state = false;
    s.subscribe();
  }
  SECTION("when nothing but the stream was asked for") {
    EventOptions o;
    o.route = EventRoute::cgi;
    s.subscribe(o);
  }
  s.world.advance(5s);
  CHECK(s.watch.state() == EventState::failed);
  CHECK(s.watch.why() == Errc::unsupported);
  const int asked = s.device.state_requests;
  s.world.advance(1h);
  CHECK(s.device.cgi_attaches == 1);
  CHECK(s.device.state_requests == asked);
}

TEST_CASE("a device with no room for another listener is asked again, in peace") {
  CgiScene s;
  s.device.most_streams = 0;
  s.subscribe();
  CHECK(s.watch.state() == EventState::interrupted);
  CHECK(s.watch.why() == Errc::device_busy);
  s.world.advance(10min);
  CHECK(s.device.cgi_attaches >= 10);
  CHECK(s.device.cgi_attaches <= 22);
  s.device.most_streams = 1;
  s.world.advance(1min);
  CHECK(s.watch.state() == EventState::attached);
  // Not even for a renewal does it take two: then the old one goes first.
  s.world.advance(3h);
  CHECK(s.watch.state() == EventState::attached);
  CHECK(s.device.listeners() == 1);
}

TEST_CASE("what firmware does to the stream is counted, and the events behind it are heard") {
  CgiScene s;
  s.subscribe();
  s.device.write_streams(
      "garbage\r\n--myboundary\r\nContent-Length: 5\r\n\r\nCode=VideoLoss;action=Start;index=1;data={\"a\":");
  s.device.write_streams("HTTP/1.1 200 OK\r\nServer: x\r\n\r\n");
  s.device.raise("VideoMotion", kStart, 0);
  s.world.settle();
  CHECK(s.watch.words() == Told{"VideoLoss Start 2", "VideoMotion Start 1"});
  CHECK(s.subscription.stats().malformed >= 2);
  s.device.write_streams("--myboundary\r\nContent-Length: 36\r\n\r\nCode=AlarmLocal;action=Pulse;index=15");
  s.world.settle();
  CHECK(s.watch.events().size() == 2);
  s.device.write_streams("\r\n");
  s.world.settle();
  CHECK(s.watch.words().back() == "AlarmLocal Pulse 16");
}

TEST_CASE("when the control session has been away, its stream of events is renewed") {
  EventScene s(ControlRoute::dhip);
  EventOptions o;
  o.route = EventRoute::cgi;
  s.subscribe(o);
  REQUIRE(s.watch.state() == EventState::attached);
  CHECK(s.subscription.stats().route == EventRoute::cgi);
  s.world.advance(2min);
  s.world.connector().peers(5000).back()->reset();
  s.world.advance(10s);
  CHECK(s.device.cgi_attaches == 2);
  CHECK(s.device.listeners() == 1);
  CHECK(s.watch.gaps().empty());
  s.device.raise("AlarmLocal", kPulse, 0);
  s.world.settle();
  CHECK(s.watch.words() == Told{"AlarmLocal Pulse 1"});
}

TEST_CASE("without anybody who answers, the state after a gap is not waited for for ever") {
  CgiScene s;
  s.subscribe();
  s.device.raise("VideoMotion", kStart, 0);
  s.world.settle();
  s.device.rpc.ignores = "eventManager.getEventIndexes";
  s.device.silent_cgi = true;
  s.device.reboot(false);
  s.world.advance(10min);
  CHECK(s.watch.state() == EventState::attached);
  const int asked = s.device.state_requests;
  s.world.advance(2h);
  CHECK(s.watch.on().empty());
  CHECK(asked > 0);
}

TEST_CASE("pictures are told with their events, in order") {
  CgiScene s;
  EventOptions o;
  o.pictures = true;
  o.channels = {1};
  o.codes = {"VideoMotion", "AlarmLocal"};
  s.subscribe(o);
  CHECK(s.subscription.stats().pictures_attached);
  const auto target =
      std::find_if(s.device.targets.begin(), s.device.targets.end(),
                   [](const std::string& t) { return t.find("snapManager") != std::string::npos; });
  REQUIRE(target != s.device.targets.end());
  CHECK(*target ==
        "/cgi-bin/"
        "snapManager.cgi?action=attachFileProc&channel=1&heartbeat=5&Ede[0].Code=AlarmLocal&Ede[1].Code="
        "VideoMotion");
  const std::string jpeg = "\xff\xd8 one \xff\xd9";
  s.device.raise("VideoMotion", kStart, 0);
  s.device.raise("VideoMotion", kStop, 0);
  s.world.advance(300ms);
  CHECK(s.watch.events().empty());  // it waits for its picture
  s.device.picture("VideoMotion", 0, jpeg);
  s.world.settle();
  REQUIRE(s.watch.words() == Told{"VideoMotion Start 1", "VideoMotion Stop 1"});
  CHECK(std::string(s.watch.events()[0].picture.begin(), s.watch.events()[0].picture.end()) == jpeg);
  CHECK(s.watch.events()[1].picture.empty());

  // The picture may be quicker, or come alone, or not at all.
  s.device.picture("AlarmLocal", 0, jpeg);
  s.world.advance(100ms);
  s.device.raise("AlarmLocal", kPulse, 0);
  s.world.settle();
  REQUIRE(s.watch.events().size() == 3);
  CHECK_FALSE(s.watch.events()[2].picture.empty());
  s.device.picture("VideoMotion", 0, jpeg);
  s.world.advance(1600ms);
  REQUIRE(s.watch.events().size() == 4);
  CHECK(s.watch.events()[3].action == EventAction::pulse);
  CHECK_FALSE(s.watch.events()[3].picture.empty());
  s.device.raise("VideoMotion", kStart, 0);
  s.world.advance(1600ms);
  REQUIRE(s.watch.events().size() == 5);
  CHECK(s.watch.events()[4].picture.empty());
  CHECK(s.subscription.stats().pictures == 3);
  s.check_nothing_left();
}

TEST_CASE("a device without pictures sends its events without, at once") {
  CgiScene s;
  s.device.picture_status = 400;
  EventOptions o;
  o.pictures = true;
  s.subscribe(o);
  s.world.advance(1h);
  CHECK_FALSE(s.subscription.stats().pictures_attached);
  const auto asked =
      std::count_if(s.device.targets.begin(), s.device.targets.end(),
                    [](const std::string& t) { return t.find("snapManager") != std::string::npos; });
  CHECK(asked == 4);  // two channels, two forms
  s.device.raise("VideoMotion", kStart, 0);
  s.world.settle();
  CHECK(s.watch.words() == Told{"VideoMotion Start 1"});
}

TEST_CASE("streams of pictures without heartbeats are kept, and made anew when the session has been away") {
  CgiScene s;
  s.device.heartbeats = false;
  EventOptions o;
  o.pictures = true;
  o.channels = {1};
  o.codes = {"VideoMotion"};
  s.subscribe(o);
  const auto asked = [&] {
    return std::count_if(s.device.targets.begin(), s.device.targets.end(),
                         [](const std::string& t) { return t.find("snapManager") != std::string::npos; });
  };
  s.world.advance(50min);
  CHECK(asked() == 2);
  CHECK(s.subscription.stats().pictures_attached);
  s.world.connector().refuse(80);
  s.device.reboot(true);
  s.world.advance(3min);
  s.world.connector().serve(80, s.device.http());
  s.come_back();
  CHECK(asked() == 3);
  s.device.picture("VideoMotion", 0, "\xff\xd8 one \xff\xd9");
  s.world.advance(2s);
  REQUIRE_FALSE(s.watch.events().empty());
  CHECK_FALSE(s.watch.events().back().picture.empty());
}

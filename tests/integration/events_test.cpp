// Events of the virtual recorder over real sockets.
#include <catch2/catch.hpp>

#include <algorithm>
#include <thread>

#include "integration/windows.hpp"

using namespace dmss;
using namespace dmss::test;

namespace {

/// What a subscription has told, to wait for.
class Listener {
 public:
  EventHandlers handlers() {
    EventHandlers h;
    h.on_event = [t = told_](const Event& e) {
      std::lock_guard lock(t->mutex);
      t->pictures += e.picture.size() > 100 && e.picture[0] == 0xff && e.picture[1] == 0xd8 ? 1 : 0;
      t->told += e.recovered ? 0 : 1;
      t->words.push_back(e.code + " " + e.action_text + " " + std::to_string(e.index));
      t->changed.notify_all();
    };
    h.on_gap = [t = told_](const EventGap&) {
      std::lock_guard lock(t->mutex);
      ++t->gaps;
      t->changed.notify_all();
    };
    h.on_state = [t = told_](EventState s, const Error&) {
      std::lock_guard lock(t->mutex);
      t->state = s;
      t->changed.notify_all();
    };
    return h;
  }
  bool wait_state(EventState s) {
    return wait([&](const Told& t) { return t.state == s; });
  }
  bool wait_word(const std::string& word) {
    return wait(
        [&](const Told& t) { return std::find(t.words.begin(), t.words.end(), word) != t.words.end(); });
  }
  bool wait_gaps(int n) {
    return wait([n](const Told& t) { return t.gaps >= n; });
  }
  int gaps() const {
    std::lock_guard lock(told_->mutex);
    return told_->gaps;
  }
  int pictures() const {
    std::lock_guard lock(told_->mutex);
    return told_->pictures;
  }
  /// Without those that the SDK recovered.
  int events() const {
    std::lock_guard lock(told_->mutex);
    return told_->told;
  }

 private:
  struct Told {
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<std::string> words;
    EventState state = EventState::attaching;
    int gaps = 0;
    int told = 0;
    int pictures = 0;
  };
  template <class F>
  bool wait(F condition) {
    std::unique_lock lock(told_->mutex);
    return told_->changed.wait_for(lock, 30s, [&] { return condition(*told_); });
  }
  std::shared_ptr<Told> told_ = std::make_shared<Told>();
};

constexpr const char* kMotion = R"({"code":"VideoMotion","action":"Start","index":3,"data":{"Name":"Yard"}})";

}  // namespace

TEST_CASE("the recorder's events arrive over 37777 and over DHIP, also told two at a time") {
  for (const ControlRoute control : {ControlRoute::dvrip, ControlRoute::dhip}) {
    CAPTURE(name(control));
    RecorderProcess recorder;
    Engine engine(quiet_engine());
    DeviceOptions o = device_options(recorder);
    o.control = control;
    Device device = engine.device(o);
    Listener listener;
    EventSubscription subscription = device.events({}, listener.handlers());
    REQUIRE(listener.wait_state(EventState::attached));
    CHECK(subscription.stats().route == EventRoute::rpc);
    recorder.post("/event", kMotion);
    REQUIRE(listener.wait_word("VideoMotion Start 4"));
    recorder.fault(R"({"name":"two_notifications","times":1})");
    recorder.post(
        "/event",
        R"({"code":"AlarmLocal","action":"Pulse","index":0,"data":{"EventID":9,"UTC":1795694401}})");
    REQUIRE(listener.wait_word("AlarmLocal Pulse 1"));
    recorder.post("/event", R"({"code":"VideoMotion","action":"Stop","index":3})");
    REQUIRE(listener.wait_word("VideoMotion Stop 4"));
    CHECK(listener.events() == 3);
    CHECK(subscription.stats().duplicates == 1);
    subscription.stop();
    CHECK(listener.wait_state(EventState::stopped));
  }
}

TEST_CASE("the recorder's CGI stream is heard through everything that firmware does to it") {
  for (const char* fault :
       {R"({"name":"multipart","headers":1})", R"({"name":"multipart","headers":3,"length":"tight"})",
        R"({"name":"multipart","length":"none"})", R"({"name":"multipart","off":2})",
        R"({"name":"multipart","off":-2,"no_blank":true})", R"({"name":"multipart","boundary_space":true})",
        R"({"name":"multipart","response":true})", R"({"name":"multipart","unknown_pairs":true})",
        R"({"name":"chunks","size":3,"pause_ms":0,"times":400})", R"({"name":"long_codes"})",
        R"({"name":"only_all"})"}) {
    CAPTURE(fault);
    RecorderProcess recorder;
    recorder.fault(fault);
    Engine engine(quiet_engine());
    DeviceOptions o = device_options(recorder);
    o.control = ControlRoute::http;
    Device device = engine.device(o);
    Listener listener;
    EventOptions events;
    events.codes = {"VideoMotion", "AlarmLocal"};
    events.heartbeat = 1s;
    EventSubscription subscription = device.events(events, listener.handlers());
    REQUIRE(listener.wait_state(EventState::attached));
    CHECK(subscription.stats().route == EventRoute::cgi);
    recorder.post("/event", kMotion);
    recorder.post("/event", R"({"code":"AlarmLocal","action":"Pulse","index":0})");
    recorder.post("/event", R"({"code":"VideoMotion","action":"Stop","index":3})");
    CHECK(listener.wait_word("VideoMotion Start 4"));
    CHECK(listener.wait_word("AlarmLocal Pulse 1"));
    CHECK(listener.wait_word("VideoMotion Stop 4"));
    CHECK(listener.events() == 3);
  }
}

TEST_CASE("a stream that is cut or half open comes back, and so do pictures with their events") {
  RecorderProcess recorder;
  Engine engine(quiet_engine());
  DeviceOptions o = device_options(recorder);
  o.control = ControlRoute::http;
  Device device = engine.device(o);
  Listener listener;
  EventOptions events;
  events.heartbeat = 1s;
  events.channels = {4};
  events.pictures = true;
  EventSubscription subscription = device.events(events, listener.handlers());
  REQUIRE(listener.wait_state(EventState::attached));
  for (int i = 0; i < 300 && !subscription.stats().pictures_attached; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  REQUIRE(subscription.stats().pictures_attached);
  recorder.post("/event", kMotion);
  REQUIRE(listener.wait_word("VideoMotion Start 4"));
  CHECK(listener.pictures() == 1);
  recorder.post("/close", R"({"service":"http","reset":true})");
  REQUIRE(listener.wait_gaps(1));
  REQUIRE(listener.wait_state(EventState::attached));
  recorder.post("/event", R"({"code":"CrossLineDetection","action":"Pulse","index":3})");
  CHECK(listener.wait_word("CrossLineDetection Pulse 4"));
}

TEST_CASE(
    "a recorder that answers attach on no control port, or sends no heartbeats, is heard all the same") {
  RecorderProcess recorder;
  const bool mute = GENERATE(true, false);
  CAPTURE(mute);
  recorder.fault(mute ? R"({"name":"no_reply","what":"eventManager.attach"})" : R"({"name":"no_heartbeat"})");
  Engine engine(quiet_engine());
  DeviceOptions o = device_options(recorder);
  o.call_timeout = std::chrono::seconds(2);
  Device device = engine.device(o);
  Listener listener;
  EventOptions events;
  events.heartbeat = 1s;
  if (!mute) events.route = EventRoute::cgi;
  EventSubscription subscription = device.events(events, listener.handlers());
  REQUIRE(listener.wait_state(EventState::attached));
  CHECK(subscription.stats().route == EventRoute::cgi);
  if (!mute) {
    REQUIRE(listener.wait_gaps(1));
    REQUIRE(listener.wait_state(EventState::attached));
  }
  recorder.post("/event", kMotion);
  CHECK(listener.wait_word("VideoMotion Start 4"));
  CHECK(subscription.stats().attaches == 2);
}

TEST_CASE("events come again after a power cut, with a word about the gap") {
  RecorderProcess recorder;
  Engine engine(quiet_engine());
  DeviceOptions o = device_options(recorder);
  o.reconnect_min = std::chrono::milliseconds(100);
  Device device = engine.device(o);
  Listener listener;
  EventSubscription subscription = device.events({}, listener.handlers());
  REQUIRE(listener.wait_state(EventState::attached));
  recorder.post("/event", kMotion);
  REQUIRE(listener.wait_word("VideoMotion Start 4"));
  recorder.kill();
  REQUIRE(listener.wait_state(EventState::interrupted));
  recorder.restart();
  REQUIRE(listener.wait_state(EventState::attached));
  CHECK(listener.wait_word("VideoMotion Stop 4"));  // the recorder knows of no motion any more
  CHECK(listener.gaps() == 1);
  recorder.post("/event", R"({"code":"VideoLoss","action":"Start","index":0})");
  CHECK(listener.wait_word("VideoLoss Start 1"));
}

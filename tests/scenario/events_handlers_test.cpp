// Slow handlers, handlers that end their own subscription, and who may go first.
#include <catch2/catch.hpp>

#include <deque>

#include "scenario/event_scene.hpp"

using namespace dmss;
using namespace dmss::scenario;

namespace {

constexpr auto kStart = EventAction::start;
constexpr auto kStop = EventAction::stop;
constexpr auto kPulse = EventAction::pulse;

/// Workers that do nothing until they are let.
class HeldWorkers final : public session::Workers {
 public:
  bool submit(session::Task task) override {
    tasks_.push_back(std::move(task));
    return true;
  }
  int threads() const override { return 0; }
  void run() {
    while (!tasks_.empty()) {
      const session::Task task = std::move(tasks_.front());
      tasks_.pop_front();
      task();
    }
  }

 private:
  std::deque<session::Task> tasks_;
};

/// Ends the scene and runs what is left: tasks that never run would hold their subscription, and it them.
void let_go(EventScene& s, HeldWorkers& workers) {
  s.subscription = {};
  s.sdk = {};
  s.world.shut_down();
  workers.run();
}

}  // namespace

TEST_CASE("a handler that does not keep up loses the oldest events, and learns the true state all the same") {
  auto workers = std::make_shared<HeldWorkers>();
  EventScene s(ControlRoute::dhip, workers);
  EventOptions o;
  o.queue = 16;
  s.subscribe(o);
  s.device.raise("AlarmLocal", kStart, 0);
  s.world.settle();
  workers->run();
  REQUIRE(s.watch.on().size() == 1);
  // Nobody listens for a while.
  s.device.raise("AlarmLocal", kStop, 0);
  s.device.raise("VideoLoss", kStart, 1);
  for (int i = 0; i < 500; ++i) {
    s.device.raise("CrossLineDetection", kPulse, 0, {{"EventID", i + 1}});
    s.world.advance(1s);
  }
  CHECK(s.device.rpc.keep_alives > 40);  // the session does not wait with him
  EventStats stats = s.subscription.stats();
  CHECK(stats.events == 503);
  CHECK(stats.dropped == 502 - 16);
  workers->run();
  CHECK(s.watch.on() == s.device.on);
  const auto last = s.watch.events().back();
  CHECK(last.recovered);
  std::size_t pulses = 0;
  for (const Event& e : s.watch.events()) pulses += e.action == kPulse ? 1 : 0;
  CHECK(pulses == 16);
  CHECK(s.watch.events().size() == 1 + 16 + 2);
  CHECK(s.subscription.stats().recovered == 2);
  let_go(s, *workers);
}

TEST_CASE("gaps do not pile up before a handler that sleeps: they become one") {
  auto workers = std::make_shared<HeldWorkers>();
  EventScene s(ControlRoute::dhip, workers);
  EventOptions o;
  o.queue = 16;
  s.subscribe(o);
  workers->run();
  const auto begin = s.world.clock().wall_now();
  for (int i = 0; i < 50; ++i) {
    s.device.reboot(false);
    s.world.advance(3min);
  }
  const std::uint64_t told = s.subscription.stats().gaps;
  CHECK(told == 50);
  workers->run();
  REQUIRE(s.watch.gaps().size() < 16);
  CHECK(s.watch.gaps().front().begin <= begin);
  CHECK(s.watch.state() == EventState::attached);
  let_go(s, *workers);
}

TEST_CASE("a handler may stop or destroy its own subscription") {
  const bool destroys = GENERATE(false, true);
  CAPTURE(destroys);
  EventScene s;
  auto subscription = std::make_shared<EventSubscription>();
  int events = 0;
  std::vector<EventState> states;
  EventHandlers h;
  h.on_event = [&, subscription](const Event&) {
    ++events;
    if (destroys) {
      *subscription = EventSubscription();
    } else {
      subscription->stop();
    }
  };
  h.on_state = [&](EventState state, const Error&) { states.push_back(state); };
  *subscription = s.sdk.events({}, h);
  s.world.advance(1s);
  for (int i = 0; i < 3; ++i) {
    s.device.raise("AlarmLocal", kPulse, i);
    s.world.settle();
  }
  CHECK(events == 1);
  if (!destroys) CHECK(states.back() == EventState::stopped);
  s.world.advance(1s);
  CHECK(s.device.listeners() == 0);
  s.device.raise("AlarmLocal", kPulse, 9);
  s.world.settle();
  CHECK(events == 1);
  h = {};
  *subscription = EventSubscription();
  s.check_nothing_left();
}

TEST_CASE("the subscription outlives its device's handle, and ends with a logout or the engine") {
  EventScene s;
  s.subscribe();
  SECTION("handle first") {
    s.sdk = {};
    s.world.advance(1h);
    s.device.raise("VideoMotion", kStart, 0);
    s.world.settle();
    CHECK(s.watch.words().size() == 1);
    s.subscription = {};
    s.world.advance(5s);
    CHECK(s.device.rpc.logouts == 1);
  }
  SECTION("logout") {
    s.sdk.logout();
    s.world.advance(5s);
    CHECK(s.watch.state() == EventState::stopped);
    CHECK(s.watch.why() == Errc::ok);
    CHECK(s.device.rpc.logouts == 1);
    s.world.advance(1h);
    CHECK(s.device.rpc_attaches == 1);
  }
  SECTION("engine first") {
    s.world.shut_down();
    CHECK(s.watch.state() == EventState::stopped);
    CHECK(s.watch.why() == Errc::cancelled);
    EventWatch late;
    EventSubscription after = s.sdk.events({}, late.handlers());
    s.world.settle();
    CHECK(late.states() == std::vector{EventState::stopped});
    s.subscription.stop();
  }
  SECTION("while it is attaching") {
    s.device.reboot(true);
    s.subscription = {};
  }
  s.check_nothing_left();
  CHECK(s.watch.states().size() <= 3);
}

TEST_CASE("one of two who share an attachment leaves, the other goes on") {
  EventScene s;
  s.subscribe();
  EventWatch other;
  EventSubscription second = s.sdk.events({}, other.handlers());
  s.world.settle();
  second.stop();
  s.world.settle();
  CHECK(other.state() == EventState::stopped);
  s.device.raise("VideoMotion", kStart, 0);
  s.world.settle();
  CHECK(s.watch.words().size() == 1);
  CHECK(other.words().empty());
  CHECK(s.device.detaches == 0);
  second = s.sdk.events({}, other.handlers());
  s.world.settle();
  CHECK(other.words() == std::vector<std::string>{"*VideoMotion Start 1"});
  CHECK(s.device.rpc_attaches == 1);
}

TEST_CASE("options out of their ranges fail the subscription with a word about which") {
  std::vector<EventOptions> wrong(7);
  wrong[0].heartbeat = std::chrono::seconds(0);
  wrong[1].queue = 15;
  wrong[2].channels = {0};
  wrong[3].codes = {"a;b"};
  wrong[4].renew = std::chrono::minutes(-1);
  wrong[5].groups = {static_cast<EventGroup>(77)};
  wrong[6].codes = {"a&b=c"};
  for (const EventOptions& o : wrong) {
    EventScene s;
    s.subscribe(o);
    CHECK(s.watch.state() == EventState::failed);
    CHECK(s.watch.why() == Errc::invalid_argument);
    CHECK(s.world.connector().attempts().empty());
    s.subscription.stop();
    s.world.settle();
    CHECK(s.watch.state() == EventState::stopped);
  }
}

// What a device or a slow caller cannot make grow, and switches that are called off.
#include <catch2/catch.hpp>

#include <deque>

#include "proto/dvrip/json_frame.hpp"
#include "scenario/dvrip_device.hpp"
#include "scenario/virtual_world.hpp"

using namespace dmss;
using namespace dmss::scenario;

namespace {

constexpr std::uint16_t kPort = 37777;

/// Handlers run when the test says so.
struct HeldWorkers final : session::Workers {
  bool submit(session::Task task) override {
    held.push_back(std::move(task));
    return true;
  }
  int threads() const override { return 0; }
  void run() {
    while (!held.empty()) {
      session::Task task = std::move(held.front());
      held.pop_front();
      task();
    }
  }
  std::deque<session::Task> held;
};

Bytes notification(std::size_t padding) {
  return proto::dvrip::write_json(
      0, kSession, R"({"method":"client.notifyEventStream","params":")" + std::string(padding, 'x') + "\"}");
}

}  // namespace

TEST_CASE("notifications that nobody takes are dropped and counted, the rest arrives in order") {
  DvripDevice recorder;
  auto workers = std::make_shared<HeldWorkers>();
  VirtualWorld world(workers);
  world.connector().serve(kPort, recorder.script());
  std::size_t came = 0, bytes = 0;
  DeviceHandlers handlers;
  handlers.on_notification = [&](std::string_view json) {
    ++came;
    bytes += json.size();
  };
  Device device = world.device(world.options(), handlers);
  device.login({});
  world.settle();
  workers->run();
  const std::size_t sent = 2000;
  for (std::size_t i = 0; i < sent; ++i) {
    world.connector().peers(kPort).at(0)->send(notification(10000));
    world.settle();
  }
  const std::uint64_t dropped = device.stats().dropped_notifications;
  CHECK(dropped > 0);
  CHECK(came == 0);
  workers->run();
  CHECK(came + dropped == sent);
  CHECK(bytes > 7u << 20);
  CHECK(bytes <= 8u << 20);
  world.connector().peers(kPort).at(0)->send(notification(1));
  world.settle();
  workers->run();
  CHECK(came + dropped == sent + 1);  // there is room again
  device = {};
  world.shut_down();
  workers->run();
}

TEST_CASE(
    "a switch that is cancelled before the new stream's first key frame leaves the old stream playing") {
  DvripDevice recorder;
  VirtualWorld world;
  world.connector().serve(kPort, recorder.script());
  DeviceOptions options = world.options();
  options.media = MediaRoute::dvrip;
  Device device = world.device(options);
  Live live = device.open_live({}, {});
  world.advance(1s);
  recorder.send_frames();
  world.settle();
  REQUIRE(live.stats().state == LiveState::playing);
  Answer<void> switched;
  Operation operation = live.switch_stream(StreamKind::main, switched.handler());
  world.advance(1s);
  REQUIRE(recorder.streams().size() == 2);
  operation.cancel();
  for (int i = 0; i < 3; ++i) {
    recorder.send_frames();
    world.advance(1s);
  }
  CHECK(switched.count() == 1);
  CHECK(switched.error() == Errc::cancelled);
  CHECK(live.stats().stream == StreamKind::extra);
  CHECK(live.stats().state == LiveState::playing);
  CHECK(recorder.streams().size() == 1);
  live = {};
  device = {};
  world.check_nothing_left();
}

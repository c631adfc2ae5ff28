// The queue, the pictures and the figures of one live window, on virtual time and the test's own thread.
#include "session/live/window.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include "media/stamp/stamp.hpp"
#include "unit/media/test_encoder.hpp"

using namespace dmss;
using namespace std::chrono_literals;
using media::AccessUnit;
using session::Window;

namespace {

constexpr int kGop = 10;

std::vector<AccessUnit> pictures(int count) {
  media::EncoderSettings s;
  s.width = 176;
  s.height = 144;
  s.gop = kGop;
  std::vector<AccessUnit> units = media::encode_stamped(s, count);
  for (std::size_t n = 0; n < units.size(); ++n) units[n].number = n + 1;
  return units;
}

struct Scene {
  explicit Scene(LiveOptions options = {}) {
    LiveHandlers h;
    h.on_frame = [this](const Frame& f) {
      const auto stamp = media::read_stamp(f.plane(0).data, f.plane(0).stride, f.width(), f.height());
      shown.push_back(stamp ? static_cast<int>(stamp->number) : -1);
    };
    h.on_packet = [this](const Packet& p) { packets.push_back(p.key); };
    auto workers = std::make_shared<session::ExecutorWorkers>(io.get_executor());
    window = std::make_shared<Window>(std::make_shared<session::Actor>(workers), clock, options, std::move(h),
                                      Logger());
  }
  ~Scene() { settle(); }

  void settle() {
    io.restart();
    io.poll();
  }
  /// One picture each 40 ms.
  void live(AccessUnit unit) {
    clock.advance(40ms, [] {});
    unit.arrived = clock.now();
    window->push(unit, StreamKind::extra);
  }

  net::VirtualClock clock;
  net::asio::io_context io{1};
  std::vector<int> shown;
  std::vector<bool> packets;
  std::shared_ptr<Window> window;
};

}  // namespace

TEST_CASE("window: the rates of a stream that has stopped are nothing") {
  Scene s;
  for (const AccessUnit& u : pictures(60)) {
    s.live(u);
    s.settle();
  }
  CHECK(s.shown.size() == 60);
  CHECK(s.window->stats().frame_rate == Approx(25));
  CHECK(s.window->stats().bit_rate > 0);
  s.clock.advance(2s, [] {});
  CHECK(s.window->stats().frame_rate == Approx(25));
  s.clock.advance(3s, [] {});
  CHECK(s.window->stats().frame_rate == 0);
  CHECK(s.window->stats().bit_rate == 0);
  CHECK(s.window->stats().packets == 60);
}

TEST_CASE("window: one that falls behind goes on from the newest key frame") {
  LiveOptions options;
  options.quality = Quality::real_time;
  Scene s(options);
  const auto units = pictures(20);
  for (const AccessUnit& u : units) s.live(u);
  s.settle();
  REQUIRE_FALSE(s.shown.empty());
  CHECK(s.shown.front() == kGop);
  CHECK(s.shown.back() == 19);
  CHECK(s.window->stats().dropped == kGop);
}

TEST_CASE("window: one that joins gets every packet from the key frame on and shows the newest picture") {
  const auto units = pictures(20);
  const std::vector<AccessUnit> backlog(units.begin() + kGop, units.begin() + 17);
  Scene s;
  s.window->catch_up(backlog, StreamKind::main);
  SECTION("in time") {
    s.settle();
    CHECK(s.shown == std::vector<int>{16});
    CHECK(s.packets == std::vector<bool>{true, false, false, false, false, false, false});
    s.live(units[17]);
    s.settle();
    CHECK(s.shown == std::vector<int>{16, 17});
  }
  SECTION("with live pictures behind it, however old it is") {
    s.clock.advance(10s, [] {});
    for (std::size_t n = 17; n < 20; ++n) s.live(units[n]);
    s.settle();
    CHECK(s.shown == std::vector<int>{16, 17, 18, 19});
    CHECK(s.packets.size() == 10);
  }
  SECTION("a key frame is the shortest way to now") {
    s.live(units[17]);
    s.live(units[0]);
    s.live(units[1]);
    s.settle();
    CHECK(s.shown == std::vector<int>{0, 1});
    CHECK(s.window->stats().dropped == 2);
  }
  CHECK(s.window->stats().packets == s.packets.size() + (s.window->stats().dropped != 0 ? 8 : 0));
  CHECK(s.window->stats().stream == (s.shown.back() == 16 ? StreamKind::main : StreamKind::extra));
}

TEST_CASE("window: once it has caught up it drops by age again") {
  const auto units = pictures(40);
  LiveOptions options;
  options.quality = Quality::real_time;
  Scene s(options);
  int overloads = 0;
  s.window->on_overload = [&] { ++overloads; };
  s.window->catch_up({units.begin(), units.begin() + 5}, StreamKind::extra);
  s.settle();
  for (std::size_t n = 5; n < 10; ++n) {
    s.live(units[n]);
    s.settle();
  }
  s.shown.clear();
  for (std::size_t n = 10; n < 30; ++n) s.live(units[n]);
  s.settle();
  CHECK(s.shown.front() == 20);
  CHECK(s.window->stats().dropped == 10);
}

TEST_CASE("window: what it has had before comes again for the decoder only") {
  const auto units = pictures(10);
  Scene s;
  for (std::size_t n = 0; n < 4; ++n) s.live(units[n]);
  s.settle();
  s.window->wait_for_key();
  s.window->catch_up({units.begin(), units.begin() + 7}, StreamKind::extra);
  s.settle();
  s.live(units[7]);
  s.settle();
  CHECK(s.shown == std::vector<int>{0, 1, 2, 3, 6, 7});
  CHECK(s.packets.size() == 8);
  CHECK(s.window->stats().packets == 8);
}

// The queue, the pictures and the figures of one live window, on virtual time and the test's own thread.
#include "session/live/window.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include "media/decode/video_decoder.hpp"
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
  s.window->on_behind = [&](bool) { ++overloads; };
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

namespace {

/// Stamp of a JPEG's picture; -1 when there is none to read.
int stamp_of(const std::vector<std::uint8_t>& jpeg) {
  AccessUnit u;
  u.codec = Codec::mjpeg;
  u.key = true;
  u.data = media::Buffer::copy_of(jpeg);
  int number = -1;
  media::VideoDecoder decoder({});
  decoder.decode(u, StreamKind::main, [&](const Frame& f) {
    const auto stamp = media::read_stamp(f.plane(0).data, f.plane(0).stride, f.width(), f.height());
    if (stamp) number = static_cast<int>(stamp->number);
  });
  return number;
}

struct TakenBurst {
  TakenBurst(Scene& s, int count) {
    BurstOptions o;
    o.count = count;
    session::Completion<void> completion(s.window->actor(), [this](const Result<void>& r) {
      done.push_back(r.error().code());
      taken_when_done = numbers.size();
    });
    burst = std::make_shared<session::Burst>(
        o,
        [this](int index, const std::vector<std::uint8_t>& jpeg) {
          indices.push_back(index);
          numbers.push_back(stamp_of(jpeg));
        },
        completion);
    operation = completion.operation();
    burst->ended = [this] { ++ended; };
    s.window->take_burst(burst);
    burst.reset();
  }
  std::vector<int> indices, numbers;
  std::vector<Errc> done;
  std::size_t taken_when_done = 0;
  int ended = 0;
  Operation operation;
  std::shared_ptr<session::Burst> burst;
};

}  // namespace

TEST_CASE("window: a burst takes the next pictures, each once and in order, and is then done") {
  Scene s;
  const auto units = pictures(30);
  const auto play = [&](std::size_t from, std::size_t to) {
    for (std::size_t n = from; n < to; ++n) {
      s.live(units[n]);
      s.settle();
    }
  };
  play(0, 7);
  TakenBurst burst(s, 5);
  play(7, 9);
  TakenBurst other(s, 2);
  play(9, 20);
  CHECK(burst.numbers == std::vector<int>{7, 8, 9, 10, 11});
  CHECK(burst.indices == std::vector<int>{0, 1, 2, 3, 4});
  CHECK(burst.done == std::vector<Errc>{Errc::ok});
  CHECK(burst.taken_when_done == 5);
  CHECK(burst.ended == 1);
  CHECK(other.numbers == std::vector<int>{9, 10});
  CHECK(other.done == std::vector<Errc>{Errc::ok});
  CHECK(s.shown.size() == 20);
}

TEST_CASE("window: a burst that is called off takes no further picture, whatever is under way") {
  Scene s;
  const auto units = pictures(20);
  TakenBurst burst(s, 10);
  for (std::size_t n = 0; n < 4; ++n) {
    s.live(units[n]);
    s.settle();
  }
  REQUIRE(burst.numbers.size() == 4);
  burst.operation.cancel();
  for (std::size_t n = 4; n < 8; ++n) {
    s.live(units[n]);
    s.settle();
  }
  CHECK(burst.numbers.size() == 4);
  CHECK(burst.done == std::vector<Errc>{Errc::cancelled});
  CHECK(burst.ended == 1);
  CHECK(s.shown.size() == 8);
}

TEST_CASE("window: a burst ends as cancelled with a window that is let go") {
  Scene s;
  TakenBurst burst(s, 10);
  s.live(pictures(1)[0]);
  s.settle();
  s.window->release();
  s.live(pictures(1)[0]);
  s.settle();
  CHECK(burst.numbers.size() == 1);
  CHECK(burst.done.empty());
  s.window.reset();
  s.settle();
  CHECK(burst.done == std::vector<Errc>{Errc::cancelled});
}

TEST_CASE(
    "window: pictures that the decoder makes nothing of are told, less and less often, and when it does "
    "again") {
  Scene s;
  std::vector<std::pair<Errc, int>> told;  // with the number of the picture
  int pushed = 0;
  s.window->on_decoding = [&](Errc why) { told.emplace_back(why, pushed); };
  const auto good = pictures(20);
  const auto live = [&](const AccessUnit& u) {
    ++pushed;
    s.live(u);
    s.settle();
  };
  SECTION("nonsense") {
    AccessUnit bad = good[0];
    bad.data = media::Buffer::copy_of(from_hex("00 00 00 01 65 88 84 00"));
    for (int i = 0; i < 250; ++i) live(bad);
    CHECK(told.empty());
    for (int i = 0; i < 1000; ++i) live(bad);
    REQUIRE(told.size() == 2);  // after 10 seconds, then 20
    CHECK(told[0] == std::pair(Errc::decode_failed, 251));
    CHECK(told[1] == std::pair(Errc::decode_failed, 752));
    live(good[0]);
    REQUIRE(told.size() == 3);
    CHECK(told[2].first == Errc::ok);
    for (int i = 0; i < 251; ++i) live(bad);
    CHECK(told.size() == 4);
  }
  SECTION("nothing but what builds on a lost picture") {
    live(good[0]);
    AccessUnit lost = good[1];
    lost.corrupt = true;
    live(lost);
    for (int i = 0; i < 250; ++i) live(good[2]);
    REQUIRE(told.size() == 1);
    CHECK(told[0].first == Errc::no_key_frame);
    for (const AccessUnit& u : good) live(u);
    REQUIRE(told.size() == 2);
    CHECK(told[1].first == Errc::ok);
  }
}

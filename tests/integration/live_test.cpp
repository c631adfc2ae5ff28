#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "integration/windows.hpp"
#include "media/decode/video_decoder.hpp"

using namespace dmss;
using namespace dmss::test;

namespace {

std::optional<media::Stamp> stamp_of(const std::vector<std::uint8_t>& jpeg) {
  media::AccessUnit u;
  u.codec = Codec::mjpeg;
  u.key = true;
  u.data = media::Buffer::copy_of(jpeg);
  std::optional<media::Stamp> stamp;
  media::VideoDecoder decoder({});
  decoder.decode(u, StreamKind::main, [&](const Frame& f) {
    stamp = media::read_stamp(f.plane(0).data, f.plane(0).stride, f.width(), f.height());
  });
  return stamp;
}

void check_clean(const TestWindow::Seen& s) {
  CHECK(s.wrong == 0);
  CHECK(s.unreadable == 0);
  CHECK(s.missing == 0);
  CHECK_FALSE(s.time_went_back);
}

}  // namespace

TEST_CASE("live over every media route shows the right channel, every picture, and sound") {
  RecorderProcess recorder;
  struct Row {
    MediaRoute media;
    RtspTransport transport;
    const char* label;
  };
  for (const Row& row : {Row{MediaRoute::rtsp, RtspTransport::tcp, "rtsp/tcp"},
                         Row{MediaRoute::rtsp, RtspTransport::udp, "rtsp/udp"},
                         Row{MediaRoute::rtsp, RtspTransport::tls, "rtsp/tls"},
                         Row{MediaRoute::dvrip, RtspTransport::tcp, "dvrip/tcp"}}) {
    CAPTURE(row.label);
    Engine engine(quiet_engine());
    DeviceOptions o = device_options(recorder);
    o.media = row.media;
    o.rtsp_transport = row.transport;
    Device device = engine.device(o);
    TestWindow window(3);
    Live live = device.open_live(patient(3), window.handlers());
    REQUIRE(window.wait_frames(40));
    REQUIRE(window.wait([](const TestWindow::Seen& s) { return s.audio_blocks >= 5; }));
    const auto seen = window.seen();
    check_clean(seen);
    CHECK(seen.width == 704);
    CHECK(seen.height == 576);
    CHECK(seen.packets >= seen.frames);
    const LiveStats stats = live.stats();
    CHECK(stats.transport.rfind(row.label, 0) == 0);
    CHECK(stats.route == row.media);
    CHECK(stats.dropped == 0);
    CHECK(stats.lost == 0);
    CHECK(stats.first_frame.count() > 0);
    const auto jpeg = snapshot(live);
    REQUIRE(jpeg);
    CHECK(jpeg->size() > 1000);
    CHECK((*jpeg)[0] == 0xff);
  }
}

TEST_CASE("a burst gives that many pictures, each the next one of the stream") {
  RecorderProcess recorder;
  Engine engine(quiet_engine());
  Device device = engine.device(device_options(recorder));
  TestWindow window(2);
  Live live = device.open_live(patient(2), window.handlers());
  REQUIRE(window.wait_frames(5));
  struct Taken {
    std::mutex mutex;
    std::vector<std::vector<std::uint8_t>> jpegs;
  };
  auto taken = std::make_shared<Taken>();
  auto promise = std::make_shared<std::promise<Result<void>>>();
  auto future = promise->get_future();
  BurstOptions o;
  o.count = 6;
  live.snapshot_burst(
      o,
      [taken](int index, const std::vector<std::uint8_t>& jpeg) {
        std::lock_guard lock(taken->mutex);
        if (static_cast<std::size_t>(index) == taken->jpegs.size()) taken->jpegs.push_back(jpeg);
      },
      [promise](const Result<void>& r) { promise->set_value(r); });
  REQUIRE(get(std::move(future)));
  std::lock_guard lock(taken->mutex);
  REQUIRE(taken->jpegs.size() == 6);
  std::optional<media::Stamp> last;
  for (const auto& jpeg : taken->jpegs) {
    const std::optional<media::Stamp> stamp = stamp_of(jpeg);
    REQUIRE(stamp);
    CHECK(stamp->channel == 2);
    if (last) CHECK(stamp->number == (last->number + 1) % stamp->loop);
    last = stamp;
  }
}

TEST_CASE("sixteen windows on each route, one login, no stamp missing") {
  RecorderProcess recorder;
  for (MediaRoute route : {MediaRoute::rtsp, MediaRoute::dvrip}) {
    CAPTURE(static_cast<int>(route));
    const auto before = nlohmann::json::parse(recorder.get("/state"));
    Engine engine(quiet_engine());
    DeviceOptions o = device_options(recorder);
    o.media = route;
    Device device = engine.device(o);
    std::vector<std::unique_ptr<TestWindow>> windows;
    std::vector<Live> lives;
    for (int channel = 1; channel <= 16; ++channel) {
      windows.push_back(std::make_unique<TestWindow>(channel));
      lives.push_back(device.open_live(patient(channel), windows.back()->handlers()));
    }
    for (auto& w : windows) {
      REQUIRE(w->wait_frames(30));
      check_clean(w->seen());
    }
    CHECK(device.stats().logins == 1);
    CHECK(engine.stats().upstreams == 16);
    CHECK(engine.stats().threads <= std::thread::hardware_concurrency() + 1);
    for (Live& live : lives) live.stop();
    for (auto& w : windows) CHECK(w->wait_state(LiveState::stopped));
  }
}

TEST_CASE("sixteen channels for a minute on each route at once, no stamp missing") {
  RecorderProcess recorder;
  Engine engine(quiet_engine());
  std::vector<Device> devices;
  std::vector<std::unique_ptr<TestWindow>> windows;
  std::vector<Live> lives;
  for (MediaRoute route : {MediaRoute::rtsp, MediaRoute::dvrip}) {
    DeviceOptions o = device_options(recorder);
    o.media = route;
    devices.push_back(engine.device(o));
    for (int channel = 1; channel <= 16; ++channel) {
      windows.push_back(std::make_unique<TestWindow>(channel));
      lives.push_back(devices.back().open_live(patient(channel), windows.back()->handlers()));
    }
  }
  for (auto& w : windows) {
    REQUIRE(w->wait_frames(60 * 15, 100s));
    check_clean(w->seen());
  }
  for (const Live& live : lives) {
    CHECK(live.stats().dropped == 0);
    CHECK(live.stats().lost == 0);
    CHECK(live.stats().restarts == 0);
  }
}

TEST_CASE("main streams in H.264 and in H.265 are shown") {
  RecorderProcess recorder;
  Engine engine(quiet_engine());
  DeviceOptions o = device_options(recorder);
  bool h264 = false, h265 = false;
  for (MediaRoute route : {MediaRoute::rtsp, MediaRoute::dvrip}) {
    o.media = route;
    Device device = engine.device(o);
    for (int channel : {1, 16}) {
      CAPTURE(channel, static_cast<int>(route));
      TestWindow window(channel);
      Live live = device.open_live(patient(channel, StreamKind::main), window.handlers());
      REQUIRE(window.wait_frames(15));
      const auto seen = window.seen();
      check_clean(seen);
      CHECK(seen.width == 1920);
      CHECK(seen.height == 1080);
      (seen.codec == Codec::h265 ? h265 : h264) = true;
    }
  }
  CHECK(h264);
  CHECK(h265);
}

TEST_CASE("packets may be taken on the network thread, while pictures are decoded on workers") {
  RecorderProcess recorder;
  Engine engine(quiet_engine());
  Device device = engine.device(device_options(recorder));
  struct Threads {
    std::mutex mutex;
    std::set<std::thread::id> of_packets, of_frames;
    void note(std::set<std::thread::id>& threads) {
      std::lock_guard lock(mutex);
      threads.insert(std::this_thread::get_id());
    }
  };
  const auto threads = std::make_shared<Threads>();
  std::vector<std::unique_ptr<TestWindow>> windows;
  std::vector<Live> lives;
  for (int channel : {1, 2, 3}) {
    windows.push_back(std::make_unique<TestWindow>(channel));
    LiveHandlers h = windows.back()->handlers();
    h.on_packet = [threads, inner = h.on_packet](const Packet& p) {
      inner(p);
      threads->note(threads->of_packets);
    };
    h.on_frame = [threads, inner = h.on_frame](const Frame& f) {
      inner(f);
      threads->note(threads->of_frames);
    };
    LiveOptions o = patient(channel);
    o.packets_on_network_thread = true;
    lives.push_back(device.open_live(o, std::move(h)));
  }
  for (auto& w : windows) {
    REQUIRE(w->wait_frames(20));
    check_clean(w->seen());
    CHECK(w->seen().packets >= w->seen().frames);
  }
  std::lock_guard lock(threads->mutex);
  REQUIRE(threads->of_packets.size() == 1);
  CHECK(threads->of_frames.count(*threads->of_packets.begin()) == 0);
}

TEST_CASE("two windows on one stream share one upstream") {
  RecorderProcess recorder;
  Engine engine(quiet_engine());
  Device device = engine.device(device_options(recorder));
  TestWindow a(5), b(5);
  Live first = device.open_live(patient(5), a.handlers());
  REQUIRE(a.wait_frames(5));
  Live second = device.open_live(patient(5), b.handlers());
  REQUIRE(b.wait_frames(5));
  CHECK(engine.stats().upstreams == 1);
  first.stop();
  REQUIRE(a.wait_state(LiveState::stopped));
  const auto frames = b.seen().frames;
  CHECK(b.wait_frames(frames + 5));
}

namespace {

/// What a window shows while it goes over from pictures of one width to those of another.
class Change {
 public:
  LiveHandlers watch(LiveHandlers h) {
    h.on_frame = [s = seen_, inner = h.on_frame](const Frame& f) {
      {
        std::lock_guard lock(s->mutex);
        const auto stamp = media::read_stamp(f.plane(0).data, f.plane(0).stride, f.width(), f.height());
        if (f.width() != s->width) s->runs.push_back({f.width(), 0, 0, stamp ? stamp->number : ~0u, 0});
        s->width = f.width();
        Run& run = s->runs.back();
        if (stamp && run.pictures > 0)
          run.missing += (stamp->number + stamp->loop - (run.last + 1) % stamp->loop) % stamp->loop;
        ++run.pictures;
        if (stamp) run.last = stamp->number;
      }
      inner(f);
    };
    return h;
  }
  struct Run {
    int width;
    std::uint64_t pictures, missing;
    std::uint32_t first, last;  // stamps
  };
  /// Pictures of one width in a row, the latest at the end.
  std::vector<Run> runs() const {
    std::lock_guard lock(seen_->mutex);
    return seen_->runs;
  }

 private:
  struct Seen {
    std::mutex mutex;
    int width = 0;
    std::vector<Run> runs;
  };
  std::shared_ptr<Seen> seen_ = std::make_shared<Seen>();
};

DeviceOptions old_recorder_options(const RecorderProcess& recorder) {
  DeviceOptions o = device_options(recorder);
  o.control = ControlRoute::dvrip;
  o.media = MediaRoute::dvrip;
  o.legacy_login = LegacyLogin::plain;
  return o;
}

}  // namespace

TEST_CASE("going from one stream to the other leaves no gap, however slowly the new one opens") {
  struct Row {
    const char* profile;
    const char* slow;  // more than a second in all
    int extra_width, main_width;
  };
  const auto row =
      GENERATE(Row{"rtsp", R"({"name":"slow","service":"rtsp","ms":500,"times":3})", 704, 1920},
               Row{"dvrip", R"({"name":"slow","service":"dvrip","ms":750,"times":2})", 704, 1920},
               Row{"olddvr", R"({"name":"slow","service":"dvrip","ms":1500,"times":1})", 352, 704});
  CAPTURE(row.profile);
  const bool old = std::string(row.profile) == "olddvr";
  RecorderProcess recorder(old ? std::vector<std::string>{"--profile", "olddvr"}
                               : std::vector<std::string>{});
  Engine engine(quiet_engine());
  DeviceOptions o = old ? old_recorder_options(recorder) : device_options(recorder);
  if (!old) o.media = std::string(row.profile) == "rtsp" ? MediaRoute::rtsp : MediaRoute::dvrip;
  Device device = engine.device(o);
  TestWindow window(2);
  Change change;
  Live live = device.open_live(patient(2), change.watch(window.handlers()));
  REQUIRE(window.wait_frames(5));
  for (const StreamKind to : {StreamKind::main, StreamKind::extra}) {
    CAPTURE(name(to));
    const int width = to == StreamKind::main ? row.main_width : row.extra_width;
    REQUIRE_FALSE(change.runs().empty());
    const Change::Run before = change.runs().back();
    recorder.fault(row.slow);
    std::promise<Result<void>> done;
    live.switch_stream(to, [&](Result<void> r) { done.set_value(std::move(r)); });
    CHECK(get(done.get_future()));
    REQUIRE(window.wait([&](const TestWindow::Seen& s) { return s.width == width; }));
    window.forget_stamps();
    REQUIRE(window.wait_frames(20));
    const auto runs = change.runs();
    const Change::Run& last = runs.back();
    const Change::Run& one_before_last = runs.at(runs.size() - 2);
    REQUIRE(last.width == width);
    REQUIRE(one_before_last.width == before.width);
    // The old stream plays while the new one opens (a second has 15 pictures), and the new one is shown from its first picture.
    CHECK(one_before_last.pictures >= before.pictures + 8);
    CHECK(one_before_last.missing == 0);
    CHECK(last.first == 0);
    CHECK(last.missing == 0);
    CHECK(live.stats().stream == to);
  }
  const auto seen = window.seen();
  CHECK(seen.unreadable == 0);
  CHECK(seen.wrong == 0);
  for (const auto& [state, why] : seen.states)
    CHECK((state == LiveState::opening || state == LiveState::playing));
}

TEST_CASE("pause stops pictures and resume brings them back, starting clean") {
  RecorderProcess recorder;
  Engine engine(quiet_engine());
  Device device = engine.device(device_options(recorder));
  TestWindow window(4);
  Live live = device.open_live(patient(4), window.handlers());
  REQUIRE(window.wait_frames(5));
  live.pause();
  REQUIRE(window.wait_state(LiveState::paused));
  window.forget_stamps();
  live.resume();
  REQUIRE(window.wait_state(LiveState::playing));
  REQUIRE(window.wait_frames(5));
  CHECK(window.seen().unreadable == 0);
}

TEST_CASE("a muted window hears nothing until it is unmuted") {
  RecorderProcess recorder;
  Engine engine(quiet_engine());
  Device device = engine.device(device_options(recorder));
  TestWindow window(1);
  LiveOptions o = patient(1);
  o.muted = true;
  Live live = device.open_live(o, window.handlers());
  REQUIRE(window.wait_frames(30));
  CHECK(window.seen().audio_blocks == 0);
  live.mute(false);
  CHECK(window.wait([](const TestWindow::Seen& s) { return s.audio_blocks > 0; }));
}

TEST_CASE(
    "a recorder that is killed and started again: every window comes back by itself and says why it went") {
  RecorderProcess recorder;
  for (MediaRoute route : {MediaRoute::rtsp, MediaRoute::dvrip}) {
    CAPTURE(static_cast<int>(route));
    std::mutex log_mutex;
    std::string log;
    EngineOptions eo;
    eo.log_level = LogLevel::warning;
    eo.log_sink = [&](const LogRecord& r) {
      std::lock_guard lock(log_mutex);
      log += std::string(r.text) + "\n";
    };
    Engine engine(eo);
    DeviceOptions o = device_options(recorder);
    o.media = route;
    o.reconnect_min = std::chrono::milliseconds(200);
    Device device = engine.device(o);
    std::vector<std::unique_ptr<TestWindow>> windows;
    std::vector<Live> lives;
    for (int channel = 1; channel <= 16; ++channel) {
      windows.push_back(std::make_unique<TestWindow>(channel));
      lives.push_back(device.open_live(patient(channel), windows.back()->handlers()));
    }
    for (auto& w : windows) REQUIRE(w->wait_frames(3));
    recorder.kill();
    for (auto& w : windows) REQUIRE(w->wait_state(LiveState::reconnecting));
    for (auto& w : windows) {
      CHECK(w->seen().states.back().second.category() == ErrorCategory::network);
      w->forget_stamps();
    }
    recorder.restart();
    for (auto& w : windows) {
      REQUIRE(w->wait_frames(5, 60s));
      CHECK(w->seen().wrong == 0);
      CHECK(w->seen().unreadable == 0);
    }
    std::lock_guard lock(log_mutex);
    CHECK(log.find("connection_lost") != std::string::npos);
  }
}

TEST_CASE("a channel that does not exist is said to be so, on both routes") {
  RecorderProcess recorder;
  for (MediaRoute route : {MediaRoute::rtsp, MediaRoute::dvrip}) {
    CAPTURE(static_cast<int>(route));
    Engine engine(quiet_engine());
    DeviceOptions o = device_options(recorder);
    o.media = route;
    Device device = engine.device(o);
    TestWindow window(40);
    Live live = device.open_live(patient(40), window.handlers());
    REQUIRE(window.wait_state(LiveState::failed));
    const Error why = window.seen().states.back().second;
    CHECK((why == Errc::no_such_channel || why == Errc::no_stream));
  }
}

TEST_CASE("an old recorder shows its channels in the old dialect") {
  RecorderProcess recorder({"--profile", "olddvr"});
  Engine engine(quiet_engine());
  Device device = engine.device(old_recorder_options(recorder));
  TestWindow one(1), two(2);
  Live first = device.open_live(patient(1, StreamKind::main), one.handlers());
  Live second = device.open_live(patient(2, StreamKind::main), two.handlers());
  REQUIRE(one.wait_frames(20));
  REQUIRE(two.wait_frames(20));
  check_clean(one.seen());
  check_clean(two.seen());
}

TEST_CASE("two windows on main and extra of one channel of an old recorder both play on") {
  RecorderProcess recorder({"--profile", "olddvr"});
  Engine engine(quiet_engine());
  Device device = engine.device(old_recorder_options(recorder));
  TestWindow one(1), two(1);
  Live first = device.open_live(patient(1, StreamKind::extra), one.handlers());
  REQUIRE(one.wait_frames(5));
  Live second = device.open_live(patient(1, StreamKind::main), two.handlers());
  REQUIRE(two.wait_frames(40));
  const auto frames = one.seen().frames;
  REQUIRE(one.wait_frames(frames + 40));
  second.stop();
  REQUIRE(one.wait([](const TestWindow::Seen& s) { return s.width == 352; }));
  for (const auto& [state, why] : one.seen().states) CHECK(state != LiveState::reconnecting);
  CHECK(one.seen().unreadable == 0);
}

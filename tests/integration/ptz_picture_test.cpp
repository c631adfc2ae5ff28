// What a window shows while a camera turns.
#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "integration/windows.hpp"
#include "media/stamp/position_stamp.hpp"

using namespace dmss;
using namespace dmss::test;

namespace {

/// The positions that pictures showed, in their order.
struct Shown {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::optional<media::PositionStamp>> positions;

  bool wait(const std::function<bool(const std::optional<media::PositionStamp>&)>& condition) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, 30s, [&] { return !positions.empty() && condition(positions.back()); });
  }
};

LiveHandlers watching(TestWindow& window, const std::shared_ptr<Shown>& shown) {
  LiveHandlers h = window.handlers();
  h.on_frame = [shown, inner = std::move(h.on_frame)](const Frame& f) {
    {
      const std::lock_guard lock(shown->mutex);
      shown->positions.push_back(
          media::read_position(f.plane(0).data, f.plane(0).stride, f.width(), f.height()));
    }
    shown->changed.notify_all();
    inner(f);
  };
  return h;
}

nlohmann::json head(const RecorderProcess& recorder) {
  const auto state = nlohmann::json::parse(recorder.get("/state"), nullptr, false);
  return state["ptz"]["channels"][0];
}

}  // namespace

TEST_CASE("a window shows the camera turning, without a gap, on every route and stream") {
  for (const MediaRoute route : {MediaRoute::rtsp, MediaRoute::dvrip}) {
    for (const StreamKind stream : {StreamKind::extra, StreamKind::main}) {
      CAPTURE(static_cast<int>(route), static_cast<int>(stream));
      RecorderProcess recorder;
      Engine engine(quiet_engine());
      DeviceOptions o = device_options(recorder);
      o.media = route;
      Device device = engine.device(o);
      TestWindow window(1);
      const auto shown = std::make_shared<Shown>();
      LiveOptions options;
      options.channel = 1;
      options.stream = stream;
      options.quality = Quality::fluent;
      Live live = device.open_live(options, watching(window, shown));
      REQUIRE(window.wait_frames(10));
      {
        const std::lock_guard lock(shown->mutex);
        for (const auto& position : shown->positions) CHECK_FALSE(position);
      }
      recorder.post("/ptz", R"({"channel":1,"start":"Right","args":[0,2]})");
      REQUIRE(shown->wait([](const auto& p) { return p && p->pan > 60; }));
      recorder.post("/ptz", R"({"channel":1,"stop":"Right"})");
      const auto end = static_cast<std::int16_t>(std::lround(head(recorder)["pan"].get<double>() * 10));
      REQUIRE(shown->wait([&](const auto& p) { return p && p->pan == end; }));
      CHECK(head(recorder)["running"].empty());
      const TestWindow::Seen seen = window.seen();
      CHECK(seen.missing == 0);
      CHECK(seen.wrong == 0);
      CHECK(seen.unreadable == 0);
      CHECK_FALSE(seen.time_went_back);
      live.stop();
    }
  }
}

// One RTSP stream in virtual time, opened and run by hand.
#pragma once

#include <catch2/catch.hpp>

#include "scenario/rtsp_device.hpp"
#include "scenario/virtual_world.hpp"
#include "session/engine/spawn.hpp"
#include "session/live/rtsp_memory.hpp"
#include "session/live/rtsp_source.hpp"

namespace dmss::scenario {

struct RtspSink final : session::MediaSink {
  void on_access_unit(media::AccessUnit&& unit) override { units.push_back(std::move(unit)); }
  void on_notice(Error) override {}
  std::vector<media::AccessUnit> units;
};

struct RtspScene {
  static constexpr std::uint16_t kPort = 554;

  explicit RtspScene(int step = -1, Fault fault = Fault::none) {
    device.digest = true;
    world.connector().serve(kPort, device.script(step, fault));
    session::RtspTarget target;
    target.endpoint = {"192.0.2.10", kPort};
    target.credentials = {"admin", Secret("donotuse")};
    target.on_credentials_sent = [this] { ++told_credentials; };
    source = session::make_rtsp_source(world.core()->context(), std::move(target), {}, sink);
  }
  void open() {
    auto task = [](RtspScene& s) -> awaitable<void> {
      s.opened = co_await s.source->open();
      ++s.completions;
    };
    session::spawn(world.executor(), task(*this), Logger());
    world.settle();
  }
  void run() {
    REQUIRE(opened);
    REQUIRE(*opened);
    auto task = [](RtspScene& s) -> awaitable<void> { s.ended = co_await s.source->run(); };
    session::spawn(world.executor(), task(*this), Logger());
    world.settle();
  }
  void play(int seconds) {
    for (int i = 0; i < seconds; ++i) {
      device.send_frames();
      world.advance(1s);
    }
  }
  std::vector<net::TimePoint> times_of(std::string_view method) {
    std::vector<net::TimePoint> out;
    for (const auto& h : world.connector().peers(kPort).at(0)->heard()) {
      if (as_text(h.bytes).starts_with(method)) out.push_back(h.at);
    }
    return out;
  }

  RtspDevice device;
  RtspSink sink;
  int told_credentials = 0;
  int completions = 0;
  std::optional<Result<session::SourceInfo>> opened;
  std::optional<Error> ended;
  VirtualWorld world;
  std::shared_ptr<session::MediaSource> source;
};

}  // namespace dmss::scenario

// A PTZ camera that is logged in, on virtual time, and what the handlers of one move heard.
#pragma once

#include "scenario/ptz_device.hpp"
#include "scenario/virtual_world.hpp"

namespace dmss::scenario {

using Said = std::vector<std::string>;

inline constexpr std::uint16_t kPtzHttp = 80;
inline constexpr std::uint16_t kPtzDhip = 5000;

/// A camera that is logged in, and what its handlers heard of one move.
struct PtzScene {
  explicit PtzScene(ControlRoute r = ControlRoute::dhip, bool cgi_only = false) : route(r) {
    camera.clock = &world.clock();
    camera.cgi_only = cgi_only;
    serve();
    DeviceOptions options = world.options(route);
    options.password = Secret(std::string(kRpcPassword));
    device = world.device(options);
    Answer<DeviceInfo> login;
    device.login(login.handler());
    world.settle();
    REQUIRE(login.ok());
  }
  void serve() {
    world.connector().serve(kPtzHttp, camera.http());
    world.connector().serve(kPtzDhip, camera.dhip());
  }
  void unplug() {
    world.connector().refuse(kPtzHttp);
    world.connector().refuse(kPtzDhip);
    for (const auto& peer : world.connector().peers(port())) peer->reset();
    world.settle();
  }
  std::uint16_t port() const { return route == ControlRoute::http ? kPtzHttp : kPtzDhip; }

  PtzMoveOptions options(Duration duration = {}, int speed = 4) const {
    PtzMoveOptions o;
    o.speed = speed;
    o.duration = std::chrono::duration_cast<std::chrono::milliseconds>(duration);
    o.on_started = started.handler();
    o.on_stopped = stopped.handler();
    return o;
  }
  PtzMove move(PtzAction action, Duration duration = {}) {
    return device.ptz(1).move(action, options(duration));
  }

  ControlRoute route;
  PtzDevice camera;
  mutable Answer<void> started;
  mutable Answer<void> stopped;
  VirtualWorld world;
  Device device;
};

/// At rest, and each start followed by a stop of its code before another one. HTTP may have sent a request once more on a new connection.
inline void check_at_rest(const PtzDevice& camera) {
  CHECK(camera.moving.empty());
  std::string running;
  for (const auto& c : camera.commands) {
    if (c.verb == "start") {
      CHECK((running.empty() || running == c.code));
      running = c.code;
    } else if (c.code == running) {
      running.clear();
    }
  }
  CHECK(running.empty());
}

}  // namespace dmss::scenario

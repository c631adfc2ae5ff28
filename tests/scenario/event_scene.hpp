// A device with events, a world around it and a subscription to it.
#pragma once

#include "scenario/event_device.hpp"
#include "scenario/event_watch.hpp"
#include "scenario/virtual_world.hpp"

namespace dmss::scenario {

struct EventScene {
  explicit EventScene(ControlRoute control = ControlRoute::dhip,
                      std::shared_ptr<session::Workers> workers = nullptr)
      : world(std::move(workers)) {
    world.connector().serve(5000, device.dhip());
    world.connector().serve(80, device.http());
    options = world.options(control);
    options.password = Secret(std::string(kRpcPassword));
    sdk = world.device(options);
  }
  void subscribe(EventOptions o = {}) {
    subscription = sdk.events(std::move(o), watch.handlers());
    world.advance(2s);
  }
  /// The client's way back to the device, and time to take it.
  void come_back(Duration d = 2min) { world.advance(d); }
  void check_nothing_left() {
    subscription = {};
    sdk = {};
    world.check_nothing_left();
  }

  EventDevice device;
  EventWatch watch;
  DeviceOptions options;
  VirtualWorld world;
  Device sdk;
  EventSubscription subscription;
};

}  // namespace dmss::scenario

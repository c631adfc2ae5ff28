// Waiting for the answer of one request, over real sockets.
#pragma once

#include <functional>
#include <future>
#include <memory>

#include "integration/windows.hpp"

namespace dmss::test {

template <class T>
Result<T> wait_for(const std::function<void(std::function<void(Result<T>)>)>& ask) {
  auto promise = std::make_shared<std::promise<Result<T>>>();
  auto future = promise->get_future();
  ask([promise](Result<T> r) { promise->set_value(std::move(r)); });
  return get(std::move(future));
}

/// A device of its own engine.
struct Session {
  Session(const RecorderProcess& recorder, ControlRoute route) : engine(quiet_engine()) {
    DeviceOptions options = device_options(recorder);
    options.control = route;
    device = engine.device(options);
  }
  explicit Session(DeviceOptions options)
      : engine(quiet_engine()), device(engine.device(std::move(options))) {}
  Engine engine;
  Device device;
};

}  // namespace dmss::test

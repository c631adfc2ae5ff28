// VirtualWorld: an engine on virtual time and scripted connections, everything on the test's thread.
#pragma once

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <vector>

#include "net/clock.hpp"
#include "scenario/scripted_connector.hpp"
#include "session/device/device_session.hpp"
#include "session/engine/engine_core.hpp"

namespace dmss::scenario {

using namespace std::chrono_literals;

/// Counts how often a handler was called.
template <class T>
class Answer {
 public:
  std::function<void(Result<T>)> handler() {
    return [state = state_](Result<T> r) {
      ++state->count;
      state->last = std::move(r);
    };
  }
  int count() const { return state_->count; }
  bool ok() const { return state_->last && state_->last->has_value(); }
  const auto& value() const {
    REQUIRE(ok());
    return **state_->last;
  }
  Error error() const { return state_->last ? state_->last->error() : Error(); }

 private:
  struct State {
    int count = 0;
    std::optional<Result<T>> last;
  };
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

class VirtualWorld {
 public:
  explicit VirtualWorld(std::shared_ptr<session::Workers> workers = nullptr) : connector_(clock_) {
    session::Context context{io_.get_executor(), clock_, connector_, Logger()};
    if (!workers) workers = std::make_shared<session::ExecutorWorkers>(io_.get_executor());
    core_ = std::make_shared<session::EngineCore>(std::move(context), std::move(workers));
  }
  ~VirtualWorld() { shut_down(); }

  /// Runs everything that can run at this instant.
  void settle() {
    io_.restart();
    io_.poll();
    connector_.rethrow();
  }
  void advance(Duration d) {
    clock_.advance(d, [this] {
      ++wake_ups_;
      settle();
    });
    --wake_ups_;  // the first call is advance()'s own
  }
  /// Timers that fired since the world began.
  long wake_ups() const { return wake_ups_; }

  /// Its own address in each world: the guard of credentials is one for the whole process.
  DeviceOptions options(ControlRoute route = ControlRoute::dvrip) const {
    DeviceOptions o;
    o.address = address_;
    o.password = Secret("donotuse");
    o.control = route;
    return o;
  }
  Device device(DeviceOptions options, DeviceHandlers handlers = {}) {
    return session::make_device(core_, std::move(options), std::move(handlers));
  }

  void shut_down() {
    core_->shutdown();
    advance(3s);  // the longest goodbye
  }
  /// Call when the test has let go of its handles: nothing may be left over.
  void check_nothing_left() {
    shut_down();
    const EngineStats stats = core_->stats();
    CHECK(stats.devices == 0);
    CHECK(stats.lives == 0);
    CHECK(stats.upstreams == 0);
    CHECK_FALSE(clock_.next().has_value());
    for (const auto& a : connector_.attempts()) {
      if (a.peer) CHECK(a.peer.use_count() == 1);  // its script has ended, so the client has closed
    }
  }

  net::VirtualClock& clock() { return clock_; }
  net::TimePoint now() const { return clock_.now(); }
  ScriptedConnector& connector() { return connector_; }
  const std::shared_ptr<session::EngineCore>& core() const { return core_; }
  net::Executor executor() { return io_.get_executor(); }

 private:
  static std::string next_address() {
    static int n = 0;
    return "device-" + std::to_string(++n) + ".test";
  }

  const std::string address_ = next_address();
  net::VirtualClock clock_;  // before io_: coroutines that the io_context destroys hold timers
  net::asio::io_context io_{1};
  ScriptedConnector connector_;
  std::shared_ptr<session::EngineCore> core_;
  long wake_ups_ = 0;
};

}  // namespace dmss::scenario

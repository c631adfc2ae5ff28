// A PTZ move is never left running: every start that reached the camera is followed by its stop, whatever happens in between.
#include <catch2/catch.hpp>

#include "scenario/ptz_device.hpp"
#include "scenario/virtual_world.hpp"

using namespace dmss;
using namespace dmss::scenario;

namespace {

using Said = std::vector<std::string>;

constexpr std::uint16_t kHttp = 80;
constexpr std::uint16_t kDhip = 5000;

/// A camera that is logged in, and what its handlers heard of one move.
struct Scene {
  explicit Scene(ControlRoute r = ControlRoute::dhip) : route(r) {
    camera.clock = &world.clock();
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
    world.connector().serve(kHttp, camera.http());
    world.connector().serve(kDhip, camera.dhip());
  }
  void unplug() {
    world.connector().refuse(kHttp);
    world.connector().refuse(kDhip);
    for (const auto& peer : world.connector().peers(port())) peer->reset();
    world.settle();
  }
  std::uint16_t port() const { return route == ControlRoute::http ? kHttp : kDhip; }

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
void check_at_rest(const PtzDevice& camera) {
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

}  // namespace

TEST_CASE("a move starts with its code and speed and stops when it is told to, over either route") {
  const ControlRoute route = GENERATE(ControlRoute::dhip, ControlRoute::http);
  Scene scene(route);
  PtzMove move = scene.move(PtzAction::left);
  scene.world.settle();
  CHECK(scene.started.ok());
  CHECK(scene.stopped.count() == 0);
  CHECK(scene.camera.moving == std::set<std::string>{"Left"});
  scene.world.advance(1h);
  CHECK(scene.camera.words() == Said{"start Left"});
  move.stop();
  move.stop();
  scene.world.settle();
  CHECK(scene.stopped.ok());
  CHECK(scene.camera.words() == Said{"start Left", "stop Left"});
  move.stop();
  move = {};
  scene.world.advance(1min);
  CHECK(scene.camera.words().size() == 2);
  CHECK(scene.started.count() == 1);
  CHECK(scene.stopped.count() == 1);
  scene.device = {};
  scene.world.check_nothing_left();
}

TEST_CASE("speeds are the device's own; diagonals take the vertical one first; zoom takes none") {
  struct Row {
    PtzAction action;
    const char* code;
    int arg1, arg2;
  };
  Scene scene;
  for (const Row& row :
       {Row{PtzAction::up, "Up", 0, 5}, Row{PtzAction::down, "Down", 0, 5},
        Row{PtzAction::left, "Left", 0, 8}, Row{PtzAction::right, "Right", 0, 8},
        Row{PtzAction::left_up, "LeftUp", 5, 8}, Row{PtzAction::right_up, "RightUp", 5, 8},
        Row{PtzAction::left_down, "LeftDown", 5, 8}, Row{PtzAction::right_down, "RightDown", 5, 8},
        Row{PtzAction::zoom_in, "ZoomTele", 0, 0}, Row{PtzAction::zoom_out, "ZoomWide", 0, 0},
        Row{PtzAction::focus_near, "FocusNear", 0, 0}, Row{PtzAction::focus_far, "FocusFar", 0, 0}}) {
    CAPTURE(row.code);
    PtzMoveOptions options;
    options.speed = 8;
    PtzMove move = scene.device.ptz(1).move(row.action, options);
    scene.world.settle();
    const auto& c = scene.camera.commands.back();
    CHECK(c.text() == std::string("start ") + row.code);
    CHECK(c.arg1 == row.arg1);
    CHECK(c.arg2 == row.arg2);
    CHECK(c.arg3 == 0);
  }
  scene.world.settle();
  check_at_rest(scene.camera);
}

TEST_CASE("a move with a duration ends by the engine's clock, whether its handle still exists or not") {
  Scene scene;
  const bool keep = GENERATE(true, false);
  PtzMove kept = scene.move(PtzAction::right, 700ms);
  if (!keep) kept = {};
  scene.world.settle();
  CHECK(scene.started.ok());
  scene.world.advance(699ms);
  CHECK(scene.camera.words() == Said{"start Right"});
  scene.world.advance(1ms);
  CHECK(scene.camera.words() == Said{"start Right", "stop Right"});
  CHECK(scene.camera.commands[1].at - scene.camera.commands[0].at == 700ms);
  CHECK(scene.stopped.ok());
  if (keep) {
    kept.stop();
    scene.world.advance(1min);
    CHECK(scene.camera.words().size() == 2);
  }
}

TEST_CASE("a move is stopped when its handle goes, also inside its own handler") {
  Scene scene;
  auto holder = std::make_shared<PtzMove>();
  PtzMoveOptions options = scene.options();
  options.on_started = [holder, inner = options.on_started](Result<void> r) {
    inner(std::move(r));
    *holder = {};
  };
  *holder = scene.device.ptz(1).move(PtzAction::up, std::move(options));
  scene.world.settle();
  CHECK(scene.started.ok());
  CHECK(scene.stopped.ok());
  CHECK(scene.camera.words() == Said{"start Up", "stop Up"});
}

TEST_CASE("a move that is stopped before its start could be sent is not sent at all") {
  Scene scene;
  scene.move(PtzAction::up);  // gone at once
  scene.world.settle();
  CHECK(scene.started.error() == Errc::cancelled);
  CHECK(scene.stopped.ok());
  CHECK(scene.camera.commands.empty());
  scene.world.advance(1min);
  CHECK(scene.camera.commands.empty());
}

TEST_CASE("another move on the channel supersedes the former, stop first") {
  const ControlRoute route = GENERATE(ControlRoute::dhip, ControlRoute::http);
  Scene scene(route);
  PtzMove left = scene.move(PtzAction::left);
  scene.world.settle();
  Answer<void> second;
  PtzMoveOptions options;
  options.on_started = second.handler();
  PtzMove up = scene.device.ptz(1).move(PtzAction::up, options);
  scene.world.settle();
  CHECK(scene.camera.words() == Said{"start Left", "stop Left", "start Up"});
  CHECK(scene.stopped.ok());
  CHECK(second.ok());
  left.stop();  // no longer its business
  scene.world.settle();
  CHECK(scene.camera.moving == std::set<std::string>{"Up"});
  up.stop();
  scene.world.settle();
  check_at_rest(scene.camera);

  SECTION("many at once leave the last one, and nothing between them runs on") {
    scene.camera.commands.clear();
    std::vector<PtzMove> moves;
    Answer<void> starts[14];
    for (int i = 0; i < 12; ++i) {
      PtzMoveOptions o;
      o.on_started = starts[i].handler();
      moves.push_back(scene.device.ptz(1).move(static_cast<PtzAction>(i), o));
    }
    scene.world.settle();
    for (int i = 0; i < 12; ++i) CHECK(starts[i].count() == 1);
    CHECK(starts[11].ok());
    CHECK(scene.camera.moving.size() == 1);
    moves.clear();
    scene.world.settle();
    check_at_rest(scene.camera);
  }
}

TEST_CASE("moves of other channels are their own") {
  Scene scene;
  PtzMove one = scene.move(PtzAction::left);
  PtzMove two = scene.device.ptz(2).move(PtzAction::up);
  scene.world.settle();
  CHECK(scene.camera.moving == std::set<std::string>{"Left", "Up"});
  one.stop();
  scene.world.settle();
  CHECK(scene.camera.moving == std::set<std::string>{"Up"});
  two.stop();
  scene.world.settle();
  CHECK(scene.camera.moving.empty());
}

TEST_CASE("before a session ends its moves are stopped") {
  const ControlRoute route = GENERATE(ControlRoute::dhip, ControlRoute::http);
  const std::string how = GENERATE("logout", "handle", "engine");
  const Duration duration = GENERATE(Duration::zero(), Duration(1min));
  CAPTURE(how);
  Scene scene(route);
  {
    PtzMove move = scene.move(PtzAction::left, duration);
    scene.world.settle();
    REQUIRE(scene.started.ok());
    if (how == "logout") scene.device.logout();
    if (how == "handle") scene.device = {};
    if (how == "engine") scene.world.core()->shutdown();
    scene.world.advance(100ms);
  }
  CHECK(scene.camera.words() == Said{"start Left", "stop Left"});
  REQUIRE(scene.camera.rpc.logouts == 1);
  CHECK(scene.camera.index_of("ptz.stop") < scene.camera.index_of("global.logout"));
  CHECK(scene.started.count() == 1);
  CHECK(scene.stopped.count() == 1);
  CHECK(scene.stopped.ok());
  scene.device = {};
  scene.world.check_nothing_left();
}

TEST_CASE("an engine that ends while a start is on its way sends the stop behind it") {
  Scene scene;
  scene.camera.leaves_hanging = {"start"};
  PtzMove move = scene.move(PtzAction::left);
  scene.world.settle();
  REQUIRE(scene.camera.words() == Said{"start Left"});
  scene.world.core()->shutdown();
  scene.world.advance(1s);
  CHECK(scene.camera.words() == Said{"start Left", "stop Left"});
  CHECK(scene.camera.index_of("ptz.stop") < scene.camera.index_of("global.logout"));
  CHECK(scene.started.count() == 1);
  CHECK(scene.stopped.count() == 1);
}

TEST_CASE("a device that does not answer the last stop does not keep an engine from ending") {
  Scene scene;
  PtzMove move = scene.move(PtzAction::left);
  scene.world.settle();
  scene.camera.leaves_hanging = {"stop"};
  scene.camera.refuses = {"stop"};
  scene.world.core()->shutdown();
  scene.world.advance(1s + 20ms);
  CHECK(scene.camera.rpc.logouts == 1);
  CHECK(scene.stopped.count() == 1);
  CHECK(scene.stopped.error() == Errc::cancelled);
  move = {};
  scene.device = {};
  scene.world.check_nothing_left();
}

TEST_CASE("a start whose answer does not come is stopped in time, and again when that is certain") {
  Scene scene;
  scene.camera.leaves_hanging = {"start"};
  PtzMove move = scene.move(PtzAction::left);
  scene.world.settle();
  move.stop();
  scene.world.advance(250ms);
  CHECK(scene.camera.words() == Said{"start Left", "stop Left"});
  CHECK(scene.camera.moving.empty());
  scene.world.advance(10s);
  CHECK(scene.started.error() == Errc::timeout);
  CHECK(scene.stopped.ok());
  CHECK(scene.camera.words() == Said{"start Left", "stop Left", "stop Left"});
  CHECK(scene.started.count() == 1);
  CHECK(scene.stopped.count() == 1);
}

TEST_CASE("a start that nobody stops is stopped when its answer has not come") {
  const ControlRoute route = GENERATE(ControlRoute::dhip, ControlRoute::http);
  Scene scene(route);
  scene.camera.leaves_hanging = {"start"};
  PtzMove move = scene.move(PtzAction::left);
  scene.world.advance(30s);
  CHECK(scene.started.error() == Errc::timeout);
  CHECK(scene.stopped.ok());
  check_at_rest(scene.camera);
}

TEST_CASE("a refused start is stopped all the same") {
  Scene scene;
  scene.camera.refuses = {"start"};
  PtzMove move = scene.move(PtzAction::left);
  scene.world.settle();
  CHECK(scene.started.error() == Errc::device_error);
  CHECK(scene.started.error().device_code() == 268894211);
  CHECK(scene.camera.words() == Said{"start Left", "stop Left"});
  CHECK(scene.stopped.ok());
}

TEST_CASE("a stop that is refused is sent three times, then told") {
  Scene scene;
  scene.camera.refuses = {"stop"};
  PtzMove move = scene.move(PtzAction::left);
  scene.world.settle();
  move.stop();
  scene.world.advance(1min);
  CHECK(scene.camera.words() == Said{"start Left", "stop Left", "stop Left", "stop Left"});
  CHECK(scene.stopped.count() == 1);
  CHECK(scene.stopped.error() == Errc::device_error);

  SECTION("the channel can be moved again afterwards") {
    scene.camera.refuses.clear();
    PtzMove again = scene.device.ptz(1).move(PtzAction::up);
    scene.world.settle();
    again.stop();
    scene.world.settle();
    CHECK(scene.camera.words().back() == "stop Up");
  }
}

TEST_CASE("a stop that is not answered is sent again") {
  Scene scene;
  PtzMove move = scene.move(PtzAction::left);
  scene.world.settle();
  scene.camera.leaves_hanging = {"stop"};
  move.stop();
  scene.world.advance(10s);
  CHECK(scene.stopped.count() == 0);
  CHECK(scene.camera.words().size() >= 3);
  scene.camera.leaves_hanging.clear();
  scene.world.advance(20s);
  CHECK(scene.stopped.ok());
  check_at_rest(scene.camera);
}

TEST_CASE("a move whose device was lost is stopped as soon as that is back") {
  const ControlRoute route = GENERATE(ControlRoute::dhip, ControlRoute::http);
  const bool with_duration = GENERATE(true, false);
  Scene scene(route);
  PtzMove move = scene.move(PtzAction::left, with_duration ? Duration(5s) : Duration::zero());
  scene.world.settle();
  REQUIRE(scene.started.ok());
  scene.unplug();
  scene.world.advance(30s);
  if (!with_duration) move.stop();
  scene.world.advance(10min);
  CHECK(scene.stopped.count() == 0);
  const auto attempts = scene.world.connector().attempts().size();
  CHECK(attempts < 40);  // the session's own pauses, not hurried
  scene.serve();
  scene.world.advance(70s);
  CHECK(scene.stopped.ok());
  CHECK(scene.camera.words() == Said{"start Left", "stop Left"});
  scene.world.advance(10min);
  CHECK(scene.camera.words().size() == 2);
  CHECK(scene.stopped.count() == 1);
}

TEST_CASE("a device that does not come back by itself is asked for by a move that has to be stopped") {
  Scene scene;
  DeviceOptions options = scene.world.options(ControlRoute::dhip);
  options.password = Secret(std::string(kRpcPassword));
  options.reconnect = false;
  scene.device = scene.world.device(options);
  PtzMove move = scene.move(PtzAction::left);
  scene.world.settle();
  REQUIRE(scene.started.ok());
  scene.unplug();
  scene.world.advance(1min);
  scene.serve();
  scene.world.advance(10min);
  CHECK(scene.camera.words() == Said{"start Left"});  // nobody has asked for anything
  move.stop();
  scene.world.advance(1min);
  CHECK(scene.stopped.ok());
  check_at_rest(scene.camera);
}

TEST_CASE("a device that cannot be reached is given up when its handle has gone") {
  Scene scene;
  PtzMove move = scene.move(PtzAction::left);
  scene.world.settle();
  scene.unplug();
  scene.device = {};
  scene.world.advance(29s);
  CHECK(scene.stopped.count() == 0);
  scene.world.advance(1s);
  CHECK(scene.stopped.count() == 1);
  CHECK(scene.stopped.error() == Errc::cancelled);
  move = {};
  scene.world.check_nothing_left();
}

TEST_CASE("a channel without PTZ is told from the device's own word, and not asked again") {
  Scene scene;
  scene.camera.has_ptz = false;
  PtzMove first = scene.move(PtzAction::left);
  scene.world.settle();
  CHECK(scene.started.error() == Errc::unsupported);
  CHECK(scene.started.error().message().find("ptz.getCurrentProtocolCaps") != std::string::npos);
  CHECK(scene.stopped.ok());
  CHECK(scene.camera.commands.empty());
  const std::size_t asked = scene.camera.asked;
  Answer<void> again;
  PtzMoveOptions options;
  options.on_started = again.handler();
  PtzMove second = scene.device.ptz(1).move(PtzAction::up, options);
  Answer<void> preset;
  scene.device.ptz(1).goto_preset(1, preset.handler());
  scene.world.settle();
  CHECK(again.error() == Errc::unsupported);
  CHECK(preset.error() == Errc::unsupported);
  CHECK(scene.camera.asked == asked);
}

TEST_CASE("an instance that the device has forgotten is made anew, for the stop, too") {
  Scene scene;
  PtzMove move = scene.move(PtzAction::left);
  scene.world.settle();
  scene.camera.forget_instances();
  move.stop();
  scene.world.settle();
  CHECK(scene.stopped.ok());
  CHECK(scene.camera.moving.empty());
}

TEST_CASE("what is no move is refused before anything is sent") {
  Scene scene;
  const std::size_t heard = scene.camera.rpc.heard.size();
  struct Row {
    PtzAction action;
    int speed;
    std::chrono::milliseconds duration;
  };
  for (const Row& row : {Row{PtzAction::up, 0, 0ms}, Row{PtzAction::up, 9, 0ms}, Row{PtzAction::up, 4, -1ms},
                         Row{PtzAction::up, 4, 1h + 1ms}, Row{static_cast<PtzAction>(77), 4, 0ms}}) {
    Answer<void> started, stopped;
    PtzMoveOptions options;
    options.speed = row.speed;
    options.duration = row.duration;
    options.on_started = started.handler();
    options.on_stopped = stopped.handler();
    PtzMove move = scene.device.ptz(1).move(row.action, options);
    scene.world.settle();
    CHECK(started.error() == Errc::invalid_argument);
    CHECK(started.count() == 1);
    CHECK(stopped.count() == 1);
  }
  CHECK(scene.camera.rpc.heard.size() == heard);
}

TEST_CASE("stopping everything stops every kind of move, also what others started") {
  Scene scene;
  PtzMove mine = scene.move(PtzAction::left);
  scene.world.settle();
  scene.camera.moving.insert("ZoomTele");  // another client's
  Answer<void> done;
  scene.device.ptz(1).stop_all(done.handler());
  scene.world.settle();
  CHECK(done.ok());
  CHECK(scene.stopped.ok());
  CHECK(scene.camera.moving.empty());
}

TEST_CASE("a fault of the device at any step of a move leaves the camera at rest when it is back") {
  const ControlRoute route = GENERATE(ControlRoute::dhip, ControlRoute::http);
  const bool by_duration = GENERATE(true, false);
  for (const Fault fault : kFaults) {
    // Instance, capabilities, let go; instance, start, stop; and one more.
    for (int step = 0; step < 7; ++step) {
      CAPTURE(name(fault), step, name(route), by_duration);
      Scene scene(route);
      scene.camera.plan = {step, fault};
      PtzMove move = scene.move(PtzAction::left, by_duration ? Duration(800ms) : Duration::zero());
      scene.world.advance(800ms);
      if (!by_duration) move.stop();
      scene.world.advance(3min);
      check_at_rest(scene.camera);
      CHECK(scene.started.count() == 1);
      CHECK(scene.stopped.count() == 1);
      CHECK(scene.stopped.ok());
      if (step >= 5) CHECK(scene.started.ok());
      move = {};
      scene.device = {};
      scene.world.check_nothing_left();
    }
  }
}

TEST_CASE("a fault while the engine or the handle goes leaves nothing behind") {
  for (const Fault fault : kFaults) {
    for (const bool engine : {true, false}) {
      CAPTURE(name(fault), engine);
      Scene scene;
      PtzMove move = scene.move(PtzAction::left);
      scene.world.settle();
      scene.camera.plan = {0, fault};
      if (engine)
        scene.world.core()->shutdown();
      else
        scene.device = {};
      scene.world.advance(2min);
      // The stop was heard before its answer was spoilt.
      CHECK(scene.camera.moving.empty());
      CHECK(scene.started.count() == 1);
      CHECK(scene.stopped.count() == 1);
      move = {};
      scene.device = {};
      scene.world.check_nothing_left();
    }
  }
}

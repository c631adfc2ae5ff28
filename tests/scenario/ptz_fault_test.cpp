// A PTZ move is never left running: every start that reached the camera is followed by its stop, whatever happens in between.
#include "scenario/ptz_scene.hpp"

using namespace dmss;
using namespace dmss::scenario;

namespace {

using Scene = PtzScene;

}  // namespace

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

TEST_CASE("a second goodbye does not cut off the stop that the first one waits for") {
  const ControlRoute route = GENERATE(ControlRoute::dhip, ControlRoute::http);
  const std::string then = GENERATE("logout", "handle", "engine");
  CAPTURE(then);
  Scene scene(route);
  PtzMove move = scene.move(PtzAction::left);
  scene.world.settle();
  REQUIRE(scene.started.ok());
  scene.device.logout();
  if (then == "logout") scene.device.logout();
  if (then == "handle") scene.device = {};
  if (then == "engine") scene.world.core()->shutdown();
  scene.world.advance(100ms);
  CHECK(scene.camera.words() == Said{"start Left", "stop Left"});
  REQUIRE(scene.camera.rpc.logouts == 1);
  CHECK(scene.camera.index_of("ptz.stop") < scene.camera.index_of("global.logout"));
  CHECK(scene.stopped.count() == 1);
  CHECK(scene.stopped.ok());
  move = {};
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

TEST_CASE("a last stop that overtakes its start is said once more when the start was done") {
  Scene scene(ControlRoute::http);
  scene.camera.start_delay = 600ms;
  PtzMove move = scene.move(PtzAction::left);
  scene.world.settle();
  REQUIRE(scene.camera.words().empty());
  scene.world.core()->shutdown();
  scene.world.advance(1s);
  CHECK(scene.camera.words() == Said{"stop Left", "start Left", "stop Left"});
  CHECK(scene.camera.moving.empty());
  CHECK(scene.camera.last_index_of("ptz.stop") < scene.camera.index_of("global.logout"));
  CHECK(scene.stopped.count() == 1);
  CHECK(scene.stopped.ok());
}

TEST_CASE("a logout from a lost device gives up the stop that is owed, and says so") {
  const bool stop_first = GENERATE(true, false);
  Scene scene;
  PtzMove move = scene.move(PtzAction::left);
  scene.world.settle();
  REQUIRE(scene.started.ok());
  scene.unplug();
  if (stop_first) move.stop();
  scene.world.advance(30s);
  REQUIRE(scene.stopped.count() == 0);
  scene.device.logout();
  scene.world.settle();
  CHECK(scene.stopped.count() == 1);
  CHECK(scene.stopped.error() == Errc::cancelled);
  scene.serve();
  scene.world.advance(10min);
  CHECK(scene.camera.rpc.hashes == 1);  // nobody asks for the device any more
  PtzMove again = scene.device.ptz(1).move(PtzAction::up);
  scene.world.advance(1s);
  again.stop();
  scene.world.advance(1s);
  CHECK(scene.camera.words() == Said{"start Left", "start Up", "stop Up"});
  move = {};
  again = {};
  scene.device = {};
  scene.world.check_nothing_left();
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

TEST_CASE("a stop that is refused three times is told, and said again until the device takes it") {
  const std::string route = GENERATE("dhip", "http", "cgi");
  CAPTURE(route);
  Scene scene(route == "dhip" ? ControlRoute::dhip : ControlRoute::http, route == "cgi");
  scene.camera.refuses = {"stop"};
  PtzMove move = scene.move(PtzAction::left);
  scene.world.settle();
  move.stop();
  scene.world.advance(1250ms);
  CHECK(scene.camera.words() == Said{"start Left", "stop Left", "stop Left", "stop Left"});
  CHECK(scene.stopped.count() == 1);
  CHECK(scene.stopped.error() == Errc::device_error);
  scene.world.advance(10min);
  CHECK(scene.camera.words().size() < 24);

  SECTION("until it does") {
    scene.camera.refuses.clear();
    scene.world.advance(1min);
    check_at_rest(scene.camera);
    const auto said = scene.camera.words().size();
    scene.world.advance(1h);
    CHECK(scene.camera.words().size() == said);
  }
  SECTION("and after a loss") {
    scene.unplug();
    scene.world.advance(1min);
    scene.camera.refuses.clear();
    scene.serve();
    scene.world.advance(70s);
    check_at_rest(scene.camera);
  }
  SECTION("the channel can be moved meanwhile, and the old stop is not forgotten") {
    scene.camera.refuses.clear();
    PtzMove again = scene.device.ptz(1).move(PtzAction::up);
    scene.world.settle();
    CHECK(scene.camera.words().back() == "start Up");
    again.stop();
    scene.world.settle();
    CHECK(scene.camera.moving.empty());
  }
  SECTION("and in the last words") {
    scene.camera.refuses.clear();
    scene.device.logout();
    scene.world.advance(100ms);
    check_at_rest(scene.camera);
  }
  CHECK(scene.stopped.count() == 1);
  move = {};
  scene.device = {};
  scene.world.advance(1min);
  scene.world.check_nothing_left();
}

TEST_CASE("a device that is busy when it should stop is told again until it has time") {
  const std::string route = GENERATE("dhip", "http", "cgi");
  const int times = GENERATE(1, 5);
  CAPTURE(route, times);
  Scene scene(route == "dhip" ? ControlRoute::dhip : ControlRoute::http, route == "cgi");
  PtzMove move = scene.move(PtzAction::left);
  scene.world.settle();
  REQUIRE(scene.started.ok());
  scene.camera.busy_for = times;
  move.stop();
  scene.world.advance(times == 1 ? 1s : 20s);
  CHECK(scene.stopped.ok());
  check_at_rest(scene.camera);
  CHECK(scene.camera.words().size() == 2 + static_cast<std::size_t>(times));
}

TEST_CASE("while something else needs the device, a stop that is owed outlives the handle") {
  Scene scene;
  PtzMove move = scene.move(PtzAction::left);
  scene.world.settle();
  EventSubscription subscription = scene.device.events({}, {});
  scene.world.settle();
  scene.unplug();
  scene.device = {};
  move = {};
  scene.world.advance(10min);
  CHECK(scene.stopped.count() == 0);
  scene.serve();
  scene.world.advance(70s);
  CHECK(scene.stopped.ok());
  check_at_rest(scene.camera);
  subscription = {};
  scene.world.advance(1min);
  scene.world.check_nothing_left();
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

TEST_CASE("a session that has expired when a move starts or stops is opened anew for the stop") {
  const ControlRoute route = GENERATE(ControlRoute::dhip, ControlRoute::http);
  const bool at_start = GENERATE(true, false);
  Scene scene(route);
  if (at_start) scene.camera.session_expires = true;
  PtzMove move = scene.move(PtzAction::left);
  scene.world.settle();
  CHECK(scene.started.count() == 1);
  if (!at_start) scene.camera.session_expires = true;
  move.stop();
  scene.world.advance(1min);
  CHECK(scene.stopped.ok());
  CHECK(scene.camera.words().back() == "stop Left");
  check_at_rest(scene.camera);
  CHECK(scene.camera.rpc.hashes == 2);
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

TEST_CASE("a device that lets nobody in is asked to stop when it does again, and not before") {
  Scene scene;
  PtzMove move = scene.move(PtzAction::left);
  scene.world.settle();
  scene.camera.rpc.verdict =
      R"({"error":{"code":268632085,"message":"Component error: User or password not valid!"},"result":false})";
  scene.unplug();
  scene.serve();
  scene.world.advance(1min);
  move.stop();
  scene.world.advance(1h);
  CHECK(scene.stopped.count() == 0);
  CHECK(scene.camera.rpc.hashes == 2);  // the login, and the one that was refused

  SECTION("it does") {
    scene.camera.rpc.verdict.clear();
    LoginOptions again;
    again.retry_refused = true;
    scene.device.login({}, again);
    scene.world.advance(1s);
    CHECK(scene.stopped.ok());
    check_at_rest(scene.camera);
  }
  SECTION("the engine ends meanwhile") {
    scene.world.core()->shutdown();
    scene.world.settle();
    CHECK(scene.stopped.error() == Errc::cancelled);
  }
  move = {};
  scene.device = {};
  scene.world.check_nothing_left();
}

TEST_CASE("an engine that ends while a lost device is waited for ends at once") {
  Scene scene;
  PtzMove move = scene.move(PtzAction::left);
  scene.world.settle();
  scene.unplug();
  move.stop();
  scene.world.advance(30s);
  scene.world.core()->shutdown();
  scene.world.settle();
  CHECK(scene.stopped.count() == 1);
  CHECK(scene.stopped.error() == Errc::cancelled);
  move = {};
  scene.device = {};
  scene.world.check_nothing_left();
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

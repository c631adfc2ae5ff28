// PTZ moves as a caller makes them: codes and speeds, durations, one after the other, channels apart.
#include "scenario/ptz_scene.hpp"

using namespace dmss;
using namespace dmss::scenario;

namespace {

using Scene = PtzScene;

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

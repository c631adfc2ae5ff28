// dmss-ptz: moves a camera.
#include <functional>
#include <iostream>

#include "common/interrupt.hpp"
#include "common/program.hpp"
#include "ptz/keys.hpp"

namespace {

using example::Json;
using example::wait;
using Done = dmss::Ptz::Done;

struct Arguments : example::Arguments {
  int channel = 1;
  int speed = 4;
  double seconds = 0.5;
  std::string action;
  int number = 0;
  int preset = 0;
  std::string name;
  double a = 0, b = 0, c = 0, d = 0;
};

using Job = std::function<int(dmss::Ptz, const Arguments&)>;

int print(const Arguments& a, const Json& json, const std::string& text) {
  std::cout << (a.json ? json.dump(2) : text) << '\n';
  return example::kDone;
}

/// A move with a duration stops by itself; the program waits for its end to be acknowledged, which an interrupt brings forward.
int move(dmss::Ptz ptz, const Arguments& a) {
  const auto action = dmss::parse_ptz_action(a.action);
  if (!action) return example::complain(action.error());
  auto answer = std::make_shared<std::promise<dmss::Result<void>>>();
  auto stopped = answer->get_future();
  dmss::PtzMoveOptions options;
  options.speed = a.speed;
  options.duration = std::chrono::milliseconds(static_cast<int>(a.seconds * 1000));
  auto not_started = std::make_shared<int>(0);  // the handlers never overlap, and on_stopped is the last
  options.on_started = [not_started](dmss::Result<void> started) {
    if (!started) *not_started = example::complain(started.error(), "start");
  };
  options.on_stopped = [answer](dmss::Result<void> how) { answer->set_value(std::move(how)); };
  dmss::PtzMove running = ptz.move(*action, std::move(options));
  while (stopped.wait_for(std::chrono::milliseconds(50)) != std::future_status::ready) {
    if (example::interrupted()) running.stop();
  }
  const int code = example::finish(stopped.get(), "stop");
  return *not_started != 0 ? *not_started : code;
}

int presets(dmss::Ptz ptz, const Arguments& a) {
  const auto list = wait<std::vector<dmss::PtzPreset>>([&](auto done) { ptz.presets(done); });
  if (!list) return example::complain(list.error());
  Json json = Json::array();
  std::string text;
  for (const dmss::PtzPreset& p : *list) {
    json.push_back({{"number", p.number}, {"name", p.name}});
    text += (text.empty() ? "" : "\n") + std::to_string(p.number) + "  " + p.name;
  }
  return print(a, json, text.empty() ? "no presets" : text);
}

int status(dmss::Ptz ptz, const Arguments& a) {
  const auto s = wait<dmss::PtzStatus>([&](auto done) { ptz.status(done); });
  if (!s) return example::complain(s.error());
  Json json{{"moving", s->moving}, {"zooming", s->zooming}};
  std::string text = s->moving ? "moving" : "at rest";
  if (s->position) {
    json["pan"] = s->position->pan;
    json["tilt"] = s->position->tilt;
    json["zoom"] = s->position->zoom;
    char at[96];
    std::snprintf(at, sizeof at, ", pan %.1f, tilt %.1f, zoom %.1f", s->position->pan, s->position->tilt,
                  s->position->zoom);
    text += at;
  }
  if (s->preset) {
    json["preset"] = *s->preset;
    text += ", preset " + std::to_string(*s->preset);
  }
  return print(a, json, text);
}

/// A command that is only done or not.
template <class F>
Job simple(F order) {
  return [order](dmss::Ptz ptz, const Arguments& a) {
    return example::finish(wait<void>([&](auto done) { order(ptz, a, Done(done)); }));
  };
}

struct Commands {
  explicit Commands(CLI::App& program) : app(program) { app.require_subcommand(1)->fallthrough(); }
  CLI::App* add(const std::string& name, const std::string& help, Job job) {
    CLI::App* command = app.add_subcommand(name, help);
    command->callback([this, job] { chosen = job; });
    return command;
  }
  CLI::App& app;
  Job chosen;
};

void add_moves(Commands& commands, Arguments& a) {
  CLI::App* m = commands.add("move", "moves for a while and stops", move);
  m->add_option("action", a.action, "up, down, left, right, left_up …, zoom_in, focus_near, iris_open …")
      ->required();
  m->add_option("--speed", a.speed, "1 to 8")->capture_default_str();
  m->add_option("--seconds", a.seconds, "how long")->check(CLI::Range(0.001, 3600.0))->capture_default_str();
  commands.add("stop", "stops whatever moves",
               simple([](dmss::Ptz& p, const Arguments&, Done done) { p.stop_all(done); }));
  commands.add("status", "where it looks", status);
  CLI::App* absolute = commands.add(
      "absolute", "turns to a position",
      simple([](dmss::Ptz& p, const Arguments& x, Done done) { p.move_to({x.a, x.b, x.c}, done); }));
  absolute->add_option("pan", a.a, "degrees, 0 to 360")->required();
  absolute->add_option("tilt", a.b, "degrees")->required();
  absolute->add_option("zoom", a.c, "the device's own scale")->required();
  CLI::App* relative = commands.add(
      "relative", "moves by a part of the picture",
      simple([](dmss::Ptz& p, const Arguments& x, Done done) { p.move_by(x.a, x.b, x.c, done); }));
  relative->add_option("right", a.a, "-1 to 1 of the picture")->required();
  relative->add_option("up", a.b, "-1 to 1")->required();
  relative->add_option("zoom_in", a.c, "-1 to 1");
  CLI::App* zoom = commands.add(
      "zoom-to", "makes a rectangle fill the picture",
      simple([](dmss::Ptz& p, const Arguments& x, Done done) { p.zoom_to(x.a, x.b, x.c, x.d, done); }));
  zoom->add_option("left", a.a, "0 to 1 of the picture")->required();
  zoom->add_option("top", a.b, "0 to 1")->required();
  zoom->add_option("right", a.c, "0 to 1")->required();
  zoom->add_option("bottom", a.d, "0 to 1")->required();
  commands
      .add("keys", "by the keyboard", [](dmss::Ptz p, const Arguments& x) { return ptz::keys(p, x.speed); })
      ->add_option("--speed", a.speed, "1 to 8")
      ->capture_default_str();
}

void add_presets(Commands& commands, Arguments& a) {
  commands.add("presets", "lists the presets", presets);
  const auto numbered = [&](const char* name, const char* help, Job job) {
    CLI::App* command = commands.add(name, help, std::move(job));
    command->add_option("number", a.number, "from 1")->required();
    return command;
  };
  numbered("goto", "goes to a preset",
           simple([](dmss::Ptz& p, const Arguments& x, Done done) { p.goto_preset(x.number, done); }));
  numbered("set", "makes the present position a preset",
           simple([](dmss::Ptz& p, const Arguments& x, Done done) { p.set_preset(x.number, x.name, done); }))
      ->add_option("name", a.name, "what to call it");
  numbered("clear", "forgets a preset",
           simple([](dmss::Ptz& p, const Arguments& x, Done done) { p.clear_preset(x.number, done); }));
  numbered("tour-start", "begins a tour",
           simple([](dmss::Ptz& p, const Arguments& x, Done done) { p.start_tour(x.number, done); }));
  numbered("tour-stop", "ends a tour",
           simple([](dmss::Ptz& p, const Arguments& x, Done done) { p.stop_tour(x.number, done); }));
  numbered("tour-clear", "forgets a tour",
           simple([](dmss::Ptz& p, const Arguments& x, Done done) { p.clear_tour(x.number, done); }));
  numbered("tour-add", "puts a preset on a tour", simple([](dmss::Ptz& p, const Arguments& x, Done done) {
             p.add_to_tour(x.number, x.preset, done);
           }))
      ->add_option("preset", a.preset, "from 1")
      ->required();
  numbered("tour-remove", "takes a preset off a tour",
           simple([](dmss::Ptz& p, const Arguments& x, Done done) {
             p.remove_from_tour(x.number, x.preset, done);
           }))
      ->add_option("preset", a.preset, "from 1")
      ->required();
}

}  // namespace

int main(int argc, char** argv) {
  Arguments a;
  CLI::App app{
      "Moves a Dahua-family camera.\nExample: dmss-ptz dahua://admin@192.168.1.108 --channel 2 move left_up"};
  example::add_arguments(app, a);
  app.add_option("--channel", a.channel, "from 1")->capture_default_str();
  Commands commands(app);
  add_moves(commands, a);
  add_presets(commands, a);
  if (const int code = example::parse(app, argc, argv, a); code >= 0) return code;

  example::catch_interrupts();  // a camera must not go on turning because somebody pressed Ctrl-C

  dmss::EngineOptions options;
  options.log_level = a.log;
  dmss::Engine engine(options);
  dmss::Device device = engine.device(a.device);
  return commands.chosen(device.ptz(a.channel), a);
}

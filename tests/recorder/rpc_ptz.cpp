// ptz.* (protocol http-rpc.md §7.1).
#include <algorithm>

#include "recorder/rpc_instance.hpp"

namespace dmss::recorder {
namespace {

namespace rpc = proto::rpc;
namespace code = proto::rpc::code;

Reply bad_parameter(const Request& r) {
  return rpc::make_error(r, code::invalid_param, "Bad parameter!");
}

int index_of(const Json& params) {
  return static_cast<int>(std::clamp<std::int64_t>(rpc::int_or(params, "index", 0), -1, 1 << 20));
}

/// A command to the head; false = its parameters are wrong.
using Command = bool (*)(PtzModel& head, const Json& params);

bool move_continuously(PtzModel& head, const Json& params) {
  const auto speed = numbers_of(params, "speed");
  if (speed.size() < 2) return false;
  head.move_continuously(speed[0], speed[1], speed.size() > 2 ? speed[2] : 0,
                         number_of(params, "timeout", 0));
  return true;
}

bool stop_move(PtzModel& head, const Json&) {
  head.stop_move();
  return true;
}

bool move_relatively(PtzModel& head, const Json& params) {
  const auto by = numbers_of(params, "translation");
  if (by.size() < 2) return false;
  head.move_relatively(by[0], by[1], by.size() > 2 ? by[2] : 0, number_of(params, "speed", 0));
  return true;
}

bool move_absolutely(PtzModel& head, const Json& params) {
  const auto to = numbers_of(params, "position");
  if (to.size() < 2) return false;
  head.move_absolutely(to[0], to[1], to.size() > 2 ? to[2] : head.position().zoom,
                       number_of(params, "speed", 0));
  return true;
}

bool move_directly(PtzModel& head, const Json& params) {
  const auto screen = numbers_of(params, "screen");
  if (screen.size() != 4) return false;
  head.move_directly(screen[0], screen[1], screen[2], screen[3]);
  return true;
}

bool focus_continuously(PtzModel& head, const Json& params) {
  head.focus_continuously(number_of(params, "speed", 0), number_of(params, "timeout", 0));
  return true;
}

bool stop_focus(PtzModel& head, const Json&) {
  head.focus_continuously(0, 0);
  return true;
}

bool adjust_iris(PtzModel& head, const Json& params) {
  head.adjust_iris(number_of(params, "change", 0));
  return true;
}

bool goto_preset(PtzModel& head, const Json& params) {
  return head.goto_preset(index_of(params), number_of(params, "speed", 0));
}

bool set_preset(PtzModel& head, const Json& params) {
  return head.set_preset(index_of(params), rpc::text_or(params, "name", ""));
}

bool remove_preset(PtzModel& head, const Json& params) {
  return head.clear_preset(index_of(params));
}

void add_command(Rpc& rpc, const std::string& name, Command command) {
  Core& core = rpc.core();
  add_instance_method(rpc, "ptz", name, [&core, name, command](const Request& r, Caller& c, int channel) {
    PtzModel* head = core.ptz.head(channel);
    const bool done = head != nullptr && command(*head, r.params);
    core.ptz.note(channel, c.service, name, r.params, done);
    return done ? rpc::make_reply(r, true) : bad_parameter(r);
  });
}

void add_codes(Rpc& rpc) {
  Core& core = rpc.core();
  for (const std::string action : {"start", "stop"}) {
    add_instance_method(rpc, "ptz", action, [&core, action](const Request& r, Caller& c, int channel) {
      PtzModel::Arguments a{};
      for (std::size_t i = 0; i < a.size(); ++i)
        a[i] = number_of(r.params, ("arg" + std::to_string(i + 1)).c_str(), 0);
      const bool done = core.ptz.code(channel, action == "start", rpc::text_or(r.params, "code", ""), a);
      core.ptz.note(channel, c.service, action, r.params, done);
      return done ? rpc::make_reply(r, true) : bad_parameter(r);
    });
  }
}

void add_questions(Rpc& rpc) {
  Core& core = rpc.core();
  add_instance_method(rpc, "ptz", "getPresets", [&core](const Request& r, Caller&, int channel) {
    return rpc::make_reply(r, true, {{"presets", core.ptz.presets(channel)}});
  });
  add_instance_method(rpc, "ptz", "getStatus", [&core](const Request& r, Caller&, int channel) {
    return rpc::make_reply(r, true, {{"status", core.ptz.status(channel)}});
  });
  rpc.add("ptz.getCurrentProtocolCaps", [&core](const Request& r, Caller& c) {
    // Measured: this one tells a missing object and one that is gone alike.
    if (!r.object) return rpc::make_error(r, kInstanceGone, "Object not found!");
    const Instance instance = instance_of(r, c, "ptz");
    if (instance.refusal) return *instance.refusal;
    return rpc::make_reply(r, true, {{"caps", core.ptz.caps(instance.channel)}});
  });
}

}  // namespace

void add_ptz_methods(Rpc& rpc) {
  add_factory(rpc, "ptz");
  add_codes(rpc);
  add_command(rpc, "moveContinuously", move_continuously);
  add_command(rpc, "stopMove", stop_move);
  add_command(rpc, "moveRelatively", move_relatively);
  add_command(rpc, "moveAbsolutely", move_absolutely);
  add_command(rpc, "moveDirectly", move_directly);
  add_command(rpc, "focusContinuously", focus_continuously);
  add_command(rpc, "stopFocus", stop_focus);
  add_command(rpc, "adjustIris", adjust_iris);
  add_command(rpc, "gotoPreset", goto_preset);
  add_command(rpc, "setPreset", set_preset);
  add_command(rpc, "removePreset", remove_preset);
  add_questions(rpc);
}

}  // namespace dmss::recorder

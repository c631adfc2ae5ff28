// alarm.*, and the lens of devVideoInput.* (protocol http-rpc.md §4.2, §5.5, §7.2).
#include "recorder/rpc_instance.hpp"

namespace dmss::recorder {
namespace {

namespace rpc = proto::rpc;
namespace code = proto::rpc::code;

/// A method that only tells something.
template <class F>
void tell(Rpc& rpc, const std::string& name, F params) {
  rpc.add(name, [params](const Request& r, Caller&) { return rpc::make_reply(r, true, params()); });
}

void add_alarm(Rpc& rpc) {
  Core& core = rpc.core();
  tell(rpc, "alarm.getInSlots", [&core] { return Json{{"inputs", core.alarm_io.inputs()}}; });
  tell(rpc, "alarm.getOutSlots", [&core] { return Json{{"outputs", core.alarm_io.outputs()}}; });
  tell(rpc, "alarm.getOutState", [&core] { return Json{{"state", core.alarm_io.output_state()}}; });
  tell(rpc, "alarm.getAlarmCaps", [&core] {
    const Json* caps = core.profile.ability("alarm.getAlarmCaps");
    return Json{{"caps", caps != nullptr ? *caps
                                         : Json{{"AlarmPir", false},
                                                {"Flash", false},
                                                {"SupportAlarmInDisableLinkage", false},
                                                {"SupportConfigurableAlarm", true}}}};
  });
}

/// A command to the lens; false = its parameters are wrong.
using LensCommand = bool (*)(PtzModel& head, const Json& params);

bool adjust_focus(PtzModel& head, const Json& p) {
  const double focus = number_of(p, "focus", -1), zoom = number_of(p, "zoom", -1);
  if (focus > 1 || zoom > 1 || (focus < 0 && zoom < 0)) return false;
  const PtzPosition at = head.position();
  const double zoom_now = (at.zoom - PtzModel::kZoom.low) / PtzModel::kZoom.size();
  head.adjust_focus(focus < 0 ? at.focus : focus, zoom < 0 ? zoom_now : zoom);
  return true;
}

bool adjust_continuously(PtzModel& head, const Json& p) {
  head.focus_continuously(number_of(p, "focus", 0), 0);
  head.zoom_continuously(number_of(p, "zoom", 0));
  return true;
}

bool auto_focus(PtzModel& head, const Json&) {
  head.auto_focus();
  return true;
}

void add_lens_command(Rpc& rpc, const std::string& name, LensCommand command) {
  Core& core = rpc.core();
  add_instance_method(
      rpc, "devVideoInput", name, [&core, name, command](const Request& r, Caller& c, int channel) {
        PtzModel* head = core.ptz.head(channel);
        const bool done = head != nullptr && command(*head, r.params);
        core.ptz.note(channel, c.service, name, r.params, done);
        return done ? rpc::make_reply(r, true) : rpc::make_error(r, code::invalid_param, "Bad parameter!");
      });
}

void add_lens(Rpc& rpc) {
  Core& core = rpc.core();
  add_factory(rpc, "devVideoInput");
  add_lens_command(rpc, "adjustFocus", adjust_focus);
  add_lens_command(rpc, "adjustFocusContinuously", adjust_continuously);
  add_lens_command(rpc, "autoFocus", auto_focus);
  add_instance_method(rpc, "devVideoInput", "getFocusStatus",
                      [&core](const Request& r, Caller&, int channel) {
                        const auto status = core.ptz.lens_status(channel);
                        if (!status) return rpc::make_error(r, code::invalid_param, "Bad parameter!");
                        return rpc::make_reply(r, true, {{"status", *status}});
                      });
}

}  // namespace

void add_input_methods(Rpc& rpc) {
  add_alarm(rpc);
  add_lens(rpc);
}

}  // namespace dmss::recorder

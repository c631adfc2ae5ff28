// What the device is, its clock and its firmware: magicBox, global, CloudUpgrader (protocol http-rpc.md §4.2, §6.4,
// §6.5).
#include "recorder/device.hpp"
#include "recorder/rpc_answers.hpp"

namespace dmss::recorder {
namespace {

using namespace answers;
using rpc::int_or;
using rpc::text_or;

void add_identity(Rpc& rpc) {
  Core& core = rpc.core();
  const Profile& p = core.profile;
  tell(rpc, "magicBox.getSerialNo", [&p](const Request&) { return Json{{"sn", p.serial}}; });
  tell(rpc, "magicBox.getDeviceType", [&p](const Request&) { return Json{{"type", p.type}}; });
  tell(rpc, "magicBox.getDeviceClass", [&p](const Request&) { return Json{{"type", p.device_class}}; });
  tell(rpc, "magicBox.getHardwareVersion", [&p](const Request&) { return Json{{"version", p.hardware}}; });
  tell(rpc, "magicBox.getVendor", [&p](const Request&) { return Json{{"Vendor", p.vendor}}; });
  tell(rpc, "magicBox.getMachineName",
       [&core](const Request&) { return Json{{"name", machine_name(core)}}; });
  tell(rpc, "magicBox.getSoftwareVersion", [&p](const Request&) {
    return Json{{"version",
                 {{"Version", p.version},
                  {"BuildDate", p.build},
                  {"WebVersion", "3.2.7.147280"},
                  {"SecurityBaseLineVersion", "V2.2"}}}};
  });
  const auto system_info = [&p](const Request&) {
    return Json{{"serialNumber", p.serial},
                {"deviceType", "31"},
                {"processor", p.processor},
                {"updateSerial", p.type}};
  };
  tell(rpc, "magicBox.getSystemInfo", system_info);
  tell(rpc, "magicBox.getSystemInfoNew", system_info);
  rpc.add("magicBox.getProductDefinition", [&core](const Request& r, Caller&) {
    const Json* all = core.profile.ability("magicBox.getProductDefinition");
    if (all == nullptr) return unknown(r);
    const std::string name = text_or(r.params, "name", "");
    if (name.empty()) return rpc::make_reply(r, true, {{"definition", *all}});
    const Json* one = rpc::member(*all, name.c_str());
    return one != nullptr ? rpc::make_reply(r, true, {{"definition", *one}}) : unknown(r);
  });
}

void add_power(Rpc& rpc) {
  Core& core = rpc.core();
  rpc.add("magicBox.reboot", [&core](const Request& r, Caller&) {
    reboot(core);
    return rpc::make_reply(r, true);
  });
  tell(rpc, "magicBox.needReboot",
       [&core](const Request&) { return Json{{"needReboot", core.restart.needed() ? 1 : 0}}; });
  // All that is known of it is how it is refused.
  constexpr std::int64_t kResetRefused = 285278247;
  rpc.add("magicBox.resetSystem",
          [](const Request& r, Caller&) { return error(r, kResetRefused, "Component error!"); });
}

void add_time(Rpc& rpc) {
  Core& core = rpc.core();
  rpc.add("global.getCurrentTime", [&core](const Request& r, Caller&) {
    const std::string now = core.device_clock.text();
    return core.profile.config.time_in_result ? rpc::make_reply(r, now)
                                              : rpc::make_reply(r, true, {{"time", now}});
  });
  rpc.add("global.setCurrentTime", [&core](const Request& r, Caller& c) {
    const auto time = DeviceClock::parse(text_or(r.params, "time", ""));
    if (!time) return bad_parameter(r);
    set_time(core, *time, std::chrono::seconds(int_or(r.params, "tolerance", 0)), user_of(c));
    return rpc::make_reply(r, true);
  });
}

void add_upgrade(Rpc& rpc) {
  Core& core = rpc.core();
  tell(rpc, "CloudUpgrader.getState",
       [](const Request&) { return Json{{"State", "None"}, {"Progress", 0}}; });
  tell(rpc, "CloudUpgrader.getAutoCheck",
       [&core](const Request&) { return Json{{"flag", core.auto_check}}; });
  rpc.add("CloudUpgrader.setAutoCheck", [&core](const Request& r, Caller&) {
    const Json* flag = rpc::member(r.params, "flag");
    if (flag == nullptr || !flag->is_boolean()) return bad_parameter(r);
    core.auto_check = flag->get<bool>();
    return rpc::make_reply(r, true);
  });
}

}  // namespace

void add_device_methods(Rpc& rpc) {
  add_identity(rpc);
  add_power(rpc);
  add_time(rpc);
  add_upgrade(rpc);
}

}  // namespace dmss::recorder

// What the device is, and its clock: magicBox.cgi, global.cgi, IntervideoManager.cgi (protocol http-rpc.md §4.3,
// §6.4).
#include "recorder/cgi.hpp"
#include "recorder/device.hpp"

namespace dmss::recorder {
namespace {

using proto::cgi::KeyValues;

HttpAnswer system_info(const Profile& p) {
  KeyValues kv;
  kv.add("appAutoStart", "true");
  kv.add("deviceType", p.type);
  kv.add("hardwareVersion", p.hardware);
  kv.add("processor", p.processor);
  kv.add("serialNumber", p.serial);
  kv.add("updateSerial", p.type);
  kv.add("updateSerialCloudUpgrade", p.type);
  return cgi::lines(kv);
}

HttpAnswer definition(const CgiCall& call) {
  const Json* all = call.core.profile.ability("magicBox.getProductDefinition");
  const std::string name = call.get("name");
  const Json* one = all != nullptr && !name.empty() ? proto::rpc::member(*all, name.c_str()) : nullptr;
  if (one == nullptr) return cgi::bad_request();
  KeyValues kv;
  flatten("table." + name, *one, kv);
  return cgi::lines(kv);
}

HttpAnswer magic_box(const CgiCall& call) {
  const Profile& p = call.core.profile;
  const std::string& action = call.action;
  if (action == "getSystemInfo") return system_info(p);
  if (action == "getDeviceType") return cgi::line("type", p.type);
  if (action == "getDeviceClass") return cgi::line("type", p.device_class);
  if (action == "getSerialNo") return cgi::line("sn", p.serial);
  if (action == "getMachineName") return cgi::line("name", machine_name(call.core));
  if (action == "getVendor") return cgi::line("vendor", p.vendor);
  if (action == "getHardwareVersion") return cgi::line("version", p.hardware);
  if (action == "getSoftwareVersion") return cgi::line("version", p.version + ",build:" + p.build);
  if (action == "getProductDefinition") return definition(call);
  if (action == "reboot") {
    reboot(call.core);
    return cgi::ok();
  }
  return cgi::not_implemented();
}

HttpAnswer global(const CgiCall& call) {
  if (call.action == "getCurrentTime") return cgi::line("result", call.core.device_clock.text());
  if (call.action != "setCurrentTime") return cgi::not_implemented();
  const auto time = DeviceClock::parse(call.get("time"));
  if (!time) return cgi::bad_request();
  set_time(call.core, *time, std::chrono::seconds(0), call.user);
  return cgi::ok();
}

HttpAnswer intervideo(const CgiCall& call) {
  if (call.action != "getVersion") return cgi::not_implemented();
  return cgi::line("version", call.get("Name") == "Onvif" ? "16.12(V2.4.3.651299)" : "2.84");
}

}  // namespace

void add_cgi_device(Cgi& c) {
  c.add("magicBox.cgi", magic_box);
  c.add("global.cgi", global);
  c.add("IntervideoManager.cgi", intervideo);
}

}  // namespace dmss::recorder

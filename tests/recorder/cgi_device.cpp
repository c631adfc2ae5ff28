// What the device is, and its clock: magicBox.cgi, global.cgi, IntervideoManager.cgi (protocol http-rpc.md §4.3,
// §6.4).
#include <fmt/chrono.h>

#include "recorder/cgi.hpp"

namespace dmss::recorder {
namespace {

using proto::cgi::KeyValues;

HttpAnswer magic_box(const CgiCall& call) {
  Core& core = call.core;
  const Profile& p = core.profile;
  const std::string& action = call.action;
  if (action == "getSystemInfo") {
    KeyValues kv;
    kv.add("appAutoStart", "true");
    kv.add("deviceType", p.type);
    kv.add("hardwareVersion", p.hardware);
    kv.add("processor", p.processor);
    kv.add("serialNumber", p.serial);
    kv.add("updateSerial", p.type);
    return cgi::lines(kv);
  }
  if (action == "getDeviceType") return cgi::line("type", p.type);
  if (action == "getDeviceClass") return cgi::line("type", p.device_class);
  if (action == "getSerialNo") return cgi::line("sn", p.serial);
  if (action == "getMachineName") return cgi::line("name", p.name);
  if (action == "getVendor") return cgi::line("vendor", p.vendor);
  if (action == "getHardwareVersion") return cgi::line("version", p.hardware);
  if (action == "getSoftwareVersion") return cgi::line("version", p.version + ",build:" + p.build);
  if (action == "getProductDefinition") {
    if (call.get("name") != "MaxExtraStream") return cgi::bad_request();
    return cgi::line("table.MaxExtraStream", "1");
  }
  if (action == "reboot") {
    core.count("reboots");
    return cgi::ok();
  }
  return cgi::not_implemented();
}

HttpAnswer global(const CgiCall& call) {
  if (call.action == "getCurrentTime") {
    const auto now = std::chrono::system_clock::to_time_t(call.core.clock.wall_now());
    return cgi::line("result", fmt::format("{:%Y-%m-%d %H:%M:%S}", fmt::gmtime(now)));
  }
  if (call.action == "setCurrentTime") return cgi::ok();
  return cgi::not_implemented();
}

HttpAnswer intervideo(const CgiCall& call) {
  return cgi::line("version", call.get("Name") == "Onvif" ? "16.12(V2.4.3.651299)" : "2.84");
}

}  // namespace

void add_cgi_device(Cgi& c) {
  c.add("magicBox.cgi", magic_box);
  c.add("global.cgi", global);
  c.add("IntervideoManager.cgi", intervideo);
}

}  // namespace dmss::recorder

// recordManager.cgi, LogicDeviceManager.cgi (protocol http-rpc.md §5.9, §6.1).
#include "recorder/cgi.hpp"
#include "recorder/device.hpp"

namespace dmss::recorder {
namespace {

HttpAnswer record_manager(const CgiCall& call) {
  const Json* caps = call.core.profile.ability("recordManager.getCaps");
  if (call.action != "getCaps" || caps == nullptr) return cgi::not_implemented();
  proto::cgi::KeyValues kv;
  flatten("caps", *caps, kv);
  return cgi::lines(kv);
}

/// getCameraState is known over JSON-RPC alone.
HttpAnswer logic_devices(const CgiCall& call) {
  const Json all = cameras(call.core);
  if (call.action != "getCameraAll" || all.is_null()) return cgi::not_implemented();
  proto::cgi::KeyValues kv;
  flatten("camera", all, kv);
  return cgi::lines(kv);
}

}  // namespace

void add_cgi_record(Cgi& c) {
  c.add("recordManager.cgi", record_manager);
  c.add("LogicDeviceManager.cgi", logic_devices);
}

}  // namespace dmss::recorder

// Methods that tell what the device is and keep its configuration.
#include <fmt/chrono.h>

#include "recorder/rpc_methods.hpp"

namespace dmss::recorder {
namespace {

namespace rpc = proto::rpc;
namespace code = proto::rpc::code;
using rpc::int_or;
using rpc::text_or;

Reply error(const Request& r, std::int64_t number, const char* message) {
  return rpc::make_error(r, number, message);
}

/// Adds a method whose answer is always the same kind of params.
template <class F>
void tell(Rpc& rpc, const std::string& name, F params) {
  rpc.add(name, [params](const Request& r, Caller&) { return rpc::make_reply(r, true, params(r)); });
}

void add_magic_box(Rpc& rpc) {
  const Profile& p = rpc.core().profile;
  tell(rpc, "magicBox.getSerialNo", [&p](const Request&) { return Json{{"sn", p.serial}}; });
  tell(rpc, "magicBox.getDeviceType", [&p](const Request&) { return Json{{"type", p.type}}; });
  tell(rpc, "magicBox.getDeviceClass", [&p](const Request&) { return Json{{"type", p.device_class}}; });
  tell(rpc, "magicBox.getHardwareVersion", [&p](const Request&) { return Json{{"version", p.hardware}}; });
  tell(rpc, "magicBox.getVendor", [&p](const Request&) { return Json{{"Vendor", p.vendor}}; });
  tell(rpc, "magicBox.getMachineName", [&p](const Request&) { return Json{{"name", p.name}}; });
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
  rpc.add("magicBox.getProductDefinition", [&p](const Request& r, Caller&) {
    const Json definitions = {{"MaxExtraStream", 1},
                              {"HasTalk", true},
                              {"HasAlarm", true},
                              {"HasAudio", true},
                              {"HasPtz", !p.ptz_channels.empty()}};
    const std::string name = text_or(r.params, "name", "");
    if (name.empty()) return rpc::make_reply(r, true, {{"definition", definitions}});
    if (!definitions.contains(name))
      return error(r, code::unknown_error, "Unknown error! error code was not set in service!");
    return rpc::make_reply(r, true, {{"definition", definitions[name]}});
  });
  rpc.add("magicBox.reboot", [&rpc](const Request& r, Caller&) {
    rpc.core().count("reboots");
    return rpc::make_reply(r, true);
  });
}

Reply get_config(Core& core, const Request& r, const Json& params) {
  const std::string name = text_or(params, "name", "");
  const Json* table = core.tables.find(name);
  if (table == nullptr)
    return error(r, code::unknown_error, "Unknown error! error code was not set in service!");
  const std::int64_t channel = int_or(params, "channel", -1);
  if (channel < 0 || !table->is_array()) return rpc::make_reply(r, true, {{"table", *table}});
  if (static_cast<std::size_t>(channel) >= table->size())
    return error(r, code::invalid_param, "Bad parameter!");
  return rpc::make_reply(
      r, true,
      {{"channel", channel}, {"name", name}, {"table", (*table)[static_cast<std::size_t>(channel)]}});
}

Reply set_config(Core& core, const Request& r) {
  std::string path = text_or(r.params, "name", "");
  const std::int64_t channel = int_or(r.params, "channel", -1);
  const Json* table = rpc::member(r.params, "table");
  if (table == nullptr) return error(r, code::invalid_param, "Bad parameter!");
  if (channel >= 0) path += "[" + std::to_string(channel) + "]";
  if (!core.tables.set(path, *table))
    return error(r, code::unknown_error, "Unknown error! error code was not set in service!");
  core.count("config_writes");
  return rpc::make_reply(r, true, {{"options", Json::array()}});
}

void add_config(Rpc& rpc) {
  Core& core = rpc.core();
  rpc.add("configManager.getConfig", [&core](const Request& r, Caller&) {
    if (!r.params.is_array()) return get_config(core, r, r.params);
    Json answers = Json::array();
    std::int64_t id = 0;
    for (const Json& one : r.params) {
      const Reply inner = get_config(core, r, one);
      answers.push_back({{"id", id++}, {"params", inner.params}, {"result", inner.ok()}});
    }
    return rpc::make_reply(r, true, std::move(answers));
  });
  rpc.add("configManager.setConfig", [&core](const Request& r, Caller&) { return set_config(core, r); });
  tell(rpc, "configManager.getMemberNames",
       [&core](const Request&) { return Json{{"names", core.tables.names()}}; });
  tell(rpc, "encode.getConfigCaps",
       [&core](const Request&) { return Json{{"caps", encode_caps(core.profile)}}; });
}

void add_time(Rpc& rpc) {
  Core& core = rpc.core();
  tell(rpc, "global.getCurrentTime", [&core](const Request&) {
    return Json{{"time", fmt::format("{:%Y-%m-%d %H:%M:%S}", fmt::gmtime(std::chrono::system_clock::to_time_t(
                                                                 core.clock.wall_now())))}};
  });
  rpc.add("global.setCurrentTime", [&core](const Request& r, Caller&) {
    core.count("time_writes");
    return rpc::make_reply(r, true);
  });
}

void add_users(Rpc& rpc) {
  Core& core = rpc.core();
  tell(rpc, "userManager.getActiveUserInfoAll", [&core](const Request&) {
    Json users = Json::array();
    for (const auto& [id, s] : core.sessions.all()) {
      users.push_back(
          {{"ClientAddress", s->address},
           {"ClientType", s->service},
           {"Group", "admin"},
           {"Id", id},
           {"Name", s->user},
           {"LoginTime", fmt::format("{:%Y-%m-%d %H:%M:%S}",
                                     fmt::gmtime(std::chrono::system_clock::to_time_t(s->since)))}});
    }
    return Json{{"users", std::move(users)}};
  });
  tell(rpc, "userManager.getUserInfoAll", [&core](const Request&) {
    return Json{{"users", Json::array({{{"Group", "admin"},
                                        {"Id", 1},
                                        {"Memo", "admin 's account"},
                                        {"Name", core.options.user},
                                        {"Reserved", true},
                                        {"Sharable", true}}})}};
  });
}

}  // namespace

void add_device_methods(Rpc& rpc) {
  add_magic_box(rpc);
  add_config(rpc);
  add_time(rpc);
  add_users(rpc);
}

}  // namespace dmss::recorder

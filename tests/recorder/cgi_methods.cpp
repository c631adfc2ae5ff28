#include <fmt/chrono.h>

#include <charconv>
#include <functional>
#include <map>

#include "proto/cgi/kv.hpp"
#include "proto/cgi/url.hpp"
#include "proto/rpc/codes.hpp"
#include "recorder/http_service.hpp"

namespace dmss::recorder {
namespace {

using proto::cgi::KeyValues;
using proto::cgi::Query;

HttpAnswer text(int status, std::string body) {
  HttpAnswer a;
  a.status = status;
  a.body = std::move(body);
  return a;
}

HttpAnswer lines(const KeyValues& kv) {
  return text(200, kv.body());
}
HttpAnswer line(const std::string& key, const std::string& value) {
  return text(200, key + "=" + value + "\r\n");
}
HttpAnswer ok() {
  return text(200, "OK\r\n");
}
HttpAnswer bad_request() {
  return text(400, "Error\r\nBad Request!\r\n");
}
HttpAnswer invalid_request() {
  return text(400, "Error\r\nErrorID=2, Detail=Invalid Request!\r\n");
}
HttpAnswer not_implemented() {
  return text(501, "Error\r\nNot Implemented!\r\n");
}

std::string get(const Query& q, const char* key) {
  return std::string(q.get(key).value_or(""));
}

std::string time_text(const Core& core) {
  return fmt::format("{:%Y-%m-%d %H:%M:%S}",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(core.clock.wall_now())));
}

HttpAnswer magic_box(Core& core, const std::string& action, const Query& q) {
  const Profile& p = core.profile;
  if (action == "getSystemInfo") {
    KeyValues kv;
    kv.add("appAutoStart", "true");
    kv.add("deviceType", p.type);
    kv.add("hardwareVersion", p.hardware);
    kv.add("processor", p.processor);
    kv.add("serialNumber", p.serial);
    kv.add("updateSerial", p.type);
    return lines(kv);
  }
  if (action == "getDeviceType") return line("type", p.type);
  if (action == "getDeviceClass") return line("type", p.device_class);
  if (action == "getSerialNo") return line("sn", p.serial);
  if (action == "getMachineName") return line("name", p.name);
  if (action == "getVendor") return line("vendor", p.vendor);
  if (action == "getHardwareVersion") return line("version", p.hardware);
  if (action == "getSoftwareVersion") return line("version", p.version + ",build:" + p.build);
  if (action == "getProductDefinition") {
    if (get(q, "name") != "MaxExtraStream") return bad_request();
    return line("table.MaxExtraStream", "1");
  }
  if (action == "reboot") {
    core.count("reboots");
    return ok();
  }
  return not_implemented();
}

HttpAnswer config_manager(Core& core, const std::string& action, const Query& q) {
  if (action == "getConfig") {
    const std::string name = get(q, "name");
    const Json* value = core.tables.find(name);
    if (value == nullptr) {
      if (core.tables.find(name.substr(0, name.find_first_of(".["))) != nullptr) {
        return text(400, "Error: Error -1 getting param in name=" + name + "\r\n");
      }
      return bad_request();
    }
    KeyValues kv;
    flatten("table." + name, *value, kv);
    return lines(kv);
  }
  if (action == "setConfig") {
    for (const auto& [key, value] : q.pairs()) {
      if (key == "action") continue;
      if (!core.tables.set_text(key.rfind("table.", 0) == 0 ? key.substr(6) : key, value))
        return bad_request();
    }
    core.count("config_writes");
    return ok();
  }
  return not_implemented();
}

HttpAnswer snapshot(Core& core, const Query& q) {
  core.count("snapshots");
  int channel = 1;
  if (const auto given = q.get("channel")) {
    const auto [end, error] = std::from_chars(given->data(), given->data() + given->size(), channel);
    if (error != std::errc() || end != given->data() + given->size()) return bad_request();
  }
  if (channel == 0) channel = 1;  // clients of cameras count from 0
  if (channel < 1 || channel > core.profile.channels) return bad_request();
  const Bytes jpeg = core.clips.snapshot(channel);
  HttpAnswer a;
  a.type = "image/jpeg";
  a.body.assign(jpeg.begin(), jpeg.end());
  return a;
}

HttpAnswer user_manager(Core& core, const std::string& action) {
  KeyValues kv;
  if (action == "getActiveUserInfoAll") {
    int i = 0;
    for (const auto& [id, s] : core.sessions.all()) {
      const std::string row = "users[" + std::to_string(i++) + "].";
      kv.add(row + "ClientAddress", s->address);
      kv.add(row + "ClientType", s->service);
      kv.add(row + "Group", "admin");
      kv.add(row + "ID", std::to_string(id));
      kv.add(row + "Name", s->user);
    }
    return lines(kv);
  }
  if (action == "getUserInfoAll") {
    kv.add("users[0].Group", "admin");
    kv.add("users[0].Id", "1");
    kv.add("users[0].Name", core.options.user);
    kv.add("users[0].Reserved", "true");
    kv.add("users[0].Sharable", "true");
    return lines(kv);
  }
  return not_implemented();
}

HttpAnswer encode(Core& core, const std::string& action) {
  if (action != "getConfigCaps") return not_implemented();
  KeyValues kv;
  // A recorder ignores the channel and tells all of them.
  for (int c = 0; c < core.profile.channels; ++c)
    flatten("caps[" + std::to_string(c) + "]", encode_caps(core.profile), kv);
  return lines(kv);
}

HttpAnswer event_manager(const std::string& action) {
  if (action == "getEventIndexes") return text(200, "Error: No Events\r\n");
  if (action == "getExposureEvents")
    return text(200, "events[0]=VideoMotion\r\nevents[1]=AlarmLocal\r\nevents[2]=VideoLoss\r\n");
  return not_implemented();
}

/// One disk, being overwritten: UsedBytes is TotalBytes.
HttpAnswer storage_device(const std::string& action) {
  if (action == "factory.getCollect") return line("list[0]", "/dev/sda");
  if (action != "getDeviceAllInfo") return not_implemented();
  KeyValues kv;
  const std::string disk = "list.info[0].", part = disk + "Detail[0].";
  kv.add(disk + "Name", "/dev/sda");
  kv.add(disk + "State", "Success");
  kv.add(disk + "HealthDataFlag", "0");
  kv.add(part + "Path", "/dev/sda0");
  kv.add(part + "Type", "ReadWrite");
  kv.add(part + "IsError", "false");
  kv.add(part + "TotalBytes", "495636709376.000000");
  kv.add(part + "UsedBytes", "495636709376.000000");
  return lines(kv);
}

HttpAnswer ptz(Core& core, const std::string& action, const Query& q) {
  if (action != "start" && action != "stop") return not_implemented();
  if (core.ptz.size() < 1000) {
    Json params = Json::object();
    for (const auto& [key, value] : q.pairs()) params[key] = value;
    core.ptz.push_back({{"action", action}, {"params", params}});
  }
  return ok();
}

}  // namespace

HttpAnswer cgi_answer(Core& core, const std::string& target) {
  const proto::cgi::Target t = proto::cgi::parse_target(target);
  const std::string service = t.path.substr(std::string("/cgi-bin/").size());
  const std::string action = get(t.query, "action");
  if (service == "magicBox.cgi") return magic_box(core, action, t.query);
  if (service == "configManager.cgi") return config_manager(core, action, t.query);
  if (service == "snapshot.cgi") return snapshot(core, t.query);
  if (service == "userManager.cgi") return user_manager(core, action);
  if (service == "encode.cgi") return encode(core, action);
  if (service == "eventManager.cgi") return event_manager(action);
  if (service == "storageDevice.cgi") return storage_device(action);
  if (service == "ptz.cgi") return ptz(core, action, t.query);
  if (service == "global.cgi") {
    if (action == "getCurrentTime") return line("result", time_text(core));
    if (action == "setCurrentTime") return ok();
    return not_implemented();
  }
  if (service == "devVideoInput.cgi") {
    if (action == "getCollect") return line("result", std::to_string(core.profile.channels));
    if (action == "getCaps")
      return text(200,
                  "caps.DayNightColor=3\r\ncaps.Flip=true\r\ncaps.Mirror=true\r\ncaps.Rotate90=true\r\n");
    return not_implemented();
  }
  if (service == "devAudioOutput.cgi" || service == "devAudioInput.cgi")
    return action == "getCollect" ? line("result", "1") : not_implemented();
  if (service == "IntervideoManager.cgi")
    return line("version", get(t.query, "Name") == "Onvif" ? "16.12(V2.4.3.651299)" : "2.84");
  if (service == "mediaFileFind.cgi")
    return action == "factory.create" ? line("result", "1") : invalid_request();
  return bad_request();
}

}  // namespace dmss::recorder

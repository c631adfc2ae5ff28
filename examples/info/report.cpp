#include "info/report.hpp"

namespace info {
namespace {

using example::Json;
using example::wait;

/// `describe(value)`, or the error.
template <class T, class F>
Json told(const dmss::Result<T>& result, F describe) {
  if (!result) return {{"error", example::to_json(result.error())}};
  return describe(*result);
}

Json of_identity(const dmss::DeviceInfo& info) {
  Json j{{"model", info.model},
         {"serial", info.serial},
         {"class", info.device_class},
         {"software", info.software},
         {"build", info.build},
         {"hardware", info.hardware},
         {"channels", info.channels},
         {"channel_names", info.channel_names},
         {"login", dmss::name(info.login)},
         {"connection", info.connection}};
  if (!info.tls.empty()) j["tls"] = info.tls;
  return j;
}

Json of_disks(const std::vector<dmss::Disk>& disks) {
  Json list = Json::array();
  for (const dmss::Disk& d : disks) {
    list.push_back({{"name", d.name},
                    {"state", d.state},
                    {"healthy", d.healthy},
                    {"total", d.total},
                    {"free", d.free},
                    {"partitions", d.partitions.size()}});
  }
  return list;
}

Json of_users(const std::vector<dmss::OnlineUser>& users) {
  Json list = Json::array();
  for (const dmss::OnlineUser& u : users) {
    list.push_back({{"name", u.name},
                    {"group", u.group},
                    {"address", u.address},
                    {"client", u.client_type},
                    {"since", u.login_time}});
  }
  return list;
}

Json of_limits(const dmss::Limits& limits) {
  if (!limits.known()) return nullptr;
  return {limits.minimum, limits.maximum};
}

Json of_stream(const dmss::StreamCapabilities& s) {
  Json resolutions = Json::array();
  for (const dmss::Resolution& r : s.resolutions)
    resolutions.push_back(std::to_string(r.width) + "x" + std::to_string(r.height));
  return {{"video", s.video_codecs},
          {"audio", s.audio_codecs},
          {"resolutions", resolutions},
          {"max_frame_rate", s.max_frame_rate},
          {"bit_rate", of_limits(s.bit_rate)}};
}

Json of_capabilities(const dmss::Capabilities& c) {
  Json features = Json::object();
  for (const auto& [feature, capability] : c.features) {
    Json& f = features[std::string(dmss::name(feature))];
    f["support"] = dmss::name(capability.support);
    if (!capability.probe.empty()) f["probe"] = capability.probe;
    if (!capability.reason.empty()) f["reason"] = capability.reason;
  }
  Json j{{"features", std::move(features)}};
  if (c.channel == 0) {
    j["alarm_inputs"] = c.alarm_inputs;
    j["alarm_outputs"] = c.alarm_outputs;
    j["event_codes"] = c.event_codes;
    return j;
  }
  if (c.support(dmss::Feature::ptz) == dmss::Support::yes) {
    j["ptz"] = {{"presets", of_limits(c.ptz.presets)},
                {"tours", of_limits(c.ptz.tours)},
                {"pan_speed", of_limits(c.ptz.pan_speed)},
                {"auxiliary", c.ptz.auxiliary}};
  }
  j["streams"] = Json::array();
  for (const dmss::StreamCapabilities& s : c.streams) j["streams"].push_back(of_stream(s));
  return j;
}

Json capabilities(dmss::Device& device, int channel) {
  return told(wait<dmss::Capabilities>([&](auto done) { device.capabilities(channel, done); }),
              of_capabilities);
}

}  // namespace

dmss::Result<std::vector<int>> chosen_channels(const What& what, const dmss::DeviceInfo& identity) {
  if (what.channels == "none") return std::vector<int>();
  if (what.channels != "all") return example::parse_channels(what.channels);
  std::vector<int> all;
  for (int c = 1; c <= identity.channels; ++c) all.push_back(c);
  return all;
}

Json collect(dmss::Device& device, const dmss::DeviceInfo& identity, const std::vector<int>& channels) {
  dmss::Admin admin = device.admin();
  Json report{{"device", of_identity(identity)}};
  report["time"] = told(wait<dmss::DeviceTime>([&](auto done) { admin.time(done); }),
                        [](const dmss::DeviceTime& t) { return Json(t.to_string()); });
  report["disks"] = told(wait<std::vector<dmss::Disk>>([&](auto done) { admin.disks(done); }), of_disks);
  report["users"] =
      told(wait<std::vector<dmss::OnlineUser>>([&](auto done) { admin.online_users(done); }), of_users);
  report["alarms"] =
      told(wait<dmss::AlarmStates>([&](auto done) { admin.alarm_states(done); }),
           [](const dmss::AlarmStates& s) { return Json{{"inputs", s.inputs}, {"outputs", s.outputs}}; });
  report["capabilities"] = capabilities(device, 0);
  report["channels"] = Json::object();
  for (const int channel : channels)
    report["channels"][std::to_string(channel)] = capabilities(device, channel);
  return report;
}

}  // namespace info

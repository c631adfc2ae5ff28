#include "recorder/tables.hpp"

#include <charconv>

namespace dmss::recorder {
namespace {

Json audio_format(bool aac) {
  return {{"Bitrate", aac ? 32 : 64},
          {"Channels", Json::array({0})},
          {"Compression", aac ? "AAC" : "G.711A"},
          {"Depth", 16},
          {"Frequency", aac ? 16000 : 8000},
          {"Mode", 0},
          {"Pack", "DHAV"}};
}

Json video_format(const StreamProfile& s, int channel) {
  const std::string size = std::to_string(s.width) + "x" + std::to_string(s.height);
  return {{"BitRate", s.kbps},
          {"BitRateControl", "CBR"},
          {"Compression", s.codec(channel) == Codec::h265 ? "H.265" : "H.264"},
          {"CustomResolutionName", s.height == 1080  ? "1080P"
                                   : s.height == 576 ? "D1"
                                                     : size},
          {"FPS", s.fps},
          {"GOP", 2 * s.fps},
          {"Height", s.height},
          {"Pack", "DHAV"},
          {"Priority", 0},
          {"Profile", "Main"},
          {"Quality", 4},
          {"QualityRange", 6},
          {"SVCTLayer", 1},
          {"Width", s.width},
          {"resolution", size}};
}

Json format(const StreamProfile& s, int channel, bool aac) {
  return {{"Audio", audio_format(aac)},
          {"AudioEnable", true},
          {"Video", video_format(s, channel)},
          {"VideoEnable", true}};
}

Json encode_row(const Profile& p, int channel) {
  const bool aac = p.audio(channel) == Codec::aac;
  const Json main = format(p.main, channel, aac), extra = format(p.extra, channel, aac);
  Json off = extra;
  off["VideoEnable"] = false;
  return {{"ExtraFormat", Json::array({extra, off, off})},
          {"MainFormat", Json::array({main, main, main, main})},
          {"SnapFormat", Json::array({extra, extra, extra})}};
}

Json network(const Profile& p) {
  const Json card = {{"DefaultGateway", "192.0.2.1"},
                     {"DhcpEnable", false},
                     {"DnsServers", Json::array({"192.0.2.1", "8.8.8.8"})},
                     {"EnableDhcpReservedIP", false},
                     {"IPAddress", "192.0.2.10"},
                     {"MTU", 1500},
                     {"PhysicalAddress", "02:00:00:00:00:10"},
                     {"SubnetMask", "255.255.255.0"}};
  return {{"DefaultInterface", "eth0"}, {"Domain", "dahua"}, {"Hostname", p.device_class}, {"eth0", card}};
}

}  // namespace

Tables::Tables(const Profile& p) {
  all_["General"] = {{"LocalNo", 8},
                     {"LockLoginEnable", p.lock_tries > 0},
                     {"LockLoginTimes", p.lock_tries},
                     {"LoginFailLockTime", p.lock_seconds},
                     {"MachineName", p.name},
                     {"MaxOnlineTime", 3600}};
  Json titles = Json::array(), encode = Json::array(), motion = Json::array(), widgets = Json::array();
  for (int c = 1; c <= p.channels; ++c) {
    titles.push_back({{"Name", p.channel_name(c)}, {"SerialNo", ""}});
    encode.push_back(encode_row(p, c));
    motion.push_back({{"Enable", false}, {"Level", 3}});
    widgets.push_back({{"ChannelTitle", {{"EncodeBlend", true}, {"PreviewBlend", true}}}});
  }
  all_["ChannelTitle"] = std::move(titles);
  all_["Encode"] = std::move(encode);
  all_["MotionDetect"] = std::move(motion);
  all_["VideoWidget"] = std::move(widgets);
  all_["Network"] = network(p);
  all_["VideoStandard"] = "PAL";
  all_["NTP"] = {
      {"Address", "clock.example"}, {"Enable", false}, {"Port", 123}, {"TimeZone", 0}, {"UpdatePeriod", 60}};
  all_["DVRIP"] = {{"MaxConnections", p.dvrip.max_connections},
                   {"SSLPort", 37779},
                   {"TCPPort", 37777},
                   {"UDPPort", 37778}};
  all_["RTSP"] = {{"Enable", true}, {"Port", 554}};
}

Json* Tables::locate(std::string_view path) {
  Json* at = &all_;
  while (!path.empty()) {
    if (path[0] == '[') {
      const std::size_t end = path.find(']');
      std::size_t index = 0;
      if (end == std::string_view::npos || !at->is_array()) return nullptr;
      const auto [stop, error] = std::from_chars(path.data() + 1, path.data() + end, index);
      if (error != std::errc() || stop != path.data() + end || index >= at->size()) return nullptr;
      at = &(*at)[index];
      path.remove_prefix(end + 1);
    } else {
      if (path[0] == '.') path.remove_prefix(1);
      const std::size_t end = std::min(path.find_first_of(".["), path.size());
      const auto found = at->is_object() ? at->find(std::string(path.substr(0, end))) : at->end();
      if (!at->is_object() || found == at->end()) return nullptr;
      at = &*found;
      path.remove_prefix(end);
    }
  }
  return at;
}

const Json* Tables::find(std::string_view path) const {
  return path.empty() ? nullptr : const_cast<Tables*>(this)->locate(path);
}

bool Tables::set(std::string_view path, Json value) {
  Json* at = path.empty() ? nullptr : locate(path);
  if (at == nullptr) return false;
  *at = std::move(value);
  return true;
}

bool Tables::set_text(std::string_view path, const std::string& value) {
  const Json* at = find(path);
  if (at == nullptr || at->is_structured()) return false;
  if (at->is_boolean()) return set(path, value == "true" || value == "1");
  if (at->is_number()) {
    std::int64_t n = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), n);
    return error == std::errc() && end == value.data() + value.size() && set(path, n);
  }
  return set(path, value);
}

std::vector<std::string> Tables::names() const {
  std::vector<std::string> out;
  for (const auto& [name, value] : all_.items()) out.push_back(name);
  return out;
}

void flatten(const std::string& key, const Json& value, proto::cgi::KeyValues& out) {
  if (value.is_object()) {
    for (const auto& [name, child] : value.items()) flatten(key + "." + name, child, out);
  } else if (value.is_array()) {
    for (std::size_t i = 0; i < value.size(); ++i)
      flatten(key + "[" + std::to_string(i) + "]", value[i], out);
  } else if (value.is_string()) {
    out.add(key, value.get<std::string>());
  } else if (!value.is_null()) {
    out.add(key, proto::rpc::dump(value));
  }
}

Json encode_caps(const Profile& p) {
  const auto format_caps = [](const StreamProfile& s) {
    const std::string names = s.height >= 1080 ? "1080P,720P,D1" : s.height >= 576 ? "D1,CIF" : "CIF";
    return Json{{"Audio", {{"CompressionTypes", "G.711A,AAC"}}},
                {"Video",
                 {{"BitRateOptions", "64,8192"},
                  {"CompressionTypes", "H.264,H.265"},
                  {"FPSMax", s.fps},
                  {"ResolutionTypes", names}}}};
  };
  return {{"MainFormat", Json::array({format_caps(p.main)})},
          {"ExtraFormat", Json::array({format_caps(p.extra)})}};
}

}  // namespace dmss::recorder

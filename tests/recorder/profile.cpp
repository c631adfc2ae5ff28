#include "recorder/profile.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "proto/rpc/message.hpp"
#include "recorder/builtin_profiles.hpp"

namespace dmss::recorder {
namespace {

using proto::rpc::bool_or;
using proto::rpc::int_or;
using proto::rpc::Json;
using proto::rpc::member;
using proto::rpc::text_or;

constexpr int kMaxChannels = 64;

Json object(const Json& parent, const char* key) {
  const Json* found = member(parent, key);
  return found != nullptr && found->is_object() ? *found : Json::object();
}

int number(const Json& parent, const char* key, int fallback) {
  return static_cast<int>(std::clamp<std::int64_t>(int_or(parent, key, fallback), 0, 1 << 20));
}

std::vector<int> numbers(const Json& parent, const char* key) {
  std::vector<int> out;
  const Json* list = member(parent, key);
  if (list == nullptr || !list->is_array()) return out;
  for (const Json& item : *list) {
    if (item.is_number_integer()) out.push_back(item.get<int>());
  }
  return out;
}

std::vector<std::string> texts(const Json& parent, const char* key) {
  std::vector<std::string> out;
  const Json* list = member(parent, key);
  if (list == nullptr || !list->is_array()) return out;
  for (const Json& item : *list) {
    if (item.is_string()) out.push_back(item.get<std::string>());
  }
  return out;
}

bool contains(const std::vector<int>& list, int value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

StreamProfile stream(const Json& j, StreamProfile s) {
  s.width = number(j, "width", s.width);
  s.height = number(j, "height", s.height);
  s.fps = std::max(1, number(j, "fps", s.fps));
  s.kbps = number(j, "kbps", s.kbps);
  s.h265_channels = numbers(j, "h265_channels");
  return s;
}

void read_services(const Json& j, Profile& p) {
  const Json dvrip = object(j, "dvrip");
  p.dvrip.logins = texts(dvrip, "logins");
  p.dvrip.reply_version = static_cast<std::uint8_t>(number(dvrip, "reply_version", 0x68));
  p.dvrip.json = bool_or(dvrip, "json", true);
  p.dvrip.sub_connections = bool_or(dvrip, "sub_connections", true);
  p.dvrip.old_live = bool_or(dvrip, "old_live", true);
  p.dvrip.max_connections = number(dvrip, "max_connections", 128);
  p.dvrip.keep_alive_timeout = number(dvrip, "keep_alive_timeout", 60);
  p.dvrip.capabilities = text_or(dvrip, "capabilities", "");

  const Json rpc = object(j, "rpc");
  p.rpc.text_session = text_or(rpc, "session", "number") == "string";
  p.rpc.keep_alive = number(rpc, "keep_alive", 60);

  const Json http = object(j, "http");
  p.http_schemes = texts(http, "schemes");
  p.http_basic = bool_or(http, "basic", false);
  p.rpc.enabled = bool_or(http, "rpc", true);

  const Json rtsp = object(j, "rtsp");
  p.rtsp.schemes = texts(rtsp, "schemes");
  p.rtsp.challenge_on = text_or(rtsp, "challenge_on", "describe");
  p.rtsp.session_timeout = number(rtsp, "session_timeout", 60);
  p.rtsp.old_sdp = bool_or(rtsp, "old_sdp", false);
  p.rtsp.max_viewers = number(rtsp, "max_viewers", 128);
}

Profile read(const Json& j) {
  Profile p;
  p.device_class = text_or(j, "class", "NVR");
  p.type = text_or(j, "type", "NVR");
  p.serial = text_or(j, "serial", "3G0TEST0001");
  p.vendor = text_or(j, "vendor", "Dahua");
  p.name = text_or(j, "name", p.type);
  p.hardware = text_or(j, "hardware", "1.00");
  p.processor = text_or(j, "processor", "");
  p.version = text_or(j, "version", "1.000.0000000.0.R");
  p.build = text_or(j, "build", "2020-01-01");
  p.channels = number(j, "channels", 1);
  p.ptz_channels = numbers(j, "ptz_channels");
  p.main = stream(object(j, "main"), {1920, 1080, 25, 4096, {}});
  p.extra = stream(object(j, "extra"), {});
  p.aac_channels = numbers(object(j, "audio"), "aac_channels");
  p.lock_tries = number(object(j, "lock"), "tries", 5);
  p.lock_seconds = number(object(j, "lock"), "seconds", 300);
  read_services(j, p);
  return p;
}

}  // namespace

Codec StreamProfile::codec(int channel) const {
  return contains(h265_channels, channel) ? Codec::h265 : Codec::h264;
}

Codec Profile::audio(int channel) const {
  return contains(aac_channels, channel) ? Codec::aac : Codec::pcm_alaw;
}

std::string Profile::channel_name(int channel) const {
  return "Camera " + std::to_string(channel);
}

bool Profile::Dvrip::allows(std::string_view login) const {
  return std::find(logins.begin(), logins.end(), login) != logins.end();
}

Result<Profile> load_profile(const std::string& name, int channels) {
  std::string text;
  if (const auto found = builtin_profiles().find(name); found != builtin_profiles().end()) {
    text = found->second;
  } else {
    std::ifstream file(name, std::ios::binary);
    if (!file) return Error(Errc::invalid_argument, "no such profile: " + name);
    text.assign(std::istreambuf_iterator<char>(file), {});
  }
  Result<Json> json = proto::rpc::parse_json(text);
  if (!json || !json->is_object())
    return Error(Errc::invalid_argument, "the profile is no JSON object: " + name);
  Profile p = read(*json);
  if (channels > 0) p.channels = channels;
  if (p.channels < 1 || p.channels > kMaxChannels)
    return Error(Errc::invalid_argument, "channels must be 1..64");
  return p;
}

}  // namespace dmss::recorder

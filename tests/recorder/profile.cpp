#include "recorder/profile.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "proto/rpc/message.hpp"
#include "recorder/builtin_profiles.hpp"
#include "recorder/stream_setting.hpp"
#include "recorder/table_template.hpp"

namespace dmss::recorder {
namespace {

using proto::rpc::bool_or;
using proto::rpc::int_or;
using proto::rpc::member;
using proto::rpc::text_or;

constexpr int kMaxChannels = 64;
constexpr int kMaxParts = 8;

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

void read_config(const Json& j, Profile::Config& c) {
  c.unknown_is_authority = text_or(j, "unknown", "") == "authority";
  const std::string writes = text_or(j, "writes", "bare");
  c.bare_writes = writes != "prefixed";
  c.prefixed_writes = writes != "bare";
  c.multicall_reads = bool_or(j, "multicall_reads", true);
  c.float_rates = bool_or(j, "float_rates", false);
  c.secure_passwords = bool_or(j, "secure_passwords", false);
  c.time_in_result = bool_or(j, "time_in_result", false);
  c.request_limit = number(j, "request_limit", 0);
  c.missing_leaf_status = number(j, "missing_leaf_status", 400);
  c.caps_form = text_or(j, "caps_form", "array");
  c.need_reboot = texts(j, "need_reboot");
}

/// What was recorded from a device tells its streams by its Encode table alone.
void streams_from_table(const Json& j, Profile& p) {
  const Json* encode = member(p.tables, "Encode");
  for (const int subtype : {0, 1}) {
    if (encode == nullptr || j.contains(subtype == 0 ? "main" : "extra")) continue;
    const auto set = stream_setting(encode, 1, subtype, text_or(p.tables, "VideoStandard", "PAL") == "NTSC");
    StreamProfile& s = subtype == 0 ? p.main : p.extra;
    if (!set || set->width <= 0 || set->height <= 0) continue;
    s = {set->width, set->height, std::clamp(set->fps, 1, 60), std::max(64, set->kbps), {}};
    if (set->codec == Codec::h265) s.h265_channels = {1};
  }
}

void read_state(const Json& j, Profile& p) {
  p.tables = object(j, "tables");
  p.blocks = object(j, "blocks");
  p.caps = object(j, "caps");
  p.refusals = object(j, "refusals");
  p.storage = object(j, "storage");
  const Json* users = member(j, "users");
  p.users = users != nullptr && users->is_array() ? *users : Json::array();
  p.offline_channels = numbers(j, "offline_channels");
  p.empty_channels = numbers(j, "empty_channels");
  p.reboot_seconds = number(j, "reboot_seconds", 3);
  p.clock_offset =
      static_cast<int>(std::clamp<std::int64_t>(int_or(j, "clock_offset", 0), -(1 << 30), 1 << 30));
  const Json* names = member(j, "channel_names");
  for (std::size_t i = 0; names != nullptr && names->is_array() && i < names->size(); ++i) {
    const Json name = Templates(p).expand((*names)[i]);
    p.names.push_back(name.is_string() ? name.get<std::string>() : std::string());
  }
  read_config(object(j, "config"), p.config);
  streams_from_table(j, p);
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
  read_state(j, p);
  return p;
}

Result<Json> parse(const std::string& text, const std::string& name) {
  // All tables of a recorder with many channels are some megabytes.
  Result<Json> json =
      proto::rpc::parse_json(text, {.max_bytes = 64u << 20, .max_depth = 64, .max_values = 4000000});
  if (!json) return Error(Errc::invalid_argument, "the profile " + name + ": " + json.error().message());
  if (!json->is_object()) return Error(Errc::invalid_argument, "the profile is no JSON object: " + name);
  return json;
}

/// Tables, blocks and abilities are replaced as a whole: a template is no value to be mixed with another.
void add(Json& whole, const Json& part) {
  for (const auto& [key, value] : part.items()) {
    const bool by_name = key == "tables" || key == "blocks" || key == "caps";
    if (by_name && whole.contains(key) && whole[key].is_object() && value.is_object()) {
      whole[key].update(value);
    } else {
      merge(whole[key], value);
    }
  }
}

/// The parts that `json` includes come first, its own members over them.
Result<Json> with_parts(Json json, int depth = 0) {
  if (depth > kMaxParts) return Error(Errc::invalid_argument, "parts that include each other");
  Json whole = Json::object();
  for (const std::string& part : texts(json, "include")) {
    const auto found = builtin_parts().find(part);
    if (found == builtin_parts().end()) return Error(Errc::invalid_argument, "no such part: " + part);
    Result<Json> parsed = parse(found->second, part);
    if (parsed) parsed = with_parts(std::move(*parsed), depth + 1);
    if (!parsed) return parsed;
    add(whole, *parsed);
  }
  add(whole, json);
  return whole;
}

}  // namespace

Codec StreamProfile::codec(int channel) const {
  return contains(h265_channels, channel) ? Codec::h265 : Codec::h264;
}

Codec Profile::audio(int channel) const {
  return contains(aac_channels, channel) ? Codec::aac : Codec::pcm_alaw;
}

std::string Profile::channel_name(int channel) const {
  const auto i = static_cast<std::size_t>(channel - 1);
  return i < names.size() ? names[i] : "Camera " + std::to_string(channel);
}

int Profile::extra_streams() const {
  const Json* definition = ability("magicBox.getProductDefinition");
  const auto told = definition != nullptr ? proto::rpc::int_or(*definition, "MaxExtraStream", 1) : 1;
  return static_cast<int>(std::clamp<std::int64_t>(told, 1, 3));
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
  Result<Json> json = parse(text, name);
  if (!json) return json.error();
  // A file of identity and services alone has the tables that every device has.
  if (!json->contains("include") && !json->contains("tables")) (*json)["include"] = Json::array({"common"});
  json = with_parts(std::move(*json));
  if (!json) return json.error();
  Profile p = read(*json);
  if (channels > 0) p.channels = channels;
  if (p.channels < 1 || p.channels > kMaxChannels)
    return Error(Errc::invalid_argument, "channels must be 1..64");
  return p;
}

}  // namespace dmss::recorder

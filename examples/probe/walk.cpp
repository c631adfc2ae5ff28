#include "probe/walk.hpp"

#include <ctime>
#include <iostream>
#include <thread>

#include "probe/questions.hpp"

namespace probe {
namespace {

using example::Json;
using example::wait;

std::string text_of(const Json& answer, const char* key) {
  return answer.is_object() && answer.contains(key) && answer[key].is_string()
             ? answer[key].get<std::string>()
             : "";
}

/// Seconds that the device's clock is ahead of this host's.
long ahead(const dmss::DeviceTime& device) {
  std::tm there{};
  there.tm_year = device.year - 1900;
  there.tm_mon = device.month - 1;
  there.tm_mday = device.day;
  there.tm_hour = device.hour;
  there.tm_min = device.minute;
  there.tm_sec = device.second;
  return static_cast<long>(timegm(&there) - std::time(nullptr));
}

/// Transports as the login showed them; what it did not show is as most devices have it.
void describe_transports(const dmss::DeviceInfo& identity, Json& profile) {
  using Login = dmss::LoginKind;
  const bool gen0 = identity.login == Login::dvrip_gen0, plain = identity.login == Login::dvrip_plain;
  profile["dvrip"] = {{"logins",
                       {gen0    ? "gen0"
                        : plain ? "plain"
                                : "digest"}},
                      {"json", true},
                      {"sub_connections", !gen0 && !plain},
                      {"old_live", true}};
  profile["rpc"] = {{"session", "number"}, {"keep_alive", 60}};
  const bool basic = identity.login == Login::http_basic;
  profile["http"] = {{"schemes", basic ? Json::array() : Json{"MD5"}}, {"basic", basic}};
  profile["rtsp"] = {{"schemes", {"MD5"}}, {"challenge_on", "describe"}, {"session_timeout", 60}};
}

}  // namespace

Walk::Walk(dmss::Device device, dmss::DeviceInfo identity, WalkOptions options)
    : device_(std::move(device)), identity_(std::move(identity)), options_(options) {}

dmss::Result<void> Walk::run() {
  profile_ = {{"class", identity_.device_class},
              {"type", identity_.model},
              {"serial", identity_.serial},
              {"vendor", "Dahua"},
              {"name", identity_.model},
              {"version", identity_.software},
              {"channels", std::max(identity_.channels, 1)},
              {"channel_names", identity_.channel_names},
              {"tables", Json::object()},
              {"caps", Json::object()},
              {"refusals", {{"methods", Json::object()}, {"tables", Json::object()}}}};
  describe_transports(identity_, profile_);
  for (void (Walk::*part)() : {&Walk::walk_identity, &Walk::walk_abilities, &Walk::walk_storage,
                               &Walk::walk_tables, &Walk::walk_clock}) {
    (this->*part)();
    if (lost_) return lost_;
  }
  if (!json_) {
    profile_["dvrip"]["json"] = false;
    profile_["http"]["rpc"] = false;
  }
  return {};
}

void Walk::pause() {
  if (questions_++ > 0) std::this_thread::sleep_for(options_.pause);
}

/// A device that went away is not asked on; one that merely refuses is.
bool Walk::lost(const dmss::Error& error) {
  const bool gone = error.category() == dmss::ErrorCategory::network ||
                    error.category() == dmss::ErrorCategory::login || error == dmss::Errc::cancelled;
  if (gone) lost_ = error;
  return gone;
}

Json Walk::ask(const std::string& method, const Json& params, std::int64_t object, bool notes) {
  if (lost_) return nullptr;
  pause();
  dmss::CallOptions options;
  options.object = object;
  const std::string body = params.is_null() ? "" : params.dump();
  const auto reply = wait<std::string>([&](auto done) { device_.call(method, body, done, options); });
  if (reply || reply.error().device_code() != 0) json_ = true;
  if (!reply) {
    if (!lost(reply.error()) && notes && reply.error().device_code() != 0)
      profile_["refusals"]["methods"][method] = reply.error().device_code();
    return nullptr;
  }
  const Json json = Json::parse(*reply, nullptr, false);
  if (!json.is_object()) return nullptr;
  if (json.contains("params") && !json["params"].is_null()) return json["params"];
  return json.contains("result") ? json["result"] : Json();
}

Json Walk::ask_instance(const std::string& service, const std::string& method, const Json& make,
                        const Json& params) {
  const Json object = ask(service + ".factory.instance", make);
  if (!object.is_number_integer()) return nullptr;
  Json answer = ask(service + "." + method, params, object.get<std::int64_t>());
  ask(service + ".destroy", nullptr, object.get<std::int64_t>(), false);
  return answer;
}

void Walk::walk_identity() {
  if (const auto vendor = text_of(ask("magicBox.getVendor"), "Vendor"); !vendor.empty())
    profile_["vendor"] = vendor;
  if (const auto name = text_of(ask("magicBox.getMachineName"), "name"); !name.empty())
    profile_["name"] = name;
  if (const auto text = text_of(ask("magicBox.getHardwareVersion"), "version"); !text.empty())
    profile_["hardware"] = text;
  if (const auto text = text_of(ask("magicBox.getSystemInfo"), "processor"); !text.empty())
    profile_["processor"] = text;
  const Json software = ask("magicBox.getSoftwareVersion");
  if (software.is_object() && software.contains("version")) {
    if (const auto text = text_of(software["version"], "Version"); !text.empty()) profile_["version"] = text;
    if (const auto text = text_of(software["version"], "BuildDate"); !text.empty()) profile_["build"] = text;
  }
}

void Walk::walk_abilities() {
  Json& caps = profile_["caps"];
  for (const char* name : kDefinitions) {
    const Json answer = ask("magicBox.getProductDefinition", {{"name", name}}, 0, false);
    if (answer.is_object() && answer.contains("definition"))
      caps["magicBox.getProductDefinition"][name] = answer["definition"];
  }
  for (const Question& q : kAbilities) {
    const Json params = Json::parse(q.params, nullptr, false);
    const Json answer = q.instance ? ask_instance(q.service, q.method, {{"channel", 0}}, params)
                                   : ask(std::string(q.service) + "." + q.method, params);
    if (answer.is_object() && answer.contains("caps"))
      caps[std::string(q.service) + "." + q.method] = answer["caps"];
  }
}

void Walk::walk_storage() {
  const Json answer = ask_instance("storage", "getDeviceAllInfo", nullptr);
  if (answer.is_array()) profile_["storage"] = {{"devices", answer}, {"reply", "array"}};
  if (answer.is_object() && answer.contains("info"))
    profile_["storage"] = {{"devices", answer["info"]}, {"reply", "info"}};
}

void Walk::walk_tables() {
  dmss::Config config = device_.config();
  for (const char* name : kTables) {
    if (lost_) return;
    pause();
    const auto table = wait<std::string>([&](auto done) { config.read({name, 0}, done); });
    if (table) {
      Json json = Json::parse(*table, nullptr, false);
      if (!json.is_discarded()) profile_["tables"][name] = std::move(json);
    } else if (!lost(table.error()) && table.error().device_code() != 0) {
      profile_["refusals"]["tables"][name] = table.error().device_code();
    }
  }
}

void Walk::walk_clock() {
  if (lost_) return;
  pause();
  dmss::Admin admin = device_.admin();
  const auto time = wait<dmss::DeviceTime>([&](auto done) { admin.time(done); });
  if (time) profile_["clock_offset"] = ahead(*time);
}

}  // namespace probe

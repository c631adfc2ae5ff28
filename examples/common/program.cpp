#include "common/program.hpp"

#include <cstdio>
#include <iostream>

#include "common/password.hpp"

namespace example {
namespace {

const std::map<std::string, dmss::ControlRoute> kRoutes{{"auto", dmss::ControlRoute::automatic},
                                                        {"dvrip", dmss::ControlRoute::dvrip},
                                                        {"https", dmss::ControlRoute::https},
                                                        {"http", dmss::ControlRoute::http},
                                                        {"dhip", dmss::ControlRoute::dhip}};
// What an old recorder wants; both reveal the password to a listener.
const std::map<std::string, dmss::LegacyLogin> kLegacyLogins{{"none", dmss::LegacyLogin::none},
                                                             {"plain", dmss::LegacyLogin::plain},
                                                             {"gen0", dmss::LegacyLogin::gen0}};
const std::map<std::string, dmss::LogLevel> kLevels{{"debug", dmss::LogLevel::debug},
                                                    {"info", dmss::LogLevel::info},
                                                    {"warning", dmss::LogLevel::warning},
                                                    {"error", dmss::LogLevel::error}};

}  // namespace

void add_arguments(CLI::App& app, Arguments& a, bool has_json) {
  app.add_option("url", a.url, "dahua://user@host[:port]")->required();
  add_choice(app, "--control", a.device.control, kRoutes, "auto");
  app.add_option("--http-port", a.device.http_port, "HTTP port, 0 = never")->capture_default_str();
  app.add_option("--https-port", a.device.https_port, "HTTPS port, 0 = never")->capture_default_str();
  app.add_option("--dhip-port", a.device.dhip_port, "DHIP port, 0 = never")->capture_default_str();
  app.add_option("--rtsp-port", a.device.rtsp_port, "RTSP port, 0 = never")->capture_default_str();
  app.add_option("--rtsps-port", a.device.rtsps_port, "RTSPS port, 0 = never")->capture_default_str();
  add_choice(app, "--legacy-login", a.device.legacy_login, kLegacyLogins, "none");
  app.add_flag("--plaintext-password", a.device.allow_plaintext_password,
               "allow the password to be sent readable over connections that are not encrypted");
  add_choice(app, "--log", a.log, kLevels, "error");
  if (has_json) app.add_flag("--json", a.json, "for machines");
  app.footer(
      "The password comes from DMSS_PASSWORD or is asked for.\n"
      "Exit codes: 0 done, 1 failed, 2 wrong use, 3 login refused, 4 device not reached, 5 the device "
      "cannot.");
}

int parse(CLI::App& app, int argc, char** argv, Arguments& a) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? kDone : kUsage;
  }
  const auto parsed = dmss::parse_device_url(a.url);
  if (!parsed) return complain(parsed.error());
  a.device.address = parsed->address;
  a.device.user = parsed->user;
  a.device.port = parsed->port;
  a.device.password = dmss::Secret(read_password("DMSS_PASSWORD", "password of " + a.device.user + ": "));
  return -1;
}

Exit exit_code(const dmss::Error& error) {
  if (error == dmss::Errc::unsupported) return kUnsupported;
  if (error == dmss::Errc::invalid_argument) return kUsage;
  switch (error.category()) {
    case dmss::ErrorCategory::login: return kRefused;
    case dmss::ErrorCategory::network: return kUnreachable;
    default: return kFailed;
  }
}

dmss::Result<std::vector<int>> parse_channels(const std::string& text) {
  const dmss::Error wrong(dmss::Errc::invalid_argument, "channels are given as 1-16 or 1,3,5");
  std::vector<int> channels;
  std::stringstream parts(text);
  for (std::string part; std::getline(parts, part, ',');) {
    int first = 0, last = 0, used = 0;
    const int n = std::sscanf(part.c_str(), "%4d%n-%4d%n", &first, &used, &last, &used);
    if (n == 1) last = first;
    if (n < 1 || static_cast<std::size_t>(used) != part.size() || first < 1 || last < first || last > 1024)
      return wrong;
    for (int c = first; c <= last; ++c) channels.push_back(c);
  }
  if (channels.empty()) return wrong;
  return channels;
}

dmss::Result<dmss::DeviceInfo> log_in(dmss::Device& device) {
  auto info = wait<dmss::DeviceInfo>([&](auto done) { device.login(done); });
  if (!info) complain(info.error());
  return info;
}

int complain(const dmss::Error& error, const std::string& about) {
  std::cerr << (about.empty() ? "" : about + ": ") << error.to_string() << '\n';
  if (!error.device_text().empty()) std::cerr << "the device says: " << error.device_text() << '\n';
  if (!error.remedy().empty()) std::cerr << error.remedy() << '\n';
  return exit_code(error);
}

int finish(const dmss::Result<void>& result, const std::string& about) {
  return result ? kDone : complain(result.error(), about);
}

Json to_json(const dmss::Error& error) {
  Json j{{"name", dmss::name(error.code())},
         {"code", static_cast<int>(error.code())},
         {"message", error.message()}};
  if (error.device_code() != 0) j["device_code"] = error.device_code();
  if (!error.device_text().empty()) j["device_text"] = error.device_text();
  if (error.tries_left()) j["tries_left"] = *error.tries_left();
  if (error.seconds_left()) j["seconds_left"] = *error.seconds_left();
  if (!error.connection().empty()) j["connection"] = error.connection();
  if (!error.remedy().empty()) j["remedy"] = error.remedy();
  return j;
}

std::string size_text(std::uint64_t bytes) {
  static constexpr const char* kUnits[] = {"B", "KB", "MB", "GB", "TB", "PB"};
  double value = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (value >= 1024 && unit + 1 < std::size(kUnits)) {
    value /= 1024;
    ++unit;
  }
  char text[32];
  std::snprintf(text, sizeof text, "%.*f %s", unit == 0 ? 0 : 1, value, kUnits[unit]);
  return text;
}

}  // namespace example

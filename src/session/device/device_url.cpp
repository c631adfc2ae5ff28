#include <charconv>

#include "dmss/device.hpp"

namespace dmss {

Result<DeviceOptions> parse_device_url(std::string_view url) {
  // What stands before an @ may hold a password.
  const std::string shown =
      url.find('@') == std::string_view::npos ? ": \"" + std::string(url) + "\"" : std::string();
  const auto bad = [&](const char* why) { return Error(Errc::invalid_argument, why + shown); };
  constexpr std::string_view kScheme = "dahua://";
  std::string_view rest = url;
  if (rest.substr(0, kScheme.size()) == kScheme) rest.remove_prefix(kScheme.size());
  if (rest.find("://") != std::string_view::npos) return bad("the scheme must be dahua://");
  if (!rest.empty() && rest.back() == '/') rest.remove_suffix(1);

  DeviceOptions options;
  if (const auto at = rest.rfind('@'); at != std::string_view::npos) {
    if (rest.substr(0, at).find(':') != std::string_view::npos) {
      return Error(Errc::invalid_argument, "a device URL must not hold a password");
    }
    options.user = rest.substr(0, at);
    rest.remove_prefix(at + 1);
  }
  std::string_view port;
  if (!rest.empty() && rest.front() == '[') {
    const auto close = rest.find(']');
    if (close == std::string_view::npos) return bad("no ] after the IPv6 address");
    options.address = rest.substr(1, close - 1);
    rest.remove_prefix(close + 1);
    if (!rest.empty() && rest.front() != ':') return bad("characters after ]");
    if (!rest.empty()) port = rest.substr(1);
    if (!rest.empty() && port.empty()) return bad("an empty port");
  } else if (const auto colon = rest.find(':'); colon != std::string_view::npos) {
    options.address = rest.substr(0, colon);
    port = rest.substr(colon + 1);
    if (port.empty()) return bad("an empty port");
  } else {
    options.address = rest;
  }
  if (options.address.empty()) return bad("no address");
  if (options.address.find_first_of("/ \t\r\n") != std::string::npos) return bad("not an address");
  if (!port.empty()) {
    const auto [end, ec] = std::from_chars(port.data(), port.data() + port.size(), options.port);
    if (ec != std::errc() || end != port.data() + port.size() || options.port == 0)
      return bad("the port must be 1 to 65535");
  }
  return options;
}

}  // namespace dmss

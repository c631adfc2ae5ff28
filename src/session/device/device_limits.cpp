#include "session/device/device_limits.hpp"

#include <initializer_list>

namespace dmss::session {
namespace {

constexpr std::size_t kLongestName = 253;  // RFC 1035

bool is_address(std::string_view s) {
  if (s.empty() || s.size() > kLongestName) return false;
  return std::none_of(s.begin(), s.end(), [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == 0x7f ||
           std::string_view("/@?#\\\"").find(c) != std::string_view::npos;
  });
}

bool in_range(std::chrono::milliseconds t) {
  return t >= std::chrono::milliseconds(1) && t <= kLongestTime;
}

}  // namespace

Error check_options(const DeviceOptions& o) {
  if (!is_address(o.address))
    return {Errc::invalid_argument, "the address is no host name and no IP address"};
  struct Time {
    const char* name;
    std::chrono::milliseconds value;
  };
  for (const Time& t : std::initializer_list<Time>{{"connect_timeout", o.connect_timeout},
                                                   {"call_timeout", o.call_timeout},
                                                   {"keep_alive", o.keep_alive},
                                                   {"reconnect_min", o.reconnect_min},
                                                   {"reconnect_max", o.reconnect_max}}) {
    if (!in_range(t.value)) return {Errc::invalid_argument, std::string(t.name) + " must be 1 ms to 24 h"};
  }
  if (o.reconnect_min > o.reconnect_max)
    return {Errc::invalid_argument, "reconnect_min is longer than reconnect_max"};
  return {};
}

std::string log_scope(const DeviceOptions& o) {
  return "device " + (is_address(o.address) ? o.address : std::string("?"));
}

}  // namespace dmss::session

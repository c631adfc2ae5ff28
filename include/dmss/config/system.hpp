// Typed tables of the whole device: name, network, time (manual §3.2.1.1, §3.4; protocol http-rpc.md §6).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dmss/config/item.hpp"

namespace dmss {

/// Table General.
struct GeneralSettings : ConfigItem {
  std::string machine_name;
  std::optional<int> lock_tries;    ///< read only: wrong passwords until an account is locked
  std::optional<int> lock_seconds;  ///< read only
};

/// Table Network, one interface. Writing another address ends the present connection.
struct NetworkSettings : ConfigItem {
  std::string interface_name;  ///< "eth0"; empty when read = the default one
  std::string host_name;
  bool dhcp = false;
  std::string address;
  std::string subnet_mask;
  std::string gateway;
  std::vector<std::string> dns_servers;
  std::string mac;  ///< read only
  int mtu = 1500;
};

/// Table NTP: the time zone stands here, not in Locales.
struct TimeSettings : ConfigItem {
  bool ntp_enable = false;
  std::string ntp_server;
  int ntp_port = 123;
  int ntp_period = 60;  ///< minutes
  /// The device's own index; only index 0 (UTC) and 25 (US Eastern) are known for sure (docs/quirks.md).
  int time_zone = 0;
  std::string time_zone_text;  ///< TimeZoneDesc; empty where the device has none
};

/// Table Locales.
struct DaylightSaving : ConfigItem {
  struct Turn {
    int year = 0;
    int month = 1;  ///< 1 to 12
    int week = 0;   ///< 0: `day` is a day of the month; 1 to 4 and -1 (last): `day` is a weekday, 0 = Sunday
    int day = 1;
    int hour = 0;
    int minute = 0;
    bool operator==(const Turn&) const = default;
  };
  bool enable = false;
  Turn begin;
  Turn end;
  std::string time_format;  ///< "yyyy-MM-dd HH:mm:ss"
};

}  // namespace dmss

// What a virtual recorder is started with.
#pragma once

#include <filesystem>
#include <string>

#include "dmss/log.hpp"

namespace dmss::recorder {

/// TCP ports of the services. As an option: 0 = any free port, kOff = no such service.
struct Ports {
  static constexpr int kOff = -1;
  int dvrip = 0;
  int http = 0;
  int https = 0;
  int rtsp = 0;
  int rtsps = 0;
  int dhip = 0;
  int control = 0;  ///< the HTTP port for faults, events and state; no password, so keep it on loopback

  /// {"dvrip":37777,…}; a service that is off has -1.
  std::string to_json() const;
};

struct Options {
  /// A built-in profile ("nvr16", "bullet", "ptz", "olddvr") or the path of a JSON file of that form.
  std::string profile = "nvr16";
  std::string listen = "127.0.0.1";  ///< literal address
  Ports ports;
  std::string user = "admin";
  std::string password = "admin123";
  /// Where the encoded clips are kept; made when missing. Empty = default_clips_dir().
  std::filesystem::path clips;
  int channels = 0;  ///< 0 = as the profile says; 1..64
  LogLevel log_level = LogLevel::warning;
};

/// $DMSS_CLIPS, else dmss-recorder/ in the user's cache directory.
std::filesystem::path default_clips_dir();

}  // namespace dmss::recorder

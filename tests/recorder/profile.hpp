// Profile: which device the recorder plays. Data, not code: profiles/*.json.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dmss/media.hpp"
#include "dmss/result.hpp"

namespace dmss::recorder {

struct StreamProfile {
  int width = 704;
  int height = 576;
  int fps = 15;
  int kbps = 512;
  std::vector<int> h265_channels;  // from 1; the rest is H.264

  Codec codec(int channel) const;
};

struct Profile {
  std::string device_class, type, serial, vendor, name, hardware, processor, version, build;
  int channels = 1;
  std::vector<int> ptz_channels;

  StreamProfile main, extra;
  std::vector<int> aac_channels;  // the rest has G.711 A-law

  int lock_tries = 5;
  int lock_seconds = 300;

  struct Dvrip {
    std::vector<std::string> logins;  // "digest", "plain", "gen0"
    std::uint8_t reply_version = 0x68;
    bool json = true;
    bool sub_connections = true;
    bool old_live = true;
    int max_connections = 128;
    int keep_alive_timeout = 60;  // seconds without a1 until media stops and the session ends
    std::string capabilities;

    bool allows(std::string_view login) const;
  } dvrip;

  struct Rpc {
    bool enabled = true;
    bool text_session = false;  // 32 hex digits instead of a number
    int keep_alive = 60;
  } rpc;

  std::vector<std::string> http_schemes;  // "MD5", "SHA-256", strongest first
  bool http_basic = false;

  struct Rtsp {
    std::vector<std::string> schemes;
    std::string challenge_on = "describe";  // or "options"
    int session_timeout = 60;
    bool old_sdp = false;
    int max_viewers = 128;
  } rtsp;

  const StreamProfile& stream(int subtype) const { return subtype == 0 ? main : extra; }
  Codec audio(int channel) const;
  std::string realm() const { return "Login to " + serial; }
  std::string channel_name(int channel) const;
};

/// `name`: a built-in profile or a file. `channels` > 0 overrides. Errors: invalid_argument.
Result<Profile> load_profile(const std::string& name, int channels = 0);

}  // namespace dmss::recorder

// Profile: which device the recorder plays. Data, not code: profiles/*.json.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dmss/media.hpp"
#include "dmss/result.hpp"
#include "proto/rpc/message.hpp"

namespace dmss::recorder {

using proto::rpc::Json;

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

  /// How this firmware does configuration.
  struct Config {
    bool unknown_is_authority = false;  // an unknown table: no privilege instead of unknown error and 400
    bool bare_writes = true;            // CGI setConfig takes keys as they are
    bool prefixed_writes = false;       // CGI setConfig takes keys with "table." in front
    bool multicall_reads = true;        // getConfig answers inside system.multicall
    bool float_rates = false;           // CGI writes FPS as 25.000000
    bool secure_passwords = false;      // modifyPassword only inside system.multiSec
    bool time_in_result = false;        // global.getCurrentTime: the text as result
    int request_limit = 0;              // bytes of a setConfig call; 0 = none
    int missing_leaf_status = 400;
    std::string caps_form = "array";       // encode.getConfigCaps over CGI: array, single, head
    std::vector<std::string> need_reboot;  // tables
  } config;
  int reboot_seconds = 3;
  int clock_offset = 0;               // seconds the device's clock is ahead
  std::vector<int> offline_channels;  // from 1: no camera answers there
  std::vector<int> empty_channels;    // from 1: no camera is added there

  // As docs/recorder.md, "Profile format", says; all objects but `users`.
  Json tables, blocks, caps, refusals, storage, users;
  std::vector<std::string> names;  // of channels; bytes as the device keeps them

  /// What is told of an ability, by method ("devVideoInput.getCaps"); null when the profile says nothing.
  const Json* ability(const char* method) const { return proto::rpc::member(caps, method); }
  /// What MaxExtraStream says, 1 to 3.
  int extra_streams() const;

  const StreamProfile& stream(int subtype) const { return subtype == 0 ? main : extra; }
  Codec audio(int channel) const;
  std::string realm() const { return "Login to " + serial; }
  std::string channel_name(int channel) const;
};

/// `name`: a built-in profile or a file. `channels` > 0 overrides. Errors: invalid_argument.
Result<Profile> load_profile(const std::string& name, int channels = 0);

}  // namespace dmss::recorder

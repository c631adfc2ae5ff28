// Capabilities: what a device and each of its channels can do, and how we know (protocol http-rpc.md §4.5).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace dmss {

enum class Support : std::int32_t {
  unknown = 0,  ///< no probe of this device tells; calls are tried
  no = 1,       ///< calls answer Errc::unsupported without asking the device, until it is probed anew
  yes = 2,
};

/// What is asked for. The numbers are part of the ABI.
enum class Feature : std::int32_t {
  // Of a channel
  ptz = 1,       ///< pan and tilt
  ptz_zoom = 2,  ///< zoom by PTZ command
  ptz_focus = 3,
  ptz_iris = 4,
  ptz_presets = 5,
  ptz_tours = 6,
  ptz_position = 7,  ///< tells where it looks
  ptz_absolute = 8,
  ptz_relative = 9,
  motorised_lens = 10,  ///< zoom and focus of the lens, auto focus
  wiper = 11,
  light = 12,  ///< white light / spotlight
  siren = 13,  ///< speaker / buzzer
  smart_tracking = 14,
  talk = 15,
  audio = 16,  ///< sound of the channel
  image_color = 17,
  image_flip = 18,
  image_mirror = 19,
  image_rotate = 20,
  fisheye = 21,
  motion_detection = 22,
  smart_motion = 23,  ///< human and vehicle
  video_mask = 24,    ///< tampering (BlindDetect)
  pir = 25,
  smart_rules = 26,  ///< tripwire, intrusion … (VideoAnalyseRule)
  extra_stream = 27,

  // Of the device
  json_rpc = 64,
  cgi = 65,
  alarm_inputs = 66,
  alarm_outputs = 67,
  storage = 68,
  recording = 69,
  events = 70,
  event_pictures = 71,
  log_search = 72,
  encrypted_password_change = 73,
};

struct Capability {
  Support support = Support::unknown;
  std::string probe;   ///< what told: "ptz.getCurrentProtocolCaps", "ptz.cgi getCurrentProtocolCaps" …
  std::string reason;  ///< why `no` or `unknown`, in a sentence
};

/// Inclusive limits; `minimum > maximum` = the device does not say.
struct Limits {
  int minimum = 1;
  int maximum = 0;
  bool known() const noexcept { return minimum <= maximum; }
};

struct PtzCapabilities {
  Limits pan_speed, tilt_speed;        ///< in the device's steps, commonly 1 to 8
  Limits presets, tours;               ///< numbers
  Limits horizontal_angle;             ///< degrees, e.g. 0 to 360
  Limits vertical_angle;               ///< degrees, e.g. -15 to 90
  std::vector<std::string> auxiliary;  ///< "Wiper", "Light" …, as the device spells them
};

struct Resolution {
  int width = 0;
  int height = 0;
  std::string name;  ///< "1080P", "D1", "1944P"; empty when the device gave numbers alone
  bool operator==(const Resolution& o) const noexcept { return width == o.width && height == o.height; }
};

/// Of one stream: what `Encode` may be set to.
struct StreamCapabilities {
  std::vector<std::string> video_codecs;  ///< as written to the device: "H.264", "H.265", "MJPG"
  std::vector<std::string> audio_codecs;
  std::vector<Resolution> resolutions;
  int max_frame_rate = 0;  ///< pictures per second, at any resolution; 0 = not told
  Limits bit_rate;         ///< kbit/s
};

struct Capabilities {
  int channel = 0;  ///< from 1; 0 = the device itself
  std::map<Feature, Capability> features;
  PtzCapabilities ptz;                      ///< of a channel
  std::vector<StreamCapabilities> streams;  ///< of a channel: index 0 main, 1 extra …
  int alarm_inputs = 0;                     ///< of the device
  int alarm_outputs = 0;
  std::vector<std::string> event_codes;  ///< of the device; empty = not told

  /// Of a feature nobody probed: unknown, without a probe.
  const Capability& of(Feature feature) const;
  Support support(Feature feature) const { return of(feature).support; }
};

std::string_view name(Support support) noexcept;
/// Stable identifier, e.g. "ptz_presets".
std::string_view name(Feature feature) noexcept;

}  // namespace dmss

#include "recorder/stream_setting.hpp"

#include <algorithm>
#include <charconv>

namespace dmss::recorder {
namespace {

using proto::rpc::bool_or;
using proto::rpc::int_or;
using proto::rpc::member;
using proto::rpc::text_or;

struct Named {
  const char* name;
  int width, pal, ntsc;
};
constexpr Named kNames[] = {
    {"1080P", 1920, 1080, 1080}, {"720P", 1280, 720, 720}, {"1.3M", 1280, 960, 960},
    {"SXGA", 1280, 1024, 1024},  {"D1", 704, 576, 480},    {"HD1", 352, 576, 480},
    {"BCIF", 528, 288, 240},     {"2CIF", 704, 288, 240},  {"CIF", 352, 288, 240},
    {"QCIF", 176, 144, 120},     {"VGA", 640, 480, 480},   {"QVGA", 320, 240, 240},
    {"NHD", 640, 360, 360},
};

Codec video_codec(std::string_view name) {
  return name.substr(0, 5) == "H.265" ? Codec::h265 : Codec::h264;
}

const Json* element(const Json* list, std::size_t index) {
  return list != nullptr && list->is_array() && index < list->size() ? &(*list)[index] : nullptr;
}

/// Encode[0].MainFormat[i].Video and so on, each with the one before.
template <class F>
void for_each_video(const Json& before, Json& after, F f) {
  if (after.is_object() && after.contains("Video") && before.is_object() && before.contains("Video"))
    return f(before["Video"], after["Video"]);
  if (after.is_object()) {
    for (auto& [key, value] : after.items()) {
      if (const Json* old = member(before, key.c_str())) for_each_video(*old, value, f);
    }
  } else if (after.is_array() && before.is_array()) {
    for (std::size_t i = 0; i < std::min(after.size(), before.size()); ++i)
      for_each_video(before[i], after[i], f);
  }
}

}  // namespace

std::string encode_name(Codec codec) {
  switch (codec) {
    case Codec::h265: return "H.265";
    case Codec::mjpeg: return "MJPG";
    case Codec::aac: return "AAC";
    case Codec::pcm_alaw: return "G.711A";
    default: return "H.264";
  }
}

std::string resolution_name(int width, int height) {
  for (const Named& n : kNames) {
    if (n.width == width && (n.pal == height || n.ntsc == height)) return n.name;
  }
  return std::to_string(width) + "x" + std::to_string(height);
}

std::optional<std::pair<int, int>> resolution_size(std::string_view text, bool ntsc) {
  for (const Named& n : kNames) {
    if (text == n.name) return std::pair{n.width, ntsc ? n.ntsc : n.pal};
  }
  int width = 0, height = 0;
  const char* const end = text.data() + text.size();
  const auto [x, first] = std::from_chars(text.data(), end, width);
  if (first != std::errc() || x == end || *x != 'x') return std::nullopt;
  const auto [rest, second] = std::from_chars(x + 1, end, height);
  if (second != std::errc() || (rest != end && *rest != '(') || width <= 0 || height <= 0)
    return std::nullopt;
  return std::pair{width, height};
}

std::optional<StreamSetting> stream_setting(const Json* encode, int channel, int subtype, bool ntsc) {
  const Json* row = encode != nullptr && encode->is_object() && channel == 1
                        ? encode
                        : element(encode, static_cast<std::size_t>(channel - 1));
  if (row == nullptr || !row->is_object()) return std::nullopt;
  const Json* format = element(member(*row, subtype == 0 ? "MainFormat" : "ExtraFormat"), 0);
  const Json* video = format != nullptr ? member(*format, "Video") : nullptr;
  if (video == nullptr || !video->is_object()) return std::nullopt;
  StreamSetting s;
  s.video_on = bool_or(*format, "VideoEnable", true);
  s.sound_on = bool_or(*format, "AudioEnable", true);
  s.codec = video_codec(text_or(*video, "Compression", "H.264"));
  const auto number = [&](const char* key) {
    return static_cast<int>(std::clamp<std::int64_t>(int_or(*video, key, 0), 0, 1 << 20));
  };
  s.width = number("Width");
  s.height = number("Height");
  if (s.width == 0 || s.height == 0) {
    if (const auto size = resolution_size(text_or(*video, "resolution", ""), ntsc))
      std::tie(s.width, s.height) = *size;
  }
  s.fps = number("FPS");
  s.kbps = number("BitRate");
  s.gop = number("GOP");
  if (const Json* audio = member(*format, "Audio"))
    s.sound = text_or(*audio, "Compression", "G.711A") == "AAC" ? Codec::aac : Codec::pcm_alaw;
  return s;
}

void couple_resolutions(const Json& before, Json& after, bool ntsc) {
  for_each_video(before, after, [&](const Json& old, Json& now) {
    if (!old.is_object() || !now.is_object()) return;
    const auto changed = [&](const char* key) {
      return now.contains(key) && (!old.contains(key) || old[key] != now[key]);
    };
    std::optional<std::pair<int, int>> size;
    if (changed("Width") || changed("Height")) {
      size = {static_cast<int>(int_or(now, "Width", 0)), static_cast<int>(int_or(now, "Height", 0))};
    } else if (changed("resolution")) {
      size = resolution_size(text_or(now, "resolution", ""), ntsc);
    } else if (changed("CustomResolutionName")) {
      size = resolution_size(text_or(now, "CustomResolutionName", ""), ntsc);
    }
    if (!size || size->first <= 0 || size->second <= 0) return;
    if (now.contains("Width")) now["Width"] = size->first;
    if (now.contains("Height")) now["Height"] = size->second;
    if (now.contains("resolution"))
      now["resolution"] = std::to_string(size->first) + "x" + std::to_string(size->second);
    if (now.contains("CustomResolutionName"))
      now["CustomResolutionName"] = resolution_name(size->first, size->second);
  });
}

}  // namespace dmss::recorder

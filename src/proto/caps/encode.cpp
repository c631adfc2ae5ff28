#include "proto/caps/encode.hpp"

#include <algorithm>

namespace dmss::proto::caps {
namespace {

constexpr double kMaxRate = 1000000;

/// BitRateOptions is a pair of limits, however it is written.
Limits bit_rate(const Json* options) {
  Limits out;
  std::vector<double> numbers;
  for (const std::string& text : text_list(options)) {
    const auto n = real(Json(text));
    if (n && *n >= 1 && *n <= kMaxRate) numbers.push_back(*n);
  }
  if (numbers.empty()) return out;
  const auto [low, high] = std::minmax_element(numbers.begin(), numbers.end());
  out.minimum = static_cast<int>(*low);
  out.maximum = static_cast<int>(*high);
  return out;
}

std::optional<StreamCapabilities> stream(const Json* format, VideoStandard standard) {
  if (format == nullptr || !format->is_object()) return std::nullopt;
  const Json* video = rpc::member(*format, "Video");
  if (video == nullptr || !video->is_object()) return std::nullopt;
  StreamCapabilities out;
  out.video_codecs = text_list(rpc::member(*video, "CompressionTypes"));
  if (const Json* audio = rpc::member(*format, "Audio"))
    out.audio_codecs = text_list(rpc::member(*audio, "CompressionTypes"));
  for (const std::string& text : text_list(rpc::member(*video, "ResolutionTypes"))) {
    const auto r = parse_resolution(text, standard);
    if (r && std::find(out.resolutions.begin(), out.resolutions.end(), *r) == out.resolutions.end())
      out.resolutions.push_back(*r);
  }
  const int rate = integer(*video, "FPSMax").value_or(0);
  out.max_frame_rate = rate > 0 && rate <= 1000 ? rate : 0;
  out.bit_rate = bit_rate(rpc::member(*video, "BitRateOptions"));
  return out;
}

/// The first of the record types (General) stands for all: devices give them the same choices.
const Json* first_of(const Json* formats) {
  if (formats == nullptr || !formats->is_array()) return formats;
  return formats->empty() ? nullptr : &(*formats)[0];
}

/// Of a channel, wherever the firmware puts it.
const Json* caps_of(const Json& answer, int channel) {
  const Json* caps = rpc::member(answer, "caps");
  if (caps == nullptr) return nullptr;
  if (!caps->is_array()) return caps;
  // One that was asked for a single channel tells that one as the first.
  const std::size_t index = caps->size() == 1 ? 0 : static_cast<std::size_t>(channel);
  return index < caps->size() ? &(*caps)[index] : nullptr;
}

void add_extras(const Json* formats, VideoStandard standard, std::vector<StreamCapabilities>& out) {
  if (formats == nullptr) return;
  if (!formats->is_array()) {
    if (auto one = stream(formats, standard)) out.push_back(std::move(*one));
    return;
  }
  for (const Json& format : *formats) {
    if (out.size() == kMaxStreams) return;
    if (auto one = stream(&format, standard)) out.push_back(std::move(*one));
  }
}

}  // namespace

std::vector<StreamCapabilities> parse_encode_caps(const Json& answer, int channel, VideoStandard standard) {
  std::vector<StreamCapabilities> out;
  const Json* caps = caps_of(answer, channel);
  const Json* main = caps ? first_of(rpc::member(*caps, "MainFormat")) : nullptr;
  const Json* extra = caps ? rpc::member(*caps, "ExtraFormat") : nullptr;
  if (caps == nullptr) {
    main = first_of(rpc::member(answer, "headMain"));
    extra = rpc::member(answer, "headExtra");
  }
  auto first = stream(main, standard);
  if (!first) return out;
  out.push_back(std::move(*first));
  add_extras(extra, standard, out);
  return out;
}

std::optional<Resolution> parse_resolution(std::string_view text, VideoStandard standard) {
  const std::size_t open = text.find('(');
  const std::string_view outer = text.substr(0, open);
  std::string_view inner;
  if (open != std::string_view::npos) {
    inner = text.substr(open + 1);
    inner = inner.substr(0, inner.find(')'));
  }
  auto size = size_by_numbers(outer);
  Resolution out;
  if (!size) {
    out.name = std::string(outer);
    size = size_by_numbers(inner);
    if (!size) size = size_by_name(outer, standard);
  } else if (!size_by_numbers(inner)) {
    out.name = std::string(inner);
  }
  if (!size) return std::nullopt;
  out.width = size->width;
  out.height = size->height;
  return out;
}

std::optional<VideoStandard> parse_video_standard(std::string_view text) noexcept {
  if (equal_ignoring_case(text, "PAL")) return VideoStandard::pal;
  if (equal_ignoring_case(text, "NTSC")) return VideoStandard::ntsc;
  return std::nullopt;
}

}  // namespace dmss::proto::caps

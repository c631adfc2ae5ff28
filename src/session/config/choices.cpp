#include "session/config/choices.hpp"

#include <algorithm>
#include <cstdio>

#include "proto/picture_size.hpp"
#include "session/capabilities/probe.hpp"

namespace dmss::session {
namespace {

std::string list(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

Error none_of(const std::string& field, const std::string& value, const std::string& choices) {
  return Error(Errc::invalid_argument, field + ": " + value + " is none of the device's choices: " + choices);
}

Error check_word(const std::string& field, const std::string& value, const std::string& before,
                 const std::vector<std::string>& choices) {
  if (value == before || choices.empty()) return {};
  const bool there = std::find(choices.begin(), choices.end(), value) != choices.end();
  return there ? Error() : none_of(field, value, list(choices));
}

bool same_size(const StreamFormat& a, const StreamFormat& b) {
  return a.width == b.width && a.height == b.height;
}

std::string size_text(int width, int height) {
  return std::to_string(width) + "x" + std::to_string(height);
}

bool is_choice(const Resolution& choice, const StreamFormat& value) {
  if (choice.width == value.width && choice.height == value.height) return true;
  // "D1" has another height in NTSC; a row of Encode does not tell which.
  for (const auto standard : {proto::VideoStandard::pal, proto::VideoStandard::ntsc}) {
    if (proto::size_by_name(choice.name, standard) == proto::PictureSize{value.width, value.height})
      return true;
  }
  return false;
}

Error check_size(const std::string& at, const StreamFormat& value, const StreamFormat& before,
                 const std::vector<Resolution>& choices) {
  if (same_size(value, before) || choices.empty()) return {};
  std::vector<std::string> told;
  for (const Resolution& choice : choices) {
    if (is_choice(choice, value)) return {};
    told.push_back(size_text(choice.width, choice.height));
  }
  return none_of(at + "width, " + at + "height", size_text(value.width, value.height), list(told));
}

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", value);
  return text;
}

Error check_rates(const std::string& at, const StreamFormat& value, const StreamFormat& before,
                  const StreamCapabilities& can) {
  if (can.max_frame_rate > 0 && value.frame_rate != before.frame_rate &&
      value.frame_rate > can.max_frame_rate)
    return none_of(at + "frame_rate", number(value.frame_rate),
                   "up to " + std::to_string(can.max_frame_rate));
  const Limits& rate = can.bit_rate;
  if (rate.known() && value.bit_rate != before.bit_rate &&
      (value.bit_rate < rate.minimum || value.bit_rate > rate.maximum))
    return none_of(at + "bit_rate", std::to_string(value.bit_rate),
                   std::to_string(rate.minimum) + " to " + std::to_string(rate.maximum) + " kbit/s");
  return {};
}

Error check_format(const std::string& at, const StreamFormat& value, const StreamFormat& before,
                   const StreamCapabilities& can) {
  if (Error e = check_word(at + "codec", value.codec, before.codec, can.video_codecs)) return e;
  if (Error e = check_word(at + "audio_codec", value.audio_codec, before.audio_codec, can.audio_codecs))
    return e;
  if (Error e = check_size(at, value, before, can.resolutions)) return e;
  const bool same = value.codec == before.codec && same_size(value, before);
  return same ? check_rates(at, value, before, can) : Error();
}

bool differ(const StreamFormat& a, const StreamFormat& b) {
  return a.codec != b.codec || a.audio_codec != b.audio_codec || !same_size(a, b) ||
         a.frame_rate != b.frame_rate || a.bit_rate != b.bit_rate;
}

bool differ_in_extra(const StreamFormat& value, const StreamFormat& before) {
  return (value.video && !before.video) || differ(value, before);
}

}  // namespace

bool changes_choices(const EncodeSettings& value, const EncodeSettings& before) {
  if (differ(value.main, before.main) || value.extra.size() != before.extra.size()) return true;
  return !std::equal(value.extra.begin(), value.extra.end(), before.extra.begin(),
                     [](const StreamFormat& a, const StreamFormat& b) { return !differ_in_extra(a, b); });
}

Error check_choices(const Capabilities& known, const EncodeSettings& value, const EncodeSettings& before) {
  const auto& streams = known.streams;
  if (!streams.empty()) {
    if (Error e = check_format("main.", value.main, before.main, streams.front())) return e;
  }
  const Capability& extra = known.of(Feature::extra_stream);
  for (std::size_t i = 0; i < std::min(value.extra.size(), before.extra.size()); ++i) {
    if (extra.support == Support::no && differ_in_extra(value.extra[i], before.extra[i]))
      return Error(Errc::unsupported, "extra_stream: " + extra.reason + " (" + extra.probe + ")");
    if (i + 1 >= streams.size()) continue;
    const std::string at = "extra[" + std::to_string(i) + "].";
    if (Error e = check_format(at, value.extra[i], before.extra[i], streams[i + 1])) return e;
  }
  return {};
}

awaitable<Error> learn_choices(std::shared_ptr<Commands> commands, int channel) {
  co_return co_await ensure_probed(std::move(commands), channel, ProbeGroup::streams);
}

void expire_choices(Commands& commands, int channel) {
  for (const ProbeGroup group : {ProbeGroup::streams, ProbeGroup::sound})
    commands.capabilities().expire(channel, group);
}

}  // namespace dmss::session

#include "proto/config/encode.hpp"

#include <algorithm>
#include <cmath>

namespace dmss::proto::config {
namespace {

constexpr std::size_t kRecordTypes = 3;  // regular, motion, alarm; the fourth, emergency, is left alone
constexpr std::size_t kMaxExtra = 8;
constexpr int kMaxSide = 16384;
constexpr int kMaxBitRate = 1000000;
constexpr int kMaxGop = 10000;
constexpr int kMaxFrameRate = 240;
constexpr int kQualities = 6;
constexpr std::size_t kMaxWord = 32;
constexpr VideoStandard kStandard = VideoStandard::pal;  // a row of Encode does not tell (docs/quirks.md)

/// In the manner of `like`: a name where that was one and the size has one.
std::string spell(const PictureSize& size, std::string_view like) {
  if (size_by_name(like, kStandard)) {
    if (const std::string_view name = name_of_size(size, kStandard); !name.empty()) return std::string(name);
  }
  const char by = like.find('*') != std::string_view::npos ? '*' : 'x';
  return std::to_string(size.width) + by + std::to_string(size.height);
}

PictureSize read_size(const View& video) {
  const PictureSize size{video.number("Width", 0), video.number("Height", 0)};
  if (size.width > 0 && size.height > 0) return size;
  if (const PictureSize text = parse_resolution(video.text("resolution")); text.width > 0) return text;
  return parse_resolution(video.text("CustomResolutionName"));
}

std::string word(StreamFormat::BitRateControl control) {
  return control == StreamFormat::BitRateControl::variable ? "VBR" : "CBR";
}

StreamFormat read_format(const View& format) {
  const View video = format.at("Video");
  StreamFormat f;
  f.video = format.flag("VideoEnable", f.video);
  f.audio = format.flag("AudioEnable", f.audio);
  f.codec = video.text("Compression");
  f.profile = video.text("Profile");
  const PictureSize size = read_size(video);
  f.width = size.width;
  f.height = size.height;
  f.frame_rate = video.real("FPS", f.frame_rate);
  f.bit_rate = video.number("BitRate", f.bit_rate);
  if (video.text("BitRateControl") == "VBR") f.bit_rate_control = StreamFormat::BitRateControl::variable;
  f.key_frame_interval = video.number("GOP", f.key_frame_interval);
  f.quality = video.number("Quality", f.quality);
  f.audio_codec = format.at("Audio").text("Compression");
  return f;
}

/// All the places that tell the size, so that they never contradict each other.
void apply_size(const StreamFormat& value, const StreamFormat& before, Edit& video) {
  const PictureSize now{value.width, value.height}, was{before.width, before.height};
  if (now == was) return;
  bool found = false;
  if (video.find("Width") != nullptr && video.find("Height") != nullptr) {
    video.number("Width", now.width, was.width);
    video.number("Height", now.height, was.height);
    found = true;
  }
  for (const char* key : {"resolution", "CustomResolutionName"}) {
    Json* leaf = video.find(key);
    if (leaf == nullptr || !leaf->is_string() || leaf->get_ref<const std::string&>().empty()) continue;
    *leaf = spell(now, leaf->get_ref<const std::string&>());
    found = true;
  }
  if (!found) video.lacks("resolution");
}

void apply_format(const StreamFormat& value, const StreamFormat& before, Edit format) {
  format.flag("VideoEnable", value.video, before.video);
  format.flag("AudioEnable", value.audio, before.audio);
  Edit video = format.at("Video");
  video.text("Compression", value.codec, before.codec);
  video.text("Profile", value.profile, before.profile);
  apply_size(value, before, video);
  video.real("FPS", value.frame_rate, before.frame_rate);
  video.number("BitRate", value.bit_rate, before.bit_rate);
  video.text("BitRateControl", word(value.bit_rate_control), word(before.bit_rate_control));
  video.number("GOP", value.key_frame_interval, before.key_frame_interval);
  video.number("Quality", value.quality, before.quality);
  Edit audio = format.at("Audio");
  audio.text("Compression", value.audio_codec, before.audio_codec);
}

void check_format(const StreamFormat& value, const StreamFormat& before, const std::string& at, Ranges& r) {
  const auto field = [&](const char* name) { return at + name; };
  r.not_empty(field("codec").c_str(), value.codec, before.codec, kMaxWord);
  r.not_empty(field("profile").c_str(), value.profile, before.profile, kMaxWord);
  r.not_empty(field("audio_codec").c_str(), value.audio_codec, before.audio_codec, kMaxWord);
  r.within(field("width").c_str(), value.width, before.width, 1, kMaxSide);
  r.within(field("height").c_str(), value.height, before.height, 1, kMaxSide);
  r.within(field("bit_rate").c_str(), value.bit_rate, before.bit_rate, 1, kMaxBitRate);
  r.within(field("key_frame_interval").c_str(), value.key_frame_interval, before.key_frame_interval, 1,
           kMaxGop);
  r.within(field("quality").c_str(), value.quality, before.quality, 1, kQualities);
  if (value.frame_rate != before.frame_rate && !(value.frame_rate > 0 && value.frame_rate <= kMaxFrameRate))
    r.fail(field("frame_rate").c_str(), "is not within 0 to " + std::to_string(kMaxFrameRate));
}

Json* row_of(Json* list, std::size_t i) {
  return list != nullptr && list->is_array() && i < list->size() ? &(*list)[i] : nullptr;
}

}  // namespace

PictureSize parse_resolution(std::string_view text) {
  if (const auto size = size_by_numbers(text)) return *size;
  return size_by_name(text, kStandard).value_or(PictureSize{});
}

Result<EncodeSettings> Codec<EncodeSettings>::read(const Json& scope) {
  const Json* main = rpc::member(scope, "MainFormat");
  if (main == nullptr || !main->is_array() || main->empty() || !main->front().is_object())
    return Error(Errc::malformed, "Encode has no MainFormat");
  EncodeSettings e;
  e.main = read_format(main->front());
  const Json* extra = rpc::member(scope, "ExtraFormat");
  for (std::size_t i = 0; extra != nullptr && extra->is_array() && i < std::min(extra->size(), kMaxExtra);
       ++i)
    e.extra.push_back(read_format((*extra)[i]));
  return e;
}

Error Codec<EncodeSettings>::check(const EncodeSettings& value, const EncodeSettings& before) {
  Ranges r;
  check_format(value.main, before.main, "main.", r);
  if (!value.main.video && before.main.video) r.fail("main.video", "cannot be switched off");
  for (std::size_t i = 0; i < value.extra.size(); ++i)
    check_format(value.extra[i], i < before.extra.size() ? before.extra[i] : StreamFormat{},
                 "extra[" + std::to_string(i) + "].", r);
  return r.error();
}

Error Codec<EncodeSettings>::apply(const EncodeSettings& value, const EncodeSettings& before, Json& scope) {
  Error error = check(value, before);
  Edit row(error, "", &scope);
  if (value.extra.size() != before.extra.size())
    row.fail(Error(Errc::invalid_argument, "extra: the device has " + std::to_string(before.extra.size()) +
                                               " extra streams, not " + std::to_string(value.extra.size())));
  if (error) return error;
  Json* main = row.find("MainFormat");
  const std::size_t types = main != nullptr && main->is_array() ? std::min(main->size(), kRecordTypes) : 0;
  for (std::size_t i = 0; i < types; ++i) {
    if (i > 0 && !(*main)[i].is_object()) continue;
    apply_format(value.main, before.main,
                 Edit(error, "MainFormat[" + std::to_string(i) + "].", row_of(main, i)));
  }
  Json* extra = row.find("ExtraFormat");
  for (std::size_t i = 0; i < value.extra.size(); ++i)
    apply_format(value.extra[i], before.extra[i],
                 Edit(error, "ExtraFormat[" + std::to_string(i) + "].", row_of(extra, i)));
  return error;
}

}  // namespace dmss::proto::config

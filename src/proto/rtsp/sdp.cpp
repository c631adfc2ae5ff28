#include "proto/rtsp/sdp.hpp"

#include <cstdlib>

#include "base/text.hpp"
#include "proto/auth/hash.hpp"
#include "proto/rtsp/message.hpp"

namespace dmss::proto::rtsp {
namespace {

constexpr std::size_t kMaxParameters = 32;
constexpr std::size_t kMaxParameterSet = 4096;

struct StaticType {
  int type;
  const char* encoding;
  int clock_rate;
};
constexpr StaticType kStaticTypes[] = {
    {0, "PCMU", 8000}, {8, "PCMA", 8000}, {11, "L16", 44100}, {14, "MPA", 90000}, {26, "JPEG", 90000}};

int to_int(std::string_view s, int limit, int otherwise) {
  const auto n = to_number(trim(s));
  return n && *n <= static_cast<std::uint64_t>(limit) ? static_cast<int>(*n) : otherwise;
}

int to_positive(std::string_view s, int limit, int otherwise) {
  const int n = to_int(s, limit, 0);
  return n > 0 ? n : otherwise;
}

std::string_view word(std::string_view& rest) {
  rest = trim(rest);
  const auto end = rest.find(' ');
  const std::string_view w = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return w;
}

Track parse_media(std::string_view value) {
  Track t;
  const std::string_view kind = word(value);
  t.kind = kind == "video"         ? Track::Kind::video
           : kind == "audio"       ? Track::Kind::audio
           : kind == "application" ? Track::Kind::application
                                   : Track::Kind::other;
  word(value);  // port
  word(value);  // protocol
  t.payload_type = to_int(word(value), 127, -1);
  for (const StaticType& s : kStaticTypes) {
    if (s.type != t.payload_type) continue;
    t.encoding = s.encoding;
    t.clock_rate = s.clock_rate;
  }
  return t;
}

void parse_rtpmap(std::string_view value, Track& t) {
  if (to_int(word(value), 127, -1) != t.payload_type) return;
  value = trim(value);
  const auto slash = value.find('/');
  t.encoding = value.substr(0, slash);
  if (slash == std::string_view::npos) return;
  value.remove_prefix(slash + 1);
  const auto second = value.find('/');
  t.clock_rate = to_positive(value.substr(0, second), 10'000'000, t.clock_rate);
  if (second != std::string_view::npos) t.channels = to_positive(value.substr(second + 1), 8, 1);
}

void parse_fmtp(std::string_view value, Track& t) {
  if (to_int(word(value), 127, -1) != t.payload_type) return;
  while (!value.empty() && t.fmtp.size() < kMaxParameters) {
    const auto end = value.find(';');
    const std::string_view part = trim(value.substr(0, end));
    const auto equals = part.find('=');
    if (!part.empty()) {
      t.fmtp.emplace_back(trim(part.substr(0, equals)), equals == std::string_view::npos
                                                            ? std::string_view()
                                                            : trim(part.substr(equals + 1)));
    }
    if (end == std::string_view::npos) break;
    value.remove_prefix(end + 1);
  }
}

void parse_attribute(std::string_view value, Sdp& sdp, Track* track) {
  const auto colon = value.find(':');
  const std::string_view key = trim(value.substr(0, colon));
  const std::string_view rest =
      colon == std::string_view::npos ? std::string_view() : trim(value.substr(colon + 1));
  if (key == "control") {
    (track != nullptr ? track->control : sdp.control) = rest;
    return;
  }
  if (track == nullptr) return;
  if (key == "rtpmap") {
    parse_rtpmap(rest, *track);
  } else if (key == "fmtp") {
    parse_fmtp(rest, *track);
  } else if (key == "framerate") {
    const double rate = std::strtod(std::string(rest.substr(0, 16)).c_str(), nullptr);
    if (rate > 0 && rate < 1000) track->frame_rate = rate;
  } else if (key == "sendonly") {
    track->direction = Track::Direction::sendonly;
  } else if (key == "sendrecv") {
    track->direction = Track::Direction::sendrecv;
  } else if (key == "inactive") {
    track->direction = Track::Direction::inactive;
  }
}

void append_sets(Bytes& out, std::string_view list) {
  while (!list.empty()) {
    const auto end = list.find(',');
    const auto decoded = auth::base64_decode(trim(list.substr(0, end)));
    if (decoded && !decoded->empty() && decoded->size() <= kMaxParameterSet) {
      Writer(out).be32(1).text(*decoded);
    }
    if (end == std::string_view::npos) return;
    list.remove_prefix(end + 1);
  }
}

}  // namespace

std::string_view Track::parameter(std::string_view name) const noexcept {
  for (const auto& [key, value] : fmtp) {
    if (equal_ignoring_case(key, name)) return value;
  }
  return {};
}

Codec Track::codec() const noexcept {
  struct Row {
    const char* encoding;
    Codec codec;
  };
  static constexpr Row kRows[] = {
      {"H264", Codec::h264},       {"H264-SVC", Codec::h264},   {"H265", Codec::h265},
      {"HEVC", Codec::h265},       {"JPEG", Codec::mjpeg},      {"MP4V-ES", Codec::mpeg4},
      {"PCMA", Codec::pcm_alaw},   {"PCMU", Codec::pcm_mulaw},  {"L16", Codec::pcm_s16be},
      {"PCM", Codec::pcm_s16le},   {"G726-16", Codec::g726_16}, {"G726-24", Codec::g726_24},
      {"G726-32", Codec::g726_32}, {"G726-40", Codec::g726_40}, {"MPEG4-GENERIC", Codec::aac}};
  for (const Row& r : kRows) {
    if (equal_ignoring_case(encoding, r.encoding)) return r.codec;
  }
  return Codec::unknown;
}

Bytes Track::parameter_sets() const {
  Bytes out;
  if (codec() == Codec::h264) append_sets(out, parameter("sprop-parameter-sets"));
  if (codec() == Codec::h265) {
    for (const char* name : {"sprop-vps", "sprop-sps", "sprop-pps"}) append_sets(out, parameter(name));
  }
  return out;
}

Sdp parse_sdp(std::string_view text) {
  Sdp sdp;
  bool too_many = false;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const std::string_view line = trim(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    if (line.size() < 2 || line[1] != '=') continue;
    const std::string_view value = line.substr(2);
    if (line[0] == 'm') {
      too_many = sdp.tracks.size() >= kMaxTracks;
      if (!too_many) sdp.tracks.push_back(parse_media(value));
    } else if (line[0] == 'a' && !too_many) {
      parse_attribute(value, sdp, sdp.tracks.empty() ? nullptr : &sdp.tracks.back());
    }
  }
  return sdp;
}

}  // namespace dmss::proto::rtsp

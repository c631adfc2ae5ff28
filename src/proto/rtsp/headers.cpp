#include "proto/rtsp/headers.hpp"

#include <charconv>

#include "base/text.hpp"
#include "proto/rtsp/message.hpp"

namespace dmss::proto::rtsp {
namespace {

/// Calls f(key, value) for each part of "a;b=c;d=e"; value empty where there is no '='.
template <class F>
void for_each_part(std::string_view text, char separator, F&& f) {
  while (!text.empty()) {
    const auto end = text.find(separator);
    const std::string_view part = trim(text.substr(0, end));
    const auto equals = part.find('=');
    if (!part.empty())
      f(trim(part.substr(0, equals)),
        equals == std::string_view::npos ? std::string_view() : trim(part.substr(equals + 1)));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

std::optional<std::pair<int, int>> parse_pair(std::string_view value) {
  const auto dash = value.find('-');
  const auto first = to_number(trim(value.substr(0, dash)));
  if (!first || *first > 65535) return std::nullopt;
  const int low = static_cast<int>(*first);
  if (dash == std::string_view::npos) return std::pair(low, low + 1);
  const auto second = to_number(trim(value.substr(dash + 1)));
  if (!second || *second > 65535) return std::pair(low, low + 1);
  return std::pair(low, static_cast<int>(*second));
}

std::optional<std::uint32_t> parse_hex(std::string_view value) {
  std::uint32_t n = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), n, 16);
  if (value.empty() || error != std::errc() || end != value.data() + value.size()) return std::nullopt;
  return n;
}

/// The comma that ends an RTP-Info entry: URLs may hold commas, an entry starts at "url=".
std::size_t find_entry_end(std::string_view value) {
  for (std::size_t at = 0; (at = value.find(',', at)) != std::string_view::npos; ++at) {
    const auto next = value.find_first_not_of(" \t", at + 1);
    if (next != std::string_view::npos && equal_ignoring_case(value.substr(next, 4), "url=")) return at;
  }
  return std::string_view::npos;
}

}  // namespace

std::optional<Session> parse_session(std::string_view value) {
  Session s;
  bool first = true;
  for_each_part(value, ';', [&](std::string_view key, std::string_view v) {
    if (first) {
      s.id = key;
      if (!v.empty()) s.id += "=" + std::string(v);
      first = false;
    } else if (equal_ignoring_case(key, "timeout")) {
      if (const auto n = to_number(v); n && *n > 0 && *n < 86400) s.timeout = static_cast<int>(*n);
    }
  });
  if (s.id.empty()) return std::nullopt;
  return s;
}

Transport parse_transport(std::string_view value) {
  Transport t;
  bool first = true;
  for_each_part(value.substr(0, value.find(',')), ';', [&](std::string_view key, std::string_view v) {
    if (first) {
      t.protocol = key;
      t.tcp = key.size() >= 4 && equal_ignoring_case(key.substr(key.size() - 4), "/TCP");
      t.dh = key.size() >= 3 && equal_ignoring_case(key.substr(0, 3), "DH/");
      first = false;
    } else if (equal_ignoring_case(key, "interleaved")) {
      t.interleaved = parse_pair(v);
    } else if (equal_ignoring_case(key, "client_port")) {
      t.client_port = parse_pair(v);
    } else if (equal_ignoring_case(key, "server_port")) {
      t.server_port = parse_pair(v);
    } else if (equal_ignoring_case(key, "ssrc")) {
      t.ssrc = parse_hex(v);
    } else if (equal_ignoring_case(key, "source")) {
      t.source = v;
    }
  });
  return t;
}

std::vector<RtpInfo> parse_rtp_info(std::string_view value) {
  constexpr std::size_t kMaxTracks = 16;
  std::vector<RtpInfo> tracks;
  while (!value.empty() && tracks.size() < kMaxTracks) {
    const auto next = find_entry_end(value);
    RtpInfo info;
    for_each_part(value.substr(0, next), ';', [&](std::string_view key, std::string_view v) {
      if (equal_ignoring_case(key, "url")) {
        info.url = v;
      } else if (equal_ignoring_case(key, "seq")) {
        if (const auto n = to_number(v); n && *n <= 0xffff) info.sequence = static_cast<std::uint16_t>(*n);
      } else if (equal_ignoring_case(key, "rtptime")) {
        if (const auto n = to_number(v); n && *n <= 0xffffffff)
          info.rtp_time = static_cast<std::uint32_t>(*n);
      }
    });
    tracks.push_back(std::move(info));
    if (next == std::string_view::npos) break;
    value.remove_prefix(next + 1);
  }
  return tracks;
}

std::string join_control(std::string_view base, std::string_view control) {
  if (control.empty() || control == "*") return std::string(base);
  if (control.find("://") != std::string_view::npos) return std::string(control);
  std::string url(base);
  if (url.empty() || url.back() != '/') url += '/';
  while (!control.empty() && control.front() == '/') control.remove_prefix(1);
  return url + std::string(control);
}

std::string live_url(std::string_view host, std::uint16_t port, bool tls, int channel, int subtype) {
  std::string url = tls ? "rtsps://" : "rtsp://";
  const bool v6 = host.find(':') != std::string_view::npos;
  url += v6 ? "[" + std::string(host) + "]" : std::string(host);
  if (port != (tls ? 322 : 554)) url += ":" + std::to_string(port);
  return url + "/cam/realmonitor?channel=" + std::to_string(channel) + "&subtype=" + std::to_string(subtype);
}

}  // namespace dmss::proto::rtsp

// Values of the RTSP headers this project uses, and URLs (protocol media.md §2.1, §2.3).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dmss::proto::rtsp {

struct Session {
  std::string id;
  int timeout = 60;  ///< seconds; the default of RFC 2326
};
std::optional<Session> parse_session(std::string_view value);

struct Transport {
  std::string protocol;  ///< "RTP/AVP/TCP", "RTP/AVP", "RTP/AVP/UDP", "DH/AVP/TCP"
  bool tcp = false;
  bool dh = false;
  std::optional<std::pair<int, int>> interleaved;
  std::optional<std::pair<int, int>> client_port;
  std::optional<std::pair<int, int>> server_port;
  std::optional<std::uint32_t> ssrc;
  std::string source;  ///< address the media comes from, when the server names one
};
/// Tolerates padding ("ssrc=     D93FF"), missing fields and unknown ones.
Transport parse_transport(std::string_view value);

struct RtpInfo {
  std::string url;
  std::optional<std::uint16_t> sequence;
  std::optional<std::uint32_t> rtp_time;
};
std::vector<RtpInfo> parse_rtp_info(std::string_view value);

/// The URL of a track: `control` itself when absolute, `base` for "*" and nothing, else concatenated with one slash between; Dahua's
/// Content-Base ends in a slash behind the query, where a general URL resolver would cut the query off.
std::string join_control(std::string_view base, std::string_view control);

/// rtsp://host:port/cam/realmonitor?channel=N&subtype=S; channel from 1. IPv6 literals get brackets; default ports are left out.
std::string live_url(std::string_view host, std::uint16_t port, bool tls, int channel, int subtype);

}  // namespace dmss::proto::rtsp

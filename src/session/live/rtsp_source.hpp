// Live media over RTSP: TCP interleaved, UDP or TLS (protocol media.md §2).
#pragma once

#include "net/udp.hpp"
#include "session/live/media_source.hpp"

namespace dmss::session {

struct RtspMemory;

struct RtspTarget {
  net::Endpoint endpoint;
  std::optional<TlsOptions> tls;  ///< RTSPS
  bool udp = false;
  bool udp_fall_back = true;  ///< to interleaved, when no datagram arrives within 3 s
  Credentials credentials;
  bool allow_plaintext_password = false;  ///< Basic
  Duration connect_timeout = std::chrono::seconds(10);
  Duration request_timeout = std::chrono::seconds(10);
  std::shared_ptr<RtspMemory> memory;  ///< of the device, shared by all its streams; null = none
  /// Called right before an Authorization header leaves this process.
  std::function<void()> on_credentials_sent;
  /// Opens the ports of a track; tests put their own in.
  std::function<Result<std::shared_ptr<net::UdpPair>>(net::Executor, bool v6)> open_udp = net::open_udp_pair;
};

/// open() errors: wrong_password (401 to our Authorization; never repeated, but once for stale=true), login_refused (401 without a usable
/// challenge), plaintext_refused, no_such_channel/no_stream (404, 400), stream_limit (453), device_busy (503), network and tls codes.
/// `sink` must outlive the source.
std::shared_ptr<MediaSource> make_rtsp_source(Context context, RtspTarget target, SourceRequest request,
                                              MediaSink& sink);

}  // namespace dmss::session

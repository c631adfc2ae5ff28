// MediaServer: a cheap recorder that serves two clips on any number of channels, over RTSP (TCP, UDP, TLS)
// and over 37777 (TCP, TLS). It judges nothing: every login is accepted.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "bench/media_server/streamer.hpp"

namespace dmss::bench {

struct ServerOptions {
  std::string main, extra;  ///< FILE@FPS
  bool stamps = false;
  Pace pace;
  std::chrono::microseconds round_trip{0};
  double events_per_second = 0;  ///< on each control connection that attached
};

/// A conversation on one connection.
class Peer {
 public:
  virtual ~Peer() = default;
  /// Bytes used of `in`.
  virtual std::size_t consume(ByteView in) = 0;
};

class MediaServer {
 public:
  explicit MediaServer(const ServerOptions& options);
  ~MediaServer();

  /// {"pid":…,"rtsp":…,"rtsps":…,"dvrip":…,"dvrips":…,"echo":…}
  std::string ports() const;
  Loop& loop() noexcept { return loop_; }

  // For conversations.
  using SubConnections = std::unordered_map<unsigned, std::weak_ptr<Connection>>;
  Clip& clip(int stream) noexcept { return stream == 0 ? main_ : extra_; }
  std::unique_ptr<Streamer> stream(std::shared_ptr<Connection> connection, int stream, Route route);
  int udp_socket() const noexcept { return rtp_; }
  int udp_port() const noexcept { return rtp_port_; }
  unsigned next_id() noexcept { return ++ids_; }
  double events_per_second() const noexcept { return options_.events_per_second; }
  /// Media connections on 37777 by the number that the control connection gave them.
  SubConnections& sub_connections() noexcept { return sub_connections_; }

 private:
  using MakePeer = std::unique_ptr<Peer> (*)(MediaServer&, std::shared_ptr<Connection>);
  int listen(MakePeer make, bool tls);
  void bind_udp();

  ServerOptions options_;
  Loop loop_;
  Clip main_, extra_;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> tls_;
  int rtsp_ = 0, rtsps_ = 0, dvrip_ = 0, dvrips_ = 0, echo_ = 0;
  int rtp_ = -1, rtcp_ = -1, rtp_port_ = 0;
  unsigned ids_ = 0, streams_ = 0;
  std::vector<int> listeners_;
  std::unordered_map<int, std::shared_ptr<Connection>> connections_;
  SubConnections sub_connections_;
};

std::unique_ptr<Peer> make_rtsp_peer(MediaServer& server, std::shared_ptr<Connection> connection);
std::unique_ptr<Peer> make_dvrip_peer(MediaServer& server, std::shared_ptr<Connection> connection);
/// Sends back what it gets.
std::unique_ptr<Peer> make_echo_peer(MediaServer& server, std::shared_ptr<Connection> connection);
/// With a key and a self-signed certificate of its own.
std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> make_tls_context();

}  // namespace dmss::bench

// RtspMemory: what one device's RTSP service taught us, and a connection that a stream has left behind.
#pragma once

#include "proto/auth/digest.hpp"
#include "session/live/rtsp_connection.hpp"
#include "session/live/rtsp_source.hpp"

namespace dmss::session {

struct RtspMemory {
  explicit RtspMemory(const Context& context) : expiry(context.executor, context.clock) {}

  /// Of the latest stream that was accepted: its nonce is used again, so that the next one saves a round trip.
  std::optional<proto::auth::Authenticator> accepted;
  /// False after a device refused a nonce it had given to another connection.
  bool nonce_is_shared = true;
  /// What follows a stream's URL in its picture track's, e.g. "/trackID=0"; empty = not known.
  std::string video_control;
  /// False where a session is kept alive by OPTIONS.
  bool get_parameter = true;
  /// Nothing came over UDP; until then streams begin with TCP.
  net::TimePoint no_udp_until{};
  /// Whether the device answers requests sent before earlier ones were answered.
  enum class Flights { untried, work, fail } flights = Flights::untried;

  struct Left {
    std::shared_ptr<RtspConnection> connection;
    proto::auth::Authenticator auth;
  };
  /// Keeps the connection of a stream that has ended in order, for a few seconds; a viewer who changes the channel saves the handshake.
  /// False when it has no use for it.
  bool leave(const Left& connection);
  /// One that is still alive.
  std::optional<Left> take();
  /// Closes what is kept, and everything that is left from now on.
  void close();

 private:
  net::Timer expiry;
  std::optional<Left> left;
  bool closed = false;
};

}  // namespace dmss::session

// What one device's RTSP service taught us.
#pragma once

#include "proto/auth/digest.hpp"
#include "session/live/rtsp_source.hpp"

namespace dmss::session {

struct RtspMemory {
  /// Of the latest stream that was accepted: its nonce is used again, so that the next one saves a round trip.
  std::optional<proto::auth::Authenticator> accepted;
  /// False after a device refused a nonce it had given to another connection.
  bool nonce_is_shared = true;
};

}  // namespace dmss::session

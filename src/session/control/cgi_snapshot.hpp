// snapshot.cgi: a JPEG made by the device (protocol http-rpc.md §6.6).
#pragma once

#include <string>

#include "dmss/result.hpp"
#include "proto/jpeg.hpp"
#include "session/context.hpp"

namespace dmss::session {

/// channel from 1.
inline std::string snapshot_request(int channel) {
  return "/cgi-bin/snapshot.cgi?channel=" + std::to_string(channel);
}

/// Errors: malformed.
inline Result<Bytes> read_snapshot(std::string_view body) {
  constexpr std::size_t kMaxSnapshot = 8u << 20;
  const std::string_view jpeg = proto::jpeg_of(body);
  if (jpeg.empty() || body.size() > kMaxSnapshot)
    return Error(Errc::malformed, "the device's snapshot is no whole JPEG");
  return Bytes(jpeg.begin(), jpeg.end());
}

}  // namespace dmss::session

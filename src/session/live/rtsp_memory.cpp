#include "session/live/rtsp_memory.hpp"

namespace dmss::session {
namespace {

constexpr Duration kKept = std::chrono::seconds(5);

}  // namespace

bool RtspMemory::leave(const Left& connection) {
  if (closed || left) return false;
  left = connection;
  expiry.expires_after(kKept);
  // The owner closes this before it goes, which ends the wait.
  expiry.async_wait([this](bool expired) {
    if (expired && left) std::exchange(left, std::nullopt)->connection->close();
  });
  return true;
}

std::optional<RtspMemory::Left> RtspMemory::take() {
  expiry.cancel();
  auto taken = std::exchange(left, std::nullopt);
  if (taken && taken->connection->end()) return std::nullopt;
  return taken;
}

void RtspMemory::close() {
  closed = true;
  if (auto taken = take()) taken->connection->close();
}

}  // namespace dmss::session

// Where a device's JPEG ends: some put a block of their own behind it (protocol http-rpc.md §6.6).
#pragma once

#include <string_view>

namespace dmss::proto {

/// From the start marker to the last end marker, without what follows; empty when `bytes` is no whole JPEG.
inline std::string_view jpeg_of(std::string_view bytes) noexcept {
  if (!bytes.starts_with("\xff\xd8")) return {};
  const std::size_t end = bytes.rfind("\xff\xd9");
  return end == std::string_view::npos || end < 2 ? std::string_view() : bytes.substr(0, end + 2);
}

}  // namespace dmss::proto

// bc frames: live media, snapshot data and the third live dialect's verdict (protocol dvrip-dhip.md §4.2,
// §4.3, §5.3).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "proto/dvrip/header.hpp"

namespace dmss::proto::dvrip {

inline constexpr std::size_t kMediaChunk = 0x8000;  ///< largest body seen

/// Header of a live media packet. Bodies joined are one stream of DHAV frames; a packet need not start at
/// one.
Header media_header(std::uint8_t channel, std::uint32_t body_size);
/// Appends `data` as as many bc packets as `chunk` (1..kMaxBody) asks for.
void append_media(Bytes& out, std::uint8_t channel, ByteView data, std::size_t chunk = kMediaChunk);
/// 0 = fine.
inline std::uint32_t media_return_code(const Header& h) noexcept {
  return h.le32(16);
}

/// JPEG chunks, then the bc with an empty body that ends them.
void append_snapshot(Bytes& out, std::uint8_t channel, ByteView jpeg, std::size_t chunk = kMediaChunk);
/// Whether a bc on the control connection carries snapshot data: [24] = 0a and [28] = 0a.
bool is_snapshot(const Header& h) noexcept;

/// "channel=<slot>&return=<code>,…" in a bc on the control connection.
struct LiveVerdict {
  int channel = 0;
  int code = 0;  ///< 0 ok, 2 not available
};
std::vector<LiveVerdict> parse_live_verdict(ByteView body);
Bytes write_live_verdict(const std::vector<LiveVerdict>& verdicts);

}  // namespace dmss::proto::dvrip

// DHIP over TCP: port 5000, often the HTTP port too (protocol dvrip-dhip.md §7).
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "proto/dvrip/json_frame.hpp"

namespace dmss::proto::dvrip {

struct DhipHeader {
  std::uint32_t session = 0;  ///< not enforced by devices; some clients always send 0
  std::uint32_t id = 0;
  std::uint32_t size = 0;  ///< body bytes of this packet
  std::uint32_t fragment = 0;
  std::uint32_t total = 0;  ///< body bytes of the message
};
void append_dhip_header(Bytes& out, const DhipHeader& header);
/// 32 bytes. Errors: malformed (magic).
Parsed<DhipHeader> parse_dhip_header(ByteView data);

struct DhipOptions {
  std::string_view trailer = {};  ///< devices end with "\n"
  std::size_t max_fragment = 0;   ///< 0 = one packet
};
Bytes write_dhip(std::uint32_t id, std::uint32_t session, std::string_view json,
                 const DhipOptions& options = {});

/// Turns a byte stream into whole messages.
class DhipReader {
 public:
  explicit DhipReader(FragmentLimits limits = {}) : limits_(limits), fragments_(limits) {}

  std::span<std::uint8_t> prepare(std::size_t at_least = 4096) { return buffer_.prepare(at_least); }
  void commit(std::size_t n) noexcept { buffer_.commit(n); }
  void feed(ByteView data) { buffer_.append(data); }
  /// The next message. After a failure every call fails the same way.
  Parsed<JsonMessage> next();
  std::size_t buffered() const noexcept { return buffer_.size(); }

 private:
  FragmentLimits limits_;
  ReceiveBuffer buffer_;
  FragmentAssembler fragments_;
  std::optional<ParseError> broken_;
};

}  // namespace dmss::proto::dvrip

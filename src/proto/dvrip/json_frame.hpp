// JSON-RPC inside DVRIP (f6) and the joining of fragments, which DHIP shares (protocol dvrip-dhip.md §6.1,
// §7).
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "proto/dvrip/header.hpp"

namespace dmss::proto::dvrip {

/// A whole message. `body` is JSON, sometimes several objects glued, sometimes LF and raw bytes after it.
struct JsonMessage {
  std::uint32_t id = 0;       ///< of the header; equals the JSON id on requests and replies
  std::uint32_t session = 0;  ///< of the header; some peers leave it 0
  Bytes body;

  /// The body without trailing LF, CR, NUL and spaces.
  std::string_view text() const noexcept;
};

struct FragmentLimits {
  std::size_t max_message = 8u << 20;  ///< bytes of one message; also of all unfinished ones together
  std::size_t max_fragments = 8192;    ///< of one message
  std::size_t max_unfinished = 8;      ///< messages in pieces at a time
};

/// Joins fragments by id.
class FragmentAssembler {
 public:
  explicit FragmentAssembler(FragmentLimits limits = {}) : limits_(limits) {}
  /// done = the message is whole, more = further fragments must come. A total of 0 or below the fragment's
  /// size counts as whole, one of 0 after a beginning as that one's. Errors: too_large (limits), malformed (more bytes than announced, or totals that
  /// differ).
  Parsed<JsonMessage> add(std::uint32_t id, std::uint32_t session, std::uint32_t total, ByteView fragment);
  std::size_t unfinished() const noexcept { return parts_.size(); }

 private:
  struct Part {
    JsonMessage message;
    std::size_t total;
    std::size_t fragments;
  };
  FragmentLimits limits_;
  std::vector<Part> parts_;
  std::size_t bytes_ = 0;
};

struct JsonFrameOptions {
  std::uint8_t version = 0;  ///< byte 3: 0 in requests, 0x58 or 0x68 in replies
  std::string_view trailer =
      {};  ///< "\n" by devices, "\n\0" by the vendor's app; needs an explicit length for NUL
  std::size_t max_fragment = 0;  ///< 0 = one frame
};
/// One or several f6 frames.
Bytes write_json(std::uint32_t id, std::uint32_t session, std::string_view json,
                 const JsonFrameOptions& options = {});

/// Joins f6 frames.
class JsonAssembler {
 public:
  explicit JsonAssembler(FragmentLimits limits = {}) : fragments_(limits) {}
  /// `frame` must be an f6.
  Parsed<JsonMessage> add(const FrameView& frame);

 private:
  FragmentAssembler fragments_;
};

}  // namespace dmss::proto::dvrip

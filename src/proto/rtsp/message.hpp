// RTSP requests and responses (RFC 2326), read tolerantly and written strictly.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "base/parse.hpp"

namespace dmss::proto::rtsp {

inline constexpr std::size_t kMaxHead = 16u << 10;
inline constexpr std::size_t kMaxBody = 256u << 10;
inline constexpr std::size_t kMaxHeaders = 64;

struct Message {
  // A request has a method, a response a status.
  std::string method;
  std::string uri;
  int status = 0;
  std::string reason;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  bool is_response() const noexcept { return method.empty(); }
  /// First header of that name, case-insensitive; empty when there is none.
  std::string_view get(std::string_view name) const noexcept;
  std::vector<std::string_view> get_all(std::string_view name) const;
  Message& set(std::string name, std::string value);
  std::optional<int> cseq() const noexcept;
};

/// One whole message at the start of `in`. Lines may end in LF only; odd header lines are skipped.
/// Errors: malformed (at offset 0: no RTSP start line; behind it: a Content-Length that is no number, so that nobody can tell where the
/// message ends), too_large.
Parsed<Message> parse_message(ByteView in);
/// Content-Length is added when there is a body.
std::string write_message(const Message& message);

/// Decimal without sign, nothing else around it.
std::optional<std::uint64_t> to_number(std::string_view s) noexcept;

}  // namespace dmss::proto::rtsp

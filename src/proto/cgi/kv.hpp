// key=value lines, the text form of CGI answers (protocol http-rpc.md §2.2).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dmss/result.hpp"

namespace dmss::proto::cgi {

inline constexpr std::size_t kMaxKvBytes = 4u << 20;
inline constexpr std::size_t kMaxKvLines = 100000;

/// Lines in the device's order. Keys may repeat ("a[0].b"); the first one counts in get().
struct KeyValues {
  std::vector<std::pair<std::string, std::string>> lines;

  std::optional<std::string_view> get(std::string_view key) const noexcept;
  /// Decimal, with sign; nullopt when absent or anything else.
  std::optional<std::int64_t> number(std::string_view key) const noexcept;
  void add(std::string_view key, std::string_view value) { lines.emplace_back(key, value); }
  /// CRLF line ends, as devices write.
  std::string body() const;
};

/// Splits at the first '='; line ends CRLF, LF or CR; lines without '=' are skipped, white space around keys
/// is removed. Errors: too_large.
Result<KeyValues> parse_kv(std::string_view body);

}  // namespace dmss::proto::cgi

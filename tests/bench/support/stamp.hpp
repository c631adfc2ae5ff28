// The time of sending inside a picture: a user data SEI with CLOCK_MONOTONIC nanoseconds in hex digits.
#pragma once

#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace dmss::bench {

inline constexpr std::string_view kStampUuid = "dmss-bench-stamp";
inline constexpr std::size_t kStampDigits = 16;

/// `to` has room for kStampDigits.
inline void write_stamp(std::uint8_t* to, std::chrono::steady_clock::time_point now) noexcept {
  auto ns = static_cast<std::uint64_t>(now.time_since_epoch().count());
  for (std::size_t i = kStampDigits; i-- > 0; ns >>= 4)
    to[i] = static_cast<std::uint8_t>("0123456789abcdef"[ns & 15]);
}

/// Reads the stamp out of anything that holds the SEI's payload, near its beginning.
inline std::optional<std::chrono::steady_clock::time_point> read_stamp(std::string_view payload) noexcept {
  const std::size_t at = payload.substr(0, 4096).find(kStampUuid);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view digits = payload.substr(at + kStampUuid.size()).substr(0, kStampDigits);
  std::int64_t ns = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), ns, 16);
  if (error != std::errc() || end != digits.data() + kStampDigits) return std::nullopt;
  return std::chrono::steady_clock::time_point(std::chrono::nanoseconds(ns));
}

}  // namespace dmss::bench

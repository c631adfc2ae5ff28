// Text that came from elsewhere, made fit for people, logs and callers who expect UTF-8.
#pragma once

#include <string>
#include <string_view>

namespace dmss {

/// Valid UTF-8 of at most `limit` bytes, cut between characters: what is no UTF-8 becomes U+FFFD, control characters become spaces.
std::string clean_text(std::string_view text, std::size_t limit);

/// ASCII letters only: what the protocols' own words are made of.
constexpr char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
/// As lower() has it.
bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept;
bool starts_with_ignoring_case(std::string_view text, std::string_view start) noexcept;
bool contains_ignoring_case(std::string_view text, std::string_view part) noexcept;
/// Without blanks, tabs, line ends and NULs around it; a part of `text`.
std::string_view trim(std::string_view text) noexcept;

/// Length of the well-formed UTF-8 sequence (RFC 3629) at the start of `text`, which is not empty; 0 = none stands there.
std::size_t utf8_sequence(std::string_view text) noexcept;

}  // namespace dmss

// Text that came from elsewhere, made fit for people, logs and callers who expect UTF-8.
#pragma once

#include <string>
#include <string_view>

namespace dmss {

/// Valid UTF-8 of at most `limit` bytes, cut between characters: what is no UTF-8 becomes U+FFFD, control characters become spaces.
std::string clean_text(std::string_view text, std::size_t limit);

/// Length of the well-formed UTF-8 sequence (RFC 3629) at the start of `text`, which is not empty; 0 = none stands there.
std::size_t utf8_sequence(std::string_view text) noexcept;

}  // namespace dmss

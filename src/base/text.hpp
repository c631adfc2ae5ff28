// Text that came from elsewhere, made fit for people, logs and callers who expect UTF-8.
#pragma once

#include <string>
#include <string_view>

namespace dmss {

/// Valid UTF-8 of at most `limit` bytes, cut between characters: what is no UTF-8 becomes U+FFFD, control characters become spaces.
std::string clean_text(std::string_view text, std::size_t limit);

}  // namespace dmss

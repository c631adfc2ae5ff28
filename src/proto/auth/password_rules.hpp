// What devices accept as a new password where they do not say (protocol discovery-provisioning.md §4.6).
#pragma once

#include <string_view>

namespace dmss::proto::auth {

/// The rule that `password` breaks, as a sentence without the password; nullptr when it breaks none: 8 to 32 printable ASCII characters, at
/// least two of digits, lower-case letters, upper-case letters and others, no space and none of ' " ; : &, and not the user's name.
const char* broken_password_rule(std::string_view user, std::string_view password) noexcept;

}  // namespace dmss::proto::auth

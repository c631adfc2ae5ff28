#include "proto/auth/password_rules.hpp"

namespace dmss::proto::auth {

const char* broken_password_rule(std::string_view user, std::string_view password) noexcept {
  if (password.size() < 8 || password.size() > 32) return "a password has 8 to 32 characters";
  bool digit = false, lower = false, upper = false, other = false;
  for (const char c : password) {
    if (c <= ' ' || c > '~') return "a password is of printable ASCII characters without spaces";
    if (std::string_view("'\";:&").find(c) != std::string_view::npos)
      return "a password has none of ' \" ; : &";
    if (c >= '0' && c <= '9')
      digit = true;
    else if (c >= 'a' && c <= 'z')
      lower = true;
    else if (c >= 'A' && c <= 'Z')
      upper = true;
    else
      other = true;
  }
  if (digit + lower + upper + other < 2)
    return "a password mixes two of digits, lower case, upper case and other characters";
  if (password == user) return "a password is not the user's name";
  return nullptr;
}

}  // namespace dmss::proto::auth

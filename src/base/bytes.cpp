#include "base/bytes.hpp"

namespace dmss {

std::string to_hex(ByteView b, std::size_t limit) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string s;
  const std::size_t n = b.size() < limit ? b.size() : limit;
  s.reserve(n * 3 + 4);
  for (std::size_t i = 0; i < n; ++i) {
    if (i != 0) s += ' ';
    s += kDigits[b[i] >> 4];
    s += kDigits[b[i] & 15];
  }
  if (n < b.size()) s += " …";
  return s;
}

Bytes from_hex(std::string_view hex) {
  Bytes out;
  int high = -1;
  for (char c : hex) {
    if (c == ' ' || c == '\n' || c == '\r' || c == '\t') continue;
    int v;
    if (c >= '0' && c <= '9') {
      v = c - '0';
    } else if (c >= 'a' && c <= 'f') {
      v = c - 'a' + 10;
    } else if (c >= 'A' && c <= 'F') {
      v = c - 'A' + 10;
    } else {
      return {};
    }
    if (high < 0) {
      high = v;
    } else {
      out.push_back(static_cast<std::uint8_t>(high << 4 | v));
      high = -1;
    }
  }
  return high < 0 ? out : Bytes();
}

}  // namespace dmss

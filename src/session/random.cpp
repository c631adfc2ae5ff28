#include "session/random.hpp"

#include <openssl/rand.h>

#include <array>

namespace dmss::session {

std::string random_hex() {
  std::array<unsigned char, 8> bytes{};
  RAND_bytes(bytes.data(), static_cast<int>(bytes.size()));
  std::string hex;
  for (unsigned char b : bytes) {
    hex += "0123456789abcdef"[b >> 4];
    hex += "0123456789abcdef"[b & 15];
  }
  return hex;
}

Secret random_digits(std::size_t count) {
  constexpr unsigned char kFair = 250;  // the bytes above would prefer the small digits
  std::string digits;
  digits.reserve(count);
  while (digits.size() < count) {
    unsigned char byte = 0;
    if (RAND_bytes(&byte, 1) != 1) return Secret();
    if (byte < kFair) digits += static_cast<char>('0' + byte % 10);
  }
  return Secret(std::move(digits));
}

}  // namespace dmss::session

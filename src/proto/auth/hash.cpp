#include "proto/auth/hash.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <memory>

namespace dmss::proto::auth {
namespace {

std::string hex(const unsigned char* data, std::size_t size, const char* digits) {
  std::string out;
  out.reserve(size * 2);
  for (std::size_t i = 0; i < size; ++i) {
    out += digits[data[i] >> 4];
    out += digits[data[i] & 15];
  }
  return out;
}

constexpr const char* kLower = "0123456789abcdef";
constexpr const char* kUpper = "0123456789ABCDEF";

struct Digest {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
};

Digest digest(const EVP_MD* type, std::initializer_list<std::string_view> parts) {
  Digest d;
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  // An OpenSSL in FIPS mode refuses MD5: the digest stays empty, and an empty hash never equals anything.
  if (!context || EVP_DigestInit_ex(context.get(), type, nullptr) != 1) return d;
  for (std::string_view part : parts) EVP_DigestUpdate(context.get(), part.data(), part.size());
  if (EVP_DigestFinal_ex(context.get(), d.bytes.data(), &d.size) != 1) d.size = 0;
  return d;
}

int base64_value(char c) noexcept {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  if (c == '/') return 63;
  return -1;
}

}  // namespace

std::string md5_hex(std::string_view data) {
  return md5_hex({data});
}

std::string md5_hex(std::initializer_list<std::string_view> parts) {
  const Digest d = digest(EVP_md5(), parts);
  return hex(d.bytes.data(), d.size, kLower);
}

std::string sha256_hex(std::string_view data) {
  return sha256_hex({data});
}

std::string sha256_hex(std::initializer_list<std::string_view> parts) {
  const Digest d = digest(EVP_sha256(), parts);
  return hex(d.bytes.data(), d.size, kLower);
}

std::string md5_hex_upper(std::initializer_list<std::string_view> parts) {
  const Digest d = digest(EVP_md5(), parts);
  return hex(d.bytes.data(), d.size, kUpper);
}

std::string gen1(std::string_view password) {
  static constexpr std::string_view letters =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  const Digest d = digest(EVP_md5(), {password});
  std::string out;
  for (std::size_t i = 0; i + 1 < d.size; i += 2)
    out += letters[(d.bytes[i] + d.bytes[i + 1]) % letters.size()];
  return out;
}

std::string gen2(std::string_view user, std::string_view realm, std::string_view password) {
  return md5_hex_upper({user, ":", realm, ":", password});
}

std::string h2(std::string_view user, std::string_view realm, std::string_view random,
               std::string_view password) {
  return h2_from_gen2(user, random, gen2(user, realm, password));
}

std::string h2_from_gen2(std::string_view user, std::string_view random, std::string_view gen2_hash) {
  return md5_hex_upper({user, ":", random, ":", gen2_hash});
}

std::string h1(std::string_view user, std::string_view random, std::string_view password) {
  return md5_hex_upper({user, ":", random, ":", gen1(password)});
}

bool equal_constant_time(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string base64_encode(std::string_view data) {
  static constexpr char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((data.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < data.size(); i += 3) {
    const std::size_t n = std::min<std::size_t>(3, data.size() - i);
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      group = group << 8 | (j < n ? static_cast<std::uint8_t>(data[i + j]) : 0u);
    }
    for (std::size_t j = 0; j < 4; ++j) out += j <= n ? letters[group >> (18 - 6 * j) & 63] : '=';
  }
  return out;
}

std::optional<std::string> base64_decode(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
  std::string out;
  out.reserve(text.size() / 4 * 3);
  for (std::size_t i = 0; i < text.size(); i += 4) {
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 4; ++j) {
      const bool pad = i + j >= text.size() - padding;
      const int value = pad ? 0 : base64_value(text[i + j]);
      if (value < 0) return std::nullopt;
      group = group << 6 | static_cast<std::uint32_t>(value);
    }
    for (int shift = 16; shift >= 0; shift -= 8) out += static_cast<char>(group >> shift & 255);
  }
  out.resize(out.size() - padding);
  return out;
}

}  // namespace dmss::proto::auth

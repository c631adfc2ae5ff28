#include "recorder/sealed.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <charconv>

#include "proto/auth/hash.hpp"

namespace dmss::recorder {
namespace {

constexpr std::size_t kBlock = 16;
constexpr int kRsaBits = 2048;
constexpr std::size_t kMaxText = 4u << 20;
constexpr char kVector[] = "0000000000000000";

const unsigned char* bytes(const std::string& s) {
  return reinterpret_cast<const unsigned char*>(s.data());
}
unsigned char* bytes(std::string& s) {
  return reinterpret_cast<unsigned char*>(s.data());
}

std::optional<std::string> from_hex(const std::string& hex) {
  if (hex.size() % 2 != 0 || hex.size() > 2048) return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    unsigned byte = 0;
    const auto [end, error] = std::from_chars(hex.data() + i, hex.data() + i + 2, byte, 16);
    if (error != std::errc() || end != hex.data() + i + 2) return std::nullopt;
    out += static_cast<char>(byte);
  }
  return out;
}

std::string number(EVP_PKEY* key, const char* name) {
  BIGNUM* n = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &n) != 1) return {};
  char* hex = BN_bn2hex(n);
  std::string out = hex != nullptr ? hex : "";
  OPENSSL_free(hex);
  BN_free(n);
  return out;
}

}  // namespace

std::optional<std::string> SealKey::crypt(std::string data, bool encrypts) const {
  const std::unique_ptr<EVP_CIPHER_CTX, void (*)(EVP_CIPHER_CTX*)> c(EVP_CIPHER_CTX_new(),
                                                                     EVP_CIPHER_CTX_free);
  const EVP_CIPHER* cipher = cbc_ ? EVP_aes_256_cbc() : EVP_aes_128_ecb();
  std::string out(data.size() + kBlock, '\0');
  int first = 0, last = 0;
  const bool done =
      c &&
      EVP_CipherInit_ex(c.get(), cipher, nullptr, bytes(key_),
                        reinterpret_cast<const unsigned char*>(kVector), encrypts ? 1 : 0) == 1 &&
      EVP_CIPHER_CTX_set_padding(c.get(), 0) == 1 &&
      EVP_CipherUpdate(c.get(), bytes(out), &first, bytes(data), static_cast<int>(data.size())) == 1 &&
      EVP_CipherFinal_ex(c.get(), bytes(out) + first, &last) == 1;
  if (!done) return std::nullopt;
  out.resize(static_cast<std::size_t>(first + last));
  return out;
}

std::string SealKey::seal(const std::string& text) const {
  std::string padded = text;
  padded.resize((text.size() + kBlock - 1) / kBlock * kBlock, '\0');
  return proto::auth::base64_encode(crypt(std::move(padded), true).value_or(""));
}

std::optional<std::string> SealKey::open(const std::string& content) const {
  if (content.size() > kMaxText) return std::nullopt;
  auto data = proto::auth::base64_decode(content);
  if (!data || data->empty() || data->size() % kBlock != 0) return std::nullopt;
  auto text = crypt(std::move(*data), false);
  if (!text) return std::nullopt;
  // Zeros, or as many bytes of their own number.
  const auto pad = static_cast<unsigned char>(text->empty() ? 0 : text->back());
  if (pad >= 1 && pad <= kBlock &&
      text->find_first_not_of(text->back(), text->size() - pad) == std::string::npos) {
    text->resize(text->size() - pad);
  } else {
    while (!text->empty() && text->back() == '\0') text->pop_back();
  }
  return text;
}

EVP_PKEY* Sealing::key() {
  if (!key_) key_ = std::shared_ptr<EVP_PKEY>(EVP_RSA_gen(kRsaBits), EVP_PKEY_free);
  return key_.get();
}

std::string Sealing::public_key() {
  return "N:" + number(key(), OSSL_PKEY_PARAM_RSA_N) + ",E:" + number(key(), OSSL_PKEY_PARAM_RSA_E);
}

std::optional<SealKey> Sealing::open_key(const std::string& cipher, const std::string& salt) {
  const bool cbc = cipher.rfind("RPAC", 0) == 0;
  if (!cbc && cipher.rfind("AES", 0) != 0) return std::nullopt;
  const auto sealed = from_hex(salt);
  if (!sealed) return std::nullopt;
  const std::unique_ptr<EVP_PKEY_CTX, void (*)(EVP_PKEY_CTX*)> c(EVP_PKEY_CTX_new(key(), nullptr),
                                                                 EVP_PKEY_CTX_free);
  std::string out(kRsaBits / 8, '\0');
  std::size_t size = out.size();
  const bool done = c && EVP_PKEY_decrypt_init(c.get()) == 1 &&
                    EVP_PKEY_CTX_set_rsa_padding(c.get(), RSA_PKCS1_PADDING) == 1 &&
                    EVP_PKEY_decrypt(c.get(), bytes(out), &size, bytes(*sealed), sealed->size()) == 1;
  if (!done) return std::nullopt;
  out.resize(size);
  if (out.size() != (cbc ? 32u : 16u)) return std::nullopt;
  return SealKey(std::move(out), cbc);
}

}  // namespace dmss::recorder

#include "media/dhav/crypto.hpp"

#include <openssl/evp.h>

#include <memory>

#include "proto/auth/hash.hpp"

namespace dmss::media::dhav {
namespace {

constexpr int kRounds = 20000;

}  // namespace

StreamKey derive_stream_key(std::string_view serial, const Secret& password) {
  const std::string secret = proto::auth::md5_hex_upper({"admin:Login to ", serial, ":", password.reveal()});
  StreamKey key{};
  PKCS5_PBKDF2_HMAC(secret.data(), static_cast<int>(secret.size()),
                    reinterpret_cast<const unsigned char*>(serial.data()), static_cast<int>(serial.size()),
                    kRounds, EVP_sha256(), static_cast<int>(key.size()), key.data());
  return key;
}

bool decrypt(const StreamKey& key, const Encryption& record, std::uint8_t* payload, std::size_t size) {
  if (record.clear > size || record.encrypted > size - record.clear) return false;
  const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(EVP_CIPHER_CTX_new(),
                                                                                EVP_CIPHER_CTX_free);
  int written = 0;
  std::uint8_t* at = payload + record.clear;
  return context &&
         EVP_DecryptInit_ex(context.get(), EVP_aes_256_ofb(), nullptr, key.data(), record.iv.data()) == 1 &&
         EVP_DecryptUpdate(context.get(), at, &written, at, static_cast<int>(record.encrypted)) == 1;
}

}  // namespace dmss::media::dhav

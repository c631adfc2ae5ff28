// Sealing of calls: an RSA key of the device, and the AES key that a client chose and sent under it (protocol
// dvrip-dhip.md §7.5).
#pragma once

#include <memory>
#include <optional>
#include <string>

typedef struct evp_pkey_st EVP_PKEY;

namespace dmss::recorder {

class SealKey {
 public:
  SealKey(std::string key, bool cbc) : key_(std::move(key)), cbc_(cbc) {}
  /// Base64 of AES over the text, padded with zeros.
  std::string seal(const std::string& text) const;
  /// nullopt when it is no such thing.
  std::optional<std::string> open(const std::string& content) const;

 private:
  std::optional<std::string> crypt(std::string data, bool encrypts) const;
  std::string key_;  // 32 or 16 digits
  bool cbc_;
};

class Sealing {
 public:
  /// "N:<hex>,E:<hex>"; the key is made when it is first asked for.
  std::string public_key();
  /// `cipher` begins with RPAC (AES-256-CBC) or AES (AES-128-ECB); `salt` is the key under RSA PKCS#1 v1.5, in hex.
  std::optional<SealKey> open_key(const std::string& cipher, const std::string& salt);

 private:
  EVP_PKEY* key();
  std::shared_ptr<EVP_PKEY> key_;
};

}  // namespace dmss::recorder

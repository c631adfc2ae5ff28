// The encrypted envelope around JSON-RPC calls: Security.getEncryptInfo, {cipher, salt, content} (protocol dvrip-dhip.md §7.5,
// discovery-provisioning.md §4.4).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dmss/secret.hpp"
#include "proto/rpc/message.hpp"

namespace dmss::proto::rpc {

inline constexpr std::size_t kMinModulus = 128;       ///< bytes; devices have 1024 or 2048 bits
inline constexpr std::size_t kMaxModulus = 512;       ///< bytes
inline constexpr std::size_t kMaxSealed = 64u << 10;  ///< bytes of content, decoded
inline constexpr std::size_t kSealBlock = 16;         ///< of AES

enum class SealCipher {
  rpac_256,  ///< AES-256-CBC, IV of sixteen characters '0'
  aes_128,   ///< AES-128-ECB
};
/// Digits of a key; it is the characters themselves.
constexpr std::size_t key_digits(SealCipher cipher) noexcept {
  return cipher == SealCipher::rpac_256 ? 32 : 16;
}

struct EncryptInfo {
  SealCipher cipher = SealCipher::rpac_256;  ///< the strongest offered
  std::vector<std::uint8_t> modulus;
  std::vector<std::uint8_t> exponent;
};
/// `params` of the answer to Security.getEncryptInfo; nullopt: this device takes calls in clear. Errors: unsupported (a scheme nobody has
/// described), malformed.
Result<std::optional<EncryptInfo>> read_encrypt_info(const Json& params);

/// One conversation's key.
class Envelope {
 public:
  /// `digits`: key_digits() random decimal digits from a generator that cannot be predicted. Errors: invalid_argument, malformed (no key).
  static Result<Envelope> make(const EncryptInfo& info, Secret digits);

  /// {cipher, salt, content} of a document, for `params`.
  Json seal(const Json& inner) const;
  /// The document in the answer's `params`. Errors: malformed, too_large.
  Result<Json> open(const Json& params) const;

  std::string encrypt(std::string_view text) const;            ///< base64
  Result<std::string> decrypt(std::string_view base64) const;  ///< without the zeros at the end

 private:
  Envelope(SealCipher cipher, Secret digits, std::string salt)
      : cipher_(cipher), digits_(std::move(digits)), salt_(std::move(salt)) {}
  std::optional<std::string> run(std::string_view data, bool encrypts) const;
  SealCipher cipher_;
  Secret digits_;
  std::string salt_;
};

}  // namespace dmss::proto::rpc

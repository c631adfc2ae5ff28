#include "proto/rpc/envelope.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <memory>

#include "proto/auth/hash.hpp"

namespace dmss::proto::rpc {
namespace {

template <class T, void (*kFree)(T*)>
struct Free {
  void operator()(T* p) const noexcept { kFree(p); }
};
using BigNumber = std::unique_ptr<BIGNUM, Free<BIGNUM, BN_free>>;
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY, EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Free<EVP_PKEY_CTX, EVP_PKEY_CTX_free>>;
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, Free<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>>;
using ParamBuild = std::unique_ptr<OSSL_PARAM_BLD, Free<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>>;
using Params = std::unique_ptr<OSSL_PARAM, Free<OSSL_PARAM, OSSL_PARAM_free>>;

constexpr unsigned char kIv[kSealBlock] = {'0', '0', '0', '0', '0', '0', '0', '0',
                                           '0', '0', '0', '0', '0', '0', '0', '0'};

const unsigned char* bytes_of(std::string_view text) noexcept {
  return reinterpret_cast<const unsigned char*>(text.data());
}

int nibble(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/// Empty when it is no hex.
std::vector<std::uint8_t> from_hex(std::string_view text) {
  std::vector<std::uint8_t> out;
  if (text.size() % 2 != 0) return out;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = nibble(text[i]), low = nibble(text[i + 1]);
    if (high < 0 || low < 0) return {};
    out.push_back(static_cast<std::uint8_t>(high << 4 | low));
  }
  return out;
}

/// "N:<hex>,E:<hex>"
bool read_public_key(std::string_view text, EncryptInfo& info) {
  const std::size_t comma = text.find(',');
  if (!text.starts_with("N:") || comma == std::string_view::npos || text.size() > 4 * kMaxModulus)
    return false;
  if (text.substr(comma + 1, 2) != "E:") return false;
  info.modulus = from_hex(text.substr(2, comma - 2));
  info.exponent = from_hex(text.substr(comma + 3));
  return info.modulus.size() >= kMinModulus && info.modulus.size() <= kMaxModulus && !info.exponent.empty() &&
         info.exponent.size() <= 8;
}

bool offers(const Json* ciphers, std::string_view prefix) {
  if (ciphers == nullptr || !ciphers->is_array()) return false;
  return std::any_of(ciphers->begin(), ciphers->end(), [&](const Json& c) {
    return c.is_string() && std::string_view(c.get_ref<const std::string&>()).starts_with(prefix);
  });
}

Key make_key(const EncryptInfo& info) {
  const BigNumber n(BN_bin2bn(info.modulus.data(), static_cast<int>(info.modulus.size()), nullptr));
  const BigNumber e(BN_bin2bn(info.exponent.data(), static_cast<int>(info.exponent.size()), nullptr));
  const ParamBuild build(OSSL_PARAM_BLD_new());
  if (!n || !e || !build || OSSL_PARAM_BLD_push_BN(build.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(build.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1)
    return nullptr;
  const Params params(OSSL_PARAM_BLD_to_param(build.get()));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
  EVP_PKEY* key = nullptr;
  if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1)
    return nullptr;
  return Key(key);
}

/// Lower-case hex of PKCS#1 v1.5, as long as the modulus; empty when the key is none.
std::string seal_key(const EncryptInfo& info, std::string_view digits) {
  const Key key = make_key(info);
  if (!key) return {};
  const KeyContext context(EVP_PKEY_CTX_new(key.get(), nullptr));
  std::vector<unsigned char> out(kMaxModulus);
  std::size_t size = out.size();
  if (!context || EVP_PKEY_encrypt_init(context.get()) != 1 ||
      EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) != 1 ||
      EVP_PKEY_encrypt(context.get(), out.data(), &size, bytes_of(digits), digits.size()) != 1)
    return {};
  std::string hex;
  for (std::size_t i = 0; i < size; ++i) {
    hex += "0123456789abcdef"[out[i] >> 4];
    hex += "0123456789abcdef"[out[i] & 15];
  }
  return hex;
}

}  // namespace

Result<std::optional<EncryptInfo>> read_encrypt_info(const Json& params) {
  const std::string asymmetric = text_or(params, "asymmetric", "");
  if (asymmetric.empty()) return std::optional<EncryptInfo>();
  const Json* ciphers = member(params, "cipher");
  EncryptInfo info;
  if (offers(ciphers, "RPAC"))
    info.cipher = SealCipher::rpac_256;
  else if (offers(ciphers, "AES"))
    info.cipher = SealCipher::aes_128;
  else
    return Error(Errc::unsupported, "an encrypted envelope of a kind that is not known");
  if (asymmetric != "RSA")
    return Error(Errc::unsupported, "an encrypted envelope of a kind that is not known");
  if (!read_public_key(text_or(params, "pub", ""), info))
    return Error(Errc::malformed, "the public key of the device is none");
  return std::optional<EncryptInfo>(std::move(info));
}

Result<Envelope> Envelope::make(const EncryptInfo& info, Secret digits) {
  const std::string_view key = digits.reveal();
  if (key.size() != key_digits(info.cipher) || key.find_first_not_of("0123456789") != std::string_view::npos)
    return Error(Errc::invalid_argument, "the key of an envelope is of digits");
  std::string salt = seal_key(info, key);
  if (salt.empty()) return Error(Errc::malformed, "the public key of the device is none");
  return Envelope(info.cipher, std::move(digits), std::move(salt));
}

std::optional<std::string> Envelope::run(std::string_view data, bool encrypts) const {
  const bool wide = cipher_ == SealCipher::rpac_256;
  const CipherContext context(EVP_CIPHER_CTX_new());
  std::string out(data.size(), '\0');
  int written = 0;
  auto* to = reinterpret_cast<unsigned char*>(out.data());
  const bool done =
      context &&
      EVP_CipherInit_ex(context.get(), wide ? EVP_aes_256_cbc() : EVP_aes_128_ecb(), nullptr,
                        bytes_of(digits_.reveal()), wide ? kIv : nullptr, encrypts ? 1 : 0) == 1 &&
      EVP_CIPHER_CTX_set_padding(context.get(), 0) == 1 &&
      EVP_CipherUpdate(context.get(), to, &written, bytes_of(data), static_cast<int>(data.size())) == 1;
  if (!done || static_cast<std::size_t>(written) != data.size()) return std::nullopt;
  return out;
}

std::string Envelope::encrypt(std::string_view text) const {
  std::string padded(text);
  padded.resize((text.size() + kSealBlock - 1) / kSealBlock * kSealBlock, '\0');
  return auth::base64_encode(run(padded, true).value_or(std::string()));
}

Result<std::string> Envelope::decrypt(std::string_view base64) const {
  if (base64.size() > kMaxSealed / 3 * 4 + 4) return Error(Errc::too_large, "an envelope beyond the limit");
  const auto data = auth::base64_decode(base64);
  if (!data || data->empty() || data->size() % kSealBlock != 0)
    return Error(Errc::malformed, "the content of an envelope is of whole blocks");
  std::optional<std::string> text = run(*data, false);
  if (!text) return Error(Errc::malformed, "the content of an envelope cannot be opened");
  text->erase(text->find_last_not_of('\0') + 1);
  return std::move(*text);
}

Json Envelope::seal(const Json& inner) const {
  return {{"cipher", cipher_ == SealCipher::rpac_256 ? "RPAC-256" : "AES-128"},
          {"salt", salt_},
          {"content", encrypt(dump(inner))}};
}

Result<Json> Envelope::open(const Json& params) const {
  Result<std::string> text = decrypt(text_or(params, "content", ""));
  if (!text) return text.error();
  return parse_json(*text);
}

}  // namespace dmss::proto::rpc

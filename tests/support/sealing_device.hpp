// The device's side of the encrypted envelope.
#pragma once

#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <vector>

#include "proto/rpc/envelope.hpp"

namespace dmss::test {

/// A device's key pair, and what it reads and writes with it.
struct SealingDevice {
  using Json = proto::rpc::Json;

  explicit SealingDevice(unsigned bits = 1024) : key(EVP_RSA_gen(bits), EVP_PKEY_free) { REQUIRE(key); }
  std::string pub() const {
    std::string out;
    for (const auto& [letter, name] : {std::pair("N:", "n"), std::pair(",E:", "e")}) {
      BIGNUM* number = nullptr;
      REQUIRE(EVP_PKEY_get_bn_param(key.get(), name, &number) == 1);
      char* hex = BN_bn2hex(number);
      out += std::string(letter) + hex;
      OPENSSL_free(hex);
      BN_free(number);
    }
    return out;
  }
  std::string open(const std::string& salt) const {
    std::vector<unsigned char> data, out(1024);
    for (std::size_t i = 0; i < salt.size(); i += 2)
      data.push_back(static_cast<unsigned char>(std::stoi(salt.substr(i, 2), nullptr, 16)));
    const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(
        EVP_PKEY_CTX_new(key.get(), nullptr), EVP_PKEY_CTX_free);
    std::size_t size = out.size();
    REQUIRE(EVP_PKEY_decrypt_init(context.get()) == 1);
    REQUIRE(EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1);
    REQUIRE(EVP_PKEY_decrypt(context.get(), out.data(), &size, data.data(), data.size()) == 1);
    return {out.begin(), out.begin() + static_cast<std::ptrdiff_t>(size)};
  }
  /// The envelope that its client has made.
  proto::rpc::Envelope envelope(const Json& params) const {
    const auto info_read = proto::rpc::read_encrypt_info(info(Json::array({params["cipher"]})));
    auto made = proto::rpc::Envelope::make(**info_read, Secret(open(params["salt"])));
    REQUIRE(made);
    return std::move(*made);
  }
  Json info(Json ciphers) const {
    return {{"asymmetric", "RSA"}, {"cipher", std::move(ciphers)}, {"pub", pub()}};
  }
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key;
};

}  // namespace dmss::test

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "recorder/server.hpp"

namespace dmss::recorder {
namespace {

struct Free {
  void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
  void operator()(X509* p) const { X509_free(p); }
};

constexpr long kYear = 365L * 24 * 3600;

}  // namespace

Result<std::shared_ptr<net::asio::ssl::context>> make_server_context(const std::string& common_name) {
  const std::unique_ptr<EVP_PKEY, Free> key(EVP_RSA_gen(2048));
  const std::unique_ptr<X509, Free> certificate(X509_new());
  if (!key || !certificate) return Error(Errc::internal, "no certificate could be made");
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -24 * 3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 10 * kYear);
  X509_set_pubkey(certificate.get(), key.get());
  X509_NAME* name = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(common_name.c_str()), -1, -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  if (X509_sign(certificate.get(), key.get(), EVP_sha256()) == 0)
    return Error(Errc::internal, "the certificate could not be signed");

  auto context = std::make_shared<net::asio::ssl::context>(net::asio::ssl::context::tls_server);
  SSL_CTX* native = context->native_handle();
  if (SSL_CTX_use_certificate(native, certificate.get()) != 1 ||
      SSL_CTX_use_PrivateKey(native, key.get()) != 1) {
    return Error(Errc::internal, "the certificate does not fit its key");
  }
  return context;
}

}  // namespace dmss::recorder

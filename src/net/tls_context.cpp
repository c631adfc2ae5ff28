#include "net/tls_context.hpp"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <boost/asio/ip/address.hpp>

#include <array>

#include "base/bytes.hpp"

namespace dmss::net {
namespace {

std::string certificate_sha256(SSL* ssl) {
  X509* certificate = SSL_get1_peer_certificate(ssl);
  if (certificate == nullptr) return {};
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned int size = 0;
  X509_digest(certificate, EVP_sha256(), digest.data(), &size);
  X509_free(certificate);
  std::string hex;
  for (unsigned int i = 0; i < size; ++i) {
    hex += "0123456789abcdef"[digest[i] >> 4];
    hex += "0123456789abcdef"[digest[i] & 15];
  }
  return hex;
}

bool is_address(const std::string& host) {
  boost::system::error_code error;
  asio::ip::make_address(host, error);
  return !error;
}

}  // namespace

std::string normal_fingerprint(std::string_view fingerprint) {
  std::string out;
  for (char c : fingerprint) {
    if (c == ':' || c == ' ') continue;
    out += c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

Result<std::shared_ptr<asio::ssl::context>> make_client_context(const TlsOptions& options) {
  auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
  SSL_CTX* native = context->native_handle();
  SSL_CTX_set_min_proto_version(native, static_cast<int>(options.minimum));
  // As browsers have it: AES-128 first, which costs device and viewer a quarter less than AES-256.
  SSL_CTX_set_ciphersuites(native,
                           "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256");
  if (options.minimum < TlsVersion::tls1_2) {
    // Only on the caller's word: what such devices speak is below OpenSSL's default security level.
    SSL_CTX_set_security_level(native, 0);
    SSL_CTX_set_options(native, SSL_OP_LEGACY_SERVER_CONNECT);
  }
  if (options.mode != TlsMode::ca) {
    context->set_verify_mode(asio::ssl::verify_none);
    return context;
  }
  boost::system::error_code error;
  if (options.ca_file.empty()) {
    context->set_default_verify_paths(error);
  } else {
    context->load_verify_file(options.ca_file, error);
  }
  if (error)
    return Error(Errc::invalid_argument,
                 "no CA certificates in \"" + options.ca_file + "\": " + error.message());
  context->set_verify_mode(asio::ssl::verify_peer);
  return context;
}

Result<void> prepare_handshake(SSL* ssl, const TlsOptions& options, const std::string& host) {
  const bool address = is_address(host);
  if (!address) SSL_set_tlsext_host_name(ssl, host.c_str());
  if (options.mode != TlsMode::ca) return {};
  const std::string& name = options.expected_name.empty() ? host : options.expected_name;
  X509_VERIFY_PARAM* param = SSL_get0_param(ssl);
  const bool by_address = options.expected_name.empty() && address;
  const int ok = by_address ? X509_VERIFY_PARAM_set1_ip_asc(param, name.c_str())
                            : X509_VERIFY_PARAM_set1_host(param, name.c_str(), name.size());
  if (ok != 1)
    return Error(Errc::invalid_argument, "cannot check the certificate for the name \"" + name + "\"");
  return {};
}

Result<void> check_peer(SSL* ssl, const TlsOptions& options, const std::string& endpoint, TrustStore& trust,
                        StreamInfo& info) {
  info.tls_version = SSL_get_version(ssl);
  info.tls_cipher = SSL_get_cipher_name(ssl);
  info.certificate_sha256 = certificate_sha256(ssl);
  if (options.mode == TlsMode::pin && info.certificate_sha256 != normal_fingerprint(options.fingerprint)) {
    return Error(Errc::tls_changed, "the certificate " + info.certificate_sha256 + " is not the pinned one");
  }
  if (options.mode == TlsMode::first_use) {
    const auto known = trust.find(endpoint);
    if (!known) {
      trust.remember(endpoint, info.certificate_sha256);
    } else if (*known != info.certificate_sha256) {
      return Error(Errc::tls_changed,
                   "the certificate " + info.certificate_sha256 + " is not the one seen first, " + *known);
    }
  }
  return {};
}

}  // namespace dmss::net

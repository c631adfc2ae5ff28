// A TLS peer on loopback with certificates made on the spot.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <memory>
#include <string>
#include <vector>

#include "net_support.hpp"

namespace dmss::net::test {

struct Free {
  void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
  void operator()(X509* p) const { X509_free(p); }
};

struct Identity {
  std::unique_ptr<EVP_PKEY, Free> key;
  std::unique_ptr<X509, Free> certificate;

  std::string pem() const;
  std::string fingerprint() const;  ///< lower-case hex SHA-256
};

/// `names` as OpenSSL writes them: "DNS:nvr.example", "IP:127.0.0.1". Signed by `issuer`, or by itself.
Identity make_identity(const std::string& names, const Identity* issuer = nullptr, bool expired = false);

/// PEM in a file that goes with the object.
class PemFile {
 public:
  explicit PemFile(const std::string& pem);
  ~PemFile();
  PemFile(const PemFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// Accepts connections for as long as it lives, shakes hands and echoes.
class TlsServer {
 public:
  TlsServer(asio::io_context& io, const Identity& identity, int newest_version = TLS1_3_VERSION);
  ~TlsServer();
  /// Drops all connections, without a word of TLS.
  void hang_up();
  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  /// One a handshake, failed ones too: the name asked for, empty when none was.
  std::vector<std::string> names;
  int echoed = 0;  ///< bytes

 private:
  using Socket = asio::ssl::stream<asio::ip::tcp::socket>;
  awaitable<void> serve(std::shared_ptr<Socket> socket);
  void accept();

  asio::io_context& io_;
  asio::ip::tcp::acceptor acceptor_;
  asio::ssl::context context_;
  std::vector<std::shared_ptr<Socket>> open_;
};

}  // namespace dmss::net::test

#include "tls_server.hpp"

#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <array>
#include <filesystem>

namespace dmss::net::test {

using asio::ip::tcp;

Identity make_identity(const std::string& names, const Identity* issuer, bool expired) {
  static long serial = 1;
  Identity id{std::unique_ptr<EVP_PKEY, Free>(EVP_EC_gen("P-256")), std::unique_ptr<X509, Free>(X509_new())};
  X509* x = id.certificate.get();
  REQUIRE(id.key);
  REQUIRE(x);
  constexpr long kDay = 24 * 3600;
  X509_set_version(x, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(x), serial);
  X509_gmtime_adj(X509_getm_notBefore(x), -10 * kDay);
  X509_gmtime_adj(X509_getm_notAfter(x), expired ? -kDay : 10 * kDay);
  X509_set_pubkey(x, id.key.get());
  const std::string subject = "test " + std::to_string(serial++);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(subject.c_str()), -1, -1, 0);
  X509* by = issuer != nullptr ? issuer->certificate.get() : x;
  X509_set_issuer_name(x, X509_get_subject_name(by));
  X509V3_CTX context;
  X509V3_set_ctx(&context, by, x, nullptr, nullptr, 0);
  const auto extend = [&](int nid, const std::string& value) {
    X509_EXTENSION* e = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
    REQUIRE(e != nullptr);
    X509_add_ext(x, e, -1);
    X509_EXTENSION_free(e);
  };
  if (issuer == nullptr) extend(NID_basic_constraints, "critical,CA:TRUE");
  if (!names.empty()) extend(NID_subject_alt_name, names);
  REQUIRE(X509_sign(x, (issuer != nullptr ? *issuer : id).key.get(), EVP_sha256()) > 0);
  return id;
}

std::string Identity::pem() const {
  BIO* bio = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(bio, certificate.get());
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  std::string text(data, static_cast<std::size_t>(size));
  BIO_free(bio);
  return text;
}

std::string Identity::fingerprint() const {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned int size = 0;
  X509_digest(certificate.get(), EVP_sha256(), digest.data(), &size);
  std::string hex = to_hex(ByteView(digest).first(size));
  std::erase(hex, ' ');
  return hex;
}

PemFile::PemFile(const std::string& pem) {
  std::string pattern = (std::filesystem::temp_directory_path() / "dmss-test-XXXXXX").string();
  const int file = mkstemp(pattern.data());
  REQUIRE(file >= 0);
  path_ = pattern;
  REQUIRE(::write(file, pem.data(), pem.size()) == static_cast<ssize_t>(pem.size()));
  ::close(file);
}

PemFile::~PemFile() {
  std::filesystem::remove(path_);
}

TlsServer::TlsServer(asio::io_context& io, const Identity& identity, int newest_version)
    : io_(io),
      acceptor_(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
      context_(asio::ssl::context::tls_server) {
  SSL_CTX* native = context_.native_handle();
  REQUIRE(SSL_CTX_use_certificate(native, identity.certificate.get()) == 1);
  REQUIRE(SSL_CTX_use_PrivateKey(native, identity.key.get()) == 1);
  SSL_CTX_set_security_level(native, 0);
  SSL_CTX_set_min_proto_version(native, TLS1_VERSION);
  SSL_CTX_set_max_proto_version(native, newest_version);
  SSL_CTX_set_client_hello_cb(
      native,
      [](SSL* ssl, int*, void* self) {
        const unsigned char* data = nullptr;
        std::size_t size = 0;
        std::string name;
        // list length u16, type u8, name length u16, name
        if (SSL_client_hello_get0_ext(ssl, TLSEXT_TYPE_server_name, &data, &size) == 1 && size > 5) {
          name.assign(reinterpret_cast<const char*>(data) + 5, size - 5);
        }
        static_cast<TlsServer*>(self)->names.push_back(name);
        return SSL_CLIENT_HELLO_SUCCESS;
      },
      this);
  accept();
}

TlsServer::~TlsServer() {
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  hang_up();
  settle(io_);
}

void TlsServer::hang_up() {
  boost::system::error_code ignored;
  for (auto& s : open_) s->next_layer().close(ignored);
}

void TlsServer::accept() {
  acceptor_.async_accept([this](boost::system::error_code error, tcp::socket socket) {
    if (error) return;
    open_.push_back(std::make_shared<Socket>(std::move(socket), context_));
    asio::co_spawn(acceptor_.get_executor(), serve(open_.back()), [](std::exception_ptr) {});
    accept();
  });
}

awaitable<void> TlsServer::serve(std::shared_ptr<Socket> socket) {
  auto [failed] = co_await socket->async_handshake(asio::ssl::stream_base::server, kToken);
  std::array<char, 1024> buffer;
  while (!failed) {
    auto [error, n] = co_await socket->async_read_some(asio::buffer(buffer), kToken);
    if (error) break;
    echoed += static_cast<int>(n);
    auto [write_error, written] = co_await asio::async_write(*socket, asio::buffer(buffer, n), kToken);
    (void)written;
    if (write_error) break;
  }
  boost::system::error_code ignored;
  socket->next_layer().close(ignored);
}

}  // namespace dmss::net::test

#include "bench/media_server/media_server.hpp"

#include <arpa/inet.h>
#include <fmt/core.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

namespace dmss::bench {
namespace {

constexpr int kBacklog = 512;
constexpr int kUdpTries = 200;
constexpr int kUdpBuffer = 4 << 20;

Clip load(const std::string& spec, bool stamps) {
  const std::size_t at = spec.rfind('@');
  if (at == std::string::npos) throw std::runtime_error("FILE@FPS expected, not " + spec);
  const double fps = std::atof(spec.c_str() + at + 1);
  if (fps <= 0) throw std::runtime_error("no picture rate in " + spec);
  return Clip(spec.substr(0, at), fps, stamps);
}

sockaddr_in loopback(int port) {
  sockaddr_in a{};
  a.sin_family = AF_INET;
  a.sin_port = htons(static_cast<std::uint16_t>(port));
  a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return a;
}

int bind_to(int fd, int port) {
  sockaddr_in a = loopback(port);
  socklen_t size = sizeof a;
  if (::bind(fd, reinterpret_cast<sockaddr*>(&a), size) != 0) return -1;
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&a), &size);
  return ntohs(a.sin_port);
}

}  // namespace

std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> make_tls_context() {
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), &X509_free);
  if (!context || !key || !certificate) throw std::runtime_error("no TLS");
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 24 * 3600);
  X509_set_pubkey(certificate.get(), key.get());
  X509_NAME* name = X509_get_subject_name(certificate.get());
  const unsigned char common_name[] = "bench";
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, common_name, -1, -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  X509_sign(certificate.get(), key.get(), EVP_sha256());
  SSL_CTX_use_certificate(context.get(), certificate.get());
  SSL_CTX_use_PrivateKey(context.get(), key.get());
  SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  return context;
}

MediaServer::MediaServer(const ServerOptions& options)
    : options_(options),
      main_(load(options.main, options.stamps)),
      extra_(load(options.extra.empty() ? options.main : options.extra, options.stamps)),
      tls_(make_tls_context()) {
  bind_udp();
  rtsp_ = listen(make_rtsp_peer, false);
  rtsps_ = listen(make_rtsp_peer, true);
  dvrip_ = listen(make_dvrip_peer, false);
  dvrips_ = listen(make_dvrip_peer, true);
  echo_ = listen(make_echo_peer, false);
}

MediaServer::~MediaServer() {
  const auto all = std::move(connections_);
  connections_.clear();
  for (const auto& [fd, connection] : all) connection->close();
  for (const int fd : listeners_) ::close(fd);
  ::close(rtp_);
  ::close(rtcp_);
}

std::string MediaServer::ports() const {
  return fmt::format("{{\"pid\":{},\"rtsp\":{},\"rtsps\":{},\"dvrip\":{},\"dvrips\":{},\"echo\":{}}}",
                     ::getpid(), rtsp_, rtsps_, dvrip_, dvrips_, echo_);
}

int MediaServer::listen(MakePeer make, bool tls) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const int port = bind_to(fd, 0);
  if (port < 0 || ::listen(fd, kBacklog) != 0) throw std::runtime_error("cannot listen");
  listeners_.push_back(fd);
  loop_.add(fd, [this, fd, make, tls](std::uint32_t) {
    const int accepted = ::accept4(fd, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (accepted < 0) return;
    const Connection::Options way{tls ? tls_.get() : nullptr, options_.round_trip};
    auto connection = std::make_shared<Connection>(loop_, accepted, way);
    connections_[accepted] = connection;
    const std::shared_ptr<Peer> peer = make(*this, connection);
    connection->on_data = [peer](ByteView in) { return peer->consume(in); };
    connection->on_closed = [this, accepted] {
      const auto found = connections_.find(accepted);
      if (found == connections_.end()) return;
      // The peer owns streams that hold the connection: it goes first, after the present call.
      auto gone = std::move(found->second);
      connections_.erase(found);
      loop_.at(Loop::now(), [gone] { gone->on_data = nullptr; });
    };
    connection->start();
  });
  return port;
}

void MediaServer::bind_udp() {
  for (int i = 0; i < kUdpTries; ++i) {
    rtp_ = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    rtcp_ = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    rtp_port_ = bind_to(rtp_, 0);
    if (rtp_port_ % 2 == 0 && bind_to(rtcp_, rtp_port_ + 1) >= 0) break;
    ::close(rtp_);
    ::close(rtcp_);
    rtp_ = rtcp_ = -1;
  }
  if (rtp_ < 0) throw std::runtime_error("no pair of UDP ports");
  ::setsockopt(rtp_, SOL_SOCKET, SO_SNDBUF, &kUdpBuffer, sizeof kUdpBuffer);
  for (const int fd : {rtp_, rtcp_}) {
    loop_.add(fd, [fd](std::uint32_t) {
      std::uint8_t ignored[2048];
      while (::recv(fd, ignored, sizeof ignored, MSG_DONTWAIT) >= 0) {
      }
    });
  }
}

std::unique_ptr<Streamer> MediaServer::stream(std::shared_ptr<Connection> connection, int stream,
                                              Route route) {
  return std::make_unique<Streamer>(loop_, std::move(connection), clip(stream), route, options_.pace,
                                    streams_++);
}

}  // namespace dmss::bench

#include "bench/floor/source.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

#include "proto/dvrip/login.hpp"
#include "proto/dvrip/text.hpp"
#include "proto/rtsp/headers.hpp"
#include "proto/rtsp/message.hpp"

namespace dmss::bench {
namespace {

namespace dvrip = proto::dvrip;

constexpr int kReceiveBuffer = 1 << 20;
constexpr int kUdpTries = 200;

[[noreturn]] void fail(const char* what) {
  throw std::runtime_error(std::string("floor: ") + what);
}

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in a{};
  a.sin_family = AF_INET;
  a.sin_port = htons(port);
  a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return a;
}

int connect_to(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int one = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  const sockaddr_in to = loopback(port);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) fail("cannot connect");
  return fd;
}

int bound_udp(std::uint16_t port, std::uint16_t& bound) {
  const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  ::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &kReceiveBuffer, sizeof kReceiveBuffer);
  sockaddr_in a = loopback(port);
  socklen_t size = sizeof a;
  if (::bind(fd, reinterpret_cast<sockaddr*>(&a), size) != 0) {
    ::close(fd);
    return -1;
  }
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&a), &size);
  bound = ntohs(a.sin_port);
  return fd;
}

SSL_CTX* client_context() {
  static SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  return context;
}

/// A frame from a blocking descriptor, nothing beyond it.
Bytes read_frame(int fd) {
  const auto fill = [fd](std::uint8_t* to, std::size_t size) {
    if (size != 0 && ::recv(fd, to, size, MSG_WAITALL) != static_cast<ssize_t>(size)) fail("37777 closed");
  };
  Bytes frame(dvrip::kHeaderSize);
  fill(frame.data(), frame.size());
  const std::size_t body = load_le32(&frame[4]);
  frame.resize(frame.size() + body);
  fill(frame.data() + dvrip::kHeaderSize, body);
  return frame;
}

void write_all(int fd, ByteView data) {
  const ssize_t sent = ::send(fd, data.data(), data.size(), MSG_NOSIGNAL);
  if (sent != static_cast<ssize_t>(data.size())) fail("cannot send");
}

dvrip::Text ask(int fd, const dvrip::Text& request) {
  write_all(fd, dvrip::write_text(request));
  const Bytes answer = read_frame(fd);
  const auto text = dvrip::Text::parse(ByteView(answer).subspan(dvrip::kHeaderSize));
  if (!text || !text->ok()) fail("37777 refuses");
  return *text;
}

}  // namespace

Source::Source(const SourceOptions& options, int channel) {
  if (options.transport == Transport::dvrip) {
    open_dvrip(options, channel);
  } else {
    open_rtsp(options, channel);
  }
}

Source::~Source() {
  ssl_.reset();
  for (const int fd : {control_, media_, udp_, udp_rtcp_}) {
    if (fd >= 0) ::close(fd);
  }
}

void Source::request(const std::string& text) {
  if (ssl_) {
    if (SSL_write(ssl_.get(), text.data(), static_cast<int>(text.size())) <= 0) fail("cannot send");
  } else {
    write_all(media_, as_bytes(text));
  }
}

std::string Source::response() {
  // Byte by byte, so that no media is taken.
  std::string head;
  std::size_t body = 0;
  bool in_body = false;
  while (!in_body || body > 0) {
    char c = 0;
    const std::ptrdiff_t n = ssl_ ? SSL_read(ssl_.get(), &c, 1) : ::recv(media_, &c, 1, 0);
    if (n != 1) fail("RTSP closed");
    head += c;
    if (in_body) {
      --body;
    } else if (head.size() >= 4 && head.compare(head.size() - 4, 4, "\r\n\r\n") == 0) {
      in_body = true;
      const std::size_t length = head.find("Content-Length: ");
      if (length != std::string::npos) body = std::stoul(head.substr(length + 16));
    }
  }
  if (head.rfind("RTSP/1.0 200", 0) != 0) fail("RTSP refuses");
  return head;
}

void Source::open_rtsp(const SourceOptions& options, int channel) {
  media_ = connect_to(options.rtsp);
  if (options.transport == Transport::tls) {
    ssl_.reset(SSL_new(client_context()));
    SSL_set_fd(ssl_.get(), media_);
    if (SSL_connect(ssl_.get()) != 1) fail("no TLS");
  }
  const std::string url =
      proto::rtsp::live_url("127.0.0.1", options.rtsp, ssl_ != nullptr, channel, options.stream);
  std::string transport = "RTP/AVP/TCP;unicast;interleaved=0-1";
  if (options.transport == Transport::udp) {
    std::uint16_t port = 0, ignored = 0;
    for (int i = 0; i < kUdpTries && udp_rtcp_ < 0; ++i) {
      if (udp_ >= 0) ::close(udp_);
      udp_ = bound_udp(0, port);
      if (port % 2 == 0) udp_rtcp_ = bound_udp(static_cast<std::uint16_t>(port + 1), ignored);
    }
    if (udp_rtcp_ < 0) fail("no UDP ports");
    transport = fmt::format("RTP/AVP;unicast;client_port={}-{}", port, port + 1);
  }
  request(fmt::format("DESCRIBE {} RTSP/1.0\r\nCSeq: 1\r\nAccept: application/sdp\r\n\r\n", url));
  response();
  request(fmt::format("SETUP {}/trackID=0 RTSP/1.0\r\nCSeq: 2\r\nTransport: {}\r\n\r\n", url, transport));
  response();
  request(fmt::format("PLAY {}/ RTSP/1.0\r\nCSeq: 3\r\n\r\n", url));
  response();
  if (ssl_) ::fcntl(media_, F_SETFL, O_NONBLOCK);
}

void Source::open_dvrip(const SourceOptions& options, int channel) {
  control_ = connect_to(options.dvrip);
  write_all(control_, dvrip::write_realm_request());
  const Bytes challenge = read_frame(control_);
  const auto realm = dvrip::parse_challenge(ByteView(challenge).subspan(dvrip::kHeaderSize));
  if (!realm) fail("no challenge");
  write_all(control_, dvrip::write_digest_login("admin", "bench-password", *realm));
  const Bytes verdict = read_frame(control_);
  const std::uint32_t session = dvrip::parse_verdict(dvrip::parse_frame(verdict).value()).session;
  const auto id = ask(control_, dvrip::add_object(1)).connection_id();
  if (!id) fail("no sub-connection");
  media_ = connect_to(options.dvrip);
  ask(media_, dvrip::ack_sub_channel(1, session, *id));
  ask(control_, dvrip::monitor(2, channel - 1, options.stream, *id, true));
}

std::ptrdiff_t Source::read(std::uint8_t* to, std::size_t room) {
  if (ssl_) {
    const int n = SSL_read(ssl_.get(), to, static_cast<int>(room));
    if (n > 0) return n;
    return SSL_get_error(ssl_.get(), n) == SSL_ERROR_WANT_READ ? 0 : -1;
  }
  const ssize_t n = ::recv(fd(), to, room, MSG_DONTWAIT);
  if (n > 0) return n;
  return n < 0 && errno == EAGAIN ? 0 : -1;
}

}  // namespace dmss::bench

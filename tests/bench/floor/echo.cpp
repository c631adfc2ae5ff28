#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

#include "bench/floor/jobs.hpp"
#include "bench/support/usage.hpp"

namespace dmss::bench {
namespace {

class Socket {
 public:
  explicit Socket(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in a{};
    a.sin_family = AF_INET;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int one = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (::connect(fd_, reinterpret_cast<sockaddr*>(&a), sizeof a) != 0)
      throw std::runtime_error("echo: no connection");
  }
  ~Socket() { ::close(fd_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  void write(const Bytes& data) const {
    std::size_t sent = 0;
    while (sent < data.size()) {
      const ssize_t n = ::send(fd_, data.data() + sent, data.size() - sent, MSG_NOSIGNAL);
      if (n <= 0) throw std::runtime_error("echo: the server left");
      sent += static_cast<std::size_t>(n);
    }
  }
  std::size_t read(Bytes& into) const {
    const ssize_t n = ::recv(fd_, into.data(), into.size(), 0);
    if (n <= 0) throw std::runtime_error("echo: the server left");
    return static_cast<std::size_t>(n);
  }

 private:
  int fd_;
};

}  // namespace

nlohmann::json echo(const FloorOptions& o) {
  constexpr int kHead = 8;
  const Socket socket(o.echo);
  Bytes request(static_cast<std::size_t>(std::max(o.request, kHead)));
  store_le32(request.data(), static_cast<std::uint32_t>(request.size()));
  store_le32(request.data() + 4, static_cast<std::uint32_t>(o.reply));
  const auto reply = static_cast<std::size_t>(std::max(o.reply, 1));
  Bytes buffer(256u << 10);
  for (int i = 0; i < o.streams; ++i) socket.write(request);
  const Usage before = Usage::now();
  const auto end = before.at + std::chrono::duration<double>(o.seconds);
  std::uint64_t calls = 0;
  std::size_t held = 0;
  while (std::chrono::steady_clock::now() < end) {
    for (held += socket.read(buffer); held >= reply; held -= reply) {
      ++calls;
      socket.write(request);
    }
  }
  const Usage after = Usage::now();
  return {{"calls", calls},
          {"cpu_s", after.cpu - before.cpu},
          {"wall_s", std::chrono::duration<double>(after.at - before.at).count()}};
}

}  // namespace dmss::bench

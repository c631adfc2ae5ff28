#include "net/udp.hpp"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/udp.hpp>
#include <utility>

namespace dmss::net {
namespace {

using asio::ip::udp;

constexpr int kReceiveBuffer = 1 << 20;  // a key frame of a 4K stream arrives as one burst
constexpr int kAttempts = 32;
constexpr int kDatagramsPerTurn = 64;
constexpr std::size_t kMaxDatagram = 65536;

class RealUdpPair final : public UdpPair, public std::enable_shared_from_this<RealUdpPair> {
 public:
  explicit RealUdpPair(const Executor& executor) : sockets_{udp::socket(executor), udp::socket(executor)} {}

  bool bind(bool v6) {
    const udp family = v6 ? udp::v6() : udp::v4();
    for (int i = 0; i < kAttempts; ++i) {
      boost::system::error_code error;
      close();
      sockets_[0].open(family, error);
      if (!error) sockets_[0].bind(udp::endpoint(family, 0), error);
      if (error) return false;
      const std::uint16_t port = sockets_[0].local_endpoint(error).port();
      if (port % 2 != 0 || port == 65534) continue;
      sockets_[1].open(family, error);
      if (!error) sockets_[1].bind(udp::endpoint(family, static_cast<std::uint16_t>(port + 1)), error);
      if (error) continue;
      for (udp::socket& s : sockets_) {
        s.set_option(asio::socket_base::receive_buffer_size(kReceiveBuffer), error);
        s.non_blocking(true, error);
      }
      port_ = port;
      return true;
    }
    return false;
  }

  std::uint16_t port() const override { return port_; }

  void receive(const std::string& remote, OnDatagram on_datagram) override {
    boost::system::error_code error;
    remote_ = asio::ip::make_address(remote, error);
    on_datagram_ = std::move(on_datagram);
    buffer_.resize(kMaxDatagram);
    wait(0);
    wait(1);
  }

  void send(bool rtcp, std::uint16_t to_port, ByteView datagram) override {
    boost::system::error_code error;
    sockets_[rtcp ? 1 : 0].send_to(asio::buffer(datagram.data(), datagram.size()),
                                   udp::endpoint(remote_, to_port), 0, error);
  }

  void close() override {
    boost::system::error_code ignored;
    for (udp::socket& s : sockets_) s.close(ignored);
    on_datagram_ = nullptr;
    receiving_ = false;
  }

 private:
  void wait(std::size_t which) {
    sockets_[which].async_wait(udp::socket::wait_read,
                               [self = shared_from_this(), which](boost::system::error_code error) {
                                 if (error || !self->on_datagram_) return;
                                 self->drain(which);
                                 if (self->on_datagram_) self->wait(which);
                               });
  }

  /// The handler may close the pair; it must outlive its own call.
  void drain(std::size_t which) {
    OnDatagram handler = std::exchange(on_datagram_, nullptr);
    receiving_ = true;
    pass_on(which, handler);
    if (std::exchange(receiving_, false)) on_datagram_ = std::move(handler);
  }

  void pass_on(std::size_t which, const OnDatagram& handler) {
    for (int i = 0; i < kDatagramsPerTurn && receiving_; ++i) {
      udp::endpoint from;
      boost::system::error_code error;
      const std::size_t n = sockets_[which].receive_from(asio::buffer(buffer_), from, 0, error);
      if (error) return;
      if (from.address() == remote_) handler(which == 1, {buffer_.data(), n});
    }
  }

  std::array<udp::socket, 2> sockets_;
  std::uint16_t port_ = 0;
  asio::ip::address remote_;
  OnDatagram on_datagram_;
  bool receiving_ = false;  // drain() has the handler
  Bytes buffer_;
};

}  // namespace

Result<std::shared_ptr<UdpPair>> open_udp_pair(Executor executor, bool v6) {
  auto pair = std::make_shared<RealUdpPair>(executor);
  if (!pair->bind(v6)) return Error(Errc::internal, "no pair of free UDP ports");
  return std::shared_ptr<UdpPair>(std::move(pair));
}

}  // namespace dmss::net

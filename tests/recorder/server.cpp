#include "recorder/server.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "net/tcp_stream.hpp"
#include "net/tls_stream.hpp"

namespace dmss::recorder {
namespace {

using net::asio::ip::tcp;
constexpr auto kToken = net::asio::as_tuple(net::asio::use_awaitable);
constexpr auto kAcceptPause = std::chrono::milliseconds(50);  // out of descriptors: wait, do not spin

}  // namespace

Server::Server(Core& core, std::string service, Handler handler, std::shared_ptr<net::asio::ssl::context> tls)
    : core_(core),
      service_(std::move(service)),
      handler_(std::move(handler)),
      tls_(std::move(tls)),
      acceptor_(core.io) {}

Result<int> Server::listen(const std::string& address, int port) {
  const auto failed = [&](const boost::system::error_code& e) {
    return Error(Errc::connect_failed,
                 service_ + " cannot listen on " + address + ":" + std::to_string(port) + ": " + e.message());
  };
  boost::system::error_code e;
  const auto ip = net::asio::ip::make_address(address, e);
  if (e) return failed(e);
  const tcp::endpoint endpoint(ip, static_cast<std::uint16_t>(port));
  acceptor_.open(endpoint.protocol(), e);
  if (e) return failed(e);
  acceptor_.set_option(tcp::acceptor::reuse_address(true), e);
  acceptor_.bind(endpoint, e);
  if (!e) acceptor_.listen(tcp::acceptor::max_listen_connections, e);
  if (e) return failed(e);
  net::asio::co_spawn(core_.io, accept(), net::asio::detached);
  return static_cast<int>(acceptor_.local_endpoint(e).port());
}

void Server::close() {
  boost::system::error_code ignored;
  acceptor_.close(ignored);
}

bool Server::admits() const {
  if (service_ != "control" && core_.restart.away()) return false;
  if (core_.faults.strikes("refuse_connection", {.service = service_})) return false;
  if (limit_ <= 0) return true;
  const auto mine = [&](const auto& entry) { return entry.first->service() == service_; };
  return std::count_if(core_.links.begin(), core_.links.end(), mine) < limit_;
}

net::awaitable<void> Server::accept() {
  const auto self = shared_from_this();
  while (acceptor_.is_open()) {
    auto [error, socket] = co_await acceptor_.async_accept(kToken);
    if (!acceptor_.is_open()) co_return;
    if (error) {
      co_await net::sleep_for(core_.clock, kAcceptPause);
      continue;
    }
    core_.count("accepted_" + service_);
    if (!admits()) continue;
    auto serving = serve(std::move(socket));
    net::asio::co_spawn(core_.io, std::move(serving), net::asio::detached);
  }
}

net::awaitable<void> Server::serve(tcp::socket socket) {
  const auto self = shared_from_this();
  boost::system::error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  net::StreamInfo info;
  info.transport = tls_ ? "tls" : "tcp";
  info.peer = net::endpoint_text(socket.remote_endpoint(ignored));
  const int native = socket.native_handle();
  std::unique_ptr<net::Stream> stream;
  if (tls_) {
    auto secure = std::make_unique<net::TlsStream>(tls_, std::move(socket));
    if (co_await secure->handshake(net::TlsStream::Side::server)) {
      core_.count("tls_failures");
      co_return;
    }
    secure->set_info(std::move(info));
    stream = std::move(secure);
  } else {
    stream = net::make_tcp_stream(std::move(socket), std::move(info));
  }
  const auto link = std::make_shared<Link>(core_, std::move(stream), service_, native);
  core_.links[link.get()] = link;
  co_await handler_(link);
  link->close_after_sending();
}

}  // namespace dmss::recorder

// Server: listens on one port and hands out Links.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <functional>
#include <memory>
#include <string>

#include "recorder/core.hpp"
#include "recorder/link.hpp"

namespace dmss::recorder {

class Server : public std::enable_shared_from_this<Server> {
 public:
  /// Runs for each connection until it is done with it; the link is closed afterwards.
  using Handler = std::function<net::awaitable<void>(std::shared_ptr<Link>)>;

  Server(Core& core, std::string service, Handler handler,
         std::shared_ptr<net::asio::ssl::context> tls = nullptr);

  /// The port. Errors: connect_failed (taken, no such address).
  Result<int> listen(const std::string& address, int port);
  void close();

  /// 0 = no limit; connections beyond it are closed at once.
  void limit(int connections) { limit_ = connections; }

 private:
  net::awaitable<void> accept();
  net::awaitable<void> serve(net::asio::ip::tcp::socket socket);
  bool admits() const;

  Core& core_;
  const std::string service_;
  const Handler handler_;
  const std::shared_ptr<net::asio::ssl::context> tls_;
  net::asio::ip::tcp::acceptor acceptor_;
  int limit_ = 0;
};

/// A context with a fresh self-signed certificate, as devices have them.
Result<std::shared_ptr<net::asio::ssl::context>> make_server_context(const std::string& common_name);

}  // namespace dmss::recorder

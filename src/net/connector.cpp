#include "net/connector.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "net/tcp_stream.hpp"
#include "net/timeout.hpp"
#include "net/tls_context.hpp"
#include "net/tls_stream.hpp"

namespace dmss::net {
namespace {

using asio::ip::tcp;
using namespace std::chrono_literals;

constexpr auto kToken = asio::as_tuple(asio::use_awaitable);
constexpr Duration kNextAttempt = 250ms;  // RFC 8305 §5

/// IPv6 and IPv4 alternately, the resolver's first family first.
std::vector<tcp::endpoint> interleave(const std::vector<tcp::endpoint>& all) {
  std::vector<tcp::endpoint> first, second, out;
  for (const auto& e : all) (e.protocol() == all.front().protocol() ? first : second).push_back(e);
  for (std::size_t i = 0; i < std::max(first.size(), second.size()); ++i) {
    if (i < first.size()) out.push_back(first[i]);
    if (i < second.size()) out.push_back(second[i]);
  }
  return out;
}

/// One race for a connection; attempts run on the executor's thread and share this.
struct Race : std::enable_shared_from_this<Race> {
  Race(Executor ex, Clock& c) : executor(std::move(ex)), wake(executor, c) {}
  Executor executor;
  Timer wake;
  std::vector<std::shared_ptr<tcp::socket>> running;
  std::shared_ptr<tcp::socket> winner;
  boost::system::error_code last_error;
  bool over = false;

  void start(const tcp::endpoint& to, int receive_buffer) {
    auto socket = std::make_shared<tcp::socket>(executor);
    boost::system::error_code error;
    socket->open(to.protocol(), error);
    if (!error && receive_buffer > 0)
      socket->set_option(asio::socket_base::receive_buffer_size(receive_buffer), error);
    running.push_back(socket);
    socket->async_connect(
        to, [self = shared_from_this(), socket](boost::system::error_code e) { self->finished(socket, e); });
  }
  void finished(const std::shared_ptr<tcp::socket>& socket, boost::system::error_code error) {
    std::erase(running, socket);
    if (over) return;
    if (error) {
      last_error = error;
    } else {
      winner = socket;
    }
    wake.cancel();
  }
  void stop() {
    over = true;
    boost::system::error_code ignored;
    for (const auto& s : running) s->close(ignored);
  }
};

struct StopRace {
  std::shared_ptr<Race> race;
  ~StopRace() { race->stop(); }
};

class RealConnector final : public Connector {
 public:
  RealConnector(Executor executor, Clock& clock, std::shared_ptr<TrustStore> trust)
      : executor_(std::move(executor)), clock_(clock), trust_(std::move(trust)) {}

  awaitable<Result<std::unique_ptr<Stream>>> connect(ConnectOptions options) override {
    const std::string label = (options.tls ? "tls " : "tcp ") + options.to.to_string();
    const Duration timeout = options.timeout;
    const std::shared_ptr<Abort> abort = options.abort;
    auto connecting = connect_untimed(std::move(options));
    Result<std::unique_ptr<Stream>> stream =
        co_await with_timeout(clock_, timeout, std::move(connecting), abort);
    if (!stream && stream.error().connection().empty())
      co_return Error(stream.error()).with_connection(label);
    co_return stream;
  }

 private:
  awaitable<Result<std::unique_ptr<Stream>>> connect_untimed(ConnectOptions options) {
    Result<std::vector<tcp::endpoint>> endpoints = co_await resolve(options.to);
    if (!endpoints) co_return endpoints.error();
    const std::vector<tcp::endpoint> order = interleave(*endpoints);
    Result<tcp::socket> socket = co_await race(order, options.receive_buffer);
    if (!socket) co_return socket.error();
    boost::system::error_code ignored;
    socket->set_option(tcp::no_delay(true), ignored);
    StreamInfo info;
    info.peer = endpoint_text(socket->remote_endpoint(ignored));
    if (!options.tls) {
      info.transport = "tcp";
      co_return make_tcp_stream(std::move(*socket), std::move(info));
    }
    info.transport = "tls";
    auto secured = secure(std::move(*socket), options, std::move(info));
    co_return co_await std::move(secured);
  }

  awaitable<Result<std::vector<tcp::endpoint>>> resolve(Endpoint to) {
    boost::system::error_code error;
    const auto literal = asio::ip::make_address(to.host, error);
    if (!error) co_return std::vector<tcp::endpoint>{tcp::endpoint(literal, to.port)};
    tcp::resolver resolver(executor_);
    const std::string port = std::to_string(to.port);
    auto [failed, results] =
        co_await resolver.async_resolve(to.host, port, tcp::resolver::numeric_service, kToken);
    if (failed == asio::error::operation_aborted) co_return Errc::cancelled;
    if (failed) co_return Error(Errc::resolve_failed, "\"" + to.host + "\": " + failed.message());
    std::vector<tcp::endpoint> endpoints;
    for (const auto& r : results) endpoints.push_back(r.endpoint());
    if (endpoints.empty()) co_return Errc::resolve_failed;
    co_return endpoints;
  }

  awaitable<Result<tcp::socket>> race(std::vector<tcp::endpoint> order, int receive_buffer) {
    auto r = std::make_shared<Race>(executor_, clock_);
    StopRace stop{r};
    std::size_t next = 0;
    while (!r->winner) {
      const auto cancelled = co_await asio::this_coro::cancellation_state;
      if (cancelled.cancelled() != asio::cancellation_type::none) co_return Errc::cancelled;
      if (next < order.size()) r->start(order[next++], receive_buffer);
      if (r->running.empty() && next >= order.size() && !r->winner) break;
      r->wake.expires_at(next < order.size() ? clock_.now() + kNextAttempt : TimePoint::max());
      co_await r->wake.wait();
    }
    if (!r->winner) co_return Error(Errc::connect_failed, r->last_error.message());
    co_return std::move(*r->winner);
  }

  awaitable<Result<std::unique_ptr<Stream>>> secure(tcp::socket socket, ConnectOptions options,
                                                    StreamInfo info) {
    Result<std::shared_ptr<asio::ssl::context>> context = make_client_context(*options.tls);
    if (!context) co_return context.error();
    auto tls = std::make_unique<TlsStream>(*context, std::move(socket));
    if (auto ready = prepare_handshake(tls->native_handle(), *options.tls, options.to.host); !ready)
      co_return ready.error();
    const boost::system::error_code error = co_await tls->handshake(TlsStream::Side::client);
    if (error == asio::error::operation_aborted) co_return Errc::cancelled;
    if (error) {
      const long verify = SSL_get_verify_result(tls->native_handle());
      if (options.tls->mode == TlsMode::ca && verify != X509_V_OK) {
        co_return Error(Errc::tls_untrusted, X509_verify_cert_error_string(verify))
            .with_connection(info.label());
      }
      co_return Error(Errc::tls_failed, error.message()).with_connection(info.label());
    }
    const std::string endpoint = options.to.to_string();
    if (auto trusted = check_peer(tls->native_handle(), *options.tls, endpoint, *trust_, info); !trusted) {
      co_return Error(trusted.error()).with_connection(info.label());
    }
    tls->set_info(std::move(info));
    co_return std::unique_ptr<Stream>(std::move(tls));
  }

  Executor executor_;
  Clock& clock_;
  std::shared_ptr<TrustStore> trust_;
};

}  // namespace

std::string Endpoint::to_string() const {
  const bool v6 = host.find(':') != std::string::npos;
  return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::string endpoint_text(const tcp::endpoint& e) {
  return Endpoint{e.address().to_string(), e.port()}.to_string();
}

std::unique_ptr<Connector> make_connector(Executor executor, Clock& clock,
                                          std::shared_ptr<TrustStore> trust) {
  return std::make_unique<RealConnector>(std::move(executor), clock, std::move(trust));
}

}  // namespace dmss::net

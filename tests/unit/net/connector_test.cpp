#include "net/connector.hpp"

#include <boost/asio/ip/tcp.hpp>

#include "net/tcp_stream.hpp"
#include "net_support.hpp"

using namespace dmss;
using namespace dmss::net;
using namespace dmss::net::test;
using namespace std::chrono_literals;
using asio::ip::tcp;

namespace {

struct Scene {
  asio::io_context io;
  VirtualClock clock;
  std::unique_ptr<Connector> connector = make_connector(io.get_executor(), clock, nullptr);

  awaitable<Result<std::unique_ptr<Stream>>> connect(std::string host, std::uint16_t port, bool tls = false) {
    ConnectOptions o;
    o.to = {std::move(host), port};
    if (tls) o.tls = TlsOptions();
    o.timeout = 10s;
    return connector->connect(std::move(o));
  }
};

/// Takes connections and says nothing.
struct Listener {
  explicit Listener(asio::io_context& context, asio::ip::address address = asio::ip::address_v4::loopback(),
                    std::uint16_t port = 0)
      : io(context), acceptor(context, tcp::endpoint(address, port)) {
    accept();
  }
  void accept() {
    acceptor.async_accept([this](boost::system::error_code error, tcp::socket socket) {
      if (error) return;
      sockets.push_back(std::move(socket));
      accept();
    });
  }
  ~Listener() {
    boost::system::error_code ignored;
    acceptor.close(ignored);
    settle(io);
  }
  std::uint16_t port() const { return acceptor.local_endpoint().port(); }

  asio::io_context& io;
  tcp::acceptor acceptor;
  std::vector<tcp::socket> sockets;
};

/// A port where nobody listens.
std::uint16_t deaf_port(asio::io_context& io) {
  return tcp::acceptor(io, {asio::ip::address_v4::loopback(), 0}).local_endpoint().port();
}

void run_until(asio::io_context& io, const std::function<bool()>& reached) {
  io.restart();
  while (!reached()) REQUIRE(io.run_one_for(20s) == 1);
}

}  // namespace

TEST_CASE("endpoints are written with IPv6 in brackets") {
  CHECK(Endpoint{"nvr.example", 554}.to_string() == "nvr.example:554");
  CHECK(Endpoint{"2001:db8::1", 443}.to_string() == "[2001:db8::1]:443");
  CHECK(endpoint_text({asio::ip::make_address("192.0.2.1"), 80}) == "192.0.2.1:80");
  CHECK(endpoint_text({asio::ip::make_address("2001:db8::1"), 80}) == "[2001:db8::1]:80");
}

TEST_CASE("a connection to an address and to a name") {
  Scene s;
  Listener listener(s.io);
  for (const char* host : {"127.0.0.1", "localhost"}) {
    INFO(host);
    auto stream = run(s.io, s.connect(host, listener.port()));
    REQUIRE(stream);
    CHECK((*stream)->info().transport == "tcp");
    CHECK((*stream)->info().peer == "127.0.0.1:" + std::to_string(listener.port()));
    CHECK((*stream)->info().tls_version.empty());
  }
  CHECK_FALSE(s.clock.next());
}

TEST_CASE("a stream at rest knows that its peer has spoken or gone") {
  Scene s;
  Listener listener(s.io);
  auto opened = run(s.io, s.connect("127.0.0.1", listener.port()));
  REQUIRE(opened);
  Stream& stream = **opened;
  run_until(s.io, [&] { return !listener.sockets.empty(); });
  CHECK_FALSE(stream.has_input());
  tcp::socket& peer = listener.sockets[0];
  peer.write_some(asio::buffer("x", 1));
  CHECK(stream.has_input());
  Bytes got(1);
  REQUIRE(run(s.io, read_exactly(stream, got)));
  CHECK(got[0] == 'x');
  CHECK_FALSE(stream.has_input());
  // Reading waits as before.
  Task<Result<std::size_t>> reading(s.io, stream.read_some(got));
  settle(s.io);
  CHECK_FALSE(reading.done());
  peer.write_some(asio::buffer("y", 1));
  CHECK(reading.take());
  peer.close();
  CHECK(stream.has_input());
  stream.close();
  CHECK(stream.has_input());
}

TEST_CASE("a refused connection is told with its label") {
  Scene s;
  const std::uint16_t port = deaf_port(s.io);
  for (const bool tls : {false, true}) {
    auto stream = run(s.io, s.connect("127.0.0.1", port, tls));
    REQUIRE_FALSE(stream);
    CHECK(stream.error() == Errc::connect_failed);
    CHECK(stream.error().connection() == (tls ? "tls 127.0.0.1:" : "tcp 127.0.0.1:") + std::to_string(port));
    CHECK_FALSE(stream.error().message().empty());
  }
  auto by_name = run(s.io, s.connect("localhost", port));
  REQUIRE_FALSE(by_name);
  CHECK(by_name.error() == Errc::connect_failed);
  CHECK_FALSE(s.clock.next());
}

TEST_CASE("a name that cannot be is not resolved") {
  Scene s;
  auto stream = run(s.io, s.connect(std::string(300, 'x'), 80));
  REQUIRE_FALSE(stream);
  CHECK(stream.error() == Errc::resolve_failed);
  CHECK(stream.error().connection() == "tcp " + std::string(300, 'x') + ":80");
}

TEST_CASE("a peer that does not answer the handshake is given up at the deadline and let go") {
  Scene s;
  Listener listener(s.io);
  Task<Result<std::unique_ptr<Stream>>> task(s.io, s.connect("127.0.0.1", listener.port(), true));
  run_until(s.io, [&] { return !listener.sockets.empty(); });
  advance(s.clock, s.io, 9999ms);
  CHECK_FALSE(task.done());
  advance(s.clock, s.io, 1ms);
  REQUIRE(task.done());
  auto stream = task.take();
  REQUIRE_FALSE(stream);
  CHECK(stream.error() == Errc::timeout);
  CHECK(stream.error().connection() == "tls 127.0.0.1:" + std::to_string(listener.port()));
  settle(s.io);
  std::array<char, 4096> buffer;
  boost::system::error_code error;
  while (!error) listener.sockets[0].read_some(asio::buffer(buffer), error);
  CHECK((error == asio::error::eof || error == asio::error::connection_reset));
  CHECK_FALSE(s.clock.next());
}

TEST_CASE("cancelling a connection that is being made is not a timeout") {
  Scene s;
  Listener listener(s.io);
  Task<Result<std::unique_ptr<Stream>>> task(s.io, s.connect("127.0.0.1", listener.port(), true));
  run_until(s.io, [&] { return !listener.sockets.empty(); });
  task.cancel();
  auto stream = task.take();
  REQUIRE_FALSE(stream);
  CHECK(stream.error() == Errc::cancelled);
  settle(s.io);
  CHECK_FALSE(s.clock.next());
}

TEST_CASE("of a name's addresses the resolver's first is tried first, and the next one when it is refused") {
  Scene s;
  tcp::resolver resolver(s.io);
  boost::system::error_code error;
  const auto found = resolver.resolve("localhost", "0", error);
  REQUIRE_FALSE(error);
  std::vector<asio::ip::address> addresses;
  for (const auto& r : found) addresses.push_back(r.endpoint().address());
  // Listening on the last address alone makes all before it refuse.
  Listener last(s.io, addresses.back());
  auto stream = run(s.io, s.connect("localhost", last.port()));
  REQUIRE(stream);
  CHECK((*stream)->info().peer == endpoint_text({addresses.back(), last.port()}));
  if (addresses.size() > 1) {
    Listener first(s.io, addresses.front(), last.port());
    auto preferred = run(s.io, s.connect("localhost", last.port()));
    REQUIRE(preferred);
    CHECK((*preferred)->info().peer == endpoint_text({addresses.front(), last.port()}));
  }
}

TEST_CASE("the receive buffer is set before connecting") {
  Scene s;
  Listener listener(s.io);
  ConnectOptions o;
  o.to = {"127.0.0.1", listener.port()};
  o.receive_buffer = 1 << 16;
  CHECK(run(s.io, s.connector->connect(o)));
}

TEST_CASE("a TCP stream carries bytes both ways and says when the peer has gone") {
  Scene s;
  Listener listener(s.io);
  auto opened = run(s.io, s.connect("127.0.0.1", listener.port()));
  REQUIRE(opened);
  Stream& stream = **opened;
  run_until(s.io, [&] { return !listener.sockets.empty(); });
  tcp::socket& peer = listener.sockets[0];

  const Bytes sent(1 << 20, 0x5a);
  Task<Result<void>> writing(s.io, stream.write(sent));
  Bytes got(sent.size());
  std::optional<std::size_t> received;
  asio::async_read(peer, asio::buffer(got), [&](boost::system::error_code, std::size_t n) { received = n; });
  REQUIRE(writing.take());
  run_until(s.io, [&] { return received.has_value(); });
  CHECK(got == sent);

  asio::write(peer, asio::buffer("abcdef", 6));
  Bytes part(4);
  REQUIRE(run(s.io, read_exactly(stream, part)));
  CHECK(as_text(part) == "abcd");
  CHECK(stream.available() == 2);
  peer.shutdown(tcp::socket::shutdown_send);
  const auto short_read = run(s.io, read_exactly(stream, part));
  CHECK(short_read.error() == Errc::connection_lost);
  CHECK(short_read.error().connection() == stream.info().label());
  CHECK(as_text(part) == "efcd");
}

TEST_CASE("closing a TCP stream ends what waits on it, once and for all") {
  Scene s;
  Listener listener(s.io);
  auto opened = run(s.io, s.connect("127.0.0.1", listener.port()));
  REQUIRE(opened);
  Stream& stream = **opened;
  Bytes buffer(10);
  Task<Result<std::size_t>> reading(s.io, stream.read_some(buffer));
  settle(s.io);
  CHECK_FALSE(reading.done());
  stream.close();
  stream.close();
  CHECK(reading.take().error() == Errc::cancelled);
  CHECK(run(s.io, stream.read_some(buffer)).error() == Errc::cancelled);
  CHECK(run(s.io, stream.write(buffer)).error() == Errc::cancelled);
  CHECK(stream.available() == 0);
}

TEST_CASE("a reset connection is lost, with the system's words") {
  Scene s;
  Listener listener(s.io);
  auto opened = run(s.io, s.connect("127.0.0.1", listener.port()));
  REQUIRE(opened);
  run_until(s.io, [&] { return !listener.sockets.empty(); });
  listener.sockets[0].set_option(asio::socket_base::linger(true, 0));
  listener.sockets[0].close();
  Bytes buffer(10);
  const auto n = run(s.io, (*opened)->read_some(buffer));
  REQUIRE_FALSE(n);
  CHECK(n.error() == Errc::connection_lost);
  CHECK_FALSE(n.error().message().empty());
}

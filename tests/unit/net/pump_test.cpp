// Stream::pump: of any stream, of TCP and of TLS.
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <functional>

#include "net/tcp_stream.hpp"
#include "net/tls_stream.hpp"
#include "net_support.hpp"
#include "tls_server.hpp"

using namespace dmss;
using namespace dmss::net;
using namespace dmss::net::test;
using asio::ip::tcp;

namespace {

/// Takes bytes until there are as many as wanted.
struct Collector final : ByteSink {
  Collector(std::size_t room_size, std::size_t wanted_bytes) : buffer(room_size), wanted(wanted_bytes) {}
  std::span<std::uint8_t> room() override { return buffer; }
  bool take(std::size_t n) override {
    REQUIRE(n > 0);
    REQUIRE(n <= buffer.size());
    got.insert(got.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(n));
    if (on_take) on_take();
    return got.size() < wanted;
  }
  Bytes buffer;
  std::size_t wanted;
  Bytes got;
  std::function<void()> on_take;
};

Bytes pattern(std::size_t size) {
  Bytes b(size);
  for (std::size_t i = 0; i < size; ++i) b[i] = static_cast<std::uint8_t>(i * 31 + i / 251);
  return b;
}

struct TcpPair {
  TcpPair() : acceptor(io, {asio::ip::address_v4::loopback(), 0}), peer(io) {
    tcp::socket own(io);
    own.connect(acceptor.local_endpoint());
    acceptor.accept(peer);
    stream = make_tcp_stream(std::move(own), {"tcp", "test", {}, {}, {}});
  }
  asio::io_context io;
  tcp::acceptor acceptor;
  tcp::socket peer;
  std::unique_ptr<Stream> stream;
};

struct TlsPair {
  explicit TlsPair(int newest_version = TLS1_3_VERSION)
      : identity(make_identity("IP:127.0.0.1")), server(io, identity, newest_version) {
    tcp::socket own(io);
    own.connect({asio::ip::address_v4::loopback(), server.port()});
    stream = std::make_unique<TlsStream>(std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client),
                                         std::move(own));
    REQUIRE_FALSE(run(io, stream->handshake(TlsStream::Side::client)));
  }
  asio::io_context io;
  Identity identity;
  TlsServer server;
  std::unique_ptr<TlsStream> stream;
};

}  // namespace

TEST_CASE("pump: a stream is read until the sink wants no more, or to its end") {
  asio::io_context io;
  ScriptedStream stream(io, {"abc", "defgh", "ij"});
  Collector first(4, 5);
  CHECK(run(io, stream.pump(first)));
  CHECK(as_text(first.got) == "abcdefg");
  Collector rest(4, 100);
  CHECK(run(io, stream.pump(rest)).error() == Errc::connection_lost);
  CHECK(as_text(rest.got) == "hij");
}

TEST_CASE("pump: TCP in order, to the end") {
  TcpPair s;
  const Bytes sent = pattern(300'000);
  Collector sink(7000, sent.size() + 1);
  Task<Result<void>> pumping(s.io, s.stream->pump(sink));
  settle(s.io);
  CHECK_FALSE(pumping.done());
  asio::async_write(s.peer, asio::buffer(sent), [&](boost::system::error_code, std::size_t) {
    s.peer.shutdown(tcp::socket::shutdown_send);
  });
  const Result<void> ended = pumping.take();
  CHECK(ended.error() == Errc::connection_lost);
  CHECK(ended.error().connection() == "tcp test");
  CHECK(sink.got == sent);
}

TEST_CASE("pump: what a sink did not want is there for the next reader of a TCP stream") {
  TcpPair s;
  asio::write(s.peer, asio::buffer("abcdefgh", 8));
  Collector sink(3, 4);
  REQUIRE(run(s.io, s.stream->pump(sink)));
  CHECK(as_text(sink.got) == "abcdef");
  Bytes rest(2);
  REQUIRE(run(s.io, read_exactly(*s.stream, rest)));
  CHECK(as_text(rest) == "gh");
}

TEST_CASE("pump: closing ends it, from outside and from within") {
  TcpPair s;
  Collector sink(100, 1000);
  Task<Result<void>> pumping(s.io, s.stream->pump(sink));
  settle(s.io);
  SECTION("outside") {
    s.stream->close();
  }
  SECTION("within") {
    sink.on_take = [&] { s.stream->close(); };
    asio::write(s.peer, asio::buffer("x", 1));
  }
  CHECK(pumping.take().error() == Errc::cancelled);
}

TEST_CASE("pump: TLS goes on where another reader stopped and leaves what the sink did not want") {
  TlsPair s(GENERATE(TLS1_2_VERSION, TLS1_3_VERSION));
  const Bytes sent = pattern(100'000);
  Task<Result<void>> writing(s.io, s.stream->write(sent));
  Bytes head(10);
  REQUIRE(run(s.io, read_exactly(*s.stream, head)));
  CHECK(s.stream->available() > 0);
  Collector sink(5000, sent.size() - head.size() - 700);
  REQUIRE(run(s.io, s.stream->pump(sink)));
  REQUIRE(writing.take());
  Bytes tail(sent.size() - head.size() - sink.got.size());
  REQUIRE(run(s.io, read_exactly(*s.stream, tail)));
  Bytes all = head;
  all.insert(all.end(), sink.got.begin(), sink.got.end());
  all.insert(all.end(), tail.begin(), tail.end());
  CHECK(all == sent);
}

TEST_CASE("pump: TLS that is closed is cancelled, TLS that ends is lost") {
  TlsPair s;
  Collector sink(100, 1000);
  Task<Result<void>> pumping(s.io, s.stream->pump(sink));
  settle(s.io);
  CHECK_FALSE(pumping.done());
  SECTION("outside") {
    s.stream->close();
    CHECK(pumping.take().error() == Errc::cancelled);
  }
  SECTION("within") {
    sink.on_take = [&] { s.stream->close(); };
    REQUIRE(run(s.io, s.stream->write(as_bytes("0123456789"))));
    CHECK(pumping.take().error() == Errc::cancelled);
    CHECK(as_text(sink.got) == "0123456789");
  }
  SECTION("the server goes") {
    s.server.hang_up();
    CHECK(pumping.take().error() == Errc::connection_lost);
  }
}

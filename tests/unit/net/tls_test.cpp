#include <map>

#include "net/connector.hpp"
#include "net/tls_context.hpp"
#include "tls_server.hpp"

using namespace dmss;
using namespace dmss::net;
using namespace dmss::net::test;
using namespace std::chrono_literals;

namespace {

struct Trust final : TrustStore {
  std::map<std::string, std::string> known;
  std::optional<std::string> find(const std::string& endpoint) override {
    const auto it = known.find(endpoint);
    return it == known.end() ? std::nullopt : std::optional(it->second);
  }
  void remember(const std::string& endpoint, const std::string& fingerprint) override {
    known[endpoint] = fingerprint;
  }
};

struct Scene {
  asio::io_context io;
  Clock clock;
  std::shared_ptr<Trust> trust = std::make_shared<Trust>();
  std::unique_ptr<Connector> connector = make_connector(io.get_executor(), clock, trust);

  Result<std::unique_ptr<Stream>> connect(std::uint16_t port, TlsOptions tls,
                                          std::string host = "127.0.0.1") {
    ConnectOptions o;
    o.to = {std::move(host), port};
    o.tls = std::move(tls);
    return run(io, connector->connect(std::move(o)));
  }
  Errc refused(std::uint16_t port, TlsOptions tls, std::string host = "127.0.0.1") {
    auto stream = connect(port, std::move(tls), std::move(host));
    CHECK_FALSE(stream);
    return stream.error().code();
  }
};

TlsOptions options(TlsMode mode) {
  TlsOptions o;
  o.mode = mode;
  return o;
}

TlsOptions ca(const PemFile& file, std::string name = {}) {
  TlsOptions o = options(TlsMode::ca);
  o.ca_file = file.path();
  o.expected_name = std::move(name);
  return o;
}

TlsOptions pin(std::string fingerprint) {
  TlsOptions o = options(TlsMode::pin);
  o.fingerprint = std::move(fingerprint);
  return o;
}

}  // namespace

TEST_CASE("TLS carries bytes both ways and says what it is") {
  Scene s;
  const Identity id = make_identity("IP:127.0.0.1");
  TlsServer server(s.io, id);
  auto opened = s.connect(server.port(), options(TlsMode::insecure));
  REQUIRE(opened);
  Stream& stream = **opened;
  CHECK(stream.info().transport == "tls");
  CHECK(stream.info().peer == "127.0.0.1:" + std::to_string(server.port()));
  CHECK(stream.info().tls_version == "TLSv1.3");
  CHECK_FALSE(stream.info().tls_cipher.empty());
  CHECK(stream.info().certificate_sha256 == id.fingerprint());
  REQUIRE(run(s.io, stream.write(as_bytes("hello, world"))));
  Bytes got(5), rest(7);
  REQUIRE(run(s.io, read_exactly(stream, got)));
  CHECK(as_text(got) == "hello");
  CHECK(stream.available() == 7);
  REQUIRE(run(s.io, read_exactly(stream, rest)));
  CHECK(as_text(rest) == ", world");
  CHECK_FALSE(stream.has_input());
  Task<Result<std::size_t>> reading(s.io, stream.read_some(got));
  settle(s.io);
  stream.close();
  CHECK(reading.take().error() == Errc::cancelled);
  CHECK(run(s.io, stream.write(as_bytes("x"))).error() == Errc::cancelled);
}

TEST_CASE("a TLS stream at rest knows that its peer has gone") {
  Scene s;
  const Identity id = make_identity("IP:127.0.0.1");
  TlsServer server(s.io, id);
  auto opened = s.connect(server.port(), options(TlsMode::insecure));
  REQUIRE(opened);
  Stream& stream = **opened;
  REQUIRE(run(s.io, stream.write(as_bytes("hello"))));
  Bytes got(4), last(1);
  REQUIRE(run(s.io, read_exactly(stream, got)));
  CHECK(stream.has_input());
  REQUIRE(run(s.io, read_exactly(stream, last)));
  CHECK_FALSE(stream.has_input());
  server.hang_up();
  settle(s.io);
  CHECK(stream.has_input());
}

TEST_CASE("a CA vouches for the address, for the name asked for and for nothing else") {
  Scene s;
  const Identity root = make_identity("");
  const PemFile file(root.pem());
  const Identity id = make_identity("IP:127.0.0.1,DNS:serial-1.example", &root);
  TlsServer server(s.io, id);
  CHECK(s.connect(server.port(), ca(file)));
  CHECK(s.connect(server.port(), ca(file, "serial-1.example")));
  CHECK(s.refused(server.port(), ca(file, "serial-2.example")) == Errc::tls_untrusted);
  CHECK(s.refused(server.port(), ca(file), "localhost") == Errc::tls_untrusted);
  const Identity elsewhere = make_identity("IP:127.0.0.2", &root);
  TlsServer other(s.io, elsewhere);
  CHECK(s.refused(other.port(), ca(file)) == Errc::tls_untrusted);
}

TEST_CASE("a certificate of another CA, of itself or of yesterday is untrusted") {
  Scene s;
  const Identity root = make_identity(""), stranger = make_identity("");
  const PemFile file(root.pem());
  const Identity by_stranger = make_identity("IP:127.0.0.1", &stranger),
                 alone = make_identity("IP:127.0.0.1"), expired = make_identity("IP:127.0.0.1", &root, true);
  for (const Identity* id : {&by_stranger, &alone, &expired}) {
    TlsServer server(s.io, *id);
    auto stream = s.connect(server.port(), ca(file));
    REQUIRE_FALSE(stream);
    CHECK(stream.error() == Errc::tls_untrusted);
    CHECK(stream.error().connection() == "tls 127.0.0.1:" + std::to_string(server.port()));
    CHECK(s.connect(server.port(), options(TlsMode::insecure)));
  }
}

TEST_CASE("a CA file that is missing or holds no certificate is an invalid argument") {
  Scene s;
  const Identity id = make_identity("IP:127.0.0.1");
  TlsServer server(s.io, id);
  const PemFile empty("no certificate\n");
  CHECK(s.refused(server.port(), ca(empty)) == Errc::invalid_argument);
  TlsOptions missing = options(TlsMode::ca);
  missing.ca_file = empty.path() + ".missing";
  CHECK(s.refused(server.port(), missing) == Errc::invalid_argument);
}

TEST_CASE("a pinned certificate is the only one accepted, however its fingerprint is written") {
  Scene s;
  const Identity id = make_identity("IP:127.0.0.1"), other = make_identity("IP:127.0.0.1");
  TlsServer server(s.io, id);
  const std::string hex = id.fingerprint();
  std::string colons;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    if (i > 0) colons += ':';
    for (char c : hex.substr(i, 2)) colons += static_cast<char>(std::toupper(c));
  }
  CHECK(s.connect(server.port(), pin(hex)));
  CHECK(s.connect(server.port(), pin(colons)));
  for (const std::string& wrong : {other.fingerprint(), std::string(), hex.substr(0, 62), hex + "00"}) {
    INFO(wrong);
    CHECK(s.refused(server.port(), pin(wrong)) == Errc::tls_changed);
  }
  CHECK(s.trust->known.empty());
  CHECK(server.echoed == 0);
}

TEST_CASE("the first certificate of an endpoint is remembered, a changed one is refused and not remembered") {
  Scene s;
  const Identity first = make_identity(""), second = make_identity("");
  std::string endpoint;
  {
    TlsServer server(s.io, first);
    endpoint = "127.0.0.1:" + std::to_string(server.port());
    REQUIRE(s.connect(server.port(), options(TlsMode::first_use)));
    CHECK(s.trust->known == std::map<std::string, std::string>{{endpoint, first.fingerprint()}});
    CHECK(s.connect(server.port(), options(TlsMode::first_use)));
  }
  TlsServer server(s.io, second);
  const std::string now = "127.0.0.1:" + std::to_string(server.port());
  s.trust->known = {{now, first.fingerprint()}};
  auto stream = s.connect(server.port(), options(TlsMode::first_use));
  REQUIRE_FALSE(stream);
  CHECK(stream.error() == Errc::tls_changed);
  CHECK(stream.error().message().find(first.fingerprint()) != std::string::npos);
  CHECK(stream.error().message().find(second.fingerprint()) != std::string::npos);
  CHECK(s.trust->known[now] == first.fingerprint());
  CHECK(s.connect(server.port(), options(TlsMode::insecure)));
  CHECK(s.trust->known[now] == first.fingerprint());
}

TEST_CASE("TLS below the minimum is refused unless it was asked for") {
  Scene s;
  const Identity id = make_identity("");
  TlsServer old(s.io, id, TLS1_1_VERSION);
  TlsOptions o = options(TlsMode::insecure);
  CHECK(s.refused(old.port(), o) == Errc::tls_failed);
  o.minimum = TlsVersion::tls1_0;
  auto stream = s.connect(old.port(), o);
  REQUIRE(stream);
  CHECK((*stream)->info().tls_version == "TLSv1.1");

  TlsServer newer(s.io, id, TLS1_2_VERSION);
  o.minimum = TlsVersion::tls1_2;
  auto tls12 = s.connect(newer.port(), o);
  REQUIRE(tls12);
  CHECK((*tls12)->info().tls_version == "TLSv1.2");
  o.minimum = TlsVersion::tls1_3;
  CHECK(s.refused(newer.port(), o) == Errc::tls_failed);
}

TEST_CASE("names are sent to the server, addresses are not") {
  Scene s;
  const Identity id = make_identity("");
  TlsServer server(s.io, id);
  CHECK(s.connect(server.port(), options(TlsMode::insecure), "localhost"));
  CHECK(s.connect(server.port(), options(TlsMode::insecure), "127.0.0.1"));
  CHECK(server.names == std::vector<std::string>{"localhost", ""});
}

TEST_CASE("a peer that speaks no TLS is a failed handshake") {
  Scene s;
  asio::ip::tcp::acceptor acceptor(s.io, {asio::ip::address_v4::loopback(), 0});
  acceptor.async_accept([](boost::system::error_code, asio::ip::tcp::socket socket) {
    boost::system::error_code ignored;
    socket.write_some(asio::buffer("HTTP/1.1 400 Bad Request\r\n\r\n", 28), ignored);
  });
  CHECK(s.refused(acceptor.local_endpoint().port(), options(TlsMode::insecure)) == Errc::tls_failed);
}

TEST_CASE("fingerprints are compared in lower case without colons") {
  CHECK(normal_fingerprint("AB:cd:0 1:9F") == "abcd019f");
  CHECK(normal_fingerprint("").empty());
}

#include "net/udp.hpp"

#include <boost/asio/ip/udp.hpp>

#include "net_support.hpp"

using namespace dmss;
using namespace dmss::net;
using namespace dmss::net::test;
using asio::ip::udp;

namespace {

using Seen = std::vector<std::string>;

struct Scene {
  asio::io_context io;
  std::shared_ptr<UdpPair> pair = open_udp_pair(io.get_executor(), false).value();
  udp::socket peer{io, udp::endpoint(asio::ip::address_v4::loopback(), 0)};
  Seen seen;

  void receive(const std::string& remote) {
    pair->receive(remote, [this](bool rtcp, ByteView d) {
      seen.push_back((rtcp ? "rtcp " : "rtp ") + std::string(as_text(d)));
    });
  }
  void send(udp::socket& from, int offset, std::string_view text) {
    const auto port = static_cast<std::uint16_t>(pair->port() + offset);
    from.send_to(asio::buffer(text.data(), text.size()),
                 udp::endpoint(asio::ip::address_v4::loopback(), port));
  }
  void wait_for(std::size_t datagrams) {
    io.restart();
    while (seen.size() < datagrams) REQUIRE(io.run_one_for(std::chrono::seconds(20)) == 1);
  }
};

}  // namespace

TEST_CASE("UDP pairs are on an even port and the one behind it, each on its own") {
  asio::io_context io;
  std::vector<std::shared_ptr<UdpPair>> pairs;
  std::vector<std::uint16_t> ports;
  for (int i = 0; i < 20; ++i) {
    auto pair = open_udp_pair(io.get_executor(), false);
    REQUIRE(pair);
    CHECK((*pair)->port() % 2 == 0);
    CHECK((*pair)->port() != 0);
    ports.push_back((*pair)->port());
    pairs.push_back(*pair);
    boost::system::error_code error;
    udp::socket taken(io, udp::v4());
    taken.bind(udp::endpoint(udp::v4(), static_cast<std::uint16_t>(ports.back() + 1)), error);
    CHECK(error == asio::error::address_in_use);
  }
  std::sort(ports.begin(), ports.end());
  CHECK(std::adjacent_find(ports.begin(), ports.end()) == ports.end());
}

TEST_CASE("datagrams come in by port, in order, whatever their size") {
  Scene s;
  s.receive("127.0.0.1");
  s.send(s.peer, 0, "one");
  s.send(s.peer, 0, "");
  const std::string large(60'000, 'x');
  s.send(s.peer, 0, large);
  s.wait_for(3);
  CHECK(s.seen == Seen{"rtp one", "rtp ", "rtp " + large});
  s.send(s.peer, 1, "report");
  s.wait_for(4);
  CHECK(s.seen[3] == "rtcp report");
  s.pair->close();
}

TEST_CASE("more datagrams than one turn takes all come") {
  Scene s;
  for (int i = 0; i < 200; ++i) s.send(s.peer, 0, std::to_string(i));
  s.receive("127.0.0.1");
  s.wait_for(200);
  for (int i = 0; i < 200; ++i) CHECK(s.seen[static_cast<std::size_t>(i)] == "rtp " + std::to_string(i));
  s.pair->close();
}

TEST_CASE("datagrams of anybody else are dropped") {
  Scene s;
  s.receive("127.0.0.1");
  udp::socket stranger(s.io, udp::endpoint(asio::ip::make_address_v4("127.0.0.2"), 0));
  s.send(stranger, 0, "forged");
  s.send(s.peer, 0, "true");
  s.wait_for(1);
  CHECK(s.seen == Seen{"rtp true"});
  s.pair->close();
}

TEST_CASE("a remote that is no address lets nothing in") {
  Scene s;
  s.receive("nvr.example");
  s.send(s.peer, 0, "forged");
  s.io.restart();
  s.io.run_one_for(std::chrono::seconds(20));
  CHECK(s.seen.empty());
  s.pair->close();
}

TEST_CASE("what is sent leaves from the pair's own ports") {
  Scene s;
  s.receive("127.0.0.1");
  const std::uint16_t to = s.peer.local_endpoint().port();
  for (const bool rtcp : {false, true}) {
    s.pair->send(rtcp, to, as_bytes("hole"));
    std::array<char, 100> buffer;
    udp::endpoint from;
    const std::size_t n = s.peer.receive_from(asio::buffer(buffer), from);
    CHECK(std::string_view(buffer.data(), n) == "hole");
    CHECK(from.port() == s.pair->port() + (rtcp ? 1 : 0));
  }
  s.pair->close();
}

TEST_CASE("a pair may be closed by its own handler, and gives its ports back") {
  Scene s;
  const std::uint16_t port = s.pair->port();
  int calls = 0;
  s.pair->receive("127.0.0.1", [&](bool, ByteView) {
    ++calls;
    s.pair->close();
  });
  s.send(s.peer, 0, "1");
  s.send(s.peer, 0, "2");
  s.io.restart();
  while (calls == 0) REQUIRE(s.io.run_one_for(std::chrono::seconds(20)) == 1);
  settle(s.io);
  CHECK(calls == 1);
  boost::system::error_code error;
  udp::socket again(s.io, udp::v4());
  again.bind(udp::endpoint(udp::v4(), port), error);
  CHECK_FALSE(error);
  s.pair->send(false, 9, as_bytes("x"));
  s.pair->close();
}

TEST_CASE("a handler that closes its pair is not destroyed while it runs") {
  Scene s;
  std::optional<bool> alive;
  auto owned = std::make_shared<int>(1);
  s.pair->receive("127.0.0.1", [&s, &alive, owned](bool, ByteView) {
    Scene& scene = s;
    std::optional<bool>& result = alive;
    const std::weak_ptr<int> watched = owned;
    scene.pair->close();
    result = !watched.expired();
  });
  const std::weak_ptr<int> watched = owned;
  owned.reset();
  s.send(s.peer, 0, "1");
  s.io.restart();
  while (!alive) REQUIRE(s.io.run_one_for(std::chrono::seconds(20)) == 1);
  CHECK(*alive);
  settle(s.io);
  CHECK(watched.expired());
}

// CGI beside an encrypted control session: nothing of it goes on in the clear when that session is lost.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <catch2/catch.hpp>

#include "scenario/dvrip_device.hpp"
#include "scenario/virtual_world.hpp"

using namespace dmss;
using namespace dmss::scenario;

namespace {

using Shared = std::shared_ptr<session::DeviceSession>;

struct Heard {
  std::shared_ptr<session::Commands> commands;
  Error error;
  bool answered = false;
};

awaitable<void> get_commands(Shared session, std::shared_ptr<Heard> heard) {
  const net::TimePoint deadline = session->context().clock.now() + 1min;
  Result<std::shared_ptr<session::Commands>> made = co_await session->commands(deadline, nullptr);
  if (made) heard->commands = *made;
}

awaitable<void> ask_by_cgi(std::shared_ptr<Heard> heard) {
  proto::cgi::Query query;
  Result<std::string> answer = co_await heard->commands->cgi("magicBox", "getDeviceType", query);
  heard->error = answer.error();
  heard->answered = true;
}

std::size_t attempts_at(VirtualWorld& world, std::uint16_t port) {
  const auto& all = world.connector().attempts();
  return static_cast<std::size_t>(
      std::count_if(all.begin(), all.end(), [port](const auto& a) { return a.port == port; }));
}

}  // namespace

TEST_CASE("a conversation begun on an encrypted session does not go on by plain HTTP when that is lost") {
  const bool used_before = GENERATE(false, true);
  CAPTURE(used_before);
  VirtualWorld world;
  DvripDevice recorder;
  world.connector().serve(37777, recorder.script());
  DeviceOptions options = world.options();
  options.dvrip_tls = true;
  Shared session = std::make_shared<session::DeviceSession>(world.core(), options, DeviceHandlers());
  session->start();
  auto heard = std::make_shared<Heard>();
  net::asio::co_spawn(world.executor(), get_commands(session, heard), net::asio::detached);
  world.settle();
  REQUIRE(heard->commands);
  if (used_before) {
    CHECK(heard->commands->has_cgi());
    net::asio::co_spawn(world.executor(), ask_by_cgi(heard), net::asio::detached);
    world.settle();
    CHECK(heard->error == Errc::connect_failed);
    CHECK(attempts_at(world, 443) == 1);
  }
  world.connector().refuse(37777);
  world.connector().peers(37777).at(0)->reset();
  world.settle();
  REQUIRE_FALSE(session->link());
  CHECK_FALSE(heard->commands->has_cgi());
  heard->answered = false;
  net::asio::co_spawn(world.executor(), ask_by_cgi(heard), net::asio::detached);
  world.advance(10s);
  CHECK(heard->answered);
  CHECK(heard->error == Errc::connection_lost);
  CHECK(attempts_at(world, 80) == 0);
  heard->commands.reset();
  session->close();
  session.reset();
  world.check_nothing_left();
}

TEST_CASE("an HTTP port that takes the connection and never answers is left alone for a minute") {
  VirtualWorld world;
  DvripDevice recorder;
  world.connector().serve(37777, recorder.script());
  world.connector().serve(80, [](Peer& peer) { return peer.stay_silent(); });
  Shared session = std::make_shared<session::DeviceSession>(world.core(), world.options(), DeviceHandlers());
  session->start();
  const auto ask = [&] {
    auto heard = std::make_shared<Heard>();
    net::asio::co_spawn(world.executor(), get_commands(session, heard), net::asio::detached);
    world.settle();
    REQUIRE(heard->commands);
    net::asio::co_spawn(world.executor(), ask_by_cgi(heard), net::asio::detached);
    return heard;
  };
  const auto first = ask();
  world.advance(30s);
  CHECK(first->error == Errc::timeout);
  const auto attempts = attempts_at(world, 80);
  const auto second = ask();
  world.settle();
  CHECK(second->answered);  // at once
  CHECK(second->error == Errc::timeout);
  CHECK(attempts_at(world, 80) == attempts);
  world.advance(1min);
  const auto third = ask();
  world.settle();
  CHECK(attempts_at(world, 80) > attempts);
  world.advance(30s);
  first->commands.reset();
  second->commands.reset();
  third->commands.reset();
  session->close();
  session.reset();
  world.settle();
  world.check_nothing_left();
}

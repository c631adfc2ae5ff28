// Ports that swallow connections, as firewalls make them: the routes behind them are tried before those have timed out.
#include <catch2/catch.hpp>

#include "scenario/dvrip_device.hpp"
#include "scenario/rpc_device.hpp"
#include "scenario/rtsp_device.hpp"
#include "scenario/virtual_world.hpp"

using namespace dmss;
using namespace dmss::scenario;

namespace {

struct Scene {
  Scene() {
    options = world.options(ControlRoute::automatic);
    options.password = Secret(kRpcPassword);
  }
  void hang(std::initializer_list<std::uint16_t> ports) {
    for (std::uint16_t port : ports) world.connector().hang(port);
  }
  Answer<DeviceInfo> log_in() {
    if (!device) device = world.device(options);
    Answer<DeviceInfo> login;
    device.login(login.handler());
    world.settle();
    return login;
  }
  std::size_t attempts(std::uint16_t port) {
    const auto& all = world.connector().attempts();
    return static_cast<std::size_t>(
        std::count_if(all.begin(), all.end(), [&](const auto& a) { return a.port == port; }));
  }
  void end() {
    device = {};
    world.check_nothing_left();
  }
  RpcDevice rpc;
  DvripDevice dvrip;
  RtspDevice rtsp;
  DeviceOptions options;
  VirtualWorld world;
  Device device;
};

}  // namespace

TEST_CASE("the first port that answers costs one connection") {
  Scene s;
  s.world.connector().serve(37777, s.dvrip.script());
  s.world.connector().serve(443, s.rpc.http());
  auto login = s.log_in();
  REQUIRE(login.ok());
  CHECK(login.value().route == ControlRoute::dvrip);
  s.world.advance(1min);
  CHECK(s.world.connector().attempts().size() == 1);
  s.end();
}

TEST_CASE("a login goes past ports that swallow connections, in the order of the routes") {
  struct Row {
    std::vector<std::uint16_t> hang, serve;
    ControlRoute route;
    Duration within;
  };
  const auto row =
      GENERATE(Row{{37777}, {443, 80, 5000}, ControlRoute::https, 500ms},
               Row{{37777, 443}, {80, 5000}, ControlRoute::http, 5500ms},
               Row{{37777, 443, 80}, {5000}, ControlRoute::dhip, 6s},
               Row{{443}, {80}, ControlRoute::http, 5s}, Row{{80}, {5000}, ControlRoute::dhip, 500ms});
  CAPTURE(name(row.route));
  Scene s;
  for (std::uint16_t port : row.hang) s.world.connector().hang(port);
  for (std::uint16_t port : row.serve)
    s.world.connector().serve(port, port == 5000 ? s.rpc.dhip() : s.rpc.http());
  auto login = s.log_in();
  s.world.advance(row.within - 1ms);
  CHECK(login.count() == 0);
  s.world.advance(1ms);
  REQUIRE(login.ok());
  CHECK(login.value().route == row.route);
  CHECK(s.rpc.hashes == 1);
  CHECK(s.device.stats().login_attempts == 1);
  s.end();
}

TEST_CASE("a device that swallows all connections is told within a login's time, by its preferred route") {
  Scene s;
  s.hang({37777, 443, 80, 5000, 554});
  auto login = s.log_in();
  s.world.advance(20s - 1ms);
  CHECK(login.count() == 1);
  CHECK(login.error() == Errc::timeout);
  CHECK(login.error().connection() == "tcp " + s.options.address + ":37777");
  s.end();
}

TEST_CASE("a TLS failure does not lead to plain HTTP, whatever the other ports do") {
  const bool hangs = GENERATE(true, false);
  Scene s;
  if (hangs) s.hang({37777});
  s.world.connector().refuse(443, Errc::tls_untrusted);
  s.world.connector().serve(80, s.rpc.http());
  auto login = s.log_in();
  s.world.advance(15s);
  CHECK(login.error() == Errc::tls_untrusted);
  CHECK(s.attempts(80) == 0);
  s.end();
}

TEST_CASE("a service that connects and then fails leads to the next one that answers") {
  Scene s;
  s.hang({37777});
  s.world.connector().serve(443, s.rpc.http(0, Fault::close));
  s.world.connector().serve(80, s.rpc.http());
  auto login = s.log_in();
  s.world.advance(6s);
  REQUIRE(login.ok());
  CHECK(login.value().route == ControlRoute::http);
  s.end();
}

TEST_CASE("two devices whose ports are slow send one password at a time") {
  Scene s;
  s.hang({37777, 443});
  s.world.connector().serve(80, s.rpc.http());
  s.rpc.verdict =
      R"({"error":{"code":268632085,"message":"Component error: User or password not valid!"},"result":false})";
  Device other = s.world.device(s.options);
  Answer<DeviceInfo> second;
  other.login(second.handler());
  auto first = s.log_in();
  s.world.advance(19s);
  CHECK(first.count() == 1);
  CHECK(second.count() == 1);
  CHECK(s.rpc.hashes == 1);
  other = {};
  s.end();
}

TEST_CASE("a window plays over RTSP while the control ports swallow connections") {
  Scene s;
  s.hang({37777, 443, 80, 5000});
  s.rtsp.digest = true;
  s.options.password = s.world.options().password;
  s.world.connector().serve(554, s.rtsp.script());
  s.device = s.world.device(s.options);
  Live window = s.device.open_live({}, {});
  for (int i = 0; i < 3; ++i) {
    s.world.advance(1s);
    s.rtsp.send_frames();
    s.world.settle();
  }
  CHECK(window.stats().state == LiveState::playing);
  CHECK(window.stats().route == MediaRoute::rtsp);
  s.world.advance(30s);
  CHECK(s.rtsp.with_credentials >= 1);
  CHECK(s.rpc.hashes == 0);
  window = {};
  s.end();
}

TEST_CASE("a window without a media route is told why the device cannot be reached, and plays when it can") {
  const bool hangs = GENERATE(true, false);
  Scene s;
  s.options.control = ControlRoute::dvrip;
  s.options.rtsp_port = 0;
  if (hangs) s.hang({37777});
  s.device = s.world.device(s.options);
  std::vector<std::pair<LiveState, Errc>> told;
  LiveHandlers h;
  h.on_state = [&](LiveState state, const Error& why) { told.emplace_back(state, why.code()); };
  Live window = s.device.open_live({}, h);
  s.world.advance(11s);
  REQUIRE(told.size() >= 2);
  CHECK(told[1] == std::pair(LiveState::reconnecting, hangs ? Errc::timeout : Errc::connect_failed));
  s.world.connector().serve(37777, s.dvrip.script());
  for (int i = 0; i < 60; ++i) {
    s.world.advance(1s);
    s.dvrip.send_frames();
    s.world.settle();
  }
  CHECK(window.stats().state == LiveState::playing);
  window = {};
  s.end();
}

TEST_CASE("each keep-alive renews the device's figures") {
  const auto route = GENERATE(ControlRoute::dvrip, ControlRoute::http, ControlRoute::dhip);
  CAPTURE(name(route));
  Scene s;
  s.options.control = route;
  s.world.connector().serve(37777, s.dvrip.script());
  s.world.connector().serve(80, s.rpc.http());
  s.world.connector().serve(5000, s.rpc.dhip());
  REQUIRE(s.log_in().ok());
  for (int i = 0; i < 3; ++i) {
    const DeviceStats before = s.device.stats();
    s.world.advance(10s);
    CHECK(s.device.stats().bytes_in > before.bytes_in);
    CHECK(s.device.stats().bytes_out > before.bytes_out);
  }
  s.end();
}

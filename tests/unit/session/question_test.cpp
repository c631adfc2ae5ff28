// What is asked over JSON-RPC and, when that does not help, over CGI; and what never is.
#include "session/device/question.hpp"

#include "unit/session/fake_commands.hpp"

using namespace dmss;
using namespace dmss::session;
using namespace dmss::session::test;

namespace {

std::shared_ptr<FakeCommands> device_of(FakeWorld& world) {
  auto device = std::make_shared<FakeCommands>(world);
  device->cgi_there = true;
  device->on_cgi("light getState", "result=1\r\n");
  device->on_cgi("light setState", "OK\r\n");
  return device;
}

Question question(const std::string& verb) {
  Question q;
  q.method = "Light." + verb;
  q.service = "light";
  q.action = verb;
  return q;
}

}  // namespace

TEST_CASE("what JSON-RPC does not answer is asked over CGI while there is time") {
  FakeWorld world;
  auto device = device_of(world);
  device->on_rpc("Light.getState", Error(Errc::timeout));
  SECTION("there is") {
    const Answer answer = run(world, ask(device, question("getState")));
    REQUIRE(answer.tree);
    CHECK(answer.by_cgi);
    CHECK(answer.probe == "light.cgi getState");
  }
  SECTION("there is none") {
    device->left = {};
    const Answer answer = run(world, ask(device, question("getState")));
    CHECK(answer.tree.error() == Errc::timeout);
    CHECK(device->words() == std::vector<std::string>{"Light.getState"});
  }
  SECTION("there is no CGI") {
    device->cgi_there = false;
    CHECK(run(world, ask(device, question("getState"))).tree.error() == Errc::timeout);
  }
  SECTION("CGI does not know it: what JSON-RPC said counts") {
    Question q = question("getState");
    q.action = "other";
    CHECK(run(world, ask(device, std::move(q))).tree.error() == Errc::timeout);
  }
}

TEST_CASE("a CGI port that is shut, or wants another login, takes nothing from a JSON session") {
  FakeWorld world;
  auto device = device_of(world);
  const Errc why =
      GENERATE(Errc::connect_failed, Errc::timeout, Errc::plaintext_refused, Errc::wrong_password);
  device->on_cgi("light getState", Error(why));
  device->on_rpc("Light.getState", Error(Errc::unsupported));
  CHECK(run(world, ask(device, question("getState"))).tree.error() == Errc::unsupported);

  Question by_cgi_alone = question("getState");
  by_cgi_alone.method.clear();
  const Answer answer = run(world, ask(device, by_cgi_alone));
  CHECK(answer.tree.error() == Errc::device_error);
  CHECK_FALSE(ends_asking(*device, answer.tree.error()));

  device->rpc_there = false;
  CHECK(run(world, ask(device, by_cgi_alone)).tree.error() == why);
}

TEST_CASE("a lost connection and a missing right are not asked about again over CGI") {
  FakeWorld world;
  auto device = device_of(world);
  const Errc code = GENERATE(Errc::connection_lost, Errc::no_permission, Errc::session_expired);
  device->on_rpc("Light.getState", Error(code));
  CHECK(run(world, ask(device, question("getState"))).tree.error() == code);
  CHECK(device->words().size() == 1);
}

TEST_CASE("a command without an answer may have been carried out, and is not said again over CGI") {
  FakeWorld world;
  auto device = device_of(world);
  const Errc code = GENERATE(Errc::timeout, Errc::device_error, Errc::connection_lost);
  device->on_rpc("Light.setState", Error(code));
  CHECK(run(world, tell(device, question("setState"))).error() == code);
  CHECK(device->words() == std::vector<std::string>{"Light.setState"});
}

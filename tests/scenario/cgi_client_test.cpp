// CGI with authentication: what goes out with which credentials, on which connection, and how often.
#include "session/control/cgi_client.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "dmss/admin.hpp"
#include "proto/auth/digest.hpp"
#include "scenario/conversation.hpp"
#include "scenario/virtual_world.hpp"

using namespace dmss;
using namespace dmss::scenario;
namespace auth = dmss::proto::auth;

namespace {

/// A device that knows one user and hands out a nonce with each challenge.
struct CgiDevice {
  struct Heard {
    int connection = 0;
    std::string target;
    std::optional<auth::Authorization> authorization;
  };
  std::string password = "donotuse";
  std::string scheme = "digest";  ///< or "basic", "none", "no challenge"
  bool closes_after_each = false;
  bool nonce_of_connection = false;  ///< a nonce is good only where it was given
  int uses_of_nonce = 1'000'000;     ///< then it is stale
  bool stale_is_403 = false;
  std::string body = "type=NVR5216\r\n";
  std::string silent_target;
  int silent_after = 1'000'000;         ///< further connections are never answered
  std::function<void()> before_answer;  ///< once
  std::string dropped_target;           ///< heard, and the connection closed without a word, once

  std::vector<Heard> heard;
  int connections = 0;
  int nonces = 0;
  int wrong = 0;

  int with_credentials() const {
    return static_cast<int>(
        std::count_if(heard.begin(), heard.end(), [](const Heard& h) { return h.authorization; }));
  }

  Script script() {
    return [this](Peer& peer) { return serve(this, peer, ++connections); };
  }

 private:
  static awaitable<void> serve(CgiDevice* self, Peer& peer, int connection) {
    std::string given;
    std::map<std::string, std::uint32_t> counts;
    const Protocol protocol = http_protocol();
    for (;;) {
      std::optional<Bytes> message = co_await peer.next(protocol.framer);
      if (!message) co_return;
      const std::string answer = self->answer(std::string(as_text(*message)), connection);
      if (!self->dropped_target.empty() && self->heard.back().target == self->dropped_target) {
        self->dropped_target.clear();
        co_return;
      }
      if (answer.empty()) continue;
      peer.send(answer);
      if (self->closes_after_each) co_return;
    }
  }

  std::string text(int status, const std::string& headers, const std::string& content) const {
    return "HTTP/1.1 " + std::to_string(status) + " X\r\n" + headers +
           (closes_after_each ? "Connection: close\r\n" : "") +
           "Content-Length: " + std::to_string(content.size()) + "\r\n\r\n" + content;
  }

  std::string challenge(int connection, bool stale) {
    if (scheme == "no challenge") return text(401, "", "Error\r\nInvalid Authority!\r\n");
    auth::Challenge c;
    c.realm = "Login to 3G0TEST0001";
    if (scheme == "basic") {
      c.scheme = auth::Scheme::basic;
    } else {
      c.nonce = std::to_string(connection) + "-" + std::to_string(++nonces);
      c.qop_auth = true;
      c.stale = stale;
    }
    return text(401, "WWW-Authenticate: " + auth::write_challenge(c) + "\r\n",
                "Error\r\nInvalid Authority!\r\n");
  }

  std::string answer(const std::string& request, int connection) {
    Heard h;
    h.connection = connection;
    const std::size_t begin = request.find(' ') + 1;
    h.target = request.substr(begin, request.find(' ', begin) - begin);
    const std::string key = "\r\nAuthorization: ";
    if (const std::size_t at = request.find(key); at != std::string::npos) {
      const std::size_t from = at + key.size();
      h.authorization = auth::parse_authorization(request.substr(from, request.find("\r\n", from) - from));
      REQUIRE(h.authorization);
    }
    heard.push_back(h);
    if (auto act = std::exchange(before_answer, nullptr)) act();
    if (request.starts_with("POST ")) return text(404, "", "");
    if (h.target == silent_target || h.target == dropped_target || connection > silent_after) return {};
    if (scheme != "none") {
      if (!h.authorization) return challenge(connection, false);
      if (!auth::verify(*h.authorization, "GET", password)) {
        ++wrong;
        return challenge(connection, false);
      }
      if (h.authorization->scheme == auth::Scheme::digest) {
        CHECK(h.authorization->uri == h.target);
        std::uint32_t& count = counts_[h.authorization->nonce];
        CHECK(h.authorization->count() > count);
        count = h.authorization->count();
        const bool elsewhere =
            h.authorization->nonce.substr(0, h.authorization->nonce.find('-')) != std::to_string(connection);
        if (nonce_of_connection && elsewhere) return challenge(connection, false);
        if (count > static_cast<std::uint32_t>(uses_of_nonce)) {
          if (stale_is_403) return text(403, "", "Authority:check failure.\r\n");
          return challenge(connection, true);
        }
      }
    }
    constexpr std::string_view kNew = "&pwd=";
    if (h.target.find("action=modifyPassword") != std::string::npos) {
      const std::size_t from = h.target.find(kNew) + kNew.size();
      password = h.target.substr(from, h.target.find('&', from) - from);
      return text(200, "Content-Type: text/plain\r\n", "OK\r\n");
    }
    if (h.target.find("attach") == std::string::npos) return text(200, "Content-Type: text/plain\r\n", body);
    return "HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=b\r\n\r\n" + body;
  }

  std::map<std::string, std::uint32_t> counts_;
};

constexpr const char* kType = "/cgi-bin/magicBox.cgi?action=getDeviceType";
constexpr const char* kAttach = "/cgi-bin/eventManager.cgi?action=attach&codes=[All]&heartbeat=5";

struct Scene {
  explicit Scene(bool allow_basic = false, const char* password = "donotuse") {
    world.connector().serve(80, device.script());
    session::CgiOptions o;
    o.target.endpoint = {"cgi.test", 80};
    o.credentials = {"admin", Secret(password)};
    o.allow_plaintext_password = allow_basic;
    o.on_credentials_sent = [this] { ++told; };
    client = std::make_shared<session::CgiClient>(
        session::Context{world.executor(), world.clock(), world.connector(), Logger()}, std::move(o));
  }
  ~Scene() {
    client->close();
    world.settle();
  }

  template <class T>
  struct Asked {
    std::optional<Result<T>> result;
  };
  template <class T>
  static awaitable<void> keep(std::shared_ptr<Asked<T>> asked, awaitable<Result<T>> operation) {
    asked->result.emplace(co_await std::move(operation));
  }
  template <class T>
  std::shared_ptr<Asked<T>> start(awaitable<Result<T>> operation) {
    auto asked = std::make_shared<Asked<T>>();
    net::asio::co_spawn(world.executor(), keep(asked, std::move(operation)), [](std::exception_ptr e) {
      if (e) std::rethrow_exception(e);
    });
    world.settle();
    return asked;
  }
  auto start_get(std::string target = kType) { return start(client->get(std::move(target), 5s)); }
  Result<net::HttpResponse> get(std::string target = kType) {
    auto asked = start_get(std::move(target));
    REQUIRE(asked->result);
    return std::move(*asked->result);
  }
  auto start_stream() { return start(client->open_stream(kAttach, 5s)); }

  CgiDevice device;
  VirtualWorld world;
  int told = 0;
  std::shared_ptr<session::CgiClient> client;
};

}  // namespace

TEST_CASE("CGI goes out bare, then by the challenge, whose nonce is used again with a rising count") {
  Scene s;
  for (int i = 0; i < 5; ++i) {
    const auto r = s.get();
    REQUIRE(r);
    CHECK(r->body == "type=NVR5216\r\n");
  }
  REQUIRE(s.device.heard.size() == 6);
  CHECK_FALSE(s.device.heard[0].authorization);
  CHECK(s.device.heard[5].authorization->count() == 5);
  CHECK(s.device.connections == 1);
  CHECK(s.told == 1);
  CHECK(s.client->scheme() == auth::Scheme::digest);
}

TEST_CASE("a device that closes after each answer is asked by the nonce it gave, as long as it takes that") {
  Scene s;
  s.device.closes_after_each = true;
  for (int i = 0; i < 3; ++i) REQUIRE(s.get());
  CHECK(s.device.heard.size() == 4);
  s.device.nonce_of_connection = true;
  CHECK(s.get().error() == Errc::wrong_password);  // by the nonce that had passed, and by a fresh one
  CHECK(s.device.heard.size() == 6);
  CHECK(s.get().error() == Errc::credentials_held_back);
  CHECK(s.device.heard.size() == 6);
}

TEST_CASE(
    "a nonce that another connection does not take is no wrong password, and stays where it came from") {
  Scene s;
  REQUIRE(s.get());
  for (const auto& p : s.world.connector().peers(80)) p->close();
  s.device.nonce_of_connection = true;
  s.world.settle();
  REQUIRE(s.get());
  CHECK(s.device.wrong == 0);
  const std::size_t before = s.device.heard.size();
  s.world.connector().peers(80).back()->close();
  s.world.settle();
  REQUIRE(s.get());
  CHECK(s.device.heard.size() == before + 2);  // the dead connection's nonce, then a fresh one
  CHECK(s.device.wrong == 0);
}

TEST_CASE("a stale nonce leads to one more challenge, told by a 401 or by a 403") {
  Scene s;
  s.device.uses_of_nonce = 2;
  s.device.stale_is_403 = GENERATE(false, true);
  for (int i = 0; i < 6; ++i) REQUIRE(s.get());
  CHECK(s.device.nonces == 3);
  CHECK(s.device.wrong == 0);
  CHECK(s.told == 1);
}

TEST_CASE("a 403 that stays after a fresh challenge is what it says, and not asked a third time") {
  Scene s;
  REQUIRE(s.get());
  s.device.uses_of_nonce = 0;
  s.device.stale_is_403 = true;
  const std::size_t before = s.device.heard.size();
  const auto r = s.get();
  CHECK(r.error() == Errc::no_permission);
  CHECK(s.device.heard.size() == before + 3);  // with the old nonce, bare, with the new one
}

TEST_CASE("Basic is sent only when the device asks for it and the caller allows it") {
  Scene refuses(false);
  refuses.device.scheme = "basic";
  CHECK(refuses.get().error() == Errc::plaintext_refused);
  CHECK(refuses.device.with_credentials() == 0);
  CHECK(refuses.told == 0);
  Scene allows(true);
  allows.device.scheme = "basic";
  CHECK(allows.get());
  CHECK(allows.get());
  CHECK_FALSE(allows.device.heard[0].authorization);
  CHECK(allows.client->scheme() == auth::Scheme::basic);
  Scene open;
  open.device.scheme = "none";
  CHECK(open.get());
  CHECK(open.told == 0);
  Scene bare;
  bare.device.scheme = "no challenge";
  CHECK(bare.get().error() == Errc::login_refused);
}

TEST_CASE("refused credentials go out once, however many ask at once and afterwards") {
  Scene s(false, "wrong");
  std::vector<std::shared_ptr<Scene::Asked<net::HttpResponse>>> asked;
  for (int i = 0; i < 8; ++i) asked.push_back(s.start_get());
  auto stream = s.start_stream();
  s.world.settle();
  REQUIRE(asked[0]->result);
  CHECK(asked[0]->result->error() == Errc::wrong_password);
  for (int i = 1; i < 8; ++i) {
    REQUIRE(asked[i]->result);
    CHECK(asked[i]->result->error() == Errc::credentials_held_back);
  }
  REQUIRE(stream->result);
  CHECK(stream->result->error() == Errc::credentials_held_back);
  CHECK(s.get().error() == Errc::credentials_held_back);
  CHECK(s.device.with_credentials() == 1);
}

TEST_CASE("requests go in parallel on a few connections, in turn beyond that, and one is kept") {
  Scene s;
  REQUIRE(s.get());
  s.device.silent_target = "/cgi-bin/slow.cgi";
  std::vector<std::shared_ptr<Scene::Asked<net::HttpResponse>>> slow;
  for (int i = 0; i < session::kHttpConnections - 1; ++i) slow.push_back(s.start_get("/cgi-bin/slow.cgi"));
  CHECK(s.get());  // beside those that hang
  slow.push_back(s.start_get("/cgi-bin/slow.cgi"));
  auto waits = s.start_get();
  s.world.advance(1s);
  CHECK_FALSE(waits->result);
  auto urgent = s.start(s.client->get(kType, 5s, session::CgiClient::Priority::keep_alive));
  REQUIRE(urgent->result);
  CHECK(*urgent->result);
  CHECK(s.device.connections == session::kHttpConnections + 1);
  s.world.advance(4s);
  REQUIRE(waits->result);
  for (const auto& a : slow) CHECK(a->result->error() == Errc::timeout);
  for (int i = 0; i < 4; ++i) CHECK(s.get());
  const auto peers = s.world.connector().peers(80);
  CHECK(std::count_if(peers.begin(), peers.end(), [](const auto& p) { return !p->client_gone(); }) == 1);
}

TEST_CASE("a device that takes one connection alone is asked one by one") {
  Scene s;
  REQUIRE(s.get());
  s.device.silent_target = "/cgi-bin/slow.cgi";
  s.world.connector().refuse(80);
  auto slow = s.start_get("/cgi-bin/slow.cgi");
  auto next = s.start(s.client->get(kType, 9s));
  s.world.advance(4s);
  CHECK_FALSE(next->result);
  s.world.connector().serve(80, s.device.script());
  s.world.advance(1s);
  CHECK(slow->result->error() == Errc::timeout);
  REQUIRE(next->result);
  CHECK(*next->result);
  CHECK(s.device.connections == 2);
  slow = s.start_get("/cgi-bin/slow.cgi");
  next = s.start_get();
  CHECK_FALSE(next->result);
  CHECK(s.device.connections == 2);
}

TEST_CASE("a stream has its own connection, its own challenge and a body without end") {
  Scene s;
  REQUIRE(s.get());
  auto asked = s.start_stream();
  REQUIRE(asked->result);
  REQUIRE(*asked->result);
  session::OpenedStream opened = std::move(**asked->result);
  CHECK(opened.head.get("Content-Type") == "multipart/x-mixed-replace; boundary=b");
  CHECK(as_text(opened.first) == "type=NVR5216\r\n");
  CHECK(s.device.connections == 2);
  CHECK(s.get());
  CHECK(s.device.connections == 2);
  s.world.advance(1h);  // no deadline is left on it
  s.world.connector().peers(80).back()->send("more");
  std::array<std::uint8_t, 16> into{};
  const std::span<std::uint8_t> room(into);
  auto read = s.start(opened.stream->read_some(room));
  REQUIRE(read->result);
  REQUIRE(*read->result);
  CHECK(as_text(ByteView(into).first(**read->result)) == "more");
  opened.stream.reset();
  s.world.settle();
  CHECK(s.world.connector().peers(80).back()->client_gone());
}

TEST_CASE("a stream that a device closes the challenge's connection for is opened on another") {
  Scene s;
  s.device.closes_after_each = true;
  auto asked = s.start_stream();
  REQUIRE(asked->result);
  CHECK(*asked->result);
  CHECK(s.device.connections == 2);
  CHECK(s.told == 1);
}

TEST_CASE("a stream that is refused or does not begin says so") {
  Scene s;
  s.device.silent_target = kAttach;
  auto asked = s.start_stream();
  s.world.advance(4999ms);
  CHECK_FALSE(asked->result);
  s.world.advance(1ms);
  REQUIRE(asked->result);
  CHECK(asked->result->error() == Errc::timeout);

  auto closing = s.start_stream();
  s.client->close();
  s.world.settle();
  REQUIRE(closing->result);
  CHECK(closing->result->error() == Errc::cancelled);
  CHECK(s.get().error() == Errc::cancelled);
  CHECK(s.start_stream()->result->error() == Errc::cancelled);
}

TEST_CASE("a CGI request that acts is not sent again when its connection drops") {
  constexpr const char* kReboot = "/cgi-bin/magicBox.cgi?action=reboot";
  Scene s;
  REQUIRE(s.get());
  s.device.dropped_target = kType;
  CHECK(s.get());
  s.device.dropped_target = kReboot;
  CHECK(s.get(kReboot).error() == Errc::connection_lost);
  const auto heard = [&](const char* target) {
    return std::count_if(s.device.heard.begin(), s.device.heard.end(),
                         [&](const auto& h) { return h.target == target; });
  };
  CHECK(heard(kType) == 4);  // bare and signed, then signed twice
  CHECK(heard(kReboot) == 1);
}

TEST_CASE("a device with CGI alone whose password is changed goes on with the new one") {
  CgiDevice recorder;
  VirtualWorld world;
  world.connector().serve(80, recorder.script());
  DeviceOptions options = world.options(ControlRoute::http);
  options.allow_plaintext_password = true;
  Device device = world.device(options);
  device.login({});
  world.settle();
  REQUIRE(device.stats().state == DeviceState::online);
  Answer<void> changed;
  device.admin().change_password(Secret("donotuse"), Secret("Other-1234"), changed.handler());
  world.settle();
  REQUIRE(changed.error() == Errc::ok);
  REQUIRE(changed.count() == 1);
  REQUIRE(recorder.password == "Other-1234");
  const std::size_t before = recorder.heard.size();
  world.advance(2min);  // of keep-alives
  CHECK(recorder.heard.size() > before + 10);
  CHECK(recorder.wrong == 0);
  CHECK(device.stats().state == DeviceState::online);
  CHECK(device.stats().logins == 1);
}

TEST_CASE("what the device says about former credentials is not held against the present ones") {
  Scene s;
  REQUIRE(s.get());
  s.device.password = "Other-1234";
  CHECK(s.get().error() == Errc::wrong_password);
  CHECK(s.get().error() == Errc::credentials_held_back);
  s.client->set_credentials({"admin", Secret("Other-1234")});
  CHECK(s.get());
  // Changed while a request signed with the former password is under way.
  s.device.password = "Third-5678";
  auto asked = std::make_shared<Scene::Asked<net::HttpResponse>>();
  net::asio::co_spawn(s.world.executor(), Scene::keep(asked, s.client->get(kType, 5s)), net::asio::detached);
  s.device.before_answer = [&] { s.client->set_credentials({"admin", Secret("Third-5678")}); };
  s.world.settle();
  REQUIRE(asked->result);
  CHECK(*asked->result);
  CHECK(s.get());
}

#include "net/http.hpp"

#include "net_support.hpp"
#include "proto/auth/digest.hpp"

using namespace dmss;
using namespace dmss::net;
using namespace dmss::net::test;
using namespace std::chrono_literals;

namespace {

struct Scene {
  asio::io_context io;
  VirtualClock clock;

  Result<HttpResponse> get(ScriptedStream& stream, std::size_t max_body = 1000) {
    return run(io, http_exchange(stream, clock, {}, "192.0.2.1", 5s, max_body));
  }
  Result<HttpResponse> answer(std::string text, std::size_t max_body = 1000) {
    ScriptedStream stream(io, {std::move(text)});
    return get(stream, max_body);
  }
};

const std::string kChunked =
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n7;ext=1\r\n, world\r\n0\r\nTrailer: "
    "x\r\n\r\n";

}  // namespace

TEST_CASE("a request is a line, the host, the headers and a body with its length") {
  Scene s;
  ScriptedStream stream(s.io, {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"});
  HttpRequest request{"POST", "/RPC2", {{"Cookie", "a=b"}}, "{}"};
  const auto r = run(s.io, http_exchange(stream, s.clock, request, "192.0.2.1:8080", 5s));
  REQUIRE(r);
  CHECK(stream.written ==
        "POST /RPC2 HTTP/1.1\r\nHost: 192.0.2.1:8080\r\nUser-Agent: libdmss\r\nCookie: "
        "a=b\r\nContent-Length: 2\r\n\r\n{}");
  CHECK(r->status == 200);
  CHECK(r->body == "ok");
  CHECK_FALSE(stream.closed);
}

TEST_CASE("a chunked answer comes out whole whatever the two pieces it arrives in") {
  Scene s;
  for (std::size_t cut = 1; cut < kChunked.size(); ++cut) {
    INFO("cut at " << cut);
    ScriptedStream stream(s.io, {kChunked.substr(0, cut), kChunked.substr(cut)});
    const auto r = s.get(stream);
    REQUIRE(r);
    CHECK(r->body == "hello, world");
    CHECK(r->keep_alive);
    CHECK(stream.played());
  }
}

TEST_CASE("a chunked answer comes out whole byte by byte") {
  Scene s;
  std::deque<std::string> bytes;
  for (char c : kChunked) bytes.emplace_back(1, c);
  ScriptedStream stream(s.io, std::move(bytes));
  const auto r = s.get(stream);
  REQUIRE(r);
  CHECK(r->body == "hello, world");
}

TEST_CASE("a kept connection takes one exchange after the other, the 401 and its digest among them") {
  Scene s;
  ScriptedStream stream(s.io, {"HTTP/1.1 401 Unauthorized\r\nwww-authenticate: Basic realm=\"r\"\r\n"
                               "WWW-Authenticate: Digest realm=\"Login to 1\", qop=\"auth\", "
                               "nonce=\"n\"\r\nContent-Length: 5\r\n\r\nError",
                               "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nOK"});
  const auto refused = s.get(stream);
  REQUIRE(refused);
  CHECK(refused->status == 401);
  CHECK(refused->keep_alive);
  CHECK(refused->get("WWW-Authenticate") == "Basic realm=\"r\"");
  proto::auth::Authenticator auth("admin", Secret("secret"), false);
  REQUIRE(auth.challenged(refused->get_all("WWW-Authenticate"), false) ==
          proto::auth::Authenticator::Verdict::retry);
  const std::string value = auth.authorize("GET", "/", "c").value();
  stream.written.clear();
  const auto r =
      run(s.io, http_exchange(stream, s.clock, {"GET", "/", {{"Authorization", value}}, {}}, "h", 5s));
  REQUIRE(r);
  CHECK(r->status == 200);
  CHECK_FALSE(r->keep_alive);
  const auto sent = proto::auth::parse_authorization(value);
  REQUIRE(sent);
  CHECK(proto::auth::verify(*sent, "GET", "secret"));
  CHECK(stream.written.find("\r\nAuthorization: " + value + "\r\n") != std::string::npos);
}

TEST_CASE("an answer without length ends with the connection and cannot be followed by another") {
  Scene s;
  ScriptedStream stream(s.io, {"HTTP/1.0 200 OK\r\nServer: x\r\n\r\npart", " and part"});
  const auto r = s.get(stream);
  REQUIRE(r);
  CHECK(r->body == "part and part");
  CHECK_FALSE(r->keep_alive);
  CHECK_FALSE(s.answer("HTTP/1.1 200 OK\r\n\r\npart")->keep_alive);
}

TEST_CASE("an answer cut short is a lost connection") {
  Scene s;
  CHECK(s.answer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf").error() == Errc::connection_lost);
  CHECK(s.answer("HTTP/1.1 200 OK\r\nContent-Le").error() == Errc::connection_lost);
  CHECK(s.answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel").error() ==
        Errc::connection_lost);
  ScriptedStream nothing(s.io, {});
  CHECK(s.get(nothing).error() == Errc::connection_lost);
}

TEST_CASE("bodies beyond the limit are refused, by their length or on the way") {
  Scene s;
  const std::string body(1000, 'b');
  CHECK(s.answer("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + body)->body == body);
  CHECK(s.answer("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n").error() == Errc::too_large);
  CHECK(s.answer("HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551615\r\n\r\n").error() ==
        Errc::too_large);
  CHECK(s.answer("HTTP/1.1 200 OK\r\n\r\n" + body + "b").error() == Errc::too_large);
  CHECK(s.answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n").error() == Errc::too_large);
  CHECK(s.answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n" + body + "\r\n1\r\nb\r\n")
            .error() == Errc::too_large);
}

TEST_CASE("answers that are no HTTP, or lie about their length, are malformed") {
  Scene s;
  for (const char* text : {
           "RTSP/1.0 200 OK\r\n\r\n",
           "HTTP/1.1 abc\r\n\r\n",
           "\x01\x02\x03 is no status line\r\n\r\n",
           "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
           "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
           "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
           "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
           "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
       }) {
    INFO(text);
    CHECK(s.answer(text).error() == Errc::malformed);
  }
}

TEST_CASE("a head without end is refused") {
  Scene s;
  const std::string start = "HTTP/1.1 200 OK\r\nX: ";
  CHECK(s.answer(start + std::string(60'000, 'x') + "\r\nContent-Length: 0\r\n\r\n"));
  CHECK(s.answer(start + std::string(200'000, 'x')).error() == Errc::too_large);
  std::string many = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 50'000; ++i) many += "A: b\r\n";
  CHECK(s.answer(many).error() == Errc::too_large);
}

TEST_CASE("a chunk head or trailer without end is refused") {
  Scene s;
  const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  CHECK(s.answer(chunked + "1;" + std::string(400'000, 'x')).error() == Errc::too_large);
  CHECK(s.answer(chunked + "0\r\nX: " + std::string(400'000, 'x')).error() == Errc::too_large);
}

TEST_CASE("an answer that does not come closes the stream at the deadline") {
  Scene s;
  for (const char* begin : {"", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"}) {
    std::deque<std::string> pieces;
    if (*begin != 0) pieces.emplace_back(begin);
    ScriptedStream stream(s.io, std::move(pieces), ScriptedStream::End::silent);
    Task<Result<HttpResponse>> task(s.io, http_exchange(stream, s.clock, {}, "h", 5s));
    advance(s.clock, s.io, 4999ms);
    CHECK_FALSE(task.done());
    advance(s.clock, s.io, 1ms);
    REQUIRE(task.done());
    CHECK(task.take().error() == Errc::timeout);
    CHECK(stream.closed);
  }
  CHECK_FALSE(s.clock.next());
}

TEST_CASE("closing the stream elsewhere is no timeout") {
  Scene s;
  ScriptedStream stream(s.io, {}, ScriptedStream::End::silent);
  Task<Result<HttpResponse>> task(s.io, http_exchange(stream, s.clock, {}, "h", 5s));
  settle(s.io);
  stream.close();
  CHECK(task.take().error() == Errc::cancelled);
  CHECK(s.get(stream).error() == Errc::cancelled);
}

namespace {

/// Opens and reads everything that comes of the body.
struct Opened {
  Error error;
  int status = 0;
  std::string first, rest;
  bool kept = false;
};
Opened open(Scene& s, std::deque<std::string> pieces) {
  auto stream = std::make_unique<ScriptedStream>(s.io, std::move(pieces));
  auto r = run(s.io, http_open(std::move(stream), s.clock, {}, "192.0.2.1", 5s));
  Opened o;
  o.error = r.error();
  if (!r) return o;
  o.status = r->head.status;
  o.kept = r->stream != nullptr;
  if (o.status != 200) {
    o.first = r->head.body;
    return o;
  }
  o.first = as_text(r->first);
  for (;;) {
    std::array<std::uint8_t, 3> piece{};
    const auto n = run(s.io, r->stream->read_some(piece));
    if (!n) {
      o.error = n.error();
      return o;
    }
    o.rest += as_text(ByteView(piece).first(*n));
  }
}

}  // namespace

TEST_CASE("an opened answer gives its body as it comes, with a length, in chunks, or until the end") {
  Scene s;
  const std::string body = "--b\r\nHeartbeat\r\n\r\n--b\r\nCode=VideoMotion";
  std::string chunks;
  for (std::size_t at = 0; at < body.size(); at += 7) {
    const std::string part = body.substr(at, 7);
    chunks += std::string(1, "0123456789"[part.size()]) + "\r\n" + part + "\r\n";
  }
  for (const std::string& text :
       {"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace\r\n\r\n" + body,
        "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body,
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + "0\r\n\r\n"}) {
    for (std::size_t cut = 1; cut < text.size(); ++cut) {
      INFO(text << " cut at " << cut);
      const Opened o = open(s, {text.substr(0, cut), text.substr(cut)});
      REQUIRE(o.status == 200);
      CHECK(o.first + o.rest == body);
      CHECK(o.error == Errc::connection_lost);
    }
    const Opened whole = open(s, {text});
    CHECK(whole.first == body);
    CHECK(whole.rest.empty());
  }
}

TEST_CASE(
    "an opened answer that refuses comes whole, and its connection stays good where the answer says so") {
  Scene s;
  const std::string head =
      "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n\"\r\n";
  const Opened kept = open(s, {head + "Content-Length: 5\r\n\r\nEr", "ror"});
  CHECK(kept.status == 401);
  CHECK(kept.first == "Error");
  CHECK(kept.kept);
  const Opened closed = open(s, {head + "\r\nErr", "or"});
  CHECK(closed.status == 401);
  CHECK(closed.first == "Error");
  CHECK_FALSE(closed.kept);
  CHECK(open(s, {head + "\r\n" + std::string(70'000, 'x')}).error == Errc::too_large);
}

TEST_CASE("an opened answer that is none fails, also where its body breaks") {
  Scene s;
  CHECK(open(s, {"RTSP/1.0 200 OK\r\n\r\n"}).error == Errc::malformed);
  CHECK(open(s, {"HTTP/1.1 200 OK\r\nX: " + std::string(200'000, 'x')}).error == Errc::too_large);
  CHECK(open(s, {"HTTP/1.1 200 OK\r\nTransfer-Enc"}).error == Errc::connection_lost);
  CHECK(open(s, {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"}).error == Errc::malformed);
  const Opened broken =
      open(s, {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n", "xyz\r\n"});
  CHECK(broken.first + broken.rest == "ok");
  CHECK(broken.error == Errc::malformed);
  const std::string chunk =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;" + std::string(400'000, 'x');
  CHECK(open(s, {chunk}).error == Errc::too_large);
}

TEST_CASE("the deadline of an opened answer is for its head alone") {
  Scene s;
  auto silent = std::make_unique<ScriptedStream>(s.io, std::deque<std::string>{"HTTP/1.1 200 "},
                                                 ScriptedStream::End::silent);
  Task<Result<HttpOpened>> task(s.io, http_open(std::move(silent), s.clock, {}, "h", 5s));
  advance(s.clock, s.io, 4999ms);
  CHECK_FALSE(task.done());
  advance(s.clock, s.io, 1ms);
  REQUIRE(task.done());
  CHECK(task.take().error() == Errc::timeout);

  auto slow = std::make_unique<ScriptedStream>(s.io, std::deque<std::string>{"HTTP/1.1 200 OK\r\n\r\n"},
                                               ScriptedStream::End::silent);
  ScriptedStream& stream = *slow;
  Task<Result<HttpOpened>> opened(s.io, http_open(std::move(slow), s.clock, {}, "h", 5s));
  settle(s.io);
  REQUIRE(opened.done());
  auto result = opened.take();
  REQUIRE(result);
  advance(s.clock, s.io, 1h);
  CHECK_FALSE(stream.closed);
  CHECK_FALSE(s.clock.next());
}

TEST_CASE("heads that are not quite as the standard has them are read") {
  struct Row {
    const char* text;
    const char* body;
  };
  const Row rows[] = {
      {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\nX: 1\r\n\r\nHTTP/1.1 200 "
       "OK\r\nContent-Length: 2\r\n\r\nok",
       "ok"},
      {"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok", "ok"},
      {"HTTP/1.1 200 OK\nContent-Length: 2\n\nok", "ok"},
      {"HTTP/1.1 200 OK\r\nno colon here\r\n and its folded rest\r\nContent-Length : 2\r\n\r\nok", "ok"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 99\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
       "ok"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const std::string text = row.text;
    for (std::size_t cut = 1; cut < text.size(); ++cut) {
      Scene s;
      ScriptedStream stream(s.io, {text.substr(0, cut), text.substr(cut)});
      const auto r = s.get(stream);
      REQUIRE(r);
      REQUIRE(r->status == 200);
      REQUIRE(r->body == row.body);
    }
  }
}

TEST_CASE("answers that are none, or have no end, fail at once") {
  Scene s;
  CHECK(s.answer("SSH-2.0-x\r\n").error() == Errc::malformed);
  std::string endless = "HTTP/1.1 200 OK\r\n";
  while (endless.size() < 200000) endless += "X: " + std::string(1000, 'x') + "\r\n";
  CHECK(s.answer(endless).error() == Errc::too_large);
  std::string interim;
  for (int i = 0; i < 20; ++i) interim += "HTTP/1.1 100 Continue\r\n\r\n";
  CHECK(s.answer(interim + "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").value().status == 100);
}

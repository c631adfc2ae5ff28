#include <catch2/catch.hpp>

#include "proto/rtsp/message.hpp"

using namespace dmss;
using namespace dmss::proto::rtsp;

namespace {

constexpr std::string_view kDescribeAnswer =
    "RTSP/1.0 200 OK\r\nCSeq: 3\r\nx-Accept-Dynamic-Rate: 1\r\n"
    "Content-Base: rtsp://192.0.2.10:554/cam/realmonitor?channel=1&subtype=0/\r\n"
    "Cache-Control: must-revalidate\r\nContent-Type: application/sdp\r\nContent-Length: 14\r\n\r\n"
    "v=0\r\nm=video\r\n";

Message parsed(std::string_view text) {
  auto m = parse_message(as_bytes(text));
  INFO(text);
  REQUIRE(m.ok());
  CHECK(m.consumed() == text.size());
  return std::move(m).value();
}

Errc failure(std::string_view text) {
  const auto m = parse_message(as_bytes(text));
  REQUIRE(m.failed());
  return m.error().code;
}

}  // namespace

TEST_CASE("an RTSP answer is a status, a reason, headers and a body") {
  const Message m = parsed(kDescribeAnswer);
  CHECK(m.is_response());
  CHECK(m.status == 200);
  CHECK(m.reason == "OK");
  CHECK(m.cseq() == 3);
  CHECK(m.get("content-base") == "rtsp://192.0.2.10:554/cam/realmonitor?channel=1&subtype=0/");
  CHECK(m.body == "v=0\r\nm=video\r\n");
  CHECK(m.get("Session").empty());
}

TEST_CASE("an RTSP request is a method, a target and headers") {
  const Message m =
      parsed("GET_PARAMETER rtsp://192.0.2.10/a b RTSP/1.0\r\nCSeq: 7\r\nSession: 6342\r\n\r\n");
  CHECK_FALSE(m.is_response());
  CHECK(m.method == "GET_PARAMETER");
  CHECK(m.uri == "rtsp://192.0.2.10/a b");
  CHECK(m.cseq() == 7);
  CHECK(m.body.empty());
}

TEST_CASE("an RTSP message asks for more at every offset before its end, and for no more than is missing") {
  for (std::size_t cut = 0; cut < kDescribeAnswer.size(); ++cut) {
    INFO("cut at " << cut);
    const auto m = parse_message(as_bytes(kDescribeAnswer.substr(0, cut)));
    REQUIRE(m.need_more());
    CHECK(m.needed() >= 1);
    CHECK(m.needed() <= kDescribeAnswer.size() - cut);
  }
  const std::string two = std::string(kDescribeAnswer) + "RTSP/1.0 404 Not Found\r\n\r\n";
  const auto first = parse_message(as_bytes(two));
  REQUIRE(first.ok());
  CHECK(first.consumed() == kDescribeAnswer.size());
  CHECK(parsed(std::string_view(two).substr(first.consumed())).status == 404);
}

TEST_CASE("RTSP start lines as devices write them") {
  CHECK(parsed("RTSP/1.0 200\r\n\r\n").status == 200);
  CHECK(parsed("RTSP/1.0 200\r\n\r\n").reason.empty());
  CHECK(parsed("RTSP/1.0  454   Session Not Found \n\n").reason == "Session Not Found");
  CHECK(parsed("RTSP/1.1 551 Option not supported\r\n\n").status == 551);
  CHECK(parsed("HTTP/1.1 200 OK\r\n\r\n").status == 200);
}

TEST_CASE("what does not start as RTSP is refused") {
  for (const char* line :
       {"RTSP/1.0", "RTSP/1.0 ", "RTSP/1.0 abc", "RTSP/1.0 99 x", "RTSP/1.0 1000 x", "RTSP/1.0 -200 OK",
        "RTSP/1.0 200OK", "RTSP/2.0 200 OK", "OPTIONS", "OPTIONS RTSP/1.0", "OPTIONS * HTTP/1.1",
        "options * RTSP/1.0", "OP TIONS *", " ", "$\x01\x02", "\x80\x60", ":"}) {
    INFO(line);
    CHECK(failure(std::string(line) + "\r\n\r\n") == Errc::malformed);
  }
  CHECK(failure("\n\n") == Errc::malformed);
}

TEST_CASE("a broken RTSP start line is refused at its end, without waiting for headers") {
  CHECK(failure("Ab\x01\n") == Errc::malformed);
  CHECK(failure("RTSP/1.0 abc\r\nCSeq: 1\r\n") == Errc::malformed);
  CHECK(parse_message(as_bytes("RTSP/1.0 200 OK\r\n")).need_more());
}

TEST_CASE("RTSP headers may have odd white space, LF alone, no value, and repeat") {
  const Message m = parsed(
      "RTSP/1.0 401 Unauthorized\nCSEQ :  9\t\nServer:Rtsp Server/3.0\nX-Empty:\n:nameless\nnot a header\n"
      "WWW-Authenticate: Digest realm=\"a\"\nWWW-Authenticate: Basic realm=\"b\"\nTime: 12:30\n\n");
  CHECK(m.cseq() == 9);
  CHECK(m.get("Server") == "Rtsp Server/3.0");
  CHECK(m.get("Time") == "12:30");
  CHECK(m.headers.size() == 6);
  CHECK(m.get("x-empty").empty());
  CHECK(m.get("WWW-Authenticate") == "Digest realm=\"a\"");
  CHECK(m.get_all("www-authenticate") ==
        std::vector<std::string_view>{"Digest realm=\"a\"", "Basic realm=\"b\""});
}

TEST_CASE("a folded RTSP header is one value") {
  const Message m = parsed(
      "RTSP/1.0 200 OK\r\n folded: into nothing\r\nRTP-Info: "
      "url=rtsp://192.0.2.1/a;seq=1,\r\n\turl=rtsp://192.0.2.1/b;seq=2\r\n"
      "CSeq:\r\n 4\r\n\r\n");
  CHECK(m.get("RTP-Info") == "url=rtsp://192.0.2.1/a;seq=1, url=rtsp://192.0.2.1/b;seq=2");
  CHECK(m.cseq() == 4);
  CHECK(m.headers.size() == 2);
}

TEST_CASE("CSeq is a small number or nothing") {
  const auto cseq = [](std::string value) {
    return parsed("RTSP/1.0 200 OK\r\nCSeq: " + value + "\r\n\r\n").cseq();
  };
  CHECK(cseq("0") == 0);
  CHECK(cseq("2147483647") == 2147483647);
  for (const char* bad : {"", "2147483648", "-1", "+1", "1 2", "0x1", "99999999999999999999999"}) {
    INFO(bad);
    CHECK_FALSE(cseq(bad));
  }
}

TEST_CASE("an RTSP Content-Length may lie") {
  const auto with_length = [](std::string length) {
    return "RTSP/1.0 200 OK\r\nContent-Length: " + length + "\r\n\r\n";
  };
  CHECK(parsed(with_length("0")).body.empty());
  CHECK(parsed(with_length("")).body.empty());
  for (const char* not_a_number : {"-1", "-5", "+5", "abc", "5x", "0x10", "1 0", "5, 5"}) {
    INFO(not_a_number);
    CHECK(failure(with_length(not_a_number)) == Errc::malformed);
    CHECK(parse_message(as_bytes(with_length(not_a_number))).error().offset > 0);
  }
  const auto short_of_body = parse_message(as_bytes(with_length("100") + "only this"));
  REQUIRE(short_of_body.need_more());
  CHECK(short_of_body.needed() == 91);
  CHECK(parse_message(as_bytes(with_length(std::to_string(kMaxBody)))).needed() == kMaxBody);
  for (const std::string& huge :
       {std::to_string(kMaxBody + 1), std::string("4294967296"), std::string("18446744073709551615"),
        std::string("18446744073709551616"), std::string(30, '9')}) {
    INFO(huge);
    CHECK(failure(with_length(huge)) == Errc::too_large);
  }
}

TEST_CASE("an RTSP head has limits in bytes and in lines") {
  const std::string start = "RTSP/1.0 200 OK\r\nX: ";
  const std::string fits = start + std::string(kMaxHead - start.size() - 4, 'x') + "\r\n\r\n";
  CHECK(parsed(fits).headers.size() == 1);
  CHECK(parse_message(as_bytes(fits).first(kMaxHead - 1)).need_more());
  CHECK(failure(start + std::string(kMaxHead - start.size() - 3, 'x') + "\r\n\r\n") == Errc::too_large);
  CHECK(failure(start + std::string(2 * kMaxHead, 'x')) == Errc::too_large);

  std::string lines = "RTSP/1.0 200 OK\r\n";
  for (std::size_t i = 0; i < kMaxHeaders; ++i) lines += "A: b\r\n";
  CHECK(parsed(lines + "\r\n").headers.size() == kMaxHeaders);
  CHECK(failure(lines + "A: b\r\n\r\n") == Errc::too_large);
}

TEST_CASE("what is written is read again") {
  Message request;
  request.method = "SETUP";
  request.uri = "rtsp://192.0.2.10:554/cam/realmonitor?channel=1&subtype=0/trackID=0";
  request.set("CSeq", "4").set("Transport", "RTP/AVP/TCP;unicast;interleaved=0-1");
  CHECK(write_message(request) ==
        "SETUP rtsp://192.0.2.10:554/cam/realmonitor?channel=1&subtype=0/trackID=0 RTSP/1.0\r\nCSeq: 4\r\n"
        "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n\r\n");
  const Message again = parsed(write_message(request));
  CHECK(again.method == request.method);
  CHECK(again.uri == request.uri);
  CHECK(again.headers == request.headers);

  Message answer;
  answer.status = 200;
  answer.reason = "OK";
  answer.set("CSeq", "4");
  answer.body = "v=0\r\n";
  CHECK(write_message(answer) == "RTSP/1.0 200 OK\r\nCSeq: 4\r\nContent-Length: 5\r\n\r\nv=0\r\n");
  CHECK(parsed(write_message(answer)).body == answer.body);
}

TEST_CASE("RTSP numbers are digits and nothing else") {
  CHECK(to_number("18446744073709551615") == 18446744073709551615u);
  for (const char* bad : {"", " 1", "1 ", "+1", "-1", "1.0", "18446744073709551616"})
    CHECK_FALSE(to_number(bad));
}

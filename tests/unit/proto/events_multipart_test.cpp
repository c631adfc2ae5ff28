// The multipart bodies of event streams with everything firmware does to them (protocol http-rpc.md §11.1, §6.6).
#include <catch2/catch.hpp>

#include "proto/events/event.hpp"
#include "proto/events/multipart.hpp"

using namespace dmss;
using namespace dmss::proto::events;

namespace {

const std::string kJpeg("\xff\xd8--myboundary\r\n\r\n\xff\xd9 and \xff\xd9", 27);

/// Each part in a line: "h", "t:text" or "p:size".
std::vector<std::string> parts(MultipartReader& reader) {
  std::vector<std::string> out;
  while (const auto part = reader.next()) {
    switch (part->kind) {
      case Part::Kind::heartbeat: out.emplace_back("h"); break;
      case Part::Kind::text: out.push_back("t:" + std::string(part->text())); break;
      case Part::Kind::picture: out.push_back("p:" + std::to_string(part->body.size())); break;
    }
  }
  return out;
}

std::vector<std::string> read(std::string_view stream, std::size_t piece) {
  MultipartReader reader;
  std::vector<std::string> out;
  while (!stream.empty()) {
    const std::string_view head = stream.substr(0, piece);
    stream.remove_prefix(head.size());
    reader.feed(as_bytes(head));
    for (std::string& p : parts(reader)) out.push_back(std::move(p));
  }
  return out;
}

std::vector<std::string> read_split(std::string_view stream, std::size_t at) {
  MultipartReader reader;
  reader.feed(as_bytes(stream.substr(0, at)));
  std::vector<std::string> out = parts(reader);
  reader.feed(as_bytes(stream.substr(at)));
  for (std::string& p : parts(reader)) out.push_back(std::move(p));
  return out;
}

void check(const std::string& stream, const std::vector<std::string>& expected) {
  CHECK(read(stream, stream.size()) == expected);
  for (std::size_t at = 1; at < stream.size(); ++at) {
    if (read_split(stream, at) == expected) continue;
    CAPTURE(at);
    CHECK(read_split(stream, at) == expected);
  }
  for (const std::size_t piece : {1u, 2u, 3u, 7u}) {
    CAPTURE(piece);
    CHECK(read(stream, piece) == expected);
  }
}

constexpr const char* kSample =
    "--myboundary\r\nContent-Type: text/plain\r\nContent-Length: "
    "39\r\n\r\nCode=VideoMotion;action=Start;index=0\r\n\r\n"
    "--myboundary\r\nContent-Type: text/plain\r\nContent-Length:9\r\n\r\nHeartbeat\r\n\r\n";

const std::string kStart = "Code=VideoMotion;action=Start;index=0";
const std::string kStop = "Code=VideoMotion;action=Stop;index=0";
const std::string kData = kStart + ";data={\n   \"Id\" : [ 0 ],\n   \"Name\" : \"a;}b=\\\"{\"\n}";

}  // namespace

TEST_CASE("the notes' stream gives its event and its heartbeat") {
  check(kSample, {"t:" + kStart, "h"});
  CHECK(write_part("myboundary", kStart) + write_part("myboundary", "Heartbeat") == kSample);
}

TEST_CASE("an event is given when it is whole, not when the next one comes") {
  MultipartReader reader;
  const std::string block = write_part("myboundary", kData);
  reader.feed(as_bytes(std::string_view(block).substr(0, block.size() - 5)));
  CHECK(parts(reader).empty());
  reader.feed(as_bytes(std::string_view(block).substr(block.size() - 5, 1)));
  CHECK(parts(reader) == std::vector<std::string>{"t:" + kData});
  CHECK(reader.malformed() == 0);
}

TEST_CASE("lengths, blank lines, spaces and heads of every kind lead to the same events") {
  for (const int error : {-2, 0, 2}) {
    for (const LengthForm length : {LengthForm::with_space, LengthForm::without_space, LengthForm::absent}) {
      for (const bool blank : {true, false}) {
        for (const bool space : {true, false}) {
          const PartFormat f{length, error, blank, space};
          CAPTURE(error, static_cast<int>(length), blank, space);
          check(write_part("myboundary", kData, f) + write_part("myboundary", "Heartbeat", f) +
                    write_part("myboundary", kStop, f),
                {"t:" + kData, "h", "t:" + kStop});
        }
      }
    }
  }
  check("--myboundary\r\nContent-Length:9\r\nHeartbeat\r\n--myboundary\r\nContent-Length:37" + kStart +
            "\r\n--myboundary\n\nHeartbeat\n",
        {"h", "t:" + kStart, "h"});
}

TEST_CASE("a whole response in the middle of the stream is skipped") {
  const std::string response =
      "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: multipart/x-mixed-replace; "
      "boundary=myboundary\r\n\r\n";
  const std::string one = write_part("myboundary", kStart), two = write_part("myboundary", kStop);
  check(one + response + two, {"t:" + kStart, "t:" + kStop});
  check(one + "--myboundary\r\n" + response + two.substr(14), {"t:" + kStart, "t:" + kStop});
  check(one + "--myboundary\r\n" + response + two, {"t:" + kStart, "t:" + kStop});
  const std::size_t head = two.find("\r\n\r\n") + 4;
  check(one + two.substr(0, head) + response + two.substr(head), {"t:" + kStart, "t:" + kStop});
}

TEST_CASE("a cut block costs itself and not the next one, wherever it is cut") {
  const std::string first = write_part("myboundary", kData), second = write_part("myboundary", kStop);
  for (std::size_t cut = 0; cut < first.size(); ++cut) {
    CAPTURE(cut);
    const auto got = read(first.substr(0, cut) + second, 5);
    REQUIRE_FALSE(got.empty());
    CHECK(got.back() == "t:" + kStop);
    CHECK(got.size() <= 2);
  }
}

TEST_CASE("junk between parts is skipped and counted") {
  MultipartReader reader;
  reader.feed(as_bytes("junk" + write_part("myboundary", kStart) + "more junk\r\n" +
                       write_part("myboundary", kStop)));
  CHECK(parts(reader) == std::vector<std::string>{"t:" + kStart, "t:" + kStop});
  CHECK(reader.malformed() == 2);
}

TEST_CASE("an event whose line end never comes is given when the stream falls silent") {
  MultipartReader reader;
  reader.feed(as_bytes("--myboundary\r\nContent-Type: text/plain\r\nContent-Length: 37\r\n\r\n" + kStart));
  CHECK(parts(reader).empty());
  REQUIRE(reader.waiting());
  const auto part = reader.flush();
  REQUIRE(part);
  CHECK(part->text() == kStart);
  CHECK_FALSE(reader.waiting());
  CHECK_FALSE(reader.flush());
  reader.feed(as_bytes("\r\n" + write_part("myboundary", kStop)));
  CHECK(parts(reader) == std::vector<std::string>{"t:" + kStop});
}

TEST_CASE("pictures are cut out by their length, or by the boundary where it lies") {
  const std::string info = "Events[0].EventBaseInfo.Code=VideoMotion\r\nEvents[0].EventBaseInfo.Index=0";
  check(write_part("myboundary", info) + write_picture_part("myboundary", as_bytes(kJpeg)) +
            write_part("myboundary", "Heartbeat"),
        {"t:" + info, "p:27", "h"});
  std::string plain = "\xff\xd8 picture \xff\xd9";
  for (const char* length : {"", "Content-Length: 11\r\n", "Content-Length: 15\r\n"}) {
    CAPTURE(length);
    check("--myboundary\r\nContent-Type: image/jpeg\r\n" + std::string(length) + "\r\n" + plain + "\r\n\r\n" +
              write_part("myboundary", "Heartbeat"),
          {"p:13", "h"});
  }
  const std::string block = plain + "vendor block";  // cut off, whatever the length counts
  for (const char* length : {"", "Content-Length: 13\r\n", "Content-Length: 25\r\n"}) {
    CAPTURE(length);
    check("--myboundary\r\nContent-Type: image/jpeg\r\n" + std::string(length) + "\r\n" +
              (std::string_view(length).find("13") == std::string_view::npos ? block : plain) + "\r\n\r\n" +
              write_part("myboundary", "Heartbeat"),
          {"p:13", "h"});
  }
  check("--myboundary\r\nContent-Type: image/jpeg\r\nContent-Length: 40\r\n\r\n\xff\xd8 cut" +
            write_part("myboundary", kStart),
        {"t:" + kStart});
}

TEST_CASE("nothing grows without bounds") {
  MultipartReader reader;
  const std::string megabyte(1u << 20, 'x');
  for (int i = 0; i < 20; ++i) {
    reader.feed(as_bytes(megabyte));
    CHECK(parts(reader).empty());
  }
  for (const std::string& head :
       {std::string("--myboundary\r\n"), std::string("--myboundary\r\n\r\nCode="),
        std::string("--myboundary\r\n\r\nCode=A;data={\""),
        std::string("--myboundary\r\nContent-Type: image/jpeg\r\n\r\n"),
        std::string("--myboundary\r\nContent-Type: image/jpeg\r\nContent-Length: 99999999999\r\n\r\n"),
        std::string("--myboundary\r\nContent-Type: text/plain\r\n\r\nk=v\r\n")}) {
    const std::uint64_t before = reader.malformed();
    reader.feed(as_bytes(head));
    CHECK(parts(reader).empty());
    for (int i = 0; i < 10; ++i) {
      reader.feed(as_bytes(megabyte));
      CHECK(parts(reader).empty());
    }
    CHECK(reader.malformed() > before);
  }
  reader.feed(as_bytes("\r\n" + write_part("myboundary", kStop)));
  CHECK(parts(reader) == std::vector<std::string>{"t:" + kStop});
}

TEST_CASE("the boundary is read from the head, dashes and quotes or not") {
  CHECK(boundary_of("multipart/x-mixed-replace; boundary=myboundary") == "myboundary");
  CHECK(boundary_of("multipart/x-mixed-replace;Boundary=\"--other one\"; x=y") == "other one");
  CHECK(boundary_of("multipart/x-mixed-replace") == "myboundary");
  CHECK(boundary_of("multipart/x-mixed-replace; boundary=" + std::string(500, 'b')) == "myboundary");
  MultipartReader reader("frame");
  reader.feed(as_bytes("----frame\r\nContent-Length: 9\r\n\r\nHeartbeat\r\n"));
  CHECK(parts(reader) == std::vector<std::string>{"h"});
}

#include <catch2/catch.hpp>
#include <random>

#include "proto/dvrip/header.hpp"
#include "proto/dvrip/legacy.hpp"

using namespace dmss;
using namespace dmss::proto::dvrip;

namespace {

struct Whole {
  Header header;
  Bytes body;
  bool operator==(const Whole& o) const { return header.raw == o.header.raw && body == o.body; }
};

void drain(FrameReader& reader, std::vector<Whole>& out) {
  for (;;) {
    const auto f = reader.next();
    REQUIRE_FALSE(f.failed());
    if (!f.ok()) return;
    out.push_back({f.value().header, Bytes(f.value().body.begin(), f.value().body.end())});
  }
}

Bytes three_frames(std::vector<Whole>& expected) {
  Bytes stream;
  std::uint8_t fill = 1;
  for (std::size_t size : {0u, 49u, 5u}) {
    Whole w{Header(size == 5 ? static_cast<Command>(0x77) : Command::text), Bytes(size, fill++)};
    w.header.set_body_size(static_cast<std::uint32_t>(size));
    append_frame(stream, w.header, w.body);
    expected.push_back(w);
  }
  return stream;
}

}  // namespace

TEST_CASE("a frame is a header of 32 bytes with the body's length, then the body") {
  Header h(Command::system_info_reply, 0x68);
  h.set_u8(8, 0x07).set_le32(16, 0x4428f5ff);
  const Bytes body = {'a', 'b', 'c'};
  CHECK(to_hex(write_frame(h, body)) ==
        "b4 00 00 68 03 00 00 00 07 00 00 00 00 00 00 00 ff f5 28 44 00 00 00 00 00 00 00 00 00 00 00 00 61 "
        "62 63");
  CHECK(h.session() == 0x4428f5ff);
  CHECK(h.sub() == 7);
}

TEST_CASE("each command family keeps the session at its own place") {
  const auto session = [](Command c) {
    Header h(c);
    h.set_le32(8, 8).set_le32(16, 16).set_le32(24, 24);
    return h.session();
  };
  CHECK(session(Command::json) == 24);
  CHECK(session(Command::logout) == 8);
  CHECK(session(Command::logout_reply) == 8);
  CHECK(session(Command::tie) == 8);
  CHECK(session(Command::login_reply) == 16);
  CHECK(session(Command::text) == 16);
}

TEST_CASE("frames come out whole whatever the two pieces they arrive in") {
  std::vector<Whole> expected;
  const Bytes stream = three_frames(expected);
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    INFO("cut at " << cut);
    FrameReader reader;
    std::vector<Whole> got;
    reader.feed(ByteView(stream).first(cut));
    drain(reader, got);
    reader.feed(ByteView(stream).subspan(cut));
    drain(reader, got);
    CHECK(got == expected);
    CHECK(reader.buffered() == 0);
  }
}

TEST_CASE("frames come out whole byte by byte, and the reader says how much is missing") {
  std::vector<Whole> expected, got;
  const Bytes stream = three_frames(expected);
  FrameReader reader;
  for (std::uint8_t b : stream) {
    const auto room = reader.prepare(1);
    REQUIRE(room.size() >= 1);
    room[0] = b;
    reader.commit(1);
    drain(reader, got);
  }
  CHECK(got == expected);
  CHECK(reader.next().needed() == kHeaderSize);
  reader.feed(ByteView(stream).first(32 + 32));
  drain(reader, got);
  CHECK(reader.next().needed() == 49);
}

TEST_CASE("a body beyond the limit is refused before a byte of it is read, and stays refused") {
  Header h(Command::media);
  h.set_body_size(1001);
  FrameReader reader(1000);
  reader.feed(h.raw);
  for (int i = 0; i < 2; ++i) {
    const auto f = reader.next();
    REQUIRE(f.failed());
    CHECK(f.error().code == Errc::too_large);
    CHECK(f.error().offset == 4);
    reader.feed(Bytes(2000));
  }
  FrameReader fits(1001);
  fits.feed(h.raw);
  CHECK(fits.next().need_more());
}

TEST_CASE(
    "memory follows the bytes that came, not the bytes that were announced, and goes back after a large "
    "frame") {
  FrameReader reader;
  Header h(Command::media);
  h.set_body_size(kMaxBody);
  reader.feed(h.raw);
  CHECK(reader.next().need_more());
  CHECK(reader.capacity() <= 64u << 10);

  FrameReader big;
  big.feed(write_frame(Header(Command::media), Bytes(1u << 20)));
  CHECK(big.capacity() >= 1u << 20);
  {
    const auto f = big.next();
    REQUIRE(f.ok());
    CHECK(f.value().body.size() == 1u << 20);
  }
  (void)big.prepare();
  CHECK(big.capacity() <= 64u << 10);
}

TEST_CASE("a long run of media packets stays within a few times the packet size") {
  FrameReader reader;
  const Bytes packet = write_frame(Header(Command::media), Bytes(0x8000, 0x5a));
  Bytes stream;
  for (int i = 0; i < 40; ++i) stream.insert(stream.end(), packet.begin(), packet.end());
  std::size_t at = 0;
  int frames = 0;
  while (at < stream.size()) {
    const auto room = reader.prepare();
    const std::size_t n = std::min(room.size(), stream.size() - at);
    std::copy_n(stream.begin() + static_cast<std::ptrdiff_t>(at), n, room.begin());
    reader.commit(n);
    at += n;
    for (auto f = reader.next(); f.ok(); f = reader.next()) {
      REQUIRE(f.value().body.size() == 0x8000);
      CHECK(f.value().body.front() == 0x5a);
      CHECK(f.value().body.back() == 0x5a);
      ++frames;
    }
  }
  CHECK(frames == 40);
  CHECK(reader.capacity() <= 256u << 10);
}

TEST_CASE("the first bytes of a connection tell the protocol") {
  const auto of = [](std::string_view hex) { return detect(from_hex(hex)); };
  CHECK(of("20 00 00 00 44 48 49 50") == Protocol::dhip);
  CHECK(of("a0 05 00 60 00 00 00 00") == Protocol::dvrip);
  CHECK(of("f6 00 00 00 5f 00 00 00") == Protocol::dvrip);
  CHECK(of("11 00 00 00 28 00 00 00") == Protocol::dvrip);
  CHECK(of("a0 05 00 60 00 00 00") == Protocol::need_more);
  CHECK(of("16 03 01 02 00 01 00 01") == Protocol::unknown);
  CHECK(detect(as_bytes("GET / HTTP/1.1")) == Protocol::unknown);
}

TEST_CASE("random bytes never break the frame reader") {
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    FrameReader reader(4096);
    bool failed = false;
    for (int i = 0; i < 20 && !failed; ++i) {
      Bytes junk(random() % 200);
      for (auto& b : junk) b = static_cast<std::uint8_t>(random() % 4 == 0 ? random() : 0);
      reader.feed(junk);
      for (auto f = reader.next(); !f.need_more(); f = reader.next()) {
        if ((failed = f.failed())) break;
        REQUIRE(f.value().body.size() == f.value().header.body_size());
        (void)parse_live(f.value().header, f.value().body);
        (void)parse_tie(f.value().header);
        (void)parse_channel_names(f.value().body);
      }
    }
    CHECK(reader.buffered() <= 32 + 4096 + 200 * 20);
  }
}

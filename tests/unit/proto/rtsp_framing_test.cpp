#include <catch2/catch.hpp>

#include "proto/rtsp/framing.hpp"
#include "proto/rtsp/message.hpp"

using namespace dmss;
using namespace dmss::proto::rtsp;

namespace {

/// "packet 0 aabb", "text 200", "junk 3": everything that comes out of a stream, in order.
using Seen = std::vector<std::string>;

/// Takes what is whole from the front of `buffer`, as a connection does.
void drain(Bytes& buffer, Interleaving interleaving, Seen& seen) {
  for (;;) {
    const Item item = next_item(buffer, interleaving);
    std::size_t used = item.size;
    if (item.kind == Item::Kind::need_more) {
      REQUIRE(item.size > 0);
      return;
    }
    if (item.kind == Item::Kind::packet) {
      seen.push_back("packet " + std::to_string(item.channel) + " " + to_hex(item.data));
    } else if (item.kind == Item::Kind::junk) {
      REQUIRE(item.size > 0);
      REQUIRE(item.size <= buffer.size());
      if (seen.empty() || seen.back() != "junk") seen.push_back("junk");
    } else {
      const auto m = parse_message(buffer);
      if (m.need_more()) return;
      seen.push_back(m.ok() ? "text " + std::to_string(m.value().status) : "broken text");
      used = m.ok() ? m.consumed() : 1;
    }
    buffer.erase(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(used));
  }
}

Bytes packet(std::uint8_t channel, ByteView data) {
  Bytes out(4);
  write_interleaved_head(out.data(), channel, static_cast<std::uint16_t>(data.size()));
  out.insert(out.end(), data.begin(), data.end());
  return out;
}

Bytes joined(std::initializer_list<Bytes> parts) {
  Bytes out;
  for (const Bytes& p : parts) out.insert(out.end(), p.begin(), p.end());
  return out;
}

Bytes text(std::string_view s) {
  return Bytes(s.begin(), s.end());
}

Seen whole(Bytes stream, Interleaving interleaving = Interleaving::rtp) {
  Seen seen;
  drain(stream, interleaving, seen);
  return seen;
}

const Bytes kMixed =
    joined({text("RTSP/1.0 200 OK\r\nCSeq: 5\r\n\r\n"), packet(0, Bytes{0x80, '$', 'R', 0x0a}), packet(1, {}),
            text("RTSP/1.0 404 Not Found\r\nContent-Length: 2\r\n\r\n$R"), text("\r\n\r\nxyz"),
            packet(255, Bytes{1, 2, 3}), text("OPTIONS * RTSP/1.0\r\n\r\n")});
const Seen kMixedSeen = {"text 200", "packet 0 80 24 52 0a", "packet 1 ", "text 404",
                         "junk",     "packet 255 01 02 03",  "text 0"};

}  // namespace

TEST_CASE("a head of four bytes tells channel and length of an interleaved packet") {
  const Bytes p = packet(2, Bytes{0xaa, 0xbb});
  CHECK(to_hex(p) == "24 02 00 02 aa bb");
  const Item item = next_item(p, Interleaving::rtp);
  CHECK(item.kind == Item::Kind::packet);
  CHECK(item.channel == 2);
  CHECK(to_hex(item.data) == "aa bb");
  CHECK(item.size == 6);
}

TEST_CASE("packets, messages and junk come out in order whatever the two pieces they arrive in") {
  CHECK(whole(kMixed) == kMixedSeen);
  for (std::size_t cut = 0; cut <= kMixed.size(); ++cut) {
    INFO("cut at " << cut);
    Bytes buffer(kMixed.begin(), kMixed.begin() + static_cast<std::ptrdiff_t>(cut));
    Seen seen;
    drain(buffer, Interleaving::rtp, seen);
    buffer.insert(buffer.end(), kMixed.begin() + static_cast<std::ptrdiff_t>(cut), kMixed.end());
    drain(buffer, Interleaving::rtp, seen);
    CHECK(seen == kMixedSeen);
    CHECK(buffer.empty());
  }
}

TEST_CASE("packets, messages and junk come out in order byte by byte") {
  Bytes buffer;
  Seen seen;
  for (std::uint8_t b : kMixed) {
    buffer.push_back(b);
    drain(buffer, Interleaving::rtp, seen);
  }
  CHECK(seen == kMixedSeen);
}

TEST_CASE("the framing says how many bytes of a packet are missing") {
  const auto missing = [](std::string_view hex, Interleaving i) {
    const Item item = next_item(from_hex(hex), i);
    REQUIRE(item.kind == Item::Kind::need_more);
    return item.size;
  };
  CHECK(missing("", Interleaving::rtp) == 1);
  CHECK(missing("24", Interleaving::rtp) == 3);
  CHECK(missing("24 00 ff", Interleaving::rtp) == 1);
  CHECK(missing("24 00 ff ff", Interleaving::rtp) == 0xffff);
  CHECK(missing("24 00 ff ff 01", Interleaving::rtp) == 0xfffe);
  CHECK(missing("24 00 00 00 00", Interleaving::dh) == 1);
  CHECK(missing("24 00 00 00 00 20 44", Interleaving::dh) == 0x1f);
}

TEST_CASE("DH framing carries a length of 32 bits and one DHAV frame") {
  const Bytes stream = joined({from_hex("24 0a 00 00 00 04 44 48 41 56"), text("RTSP/1.0 200 OK\r\n\r\n"),
                               from_hex("24 00 00 00 00 00"), Bytes{'$', 0, 0, 1, 0, 0}, Bytes(0x10000, 7)});
  const Seen seen = whole(stream, Interleaving::dh);
  REQUIRE(seen.size() == 4);
  CHECK(seen[0] == "packet 10 44 48 41 56");
  CHECK(seen[1] == "text 200");
  CHECK(seen[2] == "packet 0 ");
  CHECK(next_item(ByteView(stream).last(0x10006), Interleaving::dh).data.size() == 0x10000);
}

TEST_CASE("a DH length beyond the limit is junk, and what follows it is found again") {
  Bytes at_limit = from_hex("24 00 01 00 00 00");
  CHECK(next_item(at_limit, Interleaving::dh).size == kMaxDhFrame);
  for (const char* hex : {"24 00 01 00 00 01", "24 00 ff ff ff ff", "24 00 7f ff ff ff"}) {
    INFO(hex);
    const Bytes stream = joined({from_hex(hex), from_hex("24 03 00 00 00 01 ee")});
    const Seen seen = whole(stream, Interleaving::dh);
    CHECK(seen == Seen{"junk", "packet 3 ee"});
  }
}

TEST_CASE("junk ends where a packet or an answer may start") {
  CHECK(whole(text("\x01\x02\x03$")) == Seen{"junk"});
  CHECK(next_item(text("\x01\x02\x03$"), Interleaving::rtp).size == 3);
  CHECK(next_item(text("\x01\x02RTS"), Interleaving::rtp).size == 2);
  CHECK(next_item(text("\x01RTSX/$"), Interleaving::rtp).size == 6);
  CHECK(next_item(text("\x01"), Interleaving::rtp).size == 1);
  CHECK(next_item(Bytes(1000, 0), Interleaving::rtp).size == 1000);
}

TEST_CASE("capital letters are a message only where a method or a version is whole") {
  for (const char* start : {"PLAY *", "RTSP/1", "HTTP/1", "GET_PARAMETER *", "REDIRECT *"}) {
    INFO(start);
    const Bytes b = text(start);
    CHECK(next_item(b, Interleaving::rtp).kind == Item::Kind::text);
    const Item first = next_item(ByteView(b).first(4), Interleaving::rtp);
    CHECK(first.kind == Item::Kind::need_more);
    CHECK(first.size == 1);
  }
  for (const char* junk : {"R\xed", "RTSP\x01", "RTSX/", "IN IP4", "PLAY/", "ABCDEFGHIJKLMNOPQ", "Rtsp/"}) {
    INFO(junk);
    CHECK(next_item(text(junk), Interleaving::rtp).kind == Item::Kind::junk);
  }
}

TEST_CASE(
    "junk with capital letters does not hold up the packet behind it, whatever the two pieces it arrives "
    "in") {
  const Bytes stream = joined({text("\x01R\xedPLAY \nRTSP"), packet(3, Bytes{0xee})});
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    INFO("cut at " << cut);
    Bytes buffer(stream.begin(), stream.begin() + static_cast<std::ptrdiff_t>(cut));
    Seen seen;
    drain(buffer, Interleaving::rtp, seen);
    buffer.insert(buffer.end(), stream.begin() + static_cast<std::ptrdiff_t>(cut), stream.end());
    drain(buffer, Interleaving::rtp, seen);
    REQUIRE_FALSE(seen.empty());
    CHECK(seen.back() == "packet 3 ee");
    CHECK(buffer.empty());
  }
}

TEST_CASE("any channel is passed on with its number") {
  for (int channel = 0; channel < 256; ++channel) {
    const Item item = next_item(packet(static_cast<std::uint8_t>(channel), Bytes{9}), Interleaving::rtp);
    REQUIRE(item.kind == Item::Kind::packet);
    CHECK(item.channel == channel);
  }
}

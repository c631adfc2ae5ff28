#include <catch2/catch.hpp>
#include <random>

#include "proto/dvrip/dhip.hpp"
#include "proto/dvrip/json_frame.hpp"
#include "proto/rpc/split.hpp"

using namespace std::string_view_literals;
using namespace dmss;
using namespace dmss::proto::dvrip;

namespace {

constexpr std::string_view kKeepAlive =
    R"({"id":7,"method":"global.keepAlive","params":{"timeout":30,"active":true},"session":1143535103})";
constexpr std::string_view kLogin =
    R"({"id":1,"magic":"0x1234","method":"global.login","params":{"clientType":"Web3.0","loginType":"Direct","password":"","userName":"admin"},"session":0})";

std::vector<std::string> drain(DhipReader& reader) {
  std::vector<std::string> out;
  for (;;) {
    auto m = reader.next();
    REQUIRE_FALSE(m.failed());
    if (!m.ok()) return out;
    out.push_back(std::to_string(m.value().id) + " " + std::string(m.value().text()));
  }
}

std::vector<std::string> assemble(const Bytes& stream) {
  FrameReader reader;
  JsonAssembler assembler;
  reader.feed(stream);
  std::vector<std::string> out;
  for (auto f = reader.next(); f.ok(); f = reader.next()) {
    auto m = assembler.add(f.value());
    REQUIRE_FALSE(m.failed());
    if (m.ok()) out.push_back(std::to_string(m.value().id) + " " + std::string(m.value().text()));
  }
  return out;
}

}  // namespace

TEST_CASE("the f6 keep-alive is the golden frame") {
  const Bytes frame = write_json(7, 0x4428f5ff, kKeepAlive);
  CHECK(to_hex(ByteView(frame).first(32)) ==
        "f6 00 00 00 5f 00 00 00 07 00 00 00 00 00 00 00 5f 00 00 00 00 00 00 00 ff f5 28 44 00 00 00 00");
  CHECK(as_text(ByteView(frame).subspan(32)) == kKeepAlive);
  CHECK(assemble(frame) == std::vector<std::string>{"7 " + std::string(kKeepAlive)});
}

TEST_CASE("the vendor's trailer counts and is cut off again") {
  JsonFrameOptions options;
  options.trailer = "\n\0"sv;
  options.version = 0x68;
  const Bytes frame = write_json(1, 2, "{}", options);
  CHECK(to_hex(frame) ==
        "f6 00 00 68 04 00 00 00 01 00 00 00 00 00 00 00 04 00 00 00 00 00 00 00 02 00 00 00 00 00 00 00 7b "
        "7d 0a 00");
  CHECK(assemble(frame) == std::vector<std::string>{"1 {}"});
  CHECK(JsonMessage{0, 0, Bytes{'\n', 0, ' '}}.text().empty());
}

TEST_CASE("f6 fragments of several messages are joined by id") {
  JsonFrameOptions options;
  options.max_fragment = 10;
  const Bytes a = write_json(1, 5, kKeepAlive, options), b = write_json(2, 5, kLogin, options);
  // Frame of a, frame of b, ... interleaved, with a whole one between.
  FrameReader ra, rb;
  ra.feed(a);
  rb.feed(b);
  Bytes mixed;
  bool more = true, once = false;
  while (more) {
    more = false;
    for (FrameReader* r : {&ra, &rb}) {
      const auto f = r->next();
      if (!f.ok()) continue;
      append_frame(mixed, f.value().header, f.value().body);
      more = true;
    }
    if (!once) {
      const Bytes whole = write_json(3, 5, "{\"x\":1}");
      mixed.insert(mixed.end(), whole.begin(), whole.end());
      once = true;
    }
  }
  CHECK(assemble(mixed) ==
        std::vector<std::string>{"3 {\"x\":1}", "1 " + std::string(kKeepAlive), "2 " + std::string(kLogin)});
}

TEST_CASE("a total that is missing counts as a whole message") {
  FragmentAssembler a;
  const auto m = a.add(1, 2, 0, as_bytes("{}"));
  REQUIRE(m.ok());
  CHECK(m.value().text() == "{}");
  CHECK(a.unfinished() == 0);
}

TEST_CASE("fragments cannot grow beyond their limits") {
  FragmentLimits limits;
  limits.max_message = 100;
  limits.max_fragments = 4;
  limits.max_unfinished = 2;
  const Bytes ten(10), sixty(60);
  SECTION("announced total") {
    CHECK(FragmentAssembler(limits).add(1, 0, 101, ten).error().code == Errc::too_large);
  }
  SECTION("one large fragment") {
    CHECK(FragmentAssembler(limits).add(1, 0, 0, Bytes(101)).error().code == Errc::too_large);
  }
  SECTION("number of unfinished messages") {
    FragmentAssembler a(limits);
    CHECK(a.add(1, 0, 20, ten).need_more());
    CHECK(a.add(2, 0, 20, ten).need_more());
    CHECK(a.add(3, 0, 20, ten).error().code == Errc::too_large);
    CHECK(a.unfinished() == 2);
  }
  SECTION("bytes of all unfinished messages") {
    FragmentAssembler a(limits);
    CHECK(a.add(1, 0, 100, sixty).need_more());
    CHECK(a.add(2, 0, 100, sixty).error().code == Errc::too_large);
  }
  SECTION("number of fragments, empty ones too") {
    FragmentAssembler a(limits);
    for (int i = 0; i < 4; ++i) CHECK(a.add(1, 0, 20, {}).need_more());
    CHECK(a.add(1, 0, 20, {}).error().code == Errc::too_large);
  }
  SECTION("more than announced") {
    FragmentAssembler a(limits);
    CHECK(a.add(1, 0, 15, ten).needed() == 5);
    CHECK(a.add(1, 0, 15, ten).error().code == Errc::malformed);
  }
  SECTION("totals that differ") {
    FragmentAssembler a(limits);
    CHECK(a.add(1, 0, 15, ten).need_more());
    CHECK(a.add(1, 0, 16, ByteView(ten).first(5)).error().code == Errc::malformed);
  }
  SECTION("a total that only the first fragment tells") {
    FragmentAssembler a(limits);
    CHECK(a.add(1, 0, 15, ten).need_more());
    CHECK(a.add(1, 0, 0, ByteView(ten).first(5)).value().body.size() == 15);
  }
  SECTION("memory is free again after a message") {
    FragmentAssembler a(limits);
    for (std::uint32_t id = 0; id < 50; ++id) {
      CHECK(a.add(id, 0, 100, sixty).need_more());
      CHECK(a.add(id, 0, 100, Bytes(40)).ok());
    }
  }
}

TEST_CASE("the first DHIP login is the golden packet") {
  const Bytes packet = write_dhip(1, 0, kLogin);
  CHECK(to_hex(ByteView(packet).first(32)) ==
        "20 00 00 00 44 48 49 50 00 00 00 00 01 00 00 00 94 00 00 00 00 00 00 00 94 00 00 00 00 00 00 00");
  CHECK(as_text(ByteView(packet).subspan(32)) == kLogin);
}

TEST_CASE("the captured DHIP notification header is read") {
  const auto h = parse_dhip_header(from_hex(
      "20 00 00 00 44 48 49 50 2a 51 a8 66 08 00 00 00 6d 04 00 00 00 00 00 00 6d 04 00 00 00 00 00 00"));
  REQUIRE(h.ok());
  CHECK(h.value().session == 1722306858);
  CHECK(h.value().id == 8);
  CHECK(h.value().size == 0x46d);
  CHECK(h.value().total == 0x46d);
  CHECK(parse_dhip_header(Bytes(31)).needed() == 1);
  CHECK(parse_dhip_header(Bytes(32)).error().code == Errc::malformed);
}

TEST_CASE("DHIP messages come out whole at every cut, fragmented or back to back") {
  Bytes stream = write_dhip(1, 9, kLogin, {"\n", 40});
  for (const Bytes& more : {write_dhip(2, 9, "{}", {"\n", 0}), write_dhip(3, 9, kKeepAlive)}) {
    stream.insert(stream.end(), more.begin(), more.end());
  }
  const std::vector<std::string> expected = {"1 " + std::string(kLogin), "2 {}",
                                             "3 " + std::string(kKeepAlive)};
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    INFO("cut at " << cut);
    DhipReader reader;
    reader.feed(ByteView(stream).first(cut));
    auto got = drain(reader);
    reader.feed(ByteView(stream).subspan(cut));
    for (auto& s : drain(reader)) got.push_back(s);
    CHECK(got == expected);
    CHECK(reader.buffered() == 0);
  }
}

TEST_CASE("DHIP stays broken once its framing is lost") {
  DhipReader reader;
  reader.feed(Bytes(32, 0x41));
  CHECK(reader.next().error().code == Errc::malformed);
  reader.feed(write_dhip(1, 0, "{}"));
  CHECK(reader.next().error().code == Errc::malformed);

  FragmentLimits limits;
  limits.max_message = 64;
  DhipReader small(limits);
  Bytes header;
  append_dhip_header(header, {0, 1, 65, 0, 65});
  small.feed(header);
  CHECK(small.next().error().code == Errc::too_large);
}

TEST_CASE("random bytes behind a true magic never break the DHIP reader") {
  std::mt19937 engine(11);
  const auto random = [&engine] { return static_cast<std::uint32_t>(engine()); };
  for (int round = 0; round < 300; ++round) {
    FragmentLimits limits;
    limits.max_message = 4096;
    DhipReader reader(limits);
    for (int i = 0; i < 30; ++i) {
      DhipHeader h{random(), random() % 3, random() % 100, 0, random() % 300};
      Bytes packet;
      append_dhip_header(packet, h);
      packet.resize(packet.size() + h.size, '{');
      reader.feed(packet);
      for (auto m = reader.next(); m.ok(); m = reader.next()) CHECK(m.value().body.size() <= 4096);
    }
  }
}

TEST_CASE("objects that stand back to back in one body are taken apart") {
  using proto::rpc::split_body;
  const auto body = split_body("{\"a\":\"}\\\"{\"}\n{\"b\":[1,{}]}{}\n\0"sv);
  REQUIRE(body.objects.size() == 3);
  CHECK(body.objects[0] == "{\"a\":\"}\\\"{\"}");
  CHECK(body.objects[1] == "{\"b\":[1,{}]}");
  CHECK(body.objects[2] == "{}");
  CHECK(body.rest.empty());
  const auto attached = split_body("{\"a\":1}\n\xff\xd8 data");
  CHECK(attached.objects.size() == 1);
  CHECK(attached.rest == "\xff\xd8 data");
  const auto unfinished = split_body("{}{\"a\":");
  CHECK(unfinished.objects.size() == 1);
  CHECK(unfinished.rest == "{\"a\":");
}

TEST_CASE("an object is found at every cut of a stream or not at all") {
  using proto::rpc::next_object;
  const std::string text =
      std::string("\xef\xbb\xbf\r\n") + R"({"k":"a\\\"}{","l":[[{}],"]"]})" + "{\"next\":1}";
  const std::size_t start = 5, end = text.find("{\"next");
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    INFO(cut);
    const auto p = next_object(std::string_view(text).substr(0, cut));
    if (cut >= 1 && cut < 3) {
      CHECK(p.failed());  // half a byte-order mark is no JSON
    } else if (cut < end) {
      CHECK(p.need_more());
    } else {
      REQUIRE(p.ok());
      CHECK(p.value() == std::string_view(text).substr(start, end - start));
      CHECK(p.consumed() == end);
    }
  }
  CHECK(next_object("HTTP").error().code == Errc::malformed);
}

TEST_CASE("nesting, size and number of values are bounded before anything is built") {
  using proto::rpc::JsonLimits;
  using proto::rpc::next_object;
  JsonLimits limits;
  CHECK(next_object(std::string(64, '[') + std::string(64, ']'), limits).ok());
  CHECK(next_object(std::string(65, '[') + std::string(65, ']'), limits).error().code == Errc::too_large);
  CHECK(next_object(std::string(5000000, '['), limits).error().code == Errc::too_large);
  limits.max_values = 3;
  CHECK(next_object("[1,2,3]", limits).ok());
  CHECK(next_object("[1,2,3,4]", limits).error().code == Errc::too_large);
  limits.max_bytes = 4;
  CHECK(next_object("[12]", limits).ok());
  CHECK(next_object("[123]", limits).error().code == Errc::too_large);
}

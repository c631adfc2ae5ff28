#include <catch2/catch.hpp>

#include "proto/rtp/packet.hpp"
#include "proto/rtp/sequence.hpp"

using namespace dmss;
using namespace dmss::proto::rtp;

namespace {

// Marker, type 96, sequence 47121, time 3475222385, source 30A98EE7.
const std::string kHead = "e0 b8 11 cf 23 af 71 30 a9 8e e7";

std::string payload(std::string_view hex) {
  const Bytes in = from_hex(hex);
  const auto p = parse(in);
  REQUIRE(p);
  CHECK(p->sequence == 47121);
  return to_hex(p->payload);
}

bool refused(std::string_view hex) {
  return !parse(from_hex(hex));
}

}  // namespace

TEST_CASE("an RTP packet is a head of twelve bytes and a payload") {
  const Bytes in = from_hex("80 " + kHead + " 65 88");
  const auto p = parse(in);
  REQUIRE(p);
  CHECK(p->marker);
  CHECK(p->payload_type == 96);
  CHECK(p->sequence == 47121);
  CHECK(p->timestamp == 3475222385u);
  CHECK(p->ssrc == 0x30A98EE7u);
  CHECK(to_hex(p->payload) == "65 88");
  std::uint8_t head[kHeaderSize];
  write_header(head, *p);
  CHECK(to_hex(head) == "80 " + kHead);
  CHECK(payload("80 " + kHead) == "");
}

TEST_CASE("an RTP head is written without marker and with seven bits of type") {
  Packet p;
  p.payload_type = 0xff;
  std::uint8_t head[kHeaderSize];
  write_header(head, p);
  CHECK(to_hex(head) == "80 7f 00 00 00 00 00 00 00 00 00 00");
}

TEST_CASE("sources, extension and padding of an RTP packet are not payload") {
  CHECK(payload("82 " + kHead + " 00 00 00 01 00 00 00 02 aa") == "aa");
  CHECK(payload("90 " + kHead + " ab ac 00 03 01 02 03 04 05 06 07 08 09 0a 0b 0c aa") == "aa");
  CHECK(payload("90 " + kHead + " be de 00 00 aa") == "aa");
  CHECK(payload("a0 " + kHead + " aa bb 00 00 03") == "aa bb");
  CHECK(payload("a0 " + kHead + " 01") == "");
  CHECK(payload("b1 " + kHead + " 00 00 00 01 ab ac 00 01 01 02 03 04 aa 00 02") == "aa");
}

TEST_CASE("lying lengths in an RTP head are refused") {
  CHECK(refused(""));
  CHECK(refused("80 " + kHead.substr(0, kHead.size() - 3)));
  CHECK(refused("40 " + kHead));
  CHECK(refused("00 " + kHead));
  CHECK(refused("c0 " + kHead));
  CHECK(refused("8f " + kHead + " 00 00 00 01"));
  CHECK(refused("81 " + kHead + " 00 00 00"));
  CHECK(refused("90 " + kHead));
  CHECK(refused("90 " + kHead + " be de 00"));
  CHECK(refused("90 " + kHead + " be de 00 01 01 02 03"));
  CHECK(refused("90 " + kHead + " be de ff ff 01 02 03 04"));
  CHECK(refused("a0 " + kHead + " aa 00"));
  CHECK(refused("a0 " + kHead + " aa 03"));
  CHECK(refused("a0 " + kHead + " aa ff"));
  CHECK(refused("a0 " + kHead));
  CHECK(refused("b0 " + kHead + " be de 00 00 05"));
}

TEST_CASE("the sequence tracker counts what is missing, across the wrap") {
  SequenceTracker t;
  CHECK_FALSE(t.started());
  CHECK(t.add(65533) == 0);
  CHECK(t.started());
  CHECK(t.add(65534) == 0);
  CHECK(t.add(1) == 2);
  CHECK(t.add(1) < 0);
  CHECK(t.add(65535) < 0);
  CHECK(t.add(2) == 0);
  CHECK(t.lost() == 2);
  const ReportBlock b = t.report();
  CHECK(b.highest_sequence == 0x10002u);
  CHECK(b.lost == 0);  // the duplicate and the late one came, so six of six
}

TEST_CASE("a report tells the loss since the last one and in all") {
  SequenceTracker t;
  for (std::uint16_t s = 0; s < 100; ++s) {
    if (s % 4 != 1) t.add(s);
  }
  ReportBlock b = t.report();
  CHECK(int(b.fraction_lost) == 64);
  CHECK(b.lost == 25);
  CHECK(b.highest_sequence == 99);
  for (std::uint16_t s = 100; s < 200; ++s) t.add(s);
  b = t.report();
  CHECK(int(b.fraction_lost) == 0);
  CHECK(b.lost == 25);
  for (int i = 0; i < 30; ++i) t.add(199);
  b = t.report();
  CHECK(int(b.fraction_lost) == 0);
  CHECK(b.lost == -5);
}

TEST_CASE("a report before anything came tells of no loss") {
  SequenceTracker t;
  const ReportBlock b = t.report();
  CHECK(b.lost == 0);
  CHECK(int(b.fraction_lost) == 0);
}

TEST_CASE("a jump of more than 3000 is a new start and no loss") {
  SequenceTracker t;
  t.add(10);
  CHECK(t.add(3010) == 2999);
  CHECK(t.add(6011) == 1);
  CHECK(t.lost() == 2999);
  CHECK(t.add(6012) == 0);
  const ReportBlock b = t.report();
  CHECK(b.lost == 0);
  CHECK(b.highest_sequence == 6012);
  CHECK(t.add(1000) == 1);
  CHECK(t.add(1001) == 0);
}

TEST_CASE("jitter is zero in step and grows with uneven arrival") {
  SequenceTracker t;
  t.add(1);
  for (std::uint32_t i = 0; i < 10; ++i) t.add_timing(0xfffff000u + i * 3600, 0xfffffff0u + i * 3600);
  CHECK(t.report().jitter == 0);
  t.add_timing(0xfffff000u + 10 * 3600 + 1600, 0xfffffff0u + 10 * 3600);
  CHECK(t.report().jitter == 100);
  for (std::uint32_t i = 11; i < 1000; ++i) t.add_timing(i * 3600 + (i % 2) * 160, i * 3600);
  const std::uint32_t jitter = t.report().jitter;
  CHECK(jitter > 140);
  CHECK(jitter <= 160);
}

TEST_CASE("RTP time stamps go on across the wrap, and back") {
  TimestampUnwrapper u;
  CHECK(u.unwrap(0xffffff00) == 0xffffff00);
  CHECK(u.unwrap(0x100) == 0x100000100);
  CHECK(u.unwrap(0xffffff80) == 0xffffff80);
  CHECK(u.unwrap(0x80000000) == 0x80000000);
  CHECK(u.unwrap(0x00000010) == 0x00000010);
}

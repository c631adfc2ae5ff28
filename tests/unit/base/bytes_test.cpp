#include "base/bytes.hpp"

#include <catch2/catch.hpp>

using namespace dmss;

TEST_CASE("reader stops at the end and stays failed") {
  const Bytes data = from_hex("01 02 03 04 05");
  Reader r(data);
  CHECK(r.le16() == 0x0201);
  CHECK(r.be16() == 0x0304);
  CHECK(r.le32() == 0);
  CHECK(r.failed());
  CHECK(r.u8() == 0);
  CHECK(r.offset() == 4);
}

TEST_CASE("writer and reader agree on every width") {
  Bytes out;
  Writer(out).u8(1).le16(0x1234).le32(0xdeadbeef).be16(0x1234).be32(0xdeadbeef).text("ab").zeros(2);
  CHECK(to_hex(out) == "01 34 12 ef be ad de 12 34 de ad be ef 61 62 00 00");
  Reader r(out);
  r.skip(1);
  CHECK(r.le16() == 0x1234);
  CHECK(r.le32() == 0xdeadbeef);
  CHECK(r.be16() == 0x1234);
  CHECK(r.be32() == 0xdeadbeef);
  CHECK(as_text(r.bytes(2)) == "ab");
  CHECK(r.left() == 2);
}

TEST_CASE("hex refuses what is not hex") {
  CHECK(from_hex("0").empty());
  CHECK(from_hex("0g").empty());
  CHECK(from_hex(" a0\n05 ") == Bytes{0xa0, 0x05});
}

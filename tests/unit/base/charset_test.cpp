#include "base/charset.hpp"

#include <catch2/catch.hpp>

using namespace dmss;

namespace {

const std::string kGate = "\xe5\xa4\xa7\xe9\x97\xa8";  // 大门
const std::string kGateGbk = "\xb4\xf3\xc3\xc5";       // the same in GBK
const std::string kDoor = "T\xc3\xbcr 1";              // Tür 1
const std::string kDoorLatin = "T\xfcr 1";             // the same in Latin-1

}  // namespace

TEST_CASE("charset: UTF-8 and ASCII stay what they are") {
  CHECK(guess_charset("Gate") == Charset::utf8);
  CHECK(guess_charset(kGate) == Charset::utf8);
  CHECK(guess_charset("") == Charset::utf8);
  CHECK(to_utf8(kDoor, Charset::utf8) == kDoor);
  CHECK(from_utf8(kGate, Charset::utf8) == kGate);
  CHECK(to_utf8("a\xff", Charset::utf8) == "a\xef\xbf\xbd");
}

TEST_CASE("charset: GBK is told by its pairs and survives both ways") {
  CHECK(guess_charset(kGateGbk) == Charset::gbk);
  CHECK(guess_charset("table.ChannelTitle[0].Name=" + kGateGbk + "1\r\n") == Charset::gbk);
  CHECK(to_utf8(kGateGbk, Charset::gbk) == kGate);
  CHECK(from_utf8(kGate, Charset::gbk) == kGateGbk);
  CHECK(to_utf8("\xe9\x46", Charset::gbk) == "\xe9\x95\x95");  // 镕, whose second byte is 'F'
  CHECK(from_utf8("\xe9\x95\x95", Charset::gbk) == "\xe9\x46");
}

TEST_CASE("charset: Latin-1 is what stands alone between letters") {
  CHECK(guess_charset(kDoorLatin) == Charset::latin1);
  CHECK(to_utf8(kDoorLatin, Charset::latin1) == kDoor);
  CHECK(from_utf8(kDoor, Charset::latin1) == kDoorLatin);
}

TEST_CASE("charset: UTF-8 with a character cut in two is UTF-8") {
  const std::string cut = kGate + kGate + kGate + kGate + kGate.substr(0, 2);
  CHECK(guess_charset(cut) == Charset::utf8);
  CHECK(guess_charset(kGate.substr(0, 4)) != Charset::utf8);
  CHECK(guess_charset(kGateGbk + kGateGbk + kGateGbk + kGateGbk) == Charset::gbk);
}

TEST_CASE("charset: what cannot be converted is said, and what is broken does not break the rest") {
  CHECK_FALSE(from_utf8(kGate, Charset::latin1));
  CHECK_FALSE(from_utf8("\xff", Charset::latin1));
  CHECK_FALSE(from_utf8("\xf0\x9f\x98\x80", Charset::gbk));  // an emoji
  CHECK(to_utf8(kGateGbk + "\xb4", Charset::gbk) == kGate + "\xef\xbf\xbd");
  CHECK(to_utf8("\xff\xff=1", Charset::gbk) == "\xef\xbf\xbd\xef\xbf\xbd=1");
}

TEST_CASE("charset: megabytes of broken text take no longer than their length asks for") {
  constexpr std::size_t kTimes = 800000;
  std::string hostile;
  for (std::size_t i = 0; i < kTimes; ++i) hostile += "\xb0\xa1\xb0\xa1\xff";
  REQUIRE(guess_charset(hostile) == Charset::gbk);
  const std::string text = to_utf8(hostile, Charset::gbk);  // a copy for each broken byte would take minutes
  const std::string piece = "\xe5\x95\x8a\xe5\x95\x8a\xef\xbf\xbd";
  REQUIRE(text.size() == kTimes * piece.size());
  CHECK(text.starts_with(piece));
  CHECK(text.ends_with(piece));
}

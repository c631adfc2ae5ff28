#include "base/text.hpp"

#include <catch2/catch.hpp>

#include "dmss/error.hpp"

using namespace dmss;

TEST_CASE("good text stays as it is") {
  for (const char* s : {"", "Gate 1", "Zufahrt Süd", "大门", "\xf0\x9f\x8e\xa5 live", "\xf4\x8f\xbf\xbf"}) {
    CAPTURE(s);
    CHECK(clean_text(s, 100) == s);
  }
}

TEST_CASE("what is no UTF-8 is replaced byte by byte") {
  const std::pair<std::string_view, std::string_view> rows[] = {
      {"\xb4\xf3\xc3\xc5", "\ufffd\ufffd\ufffd\ufffd"},  // GBK
      {"a\xff"
       "b",
       "a\ufffdb"},
      {"\xc0\xaf", "\ufffd\ufffd"},                      // overlong
      {"\xe0\x80\xaf", "\ufffd\ufffd\ufffd"},            // overlong
      {"\xed\xa0\x80", "\ufffd\ufffd\ufffd"},            // surrogate
      {"\xf4\x90\x80\x80", "\ufffd\ufffd\ufffd\ufffd"},  // beyond U+10FFFF
      {"\xe5\xa4", "\ufffd\ufffd"},                      // cut short
      {"\xe5\xa4\x41", "\ufffd\ufffd\x41"},
  };
  for (const auto& [given, expected] : rows) {
    CAPTURE(given);
    CHECK(clean_text(given, 100) == expected);
  }
}

TEST_CASE("line breaks and other control characters cannot start a line of their own") {
  CHECK(clean_text(std::string_view("a\r\nb\0c\x1b[31m\x7f", 11), 100) == "a  b c [31m");
}

TEST_CASE("the limit cuts between characters") {
  CHECK(clean_text("abcdef", 3) == "abc");
  CHECK(clean_text("a大b", 3) == "a");
  CHECK(clean_text("a大b", 4) == "a大");
  CHECK(clean_text("a\xff", 2) == "a");
  CHECK(clean_text("abc", 0).empty());
}

TEST_CASE("a device cannot smuggle lines, broken text or floods into an error") {
  const Error e =
      Error(Errc::device_error, "said \"x\ny\xff\"").with_device(5, std::string(100000, 'z') + "\n");
  CHECK(e.message() == "said \"x y\ufffd\"");
  CHECK(e.device_text().size() <= 512);
  CHECK(e.to_string().find('\n') == std::string::npos);
  CHECK(e.to_string().size() < 1000);
}

TEST_CASE("words are compared by their letters, whatever their case") {
  CHECK(equal_ignoring_case("Content-Type", "content-TYPE"));
  CHECK(equal_ignoring_case("", ""));
  CHECK_FALSE(equal_ignoring_case("On", "Off"));
  CHECK_FALSE(equal_ignoring_case("On", "One"));
  CHECK_FALSE(equal_ignoring_case("@[", "`{"));  // 32 apart, and no letters
}

TEST_CASE("blanks around text are cut, those within are not") {
  CHECK(trim(std::string_view(" \t\0a b\r\n\0", 9)) == "a b");
  CHECK(trim("a") == "a");
  CHECK(trim(" \r\n").empty());
  CHECK(trim("").empty());
}

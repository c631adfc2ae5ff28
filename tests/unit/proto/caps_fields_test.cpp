// The lenient readers.
#include "proto/caps/fields.hpp"

#include <catch2/catch.hpp>

using namespace dmss;
using namespace dmss::proto;
using namespace dmss::proto::caps;

TEST_CASE("flags, numbers and lists are read in every spelling") {
  const Json j =
      Json::parse(R"({"t":"True","f":"false","one":1,"zero":"0","yes":true,"word":"maybe","x":"30.000000",
                                 "huge":1e300,"list":["A",3,null,""],"text":"A, B,,C","n":7})");
  CHECK(flag(j, "t") == true);
  CHECK(flag(j, "f") == false);
  CHECK(flag(j, "one") == true);
  CHECK(flag(j, "zero") == false);
  CHECK(flag(j, "yes") == true);
  CHECK_FALSE(flag(j, "word"));
  CHECK_FALSE(flag(j, "absent"));
  CHECK(integer(j, "x") == 30);
  CHECK_FALSE(integer(j, "huge"));
  CHECK(text_list(&j["list"]) == std::vector<std::string>{"A", "3"});
  CHECK(text_list(&j["text"]) == std::vector<std::string>{"A", "B", "C"});
  CHECK(text_list(&j["n"]) == std::vector<std::string>{"7"});
  CHECK(text_list(nullptr).empty());
}

TEST_CASE("a list and its items are bounded") {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += std::string(1000, 'x') + ",";
  const Json j = text;
  const auto items = text_list(&j);
  CHECK(items.size() == kMaxListItems);
  CHECK(items[0].size() == kMaxItemBytes);
}

#include "proto/auth/hash.hpp"

#include <catch2/catch.hpp>

using namespace dmss;
using namespace dmss::proto::auth;

TEST_CASE("MD5 and SHA-256 give the digests of the standards and do not care how the input is cut") {
  CHECK(md5_hex("abc") == "900150983cd24fb0d6963f7d28e17f72");
  CHECK(md5_hex({"a", "", "bc"}) == md5_hex("abc"));
  CHECK(md5_hex_upper({"abc"}) == "900150983CD24FB0D6963F7D28E17F72");
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256_hex({"ab", "c"}) == sha256_hex("abc"));
}

TEST_CASE("gen0 matches every published value of the odd DES") {
  const auto hex = [](std::string_view text) { return to_hex(gen0(text)); };
  CHECK(hex("admin") == "c4 a3 af 48 99 56 b6 b4");
  CHECK(hex("888888") == "7b 22 25 7a 19 14 33 e9");
  CHECK(hex("") == "e0 70 25 d9 06 05 6d 3d");
  CHECK(hex("donotuse") == "54 ab ae b6 01 21 d6 71");
}

TEST_CASE("gen0 looks at the first eight bytes only") {
  CHECK(gen0("donotuseanything") == gen0("donotuse"));
  CHECK(gen0("donotus") != gen0("donotuse"));
}

TEST_CASE("gen1 matches every published value") {
  CHECK(gen1("admin") == "6QNMIQGe");
  CHECK(gen1("888888") == "4WzwxXxM");
  CHECK(gen1("666666") == "sh15yfFM");
  CHECK(gen1("") == "tlJwpbo6");
  CHECK(gen1("donotuse") == "ogrgKown");
  CHECK(gen1("123456") == "nTBCS19C");
}

TEST_CASE("gen2, H2 and H1 match the worked login") {
  const std::string_view realm = "Login to 3G0TEST0001", random = "1852772904";
  CHECK(gen2("admin", realm, "donotuse") == "9DF35DF2EBB85B67270696C7B9C8B73B");
  CHECK(h2("admin", realm, random, "donotuse") == "1D3FC968DF24594DEB31CED8FB5A01CB");
  CHECK(h2_from_gen2("admin", random, "9DF35DF2EBB85B67270696C7B9C8B73B") ==
        "1D3FC968DF24594DEB31CED8FB5A01CB");
  CHECK(h1("admin", random, "donotuse") == "43512842F71FBF823BD350F282ABEE98");
}

TEST_CASE("H2 matches the logins published for the JSON interface") {
  CHECK(h2("admin", "Login to recorder", "01234567", "password") == "06E82A0BBA966C1146A3492DA3CF4487");
  CHECK(h2("admin", "Login to a0c50bcd05b2f03d067e530d9bf069af", "1172275829", "123") ==
        "2E9AD6D2DB08E0882F376A622BC76B9A");
}

TEST_CASE("comparing in constant time still compares") {
  CHECK(equal_constant_time("abc", "abc"));
  CHECK_FALSE(equal_constant_time("abc", "abd"));
  CHECK_FALSE(equal_constant_time("abc", "ab"));
  CHECK(equal_constant_time("", ""));
}

TEST_CASE("base64 follows RFC 4648 both ways and refuses what is none") {
  const std::pair<std::string, std::string> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"},
                                                         {"\xff\xfe\xfd", "//79"}};
  for (const auto& [clear, coded] : vectors) {
    CHECK(base64_encode(clear) == coded);
    CHECK(base64_decode(coded) == clear);
  }
  for (const char* bad : {"Zg=", "Zg", "Z===", "====", "Zm 9", "Zm9v\n", "=m9v", "Zm=v"}) {
    INFO(bad);
    CHECK_FALSE(base64_decode(bad));
  }
}

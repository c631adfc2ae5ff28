// The encrypted envelope: vectors of protocol discovery-provisioning.md §4.4, and keys that are none.
#include "proto/rpc/envelope.hpp"

#include <catch2/catch.hpp>

#include "support/sealing_device.hpp"

using namespace dmss;
using namespace dmss::proto::rpc;
using Device = dmss::test::SealingDevice;

namespace {

Envelope envelope(const Device& device, Json ciphers, const char* digits) {
  const auto info = read_encrypt_info(device.info(std::move(ciphers)));
  REQUIRE(info);
  REQUIRE(info->has_value());
  auto made = Envelope::make(**info, Secret(digits));
  REQUIRE(made);
  return std::move(*made);
}

constexpr const char* kKey32 = "12345678901234567890123456789012";
constexpr const char* kKey16 = "1234567890123456";

}  // namespace

TEST_CASE("RPAC-256 is the notes' vector, a whole number of blocks without padding") {
  const Device device;
  const Envelope e = envelope(device, {"AES", "RPAC"}, kKey32);
  const std::string text = R"({"name":"admin","pwd":"Abcd1234","CellPhone":"","Mail":"a@b.cz"})";
  const std::string content =
      "hv+p+khqFab4ZTdatcjFmH64q5/cooTbHKGt6T2LIrZkdO98q8GEENOWGC+7uR+c80Dr8tPt0VgixgTkB96DBA==";
  CHECK(e.encrypt(text) == content);
  CHECK(e.decrypt(content).value() == text);
}

TEST_CASE("AES-128 is the notes' vector, padded with zeros") {
  const Device device;
  const Envelope e = envelope(device, {"AES-128"}, kKey16);
  const std::string text = R"({"name":"admin","pwd":"Abcd1234","CellPhone":"","Mail":"ab@b.cz"})";
  const std::string content =
      "T0LDyOQ7MsY4hwUAqU2GSZnU2fjk02IVN4gBt6lZj3OArt7BjuO6RaabbnLB1vI+uRiOHft9uyA2bZL7s2rqF8n+"
      "3p0sGpBv5XpfV1i6w1Y=";
  CHECK(e.encrypt(text) == content);
  CHECK(e.decrypt(content).value() == text);
}

TEST_CASE("only the device can read the key, whose sealed form is as long as its modulus") {
  const Device device(GENERATE(1024U, 2048U));
  const Envelope e = envelope(device, {"RPAC-256"}, kKey32);
  const Json params = e.seal(Json::array({{{"method", "x"}}}));
  CHECK(params["cipher"] == "RPAC-256");
  const std::string salt = params["salt"];
  CHECK(salt.size() == device.pub().find(',') - 2);
  CHECK(device.open(salt) == kKey32);
  CHECK(e.open(params).value() == Json::array({{{"method", "x"}}}));
}

TEST_CASE("a device without an envelope takes calls in clear") {
  CHECK_FALSE(read_encrypt_info(Json(nullptr)).value().has_value());
  CHECK_FALSE(read_encrypt_info({{"cipher", {"AES"}}}).value().has_value());
}

TEST_CASE("envelopes of other kinds, and keys that are none, are told apart") {
  const Device device;
  CHECK(read_encrypt_info(device.info({"ROT13"})).error() == Errc::unsupported);
  CHECK(read_encrypt_info(device.info("RPAC")).error() == Errc::unsupported);
  Json other = device.info({"RPAC"});
  other["asymmetric"] = "ECC";
  CHECK(read_encrypt_info(other).error() == Errc::unsupported);
  const std::string n(256, 'A');
  for (const std::string& pub :
       {std::string(), std::string("N:,E:010001"), "N:" + n, "N:" + n + ",E:", "N:" + n + ",E:01000",
        "N:" + n + ",E:01000g", "M:" + n + ",E:010001", "N:" + n + "," + n,
        "N:" + std::string(64, 'A') + ",E:010001", "N:" + std::string(2048, 'A') + ",E:010001"}) {
    CAPTURE(pub.size());
    Json info = device.info({"RPAC"});
    info["pub"] = pub;
    CHECK(read_encrypt_info(info).error() == Errc::malformed);
  }
  // Right in form, but no number to compute with.
  EncryptInfo zero;
  zero.modulus.assign(128, 0);
  zero.exponent = {1, 0, 1};
  CHECK(Envelope::make(zero, Secret(kKey32)).error() == Errc::malformed);
}

TEST_CASE("keys are of digits, and of the right number of them") {
  const Device device;
  const auto info = read_encrypt_info(device.info({"RPAC"}));
  for (const char* key :
       {"", kKey16, "1234567890123456789012345678901x", "123456789012345678901234567890123"})
    CHECK(Envelope::make(**info, Secret(key)).error() == Errc::invalid_argument);
}

TEST_CASE("what is no envelope is not opened") {
  const Device device;
  const Envelope e = envelope(device, {"RPAC"}, kKey32);
  for (const char* content : {"", "AAAA", "not base64", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}) {
    CAPTURE(content);
    CHECK(e.open({{"content", content}}).error() == Errc::malformed);
  }
  CHECK(e.open(Json(nullptr)).error() == Errc::malformed);
  CHECK(e.open({{"content", 7}}).error() == Errc::malformed);
  // Whole blocks of another key are no JSON.
  CHECK(e.open({{"content", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}}).error() == Errc::malformed);
  CHECK(e.decrypt(std::string(200000, 'A')).error() == Errc::too_large);
}

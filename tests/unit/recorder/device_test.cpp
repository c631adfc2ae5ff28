#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include <catch2/catch.hpp>

#include "proto/auth/hash.hpp"
#include "recorder/rpc_methods.hpp"
#include "recorder/sealed.hpp"

using namespace dmss;
using namespace dmss::recorder;

namespace {

/// A recorder without sockets, and somebody who is logged in.
struct Device {
  explicit Device(Profile profile) : core(options(), std::move(profile)), rpc(core) {
    caller.service = "dhip";
    caller.by_connection = true;
    caller.session = core.sessions.open("admin", "dhip", "192.0.2.1");
  }
  static Options options() {
    Options o;
    o.password = "Old-pass-1";
    return o;
  }
  Reply call(const std::string& method, Json params = nullptr) {
    Request r;
    r.method = method;
    r.params = std::move(params);
    r.id = ++id;
    return rpc.dispatch(r, caller);
  }

  Core core;
  Rpc rpc;
  Caller caller;
  std::int64_t id = 0;
};

/// What a client does with "N:<hex>,E:<hex>": its key under RSA, in hex.
std::string salt_of(const std::string& pub, const std::string& key) {
  const std::size_t comma = pub.find(",E:");
  BIGNUM *n = nullptr, *e = nullptr;
  BN_hex2bn(&n, pub.substr(2, comma - 2).c_str());
  BN_hex2bn(&e, pub.substr(comma + 3).c_str());
  OSSL_PARAM_BLD* build = OSSL_PARAM_BLD_new();
  OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n);
  OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e);
  OSSL_PARAM* params = OSSL_PARAM_BLD_to_param(build);
  EVP_PKEY_CTX* make = EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr);
  EVP_PKEY* rsa = nullptr;
  EVP_PKEY_fromdata_init(make);
  REQUIRE(EVP_PKEY_fromdata(make, &rsa, EVP_PKEY_PUBLIC_KEY, params) == 1);
  EVP_PKEY_CTX* seal = EVP_PKEY_CTX_new(rsa, nullptr);
  EVP_PKEY_encrypt_init(seal);
  EVP_PKEY_CTX_set_rsa_padding(seal, RSA_PKCS1_PADDING);
  std::string out(512, '\0');
  std::size_t size = out.size();
  REQUIRE(EVP_PKEY_encrypt(seal, reinterpret_cast<unsigned char*>(out.data()), &size,
                           reinterpret_cast<const unsigned char*>(key.data()), key.size()) == 1);
  std::string hex;
  for (std::size_t i = 0; i < size; ++i) {
    static constexpr char kDigits[] = "0123456789abcdef";
    hex += kDigits[static_cast<unsigned char>(out[i]) >> 4];
    hex += kDigits[out[i] & 15];
  }
  EVP_PKEY_CTX_free(seal);
  EVP_PKEY_free(rsa);
  EVP_PKEY_CTX_free(make);
  OSSL_PARAM_free(params);
  OSSL_PARAM_BLD_free(build);
  BN_free(n);
  BN_free(e);
  return hex;
}

}  // namespace

TEST_CASE("times as devices are told them") {
  const auto time = DeviceClock::parse("2020-5-18 9:42:05");
  REQUIRE(time);
  CHECK(DeviceClock::text(*time) == "2020-05-18 09:42:05");
  CHECK(DeviceClock::text(*DeviceClock::parse("2024-02-29 23:59:59")) == "2024-02-29 23:59:59");
  for (const char* text :
       {"", "2020", "2020-02-30 00:00:00", "2023-02-29 00:00:00", "2020-00-01 00:00:00",
        "2020-01-01T00:00:00", "2020-01-01 25:00:00", "2020-01-01 00:60:00", "2020-01-01 00:00:00Z",
        "2020-01-01 -1:00:00", "99999-01-01 00:00:00", "1969-01-01 00:00:00", " 2020-01-01 00:00:00"}) {
    CAPTURE(text);
    CHECK_FALSE(DeviceClock::parse(text));
  }
}

TEST_CASE("the log is bounded and so are its searches") {
  net::Clock clock;
  Tables tables(*load_profile("nvr16", 1));
  const DeviceClock device(clock, *load_profile("nvr16", 1), tables);
  Logbook log(device);
  for (std::size_t i = 0; i < Logbook::kMaxEntries + 10; ++i)
    log.add(i % 2 == 0 ? "Event.VideoMotion.Start" : "Events", "admin");
  const auto all = log.start({});
  REQUIRE(all);
  CHECK(log.found(*all)->size() == Logbook::kMaxEntries);
  CHECK(log.found(*all)->front().number == 11);
  Logbook::Condition motion;
  motion.types = {"Event"};
  const auto token = log.start(motion);
  REQUIRE(token);
  CHECK(log.found(*token)->size() == Logbook::kMaxEntries / 2);
  CHECK(log.next(*token, 500)->size() == 500);
  CHECK(log.next(*token, 500)->size() == 12);
  CHECK(log.next(*token, 500)->empty());
  for (std::size_t i = 2; i < Logbook::kMaxSearches; ++i) CHECK(log.start({}));
  CHECK_FALSE(log.start({}));
  CHECK(log.stop(*token));
  CHECK_FALSE(log.next(*token, 1));
  CHECK(log.start({}));
}

TEST_CASE("sealed text opens with its key only") {
  const SealKey cbc("01234567890123456789012345678901", true), ecb("0123456789012345", false);
  for (const std::string text : {"x", "sixteen bytes..\n", "a longer text of more than one block", ""}) {
    CAPTURE(text);
    for (const SealKey* key : {&cbc, &ecb}) {
      if (text.empty()) continue;
      const auto opened = key->open(key->seal(text));
      REQUIRE(opened);
      CHECK(*opened == text);
    }
    if (!text.empty()) CHECK(ecb.open(cbc.seal(text)) != text);
  }
  for (const char* content : {"", "!", "AAAA", "QUJD"}) CHECK_FALSE(cbc.open(content));
}

TEST_CASE("calls under a seal are answered under it") {
  auto profile = *load_profile("nvr16", 1);
  profile.config.secure_passwords = true;
  Device device(std::move(profile));
  const Json info = device.call("Security.getEncryptInfo").params;
  CHECK(info["asymmetric"] == "RSA");
  const std::string digits = "98765432109876543210987654321098";
  const SealKey key(digits, true);
  const std::string salt = salt_of(info["pub"].get<std::string>(), digits);
  const Json change = {{"name", "admin"}, {"pwd", "New-pass-2"}, {"pwdOld", "Old-pass-1"}};
  // In the clear this firmware takes no password.
  CHECK(device.call("userManager.modifyPassword", change).code == proto::rpc::code::no_authority);
  const Json calls = {{{"id", 7}, {"method", "magicBox.getSerialNo"}, {"params", nullptr}},
                      {{"id", 8}, {"method", "userManager.modifyPassword"}, {"params", change}}};
  const Reply reply = device.call(
      "system.multiSec", {{"cipher", "RPAC-256"}, {"salt", salt}, {"content", key.seal(calls.dump())}});
  REQUIRE(reply.ok());
  const auto text = key.open(reply.params["content"].get<std::string>());
  REQUIRE(text);
  const auto answers = proto::rpc::parse_json(*text);
  REQUIRE(answers);
  REQUIRE(answers->size() == 2);
  CHECK((*answers)[0]["params"]["sn"] == device.core.profile.serial);
  CHECK((*answers)[1]["result"] == true);
  CHECK(device.core.accounts.right_text("admin", "New-pass-2"));
  CHECK_FALSE(device.core.accounts.right_text("admin", "Old-pass-1"));

  for (const Json& wrong :
       {Json{{"cipher", "RPAC-256"}, {"salt", salt}, {"content", "AAAA"}},
        Json{{"cipher", "RPAC-256"}, {"salt", "00"}, {"content", key.seal("[]")}},
        Json{{"cipher", "RPAC-256"}, {"salt", "zz"}, {"content", key.seal("[]")}},
        Json{{"cipher", "ROT-13"}, {"salt", salt}, {"content", key.seal("[]")}}, Json(nullptr), Json(5)}) {
    CHECK_FALSE(device.call("system.multiSec", wrong).ok());
  }
}

TEST_CASE("a password changed by its hash is right for what is made of the hash") {
  Device device(*load_profile("nvr16", 1));
  Accounts& accounts = device.core.accounts;
  const std::string realm = device.core.profile.realm();
  const std::string now = proto::auth::gen2("admin", realm, "New-pass-2");
  const Json change = {
      {"name", "admin"}, {"pwd", now}, {"pwdOld", proto::auth::gen2("admin", realm, "Old-pass-1")}};
  REQUIRE(device.call("userManager.modifyPassword", change).ok());
  CHECK(accounts.right_hash("admin", now));
  CHECK(accounts.right_text("admin", "New-pass-2"));
  CHECK_FALSE(accounts.right_text("admin", "Old-pass-1"));
  CHECK(accounts.right_h2("admin", "123", proto::auth::h2("admin", realm, "123", "New-pass-2")));
  CHECK_FALSE(accounts.password("admin"));
  CHECK_FALSE(accounts.right_text("nobody", ""));
  CHECK_FALSE(accounts.right_hash("nobody", ""));
  // The old hash is wrong now.
  CHECK(device.call("userManager.modifyPassword", change).code == proto::rpc::code::password_not_valid);
}

// A change of password: what is sent, by which way, and that it is sent once or not at all.
#include "session/admin/password.hpp"

#include "support/sealing_device.hpp"
#include "unit/session/scripted_commands.hpp"

using namespace dmss;
using namespace dmss::session;

namespace {

/// The old hash is the one of protocol dvrip-dhip.md §2.3.
constexpr const char* kChange =
    R"({"name":"admin","pwd":"948F87386DB280D236F259B2B839B9F4","pwdOld":"9DF35DF2EBB85B67270696C7B9C8B73B"})";
constexpr const char* kReadable = "name=admin&pwd=Other-1234&pwdOld=donotuse";

constexpr const char* kNewHash = "948F87386DB280D236F259B2B839B9F4";
using Json = proto::rpc::Json;

struct Change {
  Change() {
    account.credentials = {"admin", Secret("donotuse")};
    account.realm = "Login to 3G0TEST0001";
  }
  Error run(const char* old_password = "donotuse", const char* new_password = "Other-1234") {
    return device.run(change_password(device.lasting(), account, Secret(old_password), Secret(new_password)))
        .error();
  }
  ScriptedDevice device;
  Account account;
};

}  // namespace

TEST_CASE("over JSON-RPC the device is given the hashes it keeps") {
  Change change;
  const char* info = GENERATE(R"({"result":false,"error":{"code":268894210,"message":"Method not found!"}})",
                              R"({"params":{"cipher":["AES"]},"result":true})");
  change.device.rpc("Security.getEncryptInfo", "", info).rpc("userManager.modifyPassword", kChange, kDone);
  CHECK(change.run() == Errc::ok);
  CHECK(change.device.finished());
}

TEST_CASE("a device that offers the encrypted envelope gets the hashes in there and nowhere else") {
  const test::SealingDevice sealing;
  Change change;
  change.account.session = 77;
  const Json info = {{"params", sealing.info({GENERATE("RPAC-256", "AES-128")})}, {"result", true}};
  Json heard;
  std::string inner = R"([{"id":1,"result":true,"session":77}])";
  Errc expected = Errc::ok;
  SECTION("agreed") {}
  SECTION("refused") {
    inner = R"([{"id":1,"result":false,"error":{"code":268632071,"message":"PasswordNotValid"}}])";
    expected = Errc::wrong_password;
  }
  SECTION("no answer in it") {
    inner = "[]";
    expected = Errc::malformed;
  }
  change.device.rpc("Security.getEncryptInfo", "", info.dump())
      .rpc("system.multiSec", [&](const Json& params) {
        CHECK(params.dump().find(kNewHash) == std::string::npos);
        const proto::rpc::Envelope envelope = sealing.envelope(params);
        heard = envelope.open(params).value();
        return Json{{"params", {{"content", envelope.encrypt(inner)}}}, {"result", true}}.dump();
      });
  CHECK(change.run() == expected);
  CHECK(heard == Json::array({{{"method", "userManager.modifyPassword"},
                               {"params", Json::parse(kChange)},
                               {"id", 1},
                               {"session", 77}}}));
  CHECK(change.device.finished());
}

TEST_CASE("a device whose envelope nobody knows is sent no hash") {
  Change change;
  change.device.rpc(
      "Security.getEncryptInfo", "",
      R"({"params":{"asymmetric":"ECC","cipher":["RPAC"],"pub":"N:C0,E:010001"},"result":true})");
  CHECK(change.run() == Errc::unsupported);
  CHECK(change.device.finished());
}

TEST_CASE("what cannot succeed is not sent") {
  Change change;
  change.account.allow_plaintext = true;
  CHECK(change.run("not the session's") == Errc::wrong_password);
  for (const char* weak :
       {"", "Short-1", "onlylowercase", "12345678", "has space-1", "quote'-Ab1", "semi;colon1A",
        "colon:colon1A", "amp&er1Aaaa", "gr\xc3\xbcn-1234", "0123456789abcdefghijklmnopqrstuvw"}) {
    CAPTURE(weak);
    CHECK(change.run("donotuse", weak) == Errc::invalid_argument);
  }
  change.account.credentials.user = "Operator1";
  CHECK(change.run("donotuse", "Operator1") == Errc::invalid_argument);
  change.account.realm.clear();
  CHECK(change.run() == Errc::unsupported);
  CHECK(change.device.heard.empty());
}

TEST_CASE("over CGI both passwords are readable, so it takes TLS or permission") {
  Change change;
  change.device.has_rpc = false;
  CHECK(change.run() == Errc::plaintext_refused);
  CHECK(change.device.heard.empty());
  const bool tls = GENERATE(true, false);
  (tls ? change.account.encrypted : change.account.allow_plaintext) = true;
  change.device.cgi("userManager", "modifyPassword", kReadable, "OK\r\n");
  CHECK(change.run() == Errc::ok);
  CHECK(change.device.finished());
}

TEST_CASE("a device with neither way is not asked") {
  Change change;
  change.device.has_rpc = change.device.has_cgi = false;
  CHECK(change.run() == Errc::unsupported);
}

TEST_CASE("a refusal or a silence is not tried again, neither in the same way nor in the other") {
  const Errc code = GENERATE(Errc::wrong_password, Errc::unsupported, Errc::device_error, Errc::timeout,
                             Errc::connection_lost);
  CAPTURE(name(code));
  Change change;
  change.account.allow_plaintext = true;
  change.device.rpc("Security.getEncryptInfo", "", kNoMethod)
      .rpc("userManager.modifyPassword", kChange, kDone);
  change.device.fail_at(1, code);
  const Error error = change.run();
  CHECK(error == code);
  CHECK(change.device.heard.size() == 2);
  const bool unknown = code == Errc::timeout || code == Errc::connection_lost;
  CHECK((error.cause() != nullptr) == unknown);
  CHECK(error.to_string().find("donotuse") == std::string::npos);
}

TEST_CASE("a device that does not answer the first question is sent no hash") {
  Change change;
  change.device.rpc("Security.getEncryptInfo", "", kNoMethod);
  const Errc code = GENERATE(Errc::timeout, Errc::session_expired, Errc::connection_lost);
  change.device.fail_at(0, code);
  CHECK(change.run() == code);
  CHECK(change.device.heard.size() == 1);
}

#include "proto/rpc/login.hpp"

#include <catch2/catch.hpp>

#include "proto/dvrip/login.hpp"
#include "proto/rpc/codes.hpp"

using namespace dmss;
using namespace dmss::proto::rpc;

namespace {

Reply reply(std::string_view text) {
  auto m = parse_message(text);
  REQUIRE(m);
  REQUIRE(std::holds_alternative<Reply>(*m));
  return std::get<Reply>(*m);
}

constexpr std::string_view kChallenge =
    R"({"error":{"code":268632079,"message":"Component error: login challenge!"},"id":1,"params":{"encryption":"Default","mac":"00","random":"1172275829","realm":"Login to a0c50bcd05b2f03d067e530d9bf069af"},"result":false,"session":"8acf"})";

}  // namespace

TEST_CASE("the first login request carries no password") {
  CHECK(
      dump(first_login(1, "admin", 0).to_json()) ==
      R"({"id":1,"method":"global.login","params":{"clientType":"Web3.0","loginType":"Direct","password":"","userName":"admin"},"session":0})");
  CHECK_FALSE(first_login(1, "admin").to_json().contains("session"));
}

TEST_CASE("the challenge is answered with its own session and hash") {
  const LoginAnswer a = read_login(reply(kChallenge));
  REQUIRE(a.kind == LoginAnswer::Kind::challenge);
  CHECK(a.challenge.kind() == Encryption::digest);
  const Json second = second_login(2, "admin", "123", a.challenge).to_json();
  CHECK(second["session"] == "8acf");
  CHECK(second["id"] == 2);
  CHECK(second["params"]["password"] == "2E9AD6D2DB08E0882F376A622BC76B9A");
  CHECK(second["params"]["authorityType"] == "Default");
  CHECK(second["params"]["passwordType"] == "Default");
  CHECK(second["params"]["loginType"] == "Direct");
}

TEST_CASE("the challenge of old firmware comes with code 401") {
  const LoginAnswer a = read_login(reply(
      R"({"id":1,"result":false,"error":{"code":401},"params":{"realm":"r","random":"1","encryption":"Basic"},"session":5})"));
  REQUIRE(a.kind == LoginAnswer::Kind::challenge);
  CHECK(a.challenge.session == 5);
  CHECK(a.challenge.kind() == Encryption::basic);
  // A 401 without anything to answer is a refusal.
  CHECK(read_login(reply(R"({"id":1,"result":false,"error":{"code":401}})")).kind ==
        LoginAnswer::Kind::refused);
}

TEST_CASE("every encryption has its own password field and an unknown one has none") {
  const auto field = [](const char* encryption) {
    return password_field({"Login to recorder", "01234567", encryption, nullptr}, "admin", "password");
  };
  CHECK(field("Default") == "06E82A0BBA966C1146A3492DA3CF4487");
  CHECK(field("OldDigest").size() == 8);
  CHECK(field("Basic") == "YWRtaW46cGFzc3dvcmQ=");
  CHECK(field("Plain") == "password");
  CHECK(field("WatchNet") == "password");
  CHECK(field("RSA").empty());
  CHECK(field("").empty());
  CHECK_FALSE(is_readable(encryption_of("Default")));
  for (const char* e : {"OldDigest", "Basic", "Plain", "WatchNet", "", "default"})
    CHECK(is_readable(encryption_of(e)));
  const Challenge watch{"r", "1", "WatchNet", 3};
  CHECK(second_login(2, "a", "b", watch).params["loginType"] == "WatchNet");
}

TEST_CASE("acceptance gives the session to use from now on and a sane interval") {
  const LoginAnswer a =
      read_login(reply(R"({"id":2,"params":{"keepAliveInterval":20},"result":true,"session":77})"));
  REQUIRE(a.kind == LoginAnswer::Kind::accepted);
  CHECK(a.session == 77);
  CHECK(a.keep_alive_seconds == 20);
  CHECK(read_login(reply(R"({"id":2,"result":true,"session":77})")).keep_alive_seconds == 60);
  CHECK(read_login(reply(R"({"id":2,"params":{"keepAliveInterval":0},"result":true})")).keep_alive_seconds ==
        5);
  CHECK(read_login(reply(R"({"id":2,"params":{"keepAliveInterval":999999999999},"result":true})"))
            .keep_alive_seconds == 3600);
}

TEST_CASE("an answer that is neither yes nor no is a refusal") {
  for (const char* text : {"{}", R"({"id":2})", R"({"id":2,"result":5})", R"({"id":2,"result":"true"})"}) {
    const LoginAnswer a = read_login(reply(text));
    CHECK(a.kind == LoginAnswer::Kind::refused);
    CHECK(a.error == Errc::login_refused);
  }
}

TEST_CASE("a refused login tells why, with tries left and lock time") {
  const LoginAnswer wrong = read_login(reply(
      R"({"error":{"code":268632085,"message":"Component error: User or password not valid!"},"id":3,"params":{"remainLockSecond":0,"remainLoginTimes":2},"result":false,"session":2147483643})"));
  REQUIRE(wrong.kind == LoginAnswer::Kind::refused);
  CHECK(wrong.error == Errc::wrong_password);
  CHECK(wrong.error.tries_left() == 2);
  CHECK_FALSE(wrong.error.seconds_left());
  CHECK(wrong.error.device_code() == 268632085);
  CHECK(wrong.error.device_text() == "Component error: User or password not valid!");
  const LoginAnswer locked = read_login(reply(
      R"({"error":{"code":268632081,"message":"x"},"id":3,"params":{"remainLockSecond":1800,"remainLoginTimes":0},"result":false})"));
  CHECK(locked.error == Errc::locked);
  CHECK(locked.error.seconds_left() == 1800);
}

TEST_CASE("login codes and the old spellings have their own errors") {
  CHECK(login_errc(268632070, "") == Errc::wrong_user);
  CHECK(login_errc(268632071, "") == Errc::wrong_password);
  CHECK(login_errc(268632073, "") == Errc::blocked);
  CHECK(login_errc(268632074, "") == Errc::already_logged_in);
  CHECK(login_errc(268632075, "") == Errc::device_busy);
  CHECK(login_errc(268632086, "") == Errc::not_initialised);
  CHECK(login_errc(400, "") == Errc::wrong_user);
  CHECK(login_errc(486, "") == Errc::device_busy);
  CHECK(login_errc(0, "UserNotValidt") == Errc::wrong_user);
  CHECK(login_errc(0, "PasswordNotValid") == Errc::wrong_password);
  CHECK(login_errc(0, "InBlackList") == Errc::blocked);
  CHECK(login_errc(0, "HasBeedUsed") == Errc::already_logged_in);
  CHECK(login_errc(0, "HasBeenLocked") == Errc::locked);
  CHECK(login_errc(123456, "something new") == Errc::login_refused);
  CHECK(read_login(reply(R"({"id":1,"result":false,"params":{"error":"HasBeenLocked"}})")).error ==
        Errc::locked);
}

TEST_CASE("call codes have their own errors") {
  CHECK(call_errc(287637504, "") == Errc::session_expired);
  CHECK(call_errc(287637505, "Invalid session in request data!") == Errc::session_expired);
  CHECK(call_errc(12345, "session is gone") == Errc::session_expired);
  CHECK(call_errc(268894209, "Invalid request: session object") == Errc::device_error);
  CHECK(call_errc(268632064, "") == Errc::unsupported);
  CHECK(call_errc(268894210, "") == Errc::unsupported);
  CHECK(call_errc(285278249, "") == Errc::no_permission);
  CHECK(call_errc(403, "Authority:check failure.") == Errc::no_permission);
  CHECK(call_errc(287638033, "Request length error!") == Errc::too_large);
  CHECK(call_errc(268959743, "Unknown error!") == Errc::device_error);
  CHECK(call_errc(285409284, "") == Errc::device_error);
  const Error e =
      call_error(reply(R"({"id":1,"result":false,"error":{"code":268959743,"message":"Unknown error!"}})"));
  CHECK(e == Errc::device_error);
  CHECK(e.device_code() == 268959743);
  CHECK_FALSE(call_error(reply(R"({"id":1,"result":true})")));
}

TEST_CASE("DVRIP verdicts become errors with the raw pair beside them") {
  using namespace dmss::proto::dvrip;
  const auto of = [](Reason r) { return verdict_error(make_refused(r)).code(); };
  CHECK(of(Reason::wrong_password) == Errc::wrong_password);
  CHECK(of(Reason::unknown_user) == Errc::wrong_user);
  CHECK(of(Reason::locked) == Errc::locked);
  CHECK(of(Reason::blocked) == Errc::blocked);
  CHECK(of(Reason::not_initialised) == Errc::not_initialised);
  CHECK(of(Reason::already_logged_in) == Errc::already_logged_in);
  CHECK_FALSE(verdict_error(make_accepted(1, 1)));
  Verdict odd;
  odd.b8 = 7;
  odd.b9 = 1;
  CHECK(verdict_error(odd) == Errc::login_refused);
  CHECK(verdict_error(odd).device_code() == 0x701);
  Verdict locked = make_refused(Reason::locked);
  locked.lock_seconds = 60;
  locked.text = "LockLeftTime:60";
  CHECK(verdict_error(locked).seconds_left() == 60);
  CHECK(verdict_error(locked).device_text() == "LockLeftTime:60");
  CHECK(verdict_error(make_refused(Reason::wrong_password, 3)).tries_left() == 3);
}

TEST_CASE("the server side of the login accepts the right answer only") {
  const Challenge c{"Login to 3G0TEST0001", "1852772904", "Default", 4711};
  const Request first = first_login(1, "admin", 0);
  const auto asked = parse_login(first);
  REQUIRE(asked);
  CHECK(asked->user == "admin");
  CHECK(asked->password.empty());
  CHECK_FALSE(verify_login(*asked, c, ""));
  const LoginAnswer challenge = read_login(challenge_reply(first, c));
  REQUIRE(challenge.kind == LoginAnswer::Kind::challenge);
  CHECK(challenge.challenge.realm == c.realm);
  CHECK(challenge.challenge.random == c.random);
  CHECK(challenge.challenge.session == 4711);
  const Request second = second_login(2, "admin", "donotuse", challenge.challenge);
  const auto answer = parse_login(second);
  REQUIRE(answer);
  CHECK(answer->password.reveal() == "1D3FC968DF24594DEB31CED8FB5A01CB");
  CHECK(verify_login(*answer, c, "donotuse"));
  CHECK_FALSE(verify_login(*answer, c, "donotusE"));
  CHECK(read_login(accepted_reply(second, "abcd", 30)).session == "abcd");
  const LoginAnswer no = read_login(refused_reply(second, code::user_or_password, 4, 0));
  CHECK(no.error == Errc::wrong_password);
  CHECK(no.error.tries_left() == 4);
  Request other = first;
  other.method = "global.logout";
  CHECK_FALSE(parse_login(other));
}

#include "proto/dvrip/login.hpp"

#include <catch2/catch.hpp>

#include "proto/auth/hash.hpp"

using namespace std::string_view_literals;
using namespace dmss;
using namespace dmss::proto::dvrip;

namespace {

Header header_of(const Bytes& frame) {
  const auto f = parse_frame(frame);
  REQUIRE(f.ok());
  REQUIRE(f.consumed() == frame.size());
  return f.value().header;
}
ByteView body_of(const Bytes& frame) {
  return ByteView(frame).subspan(32);
}
LoginRequest read(const Bytes& frame) {
  return parse_login(header_of(frame), body_of(frame));
}

constexpr std::string_view kHashes = "1D3FC968DF24594DEB31CED8FB5A01CB43512842F71FBF823BD350F282ABEE98";

}  // namespace

TEST_CASE("the realm request is the golden frame and carries nothing of the credentials") {
  const Bytes frame = write_realm_request();
  CHECK(to_hex(frame) ==
        "a0 05 00 60 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 05 02 00 01 00 00 a1 aa");
  CHECK(read(frame).variant == LoginVariant::realm_request);
  CHECK(to_hex(write_realm_request_old()) ==
        "a0 01 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 05 02 00 01 00 00 a1 aa");
  CHECK(read(write_realm_request_old()).variant == LoginVariant::realm_request_old);
}

TEST_CASE("the older realm request is recognised with gen0 fields and the other tail") {
  Bytes frame = from_hex(
      "a0 01 00 00 00 00 00 00 c4 a3 af 48 99 56 b6 b4 54 ab ae b6 01 21 d6 71 05 02 01 01 00 00 a1 aa");
  const LoginRequest r = read(frame);
  CHECK(r.variant == LoginVariant::realm_request_old);
  CHECK(r.user_field == proto::auth::gen0("admin"));
}

TEST_CASE("the challenge is the golden frame") {
  const Bytes frame = write_challenge({"Login to 3G0TEST0001", "1852772904"});
  CHECK(to_hex(ByteView(frame).first(32)) ==
        "b0 00 00 68 31 00 00 00 01 0e 01 00 00 00 00 00 00 00 00 00 01 00 00 00 06 00 f9 00 00 00 00 02");
  CHECK(as_text(body_of(frame)) == "Realm:Login to 3G0TEST0001\r\nRandom:1852772904\r\n\r\n");
  const auto c = parse_challenge(body_of(frame));
  REQUIRE(c);
  CHECK(c->realm == "Login to 3G0TEST0001");
  CHECK(c->random == "1852772904");
}

TEST_CASE("a challenge needs both realm and random, however its lines end") {
  CHECK_FALSE(parse_challenge(as_bytes("Realm:x\r\n\r\n")));
  CHECK_FALSE(parse_challenge(as_bytes("Random:1\r\n")));
  CHECK_FALSE(parse_challenge({}));
  const auto c = parse_challenge(as_bytes("Random:12 \nRealm: Anmelden an 7\n\0\0"sv));
  REQUIRE(c);
  CHECK(c->realm == "Anmelden an 7");
  CHECK(c->random == "12");
}

TEST_CASE("the digest login is the golden frame") {
  const Bytes frame = write_digest_login("admin", "donotuse", {"Login to 3G0TEST0001", "1852772904"});
  CHECK(to_hex(ByteView(frame).first(32)) ==
        "a0 05 00 60 47 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 05 02 00 08 00 00 a1 aa");
  CHECK(as_text(body_of(frame)) == "admin&&" + std::string(kHashes));
  const LoginRequest r = read(frame);
  CHECK(r.variant == LoginVariant::digest);
  CHECK(r.user == "admin");
  CHECK(r.h2 == kHashes.substr(0, 32));
  CHECK(r.h1 == kHashes.substr(32));
  CHECK(r.password.empty());
}

TEST_CASE("a digest login with one half only is told as such") {
  const LoginRequest r = read(write_digest_login_hashes("admin", kHashes.substr(0, 32), ""));
  CHECK(r.variant == LoginVariant::digest);
  CHECK(r.h2 == kHashes.substr(0, 32));
  CHECK(r.h1.empty());
  CHECK(read(write_digest_login_hashes("admin", "not hex", "")).variant == LoginVariant::unknown);
}

TEST_CASE("both gen0 logins carry the weak hashes in the header") {
  const Bytes frame = write_gen0_login("admin", "donotuse");
  CHECK(to_hex(frame) ==
        "a0 00 00 00 00 00 00 00 c4 a3 af 48 99 56 b6 b4 54 ab ae b6 01 21 d6 71 05 02 00 01 00 00 a1 aa");
  CHECK(read(frame).variant == LoginVariant::gen0);
  CHECK(read(frame).password_field == proto::auth::gen0("donotuse"));
  const Bytes v2 = write_gen0_v2_login("admin", "donotuse");
  CHECK(to_hex(v2) ==
        "a0 05 00 60 00 00 00 00 c4 a3 af 48 99 56 b6 b4 54 ab ae b6 01 21 d6 71 04 02 00 01 00 00 a1 aa");
  CHECK(read(v2).variant == LoginVariant::gen0_v2);
}

TEST_CASE("plain logins keep user and password readable in their three forms") {
  const Bytes shortest = write_plain_short_login("admin", "12345678");
  CHECK(to_hex(shortest) ==
        "a0 00 00 60 00 00 00 00 61 64 6d 69 6e 00 00 00 31 32 33 34 35 36 37 38 04 01 00 00 00 00 a1 aa");
  LoginRequest r = read(shortest);
  CHECK(r.variant == LoginVariant::plain_short);
  CHECK(r.user == "admin");
  CHECK(r.password.reveal() == "12345678");
  CHECK(write_plain_short_login("admin", "123456789").empty());

  r = read(write_plain_long_login("operator1", "long password"));
  CHECK(r.variant == LoginVariant::plain_long);
  CHECK(r.user == "operator1");
  CHECK(r.password.reveal() == "long password");

  const Bytes random = write_plain_random_login("admin", "donotuse", 1700000000);
  CHECK(header_of(random).body_size() == 24 + 5 + 8);
  CHECK(to_hex(ByteView(random).first(32)) ==
        "a0 00 00 60 25 00 00 00 61 64 6d 69 6e 00 00 00 64 6f 6e 6f 74 75 73 65 04 01 00 00 00 00 a1 aa");
  CHECK(as_text(body_of(random)) == "admin&&donotuse\0Random:1700000000\r\n\r\n"sv);
  r = read(random);
  CHECK(r.variant == LoginVariant::plain_random);
  CHECK(r.password.reveal() == "donotuse");
  CHECK(r.random == "1700000000");
}

TEST_CASE("the plain login with the other tail is recognised") {
  Bytes frame = from_hex(
      "a0 00 00 60 09 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 04 02 03 00 01 a1 aa 00");
  Writer(frame).text("admin&&pw");
  const LoginRequest r = read(frame);
  CHECK(r.variant == LoginVariant::plain_long);
  CHECK(r.password.reveal() == "pw");
}

TEST_CASE("what is no login is unknown") {
  Header h(Command::keep_alive);
  CHECK(parse_login(h, {}).variant == LoginVariant::unknown);
  CHECK(parse_login(Header(Command::login), {}).variant == LoginVariant::unknown);
  CHECK(parse_login(Header(Command::login), as_bytes("nothing known")).variant == LoginVariant::unknown);
}

TEST_CASE("the accepting verdict is the golden frame") {
  const Bytes frame = write_verdict(make_accepted(0x4428f5ff, 1));
  CHECK(to_hex(frame) ==
        "b0 00 00 68 00 00 00 00 00 08 01 00 00 00 00 00 ff f5 28 44 01 00 00 00 06 00 f9 00 00 07 00 02");
  const Verdict v = parse_verdict(header_of(frame), {});
  CHECK(v.accepted);
  CHECK(v.reason == Reason::accepted);
  CHECK(v.session == 0x4428f5ff);
  CHECK(v.channels == 1);
  CHECK_FALSE(v.tries_left);
}

TEST_CASE("the refusing verdict is the golden frame and tells the tries left") {
  const Bytes frame = write_verdict(make_refused(Reason::wrong_password, 4));
  CHECK(to_hex(frame) ==
        "b0 00 00 68 00 00 00 00 01 00 00 00 00 00 00 00 00 00 00 00 01 00 00 00 06 00 f9 00 00 04 00 02");
  const Verdict v = parse_verdict(header_of(frame), {});
  CHECK_FALSE(v.accepted);
  CHECK(v.reason == Reason::wrong_password);
  CHECK(v.tries_left == 4);
  CHECK(v.device_code() == 0x100);
}

TEST_CASE("every documented reason survives the wire, and an unknown one keeps its bytes") {
  for (Reason reason : {Reason::wrong_password, Reason::unknown_user, Reason::locked, Reason::blocked,
                        Reason::challenge_required, Reason::not_initialised, Reason::not_implemented,
                        Reason::already_logged_in}) {
    const Bytes frame = write_verdict(make_refused(reason));
    const Verdict v = parse_verdict(header_of(frame), {});
    CHECK_FALSE(v.accepted);
    CHECK(v.reason == reason);
    CHECK(v.device_code() == reason_bytes(reason));
  }
  Verdict odd;
  odd.b8 = 7;
  odd.b9 = 0x2a;
  odd.session = 99;
  const Verdict v = parse_verdict(header_of(write_verdict(odd)), {});
  CHECK_FALSE(v.accepted);
  CHECK(v.reason == Reason::unknown);
  CHECK(v.device_code() == 0x072a);
  CHECK(v.session == 99);
  CHECK(reason_of(0, 0x33) == Reason::accepted);
}

TEST_CASE("a verdict without the mark says nothing about tries left") {
  Header h(Command::login_reply, 0x58);
  h.set_u8(8, 1).set_u8(29, 3);
  CHECK_FALSE(parse_verdict(h, {}).tries_left);
  h.set_u8(24, 0x06);
  CHECK(parse_verdict(h, {}).tries_left == 3);
}

TEST_CASE("the text behind a verdict tells device class, type and lock time") {
  Verdict v = make_accepted(5, 2);
  v.device_class = "VTO";
  v.device_type = "VTO6210B";
  const Bytes frame = write_verdict(v);
  CHECK(header_of(frame).body_size() == 40);
  CHECK(as_text(body_of(frame)) == "DeviceClass:VTO\r\nDeviceType:VTO6210B\r\n\r\n");
  const Verdict read_back = parse_verdict(header_of(frame), body_of(frame));
  CHECK(read_back.device_class == "VTO");
  CHECK(read_back.device_type == "VTO6210B");

  Verdict locked = make_refused(Reason::locked);
  locked.lock_seconds = 1800;
  const Bytes lock_frame = write_verdict(locked);
  CHECK(parse_verdict(header_of(lock_frame), body_of(lock_frame)).lock_seconds == 1800);
  for (const char* text : {"LockLeftTime=300\r\n", "x\r\nLockLeftTime : 300"}) {
    CHECK(parse_verdict(header_of(lock_frame), as_bytes(text)).lock_seconds == 300);
  }
  for (const char* text : {"LockLeftTime", "LockLeftTime:\r\n5", "LockLeftTime:99999999999999"}) {
    CHECK_FALSE(parse_verdict(header_of(lock_frame), as_bytes(text)).lock_seconds);
  }
}

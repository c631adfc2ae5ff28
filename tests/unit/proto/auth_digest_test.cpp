#include "proto/auth/digest.hpp"

#include <catch2/catch.hpp>

#include "proto/auth/hash.hpp"

using namespace dmss;
using namespace dmss::proto::auth;

namespace {

Challenge only(std::string_view header) {
  auto all = parse_challenges(header);
  REQUIRE(all.size() == 1);
  return all[0];
}

std::string response_of(const std::string& authorization) {
  const auto a = parse_authorization(authorization);
  REQUIRE(a);
  return a->response;
}

constexpr std::string_view kRfcMd5 =
    "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm=MD5, "
    "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", "
    "opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"";
constexpr std::string_view kRfcSha =
    "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm=SHA-256, "
    "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", "
    "opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"";
constexpr std::string_view kRfcCnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";

}  // namespace

TEST_CASE("digest answers match the worked examples of RFC 7616 and RFC 2617") {
  const DigestRequest request{"GET", "/dir/index.html", 1, kRfcCnonce};
  CHECK(response_of(write_digest(only(kRfcMd5), "Mufasa", "Circle of Life", request)) ==
        "8ca523f5e9506fed4657c9700eebdbec");
  CHECK(response_of(write_digest(only(kRfcSha), "Mufasa", "Circle of Life", request)) ==
        "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1");
  const Challenge old = only(
      "Digest realm=\"testrealm@host.com\", qop=\"auth,auth-int\", "
      "nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", "
      "opaque=\"5ccc069c403ebaf9f0171e9517f40e41\"");
  CHECK(
      response_of(write_digest(old, "Mufasa", "Circle Of Life", {"GET", "/dir/index.html", 1, "0a4f113b"})) ==
      "6629fae49393a05397450978507c4ef1");
}

TEST_CASE("digest without qop matches the RTSP vectors") {
  const Challenge c =
      only("Digest realm=\"Login to 0123456789abcdef0123456789abcdef\", nonce=\"8b27de45a2c5f0f8\"");
  const std::string_view uri = "rtsp://192.0.2.10:554/cam/realmonitor?channel=1&subtype=0";
  const std::string describe = write_digest(c, "admin", "Passw0rd!", {"DESCRIBE", uri, 1, "unused"});
  CHECK(describe ==
        "Digest username=\"admin\", realm=\"Login to 0123456789abcdef0123456789abcdef\", "
        "nonce=\"8b27de45a2c5f0f8\", "
        "uri=\"rtsp://192.0.2.10:554/cam/realmonitor?channel=1&subtype=0\", "
        "response=\"f55ea933de729d9f40df2a44d23a6466\"");
  CHECK(response_of(write_digest(c, "admin", "Passw0rd!", {"OPTIONS", uri, 1, ""})) ==
        "dd47a6e35c68d4ae33630f7d6d5c8ffc");
}

TEST_CASE("the session variants hash nonce and cnonce into the key") {
  const DigestRequest request{"GET", "/cgi-bin/magicBox.cgi?action=getDeviceType", 2, "cn"};
  const Challenge md5 = only("Digest realm=\"Login to X\",qop=auth,nonce=\"n0nce\",algorithm=MD5-sess");
  const std::string a = write_digest(md5, "admin", "pw", request);
  CHECK(response_of(a) == "c29b98907bb31eba6f621dacf0e39dae");
  CHECK(a.find("algorithm=MD5-sess") != std::string::npos);
  CHECK(a.find("qop=auth, nc=00000002, cnonce=\"cn\"") != std::string::npos);
  const Challenge sha =
      only("Digest realm=\"Login to X\",qop=auth,nonce=\"n0nce\",algorithm=\"sha-256-SESS\"");
  CHECK(response_of(write_digest(sha, "admin", "pw", request)) ==
        "f2db8c5fb135dbaff236717eadc59d9f9aaf61aace8c93c18d7be7126f577d36");
  // Without qop the session variant still needs the cnonce on the wire.
  const Challenge bare = only("Digest realm=\"r\", nonce=\"n\", algorithm=MD5-sess");
  const std::string b = write_digest(bare, "u", "p", {"GET", "/", 1, "cn"});
  CHECK(b.find("cnonce=\"cn\"") != std::string::npos);
  CHECK(b.find("qop") == std::string::npos);
  CHECK(verify(*parse_authorization(b), "GET", "p"));
}

TEST_CASE("a header with several challenges is read in order and the strongest one is chosen") {
  const auto all = parse_challenges(
      "Basic realm=\"a, b = \\\"c\\\"\", Digest realm=\"x\", nonce=\"n1\", qop=\"auth\", NTLM, "
      "Digest realm=\"x\", nonce=\"n2\", algorithm=SHA-256, qop=\"auth-int auth\", stale=TRUE, "
      "Digest realm=\"x\", nonce=\"n3\", algorithm=SHA-512-256, qop=\"auth\", Negotiate dGVzdA==");
  REQUIRE(all.size() == 3);
  CHECK(all[0].scheme == Scheme::basic);
  CHECK(all[0].realm == "a, b = \"c\"");
  CHECK(all[1].nonce == "n1");
  CHECK_FALSE(all[1].algorithm_given);
  CHECK_FALSE(all[1].stale);
  CHECK(all[2].algorithm == Algorithm::sha256);
  CHECK(all[2].qop_auth);
  CHECK(all[2].qop_auth_int);
  CHECK(all[2].stale);
  CHECK(choose(all, false) == &all[2]);
  CHECK(choose(std::span(all).first(2), true) == &all[1]);
  CHECK(choose(std::span(all).first(1), true) == &all[0]);
  CHECK(choose(std::span(all).first(1), false) == nullptr);
}

TEST_CASE("a challenge that offers only auth-int is not answered") {
  const Challenge c = only("Digest realm=\"x\", nonce=\"n\", qop=\"auth-int\"");
  CHECK_FALSE(c.usable());
  CHECK(choose(std::vector{c}, true) == nullptr);
}

TEST_CASE("sloppy challenges are understood") {
  const Challenge c = only("digest Realm = \"Login to 1\" ,nonce=abc==, QOP=auth,opaque=\"\",");
  CHECK(c.realm == "Login to 1");
  CHECK(c.nonce == "abc==");
  CHECK(c.qop_auth);
  REQUIRE(c.opaque);
  CHECK(c.opaque->empty());
  CHECK(parse_challenges("").empty());
  CHECK(parse_challenges(",,= =\"x").empty());
  CHECK(parse_challenges("Digest").size() == 1);
  CHECK_FALSE(only("Digest").usable());
  CHECK(parse_challenges(std::string(kMaxAuthHeader + 1, 'a')).empty());
  std::string many;
  for (int i = 0; i < 100; ++i) many += "Basic realm=\"x\", ";
  CHECK(parse_challenges(many).size() == kMaxChallenges);
}

TEST_CASE("a value of the device cannot end the header line it is echoed in") {
  const Challenge c = only("Digest realm=\"a\r\nX-Evil: 1\", nonce=\"n\\\"q\"");
  const std::string a = write_digest(c, "u", "p", {"GET", "/", 1, ""});
  CHECK(a.find('\r') == std::string::npos);
  CHECK(a.find('\n') == std::string::npos);
  CHECK(a.find("nonce=\"n\\\"q\"") != std::string::npos);
  CHECK(verify(*parse_authorization(a), "GET", "p"));
}

TEST_CASE("a realm with a tab is hashed as it is sent") {
  const Challenge c = only("Digest realm=\"a\tb\", nonce=\"n\"");
  const auto a = parse_authorization(write_digest(c, "u", "p", {"GET", "/", 1, ""}));
  REQUIRE(a);
  CHECK(a->realm == "a\tb");
  CHECK(verify(*a, "GET", "p"));
}

TEST_CASE("challenges are written as they are read") {
  Challenge c;
  c.realm = "Login to \"1\"";
  c.nonce = "n";
  c.opaque = "o";
  c.qop_auth = true;
  CHECK(write_challenge(c) == "Digest realm=\"Login to \\\"1\\\"\", qop=\"auth\", nonce=\"n\", opaque=\"o\"");
  c.algorithm = Algorithm::sha256_sess;
  c.stale = true;
  const Challenge back = only(write_challenge(c));
  CHECK(back.realm == c.realm);
  CHECK(back.algorithm == Algorithm::sha256_sess);
  CHECK(back.stale);
  Challenge basic;
  basic.scheme = Scheme::basic;
  basic.realm = "device";
  CHECK(write_challenge(basic) == "Basic realm=\"device\"");
}

TEST_CASE("a server accepts the right password or HA1, whatever algorithm, and nothing else") {
  for (const char* header :
       {"Digest realm=\"r\", nonce=\"n\"", "Digest realm=\"r\", nonce=\"n\", qop=\"auth\"",
        "Digest realm=\"r\", nonce=\"n\", qop=\"auth\", algorithm=MD5-sess",
        "Digest realm=\"r\", nonce=\"n\", qop=\"auth\", algorithm=SHA-256",
        "Digest realm=\"r\", nonce=\"n\", qop=\"auth\", algorithm=SHA-256-sess"}) {
    INFO(header);
    const Challenge c = only(header);
    const auto a =
        parse_authorization(write_digest(c, "us\"er", "p:w", {"PLAY", "rtsp://h/x?a=1,2", 17, "cn"}));
    REQUIRE(a);
    CHECK(a->user == "us\"er");
    CHECK(a->uri == "rtsp://h/x?a=1,2");
    CHECK(a->count() == (c.qop_auth ? 17u : 0u));
    CHECK(verify(*a, "PLAY", "p:w"));
    CHECK_FALSE(verify(*a, "PAUSE", "p:w"));
    CHECK_FALSE(verify(*a, "PLAY", "p:w "));
    CHECK(verify_ha1(*a, "PLAY", ha1(c.algorithm, "us\"er", "r", "p:w")));
    CHECK_FALSE(verify_ha1(*a, "PLAY", ha1(c.algorithm, "us\"er", "r2", "p:w")));
    auto other = *a;
    other.uri = "rtsp://h/y";
    CHECK_FALSE(verify(other, "PLAY", "p:w"));
    other = *a;
    other.response.clear();
    CHECK_FALSE(verify(other, "PLAY", "p:w"));
    other = *a;
    other.qop = "auth-int";
    CHECK_FALSE(verify(other, "PLAY", "p:w"));
  }
}

TEST_CASE("Basic carries user and password, the password with colons") {
  CHECK(write_basic("Aladdin", "open sesame") == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  const auto a = parse_authorization(write_basic("admin", "a:b"));
  REQUIRE(a);
  CHECK(a->scheme == Scheme::basic);
  CHECK(a->user == "admin");
  CHECK(verify(*a, "GET", "a:b"));
  CHECK_FALSE(verify(*a, "GET", "a"));
  CHECK_FALSE(parse_authorization("Basic !!!!"));
  CHECK_FALSE(parse_authorization("Basic YWJj"));
  CHECK_FALSE(parse_authorization("Bearer abc"));
  CHECK_FALSE(parse_authorization("Digest username=\"u\""));
  CHECK_FALSE(parse_authorization("Digest nonce=\"n\", response=\"r\", algorithm=SHA-512"));
  CHECK_FALSE(parse_authorization(""));
}

TEST_CASE("the authenticator uses a nonce again with a rising count") {
  Authenticator auth("admin", Secret("pw"), false);
  CHECK_FALSE(auth.authorize("GET", "/", "c1"));
  const std::vector<std::string> offer = {"Basic realm=\"x\"",
                                          "Digest realm=\"x\", nonce=\"n\", qop=\"auth\""};
  REQUIRE(auth.challenged(offer, false) == Authenticator::Verdict::retry);
  for (std::uint32_t n = 1; n <= 17; ++n) {
    const auto a = parse_authorization(*auth.authorize("GET", "/a", "c"));
    REQUIRE(a);
    CHECK(a->count() == n);
    CHECK(a->nonce == "n");
    CHECK(verify(*a, "GET", "pw"));
  }
  auth.reset();
  CHECK_FALSE(auth.authorize("GET", "/", "c"));
}

TEST_CASE("the authenticator never sends refused credentials again, but answers a stale nonce once") {
  const std::vector<std::string> first = {"Digest realm=\"x\", nonce=\"n1\", qop=\"auth\""};
  const std::vector<std::string> again = {"Digest realm=\"x\", nonce=\"n2\", qop=\"auth\""};
  const std::vector<std::string> stale = {"Digest realm=\"x\", nonce=\"n2\", qop=\"auth\", stale=true"};
  const std::vector<std::string> liar = {"Digest realm=\"x\", nonce=\"n1\", qop=\"auth\", stale=true"};
  Authenticator auth("admin", Secret("pw"), false);
  REQUIRE(auth.challenged(first, false) == Authenticator::Verdict::retry);
  CHECK(auth.challenged(again, true) == Authenticator::Verdict::refused);
  CHECK(auth.challenged(liar, true) == Authenticator::Verdict::refused);
  CHECK(auth.challenged({}, true) == Authenticator::Verdict::refused);
  CHECK(auth.challenged(stale, true) == Authenticator::Verdict::retry);
  CHECK(parse_authorization(*auth.authorize("GET", "/", "c"))->nonce == "n2");
  CHECK(parse_authorization(*auth.authorize("GET", "/", "c"))->count() == 2);
}

TEST_CASE("the authenticator sends a readable password only when that is allowed") {
  const std::vector<std::string> offer = {"Basic realm=\"x\""};
  Authenticator strict("admin", Secret("pw"), false);
  CHECK(strict.challenged(offer, false) == Authenticator::Verdict::basic_only);
  CHECK_FALSE(strict.authorize("GET", "/", "c"));
  Authenticator lax("admin", Secret("pw"), true);
  CHECK(lax.challenged(offer, false) == Authenticator::Verdict::retry);
  CHECK(lax.authorize("GET", "/", "c") == "Basic YWRtaW46cHc=");
  CHECK(lax.challenged(offer, true) == Authenticator::Verdict::refused);
  CHECK(strict.challenged({}, false) == Authenticator::Verdict::no_challenge);
}

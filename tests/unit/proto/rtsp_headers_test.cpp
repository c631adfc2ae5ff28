#include <catch2/catch.hpp>

#include "proto/auth/digest.hpp"
#include "proto/rtsp/headers.hpp"
#include "proto/rtsp/message.hpp"

using namespace dmss;
using namespace dmss::proto::rtsp;

namespace {
using Pair = std::pair<int, int>;
}

TEST_CASE("a Session has an id and may have a timeout") {
  const auto timeout = [](std::string_view v) { return parse_session(v).value().timeout; };
  CHECK(parse_session("634214675641;timeout=60")->id == "634214675641");
  CHECK(timeout("634214675641;timeout=30") == 30);
  CHECK(timeout("1") == 60);
  CHECK(timeout(" 1 ; Timeout = 15 ;x") == 15);
  CHECK(parse_session("ab=cd==;timeout=5")->id == "ab=cd==");
  for (const char* lie : {"1;timeout=", "1;timeout=0", "1;timeout=-5", "1;timeout=86400",
                          "1;timeout=99999999999999999999", "1;timeout=x"}) {
    INFO(lie);
    CHECK(timeout(lie) == 60);
  }
  for (const char* none : {"", " ", ";", ";;;"}) CHECK_FALSE(parse_session(none));
}

TEST_CASE("a Transport answer over TCP") {
  const Transport t = parse_transport("RTP/AVP/TCP;unicast;interleaved=0-1;ssrc=30A98EE7");
  CHECK(t.protocol == "RTP/AVP/TCP");
  CHECK(t.tcp);
  CHECK_FALSE(t.dh);
  CHECK(t.interleaved == Pair(0, 1));
  CHECK(t.ssrc == 0x30A98EE7u);
  CHECK_FALSE(t.client_port);
  CHECK(parse_transport("DH/AVP/TCP;unicast;interleaved=0-1").dh);
  CHECK(parse_transport("DH/AVP/TCP").tcp);
}

TEST_CASE("a Transport answer over UDP") {
  const Transport t = parse_transport(
      "RTP/AVP/UDP;unicast;client_port=49292-49293;server_port=43670-43671;ssrc=7CB694B4;source=192.0.2.9");
  CHECK_FALSE(t.tcp);
  CHECK(t.client_port == Pair(49292, 49293));
  CHECK(t.server_port == Pair(43670, 43671));
  CHECK(t.source == "192.0.2.9");
  CHECK_FALSE(parse_transport("RTP/AVP;unicast").tcp);
}

TEST_CASE("a padded ssrc and padded parts are read") {
  CHECK(parse_transport("RTP/AVP/TCP;unicast;interleaved=0-1;ssrc=     D93FF").ssrc == 0xD93FFu);
  const Transport t =
      parse_transport(" rtp/avp/tcp ; UNICAST ; Interleaved = 2 - 3 ; ssrc = 1 ;; mode=\"PLAY\"");
  CHECK(t.tcp);
  CHECK(t.interleaved == Pair(2, 3));
  CHECK(t.ssrc == 1u);
}

TEST_CASE("of several transports the first counts") {
  const Transport t = parse_transport("RTP/AVP/TCP;interleaved=4-5,RTP/AVP;client_port=1000-1001");
  CHECK(t.interleaved == Pair(4, 5));
  CHECK_FALSE(t.client_port);
}

TEST_CASE("a pair with one number goes on with the next; a broken one is none") {
  const auto pair = [](std::string v) { return parse_transport("RTP/AVP/TCP;interleaved=" + v).interleaved; };
  CHECK(pair("6") == Pair(6, 7));
  CHECK(pair("6-") == Pair(6, 7));
  CHECK(pair("6-x") == Pair(6, 7));
  CHECK(pair("1-0") == Pair(1, 0));
  CHECK(pair("255-256") == Pair(255, 256));
  for (const char* bad : {"", "-", "-1", "x-1", "65536-65537", "4294967296-1", "99999999999999999999"}) {
    INFO(bad);
    CHECK_FALSE(pair(bad));
  }
  for (const char* bad : {"", "xyz", "-1", "100000000", "0x10", "1 2"}) {
    INFO(bad);
    CHECK_FALSE(parse_transport(std::string("RTP/AVP;ssrc=") + bad).ssrc);
  }
  CHECK(parse_transport("").protocol.empty());
  CHECK(parse_transport(";;=;,").protocol.empty());
}

TEST_CASE("RTP-Info of a recorder has relative URLs") {
  const auto tracks =
      parse_rtp_info("url=trackID=0;seq=47121;rtptime=3475222385,url=trackID=1;seq=0;rtptime=0");
  REQUIRE(tracks.size() == 2);
  CHECK(tracks[0].url == "trackID=0");
  CHECK(tracks[0].sequence == 47121);
  CHECK(tracks[0].rtp_time == 3475222385u);
  CHECK(tracks[1].url == "trackID=1");
  CHECK(tracks[1].sequence == 0);
  CHECK(tracks[1].rtp_time == 0u);
}

TEST_CASE("RTP-Info entries may be apart by white space, and URLs may hold commas") {
  const auto tracks =
      parse_rtp_info("url=rtsp://192.0.2.1/a,b;seq=1, URL=rtsp://192.0.2.1/c;seq=2 ,\t url=d;rtptime=3");
  REQUIRE(tracks.size() == 3);
  CHECK(tracks[0].url == "rtsp://192.0.2.1/a,b");
  CHECK(tracks[0].sequence == 1);
  CHECK(tracks[1].url == "rtsp://192.0.2.1/c");
  CHECK(tracks[1].sequence == 2);
  CHECK(tracks[2].url == "d");
  CHECK(tracks[2].rtp_time == 3u);
}

TEST_CASE("RTP-Info numbers out of range are none, and entries are bounded") {
  const auto tracks =
      parse_rtp_info("url=a;seq=65536;rtptime=4294967296,url=b;seq=-1;rtptime=,url=c;seq;rtptime=4294967295");
  REQUIRE(tracks.size() == 3);
  CHECK_FALSE(tracks[0].sequence);
  CHECK_FALSE(tracks[0].rtp_time);
  CHECK_FALSE(tracks[1].sequence);
  CHECK_FALSE(tracks[1].rtp_time);
  CHECK_FALSE(tracks[2].sequence);
  CHECK(tracks[2].rtp_time == 4294967295u);
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "url=a,";
  CHECK(parse_rtp_info(many).size() == 16);
  CHECK(parse_rtp_info("").empty());
}

TEST_CASE("a track's URL is the base with the control behind it") {
  const std::string base = "rtsp://192.0.2.10:554/cam/realmonitor?channel=1&subtype=0/";
  CHECK(join_control(base, "trackID=0") == base + "trackID=0");
  CHECK(join_control(base, "/trackID=0") == base + "trackID=0");
  CHECK(join_control(base.substr(0, base.size() - 1), "trackID=0") == base + "trackID=0");
  CHECK(join_control(base, "*") == base);
  CHECK(join_control(base, "") == base);
  CHECK(join_control(base, "rtsp://192.0.2.11/x") == "rtsp://192.0.2.11/x");
}

TEST_CASE("live URLs leave the default port out and put IPv6 in brackets") {
  CHECK(live_url("192.0.2.10", 554, false, 1, 0) == "rtsp://192.0.2.10/cam/realmonitor?channel=1&subtype=0");
  CHECK(live_url("nvr.example", 8554, false, 16, 1) ==
        "rtsp://nvr.example:8554/cam/realmonitor?channel=16&subtype=1");
  CHECK(live_url("2001:db8::1", 322, true, 2, 2) ==
        "rtsps://[2001:db8::1]/cam/realmonitor?channel=2&subtype=2");
  CHECK(live_url("2001:db8::1", 554, true, 2, 2) ==
        "rtsps://[2001:db8::1]:554/cam/realmonitor?channel=2&subtype=2");
}

TEST_CASE("the strongest challenge of several WWW-Authenticate lines is found") {
  const auto m = parse_message(as_bytes(
      "RTSP/1.0 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"r\"\r\n"
      "WWW-Authenticate: Digest realm=\"Login to 0123\", nonce=\"8b27\", Digest realm=\"Login to 0123\",\r\n"
      "  algorithm=SHA-256, nonce=\"8b27\"\r\n\r\n"));
  REQUIRE(m.ok());
  std::vector<proto::auth::Challenge> all;
  for (std::string_view line : m.value().get_all("www-authenticate")) {
    for (auto& c : proto::auth::parse_challenges(line)) all.push_back(std::move(c));
  }
  REQUIRE(all.size() == 3);
  const proto::auth::Challenge* best = proto::auth::choose(all, true);
  REQUIRE(best != nullptr);
  CHECK(best->algorithm == proto::auth::Algorithm::sha256);
  CHECK(best->nonce == "8b27");
}

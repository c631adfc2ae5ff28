#include <catch2/catch.hpp>

#include "proto/rtsp/sdp.hpp"

using namespace dmss;
using namespace dmss::proto::rtsp;

namespace {

using Kind = Track::Kind;
using Direction = Track::Direction;

constexpr std::string_view kOld =
    "v=0\r\n"
    "o=- 2251938210 2251938210 IN IP4 0.0.0.0\r\n"
    "s=RTSP Session of ZheJiang Dahua Technology CO.,LTD.\r\n"
    "i=dahua\r\n"
    "c=IN IP4 0.0.0.0\r\n"
    "t=0 0\r\n"
    "a=control:*\r\n"
    "a=packetization-supported:DH\r\n"
    "a=rtppayload-supported:DH\r\n"
    "a=range:npt=now-\r\n"
    "m=video 0 RTP/AVP 96\r\n"
    "a=control:trackID=0\r\n"
    "a=framerate:15.500000\r\n"
    "a=rtpmap:96 H264/90000\r\n"
    "a=fmtp:96 packetization-mode=1;profile-level-id=42000A;sprop-parameter-sets=Z0IACpZTBYmI,aMljiA==\r\n"
    "a=recvonly\r\n"
    "m=audio 0 RTP/AVP 8\r\n"
    "a=control:trackID=1\r\n"
    "a=rtpmap:8 PCMA/8000\r\n"
    "a=recvonly\r\n";

constexpr std::string_view kNew =
    "v=0\r\n"
    "o=- 2252478537 2252478537 IN IP4 0.0.0.0\r\n"
    "s=Media Server\r\n"
    "c=IN IP4 0.0.0.0\r\n"
    "t=0 0\r\n"
    "a=control:*\r\n"
    "a=packetization-supported:DH\r\n"
    "a=rtppayload-supported:DH\r\n"
    "a=range:npt=now-\r\n"
    "a=x-packetization-supported:IV\r\n"
    "a=x-rtppayload-supported:IV\r\n"
    "a=x-summary:Oversea\r\n"
    "m=video 0 RTP/AVP 98\r\n"
    "a=control:trackID=0\r\n"
    "a=framerate:25.000000\r\n"
    "a=rtpmap:98 H265/90000\r\n"
    "a=fmtp:98 profile-id=1;sprop-sps=QgEB;sprop-pps=RAHA;sprop-vps=QAEM\r\n"
    "a=recvonly\r\n"
    "m=audio 0 RTP/AVP 97\r\n"
    "a=control:trackID=1\r\n"
    "a=rtpmap:97 MPEG4-GENERIC/48000/2\r\n"
    "a=fmtp:97 "
    "streamtype=5;profile-level-id=1;mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3;config="
    "1188\r\n"
    "a=recvonly\r\n"
    "m=application 0 RTP/AVP 100\r\n"
    "a=control:trackID=3\r\n"
    "a=rtpmap:100 stream-assist-frame/90000\r\n"
    "a=recvonly\r\n"
    "m=application 0 RTP/AVP 107\r\n"
    "a=control:trackID=4\r\n"
    "a=rtpmap:107 vnd.onvif.metadata/90000\r\n"
    "a=recvonly\r\n"
    "m=audio 0 RTP/AVP 116 115 107 0 8\r\n"
    "a=control:trackID=5\r\n"
    "a=rtpmap:116 MPEG4-GENERIC/64000\r\n"
    "a=rtpmap:107 MPEG4-GENERIC/8000\r\n"
    "a=rtpmap:8 PCMA/8000\r\n"
    "a=sendonly\r\n";

Track track(std::string lines) {
  const Sdp sdp = parse_sdp(lines);
  REQUIRE(sdp.tracks.size() == 1);
  return sdp.tracks[0];
}

}  // namespace

TEST_CASE("the older SDP: H.264 and A-law") {
  const Sdp sdp = parse_sdp(kOld);
  CHECK(sdp.control == "*");
  REQUIRE(sdp.tracks.size() == 2);
  const Track& v = sdp.tracks[0];
  CHECK(v.kind == Kind::video);
  CHECK(v.direction == Direction::recvonly);
  CHECK(v.payload_type == 96);
  CHECK(v.codec() == Codec::h264);
  CHECK(v.clock_rate == 90000);
  CHECK(v.control == "trackID=0");
  CHECK(v.frame_rate == 15.5);
  CHECK(v.parameter("Packetization-Mode") == "1");
  CHECK(v.parameter("mode").empty());
  CHECK(to_hex(v.parameter_sets()) == "00 00 00 01 67 42 00 0a 96 53 05 89 88 00 00 00 01 68 c9 63 88");
  const Track& a = sdp.tracks[1];
  CHECK(a.kind == Kind::audio);
  CHECK(a.payload_type == 8);
  CHECK(a.codec() == Codec::pcm_alaw);
  CHECK(a.clock_rate == 8000);
  CHECK(a.channels == 1);
  CHECK(a.control == "trackID=1");
  CHECK(a.parameter_sets().empty());
}

TEST_CASE("the newer SDP: H.265, AAC, metadata and a backchannel") {
  const Sdp sdp = parse_sdp(kNew);
  REQUIRE(sdp.tracks.size() == 5);
  CHECK(sdp.tracks[0].codec() == Codec::h265);
  CHECK(sdp.tracks[0].frame_rate == 25);
  CHECK(to_hex(sdp.tracks[0].parameter_sets()) ==
        "00 00 00 01 40 01 0c 00 00 00 01 42 01 01 00 00 00 01 44 01 c0");
  CHECK(sdp.tracks[1].codec() == Codec::aac);
  CHECK(sdp.tracks[1].clock_rate == 48000);
  CHECK(sdp.tracks[1].channels == 2);
  CHECK(sdp.tracks[1].parameter("config") == "1188");
  CHECK(sdp.tracks[1].parameter("indexdeltalength") == "3");
  CHECK(sdp.tracks[2].kind == Kind::application);
  CHECK(sdp.tracks[2].encoding == "stream-assist-frame");
  CHECK(sdp.tracks[2].codec() == Codec::unknown);
  CHECK(sdp.tracks[3].encoding == "vnd.onvif.metadata");
  CHECK(sdp.tracks[3].control == "trackID=4");
  CHECK(sdp.tracks[4].direction == Direction::sendonly);
  CHECK(sdp.tracks[4].payload_type == 116);
  CHECK(sdp.tracks[4].clock_rate == 64000);
}

TEST_CASE(
    "an SDP reads the same with LF alone, without its last newline, and up to any offset without harm") {
  std::string lf;
  for (char c : kNew) {
    if (c != '\r') lf += c;
  }
  lf.pop_back();
  const Sdp sdp = parse_sdp(lf);
  REQUIRE(sdp.tracks.size() == 5);
  CHECK(sdp.tracks[4].direction == Direction::sendonly);
  CHECK(sdp.tracks[1].parameter("config") == "1188");
  for (std::size_t cut = 0; cut <= kNew.size(); ++cut) {
    const std::string copy(kNew.substr(0, cut));
    CHECK(parse_sdp(copy).tracks.size() <= 5);
  }
}

TEST_CASE("an SDP of a relay, without fmtp, is enough") {
  const Sdp sdp = parse_sdp("v=0\nm=video 0 RTP/AVP 98\na=rtpmap:98 H265/90000\na=control:trackID=0\n");
  REQUIRE(sdp.tracks.size() == 1);
  CHECK(sdp.tracks[0].codec() == Codec::h265);
  CHECK(sdp.tracks[0].parameter_sets().empty());
  CHECK(sdp.tracks[0].frame_rate == 0);
}

TEST_CASE("static payload types need no rtpmap") {
  CHECK(track("m=audio 0 RTP/AVP 8").codec() == Codec::pcm_alaw);
  CHECK(track("m=audio 0 RTP/AVP 0").codec() == Codec::pcm_mulaw);
  CHECK(track("m=audio 0 RTP/AVP 0").clock_rate == 8000);
  CHECK(track("m=video 0 RTP/AVP 26").codec() == Codec::mjpeg);
  CHECK(track("m=video 0 RTP/AVP 96").codec() == Codec::unknown);
}

TEST_CASE("encodings are known by name, whatever its case") {
  const auto codec = [](std::string name) {
    return track("m=video 0 RTP/AVP 99\na=rtpmap:99 " + name + "/90000").codec();
  };
  CHECK(codec("h264") == Codec::h264);
  CHECK(codec("H264-SVC") == Codec::h264);
  CHECK(codec("hevc") == Codec::h265);
  CHECK(codec("JPEG") == Codec::mjpeg);
  CHECK(codec("G726-40") == Codec::g726_40);
  CHECK(codec("mpeg4-generic") == Codec::aac);
  CHECK(codec("G723.1") == Codec::unknown);
  CHECK(codec("") == Codec::unknown);
}

TEST_CASE("broken session lines do not hide the tracks") {
  const Sdp sdp = parse_sdp(
      "v=0\ns=one\ns=two\no=\nc=IN IP4\nt=\n=\nx\n\n a=control:rtsp://192.0.2.10/base/ \na\na=\na=:\nm=text "
      "0 RTP/AVP 5\n"
      "m=video\na=control\nm=\nm=audio x y z\na=rtpmap:\na=fmtp:\na=rtpmap\n");
  CHECK(sdp.control == "rtsp://192.0.2.10/base/");
  REQUIRE(sdp.tracks.size() == 4);
  CHECK(sdp.tracks[0].kind == Kind::other);
  CHECK(sdp.tracks[1].kind == Kind::video);
  CHECK(sdp.tracks[1].payload_type == -1);
  CHECK(sdp.tracks[2].kind == Kind::other);
  CHECK(sdp.tracks[3].kind == Kind::audio);
  CHECK(sdp.tracks[3].payload_type == -1);
  CHECK(parse_sdp("").tracks.empty());
}

TEST_CASE("numbers out of range leave what stood there before") {
  const auto map = [](std::string rest) { return track("m=audio 0 RTP/AVP 97\na=rtpmap:97 " + rest); };
  CHECK(map("L16").clock_rate == 0);
  CHECK(map("L16/").clock_rate == 0);
  CHECK(map("L16/-8000").clock_rate == 0);
  CHECK(map("L16/10000001").clock_rate == 0);
  CHECK(map("L16/16000/9").channels == 1);
  CHECK(map("L16/16000/0").channels == 1);
  CHECK(map("L16/16000/x").channels == 1);
  CHECK(map("L16/16000/2").channels == 2);
  CHECK(track("m=audio 0 RTP/AVP 8\na=rtpmap:8 PCMA/0").clock_rate == 8000);
  CHECK(track("m=audio 0 RTP/AVP 8\na=rtpmap:9 L16/16000").codec() == Codec::pcm_alaw);
  CHECK(track("m=audio 0 RTP/AVP 128").payload_type == -1);
  CHECK(track("m=audio 0 RTP/AVP -1\na=rtpmap:-1 L16/16000").payload_type == -1);
  for (const char* rate : {"", "0", "-1", "1000", "inf", "nan", "1e99", "x"}) {
    INFO(rate);
    CHECK(track(std::string("m=video 0 RTP/AVP 96\na=framerate:") + rate).frame_rate == 0);
  }
}

TEST_CASE("broken parameter sets are left out, the others stay") {
  const auto sets = [](std::string list) {
    return to_hex(
        track("m=video 0 RTP/AVP 96\na=rtpmap:96 H264/90000\na=fmtp:96 sprop-parameter-sets=" + list)
            .parameter_sets());
  };
  CHECK(sets("") == "");
  CHECK(sets(",,,") == "");
  CHECK(sets("!!!,aMljiA==") == "00 00 00 01 68 c9 63 88");
  CHECK(sets("aMljiA==, ,") == "00 00 00 01 68 c9 63 88");
  CHECK(sets(std::string(4 * 1366, 'A')) == "");
}

TEST_CASE("tracks and parameters are bounded") {
  std::string many = "m=video 0 RTP/AVP 96\n";
  for (int i = 0; i < 100; ++i) many += "a=fmtp:96 a=1;b=2;c\n";
  CHECK(track(many).fmtp.size() <= 32);
  std::string tracks;
  for (int i = 0; i < 100; ++i) tracks += "m=video 0 RTP/AVP 96\na=control:t" + std::to_string(i) + "\n";
  const Sdp sdp = parse_sdp(tracks);
  REQUIRE(sdp.tracks.size() == kMaxTracks);
  CHECK(sdp.tracks.back().control == "t15");
}

TEST_CASE("attributes of other payload types and after sendrecv words go where they belong") {
  const Track t = track(
      "m=audio 0 RTP/AVP 97 98\na=rtpmap:98 PCMA/8000\na=fmtp:98 x=1\na=rtpmap:97 MPEG4-GENERIC/16000\n"
      "a=fmtp:97 config = 1408 ; mode=AAC-hbr\na=sendrecv\na=framerate:5");
  CHECK(t.codec() == Codec::aac);
  CHECK(t.fmtp.size() == 2);
  CHECK(t.parameter("CONFIG") == "1408");
  CHECK(t.direction == Direction::sendrecv);
  CHECK(track("m=audio 0 RTP/AVP 8\na=inactive").direction == Direction::inactive);
}

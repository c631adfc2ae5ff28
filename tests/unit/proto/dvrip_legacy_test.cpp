#include "proto/dvrip/legacy.hpp"

#include <catch2/catch.hpp>

#include "proto/dvrip/media_frame.hpp"

using namespace std::string_view_literals;
using namespace dmss;
using namespace dmss::proto::dvrip;

namespace {
FrameView frame_of(const Bytes& bytes) {
  const auto f = parse_frame(bytes);
  REQUIRE(f.ok());
  REQUIRE(f.consumed() == bytes.size());
  return f.value();
}
LiveCommand live_of(const Bytes& bytes) {
  const FrameView f = frame_of(bytes);
  return parse_live(f.header, f.body);
}
constexpr const char* kZeros16 = " 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00";
}  // namespace

TEST_CASE("keep-alive and logout are the documented bytes") {
  CHECK(write_keep_alive() == [] {
    Bytes b(32);
    b[0] = 0xa1;
    return b;
  }());
  CHECK(write_keep_alive_reply()[0] == 0xb1);
  const FrameView out = frame_of(write_logout(0x4428f5ff));
  CHECK(to_hex(ByteView(out.header.raw).first(16)) == "0a 00 00 00 00 00 00 00 ff f5 28 44 00 00 00 00");
  CHECK(out.header.session() == 0x4428f5ff);
  CHECK(frame_of(write_logout_reply(7)).header.session() == 7);
}

TEST_CASE("system queries name a subcommand and replies echo it") {
  const FrameView q = frame_of(write_system_query(SystemInfo::model, 0xff));
  CHECK(q.header.command() == Command::system_info);
  CHECK(q.header.sub() == 0x0b);
  CHECK(q.header.u8(12) == 0xff);
  const Bytes reply_bytes = write_system_reply(0x0b, as_bytes("IPC-X"));
  const FrameView r = frame_of(reply_bytes);
  CHECK(r.header.command() == Command::system_info_reply);
  CHECK(r.header.sub() == 0x0b);
  CHECK(system_text(r.body) == "IPC-X");
}

TEST_CASE("system text stops at NUL, is trimmed, and is empty when it is binary") {
  CHECK(system_text(as_bytes(" 3G0TEST \r\n\0junk"sv)) == "3G0TEST");
  CHECK(system_text(as_bytes("2.8\x01.1")).empty());
  CHECK(system_text({}).empty());
}

TEST_CASE("the capability text tells whether JSON works") {
  CHECK(has_json("FTP:1:Record,Snap&&ProtocolFramework:1:V3_1&&QueryURL:1:CONFIG"));
  CHECK(has_json("Dahua_Config:1:Json,V3"));
  CHECK_FALSE(has_json("FTP:1:Record,Snap&&QueryURL:1:CONFIG"));
  CHECK_FALSE(has_json("X:1:ProtocolFramework:1:V3_1"));
  CHECK_FALSE(has_json(""));
}

TEST_CASE("channel names are joined by && in both dialects") {
  const Bytes bytes = write_channel_names_reply(1, {"Door", "", "Yard & Gate"});
  const FrameView f = frame_of(bytes);
  CHECK(f.header.command() == Command::channel_names_reply);
  CHECK(f.header.sub() == 1);
  CHECK(as_text(f.body) == "Door&&&&Yard & Gate");
  CHECK(parse_channel_names(f.body) == std::vector<std::string>{"Door", "", "Yard & Gate"});
  CHECK(parse_channel_names({}).empty());
  CHECK(parse_channel_names(as_bytes("A&&B\r\n\0"sv)) == std::vector<std::string>{"A", "B"});
  std::string many;
  for (std::size_t i = 0; i < 2 * kMaxChannelNames; ++i) many += "x&&";
  CHECK(parse_channel_names(as_bytes(many)).size() == kMaxChannelNames);
  CHECK(frame_of(write_channel_names_query(1)).header.sub() == 1);
}

TEST_CASE("an alarm subscription is acknowledged with its own kind and type") {
  Header h(Command::alarm_subscribe);
  h.set_u8(8, 2).set_u8(12, 0x9c);
  const FrameView f = frame_of(write_alarm_ack(h));
  CHECK(f.header.command() == Command::alarm_report);
  CHECK(f.header.u8(8) == 2);
  CHECK(f.header.u8(12) == 0x9c);
  CHECK(f.body.empty());
}

TEST_CASE("the tie of a second connection survives the wire") {
  const Bytes bytes = write_tie({0x4428f5ff, 1, 3, false});
  CHECK(to_hex(bytes) == "f1 00 00 00 00 00 00 00 ff f5 28 44 01 04 00 00" + std::string(kZeros16));
  const auto t = parse_tie(frame_of(write_tie({0x4428f5ff, 1, 3, true})).header);
  REQUIRE(t);
  CHECK(t->session == 0x4428f5ff);
  CHECK(t->type == 1);
  CHECK(t->channel == 3);
  CHECK(t->close);
  CHECK_FALSE(parse_tie(Header(Command::live)));
}

TEST_CASE("old-style live tells all sixteen channels each time") {
  LiveFlags flags;
  flags.on[0] = flags.on[5] = true;
  flags.stream[5] = 1;
  const Bytes bytes = write_live(flags);
  CHECK(to_hex(bytes) ==
        "11 00 00 00 10 00 00 00 01 00 00 00 00 01 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 "
        "00 00 00 00 00 01 00 00 00 00 00 00 00 00 00 00");
  const LiveCommand c = live_of(bytes);
  REQUIRE(c.flags);
  CHECK(c.flags->on == flags.on);
  CHECK(c.flags->stream == flags.stream);
  CHECK_FALSE((c.by_name || c.pair || c.snapshot));
}

TEST_CASE("channels beyond sixteen are started by name") {
  const Bytes bytes = write_live(LiveByName{16, 1, true});
  CHECK(bytes[26] == 8);
  CHECK(as_text(ByteView(bytes).subspan(32)) ==
        "ChannelName:16\r\nStream:1\r\nOperate:1\r\nProtocol:tcp\r\n\r\n");
  const LiveCommand c = live_of(write_live(LiveByName{31, 0, false}));
  REQUIRE(c.by_name);
  CHECK(c.by_name->channel == 31);
  CHECK_FALSE(c.by_name->on);
}

TEST_CASE("the third live dialect has a flag for each channel and stream") {
  const Bytes bytes = write_live(LivePair{2, 1, true});
  CHECK(bytes[3] == 1);
  CHECK(bytes[8 + 5] == 1);
  const LiveCommand c = live_of(bytes);
  REQUIRE(c.pair);
  CHECK(c.pair->channel == 2);
  CHECK(c.pair->stream == 1);
  CHECK(c.pair->on);
  CHECK_FALSE(live_of(write_live(LivePair{0, 0, false})).pair->on);
}

TEST_CASE("the snapshot request is the golden frame and is not taken for live") {
  const Bytes bytes = write_snapshot_request({0});
  CHECK(to_hex(bytes, 72) ==
        "11 00 00 00 28 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 0a 00 00 00"
        " 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 01 00 00 00 00 00 00 00"
        " 00 00 00 00 00 00 00 00");
  const LiveCommand c = live_of(write_snapshot_request({9}));
  REQUIRE(c.snapshot);
  CHECK(c.snapshot->channel == 9);
  CHECK_FALSE((c.flags || c.by_name || c.pair));
}

TEST_CASE("live commands of no known form are none") {
  const auto none = [](const Header& h, ByteView b) {
    const LiveCommand c = parse_live(h, b);
    return !c.flags && !c.by_name && !c.pair && !c.snapshot;
  };
  CHECK(none(Header(Command::live), {}));
  CHECK(none(Header(Command::live), Bytes(15)));
  CHECK(none(Header(Command::media), Bytes(16)));
  Header by_name(Command::live);
  by_name.set_u8(26, 8);
  CHECK(none(by_name, as_bytes("Stream:1\r\n")));
  CHECK(none(by_name, as_bytes("ChannelName:70000\r\n")));
}

TEST_CASE("media goes out in packets of the asked size") {
  Bytes out;
  const Bytes data = {1, 2, 3, 4, 5};
  append_media(out, 7, data, 2);
  FrameReader reader;
  reader.feed(out);
  Bytes joined;
  std::vector<std::size_t> sizes;
  for (auto f = reader.next(); f.ok(); f = reader.next()) {
    CHECK(f.value().header.command() == Command::media);
    CHECK(f.value().header.channel() == 7);
    CHECK(media_return_code(f.value().header) == 0);
    CHECK_FALSE(is_snapshot(f.value().header));
    sizes.push_back(f.value().body.size());
    joined.insert(joined.end(), f.value().body.begin(), f.value().body.end());
  }
  CHECK(joined == data);
  CHECK(sizes == std::vector<std::size_t>{2, 2, 1});
}

TEST_CASE("a snapshot ends with an empty packet") {
  Bytes out;
  append_snapshot(out, 3, Bytes{0xff, 0xd8, 0xff, 0xd9}, 3);
  CHECK(to_hex(ByteView(out).first(32)) ==
        "bc 00 00 00 03 00 00 00 03 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 0a 03 00 00 0a 00 00 00");
  FrameReader reader;
  reader.feed(out);
  std::vector<std::size_t> sizes;
  for (auto f = reader.next(); f.ok(); f = reader.next()) {
    CHECK(is_snapshot(f.value().header));
    sizes.push_back(f.value().body.size());
  }
  CHECK(sizes == std::vector<std::size_t>{3, 1, 0});
}

TEST_CASE("the third dialect's verdicts are read from their text") {
  const Bytes bytes = write_live_verdict({{0, 0}, {3, 2}});
  const FrameView f = frame_of(bytes);
  CHECK(as_text(f.body) == "channel=0&return=0,channel=3&return=2,");
  const auto v = parse_live_verdict(f.body);
  REQUIRE(v.size() == 2);
  CHECK(v[1].channel == 3);
  CHECK(v[1].code == 2);
  CHECK(parse_live_verdict(as_bytes("channel=&return=1")).empty());
  CHECK(parse_live_verdict(as_bytes("channel=1")).empty());
}

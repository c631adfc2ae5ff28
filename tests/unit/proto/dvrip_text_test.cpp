#include "proto/dvrip/text.hpp"

#include <catch2/catch.hpp>

using namespace dmss;
using namespace dmss::proto::dvrip;

TEST_CASE("AddObject is the golden frame") {
  const Bytes frame = write_text(add_object(1));
  CHECK(to_hex(ByteView(frame).first(32)) ==
        "f4 00 00 00 76 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00");
  CHECK(as_text(ByteView(frame).subspan(32)) ==
        "TransactionID:1\r\nMethod:AddObject\r\n"
        "ParameterName:Dahua.Device.Network.ControlConnection.Passive\r\nConnectProtocol:0\r\n\r\n");
}

TEST_CASE("the capability probe and its refusal have the captured lengths") {
  Text probe;
  probe.set("TransactionID", 3)
      .set("Method", "GetParameterValues")
      .set("ParameterName", "Dahua.Device.Decode.Cfg");
  CHECK(probe.body().size() == 0x55);
  Text refused = make_reply(probe, 1);
  CHECK_FALSE(refused.ok());
  CHECK(refused.error_reason() == 1);
  Text bare;
  bare.set("TransactionID", 3).set("Method", "GetParameterValuesResponse");
  bare.set("ParameterName", "Dahua.Device.Decode.Cfg").set("FaultCode", "Error");
  CHECK(bare.body().size() == 0x6e);
}

TEST_CASE("the other requests name their keys as the devices know them") {
  CHECK(ack_sub_channel(2, 1143535103, 77).body() ==
        "TransactionID:2\r\nMethod:GetParameterNames\r\n"
        "ParameterName:Dahua.Device.Network.ControlConnection.AckSubChannel\r\nSessionID:1143535103\r\n"
        "ConnectionID:77\r\n\r\n");
  CHECK(
      monitor(4, 15, 1, 77, true).body() ==
      "TransactionID:4\r\nMethod:GetParameterNames\r\nParameterName:Dahua.Device.Network.Monitor.General\r\n"
      "channel:15\r\nstate:1\r\nConnectionID:77\r\nstream:1\r\n\r\n");
  CHECK(monitor(4, 0, 0, 77, false).get("state") == "0");
  CHECK(delete_object(9, 4294967295u).body() ==
        "TransactionID:9\r\nMethod:DeleteObject\r\n"
        "ParameterName:Dahua.Device.Network.ControlConnection.Passive\r\nConnectionID:4294967295\r\n\r\n");
}

TEST_CASE("a reply tells whose it is, what came of it and the connection") {
  const auto t =
      Text::parse(as_bytes("TransactionID:12\r\nMethod:AddObjectResponse\r\nParameterName:Dahua.Device."
                           "Network.ControlConnection.Passive"
                           "\r\nFaultCode:OK\r\nConnectionID: 305419896\r\nPort:37778\r\n\r\nignored:1\r\n"));
  REQUIRE(t);
  CHECK(t->transaction() == 12);
  CHECK(t->is_response());
  CHECK(t->ok());
  CHECK(t->connection_id() == 305419896);
  CHECK(t->port() == 37778);
  CHECK(t->parameter() == kPassive);
  CHECK_FALSE(t->get("ignored"));
}

TEST_CASE("a reply is made from its request") {
  Text reply = make_reply(add_object(31));
  reply.set("ConnectionID", 5);
  CHECK(reply.body() ==
        "TransactionID:31\r\nMethod:AddObjectResponse\r\nParameterName:Dahua.Device.Network."
        "ControlConnection.Passive\r\n"
        "FaultCode:OK\r\nConnectionID:5\r\n\r\n");
  CHECK(write_text(reply, 0x68)[3] == 0x68);
}

TEST_CASE("broken numbers are absent, not zero") {
  for (const char* value : {"", "x", "1x", "-5", "99999999999999999999", "4294967296"}) {
    INFO(value);
    Text t;
    t.set("ConnectionID", value);
    CHECK_FALSE(t.connection_id());
  }
  Text t;
  CHECK_FALSE(t.port());
  t.set("Port", 0);
  CHECK_FALSE(t.port());
  t.set("Port", 70000);
  CHECK_FALSE(t.port());
}

TEST_CASE("lines without a colon are skipped, LF ends a line too, the first of two keys counts") {
  const auto t = Text::parse(as_bytes("junk\nA:1:2\nA:3\nUkey:\n: x"));
  REQUIRE(t);
  CHECK(t->get("A") == "1:2");
  CHECK(t->get("Ukey") == "");
  CHECK(t->pairs().size() == 4);
  CHECK(Text::parse({})->pairs().empty());
}

TEST_CASE("no value can add a line of its own") {
  Text t;
  t.set("Name\r\n", "a\r\nState:1\r\n\r\n");
  const auto back = Text::parse(as_bytes(t.body()));
  REQUIRE(back);
  CHECK(back->pairs().size() == 1);
  CHECK_FALSE(back->get("State"));
}

TEST_CASE("setting a key again replaces its value where it stands") {
  Text t = add_object(0);
  t.set("TransactionID", 8);
  CHECK(t.pairs().front() == Text::Pair{"TransactionID", "8"});
  CHECK(t.pairs().size() == 4);
}

TEST_CASE("size and number of lines are bounded") {
  CHECK(Text::parse(Bytes(kMaxTextSize + 1, 'a')).error() == Errc::too_large);
  CHECK(Text::parse(Bytes(kMaxTextSize, 'a')).has_value());
  std::string many;
  for (std::size_t i = 0; i < kMaxTextPairs; ++i) many += "a:1\n";
  CHECK(Text::parse(as_bytes(many)).has_value());
  many += "a:1\n";
  CHECK(Text::parse(as_bytes(many)).error() == Errc::too_large);
}

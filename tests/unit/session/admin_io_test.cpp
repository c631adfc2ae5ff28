// Users, disks, alarm inputs and outputs, reboot.
#include "session/admin/alarm_io.hpp"
#include "session/admin/reboot.hpp"
#include "session/admin/storage.hpp"
#include "session/admin/users.hpp"
#include "unit/session/scripted_commands.hpp"

using namespace dmss;
using namespace dmss::session;

namespace {

constexpr const char* kDisks =
    R"({"params":{"info":[{"Name":"/dev/sda","State":"Success","Detail":[{"Path":"/dev/sda0","Type":"ReadWrite",)"
    R"("TotalBytes":495636709376.0,"UsedBytes":495636709376.0,"IsError":false}]}]},"result":true})";
constexpr const char* kDisksText =
    "list.info[0].Name=/dev/"
    "sda\r\nlist.info[0].State=Success\r\nlist.info[0].Detail[0].TotalBytes=1000.000000\r\n";

Result<std::vector<Disk>> disks(ScriptedDevice& device) {
  return device.run(read_disks(device.commands(), device.lasting()));
}

std::shared_ptr<TableLocks> locks() {
  return std::make_shared<TableLocks>();
}

std::string table(const std::string& rows) {
  return R"({"params":{"table":)" + rows + R"(},"result":true})";
}

}  // namespace

TEST_CASE("online users are told by JSON-RPC and by CGI") {
  ScriptedDevice device;
  SECTION("JSON-RPC") {
    device.rpc("userManager.getActiveUserInfoAll", "",
               R"({"params":{"users":[{"Id":7,"Name":"admin","Group":"admin","ClientAddress":"192.0.2.9",)"
               R"("ClientType":"Web3.0","LoginTime":"2026-07-02 19:00:00"}]},"result":true})");
  }
  SECTION("CGI") {
    device.has_rpc = false;
    device.cgi(
        "userManager", "getActiveUserInfoAll", "",
        "users[0].ID=7\r\nusers[0].Name=admin\r\nusers[0].Group=admin\r\nusers[0].ClientAddress=192.0.2.9\r\n"
        "users[0].ClientType=Web3.0\r\nusers[0].LoginTime=2026-07-02 19:00:00\r\n");
  }
  const auto users = device.run(read_online_users(device.commands()));
  REQUIRE(users);
  REQUIRE(users->size() == 1);
  const OnlineUser& u = users->front();
  CHECK(u.id == 7);
  CHECK(u.name + u.group + u.address + u.client_type + u.login_time ==
        "adminadmin192.0.2.9Web3.02026-07-02 19:00:00");
  CHECK(device.finished());
}

TEST_CASE("disks: the instance is given back, whatever came of the question") {
  ScriptedDevice device;
  device.rpc("storage.factory.instance", "", R"({"result":4711})")
      .rpc("storage.getDeviceAllInfo", "", kDisks, 4711)
      .rpc("storage.destroy", "", kDone, 4711);
  SECTION("answered") {
    const auto d = disks(device);
    REQUIRE(d);
    REQUIRE(d->size() == 1);
    CHECK(d->front().total == 495636709376U);
    CHECK(device.finished());
  }
  SECTION("failed") {
    device.fail_at(1, Errc::timeout);
    CHECK(disks(device).error() == Errc::timeout);
    CHECK(device.heard.back() == "rpc storage.destroy #4711");
  }
  SECTION("cancelled before the question") {
    device.cancel_at(0);
    CHECK(disks(device).error() == Errc::cancelled);
    CHECK(device.heard.back() == "rpc storage.destroy #4711");
  }
  SECTION("no instance") {
    device.fail_at(0, Errc::device_busy);
    CHECK(disks(device).error() == Errc::device_busy);
    CHECK(device.heard.size() == 1);
  }
}

TEST_CASE("disks are asked for in the newer way and by CGI where the older is missing") {
  ScriptedDevice device;
  device.rpc("storage.factory.instance", "", kNoMethod);
  SECTION("newer") {
    device.rpc(
        "StorageDeviceManager.getDeviceInfos", "",
        R"({"params":{"device":[{"Name":"/dev/sdb","Partitions":[{"Total":1000,"Remain":400}]}]},"result":true})");
    const auto d = disks(device);
    REQUIRE(d);
    CHECK(d->front().free == 400);
  }
  SECTION("CGI") {
    device.rpc("StorageDeviceManager.getDeviceInfos", "", kNoMethod)
        .cgi("storageDevice", "getDeviceAllInfo", "", kDisksText);
    const auto d = disks(device);
    REQUIRE(d);
    CHECK(d->front().total == 1000);
    // The next time goes straight to what answered.
    device.clear();
    device.cgi("storageDevice", "getDeviceAllInfo", "", kDisksText);
    CHECK(disks(device));
  }
  CHECK(device.finished());
}

TEST_CASE("alarm states come from both services, bit by bit") {
  ScriptedDevice device;
  device.rpc("alarm.getOutSlots", "", R"({"params":{"outputs":3},"result":true})")
      .rpc("alarm.getOutState", "", R"({"params":{"state":5},"result":true})")
      .cgi("alarm", "getInSlots", "", "result=4\r\n")
      .cgi("alarm", "getInState", "", "result=2\r\n");
  SECTION("all told") {
    const auto states = device.run(read_alarm_states(device.commands()));
    REQUIRE(states);
    CHECK(states->outputs == std::vector<bool>{true, false, true});
    CHECK(states->inputs == std::vector<bool>{false, true, false, false});
    CHECK(device.finished());
  }
  SECTION("without CGI there are no inputs") {
    device.has_cgi = false;
    const auto states = device.run(read_alarm_states(device.commands()));
    REQUIRE(states);
    CHECK(states->outputs.size() == 3);
    CHECK(states->inputs.empty());
  }
  SECTION("a web port that is shut is no failure") {
    device.fail_at(2, Errc::connect_failed);
    const auto states = device.run(read_alarm_states(device.commands()));
    REQUIRE(states);
    CHECK(states->inputs.empty());
  }
  SECTION("steps that fail") {
    for (int step : {0, 1, 3}) {
      CAPTURE(step);
      device.heard.clear();
      device.fail_at(step, Errc::timeout);
      CHECK(device.run(read_alarm_states(device.commands())).error() == Errc::timeout);
      CHECK(device.heard.size() == static_cast<std::size_t>(step + 1));
    }
  }
}

TEST_CASE("masks and counts from a hostile device do no harm") {
  ScriptedDevice device;
  device.has_cgi = false;
  device.rpc("alarm.getOutSlots", "", R"({"params":{"outputs":4000000000},"result":true})")
      .rpc("alarm.getOutState", "", R"({"params":{"state":-1},"result":true})");
  const auto states = device.run(read_alarm_states(device.commands()));
  REQUIRE(states);
  CHECK(states->outputs == std::vector<bool>(63, true));
}

TEST_CASE("an alarm output is switched in its own row, and read back") {
  ScriptedDevice device;
  const std::string get = R"({"name":"AlarmOut","channel":1})";
  device.rpc("configManager.getConfig", get, table(R"({"Mode":0,"Name":"Siren","Pulse":7})"))
      .rpc("configManager.setConfig",
           R"({"name":"AlarmOut","channel":1,"options":[],"table":{"Mode":1,"Name":"Siren","Pulse":7}})",
           kDone)
      .rpc("configManager.getConfig", get, table(R"({"Mode":1,"Name":"Siren","Pulse":7})"));
  SECTION("taken") {
    CHECK(device.run(set_alarm_output(device.commands(), locks(), 2, AlarmOutput::Mode::manual)));
    CHECK(device.finished());
  }
  SECTION("fails as its step fails") {
    const int step = GENERATE(0, 1, 2);
    device.fail_at(step, Errc::connection_lost);
    CHECK(device.run(set_alarm_output(device.commands(), locks(), 2, AlarmOutput::Mode::manual)).error() ==
          Errc::connection_lost);
    CHECK(device.heard.size() == static_cast<std::size_t>(step + 1));
  }
}

TEST_CASE("an alarm output of a device that gives the whole table keeps its neighbours") {
  ScriptedDevice device;
  const std::string get = R"({"name":"AlarmOut","channel":1})";
  device.rpc("configManager.getConfig", get, table(R"([{"Mode":2,"Name":"a"},{"Mode":2,"Name":"b"},null])"))
      .rpc("configManager.setConfig",
           R"({"name":"AlarmOut","options":[],"table":[{"Mode":2,"Name":"a"},{"Mode":0,"Name":"b"},null]})",
           kDone)
      .rpc("configManager.getConfig", get, table(R"([{"Mode":2,"Name":"a"},{"Mode":2,"Name":"b"},null])"));
  const Error error =
      device.run(set_alarm_output(device.commands(), locks(), 2, AlarmOutput::Mode::automatic)).error();
  CHECK(error == Errc::not_applied);
  CHECK(error.message() == "AlarmOut[1].Mode: wrote 0, the device has 2");
  CHECK(device.finished());
}

TEST_CASE("outputs that are not there are not written") {
  for (const char* rows : {R"([{"Mode":2}])", R"([{"Mode":2},null])", "null"}) {
    CAPTURE(rows);
    ScriptedDevice device;
    device.rpc("configManager.getConfig", R"({"name":"AlarmOut","channel":1})", table(rows));
    CHECK(device.run(set_alarm_output(device.commands(), locks(), 2, AlarmOutput::Mode::close)).error() ==
          Errc::invalid_argument);
  }
  ScriptedDevice refusing;
  refusing
      .rpc("configManager.getConfig", R"({"name":"AlarmOut","channel":8})",
           R"({"error":{"code":268894211,"message":"Bad parameter!"},"result":false})")
      .rpc("configManager.getConfig", R"({"name":"AlarmOut"})", table(R"([{"Mode":2},{"Mode":2}])"));
  const Error said =
      refusing.run(set_alarm_output(refusing.commands(), locks(), 9, AlarmOutput::Mode::close)).error();
  CHECK(said == Errc::invalid_argument);
  CHECK(refusing.finished());
  ScriptedDevice device;
  CHECK(device.run(set_alarm_output(device.commands(), locks(), 0, AlarmOutput::Mode::close)).error() ==
        Errc::invalid_argument);
  CHECK(device.run(set_alarm_output(device.commands(), locks(), 1, static_cast<AlarmOutput::Mode>(9)))
            .error() == Errc::invalid_argument);
  CHECK(device.heard.empty());
}

TEST_CASE("an alarm output is switched by CGI, with the table's prefix where a device wants it") {
  ScriptedDevice device;
  device.has_rpc = false;
  device.cgi("configManager", "getConfig", "name=AlarmOut[0]",
             "table.AlarmOut[0].Mode=2\r\ntable.AlarmOut[0].Name=x\r\n");
  SECTION("without") {
    device.cgi("configManager", "setConfig", "AlarmOut[0].Mode=1", "OK\r\n");
  }
  SECTION("with") {
    device.cgi("configManager", "setConfig", "AlarmOut[0].Mode=1", "Error\r\n")
        .cgi("configManager", "setConfig", "table.AlarmOut[0].Mode=1", "OK\r\n");
  }
  device.cgi("configManager", "getConfig", "name=AlarmOut[0]", "table.AlarmOut[0].Mode=1\r\n");
  CHECK(device.run(set_alarm_output(device.commands(), locks(), 1, AlarmOutput::Mode::manual)));
  CHECK(device.finished());
}

TEST_CASE("a network alarm goes by CGI, counted from one") {
  ScriptedDevice device;
  device.cgi("netAlarm", "setState", "channel=3&alarm=true", "OK\r\n");
  CHECK(device.run(set_network_alarm(device.commands(), 3, true)));
  CHECK(device.finished());
  device.has_cgi = false;
  CHECK(device.run(set_network_alarm(device.commands(), 3, true)).error() == Errc::unsupported);
  CHECK(device.run(set_network_alarm(device.commands(), 0, true)).error() == Errc::invalid_argument);
}

TEST_CASE("a reboot is sent once") {
  ScriptedDevice device;
  SECTION("agreed") {
    device.rpc("magicBox.reboot", "", kDone);
    CHECK(device.run(reboot(device.commands())));
  }
  SECTION("lost: it may have begun") {
    device.rpc("magicBox.reboot", "", kDone);
    device.fail_at(0, Errc::connection_lost);
    CHECK(device.run(reboot(device.commands())).error() == Errc::connection_lost);
  }
  SECTION("the method is missing") {
    device.rpc("magicBox.reboot", "", kNoMethod).cgi("magicBox", "reboot", "", "OK\r\n");
    CHECK(device.run(reboot(device.commands())));
  }
  CHECK(device.finished());
}

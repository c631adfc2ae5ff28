// What may be sent twice, by its name.
#include "session/control/reads.hpp"

#include <catch2/catch.hpp>

using dmss::session::is_read;
using dmss::session::is_read_target;

TEST_CASE("what reads is told by its name, and everything else is taken to do something") {
  for (const char* name : {"magicBox.getSerialNo", "configManager.getConfig", "system.listService", "getCaps",
                           "global.keepAlive", "ptz.getCurrentProtocolCaps", "system.listMethod"})
    CHECK(is_read(name));
  for (const char* name :
       {"userManager.modifyPassword", "magicBox.reboot", "ptz.moveRelatively", "ptz.factory.instance",
        "log.startFind", "log.doFind", "configManager.setConfig", "global.login", "global.logout",
        "getter.start", "getaway", "listen", "ptz.destroy", "", ".", "get.start", "keepAliveNot"})
    CHECK_FALSE(is_read(name));
}

TEST_CASE("a CGI request reads by its action") {
  CHECK(is_read_target("/cgi-bin/magicBox.cgi?action=getDeviceType"));
  CHECK(is_read_target("/cgi-bin/configManager.cgi?action=getConfig&name=ChannelTitle"));
  CHECK(is_read_target("/cgi-bin/ptz.cgi?channel=1&action=getStatus"));
  CHECK(is_read_target("/cgi-bin/snapshot.cgi?channel=1"));
  CHECK_FALSE(is_read_target("/cgi-bin/magicBox.cgi?action=reboot"));
  CHECK_FALSE(is_read_target("/cgi-bin/ptz.cgi?action=start&code=getaction=get"));
  CHECK_FALSE(is_read_target("/cgi-bin/mediaFileFind.cgi?action=factory.create"));
  CHECK_FALSE(is_read_target("/cgi-bin/trafficSnap.cgi?reaction=getNothing"));
  CHECK_FALSE(is_read_target("/cgi-bin/snapshot.cgi.exe"));
  CHECK_FALSE(is_read_target(""));
}

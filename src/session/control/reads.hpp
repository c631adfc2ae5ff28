// Which requests only read: those may be sent once more when a connection is lost under them.
#pragma once

#include <string_view>

namespace dmss::session {

/// By the name of a JSON-RPC method or a CGI action ("ptz.getStatus", "getConfig"): get…, list… and keepAlive. What is not known to read
/// may do something, and twice is once too often: a reboot, a step of the head, a password, a cursor that moves on.
bool is_read(std::string_view method);
/// "/cgi-bin/magicBox.cgi?action=getDeviceType", and a snapshot, which has no action.
bool is_read_target(std::string_view target);

}  // namespace dmss::session

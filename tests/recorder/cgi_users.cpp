// userManager.cgi (protocol http-rpc.md §4.3, §6.1).
#include "recorder/cgi.hpp"
#include "recorder/device.hpp"

namespace dmss::recorder {
namespace {

HttpAnswer active(const Core& core) {
  proto::cgi::KeyValues kv;
  int i = 0;
  for (const ActiveUser& u : active_users(core)) {
    const std::string row = "users[" + std::to_string(i++) + "].";
    kv.add(row + "ClientAddress", u.address);
    kv.add(row + "ClientType", u.client);
    kv.add(row + "Group", u.group);
    kv.add(row + "ID", std::to_string(u.id));
    kv.add(row + "LoginTime", u.since);
    kv.add(row + "Name", u.name);
  }
  return cgi::lines(kv);
}

HttpAnswer modify_password(const CgiCall& call) {
  const std::string now = call.get("pwd");
  if (now.empty()) return cgi::bad_request();
  const auto changed = change_password(call.core, call.get("name"), call.get("pwdOld"), now, false);
  return changed == PasswordChange::done ? cgi::ok() : cgi::declined();
}

HttpAnswer user_manager(const CgiCall& call) {
  if (call.action == "getActiveUserInfoAll") return active(call.core);
  if (call.action == "modifyPassword") return modify_password(call);
  if (call.action != "getUserInfoAll") return cgi::not_implemented();
  proto::cgi::KeyValues kv;
  flatten("users", call.core.accounts.users(), kv);
  return cgi::lines(kv);
}

}  // namespace

void add_cgi_users(Cgi& c) {
  c.add("userManager.cgi", user_manager);
}

}  // namespace dmss::recorder

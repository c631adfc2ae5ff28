// userManager.cgi (protocol http-rpc.md §4.3, §6.1).
#include "recorder/cgi.hpp"

namespace dmss::recorder {
namespace {

HttpAnswer user_manager(const CgiCall& call) {
  proto::cgi::KeyValues kv;
  if (call.action == "getActiveUserInfoAll") {
    int i = 0;
    for (const auto& [id, s] : call.core.sessions.all()) {
      const std::string row = "users[" + std::to_string(i++) + "].";
      kv.add(row + "ClientAddress", s->address);
      kv.add(row + "ClientType", s->service);
      kv.add(row + "Group", "admin");
      kv.add(row + "ID", std::to_string(id));
      kv.add(row + "Name", s->user);
    }
    return cgi::lines(kv);
  }
  if (call.action == "getUserInfoAll") {
    kv.add("users[0].Group", "admin");
    kv.add("users[0].Id", "1");
    kv.add("users[0].Name", call.core.options.user);
    kv.add("users[0].Reserved", "true");
    kv.add("users[0].Sharable", "true");
    return cgi::lines(kv);
  }
  return cgi::not_implemented();
}

}  // namespace

void add_cgi_users(Cgi& c) {
  c.add("userManager.cgi", user_manager);
}

}  // namespace dmss::recorder

// userManager (protocol http-rpc.md §6.1).
#include <algorithm>

#include "recorder/device.hpp"
#include "recorder/rpc_answers.hpp"

namespace dmss::recorder {
namespace {

using namespace answers;
using rpc::text_or;

/// Upper hex MD5.
bool is_hash(const std::string& text) {
  return text.size() == 32 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F');
         });
}

Reply modify_password(Core& core, const Request& r, Caller& c) {
  if (core.profile.config.secure_passwords && !c.secure) return no_authority(r);
  const std::string user = text_or(r.params, "name", ""), now = text_or(r.params, "pwd", "");
  const std::string old = text_or(r.params, "pwdOld", "");
  // In the clear a password travels as its hash alone; inside the sealed form also as text.
  const bool hashed = is_hash(now) && is_hash(old);
  if (user.empty() || now.empty() || (!hashed && !c.secure)) return bad_parameter(r);
  switch (change_password(core, user, old, now, hashed)) {
    case PasswordChange::done: return rpc::make_reply(r, true);
    case PasswordChange::no_user: return error(r, code::user_not_valid, "Component error: User not valid!");
    case PasswordChange::wrong_old: break;
  }
  return error(r, code::password_not_valid, "Component error: Password not valid!");
}

}  // namespace

void add_user_methods(Rpc& rpc) {
  Core& core = rpc.core();
  tell(rpc, "userManager.getActiveUserInfoAll", [&core](const Request&) {
    Json users = Json::array();
    for (const ActiveUser& u : active_users(core)) {
      users.push_back({{"ClientAddress", u.address},
                       {"ClientType", u.client},
                       {"Group", u.group},
                       {"Id", u.id},
                       {"Name", u.name},
                       {"LoginTime", u.since}});
    }
    return Json{{"users", std::move(users)}};
  });
  tell(rpc, "userManager.getUserInfoAll",
       [&core](const Request&) { return Json{{"users", core.accounts.users()}}; });
  rpc.add("userManager.modifyPassword",
          [&core](const Request& r, Caller& c) { return modify_password(core, r, c); });
}

}  // namespace dmss::recorder

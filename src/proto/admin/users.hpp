// Who is logged in: userManager getActiveUserInfoAll (protocol http-rpc.md §4.3, §6.1).
#pragma once

#include <vector>

#include "dmss/admin.hpp"
#include "proto/cgi/kv.hpp"
#include "proto/rpc/message.hpp"

namespace dmss::proto::admin {

inline constexpr std::size_t kMaxUsers = 1024;

/// "users[0].Name" …; other lines are ignored.
std::vector<OnlineUser> read_users(const cgi::KeyValues& values);
/// `params`: "users", or the bare array. Errors: malformed (neither).
Result<std::vector<OnlineUser>> read_users(const rpc::Json& params);

}  // namespace dmss::proto::admin

#include "proto/admin/users.hpp"

#include <charconv>

#include "base/text.hpp"

namespace dmss::proto::admin {
namespace {

using rpc::Json;

constexpr std::size_t kMaxText = 256;

void set(OnlineUser& user, std::string_view field, std::string_view value) {
  if (field == "ID" || field == "Id")
    std::from_chars(value.data(), value.data() + value.size(), user.id);
  else if (field == "Name")
    user.name = clean_text(value, kMaxText);
  else if (field == "Group")
    user.group = clean_text(value, kMaxText);
  else if (field == "ClientAddress")
    user.address = clean_text(value, kMaxText);
  else if (field == "ClientType")
    user.client_type = clean_text(value, kMaxText);
  else if (field == "LoginTime")
    user.login_time = clean_text(value, kMaxText);
}

}  // namespace

std::vector<OnlineUser> read_users(const cgi::KeyValues& values) {
  constexpr std::string_view kPrefix = "users[";
  std::vector<OnlineUser> users;
  std::vector<std::size_t> indexes;
  for (const auto& [key, value] : values.lines) {
    if (!key.starts_with(kPrefix)) continue;
    std::size_t index = 0;
    const char* end_of_key = key.data() + key.size();
    const auto [end, ec] = std::from_chars(key.data() + kPrefix.size(), end_of_key, index);
    if (ec != std::errc() || !std::string_view(end, end_of_key).starts_with("].")) continue;
    std::size_t at = 0;
    while (at < indexes.size() && indexes[at] != index) ++at;
    if (at == indexes.size()) {
      if (at == kMaxUsers) continue;
      indexes.push_back(index);
      users.emplace_back();
    }
    set(users[at], std::string_view(end + 2, end_of_key), value);
  }
  return users;
}

Result<std::vector<OnlineUser>> read_users(const Json& params) {
  const Json* list = params.is_array() ? &params : rpc::member(params, "users");
  if (list == nullptr || !list->is_array()) return Error(Errc::malformed, "no list of users in the answer");
  std::vector<OnlineUser> users;
  for (const Json& one : *list) {
    if (!one.is_object()) continue;
    if (users.size() == kMaxUsers) break;
    OnlineUser& user = users.emplace_back();
    user.id = rpc::int_or(one, "Id", rpc::int_or(one, "ID", 0));
    for (const char* field : {"Name", "Group", "ClientAddress", "ClientType", "LoginTime"})
      set(user, field, rpc::text_or(one, field, ""));
  }
  return users;
}

}  // namespace dmss::proto::admin

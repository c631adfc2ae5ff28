#include "session/admin/users.hpp"

#include "proto/admin/users.hpp"
#include "session/admin/ask.hpp"

namespace dmss::session {

awaitable<Result<std::vector<OnlineUser>>> read_online_users(std::shared_ptr<Commands> commands) {
  if (commands->has_rpc()) {
    Result<proto::rpc::Reply> reply = co_await ask(commands, "userManager.getActiveUserInfoAll");
    if (reply) co_return proto::admin::read_users(reply->params);
    if (!goes_to_cgi(reply.error(), *commands)) co_return reply.error();
  }
  proto::cgi::Query none;
  Result<proto::cgi::KeyValues> answer =
      co_await ask_cgi(commands, "userManager", "getActiveUserInfoAll", none);
  if (!answer) co_return answer.error();
  co_return proto::admin::read_users(*answer);
}

}  // namespace dmss::session

#include "session/admin/reboot.hpp"

#include "session/admin/ask.hpp"

namespace dmss::session {

awaitable<Result<void>> reboot(std::shared_ptr<Commands> commands) {
  if (commands->has_rpc()) {
    Result<proto::rpc::Reply> reply = co_await ask(commands, "magicBox.reboot");
    if (reply) co_return Result<void>();
    // Only a device that does not know the method has certainly not begun.
    if (!goes_to_cgi(reply.error(), *commands)) co_return reply.error();
  }
  proto::cgi::Query none;
  Result<proto::cgi::KeyValues> answer = co_await ask_cgi(commands, "magicBox", "reboot", none);
  if (!answer) co_return answer.error();
  co_return Result<void>();
}

}  // namespace dmss::session

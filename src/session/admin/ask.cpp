#include "session/admin/ask.hpp"

namespace dmss::session {

namespace rpc = proto::rpc;

awaitable<Result<rpc::Reply>> ask(std::shared_ptr<Commands> commands, std::string method, rpc::Json params,
                                  std::int64_t object) {
  if (auto refused = commands->capabilities().refused(0, method)) co_return *refused;
  Result<rpc::Reply> reply = co_await commands->rpc(method, std::move(params), object);
  if (!reply) commands->capabilities().remember(0, method, reply.error());
  co_return reply;
}

awaitable<Result<proto::cgi::KeyValues>> ask_cgi(std::shared_ptr<Commands> commands, std::string service,
                                                 std::string action, proto::cgi::Query query) {
  const std::string control = service + ".cgi " + action;
  if (auto refused = commands->capabilities().refused(0, control)) co_return *refused;
  Result<proto::cgi::KeyValues> values =
      co_await commands->cgi_values(std::move(service), std::move(action), std::move(query));
  if (!values) commands->capabilities().remember(0, control, values.error());
  co_return values;
}

Result<std::string> result_of(const proto::cgi::KeyValues& values) {
  const auto result = values.get("result");
  if (!result) return Error(Errc::malformed, "an answer without result=");
  return std::string(*result);
}

}  // namespace dmss::session

// Questions of the Admin facet: what a device has refused for good is not asked again, and what must be said to the end.
#pragma once

#include "session/capabilities/capability_cache.hpp"
#include "session/device/device_session.hpp"

namespace dmss::session {

/// Commands::rpc for a method that a device has or lacks as a whole.
awaitable<Result<proto::rpc::Reply>> ask(std::shared_ptr<Commands> commands, std::string method,
                                         proto::rpc::Json params = nullptr, std::int64_t object = 0);
/// Commands::cgi_values likewise.
awaitable<Result<proto::cgi::KeyValues>> ask_cgi(std::shared_ptr<Commands> commands, std::string service,
                                                 std::string action, proto::cgi::Query query);
/// "result=…" of such an answer. Errors: malformed.
Result<std::string> result_of(const proto::cgi::KeyValues& values);

/// After this answer of JSON-RPC: is CGI worth trying?
inline bool goes_to_cgi(const Error& error, const Commands& commands) {
  return error == Errc::unsupported && commands.has_cgi();
}

/// A conversation with two sets of Commands: those of the operation, and `lasting` ones, which the operation's end does not end (its device's
/// does): for what must be said or heard all the same, and for closing what was opened.
template <class T>
using LastingConversation = std::function<awaitable<Result<T>>(std::shared_ptr<Commands> commands,
                                                               std::shared_ptr<Commands> lasting)>;

template <class T>
awaitable<Result<T>> with_lasting(std::shared_ptr<DeviceSession> session, std::shared_ptr<Commands> commands,
                                  LastingConversation<T> conversation) {
  const net::TimePoint deadline =
      session->context().clock.now() + commands->time_left() + session->options().call_timeout;
  std::function<bool()> never_ended;
  Result<std::shared_ptr<Commands>> lasting = co_await session->commands(deadline, std::move(never_ended));
  if (!lasting) co_return lasting.error();
  co_return co_await conversation(std::move(commands), std::move(*lasting));
}

}  // namespace dmss::session

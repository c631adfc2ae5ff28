#include "session/events/state_reader.hpp"

#include "proto/events/event.hpp"
#include "proto/rpc/codes.hpp"

namespace dmss::session {
namespace {

namespace rpc = proto::rpc;
using Indexes = std::optional<std::set<int>>;

constexpr std::size_t kMaxIndexes = 1024;
constexpr int kMaxInputs = 63;

bool may_pass(const Error& why) {
  switch (why.code()) {
    case Errc::cancelled:
    case Errc::timeout:
    case Errc::overflow:
    case Errc::session_expired:
    case Errc::device_busy:
    case Errc::too_many_users: return true;
    default: return why.category() == ErrorCategory::network;
  }
}

/// "Error: No Events" in any of its shapes: nothing is on.
bool says_nothing_is_on(const Error& why) {
  return why.device_code() == rpc::code::no_data ||
         why.device_text().find("No Event") != std::string_view::npos;
}

std::set<int> inputs_of(std::int64_t mask) {
  std::set<int> out;
  for (int i = 0; i < kMaxInputs; ++i) {
    if ((static_cast<std::uint64_t>(mask) >> i & 1) != 0) out.insert(i + 1);
  }
  return out;
}

void add_index(std::int64_t wire, std::set<int>& out) {
  if (wire >= 0 && wire < proto::events::kMaxIndex && out.size() < kMaxIndexes)
    out.insert(static_cast<int>(wire) + 1);
}

Result<Indexes> refusal(const Error& why) {
  if (says_nothing_is_on(why)) return Indexes(std::set<int>());
  if (may_pass(why)) return why;
  return Indexes();
}

/// {"channels":[0,2]}
Indexes channels_of(const rpc::Json& params) {
  const rpc::Json* list = rpc::member(params, "channels");
  if (!list || !list->is_array()) return std::nullopt;
  std::set<int> out;
  for (const rpc::Json& one : *list) {
    if (one.is_number_integer() && one.get<std::int64_t>() >= 0) add_index(one.get<std::int64_t>(), out);
  }
  return out;
}

/// channels[0]=0
Indexes channels_of(const proto::cgi::KeyValues& lines) {
  std::set<int> out;
  bool any = false;
  for (const auto& [key, value] : lines.lines) {
    if (!key.starts_with("channels[")) continue;
    any = true;
    proto::cgi::KeyValues one;
    one.add("n", value);
    add_index(one.number("n").value_or(-1), out);
  }
  if (!any) return std::nullopt;
  return out;
}

/// By CGI alone: no note knows the question in JSON-RPC.
awaitable<Result<Indexes>> inputs(std::shared_ptr<Commands> commands) {
  if (!commands->has_cgi()) co_return Indexes();
  proto::cgi::Query nothing;
  Result<proto::cgi::KeyValues> lines =
      co_await commands->cgi_values("alarm", "getInState", std::move(nothing));
  // Where only the control port can be reached, getEventIndexes is left.
  if (!lines && may_pass(lines.error()) && !commands->has_rpc()) co_return lines.error();
  if (!lines || !lines->number("result")) co_return Indexes();
  co_return Indexes(inputs_of(*lines->number("result")));
}

awaitable<Result<Indexes>> indexes(std::shared_ptr<Commands> commands, std::string code, StateWays& ways) {
  bool unanswered = false;
  if (commands->has_rpc() && !(ways.rpc_silent && commands->has_cgi())) {
    rpc::Json params = {{"code", code}};
    Result<rpc::Reply> reply =
        co_await commands->rpc_first("eventManager.getEventIndexes", std::move(params), 0);
    unanswered = reply.error() == Errc::timeout && commands->has_cgi();
    if (reply) {
      if (Indexes told = channels_of(reply->params)) co_return told;
    } else if (!unanswered) {
      Result<Indexes> said = refusal(reply.error());
      if (!said || *said) co_return said;
    }
  }
  if (!commands->has_cgi()) co_return Indexes();
  proto::cgi::Query query;
  query.add("code", code);
  Result<proto::cgi::KeyValues> lines =
      co_await commands->cgi_values("eventManager", "getEventIndexes", std::move(query));
  Result<Indexes> told = Indexes();
  if (lines)
    told = channels_of(*lines);
  else
    told = refusal(lines.error());
  if (unanswered && (!told || !*told)) co_return Errc::timeout;
  if (unanswered) ways.rpc_silent = true;
  co_return told;
}

}  // namespace

awaitable<Result<Indexes>> read_event_state(std::shared_ptr<Commands> commands, std::string code,
                                            StateWays& ways) {
  if (code == "AlarmLocal") {
    Result<Indexes> told = co_await inputs(commands);
    if (!told || *told) co_return told;
  }
  co_return co_await indexes(std::move(commands), std::move(code), ways);
}

}  // namespace dmss::session

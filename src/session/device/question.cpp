#include "session/device/question.hpp"

#include "proto/cgi/tree.hpp"
#include "proto/rpc/codes.hpp"
#include "session/capabilities/capability_cache.hpp"

namespace dmss::session {

namespace rpc = proto::rpc;

namespace {

/// Measured: the code of an instance method whose object is gone.
constexpr std::int64_t kInstanceMissing = -267976703;

bool by_rpc(const Commands& commands, const Question& q) {
  return commands.has_rpc() && !q.method.empty();
}

bool by_cgi(const Commands& commands, const Question& q) {
  return commands.has_cgi() && !q.service.empty();
}

Error no_way() {
  return Error(Errc::unsupported, "this device has no interface that could tell or do this");
}

/// CGI may know what JSON-RPC does not, or never answers; it has nothing to add to a lost connection or a right that is missing.
bool cgi_may_know(const Error& error) {
  return error == Errc::unsupported || error == Errc::device_error || error == Errc::timeout;
}

/// CGI is another connection, and on a JSON session only the second way: that it is shut says nothing of the session.
bool is_out_of_reach(const Error& error) {
  return error != Errc::cancelled && error != Errc::session_expired &&
         (error.category() == ErrorCategory::network || error.category() == ErrorCategory::login ||
          error == Errc::timeout);
}

Error out_of_reach(const Error& why) {
  return Error(Errc::device_error, "CGI, which alone could tell, is out of reach").with_cause(why);
}

}  // namespace

bool ends_asking(const Commands& commands, const Error& error) {
  switch (error.code()) {
    case Errc::cancelled:
    case Errc::session_expired:
    case Errc::invalid_state: return true;
    case Errc::timeout: return commands.time_left() <= Duration::zero();
    default: return error.category() == ErrorCategory::network || error.category() == ErrorCategory::login;
  }
}

awaitable<Answer> ask(std::shared_ptr<Commands> commands, Question question) {
  Answer out;
  out.tree = no_way();
  if (by_rpc(*commands, question)) {
    out.probe = question.method;
    const bool only = !by_cgi(*commands, question);
    Result<rpc::Reply> reply = Errc::internal;
    if (only)
      reply = co_await commands->rpc(question.method, std::move(question.params), question.object);
    else
      reply = co_await commands->rpc_first(question.method, std::move(question.params), question.object);
    if (reply) {
      out.tree = std::move(reply->params);
      co_return out;
    }
    out.tree = reply.error();
    if (only || !cgi_may_know(reply.error()) || commands->time_left() == Duration::zero()) co_return out;
  } else if (!by_cgi(*commands, question)) {
    co_return out;
  }
  const bool second_way = commands->has_rpc();
  const std::string probe = question.service + ".cgi " + question.action;
  Result<proto::cgi::KeyValues> lines = co_await commands->cgi_values(
      std::move(question.service), std::move(question.action), std::move(question.query));
  if (!lines && lines.error() == Errc::unsupported && !out.probe.empty()) co_return out;
  if (!lines && second_way && is_out_of_reach(lines.error())) {
    if (out.probe.empty()) out.tree = out_of_reach(lines.error());
    co_return out;
  }
  out.probe = probe;
  out.by_cgi = true;
  if (lines)
    out.tree = proto::cgi::to_text_tree(*lines);
  else
    out.tree = lines.error();
  co_return out;
}

awaitable<Result<void>> tell(std::shared_ptr<Commands> commands, Question question) {
  Result<void> out = no_way();
  if (by_rpc(*commands, question)) {
    Result<rpc::Reply> reply =
        co_await commands->rpc(question.method, std::move(question.params), question.object);
    if (reply) co_return Result<void>();
    out = reply.error();
    if (reply.error() != Errc::unsupported) co_return out;
  }
  if (!by_cgi(*commands, question)) co_return out;
  Result<std::string> body = co_await commands->cgi(std::move(question.service), std::move(question.action),
                                                    std::move(question.query));
  if (body) co_return Result<void>();
  co_return body.error();
}

bool is_instance_gone(const Error& error) {
  return error.device_code() == kInstanceMissing || error.device_code() == rpc::code::invalid_request;
}

awaitable<Result<std::int64_t>> make_instance(std::shared_ptr<Commands> commands, std::string service,
                                              rpc::Json params) {
  // An operation that ends meanwhile would not hear the handle, and nobody could let go of it.
  const std::shared_ptr<Commands> lasting = commands->lasting();
  Result<rpc::Reply> made = co_await lasting->rpc(service + ".factory.instance", std::move(params));
  if (!made) co_return made.error();
  co_return made->handle().value_or(0);
}

awaitable<void> drop_instance(std::shared_ptr<Commands> commands, std::string service, std::int64_t object) {
  if (object == 0) co_return;
  const std::shared_ptr<Commands> lasting = commands->lasting();
  [[maybe_unused]] const Result<rpc::Reply> gone =
      co_await lasting->rpc(service + ".destroy", nullptr, object);
}

awaitable<Result<std::int64_t>> kept_instance(std::shared_ptr<Commands> commands, std::string service,
                                              int channel) {
  if (const auto kept = commands->capabilities().instance(service, channel)) co_return *kept;
  rpc::Json params = {{"channel", channel - 1}};
  Result<std::int64_t> made = co_await make_instance(commands, service, std::move(params));
  if (!made) co_return made.error();
  if (*made == 0 || commands->capabilities().keep_instance(service, channel, *made)) co_return made;
  // Somebody else made one at the same time: that one serves both.
  if (const auto kept = commands->capabilities().instance(service, channel)) {
    co_await drop_instance(commands, service, *made);
    co_return *kept;
  }
  co_return made;
}

awaitable<Result<rpc::Reply>> call_kept(std::shared_ptr<Commands> commands, std::string service, int channel,
                                        std::string method, rpc::Json params) {
  Result<rpc::Reply> reply = Errc::internal;
  for (int attempt = 0; attempt < 2; ++attempt) {
    Result<std::int64_t> object = co_await kept_instance(commands, service, channel);
    if (!object) co_return object.error();
    rpc::Json copy = params;
    reply = co_await commands->rpc(service + "." + method, std::move(copy), *object);
    const bool kept = commands->capabilities().instance(service, channel) == *object;
    if (reply || !is_instance_gone(reply.error())) {
      if (!kept) co_await drop_instance(commands, service, *object);
      co_return reply;
    }
    if (kept) commands->capabilities().forget_instance(service, channel);
  }
  co_return reply;
}

awaitable<Result<rpc::Reply>> call_once(std::shared_ptr<Commands> commands, std::string service, int channel,
                                        std::string method, rpc::Json params) {
  rpc::Json with = {{"channel", channel - 1}};
  Result<std::int64_t> object = co_await make_instance(commands, service, std::move(with));
  if (!object) co_return object.error();
  Result<rpc::Reply> reply = co_await commands->rpc(service + "." + method, std::move(params), *object);
  co_await drop_instance(commands, service, *object);
  co_return reply;
}

}  // namespace dmss::session

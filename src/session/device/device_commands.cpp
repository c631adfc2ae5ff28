#include "session/device/device_commands.hpp"

#include "session/device/device_limits.hpp"

namespace dmss::session {

namespace rpc = proto::rpc;

namespace {

std::string text_of(const rpc::Json& params) {
  return params.is_null() ? std::string() : rpc::dump(params);
}

}  // namespace

DeviceCommands::DeviceCommands(std::shared_ptr<DeviceSession> session,
                               std::shared_ptr<CapabilityCache> capabilities, net::TimePoint deadline,
                               std::function<bool()> ended)
    : session_(std::move(session)),
      link_(session_->link()),
      capabilities_(std::move(capabilities)),
      deadline_(deadline),
      ended_(std::move(ended)) {}

DeviceCommands::DeviceCommands(std::shared_ptr<DeviceSession> session,
                               std::shared_ptr<CapabilityCache> capabilities, net::TimePoint deadline)
    : session_(std::move(session)),
      link_(session_->link()),
      capabilities_(std::move(capabilities)),
      deadline_(deadline),
      last_words_(true) {}

DeviceCommands::DeviceCommands(const DeviceCommands& operation, Lasting)
    : session_(operation.session_),
      link_(operation.link_),
      capabilities_(operation.capabilities_),
      deadline_(std::max(operation.deadline_, session_->context().clock.now()) +
                session_->options().call_timeout),
      last_words_(operation.last_words_) {}

std::shared_ptr<Commands> DeviceCommands::lasting() {
  return std::shared_ptr<Commands>(new DeviceCommands(*this, Lasting()));
}

bool DeviceCommands::has_rpc() const {
  return link_->has_json();
}

Duration DeviceCommands::time_left() const {
  return std::max(deadline_ - session_->context().clock.now(), Duration::zero());
}

Duration DeviceCommands::limit() const {
  return std::min<Duration>(time_left(), session_->options().call_timeout);
}

Error DeviceCommands::over() const {
  if ((session_->closed() && !last_words_) || (ended_ && ended_())) return Errc::cancelled;
  if (time_left() == Duration::zero()) return Errc::timeout;
  return {};
}

bool DeviceCommands::lost() const {
  return !last_words_ && session_->link() != link_;
}

Error DeviceCommands::cannot_ask() const {
  if (Error why = over()) return why;
  return lost() ? Error(Errc::connection_lost) : Error();
}

int DeviceCommands::channels() const {
  return session_->info() ? session_->info()->channels : 0;
}

awaitable<Result<rpc::Reply>> DeviceCommands::rpc(std::string method, rpc::Json params, std::int64_t object) {
  return call(std::move(method), text_of(params), object, limit());
}

awaitable<Result<rpc::Reply>> DeviceCommands::rpc_first(std::string method, rpc::Json params,
                                                        std::int64_t object) {
  const Duration share = has_cgi() ? time_left() / 2 : time_left();
  return call(std::move(method), text_of(params), object, std::min(limit(), share));
}

awaitable<Result<rpc::Reply>> DeviceCommands::rpc_in(Charset charset, std::string method, rpc::Json params) {
  std::optional<std::string> body = from_utf8(rpc::dump(params), charset);
  if (!body)
    co_return Error(Errc::invalid_argument,
                    method + ": the device's encoding lacks a character of this text");
  co_return co_await call(std::move(method), std::move(*body), 0, limit());
}

awaitable<Result<rpc::Reply>> DeviceCommands::call(std::string method, std::string params,
                                                   std::int64_t object, Duration limit) {
  if (Error why = cannot_ask()) co_return why;
  Result<std::string> text = co_await link_->call(std::move(method), std::move(params), object, limit);
  if (Error why = over()) co_return why;
  if (!text) co_return text.error();
  auto json = rpc::parse_json(*text);
  if (!json) co_return json.error();
  rpc::Reply reply = rpc::to_reply(*json);
  reply.charset = guess_charset(*text);
  co_return reply;
}

bool DeviceCommands::has_cgi() const {
  return !lost() && session_->cgi_client() != nullptr;
}

awaitable<Result<std::string>> DeviceCommands::cgi(std::string service, std::string action,
                                                   proto::cgi::Query query) {
  if (Error why = cannot_ask()) co_return why;
  std::string target = proto::cgi::cgi_path(service, action, query);
  Result<std::string> body = co_await session_->cgi(std::move(target), limit());
  if (Error why = over()) co_return why;
  co_return body;
}

awaitable<Result<proto::cgi::KeyValues>> Commands::cgi_values(std::string service, std::string action,
                                                              proto::cgi::Query query) {
  Result<std::string> body = co_await cgi(std::move(service), std::move(action), std::move(query));
  if (!body) co_return body.error();
  if (body->size() > proto::cgi::kMaxKvBytes)
    co_return Error(Errc::too_large, "key=value text beyond the limit");
  co_return proto::cgi::parse_kv(to_utf8(*body, guess_charset(*body)));
}

Error check_channel(const Commands& commands, int channel) {
  constexpr int kMaxChannel = 1024;
  if (channel < 1 || channel > kMaxChannel)
    return Error(Errc::invalid_argument, "channels are numbered from 1 to 1024");
  const int channels = commands.channels();
  if (channels == 0 || channel <= channels) return {};
  return Error(Errc::no_such_channel,
               "channel " + std::to_string(channel) + " of " + std::to_string(channels));
}

awaitable<Result<std::shared_ptr<Commands>>> DeviceSession::commands(net::TimePoint deadline,
                                                                     std::function<bool()> ended) {
  Result<DeviceInfo> ready = co_await online(deadline);
  if (!ready) co_return ready.error();
  if (!link_) co_return last_error_ ? last_error_ : Error(Errc::connection_lost);
  std::shared_ptr<Commands> made =
      std::make_shared<DeviceCommands>(shared_from_this(), capabilities_, deadline, std::move(ended));
  co_return made;
}

Duration DeviceSession::operation_limit(std::chrono::milliseconds timeout) const {
  return bounded(timeout.count() > 0 ? timeout : 3 * options_.call_timeout);
}

}  // namespace dmss::session

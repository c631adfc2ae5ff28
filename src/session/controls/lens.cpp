// The motorised lens (protocol http-rpc.md §7.2).
#include <cmath>

#include "proto/caps/channel.hpp"
#include "proto/cgi/tree.hpp"
#include "session/capabilities/probe.hpp"
#include "session/controls/control_conversations.hpp"
#include "session/device/question.hpp"

namespace dmss::session {
namespace {

using proto::rpc::Json;

/// devVideoInput, by an instance of the channel, or by CGI.
awaitable<Result<Json>> ask_input(std::shared_ptr<Commands> commands, int channel, std::string method,
                                  Json params, proto::cgi::Query query) {
  Result<Json> out = Error(Errc::unsupported, "this device has no interface for a lens");
  if (commands->has_rpc()) {
    Result<proto::rpc::Reply> reply =
        co_await call_once(commands, "devVideoInput", channel, method, std::move(params));
    if (reply) co_return std::move(reply->params);
    out = reply.error();
    if (reply.error() != Errc::unsupported) co_return out;
  }
  if (!commands->has_cgi()) co_return out;
  Result<proto::cgi::KeyValues> lines =
      co_await commands->cgi_values("devVideoInput", std::move(method), std::move(query));
  if (!lines) co_return lines.error();
  co_return proto::cgi::to_text_tree(*lines);
}

awaitable<Result<void>> tell_input(std::shared_ptr<Commands> commands, int channel, std::string method,
                                   Json params, proto::cgi::Query query) {
  if (const auto refused = commands->capabilities().refused(channel, method)) co_return *refused;
  Result<Json> answer = co_await ask_input(commands, channel, method, std::move(params), std::move(query));
  if (answer) co_return Result<void>();
  commands->capabilities().remember(channel, method, answer.error());
  co_return answer.error();
}

bool is_share(double n) {
  return std::isfinite(n) && n >= 0 && n <= 1;
}

}  // namespace

awaitable<Result<void>> set_lens(std::shared_ptr<Commands> commands, int channel, double zoom, double focus) {
  if (!is_share(zoom) || !is_share(focus))
    co_return Error(Errc::invalid_argument, "zoom and focus of a lens are from 0 to 1");
  if (Error e = co_await require(commands, channel, Feature::motorised_lens)) co_return e;
  Json params = {{"focus", focus}, {"zoom", zoom}};
  proto::cgi::Query q;
  q.add("focus", proto::rpc::dump(focus)).add("zoom", proto::rpc::dump(zoom)).add("channel", channel);
  co_return co_await tell_input(commands, channel, "adjustFocus", std::move(params), std::move(q));
}

awaitable<Result<void>> auto_focus(std::shared_ptr<Commands> commands, int channel) {
  if (Error e = co_await require(commands, channel, Feature::motorised_lens)) co_return e;
  proto::cgi::Query q;
  q.add("channel", channel);
  co_return co_await tell_input(commands, channel, "autoFocus", nullptr, std::move(q));
}

awaitable<Result<LensStatus>> lens_status(std::shared_ptr<Commands> commands, int channel) {
  if (Error e = co_await require(commands, channel, Feature::motorised_lens)) co_return e;
  proto::cgi::Query q;
  q.add("channel", channel);
  Result<Json> answer = co_await ask_input(commands, channel, "getFocusStatus", nullptr, std::move(q));
  if (!answer) co_return answer.error();
  const auto status = proto::caps::parse_lens_status(*answer);
  if (!status) co_return Error(Errc::malformed, "the device's focus status tells neither zoom nor focus");
  co_return *status;
}

}  // namespace dmss::session

#include "session/admin/alarm_io.hpp"

#include <charconv>

#include "session/admin/ask.hpp"

namespace dmss::session {
namespace {

namespace rpc = proto::rpc;

constexpr std::int64_t kMaxSlots = 63;  // the mask is a number
constexpr int kMaxInput = 1024;

/// Bit i is slot i.
std::vector<bool> bits(std::int64_t slots, std::int64_t mask) {
  std::vector<bool> states(static_cast<std::size_t>(std::clamp<std::int64_t>(slots, 0, kMaxSlots)));
  for (std::size_t i = 0; i < states.size(); ++i) states[i] = (mask >> i & 1) != 0;
  return states;
}

awaitable<Result<std::int64_t>> ask_number(std::shared_ptr<Commands> commands, std::string method,
                                           std::string key) {
  Result<rpc::Reply> reply = co_await ask(std::move(commands), std::move(method));
  if (!reply) co_return reply.error();
  if (rpc::member(reply->params, key.c_str()) == nullptr)
    co_return Error(Errc::malformed, "an answer without \"" + key + "\"");
  co_return rpc::int_or(reply->params, key.c_str(), 0);
}

awaitable<Result<std::int64_t>> ask_result(std::shared_ptr<Commands> commands, std::string action) {
  proto::cgi::Query none;
  Result<proto::cgi::KeyValues> answer =
      co_await ask_cgi(std::move(commands), "alarm", std::move(action), none);
  if (!answer) co_return answer.error();
  const auto result = answer->number("result");
  if (!result) co_return Error(Errc::malformed, "an answer without result=");
  co_return *result;
}

awaitable<Result<std::vector<bool>>> cgi_states(std::shared_ptr<Commands> commands, std::string slots,
                                                std::string states) {
  Result<std::int64_t> count = co_await ask_result(commands, std::move(slots));
  if (!count) co_return count.error();
  if (*count <= 0) co_return std::vector<bool>();
  Result<std::int64_t> mask = co_await ask_result(commands, std::move(states));
  if (!mask) co_return mask.error();
  co_return bits(*count, *mask);
}

awaitable<Result<std::vector<bool>>> rpc_outputs(std::shared_ptr<Commands> commands) {
  Result<std::int64_t> count = co_await ask_number(commands, "alarm.getOutSlots", "outputs");
  if (!count) co_return count.error();
  if (*count <= 0) co_return std::vector<bool>();
  Result<std::int64_t> mask = co_await ask_number(commands, "alarm.getOutState", "state");
  if (!mask) co_return mask.error();
  co_return bits(*count, *mask);
}

/// With the outputs told, inputs are a bonus: a device without CGI, or whose web port is shut, is no failure.
bool does_without(const Error& error) {
  return error == Errc::unsupported || error.category() == ErrorCategory::network;
}

}  // namespace

awaitable<Result<AlarmStates>> read_alarm_states(std::shared_ptr<Commands> commands) {
  AlarmStates states;
  bool told = false;
  if (commands->has_rpc()) {
    Result<std::vector<bool>> outputs = co_await rpc_outputs(commands);
    if (!outputs && !goes_to_cgi(outputs.error(), *commands)) co_return outputs.error();
    told = outputs.has_value();
    if (told) states.outputs = std::move(*outputs);
  }
  if (!told) {
    Result<std::vector<bool>> outputs = co_await cgi_states(commands, "getOutSlots", "getOutState");
    if (!outputs) co_return outputs.error();
    states.outputs = std::move(*outputs);
  }
  if (!commands->has_cgi()) co_return states;
  Result<std::vector<bool>> inputs = co_await cgi_states(commands, "getInSlots", "getInState");
  if (inputs)
    states.inputs = std::move(*inputs);
  else if (!does_without(inputs.error()))
    co_return inputs.error();
  co_return states;
}

awaitable<Result<void>> set_network_alarm(std::shared_ptr<Commands> commands, int input, bool on) {
  if (input < 1 || input > kMaxInput)
    co_return Error(Errc::invalid_argument, "alarm inputs are numbered from 1");
  if (!commands->has_cgi())
    co_return Error(Errc::unsupported, "network alarms are set by CGI, which this device lacks");
  proto::cgi::Query query;
  query.add("channel", input).add("alarm", on ? "true" : "false");
  Result<proto::cgi::KeyValues> answer =
      co_await ask_cgi(std::move(commands), "netAlarm", "setState", std::move(query));
  if (!answer) co_return answer.error();
  co_return Result<void>();
}

}  // namespace dmss::session

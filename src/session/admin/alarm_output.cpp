// Alarm outputs are switched by a table: AlarmOut[i].Mode, read, written and read again (protocol http-rpc.md §3.2, §4.4, §5.10).
#include "proto/rpc/codes.hpp"
#include "session/admin/alarm_io.hpp"
#include "session/admin/ask.hpp"

namespace dmss::session {
namespace {

namespace rpc = proto::rpc;

constexpr int kMaxOutput = 1024;

Error no_such_output(int output) {
  return Error(Errc::invalid_argument, "this device has no alarm output " + std::to_string(output));
}

Error without_mode() {
  return Error(Errc::unsupported, "alarm outputs of this device have no mode");
}

Error kept(int output, std::int64_t wrote, std::int64_t reads) {
  return Error(Errc::not_applied, "AlarmOut[" + std::to_string(output - 1) + "].Mode: wrote " +
                                      std::to_string(wrote) + ", reads " + std::to_string(reads));
}

/// What a device gives for the row: that row, or, where it does not know this scope, the whole table.
struct Scope {
  rpc::Json table;
  bool whole = false;
  std::size_t index = 0;
  rpc::Json& row() { return whole ? table[index] : table; }
};

awaitable<Result<Scope>> read_row(std::shared_ptr<Commands> commands, int output) {
  rpc::Json params = {{"name", "AlarmOut"}, {"channel", output - 1}};
  Result<rpc::Reply> reply = co_await commands->rpc("configManager.getConfig", std::move(params));
  if (!reply && reply.error().device_code() == rpc::code::invalid_param) {
    const Error said = reply.error();
    co_return no_such_output(output).with_device(said.device_code(), std::string(said.device_text()));
  }
  if (!reply) co_return reply.error();
  const rpc::Json* table = rpc::member(reply->params, "table");
  if (table == nullptr) co_return Error(Errc::malformed, "no table in the answer");
  Scope scope{*table, table->is_array(), static_cast<std::size_t>(output - 1)};
  if (scope.whole && scope.index >= scope.table.size()) co_return no_such_output(output);
  if (scope.row().is_null()) co_return no_such_output(output);
  if (rpc::member(scope.row(), "Mode") == nullptr) co_return without_mode();
  co_return scope;
}

awaitable<Result<void>> set_by_rpc(std::shared_ptr<Commands> commands, int output, std::int64_t mode) {
  Result<Scope> scope = co_await read_row(commands, output);
  if (!scope) co_return scope.error();
  scope->row()["Mode"] = mode;
  rpc::Json params = {{"name", "AlarmOut"}, {"options", rpc::Json::array()}};
  params["table"] = std::move(scope->table);
  if (!scope->whole) params["channel"] = output - 1;
  Result<rpc::Reply> written = co_await commands->rpc("configManager.setConfig", std::move(params));
  if (!written) co_return written.error();
  Result<Scope> after = co_await read_row(commands, output);
  if (!after) co_return after.error();
  const std::int64_t reads = rpc::int_or(after->row(), "Mode", -1);
  if (reads != mode) co_return kept(output, mode, reads);
  co_return Result<void>();
}

awaitable<Result<std::int64_t>> read_mode(std::shared_ptr<Commands> commands, int output) {
  const std::string path = "AlarmOut[" + std::to_string(output - 1) + "]";
  proto::cgi::Query query;
  query.add("name", path);
  Result<proto::cgi::KeyValues> answer =
      co_await commands->cgi_values("configManager", "getConfig", std::move(query));
  if (!answer) co_return answer.error();
  if (answer->lines.empty()) co_return no_such_output(output);
  const auto mode = answer->number("table." + path + ".Mode");
  if (!mode) co_return without_mode();
  co_return *mode;
}

awaitable<Result<void>> set_by_cgi(std::shared_ptr<Commands> commands, int output, std::int64_t mode) {
  Result<std::int64_t> before = co_await read_mode(commands, output);
  if (!before) co_return before.error();
  const std::string key = "AlarmOut[" + std::to_string(output - 1) + "].Mode";
  proto::cgi::Query query;
  query.add(key, mode);
  Result<std::string> written = co_await commands->cgi("configManager", "setConfig", std::move(query));
  if (!written && written.error() == Errc::device_error) {
    // Some firmware wants the prefix of the answer back.
    proto::cgi::Query prefixed;
    prefixed.add("table." + key, mode);
    written = co_await commands->cgi("configManager", "setConfig", std::move(prefixed));
  }
  if (!written) co_return written.error();
  Result<std::int64_t> after = co_await read_mode(commands, output);
  if (!after) co_return after.error();
  if (*after != mode) co_return kept(output, mode, *after);
  co_return Result<void>();
}

}  // namespace

awaitable<Result<void>> set_alarm_output(std::shared_ptr<Commands> commands, int output,
                                         AlarmOutput::Mode mode) {
  if (output < 1 || output > kMaxOutput)
    co_return Error(Errc::invalid_argument, "alarm outputs are numbered from 1");
  const auto value = static_cast<std::int64_t>(mode);
  if (value < 0 || value > 2) co_return Error(Errc::invalid_argument, "no such mode of an alarm output");
  if (commands->has_rpc()) {
    Result<void> set = co_await set_by_rpc(commands, output, value);
    if (set || !goes_to_cgi(set.error(), *commands)) co_return set;
  }
  co_return co_await set_by_cgi(std::move(commands), output, value);
}

}  // namespace dmss::session

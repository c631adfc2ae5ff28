#include "session/admin/log.hpp"

#include "proto/admin/log_page.hpp"
#include "proto/rpc/codes.hpp"
#include "session/admin/ask.hpp"

namespace dmss::session {
namespace {

namespace admin = proto::admin;
namespace rpc = proto::rpc;

Error check(const LogQuery& query) {
  if (!query.begin.valid() || !query.end.valid() || query.end < query.begin)
    return Error(Errc::invalid_argument, "a log search needs a time that ends after it begins");
  if (query.limit < 1 || query.limit > admin::kMaxLogEntries)
    return Error(Errc::invalid_argument, "a log search has a limit from 1 to 100,000 entries");
  if (query.types.size() > admin::kMaxLogTypes)
    return Error(Errc::invalid_argument, "a log search has at most 100 types");
  return {};
}

bool says_no_data(const Error& error) {
  return error.device_code() == rpc::code::no_data;
}

awaitable<Result<void>> read_pages(std::shared_ptr<Commands> commands, rpc::Json token, LogQuery query,
                                   OnLogPage on_page) {
  rpc::Json which = rpc::Json::object();
  which["token"] = token;
  Result<rpc::Reply> counted = co_await commands->rpc("log.getCount", std::move(which));
  if (!counted) co_return counted.error();
  const std::int64_t count = rpc::int_or(counted->params, "count", query.limit);
  const int total = static_cast<int>(std::clamp<std::int64_t>(count, 0, query.limit));
  for (int offset = 0; offset < total;) {
    const int wanted = std::min(total - offset, admin::kLogPage);
    Result<rpc::Reply> reply =
        co_await commands->rpc("log.doSeekFind", admin::log_seek(token, offset, wanted));
    if (!reply && says_no_data(reply.error())) break;
    if (!reply) co_return reply.error();
    std::vector<LogEntry> page = admin::read_log_page(reply->params, static_cast<std::size_t>(wanted));
    if (page.empty()) break;
    offset += static_cast<int>(page.size());
    const bool more = co_await on_page(std::move(page));
    if (!more) break;
  }
  co_return Result<void>();
}

}  // namespace

awaitable<Result<void>> search_log(std::shared_ptr<Commands> commands, std::shared_ptr<Commands> lasting,
                                   LogQuery query, OnLogPage on_page) {
  if (Error wrong = check(query)) co_return wrong;
  if (!commands->has_rpc())
    co_return Error(Errc::unsupported, "the log is searched by JSON-RPC, which this device lacks");
  Result<rpc::Reply> started = co_await ask(lasting, "log.startFind", admin::log_condition(query));
  if (!started && says_no_data(started.error())) co_return Result<void>();
  if (!started) co_return started.error();
  const rpc::Json* told = rpc::member(started->params, "token");
  if (told == nullptr || told->is_null()) co_return Error(Errc::malformed, "a log search without a token");
  const rpc::Json token = *told;
  Result<void> read = co_await read_pages(std::move(commands), token, std::move(query), std::move(on_page));
  rpc::Json which = rpc::Json::object();
  which["token"] = token;
  // A search that cannot be closed is the device's to forget; what was found counts.
  [[maybe_unused]] const auto closed = co_await lasting->rpc("log.stopFind", std::move(which));
  co_return read;
}

}  // namespace dmss::session

#include "session/admin/log.hpp"

#include "proto/admin/log_page.hpp"
#include "session/capabilities/probe.hpp"

namespace dmss::session {
namespace {

namespace admin = proto::admin;
namespace rpc = proto::rpc;

Error check(const LogQuery& query) {
  if (Error wrong = check_span("a log search", query.begin, query.end, query.limit, admin::kMaxLogEntries))
    return wrong;
  if (query.types.size() > admin::kMaxLogTypes)
    return Error(Errc::invalid_argument, "a log search has at most 100 types");
  return {};
}

awaitable<Result<std::int64_t>> count(std::shared_ptr<Commands> commands, rpc::Json started) {
  rpc::Json which = rpc::Json::object();
  which["token"] = started["token"];
  Result<rpc::Reply> counted = co_await commands->rpc("log.getCount", std::move(which));
  if (!counted) co_return counted.error();
  co_return rpc::int_or(counted->params, "count", admin::kMaxLogEntries);
}

}  // namespace

awaitable<Result<void>> search_log(std::shared_ptr<Commands> commands, std::shared_ptr<Commands> lasting,
                                   LogQuery query, OnPage<LogEntry> on_page) {
  if (Error wrong = check(query)) co_return wrong;
  if (!commands->has_rpc())
    co_return Error(Errc::unsupported, "the log is searched by JSON-RPC, which this device lacks");
  if (Error why = co_await require(commands, 0, Feature::log_search)) co_return why;
  SearchKind<LogEntry> kind{"a log search",  "log.startFind",  "log.doSeekFind",      "log.stopFind", "token",
                            admin::kLogPage, &admin::log_seek, &admin::read_log_page, &count};
  rpc::Json condition = admin::log_condition(query);
  co_return co_await search_pages(std::move(commands), std::move(lasting), std::move(kind),
                                  std::move(condition), query.limit, std::move(on_page));
}

}  // namespace dmss::session

#include "session/admin/smart.hpp"

#include <numeric>

#include "proto/admin/smart_page.hpp"

namespace dmss::session {
namespace {

namespace admin = proto::admin;
namespace rpc = proto::rpc;

Error check(const SmartQuery& query) {
  if (Error wrong =
          check_span("a smart search", query.begin, query.end, query.limit, admin::kMaxSmartEntries))
    return wrong;
  if (!query.human && !query.vehicle)
    return Error(Errc::invalid_argument, "a smart search is for humans, vehicles or both");
  if (query.channels.size() > static_cast<std::size_t>(admin::kMaxSmartChannels))
    return Error(Errc::invalid_argument, "a smart search has at most 1024 channels");
  return {};
}

/// The query's channels are there; none become all of the device, as no word for "all" is known.
Error settle_channels(std::vector<int>& wanted, int there) {
  const int last = there > 0 ? std::min(there, admin::kMaxSmartChannels) : admin::kMaxSmartChannels;
  for (const int channel : wanted) {
    if (channel < 1) return Error(Errc::invalid_argument, "channels count from 1");
    if (channel > last) return Error(Errc::no_such_channel, "channel " + std::to_string(channel));
  }
  if (!wanted.empty()) return {};
  if (there < 1)
    return Error(Errc::invalid_argument, "the device does not say how many channels it has: name them");
  wanted.resize(static_cast<std::size_t>(last));
  std::iota(wanted.begin(), wanted.end(), 1);
  return {};
}

awaitable<Result<std::int64_t>> count(std::shared_ptr<Commands>, rpc::Json started) {
  co_return rpc::int_or(started, "Count", admin::kMaxSmartEntries);
}

}  // namespace

awaitable<Result<void>> search_smart(std::shared_ptr<Commands> commands, std::shared_ptr<Commands> lasting,
                                     SmartQuery query, OnPage<SmartEntry> on_page) {
  if (Error wrong = check(query)) co_return wrong;
  if (!commands->has_rpc())
    co_return Error(Errc::unsupported, "smart motion is searched by JSON-RPC, which this device lacks");
  if (Error wrong = settle_channels(query.channels, commands->channels())) co_return wrong;
  SearchKind<SmartEntry> kind{"a smart search",
                              "SmdDataFinder.startFind",
                              "SmdDataFinder.doFind",
                              "SmdDataFinder.stopFind",
                              "Token",
                              admin::kSmartPage,
                              &admin::smart_seek,
                              &admin::read_smart_page,
                              &count};
  rpc::Json condition = admin::smart_condition(query);
  co_return co_await search_pages(std::move(commands), std::move(lasting), std::move(kind),
                                  std::move(condition), query.limit, std::move(on_page));
}

}  // namespace dmss::session

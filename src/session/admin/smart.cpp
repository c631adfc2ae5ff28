#include "session/admin/smart.hpp"

#include <algorithm>
#include <numeric>

#include "proto/admin/smart_page.hpp"
#include "proto/rpc/codes.hpp"
#include "session/admin/ask.hpp"

namespace dmss::session {
namespace {

namespace admin = proto::admin;
namespace rpc = proto::rpc;

Error check(const SmartQuery& query) {
  if (!query.begin.valid() || !query.end.valid() || query.end < query.begin)
    return Error(Errc::invalid_argument, "a smart search needs a time that ends after it begins");
  if (query.limit < 1 || query.limit > admin::kMaxSmartEntries)
    return Error(Errc::invalid_argument, "a smart search has a limit from 1 to 100,000 entries");
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

bool says_no_data(const Error& error) {
  return error.device_code() == rpc::code::no_data;
}

awaitable<Result<void>> read_pages(std::shared_ptr<Commands> commands, rpc::Json token, int total,
                                   OnSmartPage on_page) {
  for (int offset = 0; offset < total;) {
    const int wanted = std::min(total - offset, admin::kSmartPage);
    Result<rpc::Reply> reply =
        co_await commands->rpc("SmdDataFinder.doFind", admin::smart_seek(token, offset, wanted));
    if (!reply && says_no_data(reply.error())) break;
    if (!reply) co_return reply.error();
    std::vector<SmartEntry> page = admin::read_smart_page(reply->params, static_cast<std::size_t>(wanted));
    if (page.empty()) break;
    offset += static_cast<int>(page.size());
    const bool more = co_await on_page(std::move(page));
    if (!more) break;
  }
  co_return Result<void>();
}

}  // namespace

awaitable<Result<void>> search_smart(std::shared_ptr<Commands> commands, std::shared_ptr<Commands> lasting,
                                     SmartQuery query, OnSmartPage on_page) {
  if (Error wrong = check(query)) co_return wrong;
  if (!commands->has_rpc())
    co_return Error(Errc::unsupported, "smart motion is searched by JSON-RPC, which this device lacks");
  if (Error wrong = settle_channels(query.channels, commands->channels())) co_return wrong;
  Result<rpc::Reply> started =
      co_await ask(lasting, "SmdDataFinder.startFind", admin::smart_condition(query));
  if (!started && says_no_data(started.error())) co_return Result<void>();
  if (!started) co_return started.error();
  const rpc::Json* told = rpc::member(started->params, "Token");
  if (told == nullptr || told->is_null()) co_return Error(Errc::malformed, "a smart search without a token");
  const rpc::Json token = *told;
  const std::int64_t count = rpc::int_or(started->params, "Count", query.limit);
  const int total = static_cast<int>(std::clamp<std::int64_t>(count, 0, query.limit));
  Result<void> read = co_await read_pages(std::move(commands), token, total, std::move(on_page));
  rpc::Json which = rpc::Json::object();
  which["Token"] = token;
  // A search that cannot be closed is the device's to forget; what was found counts.
  [[maybe_unused]] const auto closed = co_await lasting->rpc("SmdDataFinder.stopFind", std::move(which));
  co_return read;
}

}  // namespace dmss::session

// A search that the device keeps under a token and tells page by page (protocol http-rpc.md §10.1).
#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "dmss/admin.hpp"
#include "proto/rpc/codes.hpp"
#include "session/admin/ask.hpp"
#include "session/device/commands.hpp"

namespace dmss::session {

/// How one kind of search is asked.
template <class Entry>
struct SearchKind {
  std::string name;  ///< for errors: "a log search"
  std::string start, seek, stop;
  const char* token;  ///< the member that holds it
  int page;           ///< entries asked for at once
  proto::rpc::Json (*question)(const proto::rpc::Json& token, int offset, int count);
  std::vector<Entry> (*read)(const proto::rpc::Json& params, std::size_t most);
  /// How many entries there are; `started` is the answer that had the token.
  awaitable<Result<std::int64_t>> (*count)(std::shared_ptr<Commands> commands, proto::rpc::Json started);
};

/// Takes a page; false ends the search. Held by the search as long as it runs.
template <class Entry>
using OnPage = std::function<awaitable<bool>(std::vector<Entry>)>;

inline Error check_span(const std::string& name, const DeviceTime& begin, const DeviceTime& end, int limit,
                        int most) {
  if (!begin.valid() || !end.valid() || end < begin)
    return Error(Errc::invalid_argument, name + " needs a time that ends after it begins");
  if (limit < 1 || limit > most)
    return Error(Errc::invalid_argument,
                 name + " has a limit from 1 to " + std::to_string(most) + " entries");
  return {};
}

inline bool says_no_data(const Error& error) {
  return error.device_code() == proto::rpc::code::no_data;
}

template <class Entry>
awaitable<Result<void>> read_pages(std::shared_ptr<Commands> commands, SearchKind<Entry> kind,
                                   proto::rpc::Json token, int total, OnPage<Entry> on_page) {
  for (int offset = 0; offset < total;) {
    const int wanted = std::min(total - offset, kind.page);
    proto::rpc::Json question = kind.question(token, offset, wanted);
    Result<proto::rpc::Reply> reply = co_await commands->rpc(kind.seek, std::move(question));
    if (!reply && says_no_data(reply.error())) break;
    if (!reply) co_return reply.error();
    std::vector<Entry> page = kind.read(reply->params, static_cast<std::size_t>(wanted));
    if (page.empty()) break;
    offset += static_cast<int>(page.size());
    const bool more = co_await on_page(std::move(page));
    if (!more) break;
  }
  co_return Result<void>();
}

/// `lasting` opens and closes the search: a device has few, and one whose token went unheard could not be closed.
template <class Entry>
awaitable<Result<void>> search_pages(std::shared_ptr<Commands> commands, std::shared_ptr<Commands> lasting,
                                     SearchKind<Entry> kind, proto::rpc::Json condition, int limit,
                                     OnPage<Entry> on_page) {
  Result<proto::rpc::Reply> started = co_await ask(lasting, kind.start, std::move(condition));
  if (!started && says_no_data(started.error())) co_return Result<void>();
  if (!started) co_return started.error();
  const proto::rpc::Json* told = proto::rpc::member(started->params, kind.token);
  if (told == nullptr || told->is_null()) co_return Error(Errc::malformed, kind.name + " without a token");
  const proto::rpc::Json token = *told;
  Result<std::int64_t> count = co_await kind.count(commands, started->params);
  Result<void> read;
  if (count) {
    const int total = static_cast<int>(std::clamp<std::int64_t>(*count, 0, limit));
    read = co_await read_pages(std::move(commands), kind, token, total, std::move(on_page));
  } else {
    read = count.error();
  }
  proto::rpc::Json which = proto::rpc::Json::object();
  which[kind.token] = token;
  // A search that cannot be closed is the device's to forget; what was found counts.
  [[maybe_unused]] const auto closed = co_await lasting->rpc(kind.stop, std::move(which));
  co_return read;
}

}  // namespace dmss::session

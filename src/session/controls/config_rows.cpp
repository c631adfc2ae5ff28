#include "session/controls/config_rows.hpp"

#include "proto/caps/fields.hpp"
#include "session/capabilities/findings.hpp"

namespace dmss::session {
namespace {

using proto::rpc::Json;

struct Row {
  Json json;
  bool by_cgi = false;
};

awaitable<Result<Row>> read(std::shared_ptr<Commands> commands, std::string table, int channel) {
  Question q = table_question(table, channel);
  const Answer answer = co_await ask(commands, std::move(q));
  if (!answer.tree) co_return answer.tree.error();
  const Json* row = table_of(answer, table, channel);
  if (row == nullptr)
    co_return Error(Errc::unsupported, table + " has no row for channel " + std::to_string(channel));
  co_return Row{*row, answer.by_cgi};
}

/// Lines of `after` that `before` has, too; only those with another value, unless all are wanted.
proto::cgi::Query lines_to_write(const Json& before, const Json& after, const std::string& prefix,
                                 RowLeaves leaves) {
  const proto::cgi::KeyValues old = proto::caps::to_lines(before, prefix);
  proto::cgi::Query out;
  for (const auto& [key, value] : proto::caps::to_lines(after, prefix).lines) {
    const auto was = old.get(key);
    if (was && (leaves == RowLeaves::all || *was != value)) out.add(key, value);
  }
  return out;
}

awaitable<Result<void>> write(std::shared_ptr<Commands> commands, std::string table, int channel, Row before,
                              Json after, RowLeaves leaves) {
  if (!before.by_cgi) {
    Json params = {
        {"name", table}, {"table", std::move(after)}, {"options", Json::array()}, {"channel", channel - 1}};
    std::string method = "configManager.setConfig";
    Result<proto::rpc::Reply> reply = co_await commands->rpc(std::move(method), std::move(params), 0);
    if (reply) co_return Result<void>();
    co_return reply.error();
  }
  const std::string prefix = table + "[" + std::to_string(channel - 1) + "]";
  proto::cgi::Query query = lines_to_write(before.json, after, prefix, leaves);
  Result<std::string> body = co_await commands->cgi("configManager", "setConfig", std::move(query));
  if (body) co_return Result<void>();
  co_return body.error();
}

template <class T>
void set(Json& row, const char* key, T value) {
  Json* leaf = row.is_object() && row.contains(key) ? &row[key] : nullptr;
  if (leaf == nullptr) return;
  const Json typed = value;
  if (leaf->is_string())
    *leaf = proto::rpc::dump(typed);
  else
    *leaf = typed;
}

}  // namespace

awaitable<Result<Json>> read_row(std::shared_ptr<Commands> commands, std::string table, int channel) {
  Result<Row> row = co_await read(std::move(commands), std::move(table), channel);
  if (!row) co_return row.error();
  co_return std::move(row->json);
}

awaitable<Result<void>> change_row(std::shared_ptr<Commands> commands, std::string table, int channel,
                                   RowChange change, RowLeaves leaves) {
  Result<Row> before = co_await read(commands, table, channel);
  if (!before) co_return before.error();
  Json after = before->json;
  if (!change(after)) co_return Error(Errc::unsupported, table + " of this device has no such setting");
  if (after == before->json) co_return Result<void>();
  Row was = *before;
  Json wanted = after;
  const std::string control = "setConfig " + table;
  if (const auto refused = commands->capabilities().refused(channel, control)) co_return *refused;
  Result<void> written = co_await write(commands, table, channel, std::move(was), std::move(wanted), leaves);
  if (!written) {
    commands->capabilities().remember(channel, control, written.error());
    co_return written;
  }
  Result<Row> now = co_await read(commands, table, channel);
  if (!now) co_return now.error();
  // Devices write some numbers in another spelling; what was changed must read back as changed.
  const std::string prefix = table + "[" + std::to_string(channel - 1) + "]";
  const proto::cgi::KeyValues reread = proto::caps::to_lines(now->json, prefix);
  const proto::cgi::Query changed = lines_to_write(before->json, after, prefix, RowLeaves::changed);
  for (const auto& [key, value] : changed.pairs()) {
    const auto got = reread.get(key);
    if (got && *got == value) continue;
    co_return Error(Errc::not_applied,
                    key + " reads back as " + (got ? std::string(*got) : "nothing") + " instead of " + value);
  }
  co_return Result<void>();
}

void set_leaf(Json& row, const char* key, std::int64_t value) {
  set(row, key, value);
}

void set_leaf(Json& row, const char* key, bool value) {
  set(row, key, value);
}

}  // namespace dmss::session

#include "proto/admin/log_page.hpp"

#include "base/text.hpp"
#include "proto/admin/entry_list.hpp"

namespace dmss::proto::admin {
namespace {

using rpc::Json;

constexpr std::size_t kMaxText = 256;

}  // namespace

Json log_condition(const LogQuery& query) {
  Json condition = {{"StartTime", query.begin.to_string()},
                    {"EndTime", query.end.to_string()},
                    {"Translate", true},
                    {"Order", query.newest_first ? "Descent" : "Ascent"}};
  if (!query.types.empty()) condition["Types"] = query.types;
  Json params = Json::object();
  params["condition"] = std::move(condition);
  return params;
}

Json log_seek(const Json& token, int offset, int count) {
  Json params = Json::object();
  params["token"] = token;
  params["offset"] = offset;
  params["count"] = count;
  return params;
}

std::vector<LogEntry> read_log_page(const Json& params, std::size_t limit) {
  std::vector<LogEntry> entries;
  const Json* list = entry_list(params);
  if (list == nullptr) return entries;
  for (const Json& one : *list) {
    if (!one.is_object()) continue;
    if (entries.size() == limit) break;
    LogEntry& entry = entries.emplace_back();
    entry.time = clean_text(rpc::text_or(one, "Time", ""), kMaxText);
    entry.type = clean_text(rpc::text_or(one, "Type", ""), kMaxText);
    entry.user = clean_text(rpc::text_or(one, "User", ""), kMaxText);
    entry.json = rpc::dump(one);
  }
  return entries;
}

}  // namespace dmss::proto::admin

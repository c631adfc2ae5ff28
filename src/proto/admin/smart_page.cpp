#include "proto/admin/smart_page.hpp"

#include "base/text.hpp"
#include "proto/admin/entry_list.hpp"

namespace dmss::proto::admin {
namespace {

using rpc::Json;

constexpr std::size_t kMaxText = 256;

/// From 1; 0 when it is not told or makes no sense.
int channel_of(const Json& entry) {
  const std::int64_t channel = rpc::int_or(entry, "Channel", -1);
  return channel >= 0 && channel < kMaxSmartChannels ? static_cast<int>(channel) + 1 : 0;
}

}  // namespace

Json smart_condition(const SmartQuery& query) {
  Json channels = Json::array();
  for (const int channel : query.channels) channels.push_back(channel - 1);
  Json types = Json::array();
  if (query.human) types.push_back("smdTypeHuman");
  if (query.vehicle) types.push_back("smdTypeVehicle");
  Json condition = {
      {"StartTime", query.begin.to_string()}, {"EndTime", query.end.to_string()}, {"Order", "descOrder"}};
  condition["Channels"] = std::move(channels);
  condition["SmdType"] = std::move(types);
  Json params = Json::object();
  params["Condition"] = std::move(condition);
  return params;
}

Json smart_seek(const Json& token, int offset, int count) {
  Json params = Json::object();
  params["Token"] = token;
  params["Offset"] = offset;
  params["Count"] = count;
  return params;
}

std::vector<SmartEntry> read_smart_page(const Json& params, std::size_t limit) {
  std::vector<SmartEntry> entries;
  const Json* list = entry_list(params);
  if (list == nullptr) return entries;
  for (const Json& one : *list) {
    if (!one.is_object()) continue;
    if (entries.size() == limit) break;
    SmartEntry& entry = entries.emplace_back();
    entry.channel = channel_of(one);
    entry.begin = clean_text(rpc::text_or(one, "StartTime", ""), kMaxText);
    entry.end = clean_text(rpc::text_or(one, "EndTime", ""), kMaxText);
    entry.type = clean_text(rpc::text_or(one, "Type", ""), kMaxText);
    entry.json = rpc::dump(one);
  }
  return entries;
}

}  // namespace dmss::proto::admin

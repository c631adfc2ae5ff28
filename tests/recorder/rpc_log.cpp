// log: searches by token and offset (protocol http-rpc.md §10.1).
#include "recorder/rpc_answers.hpp"

namespace dmss::recorder {
namespace {

using namespace answers;
using rpc::int_or;
using rpc::text_or;

constexpr std::int64_t kMaxPage = 100;

Reply start(Core& core, const Request& r) {
  const Json* condition = rpc::member(r.params, "condition");
  if (condition == nullptr || !condition->is_object()) return bad_parameter(r);
  Logbook::Condition c;
  c.from = DeviceClock::parse(text_or(*condition, "StartTime", ""));
  c.to = DeviceClock::parse(text_or(*condition, "EndTime", ""));
  if (!c.from || !c.to) return bad_parameter(r);
  if (const Json* types = rpc::member(*condition, "Types"); types != nullptr && types->is_array()) {
    for (const Json& one : *types) {
      if (one.is_string()) c.types.push_back(one.get<std::string>());
    }
  }
  c.descending = text_or(*condition, "Order", "Ascent") == "Descent";
  const auto token = core.logbook.start(c);
  return token ? rpc::make_reply(r, true, {{"token", *token}})
               : error(r, code::server_error, "Server internal error!");
}

Reply seek(Core& core, const Request& r) {
  const auto* found = core.logbook.found(int_or(r.params, "token", 0));
  const std::int64_t offset = int_or(r.params, "offset", 0), count = int_or(r.params, "count", kMaxPage);
  if (found == nullptr || offset < 0 || count < 0) return bad_parameter(r);
  Json items = Json::array();
  for (std::size_t i = static_cast<std::size_t>(offset);
       i < found->size() && items.size() < static_cast<std::size_t>(std::min(count, kMaxPage)); ++i)
    items.push_back((*found)[i].to_json());
  return rpc::make_reply(r, true,
                         {{"found", items.size()}, {"items", items.empty() ? Json(nullptr) : items}});
}

}  // namespace

void add_log_methods(Rpc& rpc) {
  Core& core = rpc.core();
  rpc.add("log.startFind", [&core](const Request& r, Caller&) { return start(core, r); });
  rpc.add("log.getCount", [&core](const Request& r, Caller&) {
    const auto* found = core.logbook.found(int_or(r.params, "token", 0));
    return found != nullptr ? rpc::make_reply(r, true, {{"count", found->size()}}) : bad_parameter(r);
  });
  rpc.add("log.doSeekFind", [&core](const Request& r, Caller&) { return seek(core, r); });
  rpc.add("log.stopFind", [&core](const Request& r, Caller&) {
    return core.logbook.stop(int_or(r.params, "token", 0)) ? rpc::make_reply(r, true) : bad_parameter(r);
  });
}

}  // namespace dmss::recorder

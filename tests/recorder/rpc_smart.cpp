// SmdDataFinder: searches for humans and vehicles by token and offset (protocol http-rpc.md §10.1).
#include "recorder/rpc_answers.hpp"

namespace dmss::recorder {
namespace {

using namespace answers;
using rpc::int_or;
using rpc::text_or;

constexpr std::int64_t kMaxPage = 100;

Reply start(Core& core, const Request& r) {
  const Json* condition = rpc::member(r.params, "Condition");
  if (condition == nullptr || !condition->is_object()) return bad_parameter(r);
  const auto from = DeviceClock::parse(text_or(*condition, "StartTime", ""));
  const auto to = DeviceClock::parse(text_or(*condition, "EndTime", ""));
  const Json* channels = rpc::member(*condition, "Channels");
  const Json* types = rpc::member(*condition, "SmdType");
  if (!from || !to || channels == nullptr || !channels->is_array() || types == nullptr || !types->is_array())
    return bad_parameter(r);
  SmartFinds::Condition c;
  c.from = *from;
  c.to = *to;
  for (const Json& one : *channels) {
    if (!one.is_number_integer()) return bad_parameter(r);
    c.channels.push_back(one.get<int>());
  }
  for (const Json& one : *types) {
    if (!one.is_string()) return bad_parameter(r);
    c.types.push_back(one.get<std::string>());
  }
  c.descending = text_or(*condition, "Order", "") == "descOrder";
  const auto token = core.smart_finds.start(c);
  if (!token) return error(r, code::server_error, "Server internal error!");
  return rpc::make_reply(r, true, {{"Token", *token}, {"Count", core.smart_finds.found(*token)->size()}});
}

Reply find(Core& core, const Request& r) {
  const auto* found = core.smart_finds.found(int_or(r.params, "Token", 0));
  const std::int64_t offset = int_or(r.params, "Offset", -1), count = int_or(r.params, "Count", -1);
  if (found == nullptr || offset < 0 || count < 0) return bad_parameter(r);
  Json infos = Json::array();
  for (std::size_t i = static_cast<std::size_t>(offset);
       i < found->size() && infos.size() < static_cast<std::size_t>(std::min(count, kMaxPage)); ++i)
    infos.push_back((*found)[i].to_json());
  return rpc::make_reply(r, true, {{"Infos", infos.empty() ? Json(nullptr) : infos}});
}

}  // namespace

void add_smart_methods(Rpc& rpc) {
  Core& core = rpc.core();
  rpc.add("SmdDataFinder.startFind", [&core](const Request& r, Caller&) { return start(core, r); });
  rpc.add("SmdDataFinder.doFind", [&core](const Request& r, Caller&) { return find(core, r); });
  rpc.add("SmdDataFinder.stopFind", [&core](const Request& r, Caller&) {
    return core.smart_finds.stop(int_or(r.params, "Token", 0)) ? rpc::make_reply(r, true) : bad_parameter(r);
  });
}

}  // namespace dmss::recorder

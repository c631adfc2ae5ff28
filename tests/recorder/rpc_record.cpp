// recordManager (protocol http-rpc.md §5.9).
#include "recorder/config.hpp"
#include "recorder/device.hpp"
#include "recorder/rpc_answers.hpp"

namespace dmss::recorder {
namespace {

using namespace answers;
using rpc::int_or;

Reply set_mode(Core& core, const Request& r, const Caller& c, int mode) {
  const std::int64_t channel = int_or(r.params, "channel", -1);
  const Json* modes = core.tables.find("RecordMode");
  if (modes == nullptr || !modes->is_array() || channel < 0 ||
      channel >= static_cast<std::int64_t>(modes->size()))
    return bad_parameter(r);
  Json table = *modes;
  Json& row = table[static_cast<std::size_t>(channel)];
  if (!row.is_object()) return bad_parameter(r);
  row["Mode"] = mode;
  write_config(core, {c.service, user_of(c), r.method}, "RecordMode", std::move(table),
               {{"RecordMode[" + std::to_string(channel) + "].Mode", mode}});
  return rpc::make_reply(r, true);
}

}  // namespace

void add_record_methods(Rpc& rpc) {
  Core& core = rpc.core();
  rpc.add("recordManager.getCaps", [&core](const Request& r, Caller&) {
    const Json* caps = core.profile.ability("recordManager.getCaps");
    return caps != nullptr ? rpc::make_reply(r, true, {{"caps", *caps}})
                           : error(r, code::method_not_found, "Method not found!");
  });
  rpc.add("recordManager.getState", [&core](const Request& r, Caller&) {
    const std::int64_t channel = int_or(r.params, "channel", -1);
    if (channel < 0 || channel >= core.profile.channels) return bad_parameter(r);
    return rpc::make_reply(r, true, {{"state", recording(core, static_cast<int>(channel) + 1, 0)}});
  });
  tell(rpc, "recordManager.getStateAll", [&core](const Request&) {
    Json state = Json::array();
    for (int c = 1; c <= core.profile.channels; ++c) {
      state.push_back({{"Main", {{"State", recording(core, c, 0)}}},
                       {"Extra1", {{"State", recording(core, c, 1)}}},
                       {"Extra2", {{"State", recording(core, c, 2)}}}});
    }
    return Json{{"state", std::move(state)}};
  });
  rpc.add("recordManager.startChannel",
          [&core](const Request& r, Caller& c) { return set_mode(core, r, c, 1); });
  rpc.add("recordManager.stopChannel",
          [&core](const Request& r, Caller& c) { return set_mode(core, r, c, 2); });
}

}  // namespace dmss::recorder

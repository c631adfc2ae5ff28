// Smart tracking (protocol http-rpc.md §7.5): the tracker of PTZ domes, else the switch in the channel's rules.
#include "session/capabilities/probe.hpp"
#include "session/controls/config_rows.hpp"
#include "session/controls/control_conversations.hpp"
#include "session/device/question.hpp"

namespace dmss::session {
namespace {

using proto::rpc::Json;

/// In every rule that has the switch.
bool set_track_enable(Json& rules, bool on) {
  if (!rules.is_array()) return false;
  bool any = false;
  for (Json& rule : rules) {
    if (!rule.is_object() || !rule.contains("TrackEnable")) continue;
    set_leaf(rule, "TrackEnable", on);
    any = true;
  }
  return any;
}

}  // namespace

awaitable<Result<void>> set_smart_tracking(std::shared_ptr<Commands> commands, int channel, bool on) {
  if (Error e = co_await require(commands, channel, Feature::smart_tracking)) co_return e;
  const std::string probe = commands->capabilities().find(channel)->of(Feature::smart_tracking).probe;
  if (probe.starts_with("devIntelliTracker")) {
    // Its instance is kept: nobody says that a tracker goes on without the one that started it.
    std::string method = on ? "start" : "stop";
    Result<proto::rpc::Reply> reply =
        co_await call_kept(commands, "devIntelliTracker", channel, std::move(method), nullptr);
    if (reply) co_return Result<void>();
    co_return reply.error();
  }
  RowChange change = [on](Json& rules) { return set_track_enable(rules, on); };
  co_return co_await change_row(commands, "VideoAnalyseRule", channel, std::move(change));
}

}  // namespace dmss::session

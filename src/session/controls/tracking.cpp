// Smart tracking (protocol http-rpc.md §7.5): the tracker of PTZ domes, else the switch in the channel's rules.
#include "proto/config/fields.hpp"
#include "session/capabilities/probe.hpp"
#include "session/config/raw.hpp"
#include "session/controls/control_conversations.hpp"
#include "session/device/question.hpp"

namespace dmss::session {
namespace {

/// In every rule that has the switch.
Error set_track_enable(Json& rules, bool on) {
  bool any = false;
  for (std::size_t i = 0; rules.is_array() && i < rules.size(); ++i) {
    Json& rule = rules[i];
    if (!rule.is_object() || !rule.contains("TrackEnable")) continue;
    proto::config::put(rule["TrackEnable"], on);
    any = true;
  }
  return any ? Error() : Error(Errc::unsupported, "VideoAnalyseRule of this device has no such setting");
}

}  // namespace

awaitable<Result<void>> set_smart_tracking(std::shared_ptr<Commands> commands,
                                           std::shared_ptr<TableLocks> locks, int channel, bool on) {
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
  std::function<Error(Json&)> change = [on](Json& rules) { return set_track_enable(rules, on); };
  const std::string control = "setConfig VideoAnalyseRule";
  if (const auto refused = commands->capabilities().refused(channel, control)) co_return *refused;
  ConfigTable table{"VideoAnalyseRule", channel};
  std::optional<Json> expected;
  Result<ConfigWritten> written =
      co_await edit_raw(commands, std::move(locks), std::move(table), std::move(expected), std::move(change));
  if (written) co_return Result<void>();
  commands->capabilities().remember(channel, control, written.error());
  co_return written.error();
}

}  // namespace dmss::session

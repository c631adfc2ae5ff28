#include "proto/caps/ptz.hpp"
#include "session/capabilities/probe.hpp"
#include "session/controls/control_conversations.hpp"
#include "session/device/question.hpp"
#include "session/ptz/ptz_conversations.hpp"

namespace dmss::session {
namespace {

constexpr std::chrono::seconds kLongestInterval = std::chrono::hours(1);
constexpr PtzCode kWiperCode{"Wiper", {0, 1, 0}};

/// A recorder reaches its cameras' wipers by the auxiliary codes of PTZ only; on a camera they are the second choice.
bool by_ptz(Commands& commands, int channel) {
  const Capabilities* known = commands.capabilities().find(channel);
  if (known == nullptr) return false;
  proto::caps::PtzCaps ptz;
  ptz.details = known->ptz;
  return ptz.has_auxiliary("Wiper");
}

/// The device has said no, so nothing was begun.
bool is_refusal(const Error& error) {
  return error == Errc::unsupported || error == Errc::device_error || error == Errc::no_permission ||
         error == Errc::session_expired;
}

Question brush(const char* action, int channel) {
  Question q;
  q.method = std::string("rainBrush.") + action;
  q.params = {{"channel", channel - 1}};
  q.service = "rainBrush";
  q.action = action;
  return q;
}

/// Of the channel's own wiper. `unsupported` when it has none.
awaitable<Result<void>> tell_brush(std::shared_ptr<Commands> commands, int channel, Question q) {
  if (commands->capabilities().facts().recorder && by_ptz(*commands, channel))
    co_return Error(Errc::unsupported, "the wiper is the camera's, behind a recorder");
  if (const auto refused = commands->capabilities().refused(channel, "rainBrush")) co_return *refused;
  Result<void> done = co_await tell(commands, std::move(q));
  if (!done) commands->capabilities().remember(channel, "rainBrush", done.error());
  co_return done;
}

}  // namespace

awaitable<Result<void>> wipe_once(std::shared_ptr<Commands> commands, int channel) {
  if (Error e = co_await require(commands, channel, Feature::wiper)) co_return e;
  Question q = brush("moveOnce", channel);
  q.query.add("channel", channel);
  Result<void> done = co_await tell_brush(commands, channel, std::move(q));
  if (done || done.error() != Errc::unsupported || !by_ptz(*commands, channel)) co_return done;
  const PtzCode code = kWiperCode;
  done = co_await send_ptz(commands, channel, PtzVerb::start, code);
  if (!done && is_refusal(done.error())) co_return done;
  // It may wipe now, also when the operation ended before the answer came, and goes on until it is stopped.
  const std::shared_ptr<Commands> lasting = commands->lasting();
  Result<void> stopped = co_await send_ptz(lasting, channel, PtzVerb::stop, code);
  co_return done ? stopped : done;
}

awaitable<Result<void>> wipe_continuously(std::shared_ptr<Commands> commands, int channel,
                                          std::chrono::seconds interval) {
  if (interval < std::chrono::seconds(1) || interval > kLongestInterval)
    co_return Error(Errc::invalid_argument, "a wiper's interval is from 1 s to 1 h");
  if (Error e = co_await require(commands, channel, Feature::wiper)) co_return e;
  Question q = brush("moveContinuously", channel);
  q.params["interval"] = interval.count();
  q.query.add("interval", interval.count()).add("channel", channel);
  Result<void> done = co_await tell_brush(commands, channel, std::move(q));
  if (!done && done.error() == Errc::unsupported && by_ptz(*commands, channel))
    co_return Error(Errc::unsupported, "this channel's wiper is an auxiliary of PTZ, which takes no interval")
        .with_cause(done.error());
  co_return done;
}

awaitable<Result<void>> stop_wiper(std::shared_ptr<Commands> commands, int channel) {
  if (Error e = co_await require(commands, channel, Feature::wiper)) co_return e;
  Question q = brush("stopMove", channel);
  q.query.add("channel", channel);
  Result<void> done = co_await tell_brush(commands, channel, std::move(q));
  if (done || done.error() != Errc::unsupported || !by_ptz(*commands, channel)) co_return done;
  const PtzCode code = kWiperCode;
  co_return co_await send_ptz(commands, channel, PtzVerb::stop, code);
}

}  // namespace dmss::session

// Light and siren (protocol http-rpc.md §7.7): coaxial control, and on a recorder the auxiliary codes of PTZ.
#include "proto/caps/channel.hpp"
#include "proto/caps/ptz.hpp"
#include "session/capabilities/probe.hpp"
#include "session/controls/control_conversations.hpp"
#include "session/device/question.hpp"
#include "session/ptz/ptz_conversations.hpp"

namespace dmss::session {
namespace {

namespace caps = proto::caps;
using proto::rpc::Json;

constexpr const char* kControl = "CoaxialControlIO";
constexpr const char* kChannelBase = "coaxial channel base";  // what the CGI form counts its channels from

struct Wire {
  Feature feature;
  int type;
  PtzCode code;
};

Wire wire_of(Deterrent which) {
  if (which == Deterrent::light) return {Feature::light, 1, {"Light", {0, 1, 0}}};
  return {Feature::siren, 2, {"Aux", {0, 1, 0}}};
}

Json coaxial_params(int channel, int type, bool on) {
  return {{"channel", channel - 1},
          {"info", Json::array({Json{{"Type", type}, {"IO", on ? 1 : 2}, {"TriggerMode", 2}}})}};
}

awaitable<Result<void>> coaxial_by_cgi(std::shared_ptr<Commands> commands, int base, int channel, int type,
                                       bool on) {
  proto::cgi::Query q;
  q.add("channel", channel - 1 + base).add("info[0].Type", type).add("info[0].IO", on ? 1 : 2);
  q.add("info[0].TriggerMode", 2);
  Result<std::string> body = co_await commands->cgi("coaxialControlIO", "control", std::move(q));
  if (body) co_return Result<void>();
  co_return body.error();
}

/// Channels are counted from 0 by most and from 1 by some: what worked once is kept.
awaitable<Result<void>> coaxial_by_cgi_of_any_base(std::shared_ptr<Commands> commands, int channel, int type,
                                                   bool on) {
  const auto known = commands->capabilities().habit(kChannelBase);
  Result<void> first = co_await coaxial_by_cgi(commands, known.value_or(0), channel, type, on);
  if (known || (!first && ends_asking(*commands, first.error()))) co_return first;
  if (first) {
    commands->capabilities().learn(kChannelBase, 0);
    co_return first;
  }
  Result<void> second = co_await coaxial_by_cgi(commands, 1, channel, type, on);
  if (!second) co_return first;
  commands->capabilities().learn(kChannelBase, 1);
  co_return second;
}

awaitable<Result<void>> coaxial(std::shared_ptr<Commands> commands, int channel, int type, bool on) {
  if (const auto refused = commands->capabilities().refused(channel, kControl)) co_return *refused;
  Result<void> out = Error(Errc::unsupported, "this device has no coaxial control");
  if (commands->has_rpc()) {
    Json params = coaxial_params(channel, type, on);
    Result<proto::rpc::Reply> reply = co_await commands->rpc("CoaxialControlIO.control", std::move(params));
    if (reply) co_return Result<void>();
    out = reply.error();
  }
  if ((!commands->has_rpc() || out.error() == Errc::unsupported) && commands->has_cgi())
    out = co_await coaxial_by_cgi_of_any_base(commands, channel, type, on);
  if (!out) commands->capabilities().remember(channel, kControl, out.error());
  co_return out;
}

bool has_auxiliary(Commands& commands, int channel, std::string_view code) {
  const Capabilities* known = commands.capabilities().find(channel);
  if (known == nullptr) return false;
  caps::PtzCaps ptz;
  ptz.details = known->ptz;
  return ptz.has_auxiliary(code);
}

/// Did the device itself say that its coaxial control does this? Only that counts on a recorder.
bool coaxial_is_told(Commands& commands, int channel, Feature feature) {
  const Capabilities* known = commands.capabilities().find(channel);
  return known != nullptr && known->of(feature).probe == "CoaxialControlIO.getCaps" &&
         known->support(feature) == Support::yes;
}

}  // namespace

awaitable<Result<void>> set_deterrent(std::shared_ptr<Commands> commands, int channel, Deterrent which,
                                      bool on) {
  const Wire wire = wire_of(which);
  if (Error e = co_await require(commands, channel, wire.feature)) co_return e;
  const PtzCode code = wire.code;
  const PtzVerb verb = on ? PtzVerb::start : PtzVerb::stop;
  const bool auxiliary = has_auxiliary(*commands, channel, code.code);
  if (auxiliary && !coaxial_is_told(*commands, channel, wire.feature))
    co_return co_await send_ptz(commands, channel, verb, code);
  Result<void> done = co_await coaxial(commands, channel, wire.type, on);
  if (done || !auxiliary || ends_asking(*commands, done.error())) co_return done;
  co_return co_await send_ptz(commands, channel, verb, code);
}

awaitable<Result<DeterrenceStatus>> deterrence_status(std::shared_ptr<Commands> commands, int channel) {
  const Error light = co_await require(commands, channel, Feature::light);
  const Error siren = co_await require(commands, channel, Feature::siren);
  if (light && siren) co_return light;
  Question q;
  q.method = "CoaxialControlIO.getStatus";
  q.params = {{"channel", channel - 1}};
  q.service = "coaxialControlIO";
  q.action = "getStatus";
  // Told by the control, if it was used; without that the status has always been seen asked from 1 (§7.7).
  q.query.add("channel", channel - 1 + commands->capabilities().habit(kChannelBase).value_or(1));
  const Answer answer = co_await ask(commands, std::move(q));
  if (!answer.tree) co_return answer.tree.error();
  DeterrenceStatus status = caps::parse_coaxial_status(*answer.tree);
  // A recorder says "Off" of every channel, whether there is anything or not.
  const bool recorder = commands->capabilities().facts().recorder;
  if (recorder && !coaxial_is_told(*commands, channel, Feature::light)) status.light.reset();
  if (recorder && !coaxial_is_told(*commands, channel, Feature::siren)) status.siren.reset();
  co_return status;
}

}  // namespace dmss::session

// Probes of what moves: PTZ, wiper, smart tracking.
#include "proto/caps/channel.hpp"
#include "proto/caps/ptz.hpp"
#include "proto/rpc/codes.hpp"
#include "session/capabilities/findings.hpp"
#include "session/capabilities/probe.hpp"

namespace dmss::session {
namespace {

namespace caps = proto::caps;

constexpr Feature kPtzFeatures[] = {Feature::ptz,          Feature::ptz_zoom,     Feature::ptz_focus,
                                    Feature::ptz_iris,     Feature::ptz_presets,  Feature::ptz_tours,
                                    Feature::ptz_position, Feature::ptz_absolute, Feature::ptz_relative};

void note_ptz(const caps::PtzCaps& can, const std::string& probe, Findings& out) {
  const auto either = [](std::optional<bool> a, std::optional<bool> b) -> std::optional<bool> {
    if (!a && !b) return std::nullopt;
    return a.value_or(false) || b.value_or(false);
  };
  const std::optional<bool> moves = either(can.pan, can.tilt);
  note_told(out, Feature::ptz, moves, probe);
  note_told(out, Feature::ptz_zoom, can.zoom, probe);
  note_told(out, Feature::ptz_focus, can.focus, probe);
  note_told(out, Feature::ptz_iris, can.iris, probe);
  note_told(out, Feature::ptz_presets, can.preset, probe);
  note_told(out, Feature::ptz_tours, can.tour, probe);
  note_told(out, Feature::ptz_relative, can.relative, probe);
  // What cannot move has no position to tell or to go to; what can says nothing of it but by its range.
  const std::optional<bool> fixed = moves == false ? std::optional<bool>(false) : std::nullopt;
  note_told(out, Feature::ptz_position, fixed, probe);
  note_told(out, Feature::ptz_absolute, can.details.horizontal_angle.known() && moves != false ? true : fixed,
            probe);
}

}  // namespace

awaitable<Result<Findings>> probe_ptz(std::shared_ptr<Commands> commands, int channel) {
  Findings out;
  Question q;
  q.service = "ptz";
  q.action = "getCurrentProtocolCaps";
  q.query.add("channel", channel);
  Answer answer;
  bool has_service = false;
  if (commands->has_rpc()) {
    const proto::rpc::Json with = {{"channel", channel - 1}};
    Result<std::int64_t> object = co_await make_instance(commands, "ptz", with);
    has_service = object.has_value();
    if (object) {
      q.method = "ptz.getCurrentProtocolCaps";
      q.object = *object;
      answer = co_await ask(commands, std::move(q));
      co_await drop_instance(commands, "ptz", *object);
    } else if (ends_asking(*commands, object.error()) || !commands->has_cgi()) {
      answer.probe = "ptz.factory.instance";
      answer.tree = object.error();
    } else {
      answer = co_await ask(commands, std::move(q));
    }
  } else {
    answer = co_await ask(commands, std::move(q));
  }
  if (!answer.tree) {
    if (ends_asking(*commands, answer.tree.error())) co_return answer.tree.error();
    for (Feature feature : kPtzFeatures) {
      note_refused(out, feature, answer);
      // Older firmware has the service and not this method.
      if (has_service) out.features[feature].support = Support::unknown;
    }
    if (out.features[Feature::ptz].support == Support::unknown) {
      if (Error e = co_await ensure_probed(commands, 0, ProbeGroup::device)) co_return e;
      const DeviceFacts& facts = commands->capabilities().facts();
      // Of a recorder it says nothing about the cameras.
      if (facts.has_ptz == false && !facts.recorder)
        for (Feature feature : kPtzFeatures) note_told(out, feature, false, "getProductDefinition HasPtz");
    }
    co_return out;
  }
  const auto can = caps::parse_ptz_caps(*answer.tree).value_or(caps::PtzCaps());
  note_ptz(can, answer.probe, out);
  out.ptz = can.details;
  co_return out;
}

awaitable<Result<Findings>> probe_wiper(std::shared_ptr<Commands> commands, int channel) {
  if (Error e = co_await ensure_probed(commands, 0, ProbeGroup::device)) co_return e;
  if (Error e = co_await ensure_probed(commands, channel, ProbeGroup::ptz)) co_return e;
  Findings out;
  caps::PtzCaps ptz;
  ptz.details = commands->capabilities().find(channel)->ptz;
  if (ptz.has_auxiliary("Wiper")) {
    note(out, Feature::wiper, Support::yes, "ptz getCurrentProtocolCaps Auxs");
    co_return out;
  }
  if (!commands->has_rpc()) {
    note(out, Feature::wiper, Support::unknown, "", "only trying tells whether this device has a wiper");
    co_return out;
  }
  Question q;
  q.method = "rainBrush.listMethod";
  const Answer answer = co_await ask(commands, std::move(q));
  if (!answer.tree && ends_asking(*commands, answer.tree.error())) co_return answer.tree.error();
  const bool no_service =
      !answer.tree && answer.tree.error().device_code() == proto::rpc::code::interface_not_found;
  if (no_service)
    note_refused(out, Feature::wiper, answer);
  else
    note(out, Feature::wiper, Support::unknown, answer.probe, "only trying tells whether a wiper is fitted");
  co_return out;
}

awaitable<Result<Findings>> probe_tracking(std::shared_ptr<Commands> commands, int channel) {
  Findings out;
  if (commands->has_rpc()) {
    const proto::rpc::Json with = {{"channel", channel - 1}};
    Result<std::int64_t> object = co_await make_instance(commands, "devIntelliTracker", with);
    if (object) {
      co_await drop_instance(commands, "devIntelliTracker", *object);
      note(out, Feature::smart_tracking, Support::yes, "devIntelliTracker.factory.instance");
      co_return out;
    }
    if (ends_asking(*commands, object.error())) co_return object.error();
  }
  Question q = table_question("VideoAnalyseRule", channel);
  const Answer answer = co_await ask(commands, std::move(q));
  if (!answer.tree && ends_asking(*commands, answer.tree.error())) co_return answer.tree.error();
  const proto::rpc::Json* rules = table_of(answer, "VideoAnalyseRule", channel);
  if (rules != nullptr && caps::any_rule_has(*rules, "TrackEnable"))
    note(out, Feature::smart_tracking, Support::yes, "VideoAnalyseRule.TrackEnable");
  else
    note(out, Feature::smart_tracking, Support::no, answer.probe,
         "neither devIntelliTracker nor a rule with TrackEnable; how pan and tilt cameras for homes are told "
         "is not "
         "public");
  co_return out;
}

}  // namespace dmss::session

// Probes of light and siren (protocol http-rpc.md §7.7): what getCaps says counts; that a status tells of a light means that there is one on
// a camera, and nothing on a recorder, whose channels all say "Off"; a recorder reaches those of its cameras by the auxiliary codes of PTZ.
#include "proto/caps/channel.hpp"
#include "proto/caps/device.hpp"
#include "proto/caps/ptz.hpp"
#include "session/capabilities/findings.hpp"
#include "session/capabilities/probe.hpp"

namespace dmss::session {
namespace {

namespace caps = proto::caps;

struct Row {
  Feature feature;
  std::optional<bool> caps::CoaxialCaps::* told;
  std::optional<bool> DeterrenceStatus::* status;
  const char* auxiliary;
};
constexpr Row kRows[] = {
    {Feature::light, &caps::CoaxialCaps::light, &DeterrenceStatus::light, "Light"},
    {Feature::siren, &caps::CoaxialCaps::speaker, &DeterrenceStatus::siren, "Aux"},
};

Question coaxial_question(const char* method, int channel) {
  Question q;
  q.method = std::string("CoaxialControlIO.") + method;
  q.params = {{"channel", channel - 1}};
  return q;
}

void note_row(const Row& row, const caps::CoaxialCaps& can, const caps::PtzCaps& ptz, const Answer& status,
              bool recorder, Findings& out) {
  if (can.*row.told == true) return note(out, row.feature, Support::yes, "CoaxialControlIO.getCaps");
  if (ptz.has_auxiliary(row.auxiliary))
    return note(out, row.feature, Support::yes, "ptz getCurrentProtocolCaps Auxs");
  if (can.*row.told == false)
    return note(out, row.feature, Support::no, "CoaxialControlIO.getCaps",
                "the device says that it has none");
  if (recorder)
    return note(out, row.feature, Support::unknown, status.probe,
                "a recorder tells of a light and a speaker for every channel, there or not");
  if (!status.tree) return note_refused(out, row.feature, status);
  const bool there = (caps::parse_coaxial_status(*status.tree).*row.status).has_value();
  note_told(out, row.feature, there, status.probe);
}

}  // namespace

awaitable<Result<Findings>> probe_deterrence(std::shared_ptr<Commands> commands, int channel) {
  if (Error e = co_await ensure_probed(commands, 0, ProbeGroup::device)) co_return e;
  if (Error e = co_await ensure_probed(commands, channel, ProbeGroup::ptz)) co_return e;
  const bool recorder = commands->capabilities().facts().recorder;
  caps::PtzCaps ptz;
  ptz.details = commands->capabilities().find(channel)->ptz;

  caps::CoaxialCaps can;
  Answer status;
  Question q = coaxial_question("getCaps", channel);
  Answer answer = co_await ask(commands, std::move(q));
  if (!answer.tree && ends_asking(*commands, answer.tree.error())) co_return answer.tree.error();
  if (answer.tree) can = caps::parse_coaxial_caps(*answer.tree).value_or(can);
  if (!(can.light && can.speaker) && !recorder) {
    q = coaxial_question("getStatus", channel);
    q.service = "coaxialControlIO";
    q.action = "getStatus";
    q.query.add("channel", channel);
    status = co_await ask(commands, std::move(q));
    if (!status.tree && ends_asking(*commands, status.tree.error())) co_return status.tree.error();
  } else {
    status.probe = "CoaxialControlIO";
  }
  Findings out;
  for (const Row& row : kRows) note_row(row, can, ptz, status, recorder, out);

  // A recorder may know of its camera's siren what coaxial control does not; sounding it goes by the auxiliary code, if by anything.
  if (recorder && commands->has_rpc() && out.features[Feature::siren].support == Support::unknown) {
    q = Question();
    q.method = "RemoteSpeak.getCaps";
    q.params = {{"Channels", proto::rpc::Json::array({channel - 1})}};
    answer = co_await ask(commands, std::move(q));
    if (!answer.tree && ends_asking(*commands, answer.tree.error())) co_return answer.tree.error();
    if (answer.tree && caps::parse_remote_siren(*answer.tree) == false)
      note(out, Feature::siren, Support::no, "RemoteSpeak.getCaps", "the device says that it has none");
  }
  co_return out;
}

}  // namespace dmss::session

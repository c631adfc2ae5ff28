// Probes of streams and sound.
#include "proto/caps/device.hpp"
#include "proto/caps/encode.hpp"
#include "session/capabilities/findings.hpp"
#include "session/capabilities/probe.hpp"

namespace dmss::session {
namespace {

namespace caps = proto::caps;

void note_extra(const std::vector<StreamCapabilities>& streams, const DeviceFacts& facts,
                const std::string& probe, Findings& out) {
  if (streams.size() > 1) return note(out, Feature::extra_stream, Support::yes, probe);
  if (facts.extra_streams)
    return note_told(out, Feature::extra_stream, *facts.extra_streams > 0,
                     "getProductDefinition MaxExtraStream");
  note_told(out, Feature::extra_stream, streams.empty() ? std::nullopt : std::optional<bool>(false), probe);
}

}  // namespace

awaitable<Result<Findings>> probe_streams(std::shared_ptr<Commands> commands, int channel) {
  if (Error e = co_await ensure_probed(commands, 0, ProbeGroup::device)) co_return e;
  const DeviceFacts facts = commands->capabilities().facts();
  Findings out;
  Question q;
  q.service = "encode";
  q.action = "getConfigCaps";
  q.query.add("channel", channel);
  if (commands->has_rpc()) {
    // What the choices are depends on what is set, so the device wants to see that.
    Question encode = table_question("Encode", channel);
    const Answer now = co_await ask(commands, std::move(encode));
    if (!now.tree && ends_asking(*commands, now.tree.error())) co_return now.tree.error();
    if (const proto::rpc::Json* row = now.by_cgi ? nullptr : table_of(now, "Encode", channel)) {
      q.method = "encode.getConfigCaps";
      q.params = {{"channel", channel - 1}, {"config", *row}, {"stream", "All"}};
    }
  }
  const Answer answer = co_await ask(commands, std::move(q));
  if (!answer.tree && ends_asking(*commands, answer.tree.error())) co_return answer.tree.error();
  std::vector<StreamCapabilities> streams;
  if (answer.tree)
    streams = caps::parse_encode_caps(*answer.tree, channel - 1,
                                      facts.standard.value_or(proto::VideoStandard::pal));
  const std::string probe = answer.probe.empty() ? "configManager.getConfig Encode" : answer.probe;
  note_extra(streams, facts, probe, out);
  out.streams = std::move(streams);
  co_return out;
}

awaitable<Result<Findings>> probe_sound(std::shared_ptr<Commands> commands, int channel) {
  if (Error e = co_await ensure_probed(commands, channel, ProbeGroup::streams)) co_return e;
  const DeviceFacts facts = commands->capabilities().facts();
  Findings out;
  const auto& streams = commands->capabilities().find(channel)->streams;
  if (!streams.empty() && !streams.front().audio_codecs.empty())
    note(out, Feature::audio, Support::yes, "encode getConfigCaps Audio");
  else
    note_told(out, Feature::audio, facts.has_audio, "getProductDefinition HasAudio");

  Question q;
  q.service = "devAudioOutput";
  q.action = "getCollect";
  const Answer answer = co_await ask(commands, std::move(q));
  if (!answer.tree && ends_asking(*commands, answer.tree.error())) co_return answer.tree.error();
  const auto outputs = answer.tree ? caps::parse_collect(*answer.tree) : std::nullopt;
  if (outputs)
    note_told(out, Feature::talk, *outputs > 0, answer.probe);
  else
    note_told(out, Feature::talk, facts.has_talk, "getProductDefinition HasTalk");
  co_return out;
}

}  // namespace dmss::session

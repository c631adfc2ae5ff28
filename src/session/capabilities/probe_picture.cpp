// Probes of the picture: lens, fisheye, image settings; detection; light and siren.
#include "proto/caps/channel.hpp"
#include "proto/caps/device.hpp"
#include "proto/caps/ptz.hpp"
#include "session/capabilities/findings.hpp"
#include "session/capabilities/probe.hpp"

namespace dmss::session {
namespace {

namespace caps = proto::caps;
using proto::rpc::Json;

Question input_question(const char* action, int channel, std::int64_t object) {
  Question q;
  if (object > 0) {
    q.method = std::string("devVideoInput.") + action;
    q.object = object;
  }
  q.service = "devVideoInput";
  q.action = action;
  q.query.add("channel", channel);
  return q;
}

awaitable<Result<Findings>> probe_lens_with(std::shared_ptr<Commands> commands, int channel,
                                            std::int64_t object) {
  Findings out;
  Question q = input_question("getCaps", channel, object);
  Answer answer = co_await ask(commands, std::move(q));
  if (!answer.tree && ends_asking(*commands, answer.tree.error())) co_return answer.tree.error();
  const auto can = answer.tree ? caps::parse_video_input_caps(*answer.tree) : std::nullopt;
  if (can && can->electric_focus) {
    note_told(out, Feature::motorised_lens, can->electric_focus, answer.probe);
  } else {
    q = input_question("getFocusStatus", channel, object);
    answer = co_await ask(commands, std::move(q));
    if (!answer.tree && ends_asking(*commands, answer.tree.error())) co_return answer.tree.error();
    if (answer.tree)
      note_told(out, Feature::motorised_lens,
                caps::parse_lens_status(*answer.tree) ? std::optional<bool>(true) : std::nullopt,
                answer.probe);
    else
      note_refused(out, Feature::motorised_lens, answer);
  }
  q = input_question("getCapsEx", channel, object);
  q.params = {{"name", "VideoInFishEye"}};
  q.query.add("name", "VideoInFishEye");
  answer = co_await ask(commands, std::move(q));
  if (!answer.tree && ends_asking(*commands, answer.tree.error())) co_return answer.tree.error();
  const Json* fisheye = answer.tree ? proto::rpc::member(*answer.tree, "caps") : nullptr;
  if (!answer.tree)
    note_refused(out, Feature::fisheye, answer);
  else
    note_told(out, Feature::fisheye, fisheye != nullptr && !fisheye->empty(), answer.probe);
  co_return out;
}

/// A setting of the image is there when its table has it.
struct ImageRow {
  Feature feature;
  const char* key;
};
constexpr ImageRow kImageRows[] = {
    {Feature::image_flip, "Flip"}, {Feature::image_mirror, "Mirror"}, {Feature::image_rotate, "Rotate90"}};

}  // namespace

awaitable<Result<Findings>> probe_lens(std::shared_ptr<Commands> commands, int channel) {
  std::int64_t object = 0;
  if (commands->has_rpc()) {
    const Json with = {{"channel", channel - 1}};
    Result<std::int64_t> made = co_await make_instance(commands, "devVideoInput", with);
    if (!made && ends_asking(*commands, made.error())) co_return made.error();
    if (made) object = *made;
  }
  Result<Findings> out = co_await probe_lens_with(commands, channel, object);
  co_await drop_instance(commands, "devVideoInput", object);
  co_return out;
}

awaitable<Result<Findings>> probe_image(std::shared_ptr<Commands> commands, int channel) {
  Findings out;
  Question q = table_question("VideoColor", channel);
  Answer answer = co_await ask(commands, std::move(q));
  if (!answer.tree && ends_asking(*commands, answer.tree.error())) co_return answer.tree.error();
  if (answer.tree && table_of(answer, "VideoColor", channel) == nullptr)
    note(out, Feature::image_color, Support::no, answer.probe, "VideoColor has no row for this channel");
  else
    note_present(out, Feature::image_color, answer);

  // The newer table where it answers, else the older one.
  const Json* table = nullptr;
  std::string probe;
  for (const char* name : {"VideoImageControl", "VideoInOptions"}) {
    q = table_question(name, channel);
    answer = co_await ask(commands, std::move(q));
    if (!answer.tree && ends_asking(*commands, answer.tree.error())) co_return answer.tree.error();
    table = table_of(answer, name, channel);
    probe = std::string("configManager ") + name;
    if (table != nullptr) break;
  }
  for (const ImageRow& row : kImageRows) {
    if (table != nullptr)
      note_told(out, row.feature, proto::rpc::member(*table, row.key) != nullptr, probe);
    else if (!answer.tree)
      note_refused(out, row.feature, answer);
    else
      note_told(out, row.feature, std::nullopt, probe);
  }
  co_return out;
}

awaitable<Result<Findings>> probe_detection(std::shared_ptr<Commands> commands, int channel) {
  struct Row {
    Feature feature;
    const char* table;
  };
  static constexpr Row kRows[] = {{Feature::motion_detection, "MotionDetect"},
                                  {Feature::smart_motion, "SmartMotionDetect"},
                                  {Feature::video_mask, "BlindDetect"},
                                  {Feature::smart_rules, "VideoAnalyseRule"}};
  Findings out;
  for (const Row& row : kRows) {
    Question q = table_question(row.table, channel);
    Answer answer = co_await ask(commands, std::move(q));
    if (!answer.tree && ends_asking(*commands, answer.tree.error())) co_return answer.tree.error();
    answer.probe += std::string(" ") + row.table;
    if (answer.tree && table_of(answer, row.table, channel) == nullptr)
      note(out, row.feature, Support::no, answer.probe, "the table has no row for this channel");
    else
      note_present(out, row.feature, answer);
  }
  co_return out;
}

awaitable<Result<Findings>> probe_pir(std::shared_ptr<Commands> commands, int) {
  if (Error e = co_await ensure_probed(commands, 0, ProbeGroup::alarm_caps)) co_return e;
  const CapabilityCache& cache = commands->capabilities();
  // By what is known: whoever needs the feature waits for one answer only.
  const bool several =
      cache.probed(0, ProbeGroup::device) ? cache.facts().recorder : commands->channels() != 1;
  Findings out;
  note_told(out, Feature::pir, cache.pir(), "alarm.getAlarmCaps AlarmPir");
  if (cache.pir() == true && several)
    note(out, Feature::pir, Support::unknown, "alarm.getAlarmCaps AlarmPir",
         "the device has it for some camera; it does not tell which");
  co_return out;
}

}  // namespace dmss::session

// Probes of the device itself.
#include "proto/caps/device.hpp"

#include "session/capabilities/findings.hpp"
#include "session/capabilities/probe.hpp"

namespace dmss::session {
namespace {

namespace caps = proto::caps;

Question definition_question(const char* name) {
  Question q;
  q.method = "magicBox.getProductDefinition";
  q.params = {{"name", name}};
  q.service = "magicBox";
  q.action = "getProductDefinition";
  q.query.add("name", name);
  return q;
}

Question simple_question(const char* service, const char* method) {
  Question q;
  q.method = std::string(service) + "." + method;
  q.service = service;
  q.action = method;
  return q;
}

void note_interfaces(const Commands& commands, Findings& out) {
  const auto way = [&](Feature feature, bool there, const char* why) {
    note(out, feature, there ? Support::yes : Support::no, "login", there ? "" : why);
  };
  way(Feature::json_rpc, commands.has_rpc(), "the device took no JSON-RPC session");
  way(Feature::cgi, commands.has_cgi(), "no HTTP port of the device is known to answer CGI");
}

/// A table that is one text: JSON "PAL", or a line "table.VideoStandard=PAL".
std::string text_table(const Answer& answer, const std::string& name) {
  const proto::rpc::Json* table = table_of(answer, name, 0);
  return table != nullptr && table->is_string() ? table->get<std::string>() : std::string();
}

}  // namespace

awaitable<Result<Findings>> probe_device(std::shared_ptr<Commands> commands) {
  Findings out;
  note_interfaces(*commands, out);
  DeviceFacts facts;

  Question q = simple_question("magicBox", "getDeviceClass");
  Answer answer = co_await ask(commands, std::move(q));
  if (!answer.tree && ends_asking(*commands, answer.tree.error())) co_return answer.tree.error();
  const std::string device_class = answer.tree ? proto::rpc::text_or(*answer.tree, "type", "") : "";
  facts.recorder = caps::is_recorder_class(device_class);
  if (device_class.empty()) {
    // Only recorders keep a list of cameras.
    q = simple_question("LogicDeviceManager", "getCameraAll");
    answer = co_await ask(commands, std::move(q));
    if (!answer.tree && ends_asking(*commands, answer.tree.error())) co_return answer.tree.error();
    if (answer.tree) facts.recorder = caps::parse_camera_count(*answer.tree).value_or(0) > 0;
  }

  q = table_question("VideoStandard", 0);
  answer = co_await ask(commands, std::move(q));
  if (!answer.tree && ends_asking(*commands, answer.tree.error())) co_return answer.tree.error();
  facts.standard = caps::parse_video_standard(text_table(answer, "VideoStandard"));

  for (const char* name : {"MaxExtraStream", "HasTalk", "HasAudio", "HasPtz"}) {
    q = definition_question(name);
    answer = co_await ask(commands, std::move(q));
    if (!answer.tree) {
      if (ends_asking(*commands, answer.tree.error())) co_return answer.tree.error();
      continue;
    }
    const std::string_view which = name;
    if (which == "MaxExtraStream") facts.extra_streams = caps::definition_number(*answer.tree, name);
    if (which == "HasTalk") facts.has_talk = caps::definition_flag(*answer.tree, name);
    if (which == "HasAudio") facts.has_audio = caps::definition_flag(*answer.tree, name);
    if (which == "HasPtz") facts.has_ptz = caps::definition_flag(*answer.tree, name);
  }

  q = Question();
  q.method = "alarm.getAlarmCaps";
  answer = co_await ask(commands, std::move(q));
  if (!answer.tree && ends_asking(*commands, answer.tree.error())) co_return answer.tree.error();
  if (answer.tree) facts.pir = caps::parse_pir(*answer.tree);
  out.facts = facts;
  co_return out;
}

namespace {

struct SlotRow {
  Feature feature;
  const char* method;
  const char* key;
  std::optional<int> Findings::* count;
};
constexpr SlotRow kSlots[] = {
    {Feature::alarm_inputs, "getInSlots", "inputs", &Findings::alarm_inputs},
    {Feature::alarm_outputs, "getOutSlots", "outputs", &Findings::alarm_outputs},
};

awaitable<Error> probe_slots(std::shared_ptr<Commands> commands, Findings& out) {
  for (const SlotRow& row : kSlots) {
    Question q = simple_question("alarm", row.method);
    const Answer answer = co_await ask(commands, std::move(q));
    if (!answer.tree) {
      if (ends_asking(*commands, answer.tree.error())) co_return answer.tree.error();
      note_refused(out, row.feature, answer);
      continue;
    }
    const auto count = caps::parse_slots(*answer.tree, row.key);
    out.*row.count = count;
    note_told(out, row.feature, count ? std::optional<bool>(*count > 0) : std::nullopt, answer.probe);
  }
  co_return Error();
}

awaitable<Error> probe_events(std::shared_ptr<Commands> commands, Findings& out) {
  std::vector<std::string> codes;
  Answer best;
  for (const char* method : {"getCaps", "getExposureEvents"}) {
    Question q;
    if (std::string_view(method) == "getCaps") q.method = "eventManager.getCaps";
    q.service = "eventManager";
    q.action = method;
    Answer answer = co_await ask(commands, std::move(q));
    if (!answer.tree && ends_asking(*commands, answer.tree.error())) co_return answer.tree.error();
    if (answer.tree) codes = caps::parse_event_codes(*answer.tree);
    if (!best.tree) best = std::move(answer);
    if (!codes.empty()) break;
  }
  note_present(out, Feature::events, best);
  // A device may send events whose codes it does not list.
  Capability& events = out.features[Feature::events];
  if (events.support == Support::no) events.support = Support::unknown;
  out.event_codes = std::move(codes);
  co_return Error();
}

}  // namespace

awaitable<Result<Findings>> probe_services(std::shared_ptr<Commands> commands) {
  Findings out;
  if (Error e = co_await probe_slots(commands, out)) co_return e;
  if (Error e = co_await probe_events(commands, out)) co_return e;

  Question q;
  q.method = "storage.getCaps";
  q.service = "storageDevice";
  q.action = "getDeviceAllInfo";
  Answer answer = co_await ask(commands, std::move(q));
  if (!answer.tree && ends_asking(*commands, answer.tree.error())) co_return answer.tree.error();
  note_present(out, Feature::storage, answer);
  // The disks are asked for by a method of their own, which a device may have without this one.
  if (Capability& c = out.features[Feature::storage]; c.support == Support::no && !answer.by_cgi)
    c.support = Support::unknown;

  q = Question();
  q.method = "recordManager.getCaps";
  answer = co_await ask(commands, std::move(q));
  if (!answer.tree && ends_asking(*commands, answer.tree.error())) co_return answer.tree.error();
  if (!answer.tree) {
    q = table_question("RecordMode", 0);
    answer = co_await ask(commands, std::move(q));
    if (!answer.tree && ends_asking(*commands, answer.tree.error())) co_return answer.tree.error();
  }
  note_present(out, Feature::recording, answer);

  if (commands->has_cgi()) {
    q = Question();
    q.method = "snapManager.getCaps";
    answer = co_await ask(commands, std::move(q));
    if (!answer.tree && ends_asking(*commands, answer.tree.error())) co_return answer.tree.error();
    note_present(out, Feature::event_pictures, answer);
    if (Capability& c = out.features[Feature::event_pictures]; c.support == Support::no)
      c = {Support::unknown, c.probe,
           "only subscribing shows whether this device sends pictures with events"};
  } else {
    note(out, Feature::event_pictures, Support::no, "cgi",
         "pictures of events come over CGI, which is not there");
  }

  if (commands->has_rpc()) {
    q = Question();
    q.method = "log.listMethod";
    answer = co_await ask(commands, std::move(q));
    if (!answer.tree && ends_asking(*commands, answer.tree.error())) co_return answer.tree.error();
    note_present(out, Feature::log_search, answer);
    // The device may have the service and not this method.
    if (Capability& c = out.features[Feature::log_search]; c.support == Support::no)
      c.support = Support::unknown;
    q = Question();
    q.method = "Security.getEncryptInfo";
    answer = co_await ask(commands, std::move(q));
    if (!answer.tree && ends_asking(*commands, answer.tree.error())) co_return answer.tree.error();
    note_present(out, Feature::encrypted_password_change, answer);
  } else {
    note(out, Feature::log_search, Support::unknown, "", "only JSON-RPC could tell");
    note(out, Feature::encrypted_password_change, Support::no, "login", "it needs JSON-RPC");
  }
  co_return out;
}

}  // namespace dmss::session

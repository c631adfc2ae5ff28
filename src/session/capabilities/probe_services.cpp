// Probes of what a device does beside its channels: alarm slots, events, storage, recording, log.
#include "proto/caps/device.hpp"
#include "proto/rpc/codes.hpp"
#include "session/capabilities/findings.hpp"
#include "session/capabilities/probe.hpp"

namespace dmss::session {
namespace {

namespace caps = proto::caps;

Question question(const char* service, const char* method) {
  Question q;
  q.method = std::string(service) + "." + method;
  return q;
}

/// A refusal that says less than "no": what was asked for may be there without this method.
void note_tried(Findings& out, Feature feature) {
  Capability& c = out.features[feature];
  if (c.support == Support::no) c.support = Support::unknown;
}

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

}  // namespace

awaitable<Result<Findings>> probe_slots(std::shared_ptr<Commands> commands) {
  Findings out;
  for (const SlotRow& row : kSlots) {
    Question q = question("alarm", row.method);
    q.service = "alarm";
    q.action = row.method;
    const Answer answer = co_await ask(commands, std::move(q));
    if (!answer.tree) {
      if (ends_asking(*commands, answer.tree.error())) co_return answer.tree.error();
      // Their tables may be there all the same.
      note_refused(out, row.feature, answer);
      note_tried(out, row.feature);
      continue;
    }
    const auto count = caps::parse_slots(*answer.tree, row.key);
    out.*row.count = count;
    note_told(out, row.feature, count ? std::optional<bool>(*count > 0) : std::nullopt, answer.probe);
  }
  co_return out;
}

awaitable<Result<Findings>> probe_events(std::shared_ptr<Commands> commands) {
  Findings out;
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
  note_tried(out, Feature::events);
  out.event_codes = std::move(codes);
  co_return out;
}

awaitable<Result<Findings>> probe_storage(std::shared_ptr<Commands> commands) {
  Findings out;
  Question q = question("storage", "getCaps");
  q.service = "storageDevice";
  q.action = "getDeviceAllInfo";
  const Answer answer = co_await ask(commands, std::move(q));
  if (!answer.tree && ends_asking(*commands, answer.tree.error())) co_return answer.tree.error();
  note_present(out, Feature::storage, answer);
  // The disks are asked for by a method of their own, which a device may have without this one.
  if (!answer.by_cgi) note_tried(out, Feature::storage);
  co_return out;
}

awaitable<Result<Findings>> probe_recording(std::shared_ptr<Commands> commands) {
  Findings out;
  Question q = question("recordManager", "getCaps");
  Answer answer = co_await ask(commands, std::move(q));
  if (!answer.tree && ends_asking(*commands, answer.tree.error())) co_return answer.tree.error();
  if (!answer.tree) {
    q = table_question("RecordMode", 0);
    answer = co_await ask(commands, std::move(q));
    if (!answer.tree && ends_asking(*commands, answer.tree.error())) co_return answer.tree.error();
  }
  note_present(out, Feature::recording, answer);
  co_return out;
}

awaitable<Result<Findings>> probe_pictures(std::shared_ptr<Commands> commands) {
  Findings out;
  if (!commands->has_cgi()) {
    note(out, Feature::event_pictures, Support::no, "cgi",
         "pictures of events come over CGI, which is not there");
    co_return out;
  }
  Question q = question("snapManager", "getCaps");
  const Answer answer = co_await ask(commands, std::move(q));
  if (!answer.tree && ends_asking(*commands, answer.tree.error())) co_return answer.tree.error();
  note_present(out, Feature::event_pictures, answer);
  if (Capability& c = out.features[Feature::event_pictures]; c.support == Support::no)
    c = {Support::unknown, c.probe, "only subscribing shows whether this device sends pictures with events"};
  co_return out;
}

awaitable<Result<Findings>> probe_log(std::shared_ptr<Commands> commands) {
  Findings out;
  if (!commands->has_rpc()) {
    note(out, Feature::log_search, Support::no, "login",
         "the log is searched by JSON-RPC, which this device lacks");
    co_return out;
  }
  Question q = question("log", "listMethod");
  const Answer answer = co_await ask(commands, std::move(q));
  if (!answer.tree && ends_asking(*commands, answer.tree.error())) co_return answer.tree.error();
  note_present(out, Feature::log_search, answer);
  // The device may have the service and not this method.
  const bool no_service =
      !answer.tree && answer.tree.error().device_code() == proto::rpc::code::interface_not_found;
  if (!no_service) note_tried(out, Feature::log_search);
  co_return out;
}

awaitable<Result<Findings>> probe_security(std::shared_ptr<Commands> commands) {
  Findings out;
  if (!commands->has_rpc()) {
    note(out, Feature::encrypted_password_change, Support::no, "login", "it needs JSON-RPC");
    co_return out;
  }
  Question q = question("Security", "getEncryptInfo");
  const Answer answer = co_await ask(commands, std::move(q));
  if (!answer.tree && ends_asking(*commands, answer.tree.error())) co_return answer.tree.error();
  note_present(out, Feature::encrypted_password_change, answer);
  co_return out;
}

awaitable<Result<Findings>> probe_alarm_caps(std::shared_ptr<Commands> commands) {
  Findings out;
  Question q = question("alarm", "getAlarmCaps");
  const Answer answer = co_await ask(commands, std::move(q));
  if (!answer.tree && ends_asking(*commands, answer.tree.error())) co_return answer.tree.error();
  if (answer.tree) out.pir = caps::parse_pir(*answer.tree);
  co_return out;
}

}  // namespace dmss::session

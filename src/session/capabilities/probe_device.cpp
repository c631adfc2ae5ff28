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

  out.facts = facts;
  co_return out;
}

}  // namespace dmss::session

// devVideoInput.cgi (protocol http-rpc.md §4.5, §7.2).
#include "recorder/cgi.hpp"

namespace dmss::recorder {
namespace {

HttpAnswer video_input(const CgiCall& call) {
  const Profile& p = call.core.profile;
  if (call.action == "getCollect") return cgi::line("result", std::to_string(p.channels));
  if (call.action != "getCaps" && call.action != "getCapsEx") return cgi_lens(call);
  const std::int64_t channel = call.number("channel", 1);
  if (channel < 1 || channel > p.channels) return cgi::bad_request();
  const Json* caps =
      p.ability(call.action == "getCaps" ? "devVideoInput.getCaps" : "devVideoInput.getCapsEx");
  if (caps != nullptr && call.action == "getCapsEx")
    caps = proto::rpc::member(*caps, call.get("name").c_str());
  if (caps == nullptr) return cgi::bad_request();
  proto::cgi::KeyValues kv;
  Json told = *caps;
  if (call.action == "getCaps") told["ElectricFocus"] = call.core.ptz.turns(static_cast<int>(channel));
  flatten("caps", told, kv);
  return cgi::lines(kv);
}

}  // namespace

void add_cgi_video(Cgi& c) {
  c.add("devVideoInput.cgi", video_input);
}

}  // namespace dmss::recorder

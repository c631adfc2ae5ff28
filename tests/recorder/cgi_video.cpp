// devVideoInput.cgi (protocol http-rpc.md §4.5, §7.2).
#include "recorder/cgi.hpp"

namespace dmss::recorder {
namespace {

HttpAnswer video_input(const CgiCall& call) {
  if (call.action == "getCollect") return cgi::line("result", std::to_string(call.core.profile.channels));
  if (call.action == "getCaps") {
    return cgi::text(200,
                     "caps.DayNightColor=3\r\ncaps.Flip=true\r\ncaps.Mirror=true\r\ncaps.Rotate90=true\r\n");
  }
  return cgi_lens(call);
}

}  // namespace

void add_cgi_video(Cgi& c) {
  c.add("devVideoInput.cgi", video_input);
}

}  // namespace dmss::recorder

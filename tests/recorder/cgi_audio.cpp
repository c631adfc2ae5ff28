// Audio device counts: devAudioInput.cgi, devAudioOutput.cgi (protocol http-rpc.md §4.5).
#include "recorder/cgi.hpp"

namespace dmss::recorder {

void add_cgi_audio(Cgi& c) {
  for (const char* service : {"devAudioOutput.cgi", "devAudioInput.cgi"}) {
    c.add(service, [](const CgiCall& call) {
      return call.action == "getCollect" ? cgi::line("result", "1") : cgi::not_implemented();
    });
  }
}

}  // namespace dmss::recorder

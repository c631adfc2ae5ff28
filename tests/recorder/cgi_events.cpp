// eventManager.cgi (protocol http-rpc.md §11.1).
#include "recorder/cgi.hpp"

namespace dmss::recorder {
namespace {

HttpAnswer event_manager(const CgiCall& call) {
  if (call.action == "getEventIndexes") return cgi::text(200, "Error: No Events\r\n");
  if (call.action == "getExposureEvents")
    return cgi::text(200, "events[0]=VideoMotion\r\nevents[1]=AlarmLocal\r\nevents[2]=VideoLoss\r\n");
  return cgi::not_implemented();
}

}  // namespace

void add_cgi_events(Cgi& c) {
  c.add("eventManager.cgi", event_manager);
}

}  // namespace dmss::recorder

// ptz.cgi (protocol http-rpc.md §7.1).
#include "recorder/cgi.hpp"

namespace dmss::recorder {
namespace {

HttpAnswer ptz(const CgiCall& call) {
  if (call.action != "start" && call.action != "stop") return cgi::not_implemented();
  if (call.core.ptz.size() < 1000) {
    Json params = Json::object();
    for (const auto& [key, value] : call.query.pairs()) params[key] = value;
    call.core.ptz.push_back({{"action", call.action}, {"params", params}});
  }
  return cgi::ok();
}

}  // namespace

void add_cgi_ptz(Cgi& c) {
  c.add("ptz.cgi", ptz);
}

}  // namespace dmss::recorder

#include "recorder/rpc_answers.hpp"

namespace dmss::recorder::answers {
namespace {

constexpr std::size_t kMaxPerSession = 256;

}  // namespace

void add_factory(Rpc& rpc, const std::string& service) {
  Core& core = rpc.core();
  rpc.add(service + ".factory.instance", [&core, service](const Request& r, Caller& c) {
    if (!c.session || c.session->objects.size() >= kMaxPerSession)
      return error(r, code::server_error, "Server internal error!");
    const std::int64_t handle = core.sessions.next_object();
    c.session->objects[handle] = service;
    return rpc::make_reply(r, handle);
  });
  rpc.add(service + ".destroy", [](const Request& r, Caller& c) {
    if (!r.object || !c.session || c.session->objects.erase(*r.object) == 0)
      return error(r, code::invalid_request, "Invalid request! Object needed.");
    return rpc::make_reply(r, true);
  });
}

bool has_object(const Request& r, const Caller& c, const std::string& service) {
  if (!r.object || !c.session) return false;
  const auto found = c.session->objects.find(*r.object);
  return found != c.session->objects.end() && found->second == service;
}

}  // namespace dmss::recorder::answers

// eventManager.* (protocol http-rpc.md §11.2, dvrip-dhip.md §7.4).
#include <algorithm>

#include "recorder/event_codes.hpp"
#include "recorder/rpc_instance.hpp"

namespace dmss::recorder {
namespace {

namespace rpc = proto::rpc;
namespace code = proto::rpc::code;

constexpr std::size_t kMaxAttachments = 256;
constexpr std::size_t kMaxCodes = 256;

Reply attach(Core& core, const Request& r, Caller& c) {
  Session::Attachment a;
  if (const Json* codes = rpc::member(r.params, "codes"); codes != nullptr && codes->is_array()) {
    for (const Json& one : *codes) {
      if (one.is_string() && a.codes.size() < kMaxCodes) a.codes.push_back(one.get<std::string>());
    }
  }
  if (c.session->attachments.size() >= kMaxAttachments)
    return rpc::make_error(r, code::server_error, "Server internal error!");
  if (const auto no = core.events.refuses(c.service, a.codes))
    return rpc::make_error(r, no->code, no->message);
  a.sid = core.sessions.next_sid();
  a.request = r.id;
  a.silent = core.faults.strikes("attach_silent", {.service = c.service, .what = "attach"});
  const Json params = {{"SID", a.sid}};
  c.session->attachments.push_back(std::move(a));
  return rpc::make_reply(r, true, params);
}

/// By SID; all of the session without one.
Reply detach(const Request& r, Caller& c) {
  const std::int64_t sid = rpc::int_or(r.params, "SID", -1);
  auto& all = c.session->attachments;
  if (sid < 0) {
    all.clear();
    return rpc::make_reply(r, true);
  }
  const auto gone = std::erase_if(all, [&](const Session::Attachment& a) { return a.sid == sid; });
  if (gone == 0) return rpc::make_error(r, code::invalid_param, "Bad parameter!");
  return rpc::make_reply(r, true);
}

}  // namespace

void add_event_methods(Rpc& rpc) {
  Core& core = rpc.core();
  add_factory(rpc, "eventManager");
  rpc.add("eventManager.attach", [&core](const Request& r, Caller& c) { return attach(core, r, c); });
  rpc.add("eventManager.detach", detach);
  rpc.add("eventManager.getCaps", [&core](const Request& r, Caller&) {
    return rpc::make_reply(r, true, {{"caps", {{"Codes", exposed_events(core.profile)}}}});
  });
  rpc.add("eventManager.getEventIndexes", [&core](const Request& r, Caller&) {
    const std::vector<int> active = core.events.active(rpc::text_or(r.params, "code", ""));
    if (active.empty()) return rpc::make_error(r, code::no_data, "No Events");
    return rpc::make_reply(r, true, {{"channels", active}});
  });
}

}  // namespace dmss::recorder

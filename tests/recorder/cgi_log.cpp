// log.cgi: searches read page by page (protocol http-rpc.md §13).
#include <algorithm>

#include "recorder/cgi.hpp"

namespace dmss::recorder {
namespace {

constexpr std::int64_t kMaxPage = 100;

HttpAnswer start(const CgiCall& call) {
  Logbook::Condition c;
  c.from = DeviceClock::parse(call.get("condition.StartTime"));
  c.to = DeviceClock::parse(call.get("condition.EndTime"));
  if (!c.from || !c.to) return cgi::bad_request();
  if (const std::string type = call.get("condition.Type"); !type.empty()) c.types.push_back(type);
  const auto token = call.core.logbook.start(c);
  return token ? cgi::line("token", std::to_string(*token)) : cgi::bad_request();
}

HttpAnswer next(const CgiCall& call) {
  const auto count =
      static_cast<std::size_t>(std::clamp<std::int64_t>(call.number("count", kMaxPage), 0, kMaxPage));
  const auto page = call.core.logbook.next(call.number("token", 0), count);
  if (!page) return cgi::bad_request();
  proto::cgi::KeyValues kv;
  kv.add("found", std::to_string(page->size()));
  Json items = Json::array();
  for (const Logbook::Entry& e : *page) items.push_back(e.to_json());
  flatten("items", items, kv);
  return cgi::lines(kv);
}

HttpAnswer log(const CgiCall& call) {
  if (call.action == "startFind") return start(call);
  if (call.action == "doFind") return next(call);
  if (call.action == "stopFind")
    return call.core.logbook.stop(call.number("token", 0)) ? cgi::ok() : cgi::bad_request();
  if (call.action == "clear") {
    call.core.logbook.clear();
    call.core.logbook.add("Log.Clear", call.user);
    return cgi::ok();
  }
  return cgi::not_implemented();
}

}  // namespace

void add_cgi_log(Cgi& c) {
  c.add("log.cgi", log);
}

}  // namespace dmss::recorder

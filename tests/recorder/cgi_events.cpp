// eventManager.cgi and the event pictures of snapManager.cgi (protocol http-rpc.md §6.6, §11.1).
#include <algorithm>

#include "recorder/cgi_channel.hpp"
#include "recorder/event_codes.hpp"
#include "recorder/event_stream.hpp"

namespace dmss::recorder {
namespace {

constexpr int kMaxHeartbeat = 60;

HttpAnswer stream(const CgiCall& call, EventStream::Options options) {
  Core& core = call.core;
  HttpAnswer answer;
  answer.takes_over = [&core, options](std::shared_ptr<Link> link) -> net::awaitable<void> {
    if (const auto no = core.events.refuses(link->service(), options.codes)) {
      link->send(as_bytes(write_http(cgi::text(no->status, no->body), false)));
      link->close_after_sending();
      co_return;
    }
    core.count("event_streams");
    const auto stream = std::make_shared<EventStream>(core, link, options);
    co_await stream->run();
  };
  return answer;
}

/// "heartbeat", "keepalive" in older documents; 0 when neither is there.
int heartbeat(const CgiCall& call) {
  const std::int64_t given = call.number("heartbeat", call.number("keepalive", 0));
  return static_cast<int>(std::clamp<std::int64_t>(given, 0, kMaxHeartbeat));
}

HttpAnswer indexes(const CgiCall& call) {
  const std::vector<int> active = call.core.events.active(call.get("code"));
  if (active.empty()) return cgi::text(200, "Error: No Events\r\n");
  proto::cgi::KeyValues kv;
  for (std::size_t i = 0; i < active.size(); ++i)
    kv.add("channels[" + std::to_string(i) + "]", std::to_string(active[i]));
  return cgi::lines(kv);
}

HttpAnswer event_manager(const CgiCall& call) {
  if (call.action == "attach") {
    EventStream::Options options;
    options.codes = split_codes(call.get("codes"));
    options.heartbeat = heartbeat(call);
    return options.codes.empty() ? cgi::bad_request() : stream(call, std::move(options));
  }
  if (call.action == "getEventIndexes") return indexes(call);
  if (call.action == "getExposureEvents" || call.action == "getCaps") {
    proto::cgi::KeyValues kv;
    const std::vector<std::string> codes = exposed_events(call.core.profile);
    for (std::size_t i = 0; i < codes.size(); ++i) kv.add("events[" + std::to_string(i) + "]", codes[i]);
    return cgi::lines(kv);
  }
  return cgi::not_implemented();
}

HttpAnswer snap_manager(const CgiCall& call) {
  if (call.action != "attachFileProc") return cgi::not_implemented();
  EventStream::Options options;
  options.pictures = true;
  options.channel = cgi_channel(call);
  options.heartbeat = heartbeat(call);
  for (const auto& [key, value] : call.query.pairs()) {
    if (key.rfind("Ede[", 0) == 0 && key.size() > 6 && key.substr(key.size() - 5) == ".Code")
      options.codes.push_back(value);
  }
  if (call.get("Flags[0]") == "Event") {
    const auto more = split_codes(call.get("Events"));
    options.codes.insert(options.codes.end(), more.begin(), more.end());
  }
  if (options.channel == 0 || options.codes.empty()) return cgi::bad_request();
  return stream(call, std::move(options));
}

}  // namespace

void add_cgi_events(Cgi& c) {
  c.add("eventManager.cgi", event_manager);
  c.add("snapManager.cgi", snap_manager);
}

}  // namespace dmss::recorder

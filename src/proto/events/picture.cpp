#include "proto/events/picture.hpp"

#include <map>

#include "proto/cgi/kv.hpp"
#include "proto/rtsp/message.hpp"

namespace dmss::proto::events {

Result<WireEvent> parse_picture_text(std::string_view text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  if (line.find(";action=") != std::string_view::npos) return parse_block(text);
  auto lines = cgi::parse_kv(text);
  if (!lines) return lines.error();
  // The first of each kind is the first event's.
  std::map<std::string_view, std::string_view> told;
  for (const auto& [key, value] : lines->lines) {
    const std::string_view path = key;
    const std::size_t dot = path.rfind('.');
    told.emplace(dot == std::string_view::npos ? path : path.substr(dot + 1), value);
  }
  rpc::Json event = rpc::Json::object();
  rpc::Json data = rpc::Json::object();
  for (const char* key : {"Code", "Action", "Index"}) {
    if (const auto it = told.find(key); it != told.end()) event[key] = std::string(it->second);
  }
  for (const char* key : {"LocaleTime", "EventID", "Name"}) {
    if (const auto it = told.find(key); it != told.end()) data[key] = std::string(it->second);
  }
  if (const auto it = told.find("UTC"); it != told.end()) {
    if (const auto seconds = rtsp::to_number(it->second)) data["UTC"] = *seconds;
  }
  if (!data.empty()) event["Data"] = std::move(data);
  return parse_event(event);
}

std::string write_picture_text(const Event& event) {
  cgi::KeyValues lines;
  const std::string base = "Events[0].EventBaseInfo.";
  const rpc::Json wire = to_json(event);
  for (const char* key : {"Code", "Action", "Index"}) lines.add(base + key, rpc::text_or(wire, key, ""));
  if (const rpc::Json* data = rpc::member(wire, "Data"); data && data->is_object()) {
    for (const char* key : {"UTC", "LocaleTime", "EventID"}) {
      if (data->contains(key)) lines.add("Events[0]." + std::string(key), rpc::text_or(*data, key, ""));
    }
  }
  return lines.body();
}

}  // namespace dmss::proto::events

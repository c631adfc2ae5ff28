#include "proto/events/event.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/text.hpp"
#include "proto/events/styled.hpp"

namespace dmss::proto::events {
namespace {

using rpc::Json;

constexpr double kBoxScale = 8191;             // of BoundingBox, both ways
constexpr double kLastSecond = 7'258'118'400;  // the year 2200; a system clock ends in 2262
constexpr std::string_view kNotifyMethod = "client.notifyEventStream";
const rpc::JsonLimits kDataLimits{kMaxEventBytes, rpc::kMaxJsonDepth, 100'000};

std::optional<double> number(const Json& value) {
  if (!value.is_number()) return std::nullopt;
  const double d = value.get<double>();
  return std::isfinite(d) ? std::optional(d) : std::nullopt;
}

std::optional<EventBox> read_box(const Json& value) {
  if (!value.is_array() || value.size() != 4) return std::nullopt;
  double side[4];
  for (std::size_t i = 0; i < 4; ++i) {
    const auto n = number(value[i]);
    if (!n) return std::nullopt;
    side[i] = std::clamp(*n / kBoxScale, 0.0, 1.0);
  }
  return EventBox{side[0], side[1], side[2], side[3]};
}

void read_object(const Json& value, std::vector<EventObject>& out) {
  if (!value.is_object() || out.size() >= kMaxObjects) return;
  EventObject object;
  object.type = clean_text(rpc::text_or(value, "ObjectType", ""), kMaxNameBytes);
  const Json* box = rpc::member(value, "BoundingBox");
  const std::optional<EventBox> read = box ? read_box(*box) : std::nullopt;
  if (object.type.empty() && !read) return;
  if (read) object.box = *read;
  // Nobody has said what whole numbers mean here; a fraction can only be one.
  const Json* confidence = rpc::member(value, "Confidence");
  const std::optional<double> told = confidence ? number(*confidence) : std::nullopt;
  if (told && *told >= 0 && *told <= 1) object.confidence = told;
  out.push_back(std::move(object));
}

void read_objects(const Json& data, std::vector<EventObject>& out) {
  if (const Json* list = rpc::member(data, "Objects"); list && list->is_array()) {
    for (const Json& one : *list) read_object(one, out);
  }
  const Json* single = rpc::member(data, "Object");
  if (single && out.empty()) read_object(*single, out);
}

std::string read_name(const Json& data) {
  std::string name = rpc::text_or(data, "Name", "");
  const Json* regions = rpc::member(data, "RegionName");
  if (name.empty() && regions && regions->is_array() && !regions->empty() && (*regions)[0].is_string())
    name = (*regions)[0].get<std::string>();
  return clean_text(name, kMaxNameBytes);
}

void read_data(const Json& data, WireEvent& out) {
  if (data.is_null()) return;
  std::string text = rpc::dump(data);
  if (text.size() > kMaxEventBytes) {
    out.damaged = true;
    return;
  }
  out.event.data = std::move(text);
  out.event_id = rpc::int_or(data, "EventID", 0);
  if (const Json* utc = rpc::member(data, "UTC")) {
    const std::optional<double> seconds = number(*utc);
    if (seconds && *seconds > 0 && *seconds < kLastSecond) {
      out.event.device_time = std::chrono::system_clock::time_point(
          std::chrono::milliseconds(static_cast<std::int64_t>(std::llround(*seconds * 1000))));
    }
  }
  out.event.device_local_time = clean_text(rpc::text_or(data, "LocaleTime", ""), kMaxActionBytes);
  out.event.name = read_name(data);
  read_objects(data, out.event.objects);
}

int from_wire_index(std::int64_t index) {
  return index < 0 || index >= kMaxIndex ? 0 : static_cast<int>(index) + 1;
}

/// False when that is no code: they are ASCII words, and these two characters would take a text block apart.
bool set_code(std::string_view code, Event& out) {
  if (code.empty() || code.size() > kMaxCodeBytes) return false;
  const auto fits = [](char c) { return c > ' ' && c < '\x7f' && c != ';' && c != '='; };
  if (!std::all_of(code.begin(), code.end(), fits)) return false;
  out.code = code;
  out.group = event_group(out.code);
  return true;
}

void set_action(std::string_view text, Event& out) {
  out.action = parse_action(text);
  out.action_text = clean_text(text, kMaxActionBytes);
}

std::string_view wire_action(const Event& event) {
  if (!event.action_text.empty() && event.action_text.find(';') == std::string::npos)
    return event.action_text;
  switch (event.action) {
    case EventAction::start: return "Start";
    case EventAction::stop: return "Stop";
    case EventAction::state: return "State";
    default: return "Pulse";
  }
}

Json data_of(const Event& event) {
  if (event.data.empty()) return nullptr;
  auto parsed = rpc::parse_json(event.data, kDataLimits);
  return parsed ? std::move(*parsed) : Json(nullptr);
}

std::optional<std::int64_t> optional_int(const Json& object, const char* key) {
  const Json* m = rpc::member(object, key);
  if (!m || m->is_null()) return std::nullopt;
  return rpc::int_or(object, key, 0);
}

}  // namespace

EventAction parse_action(std::string_view text) noexcept {
  if (equal_ignoring_case(text, "Start")) return EventAction::start;
  if (equal_ignoring_case(text, "Stop")) return EventAction::stop;
  if (equal_ignoring_case(text, "Pulse")) return EventAction::pulse;
  if (equal_ignoring_case(text, "State")) return EventAction::state;
  return EventAction::unknown;
}

Result<WireEvent> parse_event(const Json& value) {
  WireEvent out;
  if (!set_code(rpc::text_or(value, "Code", ""), out.event))
    return Error(Errc::malformed, "an event without a code");
  set_action(rpc::text_or(value, "Action", ""), out.event);
  out.event.index = from_wire_index(rpc::int_or(value, "Index", -1));
  if (const Json* data = rpc::member(value, "Data")) read_data(*data, out);
  return out;
}

Json to_json(const Event& event) {
  return Json{{"Action", wire_action(event)},
              {"Code", event.code},
              {"Data", data_of(event)},
              {"Index", event.index - 1}};
}

Result<WireEvent> parse_block(std::string_view text) {
  if (text.size() > kMaxEventBytes + 4096) return Error(Errc::too_large, "an event of this size");
  WireEvent out;
  bool has_code = false;
  while (!text.empty()) {
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) break;
    const std::string_view key = trim(text.substr(0, equals));
    text.remove_prefix(equals + 1);
    if (equal_ignoring_case(key, "data")) {
      const std::string_view raw = trim(text);
      if (raw.empty()) break;
      auto data = rpc::parse_json(raw, kDataLimits);
      if (data) read_data(*data, out);
      out.damaged = out.damaged || !data;
      break;
    }
    const std::size_t end = std::min(text.find(';'), text.size());
    const std::string_view value = trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (equal_ignoring_case(key, "Code")) {
      has_code = set_code(value, out.event);
    } else if (equal_ignoring_case(key, "action")) {
      set_action(value, out.event);
    } else if (equal_ignoring_case(key, "index")) {
      std::int64_t index = -1;
      std::from_chars(value.data(), value.data() + value.size(), index);
      out.event.index = from_wire_index(index);
    }
  }
  if (!has_code) return Error(Errc::malformed, "an event without a code");
  if (out.event.action_text.empty()) out.event.action = EventAction::unknown;
  return out;
}

std::string write_block(const Event& event) {
  std::string out = "Code=" + event.code + ";action=" + std::string(wire_action(event)) +
                    ";index=" + std::to_string(event.index - 1);
  const Json data = data_of(event);
  if (!data.is_null()) out += ";data=" + styled(data);
  return out;
}

std::optional<EventNotification> parse_notification(std::string_view json) {
  // Cheap to say no: most notifications are of other services.
  if (json.find(kNotifyMethod) == std::string_view::npos) return std::nullopt;
  auto value = rpc::parse_json(json);
  if (!value || rpc::text_or(*value, "method", "") != kNotifyMethod) return std::nullopt;
  EventNotification out;
  out.bytes = json.size();
  out.id = rpc::int_or(*value, "id", 0);
  out.callback = optional_int(*value, "callback");
  const Json* params = rpc::member(*value, "params");
  if (!params) return out;
  out.sid = optional_int(*params, "SID");
  if (!out.callback) out.callback = optional_int(*params, "callback");
  const Json* list = rpc::member(*params, "eventList");
  if (!list || !list->is_array()) return out;
  for (const Json& one : *list) {
    if (out.events.size() >= kMaxEventsInMessage) {
      ++out.malformed;
      continue;
    }
    if (auto event = parse_event(one)) {
      out.events.push_back(std::move(*event));
    } else {
      ++out.malformed;
    }
  }
  return out;
}

}  // namespace dmss::proto::events

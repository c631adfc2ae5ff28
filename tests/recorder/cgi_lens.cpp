// The motor lens of devVideoInput.cgi (protocol http-rpc.md §7.2).
#include <charconv>

#include "recorder/cgi_channel.hpp"
#include "recorder/tables.hpp"

namespace dmss::recorder {
namespace {

/// The fallback when it is left out; nullopt when it is no number within the limits.
std::optional<double> share(const CgiCall& call, const char* key, double low, double fallback) {
  const auto given = call.query.get(key);
  if (!given) return fallback;
  double value = 0;
  const auto [end, error] = std::from_chars(given->data(), given->data() + given->size(), value);
  if (error != std::errc() || end != given->data() + given->size()) return std::nullopt;
  return value >= low && value <= 1 ? std::optional(value) : std::nullopt;
}

bool command(const CgiCall& call, PtzModel& head) {
  if (call.action == "autoFocus") {
    head.auto_focus();
    return true;
  }
  const bool continuous = call.action == "adjustFocusContinuously";
  const PtzPosition at = head.position();
  const double zoom_now = (at.zoom - PtzModel::kZoom.low) / PtzModel::kZoom.size();
  const auto focus = share(call, "focus", continuous ? -1 : 0, continuous ? 0 : at.focus);
  const auto zoom = share(call, "zoom", continuous ? -1 : 0, continuous ? 0 : zoom_now);
  if (!focus || !zoom) return false;
  if (continuous) {
    head.focus_continuously(*focus, 0);
    head.zoom_continuously(*zoom);
  } else {
    head.adjust_focus(*focus, *zoom);
  }
  return true;
}

}  // namespace

HttpAnswer cgi_lens(const CgiCall& call) {
  const int channel = cgi_channel(call);
  Ptz& ptz = call.core.ptz;
  if (call.action == "getFocusStatus") {
    const auto status = channel == 0 ? std::nullopt : ptz.lens_status(channel);
    if (!status) return cgi::bad_request();
    proto::cgi::KeyValues kv;
    flatten("status", real_numbers(*status), kv);
    return cgi::lines(kv);
  }
  if (call.action != "autoFocus" && call.action != "adjustFocus" && call.action != "adjustFocusContinuously")
    return cgi::not_implemented();
  PtzModel* head = channel == 0 ? nullptr : ptz.head(channel);
  const bool done = head != nullptr && command(call, *head);
  Json params = Json::object();
  for (const auto& [key, value] : call.query.pairs()) params[key] = value;
  if (channel != 0) ptz.note(channel, "cgi", call.action, std::move(params), done);
  return done ? cgi::ok() : cgi::bad_request();
}

}  // namespace dmss::recorder

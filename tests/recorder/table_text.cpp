// Tables as CGI shows and writes them: paths and lines of text (protocol http-rpc.md §2.2, §3.2).
#include <fmt/core.h>

#include <charconv>
#include <cmath>

#include "recorder/tables.hpp"

namespace dmss::recorder {
namespace {

/// One step of a path, "[3]" or "Name". False at the end or where the path is none.
struct Step {
  std::string_view name;  // empty for an index
  std::size_t index = 0;
};

bool take_step(std::string_view& path, Step& step) {
  if (path.empty()) return false;
  if (path[0] == '[') {
    const std::size_t end = path.find(']');
    if (end == std::string_view::npos) return false;
    const auto [stop, error] = std::from_chars(path.data() + 1, path.data() + end, step.index);
    if (error != std::errc() || stop != path.data() + end) return false;
    step.name = {};
    path.remove_prefix(end + 1);
    return true;
  }
  if (path[0] == '.') path.remove_prefix(1);
  const std::size_t end = std::min(path.find_first_of(".["), path.size());
  step.name = path.substr(0, end);
  path.remove_prefix(end);
  return !step.name.empty();
}

Json* take(Json& at, const Step& step) {
  if (step.name.empty()) return at.is_array() && step.index < at.size() ? &at[step.index] : nullptr;
  if (!at.is_object()) return nullptr;
  const auto found = at.find(std::string(step.name));
  return found == at.end() ? nullptr : &*found;
}

bool parse_into(Json& at, const std::string& text) {
  if (at.is_boolean()) {
    if (text != "true" && text != "false" && text != "1" && text != "0") return false;
    at = text == "true" || text == "1";
    return true;
  }
  if (at.is_number()) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !(std::fabs(value) < 9e15)) return false;
    if (at.is_number_float()) {
      at = value;
    } else if (value == std::floor(value)) {
      at = static_cast<std::int64_t>(value);
    } else {
      return false;
    }
    return true;
  }
  if (at.is_structured()) return false;
  at = text;
  return true;
}

}  // namespace

std::string table_name(std::string_view path) {
  return std::string(path.substr(0, path.find_first_of(".[")));
}

Json* locate(Json& value, std::string_view path) {
  Json* at = &value;
  while (!path.empty() && at != nullptr) {
    Step step;
    if (!take_step(path, step)) return nullptr;
    at = take(*at, step);
  }
  return at;
}

TextWrite write_text(Json& table, std::string_view path, const std::string& text) {
  Json* at = &table;
  while (!path.empty()) {
    Step step;
    if (!take_step(path, step)) return TextWrite::unknown;
    Json* next = take(*at, step);
    // A row that has no FarLight declines FarLight[0].Light, it does not call it unknown.
    if (next == nullptr)
      return !path.empty() && path[0] == '[' && !step.name.empty() && at != &table ? TextWrite::declined
                                                                                   : TextWrite::unknown;
    at = next;
  }
  return parse_into(*at, text) ? TextWrite::done : TextWrite::unknown;
}

void flatten(const std::string& key, const Json& value, proto::cgi::KeyValues& out, bool float_rates) {
  if (value.is_object()) {
    for (const auto& [name, child] : value.items()) flatten(key + "." + name, child, out, float_rates);
  } else if (value.is_array()) {
    for (std::size_t i = 0; i < value.size(); ++i)
      flatten(key + "[" + std::to_string(i) + "]", value[i], out, float_rates);
  } else if (value.is_string()) {
    out.add(key, value.get<std::string>());
  } else if (value.is_number_float() || (float_rates && value.is_number() && key.ends_with(".FPS"))) {
    out.add(key, fmt::format("{:.6f}", value.get<double>()));
  } else if (!value.is_null()) {
    out.add(key, proto::rpc::dump(value));
  }
}

}  // namespace dmss::recorder

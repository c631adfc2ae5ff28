#include "proto/caps/fields.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <variant>

#include "base/text.hpp"

namespace dmss::proto::caps {
namespace {

using Step = std::variant<std::string_view, std::size_t>;

/// "caps[0].Video" as caps, 0, Video; nothing when it is not of that form.
std::optional<std::vector<Step>> steps_of(std::string_view key) {
  std::vector<Step> steps;
  bool first = true;
  while (!key.empty()) {
    if (steps.size() == kMaxDepth) return std::nullopt;
    if (key.front() == '[') {
      const std::size_t close = key.find(']');
      if (close == std::string_view::npos) return std::nullopt;
      const std::string_view digits = key.substr(1, close - 1);
      std::size_t index = 0;
      const auto [end, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
      if (ec != std::errc() || end != digits.data() + digits.size() || index > kMaxIndex) return std::nullopt;
      steps.emplace_back(index);
      key.remove_prefix(close + 1);
    } else {
      if (!first && key.front() != '.') return std::nullopt;
      if (!first) key.remove_prefix(1);
      const std::size_t end = std::min(key.find_first_of(".["), key.size());
      if (end == 0) return std::nullopt;
      steps.emplace_back(key.substr(0, end));
      key.remove_prefix(end);
    }
    first = false;
  }
  if (steps.empty()) return std::nullopt;
  return steps;
}

/// The place of the next step, made when it is not there; nullptr when it does not fit what is there.
Json* descend(Json& at, const Step& step, std::size_t& nodes) {
  if (const auto* name = std::get_if<std::string_view>(&step)) {
    if (at.is_null()) at = Json::object();
    if (!at.is_object()) return nullptr;
    const auto [it, added] = at.emplace(std::string(*name), nullptr);
    if (added) ++nodes;
    return &*it;
  }
  const std::size_t index = std::get<std::size_t>(step);
  if (at.is_null()) at = Json::array();
  if (!at.is_array()) return nullptr;
  if (at.size() <= index) {
    nodes += index + 1 - at.size();
    if (nodes > kMaxNodes) return nullptr;
    at.get_ref<Json::array_t&>().resize(index + 1);
  }
  return &at[index];
}

void flatten(const Json& value, std::string& path, std::size_t depth, cgi::KeyValues& out) {
  if (out.lines.size() >= cgi::kMaxKvLines || depth > kMaxDepth) return;
  const std::size_t length = path.size();
  if (value.is_object()) {
    for (const auto& [key, inner] : value.items()) {
      if (!path.empty()) path += '.';
      path += key;
      flatten(inner, path, depth + 1, out);
      path.resize(length);
    }
  } else if (value.is_array()) {
    for (std::size_t i = 0; i < value.size(); ++i) {
      path += '[';
      path += std::to_string(i);
      path += ']';
      flatten(value[i], path, depth + 1, out);
      path.resize(length);
    }
  } else if (!value.is_null()) {
    out.add(path, value.is_string() ? value.get<std::string>() : rpc::dump(value));
  }
}

void add_item(std::string_view text, std::vector<std::string>& out) {
  text = trim(text);
  if (text.empty() || out.size() >= kMaxListItems) return;
  out.push_back(clean_text(text, kMaxItemBytes));
}

}  // namespace

Json to_tree(const cgi::KeyValues& lines) {
  Json root = Json::object();
  std::size_t nodes = 0;
  for (const auto& [key, value] : lines.lines) {
    const auto steps = steps_of(key);
    if (!steps || !std::holds_alternative<std::string_view>(steps->front())) continue;
    Json* at = &root;
    for (const Step& step : *steps) {
      at = descend(*at, step, nodes);
      if (at == nullptr) break;
    }
    if (at != nullptr && at->is_null()) *at = value;
    if (nodes > kMaxNodes) break;
  }
  return root;
}

cgi::KeyValues to_lines(const Json& tree, std::string_view prefix) {
  cgi::KeyValues out;
  std::string path(prefix);
  flatten(tree, path, 0, out);
  return out;
}

const Json* any_member(const Json& object, std::initializer_list<const char*> keys) noexcept {
  for (const char* key : keys) {
    if (const Json* m = rpc::member(object, key)) return m;
  }
  return nullptr;
}

std::optional<bool> flag(const Json& object, const char* key) {
  const Json* m = rpc::member(object, key);
  if (m == nullptr) return std::nullopt;
  if (m->is_boolean()) return m->get<bool>();
  if (m->is_string()) {
    const std::string_view text = m->get_ref<const std::string&>();
    if (equal_ignoring_case(text, "true")) return true;
    if (equal_ignoring_case(text, "false")) return false;
  }
  if (const auto n = real(*m)) return *n != 0;
  return std::nullopt;
}

std::optional<double> real(const Json& value) {
  double n = 0;
  if (value.is_number()) {
    n = value.get<double>();
  } else if (value.is_string()) {
    const std::string_view text = trim(value.get_ref<const std::string&>());
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), n);
    if (ec != std::errc() || end != text.data() + text.size()) return std::nullopt;
  } else {
    return std::nullopt;
  }
  if (!std::isfinite(n)) return std::nullopt;
  return n;
}

std::optional<double> real(const Json& object, const char* key) {
  const Json* m = rpc::member(object, key);
  return m ? real(*m) : std::nullopt;
}

std::optional<int> integer(const Json& object, const char* key) {
  const auto n = real(object, key);
  if (!n || std::fabs(*n) > std::numeric_limits<int>::max()) return std::nullopt;
  return static_cast<int>(*n);
}

std::vector<std::string> text_list(const Json* value) {
  std::vector<std::string> out;
  if (value == nullptr) return out;
  if (value->is_array()) {
    for (const Json& one : *value) {
      if (one.is_string()) {
        add_item(one.get_ref<const std::string&>(), out);
      } else if (one.is_number()) {
        add_item(rpc::dump(one), out);
      }
    }
  } else if (value->is_string()) {
    std::string_view text = value->get_ref<const std::string&>();
    while (!text.empty()) {
      const std::size_t comma = std::min(text.find(','), text.size());
      add_item(text.substr(0, comma), out);
      text.remove_prefix(std::min(comma + 1, text.size()));
    }
  } else if (value->is_number()) {
    add_item(rpc::dump(*value), out);
  }
  return out;
}

bool ends_with_ignoring_case(std::string_view text, std::string_view end) noexcept {
  return text.size() >= end.size() && equal_ignoring_case(text.substr(text.size() - end.size()), end);
}

}  // namespace dmss::proto::caps

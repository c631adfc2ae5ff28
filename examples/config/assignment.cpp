#include "config/assignment.hpp"

#include <charconv>

namespace config {
namespace {

using dmss::Errc;
using dmss::Error;
using example::Json;

/// Takes the next step, "name" or "[3]", off the front of the path.
std::string take_step(std::string& path) {
  if (path.front() == '.') path.erase(0, 1);
  const bool index = path.starts_with('[');
  std::size_t end = index ? path.find(']') : path.find_first_of(".[");
  if (index && end != std::string::npos) ++end;
  const std::string step = path.substr(0, end);
  path.erase(0, step.size());
  return step;
}

/// `J` is Json, const or not.
template <class J>
J* child(J& parent, const std::string& step) {
  if (parent.is_object()) {
    const auto it = parent.find(step);
    return it != parent.end() ? &*it : nullptr;
  }
  std::size_t index = 0;
  const char* end = step.data() + step.size();
  if (!parent.is_array() || step.size() < 3 || step.front() != '[') return nullptr;
  if (const auto [p, ec] = std::from_chars(step.data() + 1, end, index); ec != std::errc() || p + 1 != end)
    return nullptr;
  return index < parent.size() ? &parent[index] : nullptr;
}

void flatten_into(const Json& value, const std::string& path,
                  std::vector<std::pair<std::string, Json>>& out) {
  if (!value.is_structured() || value.empty()) {
    out.emplace_back(path, value);
    return;
  }
  for (const auto& [key, inner] : value.items()) {
    const std::string step = value.is_array() ? "[" + key + "]" : (path.empty() ? "" : ".") + key;
    flatten_into(inner, path + step, out);
  }
}

}  // namespace

dmss::Result<Assignment> parse_assignment(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0)
    return Error(Errc::invalid_argument, "write it as path=value: \"" + text + "\"");
  return Assignment{text.substr(0, equals), text.substr(equals + 1)};
}

std::pair<std::string, std::string> split_table(const std::string& path) {
  const std::size_t end = std::min(path.find_first_of(".["), path.size());
  return {path.substr(0, end), path.substr(end)};
}

std::pair<int, std::string> split_row(const std::string& path) {
  constexpr int kMaxRow = 1024;
  const std::size_t close = path.find(']');
  if (!path.starts_with('[') || close == std::string::npos) return {0, path};
  int row = 0;
  const char* end = path.data() + close;
  const auto [stop, error] = std::from_chars(path.data() + 1, end, row);
  if (error != std::errc() || stop != end || row < 0 || row >= kMaxRow) return {0, path};
  return {row + 1, path.substr(close + 1)};
}

const Json* find(const Json& root, const std::string& path) {
  const Json* at = &root;
  for (std::string rest = path; at != nullptr && !rest.empty();) {
    const std::string step = take_step(rest);
    at = step.empty() ? nullptr : child(*at, step);
  }
  return at;
}

dmss::Result<void> assign(Json& root, const std::string& path, const std::string& value) {
  Json* at = &root;
  for (std::string rest = path; !rest.empty();) {
    const std::string step = take_step(rest);
    at = step.empty() ? nullptr : child(*at, step);
    if (at == nullptr)
      return Error(Errc::invalid_argument, "there is no \"" + step + "\" in \"" + path + "\"");
  }
  Json wanted = at->is_string() ? Json(value) : Json::parse(value, nullptr, false);
  if (wanted.is_discarded()) wanted = value;
  const bool fits = at->is_null() || wanted.type() == at->type() || (wanted.is_number() && at->is_number());
  if (!fits) {
    return Error(Errc::invalid_argument,
                 path + " is " + at->dump() + ", which \"" + value + "\" is not of one kind with");
  }
  *at = std::move(wanted);
  return {};
}

std::vector<std::pair<std::string, Json>> flatten(const Json& root) {
  std::vector<std::pair<std::string, Json>> out;
  flatten_into(root, "", out);
  return out;
}

}  // namespace config

#include "proto/config/diff.hpp"

#include <set>

#include "base/text.hpp"
#include "proto/config/schedule.hpp"

namespace dmss::proto::config {
namespace {

constexpr std::size_t kMaxWords = 120;

const Json& null_json() {
  static const Json null;
  return null;
}

void compare(const Json& before, const Json& after, Path& path, std::vector<Change>& out) {
  if (before == after) return;
  if (before.is_object() && after.is_object()) {
    std::set<std::string> keys;
    for (const Json* side : {&before, &after}) {
      for (const auto& [key, value] : side->get_ref<const Json::object_t&>()) keys.insert(key);
    }
    for (const std::string& key : keys) {
      const Json *a = rpc::member(before, key.c_str()), *b = rpc::member(after, key.c_str());
      path.push_back({key, 0});
      compare(a != nullptr ? *a : null_json(), b != nullptr ? *b : null_json(), path, out);
      path.pop_back();
    }
    return;
  }
  if (before.is_array() && after.is_array() && before.size() == after.size()) {
    for (std::size_t i = 0; i < before.size(); ++i) {
      path.push_back({{}, i});
      compare(before[i], after[i], path, out);
      path.pop_back();
    }
    return;
  }
  out.push_back({path, before, after});
}

bool is_nothing(const Json& value) {
  return value.is_null() || (value.is_structured() && value.empty());
}

}  // namespace

std::string to_text(const Path& path) {
  std::string out;
  for (const Step& step : path) {
    if (step.name.empty()) {
      out += "[" + std::to_string(step.index) + "]";
    } else {
      if (!out.empty()) out += '.';
      out += step.name;
    }
  }
  return out;
}

const Json* find(const Json& root, const Path& path) {
  const Json* at = &root;
  for (const Step& step : path) {
    if (!step.name.empty())
      at = rpc::member(*at, step.name.c_str());
    else
      at = at->is_array() && step.index < at->size() ? &(*at)[step.index] : nullptr;
    if (at == nullptr) return nullptr;
  }
  return at;
}

std::vector<Change> differences(const Json& before, const Json& after) {
  std::vector<Change> out;
  Path path;
  compare(before, after, path, out);
  return out;
}

bool means_same(const Json& a, const Json& b) {
  if (is_nothing(a) && is_nothing(b)) return true;
  if (a.is_object() && b.is_object()) {
    for (const Change& c : differences(a, b)) {
      if (c.path.empty() || !means_same(c.before, c.after)) return false;
    }
    return true;
  }
  if (a.is_array() && b.is_array()) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (!means_same(a[i], b[i])) return false;
    }
    return true;
  }
  if (a.is_structured() || b.is_structured() || a.is_null() || b.is_null()) return false;
  if (a.is_string() && b.is_string()) {
    const auto &x = a.get_ref<const std::string&>(), &y = b.get_ref<const std::string&>();
    return x == y || same_time_section(x, y);
  }
  if (a.is_boolean() || b.is_boolean()) {
    const auto x = as_flag(a), y = as_flag(b);
    return x && y && *x == *y;
  }
  const auto x = as_real(a), y = as_real(b);
  return x && y && *x == *y;
}

std::string in_words(const Json* value) {
  if (value == nullptr) return "nothing";
  return clean_text(rpc::dump(*value), kMaxWords);
}

}  // namespace dmss::proto::config

#include "proto/cgi/tree.hpp"

#include <charconv>
#include <cmath>
#include <cstdio>
#include <vector>

namespace dmss::proto::cgi {
namespace {

using rpc::Json;

constexpr double kMaxDecimal = 1e9;  // six decimals beyond it are more digits than a number keeps

struct Step {
  std::string_view name;  // empty: an index
  std::size_t index = 0;
};

enum class Split { done, senseless, beyond };

/// "a[0][1].b" into steps.
Split split_key(std::string_view key, std::vector<Step>& out) {
  out.clear();
  if (key.empty() || key.size() > kMaxKeyBytes) return Split::senseless;
  bool name_may_follow = true;
  while (!key.empty()) {
    if (out.size() == kMaxTreeDepth) return Split::beyond;
    if (key[0] == '[') {
      const std::size_t end = key.find(']');
      if (out.empty() || end == std::string_view::npos || end == 1) return Split::senseless;
      std::size_t index = 0;
      const auto [stop, ec] = std::from_chars(key.data() + 1, key.data() + end, index);
      if (ec == std::errc::result_out_of_range) return Split::beyond;
      if (ec != std::errc() || stop != key.data() + end) return Split::senseless;
      if (index > kMaxTreeIndex) return Split::beyond;
      out.push_back({{}, index});
      key.remove_prefix(end + 1);
      name_may_follow = false;
      continue;
    }
    if (key[0] == '.') {
      if (out.empty()) return Split::senseless;
      key.remove_prefix(1);
      name_may_follow = true;
    }
    const std::size_t end = std::min(key.find_first_of(".[]"), key.size());
    if (end == 0 || !name_may_follow || (end < key.size() && key[end] == ']')) return Split::senseless;
    out.push_back({key.substr(0, end), 0});
    key.remove_prefix(end);
    name_may_follow = false;
  }
  return Split::done;
}

class Builder {
 public:
  /// False when there are too many nodes.
  bool add(const std::vector<Step>& steps, Json leaf) {
    Json* at = &root_;
    for (const Step& step : steps) {
      at = step.name.empty() ? row(*at, step.index) : child(*at, step.name);
      if (nodes_ > kMaxTreeNodes) return false;
      if (at == nullptr) return true;
    }
    if (at->is_null()) *at = std::move(leaf);
    return true;
  }
  Json take() { return std::move(root_); }

 private:
  Json* child(Json& at, std::string_view name) {
    if (at.is_null()) at = Json::object();
    if (!at.is_object()) return nullptr;
    const auto [place, made] = at.get_ref<Json::object_t&>().try_emplace(std::string(name), nullptr);
    if (made) ++nodes_;
    return &place->second;
  }
  Json* row(Json& at, std::size_t index) {
    if (at.is_null()) at = Json::array();
    if (!at.is_array()) return nullptr;
    auto& rows = at.get_ref<Json::array_t&>();
    if (index >= rows.size()) {
      nodes_ += index + 1 - rows.size();
      if (nodes_ > kMaxTreeNodes) return nullptr;
      rows.resize(index + 1);
    }
    return &rows[index];
  }

  Json root_ = Json::object();
  std::size_t nodes_ = 0;
};

/// How many digits stand behind the point; 0 = there is none.
std::size_t decimals(std::string_view text) {
  const std::size_t point = text.find('.');
  return point == std::string_view::npos ? 0 : text.size() - point - 1;
}

bool is_decimal(std::string_view text) {
  if (text.substr(0, 1) == "-") text.remove_prefix(1);
  const std::size_t point = text.find('.');
  if (point == 0 || point == std::string_view::npos || point + 1 == text.size() || text.size() > 24)
    return false;
  if (point > 1 && text[0] == '0') return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i != point && (text[i] < '0' || text[i] > '9')) return false;
  }
  return true;
}

std::string with_decimals(double value, std::size_t digits) {
  char text[64];
  const int n =
      std::snprintf(text, sizeof(text), "%.*f", static_cast<int>(std::min<std::size_t>(digits, 9)), value);
  return n > 0 && static_cast<std::size_t>(n) < sizeof(text) ? std::string(text) : rpc::dump(value);
}

/// The fewest digits that are the same number, never with an exponent.
std::string in_digits(double value) {
  char text[400];
  const auto [end, ec] = std::to_chars(text, text + sizeof(text), value, std::chars_format::fixed);
  if (ec != std::errc()) return "0.0";
  std::string out(text, end);
  return out.find('.') == std::string::npos ? out + ".0" : out;
}

}  // namespace

Json to_json_leaf(std::string_view text) {
  if (text == "true") return true;
  if (text == "false") return false;
  std::int64_t n = 0;
  const char* const end = text.data() + text.size();
  if (const auto [stop, ec] = std::from_chars(text.data(), end, n);
      ec == std::errc() && stop == end && std::to_string(n) == text)
    return n;
  double d = 0;
  // Only the spellings that a program prints, so that a name like "1.50" or "007" stays what it is.
  if (is_decimal(text) && std::from_chars(text.data(), end, d).ec == std::errc() &&
      std::fabs(d) < kMaxDecimal && (decimals(text) == 6 || in_digits(d) == text))
    return d;
  return std::string(text);
}

Result<Json> to_tree(const KeyValues& lines) {
  Builder builder;
  std::vector<Step> steps;
  for (const auto& [key, value] : lines.lines) {
    const Split split = split_key(key, steps);
    if (split == Split::beyond) return Error(Errc::too_large, "a key is too deep or an index too large");
    if (split == Split::senseless) continue;
    if (!builder.add(steps, to_json_leaf(value))) return Error(Errc::too_large, "a table has too many rows");
  }
  return builder.take();
}

Json to_text_tree(const KeyValues& lines) {
  Builder builder;
  std::vector<Step> steps;
  for (const auto& [key, value] : lines.lines) {
    if (split_key(key, steps) == Split::done && !builder.add(steps, value)) break;
  }
  return builder.take();
}

void flatten(const Json& tree, const std::string& prefix, KeyValues& out) {
  if (tree.is_object()) {
    for (const auto& [name, child] : tree.get_ref<const Json::object_t&>())
      flatten(child, prefix.empty() ? name : prefix + "." + name, out);
  } else if (tree.is_array()) {
    for (std::size_t i = 0; i < tree.size(); ++i)
      flatten(tree[i], prefix + "[" + std::to_string(i) + "]", out);
  } else if (!tree.is_null()) {
    out.add(prefix, spell(tree));
  }
}

std::string spell(const Json& leaf, std::string_view like) {
  if (leaf.is_string()) return leaf.get<std::string>();
  if (leaf.is_boolean() && (like == "0" || like == "1")) return leaf.get<bool>() ? "1" : "0";
  if (leaf.is_number() && to_json_leaf(like) == leaf) return std::string(like);
  const std::size_t digits = decimals(like);
  if (leaf.is_number() && digits > 0 && is_decimal(like)) return with_decimals(leaf.get<double>(), digits);
  return leaf.is_number_float() ? in_digits(leaf.get<double>()) : rpc::dump(leaf);
}

}  // namespace dmss::proto::cgi

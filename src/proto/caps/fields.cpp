#include "proto/caps/fields.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "base/text.hpp"

namespace dmss::proto::caps {
namespace {

void add_item(std::string_view text, std::vector<std::string>& out) {
  text = trim(text);
  if (text.empty() || out.size() >= kMaxListItems) return;
  out.push_back(clean_text(text, kMaxItemBytes));
}

}  // namespace

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

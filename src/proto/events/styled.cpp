#include "proto/events/styled.hpp"

#include <algorithm>

namespace dmss::proto::events {
namespace {

using rpc::Json;

std::string indent(std::size_t level) {
  return std::string(level * 3, ' ');
}

bool flat(const Json& array) {
  return std::none_of(array.begin(), array.end(), [](const Json& v) { return v.is_structured(); });
}

std::string styled_array(const Json& value, std::size_t level) {
  if (value.empty()) return "[]";
  const bool one_line = flat(value);
  std::string out = "[";
  for (const Json& item : value) {
    if (out.size() > 1) out += ",";
    out += one_line ? " " : "\n" + indent(level + 1);
    out += styled(item, level + 1);
  }
  return out + (one_line ? " ]" : "\n" + indent(level) + "]");
}

}  // namespace

std::string styled(const Json& value, std::size_t level) {
  if (level >= rpc::kMaxJsonDepth) return "null";
  if (value.is_array()) return styled_array(value, level);
  if (!value.is_object()) return rpc::dump(value);
  if (value.empty()) return "{}";
  std::string out = "{";
  for (const auto& [key, item] : value.items()) {
    if (out.size() > 1) out += ",";
    out += "\n" + indent(level + 1) + rpc::dump(Json(key)) + " : " + styled(item, level + 1);
  }
  return out + "\n" + indent(level) + "}";
}

}  // namespace dmss::proto::events

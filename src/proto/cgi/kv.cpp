#include "proto/cgi/kv.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"

namespace dmss::proto::cgi {

std::optional<std::string_view> KeyValues::get(std::string_view key) const noexcept {
  for (const auto& line : lines) {
    if (line.first == key) return line.second;
  }
  return std::nullopt;
}

std::optional<std::int64_t> KeyValues::number(std::string_view key) const noexcept {
  const auto text = get(key);
  if (!text) return std::nullopt;
  std::int64_t value = 0;
  const auto [end, ec] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (ec != std::errc() || end != text->data() + text->size()) return std::nullopt;
  return value;
}

std::string KeyValues::body() const {
  std::string out;
  for (const auto& [key, value] : lines) {
    out += key;
    out += '=';
    out += value;
    out += "\r\n";
  }
  return out;
}

Result<KeyValues> parse_kv(std::string_view body) {
  if (body.size() > kMaxKvBytes) return Error(Errc::too_large, "key=value text beyond the limit");
  KeyValues out;
  while (!body.empty()) {
    const std::size_t end = std::min(body.find_first_of("\r\n"), body.size());
    const std::string_view line = body.substr(0, end);
    body.remove_prefix(std::min(end + 1, body.size()));
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) continue;
    if (out.lines.size() == kMaxKvLines) return Error(Errc::too_large, "too many key=value lines");
    out.add(trim(line.substr(0, equals)), line.substr(equals + 1));
  }
  return out;
}

}  // namespace dmss::proto::cgi

#include "proto/cgi/url.hpp"

#include <algorithm>

namespace dmss::proto::cgi {
namespace {

bool is_literal(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-._~[]:,/").find(c) != std::string_view::npos;
}

int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// In a path '+' is itself; in a query it is a space.
std::string decode_percent(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
    if (low >= 0) {
      out += static_cast<char>(high << 4 | low);
      i += 2;
    } else {
      out += plus_is_space && text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

}  // namespace

std::string encode(std::string_view text) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (char c : text) {
    if (is_literal(c)) {
      out += c;
      continue;
    }
    const auto u = static_cast<unsigned char>(c);
    out += '%';
    out += digits[u >> 4];
    out += digits[u & 15];
  }
  return out;
}

std::string decode(std::string_view text) {
  return decode_percent(text, true);
}

Query& Query::add(std::string_view key, std::string_view value) {
  pairs_.emplace_back(key, value);
  return *this;
}

Query& Query::add(std::string_view key, std::int64_t value) {
  return add(key, std::to_string(value));
}

std::optional<std::string_view> Query::get(std::string_view key) const noexcept {
  for (const auto& pair : pairs_) {
    if (pair.first == key) return pair.second;
  }
  return std::nullopt;
}

std::string Query::text() const {
  std::string out;
  for (const auto& [key, value] : pairs_) {
    if (!out.empty()) out += '&';
    out += encode(key) + "=" + encode(value);
  }
  return out;
}

Query Query::parse(std::string_view text) {
  Query out;
  text = text.substr(0, kMaxQueryBytes);
  while (!text.empty() && out.pairs_.size() < kMaxQueryPairs) {
    const std::size_t end = std::min(text.find('&'), text.size());
    const std::string_view item = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (item.empty()) continue;
    const std::size_t equals = std::min(item.find('='), item.size());
    out.pairs_.emplace_back(decode(item.substr(0, equals)),
                            decode(item.substr(std::min(equals + 1, item.size()))));
  }
  return out;
}

std::string cgi_path(std::string_view service, std::string_view action, const Query& more) {
  std::string out = "/cgi-bin/" + encode(service) + ".cgi?action=" + encode(action);
  const std::string rest = more.text();
  if (!rest.empty()) out += "&" + rest;
  return out;
}

Target parse_target(std::string_view target) {
  if (const std::size_t scheme = target.find("://");
      scheme != std::string_view::npos && scheme < target.find('?')) {
    const std::size_t path = target.find_first_of("/?", scheme + 3);
    target = path == std::string_view::npos ? std::string_view("/") : target.substr(path);
  }
  target = target.substr(0, target.find('#'));
  const std::size_t question = std::min(target.find('?'), target.size());
  Target out;
  out.path = decode_percent(target.substr(0, question), false);
  if (question < target.size()) out.query = Query::parse(target.substr(question + 1));
  return out;
}

}  // namespace dmss::proto::cgi

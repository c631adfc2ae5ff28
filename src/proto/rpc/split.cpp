#include "proto/rpc/split.hpp"

#include "base/charset.hpp"

namespace dmss::proto::rpc {
namespace {

bool is_filler(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\0';
}

constexpr std::string_view kBom = "\xef\xbb\xbf";

std::size_t filler_length(std::string_view data) {
  std::size_t n = data.starts_with(kBom) ? kBom.size() : 0;
  while (n < data.size() && is_filler(data[n])) ++n;
  return n;
}

Parsed<std::string_view> scan(std::string_view data, const JsonLimits& limits, Charset charset) {
  using P = Parsed<std::string_view>;
  const std::size_t start = filler_length(data);
  if (start == data.size()) return P::more();
  if (data[start] != '{' && data[start] != '[') return P::fail(Errc::malformed, start, "no JSON object");
  std::size_t depth = 0, values = 0;
  bool in_string = false;
  for (std::size_t i = start; i < data.size(); ++i) {
    if (i - start >= limits.max_bytes) return P::fail(Errc::too_large, i, "JSON text beyond the limit");
    const char c = data[i];
    if (in_string) {
      if (c == '\\' || (charset == Charset::gbk && is_gbk_pair(data.substr(i))))
        ++i;
      else if (c == '"')
        in_string = false;
      continue;
    }
    if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      ++values;
      if (++depth > limits.max_depth) return P::fail(Errc::too_large, i, "JSON nested beyond the limit");
    } else if (c == ',') {
      ++values;
    } else if (c == '}' || c == ']') {
      if (--depth == 0) return P::done(data.substr(start, i + 1 - start), i + 1);
    }
    if (values > limits.max_values) return P::fail(Errc::too_large, i, "too many JSON values");
  }
  return P::more();
}

}  // namespace

Parsed<std::string_view> next_object(std::string_view data, const JsonLimits& limits) {
  const Parsed<std::string_view> plain = scan(data, limits, Charset::utf8);
  const std::string_view text = plain.ok() ? plain.value() : data;
  if (plain.failed() || guess_charset(text) != Charset::gbk) return plain;
  const Parsed<std::string_view> paired = scan(data, limits, Charset::gbk);
  return paired.ok() ? paired : plain;
}

JsonBody split_body(std::string_view body, const JsonLimits& limits) {
  JsonBody out;
  while (out.objects.size() < kMaxGlued) {
    const Parsed<std::string_view> object = next_object(body, limits);
    if (!object.ok()) break;
    out.objects.push_back(object.value());
    body.remove_prefix(object.consumed());
  }
  // An attachment stands behind exactly one line end; trailing filler alone is no attachment.
  if (filler_length(body) == body.size()) return out;
  if (!out.objects.empty() && body.front() == '\n') body.remove_prefix(1);
  out.rest = body;
  return out;
}

}  // namespace dmss::proto::rpc

#include "proto/rtsp/message.hpp"

#include <charconv>
#include <limits>

#include "base/text.hpp"

namespace dmss::proto::rtsp {
namespace {

/// The end of the head and where the body starts; npos when the empty line has not come yet.
struct Head {
  std::size_t end = std::string_view::npos;
  std::size_t body = 0;
};

Head find_head(std::string_view text) {
  for (std::size_t at = 0; (at = text.find('\n', at)) != std::string_view::npos; ++at) {
    if (at + 1 < text.size() && text[at + 1] == '\n') return {at + 1, at + 2};
    if (at + 2 < text.size() && text[at + 1] == '\r' && text[at + 2] == '\n') return {at + 1, at + 3};
  }
  return {};
}

bool parse_start_line(std::string_view line, Message& m) {
  constexpr std::string_view kVersion = "RTSP/1.";
  if (line.substr(0, kVersion.size()) == kVersion || line.substr(0, 7) == "HTTP/1.") {
    const auto space = line.find(' ');
    if (space == std::string_view::npos) return false;
    const std::string_view rest = trim(line.substr(space));
    const auto status = to_number(rest.substr(0, rest.find(' ')));
    if (!status || *status < 100 || *status > 999) return false;
    m.status = static_cast<int>(*status);
    const auto reason = rest.find(' ');
    if (reason != std::string_view::npos) m.reason = trim(rest.substr(reason));
    return true;
  }
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || first == 0 || last == first ||
      line.substr(last + 1, kVersion.size()) != kVersion)
    return false;
  for (char c : line.substr(0, first)) {
    if (!((c >= 'A' && c <= 'Z') || c == '_')) return false;
  }
  m.method = line.substr(0, first);
  m.uri = trim(line.substr(first, last - first));
  return true;
}

/// RFC 2326 §4.2: a line that starts with a blank continues the value of the line before.
void append_folded(std::string& value, std::string_view line) {
  if (!value.empty() && !line.empty()) value += ' ';
  value += line;
}

/// 0 when there is none; nullopt when it is no number; a number of too many digits is as large as can be.
std::optional<std::uint64_t> content_length(const Message& m) {
  const std::string_view value = m.get("Content-Length");
  if (value.empty()) return 0;
  if (value.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  return to_number(value).value_or(std::numeric_limits<std::uint64_t>::max());
}

}  // namespace

std::optional<std::uint64_t> to_number(std::string_view s) noexcept {
  std::uint64_t n = 0;
  const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), n);
  if (s.empty() || error != std::errc() || end != s.data() + s.size()) return std::nullopt;
  return n;
}

std::string_view Message::get(std::string_view name) const noexcept {
  for (const auto& [key, value] : headers) {
    if (equal_ignoring_case(key, name)) return value;
  }
  return {};
}

std::vector<std::string_view> Message::get_all(std::string_view name) const {
  std::vector<std::string_view> values;
  for (const auto& [key, value] : headers) {
    if (equal_ignoring_case(key, name)) values.push_back(value);
  }
  return values;
}

Message& Message::set(std::string name, std::string value) {
  headers.emplace_back(std::move(name), std::move(value));
  return *this;
}

std::optional<int> Message::cseq() const noexcept {
  const auto n = to_number(trim(get("CSeq")));
  if (!n || *n > 0x7fffffff) return std::nullopt;
  return static_cast<int>(*n);
}

Parsed<Message> parse_message(ByteView in) {
  const std::string_view text = as_text(in.first(std::min(in.size(), kMaxHead)));
  const Head head = find_head(text);
  if (head.end == std::string_view::npos) {
    // Whoever reads a mixed stream must not wait for the end of something that never was a message.
    Message unfinished;
    const auto end = text.find('\n');
    if (end != std::string_view::npos && !parse_start_line(trim(text.substr(0, end)), unfinished)) {
      return Parsed<Message>::fail(Errc::malformed, 0, "no RTSP start line");
    }
    if (in.size() >= kMaxHead)
      return Parsed<Message>::fail(Errc::too_large, kMaxHead, "RTSP head without end");
    return Parsed<Message>::more();
  }
  Message m;
  std::size_t at = 0;
  bool first = true;
  while (at < head.end) {
    const std::size_t end = text.find('\n', at);
    const std::string_view line = trim(text.substr(at, end - at));
    if (first) {
      if (!parse_start_line(line, m)) return Parsed<Message>::fail(Errc::malformed, at, "no RTSP start line");
      first = false;
    } else if (text[at] == ' ' || text[at] == '\t') {
      if (!m.headers.empty()) append_folded(m.headers.back().second, line);
    } else if (const auto colon = line.find(':'); colon != std::string_view::npos && colon > 0) {
      if (m.headers.size() >= kMaxHeaders)
        return Parsed<Message>::fail(Errc::too_large, at, "too many headers");
      m.headers.emplace_back(trim(line.substr(0, colon)), trim(line.substr(colon + 1)));
    }
    at = end + 1;
  }
  const std::optional<std::uint64_t> length = content_length(m);
  if (!length) return Parsed<Message>::fail(Errc::malformed, head.body, "RTSP Content-Length");
  if (*length > kMaxBody) return Parsed<Message>::fail(Errc::too_large, head.body, "RTSP body");
  const std::size_t whole = head.body + static_cast<std::size_t>(*length);
  if (in.size() < whole) return Parsed<Message>::more(whole - in.size());
  m.body = as_text(in.subspan(head.body, static_cast<std::size_t>(*length)));
  return Parsed<Message>::done(std::move(m), whole);
}

std::string write_message(const Message& m) {
  std::string out = m.is_response() ? "RTSP/1.0 " + std::to_string(m.status) + " " + m.reason
                                    : m.method + " " + m.uri + " RTSP/1.0";
  out += "\r\n";
  for (const auto& [key, value] : m.headers) out += key + ": " + value + "\r\n";
  if (!m.body.empty()) out += "Content-Length: " + std::to_string(m.body.size()) + "\r\n";
  return out + "\r\n" + m.body;
}

}  // namespace dmss::proto::rtsp

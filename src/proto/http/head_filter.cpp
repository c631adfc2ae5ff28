#include "proto/http/head_filter.hpp"

#include <algorithm>
#include <cctype>
#include <utility>
#include <vector>

#include "base/text.hpp"

namespace dmss::proto::http {
namespace {

constexpr std::string_view kVersion = "HTTP/";
constexpr int kMaxInterim = 16;

/// Behind the empty line; npos while it has not come.
std::size_t end_of_head(std::string_view text, std::size_t from) {
  for (std::size_t at = text.find('\n', from); at != std::string_view::npos; at = text.find('\n', at + 1)) {
    const std::size_t next = at + 1;
    if (next < text.size() && text[next] == '\n') return next + 1;
    if (next + 1 < text.size() && text[next] == '\r' && text[next + 1] == '\n') return next + 2;
  }
  return std::string_view::npos;
}

std::vector<std::string_view> lines_of(std::string_view head) {
  std::vector<std::string_view> lines;
  while (!head.empty()) {
    const std::size_t end = std::min(head.find('\n'), head.size());
    std::string_view line = head.substr(0, end);
    head.remove_prefix(std::min(end + 1, head.size()));
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.empty()) break;
    lines.push_back(line);
  }
  return lines;
}

/// 0 when the line has none.
int status_of(std::string_view line) {
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos || line.size() < space + 4) return 0;
  int status = 0;
  for (const char c : line.substr(space + 1, 3)) {
    if (std::isdigit(static_cast<unsigned char>(c)) == 0) return 0;
    status = status * 10 + (c - '0');
  }
  return status;
}

bool is_folded(std::string_view line) {
  return line.front() == ' ' || line.front() == '\t';
}

bool is_chunked(std::string_view line) {
  const std::size_t colon = line.find(':');
  return colon != std::string_view::npos &&
         equal_ignoring_case(trim(line.substr(0, colon)), "Transfer-Encoding") &&
         contains_ignoring_case(line.substr(colon), "chunked");
}

std::string mended(std::string_view head) {
  const std::vector<std::string_view> lines = lines_of(head);
  std::string out;
  if (lines.empty()) return std::string(head);
  out += lines.front();
  const std::size_t first_space = lines.front().find(' ');
  if (first_space != std::string_view::npos && lines.front().size() == first_space + 4) out += ' ';
  out += "\r\n";
  const bool chunked = std::any_of(lines.begin() + 1, lines.end(), is_chunked);
  bool kept = false;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const std::string_view line = lines[i];
    if (is_folded(line)) {
      if (kept) (out += line) += "\r\n";
      continue;
    }
    const std::size_t colon = line.find(':');
    const std::string_view name = trim(line.substr(0, std::min(colon, line.size())));
    kept = colon != std::string_view::npos && !name.empty() &&
           !(chunked && equal_ignoring_case(name, "Content-Length"));
    if (kept) ((out += name) += line.substr(colon)) += "\r\n";
  }
  return out + "\r\n";
}

}  // namespace

std::string HeadFilter::put(std::string_view bytes) {
  raw_ += bytes;
  for (;;) {
    const std::string_view seen = std::string_view(raw_).substr(0, kVersion.size());
    const std::size_t end = end_of_head(raw_, searched_);
    const bool strange = seen != kVersion.substr(0, seen.size());
    if (strange || (end == std::string_view::npos && raw_.size() > max_head_)) {
      done_ = true;
      return std::exchange(raw_, {});
    }
    if (end == std::string_view::npos) {
      searched_ =
          raw_.size() - std::min<std::size_t>(raw_.size(), 2);  // "\n\r" may be the beginning of the end
      return {};
    }
    const int status = status_of(std::string_view(raw_).substr(0, raw_.find('\n')));
    const bool interim = status >= 100 && status < 200 && status != 101;
    if (interim && ++interim_ <= kMaxInterim) {
      raw_.erase(0, end);
      searched_ = 0;
      continue;
    }
    done_ = true;
    std::string out = mended(std::string_view(raw_).substr(0, end));
    out += std::string_view(raw_).substr(end);
    raw_.clear();
    return out;
  }
}

}  // namespace dmss::proto::http

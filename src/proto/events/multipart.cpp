#include "proto/events/multipart.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "proto/jpeg.hpp"
#include "proto/rtsp/message.hpp"

namespace dmss::proto::events {
namespace {

constexpr std::string_view kDefaultBoundary = "myboundary";
constexpr std::string_view kHeartbeat = "Heartbeat";
constexpr std::string_view kCode = "Code=";
constexpr std::size_t kMaxSpaces = 4;  // between the dashes and the boundary's name
constexpr std::size_t kCompactAt = 64u << 10;
constexpr std::size_t kMaxLine = 64u << 10;  // of an event up to its data
constexpr std::size_t npos = std::string::npos;

bool is_white(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\0';
}

/// Does `text` begin with `word`? nullopt: too short to tell.
std::optional<bool> begins_with(std::string_view text, std::string_view word) {
  const std::size_t n = std::min(text.size(), word.size());
  if (!equal_ignoring_case(text.substr(0, n), word.substr(0, n))) return false;
  if (n < word.size()) return std::nullopt;
  return true;
}

/// An event or a heartbeat, as far as can be told.
bool ends_itself(std::string_view text) {
  return begins_with(text, kCode).value_or(true) || begins_with(text, kHeartbeat).value_or(true);
}

/// "Name: value", and neither an event nor JSON.
bool is_head_line(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == npos || colon == 0) return false;
  return std::all_of(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(colon), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == ' ';
  });
}

}  // namespace

std::string boundary_of(std::string_view content_type) {
  constexpr std::string_view kKey = "boundary=";
  for (std::size_t at = 0; at < content_type.size();) {
    const std::size_t end = std::min(content_type.find(';', at), content_type.size());
    std::string_view field = trim(content_type.substr(at, end - at));
    at = end + 1;
    if (!begins_with(field, kKey).value_or(false)) continue;
    field = trim(field.substr(kKey.size()));
    if (field.size() >= 2 && field.front() == '"' && field.back() == '"')
      field = field.substr(1, field.size() - 2);
    while (!field.empty() && field.front() == '-') field.remove_prefix(1);
    if (!field.empty() && field.size() <= kMaxBoundary) return std::string(field);
  }
  return std::string(kDefaultBoundary);
}

MultipartReader::MultipartReader(std::string_view boundary)
    : boundary_(boundary.empty() || boundary.size() > kMaxBoundary ? kDefaultBoundary : boundary) {}

void MultipartReader::feed(ByteView bytes) {
  compact();
  buffer_.append(as_text(bytes));
}

void MultipartReader::compact() {
  if (pos_ < kCompactAt && pos_ < buffer_.size()) return;
  buffer_.erase(0, pos_);
  scanned_ -= std::min(scanned_, pos_);
  if (json_) json_->at -= std::min(json_->at, pos_);
  pos_ = 0;
}

/// The next boundary at or behind `from`. Not only at the start of a line: a cut block has none before it.
MultipartReader::Found MultipartReader::find_boundary(std::size_t from) {
  std::size_t at = std::max(from, scanned_);
  for (;;) {
    at = buffer_.find(boundary_, at);
    if (at == npos) break;
    std::size_t dashes = at;
    while (dashes > from && at - dashes < kMaxSpaces && buffer_[dashes - 1] == ' ') --dashes;
    if (dashes >= from + 2 && buffer_[dashes - 1] == '-' && buffer_[dashes - 2] == '-') {
      std::size_t begin = dashes - 2;
      while (begin > from && buffer_[begin - 1] == '-') --begin;
      return {begin, at + boundary_.size()};
    }
    ++at;
  }
  scanned_ = buffer_.size() - std::min(buffer_.size(), boundary_.size() - 1);
  return {};
}

void MultipartReader::begin_head(std::size_t at) {
  state_ = State::head;
  pos_ = at;
  scanned_ = at;
  head_lines_ = 0;
  picture_ = false;
  length_.reset();
  json_.reset();
}

void MultipartReader::begin_body(std::size_t at) {
  state_ = picture_ ? State::picture : State::text;
  pos_ = at;
  json_.reset();
}

/// What stands here is given up; the next boundary begins anew.
void MultipartReader::skip_part(std::size_t to) {
  ++malformed_;
  state_ = State::seeking;
  junk_ = false;
  pos_ = to;
}

bool MultipartReader::seek() {
  const Found found = find_boundary(pos_);
  const std::size_t room = boundary_.size() + kMaxSpaces + 2;
  const std::size_t end =
      found.exists() ? found.begin : std::max(pos_, buffer_.size() - std::min(buffer_.size(), room));
  const auto first = buffer_.begin() + static_cast<std::ptrdiff_t>(pos_);
  const auto last = buffer_.begin() + static_cast<std::ptrdiff_t>(end);
  // Dashes may belong to a boundary whose name has not come yet.
  junk_ = junk_ || std::any_of(first, last, [](char c) { return !is_white(c) && c != '-'; });
  pos_ = end;
  if (!found.exists()) return false;
  if (std::exchange(junk_, false)) ++malformed_;
  begin_head(found.end);
  return true;
}

/// True when something was read; false when more bytes are needed.
bool MultipartReader::read_head() {
  const std::size_t end = buffer_.find('\n', pos_);
  const std::size_t have = (end == npos ? buffer_.size() : end) - pos_;
  if (have > kMaxPartHeadLine || head_lines_ > kMaxPartHeadLines) {
    skip_part(pos_);
    return true;
  }
  if (end == npos) {
    // The body may follow the head without a blank line and be short; it shows itself by its first word.
    const std::string_view rest = trim(std::string_view(buffer_).substr(pos_));
    if (!begins_with(rest, kCode).value_or(false) && !begins_with(rest, kHeartbeat).value_or(false))
      return false;
    begin_body(pos_);
    return true;
  }
  return read_head_line(trim(std::string_view(buffer_).substr(pos_, have)), pos_, end + 1);
}

bool MultipartReader::read_head_line(std::string_view line, std::size_t here, std::size_t next) {
  ++head_lines_;
  const Found found = find_boundary(here);
  if (found.exists() && found.begin < next) {
    ++malformed_;  // a part that was cut in its head
    begin_head(found.end);
    return true;
  }
  if (line.empty() || line == "--") {
    // Blank lines before the head belong to nothing.
    if (length_ || picture_ || head_lines_ > 1) {
      begin_body(next);
    } else {
      pos_ = next;
    }
    return true;
  }
  if (begins_with(line, "HTTP/").value_or(false)) {
    ++malformed_;  // a whole response in the middle of the stream
    begin_head(next);
    return true;
  }
  if (!is_head_line(line)) {
    begin_body(here);
    return true;
  }
  pos_ = next;
  const std::size_t colon = line.find(':');
  const std::string_view key = trim(line.substr(0, colon));
  const std::string_view value = trim(line.substr(colon + 1));
  if (equal_ignoring_case(key, "Content-Type")) {
    picture_ = begins_with(value, "image/").value_or(false);
  } else if (equal_ignoring_case(key, "Content-Length")) {
    const std::size_t digits = std::min(value.find_first_not_of("0123456789"), value.size());
    length_ = rtsp::to_number(value.substr(0, digits));
    const std::string_view behind = trim(value.substr(digits));
    if (!behind.empty()) begin_body(static_cast<std::size_t>(behind.data() - buffer_.data()));
  }
  return true;
}

Part MultipartReader::give(std::size_t begin, std::size_t end, std::size_t consumed) {
  const std::string_view body = state_ == State::picture
                                    ? std::string_view(buffer_).substr(begin, end - begin)
                                    : trim(std::string_view(buffer_).substr(begin, end - begin));
  Part part;
  part.body = as_bytes(body);
  if (state_ == State::picture) {
    part.kind = Part::Kind::picture;
  } else if (equal_ignoring_case(body, kHeartbeat)) {
    part.kind = Part::Kind::heartbeat;
  }
  pos_ = consumed;
  state_ = State::seeking;
  waiting_ = false;
  return part;
}

bool MultipartReader::json_ends() {
  JsonEnd& j = *json_;
  while (j.at < buffer_.size()) {
    const char c = buffer_[j.at++];
    if (j.in_string) {
      if (j.escaped) {
        j.escaped = false;
      } else if (c == '\\') {
        j.escaped = true;
      } else if (c == '"') {
        j.in_string = false;
      }
    } else if (c == '"') {
      j.in_string = true;
    } else if (c == '{' || c == '[') {
      ++j.depth;
    } else if (c == '}' || c == ']') {
      if (j.depth > 0) --j.depth;
      if (j.depth == 0) return true;
    }
  }
  return false;
}

std::size_t MultipartReader::text_end(std::size_t at) {
  if (json_) return json_ends() ? json_->at : npos;
  const std::string_view text = std::string_view(buffer_).substr(at);
  if (!ends_itself(text)) return npos;
  const std::size_t line = text.find_first_of("\r\n");
  const std::size_t line_end = line == npos ? npos : at + line;
  constexpr std::string_view kData = ";data=";
  const std::size_t data = text.substr(0, line).find(kData);
  if (data == npos) return line_end;
  const std::size_t value = buffer_.find_first_not_of(" \t\r\n", at + data + kData.size());
  if (value == npos) return npos;
  if (buffer_[value] != '{' && buffer_[value] != '[') return line_end;
  json_ = JsonEnd{value};
  return json_ends() ? json_->at : npos;
}

std::optional<Part> MultipartReader::read_text() {
  const std::size_t at = std::min(buffer_.find_first_not_of("\r\n \t", pos_), buffer_.size());
  const std::string_view text = std::string_view(buffer_).substr(at);
  if (begins_with(text, "Content-").value_or(false) || begins_with(text, "HTTP/").value_or(false)) {
    // The blank line was the end of another response's head.
    const std::string_view line = text.substr(0, text.find('\n'));
    if (line.size() < text.size() && (is_head_line(line) || !line.starts_with('C'))) {
      state_ = State::head;
      pos_ = at;
      return std::nullopt;
    }
  }
  const std::size_t end = text_end(at);
  const Found found = find_boundary(pos_);
  // A boundary within what looks like JSON: the block was cut.
  if (end != npos && (!found.exists() || end <= found.begin)) return give(at, end, end);
  if (found.exists()) {
    if (trim(std::string_view(buffer_).substr(pos_, found.begin - pos_)).empty()) {
      ++malformed_;
      begin_head(found.end);
      return std::nullopt;
    }
    return give(pos_, found.begin, found.begin);
  }
  const bool own_end = ends_itself(text);
  if (buffer_.size() - pos_ > (own_end && !json_ ? kMaxLine : kMaxTextPart)) {
    skip_part(buffer_.size());
    return std::nullopt;
  }
  const bool by_length = length_ && *length_ > 0 && buffer_.size() - pos_ >= *length_ && !json_;
  const std::size_t told = by_length ? pos_ + *length_ : 0;
  if (by_length && !own_end && told < buffer_.size() && is_white(buffer_[told]))
    return give(pos_, told, told);
  waiting_ = by_length && told == buffer_.size();
  return std::nullopt;
}

std::optional<Part> MultipartReader::flush() {
  if (!waiting_ || state_ != State::text) return std::nullopt;
  return give(pos_, buffer_.size(), buffer_.size());
}

std::optional<Part> MultipartReader::read_picture() {
  const std::string_view all = std::string_view(buffer_).substr(pos_);
  if (length_ && *length_ <= kMaxPicturePart) {
    if (all.size() < *length_) return std::nullopt;
    const std::string_view told = all.substr(0, *length_);
    if (!told.empty() && jpeg_of(told).size() == told.size())
      return give(pos_, pos_ + told.size(), pos_ + told.size());
  }
  const Found found = find_boundary(pos_);
  if (!found.exists()) {
    if (all.size() > kMaxPicturePart) skip_part(buffer_.size());
    return std::nullopt;
  }
  const std::string_view picture = jpeg_of(std::string_view(buffer_).substr(pos_, found.begin - pos_));
  if (picture.empty()) {
    ++malformed_;
    begin_head(found.end);
    return std::nullopt;
  }
  return give(pos_, pos_ + picture.size(), found.begin);
}

std::optional<Part> MultipartReader::next() {
  for (;;) {
    waiting_ = false;
    const State before = state_;
    const std::size_t from = pos_;
    std::optional<Part> part;
    switch (state_) {
      case State::seeking:
        if (!seek()) return std::nullopt;
        break;
      case State::head:
        if (!read_head()) return std::nullopt;
        break;
      case State::text: part = read_text(); break;
      case State::picture: part = read_picture(); break;
    }
    if (part) return part;
    if (state_ == before && pos_ == from) return std::nullopt;
  }
}

std::string write_part(std::string_view boundary, std::string_view body, const PartFormat& format) {
  const bool heartbeat = body == kHeartbeat;
  const long told = static_cast<long>(body.size()) + (heartbeat ? 0 : 2) + format.length_error;
  std::string out = format.space_in_boundary ? "-- " : "--";
  out.append(boundary).append("\r\nContent-Type: text/plain\r\n");
  if (format.length == LengthForm::with_space && !heartbeat) {
    out += "Content-Length: " + std::to_string(told) + "\r\n";
  } else if (format.length != LengthForm::absent) {
    out += "Content-Length:" + std::to_string(told) + "\r\n";
  }
  if (format.blank_line) out += "\r\n";
  return out.append(body) + "\r\n\r\n";
}

std::string write_picture_part(std::string_view boundary, ByteView jpeg) {
  std::string out = "--";
  out.append(boundary).append("\r\nContent-Type: image/jpeg\r\nContent-Length:");
  out += std::to_string(jpeg.size()) + "\r\n\r\n";
  return out.append(as_text(jpeg)) + "\r\n\r\n";
}

}  // namespace dmss::proto::events

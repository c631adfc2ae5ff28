#include "proto/dvrip/text.hpp"

#include <algorithm>
#include <charconv>

namespace dmss::proto::dvrip {
namespace {

std::string one_line(std::string_view text) {
  std::string out(text);
  std::replace_if(out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, '?');
  return out;
}

std::string_view trim_spaces(std::string_view s) {
  const std::size_t first = s.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return s.substr(first, s.find_last_not_of(" \t") - first + 1);
}

Text request(std::int64_t transaction, std::string_view method, std::string_view parameter) {
  Text t;
  t.set("TransactionID", transaction).set("Method", method).set("ParameterName", parameter);
  return t;
}

}  // namespace

Text& Text::set(std::string_view key, std::string_view value) {
  const std::string clean_key = one_line(key);
  for (Pair& p : pairs_) {
    if (p.first == clean_key) {
      p.second = one_line(value);
      return *this;
    }
  }
  pairs_.emplace_back(clean_key, one_line(value));
  return *this;
}

Text& Text::set(std::string_view key, std::int64_t value) {
  return set(key, std::to_string(value));
}

std::optional<std::string_view> Text::get(std::string_view key) const noexcept {
  for (const Pair& p : pairs_) {
    if (p.first == key) return p.second;
  }
  return std::nullopt;
}

std::optional<std::int64_t> Text::number(std::string_view key) const noexcept {
  const auto text = get(key);
  if (!text) return std::nullopt;
  std::int64_t value = 0;
  const auto [end, ec] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (ec != std::errc() || end != text->data() + text->size() || value < 0) return std::nullopt;
  return value;
}

bool Text::is_response() const noexcept {
  return method().ends_with("Response");
}

bool Text::ok() const noexcept {
  const auto fault = get("FaultCode");
  return !fault || *fault == "OK";
}

std::optional<std::uint32_t> Text::connection_id() const noexcept {
  const auto id = number("ConnectionID");
  if (!id || *id > UINT32_MAX) return std::nullopt;
  return static_cast<std::uint32_t>(*id);
}

std::optional<std::uint16_t> Text::port() const noexcept {
  const auto port = number("Port");
  if (!port || *port == 0 || *port > UINT16_MAX) return std::nullopt;
  return static_cast<std::uint16_t>(*port);
}

Result<Text> Text::parse(ByteView body) {
  if (body.size() > kMaxTextSize) return Error(Errc::too_large, "f4 text beyond the limit");
  Text out;
  std::string_view rest = as_text(body);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) break;
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    if (out.pairs_.size() == kMaxTextPairs) return Error(Errc::too_large, "f4 text with too many lines");
    out.pairs_.emplace_back(one_line(trim_spaces(line.substr(0, colon))),
                            one_line(trim_spaces(line.substr(colon + 1))));
  }
  return out;
}

std::string Text::body() const {
  std::string out;
  for (const Pair& p : pairs_) out += p.first + ":" + p.second + "\r\n";
  return out + "\r\n";
}

Bytes write_text(const Text& text, std::uint8_t version) {
  return write_frame(Header(Command::text, version), as_bytes(text.body()));
}

Text add_object(std::int64_t transaction) {
  Text t = request(transaction, "AddObject", kPassive);
  t.set("ConnectProtocol", 0);
  return t;
}

Text delete_object(std::int64_t transaction, std::uint32_t connection) {
  Text t = request(transaction, "DeleteObject", kPassive);
  t.set("ConnectionID", connection);
  return t;
}

Text ack_sub_channel(std::int64_t transaction, std::uint32_t session, std::uint32_t connection) {
  Text t = request(transaction, "GetParameterNames", kAckSubChannel);
  t.set("SessionID", session).set("ConnectionID", connection);
  return t;
}

Text monitor(std::int64_t transaction, int channel, int stream, std::uint32_t connection, bool on) {
  Text t = request(transaction, "GetParameterNames", kMonitor);
  t.set("channel", channel).set("state", on ? 1 : 0).set("ConnectionID", connection).set("stream", stream);
  return t;
}

Text make_reply(const Text& request, std::optional<int> error_reason) {
  Text t;
  t.set("TransactionID", request.get("TransactionID").value_or("0"));
  t.set("Method", std::string(request.method()) + "Response");
  t.set("ParameterName", request.parameter());
  t.set("FaultCode", error_reason ? "Error" : "OK");
  if (error_reason) t.set("ErrorReason", *error_reason);
  return t;
}

}  // namespace dmss::proto::dvrip

#include "recorder/multipart.hpp"

#include <algorithm>

namespace dmss::recorder {
namespace {

namespace rpc = proto::rpc;

constexpr std::string_view kEnd = "\r\n\r\n";  // behind each text
constexpr int kMaxDepth = 32;

void print(const Json& v, std::size_t level, std::string& out) {
  const std::string indent(3 * (level + 1), ' ');
  const auto structured = [](const Json& item) { return item.is_structured(); };
  if (level > kMaxDepth || !v.is_structured() || v.empty()) {
    out += rpc::dump(v);
  } else if (v.is_array() && std::none_of(v.begin(), v.end(), structured)) {
    out += "[ ";
    for (std::size_t i = 0; i < v.size(); ++i) out += (i == 0 ? "" : ", ") + rpc::dump(v[i]);
    out += " ]";
  } else {
    out += v.is_array() ? "[\n" : "{\n";
    std::size_t left = v.size();
    for (const auto& [key, child] : v.items()) {
      out += indent;
      if (v.is_object()) out += rpc::dump(key) + " : ";
      print(child, level + 1, out);
      out += --left > 0 ? ",\n" : "\n";
    }
    out += std::string(3 * level, ' ') + (v.is_array() ? "]" : "}");
  }
}

}  // namespace

std::string styled_json(const Json& value) {
  std::string out;
  print(value, 0, out);
  return out;
}

PartShape part_shape(const Json& f) {
  PartShape s;
  s.headers = static_cast<int>(std::clamp<std::int64_t>(rpc::int_or(f, "headers", 2), 1, 3));
  const std::string length = rpc::text_or(f, "length", "spaced");
  s.length = length == "none"    ? PartShape::Length::none
             : length == "tight" ? PartShape::Length::tight
                                 : PartShape::Length::spaced;
  s.length_off = static_cast<int>(std::clamp<std::int64_t>(rpc::int_or(f, "off", 0), -4096, 4096));
  s.blank_line = !rpc::bool_or(f, "no_blank", false);
  s.boundary_space = rpc::bool_or(f, "boundary_space", false);
  s.response = rpc::bool_or(f, "response", false);
  s.cut = rpc::bool_or(f, "cut", false);
  s.index = !rpc::bool_or(f, "no_index", false);
  s.unknown_pairs = rpc::bool_or(f, "unknown_pairs", false);
  return s;
}

std::string multipart_head() {
  return "HTTP/1.1 200 OK\r\nConnection: close\r\n"
         "Content-Type: multipart/x-mixed-replace; boundary=myboundary\r\n\r\n";
}

std::string multipart_part(std::string_view type, std::string_view body, std::size_t length,
                           const PartShape& s) {
  std::string out;
  if (s.response) out += multipart_head();
  out += s.boundary_space ? "-- myboundary\r\n" : "--myboundary\r\n";
  const bool has_length = s.length != PartShape::Length::none;
  if (s.headers > 1 || !has_length) out += "Content-Type: " + std::string(type) + "\r\n";
  if (s.headers > 2) out += "Cache-Control: no-cache\r\n";
  if (has_length) {
    const std::int64_t told = std::max<std::int64_t>(0, static_cast<std::int64_t>(length) + s.length_off);
    out += (s.length == PartShape::Length::tight ? "Content-Length:" : "Content-Length: ") +
           std::to_string(told) + "\r\n";
  }
  if (s.blank_line) out += "\r\n";
  out += body;
  if (s.cut) out.resize(out.size() / 2);
  return out;
}

std::string event_text(const DeviceEvent& e, const PartShape& s) {
  std::string out = "Code=" + e.code + ";action=" + e.action;
  if (s.index) out += ";index=" + std::to_string(e.index);
  if (s.unknown_pairs) out += ";ts=12345;reason=";
  if (!e.data.is_null()) out += ";data=" + styled_json(e.data);
  return out;
}

std::string event_part(const DeviceEvent& e, const PartShape& s) {
  const std::string text = event_text(e, s);
  // The length told counts the first of the two line ends.
  return multipart_part("text/plain", text + std::string(kEnd), text.size() + 2, s);
}

std::string heartbeat_part(PartShape s) {
  constexpr std::string_view kText = "Heartbeat";
  if (s.length == PartShape::Length::spaced) s.length = PartShape::Length::tight;
  return multipart_part("text/plain", std::string(kText) + std::string(kEnd), kText.size(), s);
}

}  // namespace dmss::recorder

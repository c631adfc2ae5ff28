#include "recorder/table_template.hpp"

#include <algorithm>
#include <charconv>

#include "recorder/stream_setting.hpp"

namespace dmss::recorder {
namespace {

using proto::rpc::member;
using proto::rpc::text_or;

/// The bytes of hex digits; names in GBK cannot stand in JSON.
std::string bytes_of(const std::string& hex) {
  std::string out;
  for (std::size_t i = 0; i + 2 <= hex.size(); i += 2) {
    unsigned byte = 0;
    std::from_chars(hex.data() + i, hex.data() + i + 2, byte, 16);
    out += static_cast<char>(byte);
  }
  return out;
}

Json of_stream(const StreamProfile& s, int channel, std::string_view what) {
  if (what == "width") return s.width;
  if (what == "height") return s.height;
  if (what == "size") return std::to_string(s.width) + "x" + std::to_string(s.height);
  if (what == "resolution") return resolution_name(s.width, s.height);
  if (what == "fps") return s.fps;
  if (what == "gop") return 2 * s.fps;
  if (what == "kbps") return s.kbps;
  if (what == "codec") return encode_name(s.codec(channel));
  return nullptr;
}

Json of_audio(Codec codec, std::string_view what) {
  const bool aac = codec == Codec::aac;
  if (what == "codec") return encode_name(codec);
  if (what == "rate") return aac ? 16000 : 8000;
  if (what == "kbps") return aac ? 32 : 64;
  return nullptr;
}

}  // namespace

void merge(Json& base, const Json& changes) {
  if (!base.is_object() || !changes.is_object()) {
    base = changes;
    return;
  }
  for (const auto& [key, value] : changes.items()) merge(base[key], value);
}

Json Templates::expand(const Json& pattern) {
  nodes_ = 0;
  rows_.clear();
  return make(pattern, 0);
}

Json Templates::expand_row(const Json& pattern, int row) {
  nodes_ = 0;
  rows_.assign(1, row);
  return make(pattern, 0);
}

Json Templates::make(const Json& pattern, int depth) {
  if (depth > kMaxDepth || ++nodes_ > kMaxNodes) return nullptr;
  if (pattern.is_string()) return text(pattern.get_ref<const std::string&>());
  if (pattern.is_array()) {
    Json out = Json::array();
    for (const Json& item : pattern) out.push_back(make(item, depth + 1));
    return out;
  }
  if (!pattern.is_object()) return pattern;
  if (pattern.contains("$bytes")) return bytes_of(text_or(pattern, "$bytes", ""));
  if (pattern.contains("$rows")) return rows(pattern, depth);
  if (pattern.contains("$keys")) return keyed(pattern, depth);
  return object(pattern, depth);
}

std::int64_t Templates::count(const Json& of) const {
  const Json n = of.is_string() && of == "channels" ? Json(profile_.channels) : of;
  return n.is_number_integer() ? std::clamp<std::int64_t>(n.get<std::int64_t>(), 0, kMaxRows) : 0;
}

Json Templates::rows(const Json& pattern, int depth) {
  Json out = Json::array();
  const Json* row = member(pattern, "$row");
  const Json* except = member(pattern, "$except");
  const std::int64_t n = count(pattern["$rows"]);
  rows_.push_back(0);
  for (std::int64_t i = 0; i < n; ++i) {
    rows_.back() = i;
    Json one = row != nullptr ? make(*row, depth + 1) : Json(nullptr);
    const Json* other = except != nullptr ? member(*except, std::to_string(i).c_str()) : nullptr;
    if (other != nullptr) merge(one, make(*other, depth + 1));
    out.push_back(std::move(one));
  }
  rows_.pop_back();
  return out;
}

Json Templates::keyed(const Json& pattern, int depth) {
  Json out = Json::object();
  const Json* value = member(pattern, "$value");
  const std::int64_t n = count(pattern["$keys"]);
  rows_.push_back(0);
  for (std::int64_t i = 0; i < n; ++i) {
    rows_.back() = i;
    const Json key = text(text_or(pattern, "$key", "${i}"));
    out[key.is_string() ? key.get<std::string>() : key.dump()] =
        value != nullptr ? make(*value, depth + 1) : Json(nullptr);
  }
  rows_.pop_back();
  return out;
}

Json Templates::object(const Json& pattern, int depth) {
  Json out = Json::object();
  if (const Json* block = member(profile_.blocks, text_or(pattern, "$use", "").c_str()))
    out = make(*block, depth + 1);
  if (!out.is_object() && pattern.size() == 1) return out;  // a block that is a list
  if (!out.is_object()) out = Json::object();
  for (const auto& [key, value] : pattern.items()) {
    if (key != "$use") merge(out[key], make(value, depth + 1));
  }
  return out;
}

Json Templates::text(const std::string& pattern) const {
  const std::size_t first = pattern.find("${");
  if (first == std::string::npos) return pattern;
  if (first == 0 && pattern.find('}') == pattern.size() - 1)
    return value(std::string_view(pattern).substr(2, pattern.size() - 3));
  std::string out;
  std::size_t at = 0;
  for (std::size_t open = first; open != std::string::npos; open = pattern.find("${", at)) {
    const std::size_t close = pattern.find('}', open);
    if (close == std::string::npos) break;
    out += pattern.substr(at, open - at);
    const Json v = value(std::string_view(pattern).substr(open + 2, close - open - 2));
    out += v.is_string() ? v.get<std::string>() : v.dump();
    at = close + 1;
  }
  return out + pattern.substr(at);
}

Json Templates::value(std::string_view name) const {
  const auto row = [&](std::size_t depth) { return depth < rows_.size() ? rows_[depth] : 0; };
  const int channel = static_cast<int>(row(0)) + 1;
  if (name == "i") return row(0);
  if (name == "n") return row(0) + 1;
  if (name == "j") return row(1);
  if (name == "m") return row(1) + 1;
  if (name == "name") return profile_.channel_name(channel);
  if (name == "channels") return profile_.channels;
  if (name == "serial") return profile_.serial;
  if (name == "type") return profile_.type;
  if (name == "class") return profile_.device_class;
  if (name == "machine") return profile_.name;
  if (name == "lock.on") return profile_.lock_tries > 0;
  if (name == "lock.tries") return profile_.lock_tries;
  if (name == "lock.seconds") return profile_.lock_seconds;
  if (name == "dvrip.max") return profile_.dvrip.max_connections;
  const std::size_t dot = std::min(name.find('.'), name.size());
  const std::string_view group = name.substr(0, dot), what = name.substr(std::min(dot + 1, name.size()));
  if (group == "main") return of_stream(profile_.main, channel, what);
  if (group == "extra") return of_stream(profile_.extra, channel, what);
  if (group == "audio") return of_audio(profile_.audio(channel), what);
  return nullptr;
}

}  // namespace dmss::recorder

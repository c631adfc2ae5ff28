// JSON of the values that fields() names. Regions are rows of '.' and '#', times of the week are written as on the wire.
#pragma once

#include <type_traits>

#include "common/program.hpp"
#include "config/fields.hpp"

namespace config {

using example::Json;

/// The words of an enumeration, in the order of its numbers; one that has no word is its number.
template <class E>
struct Words;
template <>
struct Words<dmss::SmartMotion::Sensitivity> {
  static constexpr const char* list[] = {"low", "middle", "high"};
};
template <>
struct Words<dmss::SensorType> {
  static constexpr const char* list[] = {"normally_closed", "normally_open"};
};
template <>
struct Words<dmss::PirAlarm::Light> {
  static constexpr const char* list[] = {"keep_on", "flash"};
};
template <>
struct Words<dmss::AlarmOutput::Mode> {
  static constexpr const char* list[] = {"automatic", "manual", "close"};
};
template <>
struct Words<dmss::StreamFormat::BitRateControl> {
  static constexpr const char* list[] = {"constant", "variable"};
};
template <>
struct Words<dmss::RecordMode::Mode> {
  static constexpr const char* list[] = {"automatic", "manual", "off"};
};
template <>
struct Words<dmss::ImageOrientation::Rotation> {
  static constexpr const char* list[] = {"none", "clockwise", "counter_clockwise"};
};

Json region_json(const dmss::Region& region);
bool read_region(const Json& json, dmss::Region& region);
Json schedule_json(const dmss::Schedule& schedule);
bool read_schedule(const Json& json, dmss::Schedule& schedule);

struct Writer {
  Json out = Json::object();
  template <class T>
  void operator()(const char* name, T& value);
};

template <class T>
Json to_json(T& value);
inline Json to_json(dmss::Region& r) {
  return region_json(r);
}
inline Json to_json(dmss::Schedule& s) {
  return schedule_json(s);
}
template <class T>
Json to_json(std::vector<T>& list) {
  Json out = Json::array();
  for (T& one : list) out.push_back(to_json(one));
  return out;
}
template <class T>
Json to_json(std::optional<T>& value) {
  return value ? to_json(*value) : Json();
}
template <class T>
Json to_json(T& value) {
  if constexpr (std::is_enum_v<T>) {
    const auto number = static_cast<std::size_t>(value);
    return number < std::size(Words<T>::list) ? Json(Words<T>::list[number]) : Json(static_cast<int>(value));
  } else if constexpr (std::is_arithmetic_v<T> || std::is_same_v<T, std::string>) {
    return value;
  } else {
    Writer writer;
    fields(writer, value);
    return std::move(writer.out);
  }
}

template <class T>
void Writer::operator()(const char* name, T& value) {
  out[name] = to_json(value);
}

/// `wrong` is the path of the first member that could not be taken.
struct Reader {
  const Json& in;
  std::string path;
  std::string wrong;
  template <class T>
  void operator()(const char* name, T& value);
};

inline bool from_json(const Json& json, dmss::Region& r, Reader&) {
  return read_region(json, r);
}
inline bool from_json(const Json& json, dmss::Schedule& s, Reader&) {
  return read_schedule(json, s);
}
template <class T>
bool from_json(const Json& json, T& value, Reader& reader);
template <class T>
bool from_json(const Json& json, std::vector<T>& list, Reader& reader) {
  if (!json.is_array()) return false;
  list.resize(json.size());
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (!from_json(json[i], list[i], reader)) return false;
  }
  return true;
}
template <class T>
bool from_json(const Json& json, std::optional<T>& value, Reader& reader) {
  if (json.is_null()) {
    value.reset();
    return true;
  }
  return from_json(json, value.emplace(), reader);
}
template <class T>
bool from_json(const Json& json, T& value, Reader& reader) {
  if constexpr (std::is_enum_v<T>) {
    for (std::size_t i = 0; i < std::size(Words<T>::list); ++i) {
      if (json != Words<T>::list[i]) continue;
      value = static_cast<T>(i);
      return true;
    }
    if (json.is_number_integer()) value = static_cast<T>(json.get<int>());
    return json.is_number_integer();
  } else if constexpr (std::is_same_v<T, bool>) {
    if (json.is_boolean()) value = json.get<bool>();
    return json.is_boolean();
  } else if constexpr (std::is_arithmetic_v<T>) {
    if (json.is_number()) value = json.get<T>();
    return json.is_number();
  } else if constexpr (std::is_same_v<T, std::string>) {
    if (json.is_string()) value = json.get<std::string>();
    return json.is_string();
  } else {
    if (!json.is_object()) return false;
    Reader inner{json, reader.path, {}};
    fields(inner, value);
    reader.wrong = inner.wrong;
    return inner.wrong.empty();
  }
}

template <class T>
void Reader::operator()(const char* name, T& value) {
  const std::string before = path;
  path += (path.empty() ? "" : ".") + std::string(name);
  const bool taken = in.contains(name) && from_json(in[name], value, *this);
  if (!taken && wrong.empty()) wrong = path;
  path = before;
}

}  // namespace config

#include "proto/config/fields.hpp"

#include <charconv>
#include <cmath>
#include <limits>

#include "base/charset.hpp"
#include "proto/cgi/tree.hpp"

namespace dmss::proto::config {
namespace {

template <class T>
std::optional<T> parsed(const std::string& text) {
  T value{};
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (ec != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::optional<std::int64_t> as_int(const Json& leaf) {
  if (leaf.is_boolean()) return leaf.get<bool>() ? 1 : 0;
  if (leaf.is_number_integer() && !leaf.is_number_unsigned()) return leaf.get<std::int64_t>();
  if (leaf.is_string()) {
    if (const auto whole = parsed<std::int64_t>(leaf.get_ref<const std::string&>())) return whole;
  }
  const auto real = as_real(leaf);
  if (!real || !(std::fabs(*real) < 9e15)) return std::nullopt;
  return static_cast<std::int64_t>(*real);
}

std::optional<double> as_real(const Json& leaf) {
  if (leaf.is_number()) return leaf.get<double>();
  if (!leaf.is_string()) return std::nullopt;
  const auto value = parsed<double>(leaf.get_ref<const std::string&>());
  return value && std::isfinite(*value) ? value : std::nullopt;
}

std::optional<bool> as_flag(const Json& leaf) {
  if (leaf.is_string() && (leaf == "true" || leaf == "false")) return leaf == "true";
  const auto n = as_int(leaf);
  if (!n) return std::nullopt;
  return *n != 0;
}

std::optional<std::string> as_text(const Json& leaf) {
  if (leaf.is_null() || leaf.is_structured()) return std::nullopt;
  return cgi::spell(leaf);
}

const Json* View::find(const char* key) const {
  for (const Json* object : {first_, second_}) {
    if (object == nullptr) continue;
    if (const Json* found = rpc::member(*object, key)) return found;
  }
  return nullptr;
}

bool View::flag(const char* key, bool fallback) const {
  const Json* leaf = find(key);
  return leaf != nullptr ? as_flag(*leaf).value_or(fallback) : fallback;
}

int View::number(const char* key, int fallback) const {
  const Json* leaf = find(key);
  const auto n = leaf != nullptr ? as_int(*leaf) : std::nullopt;
  if (!n || *n < std::numeric_limits<int>::min() || *n > std::numeric_limits<int>::max()) return fallback;
  return static_cast<int>(*n);
}

double View::real(const char* key, double fallback) const {
  const Json* leaf = find(key);
  return leaf != nullptr ? as_real(*leaf).value_or(fallback) : fallback;
}

std::string View::text(const char* key) const {
  const Json* leaf = find(key);
  return leaf != nullptr ? as_text(*leaf).value_or(std::string()) : std::string();
}

void put(Json& leaf, bool value) {
  if (leaf.is_number_float())
    leaf = value ? 1.0 : 0.0;
  else if (leaf.is_number())
    leaf = value ? 1 : 0;
  else if (leaf.is_string())
    leaf = leaf == "0" || leaf == "1" ? (value ? "1" : "0") : (value ? "true" : "false");
  else
    leaf = value;
}

void put(Json& leaf, std::int64_t value) {
  if (leaf.is_string())
    leaf = std::to_string(value);
  else if (leaf.is_number_float())
    leaf = static_cast<double>(value);
  else if (leaf.is_boolean() && (value == 0 || value == 1))
    leaf = value == 1;
  else
    leaf = value;
}

void put(Json& leaf, double value) {
  if (leaf.is_string())
    leaf = cgi::spell(value, leaf.get_ref<const std::string&>());
  else if (leaf.is_number_integer() && value == std::floor(value) && std::fabs(value) < 9e15)
    leaf = static_cast<std::int64_t>(value);
  else
    leaf = value;
}

void put(Json& leaf, const std::string& value) {
  // A leaf that only looked like a number may be one again.
  leaf = leaf.is_string() ? Json(value) : cgi::to_json_leaf(value);
}

Json* Edit::find(const char* key) const {
  for (Json* object : {first_, second_}) {
    if (object == nullptr || !object->is_object()) continue;
    const auto it = object->find(key);
    if (it != object->end()) return &*it;
  }
  return nullptr;
}

Json* Edit::writable(const char* key) const {
  if (failed()) return nullptr;
  Json* leaf = find(key);
  if (leaf == nullptr || leaf->is_null() || leaf->is_structured()) {
    lacks(key);
    return nullptr;
  }
  return leaf;
}

void Edit::flag(const char* key, bool value, bool before) {
  if (value == before) return;
  if (Json* leaf = writable(key)) put(*leaf, value);
}

void Edit::number(const char* key, std::int64_t value, std::int64_t before) {
  if (value == before) return;
  if (Json* leaf = writable(key)) put(*leaf, value);
}

void Edit::real(const char* key, double value, double before) {
  if (value == before) return;
  if (Json* leaf = writable(key)) put(*leaf, value);
}

void Edit::text(const char* key, const std::string& value, const std::string& before) {
  if (value == before) return;
  Json* leaf = writable(key);
  if (leaf == nullptr) return;
  if (!is_utf8(value)) return fail(Error(Errc::invalid_argument, where_ + key + " is not UTF-8"));
  put(*leaf, value);
}

void Edit::lacks(std::string_view key) const {
  fail(Error(Errc::unsupported, "this device's table has no " + where_ + std::string(key)));
}

void Edit::fail(Error error) const {
  if (!failed()) *error_ = std::move(error);
}

const char* spelled(const Json* object, std::initializer_list<const char*> keys) {
  for (const char* key : keys) {
    if (object != nullptr && rpc::member(*object, key) != nullptr) return key;
  }
  return *keys.begin();
}

void Ranges::within(const char* field, std::int64_t value, std::int64_t before, std::int64_t least,
                    std::int64_t most) {
  if (value == before || (value >= least && value <= most)) return;
  fail(field, "is " + std::to_string(value) + ", not within " + std::to_string(least) + " to " +
                  std::to_string(most));
}

void Ranges::not_empty(const char* field, const std::string& value, const std::string& before,
                       std::size_t most) {
  if (value == before) return;
  if (value.empty()) return fail(field, "is empty");
  if (value.size() > most) return fail(field, "is longer than " + std::to_string(most) + " bytes");
  for (char c : value) {
    if (static_cast<unsigned char>(c) < 0x20) return fail(field, "has a control character");
  }
  if (!is_utf8(value)) fail(field, "is not UTF-8");
}

void Ranges::same(const char* field, bool is_same) {
  if (!is_same) fail(field, "is read only");
}

void Ranges::fail(const char* field, const std::string& why) {
  if (!error_) error_ = Error(Errc::invalid_argument, std::string(field) + " " + why);
}

Error no_object(std::string_view table) {
  return Error(Errc::malformed, "the row of table " + std::string(table) + " is no object");
}

}  // namespace dmss::proto::config

// Members of a table's row: lenient to read, and changed only where a value differs, in the type and spelling that stand there.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "proto/rpc/message.hpp"

namespace dmss::proto::config {

using rpc::Json;

std::optional<std::int64_t> as_int(const Json& leaf);
std::optional<double> as_real(const Json& leaf);
std::optional<bool> as_flag(const Json& leaf);
/// Text; numbers and booleans as CGI spells them. nullopt for null, lists and objects.
std::optional<std::string> as_text(const Json& leaf);

/// An object to read from, with a second one for what the first lacks (PIR tables put members in either). Both may be null.
class View {
 public:
  View(const Json* first, const Json* second = nullptr)
      : first_(first), second_(second) {}  // NOLINT: implicit
  View(Json&&) = delete;
  View(const Json& row) : first_(&row) {}  // NOLINT

  const Json* find(const char* key) const;
  View at(const char* key) const { return View(find(key)); }
  bool flag(const char* key, bool fallback) const;
  int number(const char* key, int fallback) const;
  double real(const char* key, double fallback) const;
  std::string text(const char* key) const;

 private:
  const Json* first_;
  const Json* second_ = nullptr;
};

/// The same for writing. Everything after the first error does nothing.
class Edit {
 public:
  /// `where` goes before the member's name in errors ("EventHandler.").
  Edit(Error& error, std::string where, Json* first, Json* second = nullptr)
      : error_(&error), where_(std::move(where)), first_(first), second_(second) {}

  Edit at(const char* key) const { return Edit(*error_, where_ + key + ".", find(key)); }
  Json* find(const char* key) const;

  // Nothing happens when `value` equals `before`. A member that is not there is Errc::unsupported: only what was read is written.
  void flag(const char* key, bool value, bool before);
  void number(const char* key, std::int64_t value, std::int64_t before);
  void real(const char* key, double value, double before);
  void text(const char* key, const std::string& value, const std::string& before);

  void lacks(std::string_view key) const;
  void fail(Error error) const;
  bool failed() const { return static_cast<bool>(*error_); }
  Error& error() const { return *error_; }
  const std::string& where() const { return where_; }

 private:
  Json* writable(const char* key) const;

  Error* error_;
  std::string where_;
  Json* first_;
  Json* second_;
};

// Into a leaf, keeping its type.
void put(Json& leaf, bool value);
void put(Json& leaf, std::int64_t value);
void put(Json& leaf, double value);
void put(Json& leaf, const std::string& value);

/// The first of these keys that the object has; the first of all when it has none.
const char* spelled(const Json* object, std::initializer_list<const char*> keys);

/// Collects the first value outside its range; what stayed as it was is not judged.
class Ranges {
 public:
  void within(const char* field, std::int64_t value, std::int64_t before, std::int64_t least,
              std::int64_t most);
  void not_empty(const char* field, const std::string& value, const std::string& before, std::size_t most);
  void same(const char* field, bool is_same);  ///< of what is read only
  void fail(const char* field, const std::string& why);
  const Error& error() const { return error_; }

 private:
  Error error_;
};

/// malformed, saying what was expected.
Error no_object(std::string_view table);

}  // namespace dmss::proto::config

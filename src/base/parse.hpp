// The answer of every incremental codec: need more bytes, a value with its length, or an error at an offset.
#pragma once

#include <cstddef>
#include <optional>
#include <utility>

#include "dmss/error.hpp"

namespace dmss {

struct ParseError {
  Errc code = Errc::malformed;  // malformed or too_large
  std::size_t offset = 0;       // into the input of this call
  const char* what = "";        // static text
};

template <class T>
class [[nodiscard]] Parsed {
 public:
  static Parsed more(std::size_t at_least = 1) {
    Parsed p;
    p.needed_ = at_least;
    return p;
  }
  static Parsed done(T value, std::size_t consumed) {
    Parsed p;
    p.value_.emplace(std::move(value));
    p.consumed_ = consumed;
    return p;
  }
  static Parsed fail(Errc code, std::size_t offset, const char* what) {
    Parsed p;
    p.error_ = ParseError{code, offset, what};
    return p;
  }

  bool ok() const noexcept { return value_.has_value(); }
  bool need_more() const noexcept { return !value_ && !error_; }
  bool failed() const noexcept { return error_.has_value(); }

  T& value() & { return *value_; }
  const T& value() const& { return *value_; }
  T&& value() && { return std::move(*value_); }
  /// Bytes used by value().
  std::size_t consumed() const noexcept { return consumed_; }
  /// A lower bound of the bytes still missing.
  std::size_t needed() const noexcept { return needed_; }
  const ParseError& error() const { return *error_; }

 private:
  std::optional<T> value_;
  std::optional<ParseError> error_;
  std::size_t consumed_ = 0;
  std::size_t needed_ = 0;
};

}  // namespace dmss
